"""Ask for a file to be read by a process that may come to harm."""

from __future__ import annotations

import os
import pickle
import signal
import socket
import struct
import threading
import weakref
from dataclasses import dataclass
from datetime import date
from typing import Any

from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Text
from matcher.files.guard.inspection import ending_of, faults_outside, plain_name
from matcher.files.guard.limits import MIB, Limits
from matcher.files.guard.running import NOT_THERE, ReadingError, Running
from matcher.files.guard.wire import (
    ENDING,
    NAMES,
    OUT_OF_MEMORY,
    Answer,
    Ending,
    Request,
    load_answer,
    receive,
    send,
)

AT_ONCE = 2
"""Files that are read at the same time; others wait."""

MAX_ANSWER = 256 * MIB
_GRACE_S = 10.0
_PACKED = (".xlsx",)
_OUT_OF_TIME = ("SIGPROF", "SIGXCPU", "SIGALRM")
_SMALLER = Text("内容更少的文件", "a file with less in it")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a child answered, None where it did not, and how it ended, None where untold."""

    answer: Answer | None
    ending: Ending | None

    def faults(self, request: Request) -> tuple[Fault, ...]:
        """Return what is wrong with the file, or why nothing came of it."""
        if self.answer is not None:
            return tuple(self.answer.faults)
        return (_why(self.ending, request).at(file=request.name),)


class ReadingServer:
    """A process from which a reader is forked for each file; safe to use from many threads.

    Starting it takes about as long as importing the readers; a service does so when it starts.
    It needs a system that can fork.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._at_once = threading.BoundedSemaphore(AT_ONCE)
        self._running: Running | None = None

    def __enter__(self) -> ReadingServer:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start the process unless it runs.

        Raises
        ------
        ReadingError
            If it cannot be started.
        """
        with self._lock:
            self._started()

    def stop(self) -> None:
        """End the process, and with it what it still reads."""
        with self._lock:
            if self._running is not None:
                self._running.stop()
            self._running = None

    @property
    def pid(self) -> int | None:
        """The id of the process, None where none was started."""
        return None if self._running is None else self._running.process.pid

    def read(self, request: Request, content: bytes) -> Any:
        """Have a file read in a child.

        Raises
        ------
        InputError
            With every fault found in it; or if it took more memory or time than it may, or the
            child broke off.
        ReadingError
            If the process that reads is not there.
        """
        outcome = self.ask(request, content)
        faults = outcome.faults(request)
        if faults or outcome.answer is None:
            raise InputError(faults)
        return outcome.answer.value

    def ask(self, request: Request, content: bytes) -> Outcome:
        """Return what a child answers and how it ends.

        Raises
        ------
        ReadingError
            If the process that reads is not there.
        """
        with self._at_once:
            for _ in range(2):  # the server itself may have been ended: once more with a new one
                running, outcome = self._ask(request, content)
                if outcome != Outcome(None, None):
                    return outcome
                self._retire(running)
        raise ReadingError(NOT_THERE)

    def _ask(self, request: Request, content: bytes) -> tuple[Running, Outcome]:
        ours, theirs = socket.socketpair()
        with ours:
            with theirs, self._lock:
                running = self._started()
                try:
                    socket.send_fds(running.control, [b"C"], [theirs.fileno()])
                except OSError:
                    return running, Outcome(None, None)
            ours.settimeout(request.allowance.wall_s + _GRACE_S)
            try:
                return running, _talk(ours, request, content)
            except TimeoutError:
                return running, Outcome(None, Ending(_SIGALRM, 0, 0.0))

    def _retire(self, running: Running) -> None:
        """Let go of a process that did not answer, unless another thread has done so."""
        with self._lock:
            if self._running is running:
                running.stop()
                self._running = None

    def _started(self) -> Running:
        """Return the process, started if there is none of this process's own."""
        if self._running is not None and not self._running.is_alive:
            self._running.stop()
            self._running = None
        if self._running is None:
            self._running = Running.start()
            weakref.finalize(self, self._running.stop)  # also when the program ends
        return self._running


def _talk(ours: socket.socket, request: Request, content: bytes) -> Outcome:
    """Send a request and hear what comes back."""
    try:
        send(ours, pickle.dumps(request, pickle.HIGHEST_PROTOCOL))
        ours.sendall(content)
    except (BrokenPipeError, ConnectionResetError):
        pass  # it has ended before; how can still be heard
    answer, ending = None, None
    try:
        while ending is None and (message := receive(ours, MAX_ANSWER)) is not None:
            tag, data = message
            if tag == ENDING:
                ending = Ending.unpack(data)
            else:
                answer = load_answer(data)
    except (ValueError, struct.error, pickle.UnpicklingError):
        return Outcome(None, _BROKEN)  # what it said is no answer
    return Outcome(answer, ending)


_SIGALRM = 14
_BROKEN = Ending(0, 0, 0.0)


def _why(ending: Ending | None, request: Request) -> Fault:
    """Return why there is no answer."""
    allowance, status = request.allowance, 0 if ending is None else ending.status
    ended_by = signal.Signals(os.WTERMSIG(status)).name if os.WIFSIGNALED(status) else None
    if os.WIFEXITED(status) and os.WEXITSTATUS(status) == OUT_OF_MEMORY:
        told = Text(
            "读取这个文件所需的内存超过限度", "reading the file takes more memory than it may"
        )
        return Fault(told, value=f"{allowance.memory_bytes >> 20} MiB", expected=_SMALLER)
    if ended_by in _OUT_OF_TIME:
        told = Text(
            "读取这个文件所需的时间超过限度", "reading the file takes more time than it may"
        )
        return Fault(told, value=f"{allowance.cpu_s:.1f} s", expected=_SMALLER)
    return Fault(Text("读取这个文件的进程中断", "the process that read the file broke off"))


_SERVER = ReadingServer()


def start_reading() -> None:
    """Start the process that reads for this whole program, so that no request waits for it."""
    _SERVER.start()


def stop_reading() -> None:
    """End that process; the next reading starts another."""
    _SERVER.stop()


def read_guarded(
    content: bytes,
    name: str,
    *,
    reader: str = "market",
    limits: Limits | None = None,
    as_of: date | None = None,
    server: ReadingServer | None = None,
) -> Any:
    """Look at a file of a stranger, and read it in a process that may come to harm.

    Parameters
    ----------
    content, name
        Its bytes, and what the sender calls it.
    reader
        One of `matcher.files.guard.readers.READERS`: ``market`` and ``tables`` give
        `MarketFiles`, ``questionnaire`` gives `Answers`, ``document`` plain values.
    as_of
        The day on which a questionnaire comes in.
    server
        Who reads; the one of the whole program unless told otherwise.

    Raises
    ------
    InputError
        With every fault; also where the file costs more than `limits` allow.
    ReadingError
        If no process can be started.
    ValueError
        If there is no such reader, or a questionnaire comes without a day.
    """
    if reader not in NAMES or (reader == "questionnaire") != (as_of is not None):
        raise ValueError(f"no such reader, or a day where none belongs: {reader}")
    request = make_request(content, name, reader, limits or Limits(), as_of)
    return (server or _SERVER).read(request, content)


def make_request(
    content: bytes, name: str, reader: str, limits: Limits, as_of: date | None = None
) -> Request:
    """Return the request to read a file.

    Raises
    ------
    InputError
        If size, ending or first bytes are enough to refuse it.
    """
    faults = faults_outside(content, name, limits)
    if faults:
        raise InputError(faults)
    allowance = limits.allowance(len(content), ending_of(name) in _PACKED)
    options = {} if as_of is None else {"as_of": as_of}
    return Request(reader, plain_name(name), len(content), options, limits, allowance)
