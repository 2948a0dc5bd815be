"""Problem: everything that a timetable has to keep, by ids, checked when it is made."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from typing import Any

from matcher.domain.errors import ProblemError
from matcher.schedule.hall import Pause, Slot, Table
from matcher.schedule.people import Meeting, Participant
from matcher.schedule.rules import Absence, NeverTogether, Precedence
from matcher.schedule.validation import faults_of


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Who is to meet whom, and what hall and day allow.

    A timetable gives meetings a slot and a table each, so that

    - every meeting that must be held has one, and no meeting has two;
    - fixed slots, wishes for a half of the day and absences are kept;
    - nobody holds more meetings in a slot than he has officers;
    - no table holds more meetings in a slot than its capacity, and tables set aside hold the
      meetings of those they are set aside for, which are held nowhere else;
    - precedences and never-togethers are kept;
    - none of a participant's people has more than ``max_run`` meetings in a row;
    - the most idle gaps anybody has are at most ``fairness`` more than the fewest.

    The levels of the objective, each weighed only among timetables equal in those before:

    1. the greatest sum of values of the meetings held;
    2. the fewest idle gaps: for each participant and day, the maximal runs of busy slots less
       one; a gap is counted over the sequence of slots, so a pause between them is none;
    3. if ``fairness`` is None: the least difference between the most and the fewest gaps;
    4. the fewest table changes (see `matcher.schedule.measures`).

    Parameters
    ----------
    slots
        In any order; kept in the order of time.
    pauses
        Tea and lunch; they overlap no slot and end every row of meetings, as nights do.
    max_run
        The most meetings one person has in a row, at least 1; None: no limit.
    fairness
        The greatest difference in idle gaps, at least 0; None: as small as possible.

    Raises
    ------
    ProblemError
        With every fault found.
    """

    participants: tuple[Participant, ...]
    meetings: tuple[Meeting, ...]
    slots: tuple[Slot, ...]
    tables: tuple[Table, ...]
    pauses: tuple[Pause, ...] = ()
    absences: tuple[Absence, ...] = ()
    never_together: tuple[NeverTogether, ...] = ()
    precedences: tuple[Precedence, ...] = ()
    max_run: int | None = None
    fairness: int | None = None

    def __post_init__(self) -> None:
        faults = faults_of(self)
        if faults:
            raise ProblemError(faults)
        object.__setattr__(self, "slots", tuple(sorted(self.slots, key=lambda s: s.start)))

    def replace(self, **changes: Any) -> Problem:
        """Return a problem that differs in the named fields."""
        return replace(self, **changes)

    @cached_property
    def participant(self) -> dict[str, Participant]:
        """Each participant by id."""
        return {p.participant_id: p for p in self.participants}

    @cached_property
    def meeting(self) -> dict[str, Meeting]:
        """Each meeting by id."""
        return {m.meeting_id: m for m in self.meetings}

    @cached_property
    def slot(self) -> dict[str, Slot]:
        """Each slot by id."""
        return {s.slot_id: s for s in self.slots}

    @cached_property
    def table(self) -> dict[str, Table]:
        """Each table by id."""
        return {t.table_id: t for t in self.tables}

    @cached_property
    def days(self) -> tuple[tuple[Slot, ...], ...]:
        """The slots day by day."""
        return tuple(tuple(day) for _, day in groupby(self.slots, key=lambda slot: slot.day))

    @cached_property
    def rows(self) -> tuple[tuple[Slot, ...], ...]:
        """The slots between one pause (or night) and the next: where a row can go on."""
        rows: list[list[Slot]] = []
        for day in self.days:
            for index, slot in enumerate(day):
                if index == 0 or self._pause_between(day[index - 1], slot):
                    rows.append([])
                rows[-1].append(slot)
        return tuple(map(tuple, rows))

    def _pause_between(self, left: Slot, right: Slot) -> bool:
        return any(left.end <= p.start and p.end <= right.start for p in self.pauses)

    @cached_property
    def meetings_of(self) -> dict[str, tuple[Meeting, ...]]:
        """The meetings of each participant, by id, in the problem's order."""
        found: dict[str, list[Meeting]] = {p.participant_id: [] for p in self.participants}
        for meeting in self.meetings:
            for participant_id in meeting.pair:
                found[participant_id].append(meeting)
        return {participant_id: tuple(own) for participant_id, own in found.items()}

    @cached_property
    def free_tables(self) -> tuple[str, ...]:
        """Ids of the tables that are set aside for nobody."""
        taken = {table_id for p in self.participants for table_id in p.tables}
        return tuple(t.table_id for t in self.tables if t.table_id not in taken)

    def tables_for(self, meeting: Meeting) -> tuple[str, ...]:
        """Return the ids of the tables at which a meeting may be."""
        first, second = (self.participant[p].tables for p in meeting.pair)
        return first or second or self.free_tables

    def max_run_of(self, participant: Participant) -> int | None:
        """Return the most meetings in a row for one of a participant's people."""
        return self.max_run if participant.max_run is None else participant.max_run

    def __repr__(self) -> str:
        return (
            f"Problem({len(self.participants)} participants, {len(self.meetings)} meetings, "
            f"{len(self.slots)} slots, {len(self.tables)} tables)"
        )
