"""The child that reads one file: under limits, without a file or connection of its own."""

from __future__ import annotations

import ctypes
import math
import os
import pickle
import resource
import signal
import socket
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Text
from matcher.files.guard.inspection import faults_inside
from matcher.files.guard.limits import Allowance
from matcher.files.guard.readers import READERS
from matcher.files.guard.wire import OUT_OF_MEMORY, Answer, Request, receive, receive_exactly, send

DONE, BROKE, LEFT = 0, 70, 72
"""Exit codes: answered; an error that nobody expected; nobody asks any more."""

MAX_FAULTS = 1000
MAX_VALUE = 200
_MAX_REQUEST = 1 << 20
_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_STATM = Path("/proc/self/statm")
# Looked up before the fork: afterwards no library can be opened.
_PRCTL = getattr(ctypes.CDLL(None), "prctl", None) if sys.platform == "linux" else None


def run(connection: socket.socket, parent: int) -> NoReturn:
    """Answer the one request of a connection and end the process."""
    code = BROKE
    try:
        _die_with(parent)
        code = _answer(connection)
    except MemoryError:
        code = OUT_OF_MEMORY
    except (BrokenPipeError, ConnectionResetError):
        code = LEFT
    finally:
        if code == BROKE:
            _say_where()
        # Nothing of the parent's may run here: neither its handlers at exit nor its buffers.
        os._exit(code)


def _say_where() -> None:
    """Write where an unexpected error came up; not its words, which may be a firm's."""
    kind, _, trace = sys.exc_info()
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if kind is not None and trace is not None:
        place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
        os.write(2, f"reading a file: {kind.__name__} at {place}\n".encode())


def _answer(connection: socket.socket) -> int:
    head = receive(connection, _MAX_REQUEST)
    if head is None:
        return LEFT
    request: Request = pickle.loads(head[1])
    limit(request.allowance)
    content = receive_exactly(connection, request.num_bytes)
    if content is None:
        return LEFT
    answer = _read(request, content)
    send(connection, pickle.dumps(answer, pickle.HIGHEST_PROTOCOL))
    return DONE


def _read(request: Request, content: bytes) -> Answer:
    faults = faults_inside(content, request.name, request.limits)
    if faults:
        return Answer(None, _few(faults))
    try:
        return Answer(READERS[request.reader](content, request.name, **request.options), ())
    except InputError as error:
        return Answer(None, _few(error.faults))


def _few(faults: Any) -> tuple[Fault, ...]:
    """Return as many faults as somebody mends, with values of a length that can be shown."""
    shown = tuple(replace(f, value=_short(f.value)) for f in faults[:MAX_FAULTS])
    more = len(faults) - len(shown)
    if more <= 0:
        return shown
    message = Text("还有 {n} 处错误未列出", "{n} more faults are not listed").format(n=more)
    return (*shown, Fault(message, file=shown[0].file))


def _short(value: object) -> object:
    if value is None or isinstance(value, bool | float | Decimal):
        return value
    if isinstance(value, int) and value.bit_length() < 256:
        return value
    text = value if isinstance(value, str) else f"{value!s:.{MAX_VALUE}}"
    return text if len(text) <= MAX_VALUE else f"{text[: MAX_VALUE - 1]}…"


def _die_with(parent: int) -> None:
    """End when the parent ends, however it does."""
    if _PRCTL is not None:
        _PRCTL(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
        _PRCTL(_PR_SET_DUMPABLE, 0, 0, 0, 0)  # what a firm wrote goes into no core file
    if os.getppid() != parent:
        os._exit(LEFT)


def limit(allowance: Allowance) -> None:
    """Put this process under limits that it cannot lift; the kernel enforces them.

    Linux holds all of them; elsewhere memory is limited only as far as the system does so.
    """
    if _STATM.exists():
        pages = int(_STATM.read_text().split()[0])
        _most(resource.RLIMIT_AS, pages * resource.getpagesize() + allowance.memory_bytes)
    _most(resource.RLIMIT_CPU, math.ceil(allowance.cpu_s) + 1)
    for number in (signal.SIGALRM, signal.SIGPROF, signal.SIGXCPU):
        signal.signal(number, signal.SIG_DFL)  # these end the process, whatever it is doing
    signal.setitimer(signal.ITIMER_PROF, allowance.cpu_s)
    signal.setitimer(signal.ITIMER_REAL, allowance.wall_s)
    for kind in (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE):
        _most(kind, 0)
    _most(resource.RLIMIT_NPROC, 0)


def _most(kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    least = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (least, least))
