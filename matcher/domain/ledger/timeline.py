"""How much of a fund is out on each day, kept as the days on which that changes."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import date
from itertools import accumulate

from matcher.domain.ledger.draw import Draw

_LAST = date.max.toordinal()


class Timeline:
    """A step function of the day: from ``days[i]`` on, ``out[i]`` fen are out.

    It grows draw by draw, so that a long list of requests is served in a time that is
    quadratic at worst. Days are ordinals; the calendar's end is no error in between.
    """

    def __init__(self, draws: Iterable[Draw] = ()) -> None:
        changes: dict[int, int] = {}
        for draw in draws:
            for day, change in ((draw.out, draw.amount_fen), (draw.back, -draw.amount_fen)):
                changes[day.toordinal()] = changes.get(day.toordinal(), 0) + change
        self.days = sorted(changes)
        self.out = list(accumulate(changes[day] for day in self.days))

    def copy(self) -> Timeline:
        """Return a timeline that can grow by itself."""
        twin = Timeline()
        twin.days, twin.out = list(self.days), list(self.out)
        return twin

    def add(self, draw: Draw) -> None:
        """Take one more draw in."""
        first = self._cut(draw.out.toordinal())
        end = self._cut(draw.back.toordinal())
        for index in range(first, end):
            self.out[index] += draw.amount_fen

    def most_out(self, day: date, num_days: int) -> int:
        """Return the most that is out on one of so many days, in fen."""
        first = max(self._step_at(day.toordinal()), 0)
        end = bisect_left(self.days, day.toordinal() + num_days)
        return max(self.out[first:end], default=0)

    def first_day(self, from_day: date, num_days: int, most_fen: int) -> date | None:
        """Return the first day with at most so much out on it and the days that follow.

        1. Begin on ``from_day`` and look at the steps one after the other.
        2. Where too much is out, no day up to the end of that step will do: begin there.
        3. Stop at the first step that lies behind the days looked for.

        None where the calendar ends before the money would be back. ``most_fen`` is 0 or more,
        so that the last step, on which nothing is out, always will do.
        """
        start = from_day.toordinal()
        for index in range(max(self._step_at(start), 0), len(self.days)):
            if self.days[index] >= start + num_days:
                break
            if self.out[index] > most_fen:
                start = max(start, self.days[index + 1])
        return date.fromordinal(start) if start + num_days <= _LAST else None

    def _step_at(self, ordinal: int) -> int:
        """Return the index of the step that a day lies on, −1 before the first."""
        return bisect_right(self.days, ordinal) - 1

    def _cut(self, ordinal: int) -> int:
        """Return the index of the step that begins on a day, made if there was none."""
        index = bisect_left(self.days, ordinal)
        if index == len(self.days) or self.days[index] != ordinal:
            self.days.insert(index, ordinal)
            self.out.insert(index, self.out[index - 1] if index else 0)
        return index
