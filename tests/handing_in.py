"""Questionnaires for tests: one that a firm has handed in, and the plan that it comes into."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlmodel import func, select

from matcher.domain.actor import Actor
from matcher.domain.run import PLAN, RunState
from matcher.files.plan_json import plan_bytes
from matcher.planning.effort import Effort
from matcher.scoring.weights import default_weights
from matcher.services.intake_online import HandedIn, hand_in
from matcher.services.planning import market_bytes, plan_round
from matcher.services.plans.drafting import check, draft
from matcher.services.plans.publishing import propose, publish
from matcher.services.plans.rounds import RoundAsked, open_round
from matcher.services.records import market_records
from matcher.services.rounds import make_round
from matcher.store import Database, blobs
from matcher.store.tables import RunRow
from tests.service import NOW, People

FORM: dict[str, Any] = {
    "enterprise": {"name": "示例求助企业(滨江)"},
    "need": {
        "amount_fen": 80_000_000,
        "needed_by": "2026-06-30",
        "term_months": 12,
        "purpose": "working_capital",
        "instruments": ["loan"],
    },
    "consent": "all",
}


def handed_in(
    database: Database, actor: Actor, form: dict[str, Any] = FORM, now: datetime = NOW
) -> HandedIn:
    """Hand a questionnaire in."""
    with database.writing() as session:
        return hand_in(session, actor, form, json.dumps(form, ensure_ascii=False), now)


def publish_live_plan(database: Database, people: People, now: datetime = NOW) -> None:
    """Plan the live market as it stands, of the day, and let the plan out by two people."""
    with database.writing() as session:
        found = make_round(market_records(session), now.date())
        planned = plan_round(found, default_weights(), Effort(method="greedy"))
        content, market = plan_bytes(planned.document), market_bytes(found.market)
        number = session.scalars(select(func.max(RunRow.number))).one() or 0
        summary = {
            "digest": planned.document["digest"],
            "as_of": planned.document["input"]["as_of"],
            "objective": planned.document["objective"],
        }
        run = RunRow(
            kind=PLAN,
            state=RunState.DONE,
            number=number + 1,
            account_id=people.organiser.actor.account_id,
            request="{}",
            input_sha256=blobs.keep(session, market, "application/json", now),
            outcome_sha256=blobs.keep(session, content, "application/json", now),
            summary=json.dumps(summary),
            created_at=now,
            finished_at=now,
        )
        session.add(run)
        session.flush()
        asked = RoundAsked(name="下一轮", as_of=now.date())
        chosen = open_round(session, people.organiser.actor, asked, now)
        plan = draft(session, people.organiser.actor, chosen.id, run.id, now)
        check(session, people.organiser.actor, plan.id, now)
    with database.writing() as session:
        propose(session, people.organiser.actor, plan.id, now)
    with database.writing() as session:
        publish(session, people.admin.actor, plan.id, now)
