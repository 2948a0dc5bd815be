"""A timetable as a grid: slots down, tables across, a card for each meeting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from matcher.domain.moments import CHINA
from matcher.domain.text import Text
from matcher.domain.timetable_state import TimetableState
from matcher.files.agenda import Agenda
from matcher.files.agenda_shortage import shortage
from matcher.schedule import Meeting, Slot, has_begun

STATE_KINDS = {
    TimetableState.ASKED: "info",
    TimetableState.DRAFT: "warn",
    TimetableState.PUBLISHED: "good",
    TimetableState.SUPERSEDED: "plain",
    TimetableState.DISCARDED: "plain",
}


@dataclass(frozen=True, slots=True)
class Card:
    """One meeting.

    Parameters
    ----------
    is_movable
        Whether it has not begun.
    why
        Why it is not held, where that is known.
    """

    meeting_id: str
    firm: Text
    institution: Text
    topics: Text
    is_must: bool
    is_movable: bool
    why: Text | None = None

    @property
    def text(self) -> Text:
        """Who meets."""
        return Text("{f} — {i}", "{f} — {i}").format(f=self.firm, i=self.institution)


@dataclass(frozen=True, slots=True)
class Cell:
    """One table in one slot."""

    table_id: str
    table: Text
    cards: tuple[Card, ...]
    is_closed: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One slot."""

    slot_id: str
    text: Text
    has_begun: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """The hall of a day or several."""

    tables: tuple[Text, ...]
    rows: tuple[Row, ...]
    unplaced: tuple[Card, ...]

    @property
    def cards(self) -> tuple[tuple[str, Text], ...]:
        """All meetings that can still be moved, by id, for a menu."""
        placed = [c for row in self.rows for cell in row.cells for c in cell.cards]
        return tuple(
            (
                card.meeting_id,
                Text("{f} — {i}", "{f} — {i}").format(f=card.firm, i=card.institution),
            )
            for card in (*placed, *self.unplaced)
            if card.is_movable
        )


def grid_of(agenda: Agenda, now: datetime) -> Grid:
    """Return the grid of an agenda as it stands at a moment."""
    problem = agenda.problem
    at: dict[tuple[str, str], list[Card]] = {}
    for placement in agenda.timetable.placements:
        meeting = problem.meeting[placement.meeting_id]
        is_movable = not has_begun(problem.slot[placement.slot_id], now)
        card = _card(agenda, meeting, is_movable)
        at.setdefault((placement.slot_id, placement.table_id), []).append(card)
    several = len(problem.days) > 1
    rows = tuple(
        Row(
            slot.slot_id,
            _time(slot, several),
            has_begun(slot, now),
            tuple(
                Cell(
                    table.table_id,
                    table.text,
                    tuple(at.get((slot.slot_id, table.table_id), ())),
                    slot.slot_id in table.closed,
                )
                for table in problem.tables
            ),
        )
        for slot in problem.slots
    )
    unplaced = tuple(
        _card(agenda, meeting, True, shortage(agenda, meeting)) for meeting in agenda.unplaced
    )
    return Grid(tuple(table.text for table in problem.tables), rows, unplaced)


def _card(agenda: Agenda, meeting: Meeting, is_movable: bool, why: Text | None = None) -> Card:
    people = agenda.problem.participant
    return Card(
        meeting_id=meeting.meeting_id,
        firm=people[meeting.second].text,
        institution=people[meeting.first].text,
        topics=Text.join(list(agenda.talk(meeting.meeting_id).topics), "；", "; "),
        is_must=meeting.must,
        is_movable=is_movable,
        why=why,
    )


def _time(slot: Slot, with_day: bool) -> Text:
    start, end = slot.start.astimezone(CHINA), slot.end.astimezone(CHINA)
    day = f"{start:%m-%d} " if with_day else ""
    return Text.same(f"{day}{start:%H:%M}–{end:%H:%M}")
