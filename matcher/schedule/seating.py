"""Tables after slots: each slot's meetings get tables so that few people change theirs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from matcher.schedule.frame import Frame
from matcher.schedule.measures import table_changes
from matcher.schedule.timetable import Placement, Timetable

_SWEEPS = 6
_MOVING = 1000.0  # more than all the changes that one slot's meetings can save


def seat(
    frame: Frame, slots: Sequence[int | None], keep: Mapping[int, str] | None = None
) -> Timetable:
    """Give tables to meetings whose slots are set (None: not held).

    One slot after the other, each an assignment problem: first with regard to the tables of
    the slot before, then in sweeps with regard to both neighbours, as long as it helps.

    Parameters
    ----------
    keep
        For some meetings, by index, the tables they had; as many as can be stay there.
    """
    seating = _Seating(frame, slots, keep or {})
    best = seating.timetable()
    least = table_changes(frame.problem, best)
    for _ in range(_SWEEPS):
        seating.sweep()
        found = seating.timetable()
        changes = table_changes(frame.problem, found)
        if changes >= least:
            break
        best, least = found, changes
    return best


def fewest_changes(frame: Frame, slots: Sequence[int | None]) -> int:
    """Return a number of table changes that no seating of these slots goes below.

    Two who come to a meeting from different meetings of one slot come from different tables,
    unless a table holds several meetings: one of them changes. Whoever goes from one set of
    tables to another changes.
    """
    seating = _Seating.bare(frame, slots)
    single = [all(frame.problem.table[i].capacity == 1 for i in ids) for ids in frame.pool_tables]
    total = 0
    for meeting, slot in enumerate(slots):
        if slot is None:
            continue
        last = [
            seating.last_of(person, slot) for person in frame.pairs[meeting]
            if frame.officers[person] == 1
        ]  # fmt: skip
        came = [m for m in last if m is not None]
        moved = sum(frame.pool[m] != frame.pool[meeting] for m in came)
        met_apart = (
            len(came) == 2
            and came[0] != came[1]
            and slots[came[0]] == slots[came[1]]
            and single[frame.pool[meeting]]
        )
        total += moved or met_apart
    return total


class _Seating:
    def __init__(self, frame: Frame, slots: Sequence[int | None], keep: Mapping[int, str]) -> None:
        self._prepare(frame, slots)
        self._keep = keep
        self._pass(look_ahead=False)

    @classmethod
    def bare(cls, frame: Frame, slots: Sequence[int | None]) -> _Seating:
        """Make one without tables, to ask who comes from where."""
        seating = cls.__new__(cls)
        seating._prepare(frame, slots)
        return seating

    def _prepare(self, frame: Frame, slots: Sequence[int | None]) -> None:
        self._frame, self._slots = frame, slots
        self._table: dict[int, str] = {}
        self._busy: list[dict[int, list[int]]] = [{} for _ in frame.own]
        for meeting, slot in enumerate(slots):
            if slot is not None:
                for person in frame.pairs[meeting]:
                    self._busy[person].setdefault(slot, []).append(meeting)
        self._order = [sorted(busy) for busy in self._busy]

    def last_of(self, person: int, slot: int) -> int | None:
        """Return the meeting that somebody with one officer comes from."""
        before = self._neighbours(person, slot)[0]
        return before[0] if before else None

    def sweep(self) -> None:
        """Seat every slot again with regard to the slots before and after."""
        self._pass(look_ahead=True)

    def timetable(self) -> Timetable:
        problem = self._frame.problem
        rows = sorted((self._slots[m], m, table) for m, table in self._table.items())
        return Timetable(
            tuple(
                Placement(problem.meetings[m].meeting_id, problem.slots[t or 0].slot_id, table)
                for t, m, table in rows
            )
        )

    def _neighbours(self, person: int, slot: int) -> tuple[list[int], list[int]]:
        order = self._order[person]
        place = order.index(slot)
        busy = self._busy[person]
        before = busy[order[place - 1]] if place else []
        after = busy[order[place + 1]] if place + 1 < len(order) else []
        return before, after

    def _pass(self, *, look_ahead: bool) -> None:
        for slot in range(self._frame.num_slots):
            for pool in range(len(self._frame.pool_tables)):
                held = [
                    m for m, t in enumerate(self._slots)
                    if t == slot and self._frame.pool[m] == pool
                ]  # fmt: skip
                if held:
                    self._seat(slot, pool, held, look_ahead)

    def _seat(self, slot: int, pool: int, held: list[int], look_ahead: bool) -> None:
        problem = self._frame.problem
        slot_id = problem.slots[slot].slot_id
        seats = [
            table_id
            for table_id in self._frame.pool_tables[pool]
            if slot_id not in problem.table[table_id].closed
            for _ in range(problem.table[table_id].capacity)
        ]
        cost = self._costs(slot, held, seats, look_ahead)
        for row, column in zip(*linear_sum_assignment(cost), strict=True):
            self._table[held[row]] = seats[column]

    def _costs(
        self, slot: int, held: list[int], seats: list[str], look_ahead: bool
    ) -> NDArray[np.float64]:
        column = {table_id: i for i, table_id in reversed(list(enumerate(seats)))}
        cost = np.zeros((len(held), len(seats)))
        cost += np.arange(len(seats)) * 1e-6  # of equals the first
        index = np.array([column[table_id] for table_id in seats])
        for row, meeting in enumerate(held):
            if meeting in self._keep:
                cost[row] += _MOVING * np.array([t != self._keep[meeting] for t in seats])
            for person in self._frame.pairs[meeting]:
                before, after = self._neighbours(person, slot)
                for others in (before, after) if look_ahead else (before,):
                    near = {self._table[m] for m in others if m in self._table}
                    if near:
                        stay = [column[t] for t in near if t in column]
                        cost[row] += ~np.isin(index, stay)
        return cost
