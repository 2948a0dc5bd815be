"""A process that is kept alive: started, started again when it dies, ended with its keeper."""

from __future__ import annotations

import logging
import subprocess
from collections.abc import Mapping, Sequence
from threading import Event, Thread
from time import monotonic

logger = logging.getLogger(__name__)

FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 10.0
HEALTHY_SECONDS = 10.0
"""A process that lived for so long is started again at once."""


class Keeper:
    """Keeps a process alive.

    The process is to end when its standard input does: that is how it learns that its keeper is
    gone, however it went.

    Parameters
    ----------
    stop_seconds
        How long a stop waits before it kills.
    """

    def __init__(
        self, command: Sequence[str], environ: Mapping[str, str], stop_seconds: float
    ) -> None:
        self._command = list(command)
        self._environ = dict(environ)
        self._stop_seconds = stop_seconds
        self._is_over = Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = Thread(target=self._keep, name="yinqi-keeper", daemon=True)

    def start(self) -> None:
        """Start the process, and watch over it from now on."""
        self._process = self._started()
        self._thread.start()

    def stop(self) -> None:
        """End the process."""
        self._is_over.set()
        self._thread.join()

    def _keep(self) -> None:
        pause = FIRST_PAUSE_SECONDS
        while self._process is not None:
            begun = monotonic()
            self._wait(self._process)
            if self._is_over.is_set():
                return
            logger.warning("the worker ended with %s", self._process.returncode)
            pause = FIRST_PAUSE_SECONDS if monotonic() - begun > HEALTHY_SECONDS else pause
            if self._is_over.wait(pause):
                return
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
            self._process = self._started()

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        """Wait until it ends, and see to it that it does when that is asked for."""
        while process.poll() is None:
            if self._is_over.wait(0.05):
                _close_input(process)
                try:
                    process.wait(self._stop_seconds)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
        _close_input(process)

    def _started(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(self._command, stdin=subprocess.PIPE, env=self._environ)


def _close_input(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None:
        process.stdin.close()
