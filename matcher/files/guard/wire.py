"""What goes between the process that asks and the one that reads: framed, and only plain values.

A child that a hostile file has taken over may answer anything. So its answer is unpickled with
nothing but the records of this project, words of its vocabularies and plain values: no function
is called but constructors of these.
"""

from __future__ import annotations

import dataclasses
import io
import pickle
import socket
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from matcher.domain.errors import Fault, MatcherError

_LENGTH = struct.Struct("<Q")
_ENDING = struct.Struct("<iqd")
ANSWER, ENDING = b"A", b"E"
OUT_OF_MEMORY = 71
"""The exit code of a child that ran out of memory."""

NAMES = ("market", "tables", "policies", "questionnaire", "document")
"""What a file can be read as; `matcher.files.guard.readers` has the readers."""

_PLAIN = frozenset({
    ("builtins", "frozenset"), ("builtins", "set"), ("decimal", "Decimal"),
    ("datetime", "date"), ("datetime", "datetime"), ("datetime", "time"),
    ("datetime", "timedelta"), ("datetime", "timezone"),
})  # fmt: skip
_OURS = ("matcher.domain.", "matcher.files.")


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be read: by which reader, under which limits, and of what length it is."""

    reader: str
    name: str
    num_bytes: int
    options: dict[str, Any]
    limits: Any
    allowance: Any


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of it: a value or faults."""

    value: Any
    faults: Sequence[Fault]


@dataclass(frozen=True, slots=True)
class Ending:
    """How a child ended.

    Parameters
    ----------
    status
        As `os.waitpid` gives it.
    peak_kib
        The most memory that it held, that of its parent which it shares included.
    cpu_s
        Seconds of processor time.
    """

    status: int
    peak_kib: int
    cpu_s: float

    def pack(self) -> bytes:
        return _ENDING.pack(self.status, self.peak_kib, self.cpu_s)

    @classmethod
    def unpack(cls, data: bytes) -> Ending:
        return cls(*_ENDING.unpack(data))


def send(connection: socket.socket, data: bytes, tag: bytes = ANSWER) -> None:
    """Send bytes with a tag and their length before them."""
    connection.sendall(tag + _LENGTH.pack(len(data)))
    connection.sendall(data)


def receive(connection: socket.socket, most: int) -> tuple[bytes, bytes] | None:
    """Return tag and bytes that were sent, None if the other side ended before.

    Raises
    ------
    ValueError
        If more than ``most`` bytes are announced.
    """
    head = receive_exactly(connection, 1 + _LENGTH.size)
    if head is None:
        return None
    (length,) = _LENGTH.unpack(head[1:])
    if length > most:
        raise ValueError(f"a message of {length} bytes")
    data = receive_exactly(connection, length)
    return None if data is None else (head[:1], data)


def receive_exactly(connection: socket.socket, length: int) -> bytes | None:
    """Return ``length`` bytes, None if the other side ended before."""
    parts: list[bytes] = []
    while length or not parts:
        try:
            part = connection.recv(length, socket.MSG_WAITALL)
        except ConnectionResetError:
            return None
        if not part and length:
            return None
        parts.append(part)
        length -= len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def load_answer(data: bytes) -> Answer:
    """Unpickle an answer.

    Raises
    ------
    pickle.UnpicklingError
        If it holds anything but plain values and records, or is not whole.
    """
    try:
        answer = _Careful(io.BytesIO(data)).load()
    except (ArithmeticError, AttributeError, EOFError, ImportError, LookupError, TypeError,
            ValueError, MatcherError) as error:  # fmt: skip
        raise pickle.UnpicklingError(f"{type(error).__name__}") from None
    if not isinstance(answer, Answer):
        raise pickle.UnpicklingError("no answer")
    return answer


class _Careful(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in _PLAIN:
            return super().find_class(module, name)
        if module.startswith(_OURS) and name.isidentifier():
            found = super().find_class(module, name)
            is_ours = getattr(found, "__module__", None) == module
            if is_ours and isinstance(found, type) and _is_value(found):
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is no plain value")


def _is_value(kind: type) -> bool:
    return dataclasses.is_dataclass(kind) or issubclass(kind, Enum)
