"""Workers for tests: in a thread of the test itself, with a thread that computes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from multiprocessing import Pipe
from threading import Thread

from matcher.services.work.child import Child
from matcher.services.work.computing import Teller, computed
from matcher.services.work.kinds import Kind
from matcher.services.work.messages import Message, Task
from matcher.services.work.registry import KINDS
from matcher.services.work.settings import WorkSettings
from matcher.services.work.worker import Worker
from matcher.store import Database
from matcher.store.types import SHANGHAI

PATIENCE_SECONDS = 30.0
QUICK = WorkSettings(beat_seconds=0.1, lease_seconds=1.0, poll_seconds=0.02, max_queued=100)


class ThreadChild:
    """A child that is a thread: quick to start, and ended when it next tells something."""

    def __init__(self) -> None:
        self._here, self._there = Pipe()

    def send(self, task: Task) -> None:
        """Begin."""

        def work() -> None:
            message = computed(task.compute, task.job, Teller(self._there))
            try:
                self._there.send(message)
            except OSError:
                return

        Thread(target=work, daemon=True).start()

    def receive(self, seconds: float) -> Message | None:
        """Return what it says within a time, None if nothing."""
        return self._here.recv() if self._here.poll(seconds) else None

    def end(self) -> None:
        """Listen no more."""
        self._here.close()


def shanghai_now() -> datetime:
    """Return the time of day."""
    return datetime.now(SHANGHAI)


def make_worker(
    database: Database,
    settings: WorkSettings = QUICK,
    start_child: Callable[[], Child] = ThreadChild,
    kinds: Mapping[str, Kind] = KINDS,
    clock: Callable[[], datetime] = shanghai_now,
) -> Worker:
    """Return a worker."""
    return Worker(database, kinds, settings, start_child, clock)


@contextmanager
def working(worker: Worker) -> Iterator[Worker]:
    """Let a worker work in a thread."""
    thread = Thread(target=worker.work)
    thread.start()
    try:
        yield worker
    finally:
        worker.stop()
        thread.join(PATIENCE_SECONDS)
        assert not thread.is_alive()
