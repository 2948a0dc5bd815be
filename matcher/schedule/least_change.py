"""Least change: the levels of the objective on the day itself."""

from __future__ import annotations

from collections import Counter

from matcher.schedule.answer import Slots
from matcher.schedule.cpsat import CpSat, Found, Terms
from matcher.schedule.encode import Encoding
from matcher.schedule.formula import true_in
from matcher.schedule.problem import Problem
from matcher.schedule.result import Level, LevelName
from matcher.schedule.start import still_allowed
from matcher.schedule.timetable import Timetable


class LeastChange:
    """One search for the timetable that differs least from an earlier one.

    Attributes
    ----------
    levels
        What was reached, in the order of the levels.
    proven
        Whether every level is proved.
    """

    def __init__(self, problem: Problem, encoding: Encoding, timetable: Timetable) -> None:
        self._encoding, self._frame = encoding, encoding.frame
        self._earlier = still_allowed(self._frame, timetable)
        self._must = {m.meeting_id for m in problem.meetings if m.must}
        self._planned = [
            self._frame.meeting_at[p.meeting_id]
            for p in timetable.placements
            if p.meeting_id in self._frame.meeting_at
        ]
        self.levels: list[Level] = []
        self.proven = False

    def run(self, deadline: float, seed: int) -> Slots:
        """Minimise level after level; return the slots found by the deadline."""
        solver = CpSat(self._encoding.formula, seed)
        solver.hint(self._hints())
        slots = self._what_fits()
        stages = self._stages()
        for name, terms in stages:
            found = solver.minimise(terms, deadline)
            if found.model is None:
                break
            model = found.model
            slots = [
                next((t for t, variable in at.items() if true_in(variable, model)), None)
                for at in self._encoding.at
            ]
            self.levels.append(self._level(name, found))
            if not found.proven:
                break
            solver.keep(terms, found.value)
            solver.hint([v if holds else -v for v, holds in enumerate(model) if v])
        self.proven = len(self.levels) == len(stages) and all(v.proven for v in self.levels)
        return slots

    def _stages(self) -> list[tuple[LevelName, Terms]]:
        placed, meetings = self._encoding.placed, self._frame.problem.meetings
        open_ = [m for m, variable in enumerate(placed) if variable]
        planned = set(self._planned)
        musts: Terms = [
            (-placed[m], 1) for m in open_ if m in planned and meetings[m].meeting_id in self._must
        ]
        lost: Terms = [
            (-placed[m], meetings[m].value) for m in open_ if m in planned and meetings[m].value
        ]
        return [
            (LevelName.MUSTS_LOST, musts),
            (LevelName.VALUE_LOST, lost),
            (LevelName.MOVED, self._moved()),
            (LevelName.VALUE, [(-placed[m], meetings[m].value) for m in open_]),
            (LevelName.BREAKS, [(more, 1) for own in self._encoding.gaps for more in own]),
        ]

    def _moved(self) -> Terms:
        """Count the planned meetings that are not in their slot; some no longer can be."""
        stays = [(m, self._earlier[m]) for m in self._planned]
        at = self._encoding.at
        return [(-at[m][t], 1) for m, t in stays if t is not None]

    def _level(self, name: LevelName, found: Found) -> Level:
        value, bound = found.value, found.bound
        if name is LevelName.MOVED:
            cannot_stay = sum(self._earlier[m] is None for m in self._planned)
            return Level(name, value + cannot_stay, bound + cannot_stay)
        if name is LevelName.VALUE:
            total = sum(m.value for m in self._frame.problem.meetings)
            return Level(name, total - value, total - bound)
        return Level(name, value, bound)

    def _hints(self) -> list[int]:
        return [
            variable if self._earlier[meeting] == t else -variable
            for meeting, at in enumerate(self._encoding.at)
            for t, variable in at.items()
        ]

    def _what_fits(self) -> Slots:
        """Keep what still has a table, in case that time does not suffice for any search."""
        room = {
            (pool, t): free
            for pool, capacity in enumerate(self._frame.capacity)
            for t, free in enumerate(capacity)
        }
        taken: Counter[tuple[int, int]] = Counter()
        slots: Slots = [None] * len(self._earlier)
        happened_first = sorted(
            range(len(slots)), key=lambda m: not self._frame.problem.meetings[m].must
        )
        for meeting in happened_first:
            slot = self._earlier[meeting]
            if slot is None:
                continue
            place = (self._frame.pool[meeting], slot)
            if taken[place] < room[place]:
                taken[place] += 1
                slots[meeting] = slot
        return slots
