"""Faults of a request in the words of the project: pydantic's errors in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from matcher.domain.errors import Fault
from matcher.domain.text import Text

MISSING = "missing"
_UNKNOWN = "extra_forbidden"
_SECRETS = ("password", "current", "token")
"""Fields of which nothing is said back."""

_MESSAGES = {
    MISSING: Text("缺少必填项", "required but not given"),
    _UNKNOWN: Text("不认识的项", "unknown key"),
}
_UNUSABLE = Text("取值不可用", "cannot be used")
_WHOLE = Text("整数", "a whole number")
_NUMBER = Text("数", "a number")
_TEXT = Text("文本", "text")
_OBJECT = Text("对象", "an object")
_LIST = Text("列表", "a list")
_EXPECTED = {
    "greater_than": Text("大于 {gt} 的数", "a number above {gt}"),
    "greater_than_equal": Text("不小于 {ge} 的数", "a number of {ge} or more"),
    "less_than_equal": Text("不大于 {le} 的数", "a number of {le} or less"),
    "finite_number": Text("有限的数", "a finite number"),
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_parsing_size": _WHOLE,
    "int_from_float": _WHOLE,
    "number": _NUMBER,
    "string_type": _TEXT,
    "string_too_short": Text("至少 {min_length} 个字符", "at least {min_length} characters"),
    "string_too_long": Text("至多 {max_length} 个字符", "at most {max_length} characters"),
    "list_type": _LIST,
    "tuple_type": _LIST,
    "too_long": Text("至多 {max_length} 项", "at most {max_length} items"),
    "dict_type": _OBJECT,
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "day": Text("日期 YYYY-MM-DD,{first} 至 {last} 年", "a day YYYY-MM-DD, {first} to {last}"),
    "method": Text("{names} 之一", "one of {names}"),
}


def faults_of(errors: Iterable[Mapping[str, Any]], skip: int = 0) -> list[Fault]:
    """Return a fault for each error of a validation.

    Parameters
    ----------
    skip
        How many parts of each place to leave out, such as ``query``.
    """
    return [_fault(error, skip) for error in errors]


def _fault(error: Mapping[str, Any], skip: int) -> Fault:
    kind = error["type"]
    expected = _EXPECTED.get(kind)
    return Fault(
        _MESSAGES.get(kind, _UNUSABLE),
        field=field_path(error["loc"][skip:]),
        value=None if _may_be_secret(error, skip) else error["input"],
        expected=expected and expected.format(**error.get("ctx", {})),
    )


def _may_be_secret(error: Mapping[str, Any], skip: int) -> bool:
    """Tell whether what was found may hold a password: then it is not said back."""
    place, found = error["loc"][skip:], error["input"]
    if error["type"] in (MISSING, _UNKNOWN) or not place:
        return True
    return any(part in _SECRETS for part in place) or isinstance(found, dict)


def field_path(place: Iterable[str | int]) -> str | None:
    """Return a place as a path.

    Examples
    --------
    >>> field_path(("pins", 0, "need_id"))
    'pins[0].need_id'
    """
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place)
    return path.removeprefix(".") or None
