"""What has to be done from time to time, beside the runs: in a thread of its own.

Each chore may be done by several workers at once and twice, for it does no more the second time.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event, Thread
from types import TracebackType

from matcher.domain.errors import MatcherError
from matcher.services.work.computing import frames_of
from matcher.store import Database
from matcher.store.outages import OUTAGES

logger = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
JOIN_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Chore:
    """Something to be done from time to time.

    Parameters
    ----------
    do
        Does it, at the time of day that it is given.
    every
        How long to wait after it was done.
    """

    name: str
    do: Callable[[Database, datetime], object]
    every: timedelta


class Chores:
    """Does chores from its ``with`` on to the end of it, each at the start for the first time."""

    def __init__(
        self, database: Database, chores: Sequence[Chore], clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._chores = chores
        self._clock = clock
        self._due: dict[str, datetime] = {}
        self._stop = Event()
        self._thread = Thread(target=self._work, name="yinqi-chores", daemon=True)

    def __enter__(self) -> Chores:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._thread.join(JOIN_SECONDS)

    def do_due(self) -> None:
        """Do what is due now."""
        for chore in self._chores:
            now = self._clock()
            if not self._stop.is_set() and now >= self._due.get(chore.name, now):
                self._do(chore, now)
                self._due[chore.name] = now + chore.every

    def _work(self) -> None:
        while not self._stop.is_set():
            self.do_due()
            self._stop.wait(LOOK_SECONDS)

    def _do(self, chore: Chore, now: datetime) -> None:
        try:
            chore.do(self._database, now)
        except OUTAGES as error:
            logger.warning(
                "%s: the database does not answer (%s)", chore.name, type(error).__name__
            )
        except MatcherError as error:
            logger.warning("%s: %s", chore.name, type(error).__name__)
        except Exception as error:
            # Whatever breaks here must not keep the other chores from being done. Its message
            # may quote a record.
            logger.error("%s broke\n%s", chore.name, frames_of(error))
