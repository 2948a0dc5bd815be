"""Events with their timetables for cells of the matrix: one hall is planned, and copied."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from sqlmodel import col, select

from matcher.store.tables import (
    AttendanceRow,
    EnterpriseRow,
    EventRow,
    InstitutionRow,
    TimetableRow,
)
from tests.rounds import new_round, publish_run
from tests.service import NOW
from tests.working import make_worker, working

if TYPE_CHECKING:
    from tests.api.matrix.arranging import Asked, Making
    from tests.api.world import World

HALL = """
[event]
organiser = "区金融办"
[[slots]]
start = "14:00"
minutes = 15
number = 4
[[tables]]
number = 3
prefix = "A"
"""
_DRAFTS = ("move_meeting", "publish_timetable", "discard_timetable")


@dataclass(frozen=True, slots=True)
class Hall:
    """A timetable that was made and given out.

    Parameters
    ----------
    event, timetable
        Columns that copies take over.
    meeting
        The id of one meeting.
    """

    event: dict[str, Any]
    timetable: dict[str, Any]
    meeting: str


def plan_hall(world: World) -> Hall:
    """Plan a round of the live market, let it out, and make the timetable of an event."""
    from tests.api.matrix.arranging import run_to_its_end

    with working(make_worker(world.database)):
        run_id = run_to_its_end(world, "/plans", {"json": {}})
        round_row = new_round(world.database, world.people, is_alone=False, as_of=NOW.date())
        publish_run(world.database, world.people, round_row.id, run_id)
        given = {"kind": "matchmaking", "name": "对接会", "day": NOW.date().isoformat()}
        given |= {"description": HALL, "round_id": str(round_row.id)}
        who = world.people.organiser.by_session
        answer = world.client.request("POST", "/events", json=given, headers=who)
        assert answer.status_code == 201, answer.text
        path = f"{answer.headers['Location']}/timetables"
        made = run_to_its_end(world, path, {"json": {}}, end="draft", state="state")
    with world.database.reading() as session:
        event = session.get_one(EventRow, UUID(answer.json()["id"]))
        row = session.get_one(TimetableRow, made)
        meetings = json.loads(row.document)["meetings"]
        return Hall(
            {name: getattr(event, name) for name in ("kind", "name", "day", "round_id")}
            | {"description": event.description, "outcome": event.outcome},
            {"document": row.document, "run_id": row.run_id},
            meetings[0]["meeting"],
        )


def make_event(making: Making) -> UUID:
    """Make an event to which its owner is asked, its timetable out."""
    number, organiser = making.stage.number(), making.stage.world.people.organiser
    row = EventRow(
        id=uuid4(),
        key=f"event-{number}",
        created_by=organiser.actor.account_id,
        created_at=NOW,
        **making.stage.hall.event,
    )
    making.session.add(row)
    making.session.flush()
    making.stage.last["event"] = row.id
    if making.operation != "remove_event":
        make_guest(making)
        making.stage.last["timetable"] = _add_timetable(making, row.id, 1, "published")
    return row.id


def make_guest(making: Making) -> UUID:
    """Ask the owner of the event that was made last to it, a firm where it is of the office."""
    event_id, actor = making.stage.last["event"], making.owner.actor
    if actor.institution_id is not None:
        owner: Any = making.session.get_one(InstitutionRow, actor.institution_id)
    else:
        owner = making.session.get_one(EnterpriseRow, making.enterprise_id)
    query = select(AttendanceRow).where(
        col(AttendanceRow.event_id) == event_id, col(AttendanceRow.participant) == owner.key
    )
    row = making.session.scalars(query).one_or_none() or AttendanceRow(
        id=uuid4(), event_id=event_id, participant=owner.key, name=owner.name, name_en=owner.name
    )
    row.institution_id, row.checked_in_at = actor.institution_id, NOW
    row.enterprise_id = None if actor.institution_id is not None else making.enterprise_id
    making.session.add(row)
    making.session.flush()
    return row.id


def make_timetable(making: Making) -> UUID:
    """Make a timetable of an event of its own, as the operation needs it."""
    event_id = make_event(making)
    if making.operation in _DRAFTS:
        return _add_timetable(making, event_id, 2, "draft")
    return making.stage.last["timetable"]


def _add_timetable(making: Making, event_id: UUID, number: int, state: str) -> UUID:
    row = TimetableRow(
        id=uuid4(),
        event_id=event_id,
        number=number,
        state=state,
        created_by=making.stage.world.people.organiser.actor.account_id,
        created_at=NOW,
        published_at=NOW if state == "published" else None,
        **making.stage.hall.timetable,
    )
    making.session.add(row)
    making.session.flush()
    return row.id


def event_asked(asked: Asked) -> dict[str, Any]:
    """Return an event that was held."""
    return {"kind": "matchmaking", "name": "对接会", "day": NOW.date().isoformat()}


def move_asked(asked: Asked) -> dict[str, Any]:
    """Take one meeting off."""
    return {"meeting": asked.stage.hall.meeting}


def check_in_asked(asked: Asked) -> dict[str, Any]:
    """Return a firm of the market that came."""
    with asked.stage.world.database.reading() as session:
        return {"participant": session.scalars(select(EnterpriseRow.key)).first()}
