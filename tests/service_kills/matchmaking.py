"""The service is killed while a plan goes out or a lead is accepted; sent again, it is done once.

Each request has an ``Idempotency-Key`` and is answered by a copy of this process, which dies at a
point; then it is sent again to a second copy. Whatever the point, the plan is out and the lead
accepted once, one plan of the round is live in between and after, and the record is sound.
"""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache
from uuid import UUID, uuid4

from sqlmodel import Session, func, select

from api import Settings, create_app
from matcher.domain.actor import Role
from matcher.domain.case import CaseAction, CaseStatus
from matcher.domain.plan_state import PlanState
from matcher.domain.run import PLAN, RunState
from matcher.domain.text import Text
from matcher.services.faults import reach
from matcher.services.plans.drafting import check, draft
from matcher.services.plans.publishing import propose, publish
from matcher.services.plans.rounds import RoundAsked, open_round
from matcher.services.record import faults_of_record
from matcher.services.records import replace_market
from matcher.services.work.kinds import Job
from matcher.services.work.plan_computing import compute_plan
from matcher.store import Database, blobs, open_database
from matcher.store.tables import (
    CapacityRow,
    CaseEventRow,
    InstitutionRow,
    LeadRow,
    PlanRow,
    RoundRow,
    RunRow,
)
from tests.api.client import serving
from tests.service import Person, make_person
from tests.service_kills.forking import fork, wait
from tests.service_kills.table import Kill
from tests.service_kills.work import AS_OF, MARKET, PLAN_REQUEST, RECORDS, now

_REACHED = {
    "publish:before-issue": "publish:before-issue",
    "publish:before-commit": "publish:before-commit",
    "publish:after-commit": "write:after-commit",
    "accept:before-commit": "accept:before-commit",
    "accept:after-commit": "write:after-commit",
    "append:before-commit": "append:before-commit",
    "append:after-commit": "write:after-commit",
}
"""Where the process dies, by the point that the table names."""

POINTS = tuple(_REACHED)
LOOK_AT_RECORD_EVERY = 20


class _Silent:
    """Hears how far a plan is, and says nothing."""

    def stage(self, text: Text) -> None:
        """Hear."""

    def share(self, values: Mapping[str, object]) -> None:
        """Hear."""


@cache
def _plan() -> tuple[bytes, str]:
    """Return the plan of the tiny market and its summary."""
    made = compute_plan(Job(uuid4(), PLAN, uuid4(), PLAN_REQUEST, MARKET), _Silent())
    assert made.content is not None
    return made.content, json.dumps(dict(made.summary))


@dataclass(frozen=True, slots=True)
class Stage:
    """What a request is about, and how to see what it did.

    Parameters
    ----------
    who
        Sends it.
    path, headers
        Where it is sent, and what belongs to it.
    subject_id
        The plan that is to go out, or the lead that is to be accepted.
    """

    who: Person
    path: str
    headers: Mapping[str, str]
    round_id: UUID
    subject_id: UUID


class MatchKiller:
    """Kills the service of one database while it writes, one time after the other."""

    def __init__(self, name: str, url: str) -> None:
        self._name = name
        self._url = url
        # Made once, with nothing opened: a copy of this process opens its own database.
        self._app = create_app(Settings(database_url=url), clock=now)
        with closing(open_database(url)) as database, database.writing() as session:
            replace_market(session, RECORDS, AS_OF, now())
            self._organiser = make_person(session, "opener", Role.ORGANISER, now())
            self._second = make_person(session, "second", Role.ADMIN, now())
            self._banks = {
                identity: make_person(
                    session, f"bank-{key}", Role.BANK, now(), institution_id=identity
                )
                for identity, key in session.execute(
                    select(InstitutionRow.id, InstitutionRow.key)
                ).all()
            }

    def kills(self, point: str, number: int) -> Iterator[Kill]:
        """Kill so many times at a point."""
        for turn in range(number):
            yield self._kill(point, turn + 1 == number or turn % LOOK_AT_RECORD_EVERY == 0)

    def _kill(self, point: str, looks_at_record: bool) -> Kill:
        with self._database() as database:
            stage = self._set(database, is_publishing=point.startswith("publish"))
        killed, _ = self._sent(stage, _REACHED[point])
        started = time.monotonic()
        faults = [] if killed == -signal.SIGKILL else [f"it was not killed: {killed}"]
        is_committed = point.endswith("after-commit")
        with self._database() as database:
            faults += _faults(database, stage, is_done=is_committed)
        code, answer = self._sent(stage, None)
        seconds = time.monotonic() - started
        expected = ["200", "true" if is_committed else "false"]
        faults += [] if (code, answer) == (0, expected) else [f"sent again: {code} {answer}"]
        with self._database() as database:
            faults += _faults(database, stage, is_done=True)
            faults += _record_faults(database) if looks_at_record else []
            _end(database, stage)
        return Kill(self._name, point, seconds, tuple(faults))

    @contextmanager
    def _database(self) -> Iterator[Database]:
        with closing(open_database(self._url)) as database:
            yield database

    def _set(self, database: Database, is_publishing: bool) -> Stage:
        """Open a round with a plan that is out, and one more that is to go out."""
        at = now()
        me, other = self._organiser.actor, self._second.actor
        with database.writing() as session:
            chosen = open_round(session, me, RoundAsked(name="kills", as_of=AS_OF), at)
            first = self._proposed(session, chosen.id)
            publish(session, other, first, at)
            lead = session.scalars(select(LeadRow).where(LeadRow.round_id == chosen.id)).first()
            assert lead is not None
            plan = self._proposed(session, chosen.id) if is_publishing else first
        if is_publishing:
            path = f"/rounds/{chosen.id}/plans/{plan}/publish"
            return Stage(self._second, path, {}, chosen.id, plan)
        bank = self._banks[lead.institution_id]
        return Stage(bank, f"/leads/{lead.id}/accept", {"If-Match": '"1"'}, chosen.id, lead.id)

    def _proposed(self, session: Session, round_id: UUID) -> UUID:
        at, me = now(), self._organiser.actor
        content, summary = _plan()
        last = session.scalars(select(func.max(RunRow.number))).one() or 0
        run = RunRow(
            kind=PLAN,
            state=RunState.DONE,
            number=last + 1,
            account_id=me.account_id,
            request=json.dumps(PLAN_REQUEST),
            input_sha256=blobs.keep(session, MARKET, "application/json", at),
            outcome_sha256=blobs.keep(session, content, "application/json", at),
            summary=summary,
            created_at=at,
        )
        session.add(run)
        session.flush()
        plan = draft(session, me, round_id, run.id, at)
        check(session, me, plan.id, at)
        propose(session, me, plan.id, at)
        return plan.id

    def _sent(self, stage: Stage, point: str | None) -> tuple[int, list[str]]:
        """Send the request to a copy of this process; return how that ended and the answer."""
        reader, writer = os.pipe()
        pid = fork(lambda: self._answer(stage, writer), point)
        os.close(writer)
        code = wait(pid)
        with os.fdopen(reader) as stream:
            return code, stream.read().split()

    def _answer(self, stage: Stage, writer: int) -> None:
        key = f"kill-{stage.subject_id}"
        headers = stage.who.by_session | stage.headers | {"Idempotency-Key": key}
        headers |= {"Content-Type": "application/json"}
        with _deadly(), serving(self._app) as client:
            answer = client.request("POST", stage.path, content=b"{}", headers=headers)
            replayed = answer.headers.get("Idempotency-Replayed", "false")
            os.write(writer, f"{answer.status_code} {replayed}".encode())


@contextmanager
def _deadly() -> Iterator[None]:
    """Reach a point when the transaction of a request is through, before it is answered."""
    original = Database.writing

    @contextmanager
    def writing(database: Database) -> Iterator[Session]:
        with original(database) as session:
            yield session
        reach("write:after-commit")

    Database.writing = writing  # type: ignore[method-assign]
    try:
        yield
    finally:
        Database.writing = original  # type: ignore[method-assign]


def _faults(database: Database, stage: Stage, is_done: bool) -> list[str]:
    """Return what is torn, or is not as it has to be before or after the request."""
    with database.reading() as session:
        live = session.scalars(
            select(PlanRow.id).where(
                PlanRow.round_id == stage.round_id, PlanRow.state == PlanState.PUBLISHED
            )
        ).all()
        faults = [] if len(live) == 1 else [f"{len(live)} live plans"]
        if "/plans/" in stage.path:
            is_out = stage.subject_id in live
            return [*faults, *([] if is_out == is_done else [f"the plan is out: {is_out}"])]
        lead = session.get_one(LeadRow, stage.subject_id)
        used = session.scalars(
            select(func.max(CapacityRow.used)).where(CapacityRow.round_id == stage.round_id)
        ).one()
        accepted = _count_accepted(session, stage.subject_id)
        found = (lead.status == CaseStatus.ACCEPTED, used > 0, accepted)
        right = (is_done, is_done, int(is_done))
        return [*faults, *([] if found == right else [f"accepted, used, recorded: {found}"])]


def _count_accepted(session: Session, lead_id: UUID) -> int:
    query = select(CaseEventRow.content).where(CaseEventRow.subject_id == lead_id)
    actions = [json.loads(content)["action"] for content in session.scalars(query)]
    return actions.count(CaseAction.ACCEPT.value)


def _record_faults(database: Database) -> list[str]:
    with database.reading() as session:
        return [str(fault) for fault in faults_of_record(session)]


def _end(database: Database, stage: Stage) -> None:
    """Let nothing of the round be under way, so that the next asks for the same pairs anew."""
    with database.writing() as session:
        leads = select(LeadRow).where(LeadRow.round_id == stage.round_id)
        for lead in session.scalars(leads):
            lead.is_alive = False
            session.add(lead)
        assert session.get(RoundRow, stage.round_id) is not None
