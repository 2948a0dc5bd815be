"""A process for one job: started ahead, given the job, listened to, ended at any moment.

A fresh interpreter and no fork: whatever a job starts (solvers, pools of processes) is of its
own process group and ends with it, and nothing of one job is left for the next. It costs two
seconds of imports, which `Spare` pays while nobody waits for them.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Protocol

from matcher.services.work.messages import Message, Task

SETTINGS_PREFIX = "MATCHER_API_"
"""What the names of the service's settings begin with; see `api.settings`."""

ENGINE = ("matcher.services.work.warm",)
"""Modules with a function ``warm`` that a spare process calls before it has a job."""


class Child(Protocol):
    """A process that computes one job."""

    def send(self, task: Task) -> None:
        """Give it its job; raise `OSError` if it is dead."""

    def receive(self, seconds: float) -> Message | None:
        """Return what it says within a time, None if nothing; raise `EOFError` if it is dead."""

    def end(self) -> None:
        """End it and all that it started, whatever they do."""


class ProcessChild:
    """A `Child` in an interpreter of its own.

    Parameters
    ----------
    preload
        Modules to import, and whose ``warm`` to call, before the job comes.
    """

    def __init__(self, preload: tuple[str, ...] = ()) -> None:
        here, there = socket.socketpair()
        # -P: nothing is imported from the folder that the worker happens to stand in.
        command = [sys.executable, "-P", "-m", "matcher.services.work.computing"]
        self._process = subprocess.Popen(
            [*command, str(there.fileno()), *preload],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=(there.fileno(),),
            start_new_session=True,
            env=_without_secrets(os.environ),
        )
        there.close()
        self._connection = Connection(here.detach())

    def send(self, task: Task) -> None:
        """Give it its job."""
        self._connection.send(task)

    def receive(self, seconds: float) -> Message | None:
        """Return what it says within a time, None if nothing."""
        try:
            if not self._connection.poll(seconds):
                return None
            message: Message = self._connection.recv()
        except OSError:  # a reset is an end as well
            raise EOFError from None
        return message

    def end(self) -> None:
        """End it and all that it started."""
        self._connection.close()
        kill_group(self._process.pid)
        self._process.wait()


def _without_secrets(environ: Mapping[str, str]) -> dict[str, str]:
    """Return an environment for a process that reads what strangers send: without our settings.

    Among them are the address of the database with its password, and the secrets of logins.
    """
    return {name: value for name, value in environ.items() if not name.startswith(SETTINGS_PREFIX)}


def kill_group(pid: int) -> None:
    """Kill a process and its group; it must not have been waited for."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


class Spare:
    """Keeps one process ahead, so that a job need not wait for imports.

    Parameters
    ----------
    start
        Starts a process.
    """

    def __init__(self, start: Callable[[], Child]) -> None:
        self._start = start
        self._ahead: Child | None = None

    def __enter__(self) -> Spare:
        self._ahead = self._start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._ahead is not None:
            self._ahead.end()

    def take(self) -> Child:
        """Return the process that is ahead, or a new one."""
        taken, self._ahead = self._ahead, None
        return self._start() if taken is None else taken

    def refill(self) -> None:
        """Start the next one, if there is none; best when a job is done."""
        if self._ahead is None:
            self._ahead = self._start()
