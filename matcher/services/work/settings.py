"""How runs are worked at: how many, how long, and how soon a dead worker's run is taken up."""

from __future__ import annotations

import math
from dataclasses import dataclass

from matcher.domain.errors import Faults
from matcher.domain.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkSettings:
    """Limits of the queue and of those who work at it.

    Parameters
    ----------
    max_running
        How many runs may be worked at, by all workers together.
    max_queued
        How many may wait; more are refused.
    max_attempts
        How often a run is taken up before it is given up: a run that kills its workers must not
        do so for ever.
    run_limit_seconds
        The longest that a run may compute.
    beat_seconds, lease_seconds
        How often a worker says that it lives, and how long nobody else may take its run after
        it last did. Workers on several machines need clocks that agree to less than the lease;
        where they do not, a run is computed twice and still applied once.
    poll_seconds
        How long an idle worker waits before it looks again.

    Raises
    ------
    InputError
        With every setting that is out of its range.
    """

    max_running: int = 1
    max_queued: int = 8
    max_attempts: int = 3
    run_limit_seconds: float = 3600.0
    beat_seconds: float = 1.0
    lease_seconds: float = 3.0
    poll_seconds: float = 0.2

    def __post_init__(self) -> None:
        faults = Faults()
        for name in ("max_running", "max_queued", "max_attempts"):
            value = getattr(self, name)
            faults.require(value >= 1, name, value, Text("正整数", "a whole number above 0"))
        for name in ("run_limit_seconds", "beat_seconds", "lease_seconds", "poll_seconds"):
            value = getattr(self, name)
            holds = math.isfinite(value) and value > 0
            faults.require(holds, name, value, Text("大于 0 的秒数", "seconds, more than 0"))
        longer = Text("大于心跳间隔的两倍", "more than two beats")
        holds = self.lease_seconds > 2 * self.beat_seconds
        faults.require(holds, "lease_seconds", self.lease_seconds, longer)
        faults.raise_if_any()
