"""By hand: drafts made while time is left, and the best of those that keep every rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import inf
from time import perf_counter, sleep

from matcher.schedule.answer import Limits, Slots
from matcher.schedule.frame import Frame
from matcher.schedule.start import gaps_in

FIRST = 12  # rounds whose outcome hangs on no clock
_NAP = 0.05


@dataclass(frozen=True)
class Sheet:
    """A draft that keeps every rule, and what it comes to."""

    slots: Slots
    gaps: int
    holds_all: bool
    cost: float


class ByHand:
    """Drafts of one problem. The compiled search is loaded only when there is work for it."""

    def __init__(self, frame: Frame, limits: Limits) -> None:
        self._frame, self._limits = frame, limits
        self._drafts: Iterator[tuple[Slots, float]] | None = None
        self.best: Sheet | None = None

    def first_rounds(self) -> None:
        """Make the first drafts; whatever the machine, they are the same if time suffices."""
        for _ in range(FIRST):
            if self._draft() or self.time_is_up():
                return

    def time_is_up(self) -> bool:
        return perf_counter() >= self._limits.deadline

    def work(self, stop: Callable[[], bool], patience: float = 0.0, rounds: float = inf) -> bool:
        """Wait in patience, then make drafts until told to stop or after so many rounds.

        Returns whether one is perfect.
        """
        begin, made = perf_counter() + patience, 0
        while not stop():
            if perf_counter() < begin or made >= rounds:
                sleep(_NAP)
                continue
            if self._draft():
                return True
            made += 1
        return False

    def _draft(self) -> bool:
        """Make one more draft; tell whether it is perfect."""
        if self._drafts is None:
            from matcher.schedule.construct import drafts

            self._drafts = drafts(self._frame, self._limits)
        slots, cost = next(self._drafts, (None, 0.0))
        if slots is None:
            return True
        sheet = self._sheet(slots, cost)
        if sheet is not None and (self.best is None or cost < self.best.cost):
            self.best = sheet
        return cost == 0

    def _sheet(self, slots: Slots, cost: float) -> Sheet | None:
        """Return a draft with its gaps; None if it lacks a must or spreads gaps too far."""
        problem = self._frame.problem
        if any(t is None and m.must for t, m in zip(slots, problem.meetings, strict=True)):
            return None
        gaps = gaps_in(self._frame, slots)
        spread = max(gaps, default=0) - min(gaps, default=0)
        if problem.fairness is not None and spread > problem.fairness:
            return None
        return Sheet(slots, sum(gaps), None not in slots, cost)
