"""Ask for a timetable: a new one, or the rest of the day planned again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from matcher.domain.actor import Actor
from matcher.domain.errors import Fault, Faults
from matcher.domain.run import TIMETABLE
from matcher.domain.text import Text
from matcher.domain.timetable_state import TimetableState
from matcher.schedule import Change, StaysAway
from matcher.schedule.changes import problem_now
from matcher.services.errors import ConflictError
from matcher.services.meetings.attendance import missing_guests
from matcher.services.meetings.changing import change_json
from matcher.services.meetings.describing import sheet_of
from matcher.services.meetings.gathering import gather_leads, with_names
from matcher.services.meetings.reading import agenda_of, live_timetable, number_after
from matcher.services.scheduling import plan_task
from matcher.services.work.queue import Asked, submit
from matcher.services.work.settings import WorkSettings
from matcher.store.repositories.meetings import Events
from matcher.store.tables import EventRow, TimetableRow

MAX_SECONDS = 600.0
_NOTHING = Text("活动没有会场描述，无可编排", "the event has no description to make it of")
_NOT_OUT = Text("尚无已发布的时间表", "no timetable is out")
_NO_CHANGE = Text("没有变动", "nothing changed")


@dataclass(frozen=True, slots=True, kw_only=True)
class TimetableAsked:
    """How a timetable is to be made.

    Parameters
    ----------
    time_limit
        Seconds, above 0 and at most `MAX_SECONDS`.
    fairness
        Instead of the description's, if given.
    """

    time_limit: float = 60.0
    seed: int = 0
    fairness: int | None = None

    def __post_init__(self) -> None:
        faults = Faults()
        holds = 0 < self.time_limit <= MAX_SECONDS
        expected = Text.same(f"0 < … ≤ {MAX_SECONDS:g}")
        faults.require(holds, "time_limit_seconds", self.time_limit, expected)
        faults.not_negative(fairness=self.fairness, seed=self.seed)
        faults.raise_if_any()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplanAsked:
    """What went otherwise.

    Parameters
    ----------
    without_missing
        Whether everybody who is expected and has not checked in is taken to stay away.
    """

    changes: tuple[Change, ...] = ()
    without_missing: bool = False
    time_limit: float = 30.0


def ask_timetable(
    session: Session,
    actor: Actor,
    event_id: UUID,
    asked: TimetableAsked,
    settings: WorkSettings,
    now: datetime,
) -> TimetableRow:
    """Queue a timetable of an event.

    Raises
    ------
    UnknownIdError
        If there is no such event.
    ConflictError
        If nothing is timetabled, or its round has no plan out.
    InputError
        With every fault of the description beside the plan.
    QueueFullError
        If too many runs wait.
    """
    # A process that computes has no database, and imports the engine when it needs it.
    from matcher.services.work.timetable_computing import task_bytes

    event = Events(session, actor).find(event_id, lock=True)
    sheet = sheet_of(event)
    if sheet is None:
        raise ConflictError([Fault(_NOTHING, "description")])
    gathered = gather_leads(session, event)
    task = plan_task(gathered.leads, with_names(session, sheet, gathered.leads), asked.fairness)
    whole = replace(task, left_out=(*task.left_out, *gathered.left_out))
    request = {"is_replan": False, "time_limit": asked.time_limit, "seed": asked.seed}
    return _queued(session, actor, event, request, task_bytes(whole), settings, now)


def ask_replan(
    session: Session,
    actor: Actor,
    event_id: UUID,
    asked: ReplanAsked,
    settings: WorkSettings,
    now: datetime,
) -> TimetableRow:
    """Queue the rest of the day, planned again from the timetable that is out.

    Raises
    ------
    ConflictError
        If no timetable is out.
    InputError
        If nothing changed, or a change names what is not there.
    """
    event = Events(session, actor).find(event_id, lock=True)
    live = live_timetable(session, event_id)
    if live is None:
        raise ConflictError([Fault(_NOT_OUT, "event_id")])
    changes = _changes(session, live, event_id, asked)
    agenda = agenda_of(live)
    problem_now(agenda.problem, agenda.timetable, now, changes)
    request = {
        "is_replan": True,
        "time_limit": asked.time_limit,
        "seed": 0,
        "now": now.isoformat(),
        "changes": [change_json(change) for change in changes],
    }
    content = live.document.encode()
    return _queued(session, actor, event, request, content, settings, now, live.id)


def take_draft(session: Session, timetable_id: str, document: str) -> None:
    """Put what a run made into the timetable that waits for it, if one still does."""
    row = session.get(TimetableRow, UUID(timetable_id), with_for_update=True)
    if row is not None and row.state == TimetableState.ASKED:
        row.state, row.document = TimetableState.DRAFT, document
        session.add(row)
        session.flush()


def _changes(
    session: Session, live: TimetableRow, event_id: UUID, asked: ReplanAsked
) -> Sequence[Change]:
    changes = list(asked.changes)
    if asked.without_missing:
        known = agenda_of(live).problem.participant
        told = {c.participant_id for c in changes if isinstance(c, StaysAway)}
        missing = [guest.participant for guest in missing_guests(session, event_id)]
        changes += [StaysAway(who) for who in missing if who in known and who not in told]
    if not changes:
        raise ConflictError([Fault(_NO_CHANGE, "changes")])
    return changes


def _queued(
    session: Session,
    actor: Actor,
    event: EventRow,
    request: dict[str, Any],
    content: bytes,
    settings: WorkSettings,
    now: datetime,
    based_on: UUID | None = None,
) -> TimetableRow:
    row = TimetableRow(
        event_id=event.id,
        number=number_after(session, event.id),
        state=TimetableState.ASKED,
        based_on=based_on,
        document="{}",
        created_by=actor.account_id,
        created_at=now,
    )
    whole = request | {"timetable_id": str(row.id)}
    run = submit(session, Asked(TIMETABLE, actor.account_id, whole, content), settings, now)
    row.run_id = run.id
    session.add(row)
    session.flush()
    return row
