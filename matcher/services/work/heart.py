"""The heart of a worker: a thread that keeps its lease alive and learns whether to go on."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from threading import Condition, Thread
from time import monotonic
from types import TracebackType
from typing import Any
from uuid import UUID

from matcher.domain.text import Text
from matcher.services.work.queue import Standing, beat
from matcher.services.work.settings import WorkSettings
from matcher.store import Database
from matcher.store.outages import OUTAGES

logger = logging.getLogger(__name__)

NEWS_SECONDS = 0.25
"""How often what a run tells of itself is written, at most."""


class Heart:
    """Beats from its ``with`` on to the end of it.

    Parameters
    ----------
    clock
        The time of day, for leases.
    """

    def __init__(
        self,
        database: Database,
        run_id: UUID,
        worker: str,
        settings: WorkSettings,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._run_id = run_id
        self._worker = worker
        self._settings = settings
        self._clock = clock
        self._changed = Condition()
        self._news: dict[str, str] = {}
        self._is_over = False
        self._standing = Standing.WANTED
        self._held_until = monotonic() + settings.lease_seconds
        self._thread = Thread(target=self._work, name="yinqi-heart", daemon=True)

    def __enter__(self) -> Heart:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._changed:
            self._is_over = True
            self._changed.notify()
        self._thread.join()

    @property
    def standing(self) -> Standing:
        """Whether the run is still wanted and ours, as the last beat found."""
        with self._changed:
            return self._standing

    def tell_stage(self, stage: Text) -> None:
        """Have a stage written with the next beat; what was told of the one before is gone."""
        self._tell(stage=_json({"zh": stage.zh, "en": stage.en}), progress=_json(None))

    def tell_progress(self, values: Mapping[str, Any]) -> None:
        """Have values written with the next beat."""
        self._tell(progress=_json(values))

    def _tell(self, **columns: str) -> None:
        with self._changed:
            self._news |= columns
            self._changed.notify()

    def _work(self) -> None:
        """Beat every `beat_seconds`, and sooner for news, but not more often than they may come."""
        while True:
            last = monotonic()
            with self._changed:
                self._changed.wait_for(
                    lambda: self._is_over or bool(self._news), self._settings.beat_seconds
                )
                pause = last + NEWS_SECONDS - monotonic()
                if self._changed.wait_for(lambda: self._is_over, max(0.0, pause)):
                    return
                news, self._news = self._news, {}
            self._beat(news)

    def _beat(self, news: Mapping[str, str]) -> None:
        begun = monotonic()
        try:
            with self._database.writing() as session:
                arguments = (session, self._run_id, self._worker, self._settings, self._clock())
                found = beat(*arguments, news)
        except OUTAGES as error:
            logger.warning("run %s: no beat (%s)", self._run_id, type(error).__name__)
            if monotonic() < self._held_until:
                return
            found = Standing.LOST
        self._held_until = begun + self._settings.lease_seconds
        with self._changed:
            self._standing = found


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
