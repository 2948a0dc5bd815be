"""JSON that people can read: what belongs together stands on one line, if it is short enough."""

from __future__ import annotations

import json
from typing import Any

_LINE = 96
_PER_LINE = 16


def pretty_json(value: object) -> str:
    """Return a value as JSON, indented; keys keep their order, text is not escaped.

    Raises
    ------
    ValueError
        If it holds a number that JSON does not have.
    """
    return _pretty(value, "")


def _pretty(value: object, indent: str) -> str:
    if isinstance(value, list) and len(value) > _PER_LINE and not _holds_containers(value):
        return _columns(value, indent)
    if isinstance(value, dict | list):
        if not _is_deep(value) and len(flat := _flat(value)) <= _LINE - len(indent):
            return flat
        inner = indent + "  "
        if isinstance(value, dict):
            rows = [f"{inner}{_flat(key)}: {_pretty(v, inner)}" for key, v in value.items()]
            return "{\n" + ",\n".join(rows) + f"\n{indent}}}"
        rows = [inner + _pretty(v, inner) for v in value]
        return "[\n" + ",\n".join(rows) + f"\n{indent}]"
    return _flat(value)


def _columns(values: list[Any], indent: str) -> str:
    starts = range(0, len(values), _PER_LINE)
    rows = [indent + "  " + _flat(values[i : i + _PER_LINE])[1:-1] for i in starts]
    return "[\n" + ",\n".join(rows) + f"\n{indent}]"


def _flat(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _holds_containers(value: dict[str, Any] | list[Any]) -> bool:
    parts = value.values() if isinstance(value, dict) else value
    return any(isinstance(part, dict | list) and part for part in parts)


def _is_deep(value: dict[str, Any] | list[Any]) -> bool:
    parts = list(value.values() if isinstance(value, dict) else value)
    if len(parts) > _PER_LINE:
        return True
    inner = [part for part in parts if isinstance(part, dict | list)]
    return any(_holds_containers(part) or len(part) > _PER_LINE for part in inner)
