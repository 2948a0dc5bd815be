"""Processes for kills: copies of this one, which has everything imported and need not start.

A process is killed as a power cut would: with SIGKILL, by itself, at a named point.
"""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from multiprocessing import Pipe

from matcher.services.faults import VARIABLE
from matcher.services.work.child import kill_group
from matcher.services.work.computing import attend
from matcher.services.work.messages import Message, Task

PATIENCE_SECONDS = 60.0
_END_WITH_PARENT = 1  # PR_SET_PDEATHSIG


def fork(work: Callable[[], None], point: str | None = None) -> int:
    """Start a copy of this process that works and ends.

    Parameters
    ----------
    point
        Where it is to die, if it is.

    Returns
    -------
    int
        Its process id.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid:
        return pid
    code = 1
    # Of Linux: whatever becomes of the one that kills, what it started ends with it.
    ctypes.CDLL(None).prctl(_END_WITH_PARENT, signal.SIGKILL)
    try:
        os.environ[VARIABLE] = point or ""
        work()
        code = 0
    except BaseException:  # a copy of a test must never go on as if it were the test
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def wait(pid: int) -> int:
    """Wait until a process has ended, and return its code; negative for a signal."""
    ends = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < ends:
        found, status = os.waitpid(pid, os.WNOHANG)
        if found:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.01)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    raise TimeoutError(f"process {pid} did not end")


def kill(pid: int) -> None:
    """Kill a process, and wait until it is gone."""
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


class ForkedChild:
    """A child of a worker that is a copy of the worker, in a group of its own."""

    def __init__(self) -> None:
        self._here, there = Pipe()
        self._pid = os.fork()
        if self._pid == 0:
            os.setsid()
            # Connections of the worker's other threads are not this copy's to close.
            gc.disable()
            os.environ[VARIABLE] = ""
            self._here.close()
            try:
                attend(there)
            finally:
                os._exit(0)
        there.close()

    def send(self, task: Task) -> None:
        """Give it its job."""
        self._here.send(task)

    def receive(self, seconds: float) -> Message | None:
        """Return what it says within a time, None if nothing."""
        try:
            return self._here.recv() if self._here.poll(seconds) else None
        except OSError:
            raise EOFError from None

    def end(self) -> None:
        """End it."""
        self._here.close()
        kill_group(self._pid)
        os.waitpid(self._pid, 0)
