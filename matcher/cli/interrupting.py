"""Long work that Ctrl-C ends at once, also while a solver that hears nothing is at it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager, suppress
from threading import Event, Thread
from typing import NoReturn, TypeVar

from matcher.cli.output import Output
from matcher.domain.text import Text

T = TypeVar("T")

CANCELLED = 130
"""The exit code of what Ctrl-C ends, as shells have it: 128 and the number of the signal."""

PATIENCE_S = 1.0
"""How long work that is to end is waited for."""

_LOOK_S = 0.1


class CancelledError(Exception):
    """Ctrl-C was pressed.

    Parameters
    ----------
    thread
        Where the work was done; it may be at it still.
    """

    def __init__(self, thread: Thread) -> None:
        super().__init__("cancelled")
        self.thread = thread


def interruptible(work: Callable[[Callable[[], bool]], T]) -> T:
    """Do work in a thread and wait for it, so that Ctrl-C is heard whatever the work is at.

    Parameters
    ----------
    work
        Given a function that tells whether it is to go on, which it should ask now and then.

    Raises
    ------
    CancelledError
        If Ctrl-C was pressed; see `cancelled_cleanly`.
    """
    ended, future = Event(), Future[T]()

    def run() -> None:
        try:
            future.set_result(work(lambda: not ended.is_set()))
        except BaseException as error:  # whatever it is, whoever waits is told of it
            future.set_exception(error)

    thread = Thread(target=run, name="answering", daemon=True)
    thread.start()
    try:
        while not future.done():
            wait([future], timeout=_LOOK_S)
        return future.result()
    except KeyboardInterrupt:
        ended.set()
        raise CancelledError(thread) from None


@contextmanager
def cancelled_cleanly(output: Output) -> Iterator[None]:
    """Turn Ctrl-C into one sentence and exit code 130; nothing may be written inside."""
    try:
        yield
    except CancelledError as error:
        output.say(Text("已取消，没有写入任何文件", "cancelled; nothing was written"), "yellow")
        _leave(output, error.thread)


def _leave(output: Output, thread: Thread) -> NoReturn:
    with suppress(KeyboardInterrupt):  # pressed again: no more patience
        thread.join(PATIENCE_S)
    if thread.is_alive():
        # HiGHS cannot be stopped, and must not run on while the interpreter is taken down.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(CANCELLED)
    output.leave(CANCELLED)
