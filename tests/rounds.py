"""Rounds with plans for tests: planned once for each process, stored as runs that are done."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime
from functools import cache
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, func, select

import seeds
from matcher.domain.run import PLAN, RunState
from matcher.files.plan_json import plan_bytes
from matcher.planning.effort import Effort
from matcher.planning.encode import Fixings
from matcher.scoring.weights import default_weights
from matcher.services.planning import Asked, market_bytes, plan_round
from matcher.services.plans.drafting import check, draft
from matcher.services.plans.publishing import propose, publish
from matcher.services.plans.rounds import RoundAsked, open_round
from matcher.services.rounds import make_round
from matcher.store import Database, blobs
from matcher.store.tables import LeadRow, PlanRow, RoundRow, RunRow
from tests.service import NOW, People

Pair = tuple[str, str]


@cache
def seed_plan(bans: frozenset[Pair] = frozenset()) -> tuple[bytes, bytes]:
    """Return plan.json and market.json of the seeds."""
    loaded = make_round(seeds.load(), seeds.SEED_DATE)
    asked = Asked(Fixings(bans=bans))
    planned = plan_round(loaded, default_weights(), Effort(method="greedy"), asked)
    return plan_bytes(planned.document), market_bytes(loaded.market)


def done_run(
    session: Session,
    account_id: UUID,
    bans: frozenset[Pair] = frozenset(),
    now: datetime = NOW,
) -> RunRow:
    """Store the plan of the seeds as a run that is done."""
    return store_run(session, account_id, *seed_plan(bans), now)


def store_run(
    session: Session, account_id: UUID, content: bytes, market: bytes, now: datetime = NOW
) -> RunRow:
    """Store a plan and its market as a run that is done."""
    document = json.loads(content)
    last = session.scalars(select(func.max(RunRow.number))).one()
    row = RunRow(
        kind=PLAN,
        state=RunState.DONE,
        number=(last or 0) + 1,
        account_id=account_id,
        request="{}",
        input_sha256=blobs.keep(session, market, "application/json", now),
        outcome_sha256=blobs.keep(session, content, "application/json", now),
        summary=json.dumps(
            {
                "digest": document["digest"],
                "as_of": document["input"]["as_of"],
                **{name: document[name] for name in ("objective", "bound", "gap", "counts")},
            }
        ),
        created_at=now,
        finished_at=now,
    )
    session.add(row)
    session.flush()
    assert hashlib.sha256(content).hexdigest() == row.outcome_sha256
    return row


def new_round(
    database: Database,
    people: People,
    is_open: bool = False,
    now: datetime = NOW,
    is_alone: bool = True,
    as_of: date = seeds.SEED_DATE,
) -> RoundRow:
    """Open a round.

    Parameters
    ----------
    as_of
        Its day; without one, that of the seeds.
    is_alone
        Whether nothing of other rounds is under way any more: what is, is not asked for again.
    """
    with database.writing() as session:
        if is_alone:
            session.execute(update(LeadRow).values(is_alive=False))
        asked = RoundAsked(name="第一轮", as_of=as_of, is_open=is_open)
        return open_round(session, people.organiser.actor, asked, now)


def checked_plan(
    database: Database,
    people: People,
    round_id: UUID,
    bans: frozenset[Pair] = frozenset(),
    now: datetime = NOW,
) -> PlanRow:
    """Draft and check a plan of a round."""
    with database.writing() as session:
        run = done_run(session, people.organiser.actor.account_id, bans, now)
        plan = draft(session, people.organiser.actor, round_id, run.id, now)
        return check(session, people.organiser.actor, plan.id, now)


def published_plan(
    database: Database,
    people: People,
    round_id: UUID,
    bans: frozenset[Pair] = frozenset(),
    now: datetime = NOW,
) -> PlanRow:
    """Let a plan of a round out, by two people."""
    return _publish(database, people, checked_plan(database, people, round_id, bans, now), now)


def publish_run(
    database: Database, people: People, round_id: UUID, run_id: UUID, now: datetime = NOW
) -> PlanRow:
    """Let the plan of a run out, by two people."""
    with database.writing() as session:
        plan = draft(session, people.organiser.actor, round_id, run_id, now)
        check(session, people.organiser.actor, plan.id, now)
    return _publish(database, people, plan, now)


def _publish(database: Database, people: People, plan: PlanRow, now: datetime) -> PlanRow:
    with database.writing() as session:
        propose(session, people.organiser.actor, plan.id, now)
    with database.writing() as session:
        return publish(session, people.admin.actor, plan.id, now)[0]
