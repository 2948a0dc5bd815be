"""Why a run was not taken on or has no outcome, and how that is kept in its row."""

from __future__ import annotations

import json
from typing import Any

from matcher.domain.errors import (
    CheckError,
    Fault,
    InputError,
    MatcherError,
    ProblemError,
    UnknownIdError,
)
from matcher.domain.text import Text

_SHOWN = 200


class QueueFullError(MatcherError):
    """Too many runs wait already."""

    def __init__(self) -> None:
        super().__init__(Text("排队的任务太多，请稍后再试", "too many runs are waiting"))


class RunOverError(MatcherError):
    """What was asked of a run can no longer be done: it is over."""


class RunNotDoneError(MatcherError):
    """What was asked for exists only once the run is done."""


class RunError(MatcherError):
    """A run ended without an outcome for a reason that is not in its input."""


class RunLimitError(RunError):
    """It computed for longer than it may."""


class WorkerLostError(RunError):
    """Its workers died one after the other."""


class BrokenRunError(RunError):
    """Something broke; what it was stands in the worker's log."""

    def __init__(self, faults: Any = None) -> None:
        super().__init__(
            faults
            or Text(
                "服务内部出错，请联系管理员", "an internal error: please tell the administrator"
            )
        )


_CLASSES: dict[str, type[MatcherError]] = {
    kind.__name__: kind
    for kind in (
        InputError,
        ProblemError,
        UnknownIdError,
        CheckError,
        RunLimitError,
        WorkerLostError,
        BrokenRunError,
    )
}


def error_json(error: MatcherError) -> str:
    """Return an error as it is kept: its class and every fault, values as shortened text."""
    kind = next(
        base.__name__
        for base in type(error).__mro__
        if base.__name__ in _CLASSES or base is MatcherError
    )
    name = kind if kind in _CLASSES else BrokenRunError.__name__
    faults = [_fault_json(fault) for fault in error.faults]
    return json.dumps({"error": name, "faults": faults}, ensure_ascii=False)


def error_of(content: str) -> MatcherError:
    """Return the error that was kept."""
    kept = json.loads(content)
    return _CLASSES[kept["error"]]([_fault(entry) for entry in kept["faults"]])


def _fault_json(fault: Fault) -> dict[str, Any]:
    expected = fault.expected
    return {
        "message": _text_json(fault.message),
        "field": fault.field,
        "value": None if fault.value is None else _plain(str(fault.value))[:_SHOWN],
        "expected": None if expected is None else _text_json(expected),
        "file": fault.file,
        "sheet": fault.sheet,
        "row": fault.row,
        "column": fault.column,
    }


def _fault(entry: dict[str, Any]) -> Fault:
    expected = entry.pop("expected")
    return Fault(
        Text(**entry.pop("message")),
        expected=None if expected is None else Text(**expected),
        **entry,
    )


def _text_json(text: Text) -> dict[str, str]:
    return {"zh": _plain(text.zh), "en": _plain(text.en)}


def _plain(text: str) -> str:
    # Neither half a surrogate pair nor a NUL, which PostgreSQL refuses in text.
    return text.encode(errors="replace").decode().replace("\0", "�")
