"""Answer: what a search hands over, slots by index and bounds; Limits: what it is given."""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import perf_counter

from matcher.schedule.frame import Frame
from matcher.schedule.start import Slots, still_allowed
from matcher.schedule.timetable import Timetable

__all__ = ["Answer", "Limits", "Slots"]


@dataclass(frozen=True)
class Limits:
    """Until when (a reading of ``perf_counter``), with which seed, and from where to begin."""

    deadline: float
    seed: int
    warm_start: Timetable | None = None

    def share(self, part: float) -> Limits:
        """Return limits that leave a part of the time."""
        now = perf_counter()
        return replace(self, deadline=now + part * (self.deadline - now))

    def earlier(self, frame: Frame) -> Slots | None:
        """Return the slots of the warm start that a problem still allows."""
        return None if self.warm_start is None else still_allowed(frame, self.warm_start)


@dataclass
class Answer:
    """What is known of a problem.

    Attributes
    ----------
    slots
        A timetable without tables, None if none is known.
    value_bound
        No timetable is worth more; None: this one is worth most.
    breaks_bound, spread_bound
        No timetable of this value, and of this value and as few gaps, has less.
    infeasible
        Whether it is proved that there is none.
    broken
        Whether CaDiCaL could not be run, and CP-SAT did what it could in its place.
    """

    slots: Slots | None = None
    value_bound: int | None = None
    breaks_bound: int = 0
    spread_bound: int = 0
    infeasible: bool = False
    broken: bool = False
