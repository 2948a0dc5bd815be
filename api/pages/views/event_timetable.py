"""What the page of an event shows of one timetable: where it stands, its grid, what is new."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Session

from api.pages.views.events import grid_of
from matcher.domain.errors import MatcherError
from matcher.domain.run import RunState
from matcher.domain.text import Text
from matcher.domain.timetable_state import TimetableState
from matcher.services.meetings.reading import agenda_of, has_document, moves_of, run_of
from matcher.services.runs import running
from matcher.store.tables import TimetableRow


def timetable_values(session: Session, row: TimetableRow | None, now: datetime) -> dict[str, Any]:
    """Return what the template of a timetable needs; of no timetable, nothing of each."""
    if row is None:
        return dict.fromkeys(
            ("shown", "state", "grid", "agenda", "moves", "run_state", "stage", "problems",
             "participants")
        )  # fmt: skip
    run = run_of(session, row)
    error: MatcherError | None = None if run is None else running.problem_of(run)
    agenda = agenda_of(row) if has_document(row) else None
    people = () if agenda is None else agenda.problem.participants
    return {
        "shown": row,
        "state": TimetableState.parse(row.state),
        "agenda": agenda,
        "grid": None if agenda is None else grid_of(agenda, now),
        "participants": [(p.participant_id, p.text) for p in people],
        "moves": [] if agenda is None else _told(session, row),
        "run_state": None if run is None else RunState(run.state),
        "stage": None if run is None else running.stage_of(run),
        "problems": () if error is None else error.faults,
    }


def _told(session: Session, row: TimetableRow) -> list[tuple[Text, list[Text]]]:
    """Return what is new in a timetable, guest by guest."""
    agenda = agenda_of(row)
    found: dict[str, list[Text]] = {}
    for move in moves_of(session, row):
        found.setdefault(move.participant_id, []).append(move.text)
    people = agenda.problem.participant
    return [
        (people[who].text if who in people else Text.same(who), told) for who, told in found.items()
    ]
