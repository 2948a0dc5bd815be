"""Least change: the levels of the objective on the day itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from time import perf_counter

from matcher.schedule.cpsat import CpSat, Found, Terms
from matcher.schedule.encode import Encoding, encode
from matcher.schedule.formula import true_in
from matcher.schedule.frame import Frame
from matcher.schedule.problem import Problem
from matcher.schedule.result import Level, LevelName
from matcher.schedule.start import Slots, gaps_in, still_allowed
from matcher.schedule.timetable import Timetable

_WHOLE = 6_000  # (meeting, slot) pairs: a day that is searched as a whole
_RINGS = 3
_WHOLE_SHARE = 0.4  # of the time goes to the search of a whole day, before the rings


@dataclass(frozen=True)
class LeastChange:
    """What was found: slots, and levels with their bounds as far as they were reached."""

    slots: Slots
    levels: tuple[Level, ...]

    @property
    def proven(self) -> bool:
        return len(self.levels) == len(_ORDER) and all(level.proven for level in self.levels)


_ORDER = (
    LevelName.MUSTS_LOST,
    LevelName.VALUE_LOST,
    LevelName.MOVED,
    LevelName.VALUE,
    LevelName.BREAKS,
)


def least_change(
    problem: Problem, frame: Frame, timetable: Timetable, deadline: float, seed: int
) -> LeastChange:
    """Find the timetable that differs least from an earlier one.

    A large hall is not searched as a whole, nor a smaller one whose search takes too long: at
    first only those who lose a meeting's place have their meetings moved, then, if that does
    not do, those whom they meet as well, and so on. The bounds then are those that counting
    and the search that was broken off give.

    Parameters
    ----------
    problem
        As it was; ``frame`` is that of the problem which is left.
    """
    day = _Day(problem, frame, timetable)
    if sum(map(len, frame.domain)) > _WHOLE:
        return _by_rings(day, deadline, seed)
    now = perf_counter()
    whole = day.search(frame, now + _WHOLE_SHARE * (deadline - now), seed)
    if whole.proven:
        return whole
    best = _by_rings(day, deadline, seed)
    if whole.levels and day.measure(whole.slots) < day.measure(best.slots):
        best = day.as_counted(whole.slots)
    return LeastChange(best.slots, tuple(_with_bounds(best.levels, whole.levels)))


def _with_bounds(levels: Iterable[Level], proved: Sequence[Level]) -> Iterator[Level]:
    """Yield levels with the bounds of another search, as far as those before are equal to it."""
    comparable = True
    for index, level in enumerate(levels):
        if comparable and index < len(proved):
            pick = min if level.name is LevelName.VALUE else max
            level = replace(level, bound=pick(level.bound, proved[index].bound))
            comparable = proved[index].proven and level.value == proved[index].value
        yield level


def _by_rings(day: _Day, deadline: float, seed: int) -> LeastChange:
    fits = day.what_fits()
    best = day.settled(fits, seed)
    free = {m for m in day.planned if fits[m] is None}
    for ring in range(_RINGS):
        if all(level.proven for level in best.levels[:-1]) or perf_counter() >= deadline:
            break
        free = day.with_neighbours(free)
        now = perf_counter()
        until = now + (deadline - now) * (0.4 if ring + 1 < _RINGS else 1.0)
        found = day.search(day.only(free), until, seed, free)
        if len(found.levels) == len(_ORDER) and day.measure(found.slots) <= day.measure(best.slots):
            best = found
    return best


class _Day:
    def __init__(self, problem: Problem, frame: Frame, timetable: Timetable) -> None:
        self._frame = frame
        self._must = {m.meeting_id for m in problem.meetings if m.must}
        self.earlier = still_allowed(frame, timetable)
        self.planned = [
            frame.meeting_at[p.meeting_id]
            for p in timetable.placements
            if p.meeting_id in frame.meeting_at
        ]

    def with_neighbours(self, meetings: set[int]) -> set[int]:
        """Add all meetings of those who are in these."""
        people = {person for m in meetings for person in self._frame.pairs[m]}
        return {m for person in people for m in self._frame.own[person]}

    def only(self, free: set[int]) -> Frame:
        """Return the frame in which all meetings but the free ones are where they were."""
        return self._frame.narrowed(
            [
                slots if m in free else [t for t in (self.earlier[m],) if t is not None]
                for m, slots in enumerate(self._frame.domain)
            ]
        )

    def settled(self, begin: Slots, seed: int) -> LeastChange:
        """Make a timetable by hand from what still fits, with levels as counting proves them."""
        from matcher.schedule.construct import settle

        return self.as_counted(settle(self._frame, self.earlier, begin, seed))

    def as_counted(self, slots: Slots) -> LeastChange:
        """Return slots with what they come to, and the bounds that counting gives."""
        musts, lost, moved, missing = self.measure(slots)
        values = (musts, lost, moved, missing, sum(gaps_in(self._frame, slots)))
        levels = [
            self._level(name, Found(None, value - self._lost_anyway(name), 0), whole=False)
            for name, value in zip(_ORDER, values, strict=True)
        ]
        return LeastChange(slots, tuple(levels))

    def search(
        self, frame: Frame, deadline: float, seed: int, free: set[int] | None = None
    ) -> LeastChange:
        """Minimise level after level.

        If only some meetings are ``free``, the others are held where they were, and the bounds
        of such a part are none of the whole.
        """
        possible = {m for m in self.planned if frame.domain[m]}
        middle = perf_counter() + 0.5 * (deadline - perf_counter())
        found = self._minimise(frame, possible, middle, seed, whole=free is None)
        if found.levels:
            return found
        held = set() if free is None else possible - free
        return self._minimise(frame, held, deadline, seed, whole=free is None)

    def _minimise(
        self, frame: Frame, held: set[int], deadline: float, seed: int, *, whole: bool
    ) -> LeastChange:
        """Minimise the levels in turn, with some meetings held for sure."""
        encoding = encode(frame, hold=held)
        solver = CpSat(encoding.formula, seed)
        solver.hint(
            [
                variable if self.earlier[meeting] == t else -variable
                for meeting, at in enumerate(encoding.at)
                for t, variable in at.items()
            ]
        )
        stages = self._stages(encoding)
        outcomes = solver.minimise_in_turn([terms for _, terms in stages], deadline)
        models = [found.model for found in outcomes if found.model is not None]
        if not models:
            return LeastChange(self.what_fits(), ())
        levels = [
            self._level(name, found, whole=whole)
            for (name, _), found in zip(stages, outcomes, strict=False)
            if found.model is not None
        ]
        slots = [
            next((t for t, variable in at.items() if true_in(variable, models[-1])), None)
            for at in encoding.at
        ]
        return LeastChange(slots, tuple(levels))

    def _stages(self, encoding: Encoding) -> list[tuple[LevelName, Terms]]:
        """Return what to minimise; meetings to which no slot is left are counted apart."""
        meetings, at, placed = self._frame.problem.meetings, encoding.at, encoding.placed
        open_ = [m for m, variable in enumerate(placed) if variable and at[m]]
        planned = set(self.planned) & set(open_)
        musts = [m for m in open_ if m in planned and meetings[m].meeting_id in self._must]
        stays = [(m, self.earlier[m]) for m in self.planned]
        by_level: list[Terms] = [
            [(-placed[m], 1) for m in musts],
            [(-placed[m], meetings[m].value) for m in sorted(planned)],
            [(-at[m][t], 1) for m, t in stays if t is not None],
            [(-placed[m], meetings[m].value) for m in open_],
            [(more, 1) for own in encoding.gaps for more in own],
        ]
        return list(zip(_ORDER, by_level, strict=True))

    def _level(self, name: LevelName, found: Found, *, whole: bool) -> Level:
        anyway = self._lost_anyway(name)
        value, bound = found.value + anyway, (found.bound if whole else 0) + anyway
        if name is LevelName.MOVED:  # of an over-full slot's meetings some leave in any case
            bound = max(
                bound, sum(t is None for t in map(self.what_fits().__getitem__, self.planned))
            )
        if name is LevelName.VALUE:
            total = sum(m.value for m in self._frame.problem.meetings)
            return Level(name, total - value, total - bound)
        return Level(name, value, bound)

    def _lost_anyway(self, name: LevelName) -> int:
        """Return what meetings to which no slot, or not theirs, is left cost in any case."""
        meetings = self._frame.problem.meetings
        nowhere = [m for m, slots in enumerate(self._frame.domain) if not slots]
        planned = set(self.planned)
        return {
            LevelName.MUSTS_LOST: sum(
                m in planned and meetings[m].meeting_id in self._must for m in nowhere
            ),
            LevelName.VALUE_LOST: sum(meetings[m].value for m in nowhere if m in planned),
            LevelName.MOVED: sum(self.earlier[m] is None for m in self.planned),
            LevelName.VALUE: sum(meetings[m].value for m in nowhere),
        }.get(name, 0)

    def measure(self, slots: Slots) -> tuple[int, int, int, int]:
        """Return the first four levels of slots; the least is the best."""
        meetings = self._frame.problem.meetings
        lost = [m for m in self.planned if slots[m] is None]
        return (
            sum(meetings[m].meeting_id in self._must for m in lost),
            sum(meetings[m].value for m in lost),
            sum(slots[m] is None or slots[m] != self.earlier[m] for m in self.planned),
            sum(m.value for m, t in zip(meetings, slots, strict=True) if t is None),
        )

    def what_fits(self) -> Slots:
        """Keep what still has a table, in case that time does not suffice for any search."""
        room = {
            (pool, t): free
            for pool, capacity in enumerate(self._frame.capacity)
            for t, free in enumerate(capacity)
        }
        taken: Counter[tuple[int, int]] = Counter()
        slots: Slots = [None] * len(self.earlier)
        happened_first = sorted(
            range(len(slots)), key=lambda m: not self._frame.problem.meetings[m].must
        )
        for meeting in happened_first:
            slot = self.earlier[meeting]
            if slot is None:
                continue
            place = (self._frame.pool[meeting], slot)
            if taken[place] < room[place]:
                taken[place] += 1
                slots[meeting] = slot
        return slots
