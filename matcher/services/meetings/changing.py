"""What goes otherwise on the day, as values of JSON: `matcher.schedule.Change` there and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from matcher.domain.choices import Choice
from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Text
from matcher.schedule import Cancelled, Change, Late, Leaves, StaysAway, TableBroken


class ChangeKind(Choice):
    """The kinds of changes."""

    LATE = "late", "晚到"
    LEAVES = "leaves", "早退"
    ABSENT = "absent", "不到场"
    TABLE_BROKEN = "table_broken", "桌停用"
    CANCELLED = "cancelled", "取消洽谈"


def change_json(change: Change) -> dict[str, Any]:
    """Return a change as values of JSON."""
    if isinstance(change, Late):
        return _of(ChangeKind.LATE, change.participant_id, change.until)
    if isinstance(change, Leaves):
        return _of(ChangeKind.LEAVES, change.participant_id, change.since)
    if isinstance(change, StaysAway):
        return _of(ChangeKind.ABSENT, change.participant_id, None)
    if isinstance(change, TableBroken):
        return _of(ChangeKind.TABLE_BROKEN, change.table_id, change.until)
    return _of(ChangeKind.CANCELLED, change.meeting_id, None)


def change_of(kind: ChangeKind, who: str, at: datetime | None, field: str = "at") -> Change:
    """Return a change.

    Parameters
    ----------
    at
        Until or since when; not every kind has one.
    field
        What its time is called where it is missing.

    Raises
    ------
    InputError
        If it lacks its time.
    """
    if kind in (ChangeKind.LATE, ChangeKind.LEAVES):
        if at is None:
            expected = Text("时刻，如 2027-06-18T10:00+08:00", "a time: 2027-06-18T10:00+08:00")
            raise InputError([Fault(Text("缺少", "is missing"), field, expected=expected)])
        return Late(who, at) if kind is ChangeKind.LATE else Leaves(who, at)
    if kind is ChangeKind.ABSENT:
        return StaysAway(who)
    return TableBroken(who, at) if kind is ChangeKind.TABLE_BROKEN else Cancelled(who)


def changes_of(entries: Iterable[Mapping[str, Any]]) -> tuple[Change, ...]:
    """Read what `change_json` gave, of several."""
    return tuple(
        change_of(ChangeKind.parse(one["kind"]), one["who"], _moment(one["at"])) for one in entries
    )


def _moment(words: str | None) -> datetime | None:
    return None if words is None else datetime.fromisoformat(words)


def _of(kind: ChangeKind, who: str, at: datetime | None) -> dict[str, Any]:
    return {"kind": kind.value, "who": who, "at": None if at is None else at.isoformat()}
