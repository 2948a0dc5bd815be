"""The other end of `child`: a process that computes one job and tells how far it is.

``python -m matcher.services.work.computing FD`` waits at a socket for a function and its job.
It ends with the process that started it, and takes along all that it started itself.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from importlib import import_module
from multiprocessing.connection import Connection
from typing import Any

from matcher.domain.errors import MatcherError
from matcher.domain.text import Text
from matcher.services.work.kinds import Job, Progress, Result, UnwantedError
from matcher.services.work.messages import Broke, Failed, Finished, Shared, Staged, Task

NICENESS = 10
"""Requests are answered first: whoever reads a page waits for it, a plan can wait."""


class Teller:
    """Tells over a connection how far the work is; implements `Progress`, for all threads."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._turn = threading.Lock()

    def stage(self, text: Text) -> None:
        """Say what begins."""
        self._send(Staged(text))

    def share(self, values: Mapping[str, Any]) -> None:
        """Say how far it is."""
        self._send(Shared(dict(values)))

    def _send(self, message: Staged | Shared) -> None:
        try:
            with self._turn:
                self._connection.send(message)
        except OSError:  # nobody listens any more
            raise UnwantedError from None


def attend(connection: Connection) -> None:
    """Compute the one job that comes over a connection, and send what came of it."""
    try:
        task: Task = connection.recv()
    except EOFError:  # it was a spare one, and is not needed
        return
    _end_with(connection)
    connection.send(computed(task.compute, task.job, Teller(connection)))


def computed(
    compute: Callable[[Job, Progress], Result], job: Job, progress: Progress
) -> Finished | Failed | Broke:
    """Compute, and return what came of it, whatever that is."""
    try:
        return Finished(compute(job, progress))
    except MatcherError as error:
        return Failed(error)
    except Exception as error:
        # The one place here where any error is caught. Its message may quote a record and must
        # not reach a log: the class and the places in the code say where to look.
        return Broke(frames_of(error))


def frames_of(error: BaseException) -> str:
    """Return the class of an error and where it came from, without its message."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    return f"{frames}{type(error).__name__}"


def _end_with(connection: Connection) -> None:
    """End this process and all of its group when the other end of a connection is closed.

    Nothing more is sent over it, so whatever can be read is its end. Numba's kernels and the
    solvers let other threads run, so that this one comes to its turn while they work.
    """
    if os.name != "posix":
        return

    def watch() -> None:
        connection.poll(None)
        os.killpg(0, signal.SIGKILL)

    threading.Thread(target=watch, name="yinqi-watch", daemon=True).start()


def main() -> None:
    """Get ready, then wait for a job."""
    connection = Connection(int(sys.argv[1]))
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    for name in sys.argv[2:]:
        import_module(name).warm()
    attend(connection)


if __name__ == "__main__":
    main()
