"""Frame: a problem's ids as indices, and what each meeting may use; for the solvers only."""

from __future__ import annotations

from copy import copy
from functools import cached_property

from matcher.schedule.problem import Problem


class Frame:
    """One problem by indices.

    Attributes
    ----------
    pairs
        The two participants of each meeting.
    own
        The meetings of each participant.
    officers
        Of each participant, and no more than the tables set aside for it hold.
    pool
        For each meeting, which set of tables it is held at.
    pool_tables
        The table ids of each set.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.slot_at = {slot.slot_id: t for t, slot in enumerate(problem.slots)}
        self.meeting_at = {m.meeting_id: i for i, m in enumerate(problem.meetings)}
        self.person_at = {p.participant_id: i for i, p in enumerate(problem.participants)}
        self.pairs = [(self.person_at[m.first], self.person_at[m.second]) for m in problem.meetings]
        self.own: list[list[int]] = [[] for _ in problem.participants]
        for meeting, pair in enumerate(self.pairs):
            for person in pair:
                self.own[person].append(meeting)
        self.officers = [p.officers for p in problem.participants]
        tables = [problem.tables_for(m) for m in problem.meetings]
        sets = {frozenset(ids): ids for ids in tables}
        self.pool_tables = list(sets.values())
        number = {key: i for i, key in enumerate(sets)}
        self.pool = [number[frozenset(ids)] for ids in tables]

    @property
    def num_slots(self) -> int:
        return len(self.problem.slots)

    @cached_property
    def days(self) -> list[list[int]]:
        """The slots day by day."""
        return [[self.slot_at[s.slot_id] for s in day] for day in self.problem.days]

    @cached_property
    def rows(self) -> list[list[int]]:
        """The slots between one pause or night and the next."""
        return [[self.slot_at[s.slot_id] for s in row] for row in self.problem.rows]

    @cached_property
    def absent(self) -> list[set[int]]:
        """The slots in which each participant is away."""
        away: list[set[int]] = [set() for _ in self.own]
        for absence in self.problem.absences:
            away[self.person_at[absence.participant_id]] |= {
                self.slot_at[slot_id] for slot_id in absence.slots
            }
        return away

    @cached_property
    def domain(self) -> list[list[int]]:
        """The slots that wish, fixed slot, absences and open tables leave to each meeting."""
        return [self._slots_for(meeting) for meeting in range(len(self.pairs))]

    def _slots_for(self, index: int) -> list[int]:
        meeting = self.problem.meetings[index]
        first, second = self.pairs[index]
        return [
            t
            for t, slot in enumerate(self.problem.slots)
            if meeting.slot in (None, slot.slot_id)
            and meeting.wish in (None, slot.session)
            and t not in self.absent[first]
            and t not in self.absent[second]
            and self.capacity[self.pool[index]][t]
        ]

    def narrowed(self, domain: list[list[int]]) -> Frame:
        """Return the same frame with fewer slots for the meetings."""
        frame = copy(self)
        frame.domain = domain
        return frame

    @cached_property
    def capacity(self) -> list[list[int]]:
        """How many meetings each set of tables holds in each slot."""
        table = self.problem.table
        return [
            [
                sum(table[i].capacity for i in ids if slot.slot_id not in table[i].closed)
                for slot in self.problem.slots
            ]
            for ids in self.pool_tables
        ]
