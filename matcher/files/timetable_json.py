"""A timetable as one JSON file that holds all that a change on the day needs.

The same timetable gives the same bytes: the file holds no clock and no running time.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Text
from matcher.files.agenda import Agenda, Off, Talk
from matcher.files.atomic import write_whole
from matcher.files.event_sheet import EventHead
from matcher.files.plan_json import digest_of
from matcher.files.pretty_json import pretty_json
from matcher.schedule import Level, Placement, Problem, Status, Timetable

FORMAT = "yinqi-timetable/1"
MAX_BYTES = 64 * 1024 * 1024
Json = dict[str, Any]


def agenda_document(agenda: Agenda) -> Json:
    """Return an agenda as JSON values: first what people read, then the problem whole."""
    levels = {level.name.value: level for level in agenda.levels}
    breaks = levels.get("breaks")
    content: Json = {
        "format": FORMAT,
        "event": plain_json(agenda.head),
        "stamp": agenda.stamp.isoformat(),
        "status": agenda.status.value,
        "objective": None if breaks is None else breaks.value,
        "bound": None if breaks is None else breaks.bound,
        "levels": plain_json(agenda.levels),
        "meetings": _placed(agenda),
        "unplaced": [m.meeting_id for m in agenda.unplaced],
        "left_out": plain_json(agenda.left_out),
        "off": plain_json(agenda.off),
        "talks": plain_json(dict(agenda.talks)),
        "problem": plain_json(agenda.problem),
    }
    return {"format": FORMAT, "digest": digest_of(content), **content}


def _placed(agenda: Agenda) -> list[Json]:
    problem = agenda.problem
    order = {table.table_id: n for n, table in enumerate(problem.tables)}
    placed = sorted(
        agenda.timetable.placements,
        key=lambda p: (problem.slot[p.slot_id].start, order[p.table_id], p.meeting_id),
    )
    return [
        {
            "meeting": p.meeting_id,
            "first": problem.meeting[p.meeting_id].first,
            "second": problem.meeting[p.meeting_id].second,
            "slot": p.slot_id,
            "start": problem.slot[p.slot_id].start.isoformat(),
            "end": problem.slot[p.slot_id].end.isoformat(),
            "table": p.table_id,
            "value": problem.meeting[p.meeting_id].value,
        }
        for p in placed
    ]


def plain_json(value: Any) -> Any:
    """Return records as JSON values: fields by name, sets in order."""
    if is_dataclass(value):
        return {f.name: plain_json(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: plain_json(item) for key, item in value.items()}
    if isinstance(value, frozenset):
        return [plain_json(item) for item in sorted(value)]
    return [plain_json(item) for item in value] if isinstance(value, tuple) else value


def timetable_bytes(agenda: Agenda) -> bytes:
    """Return the bytes of the file."""
    return (pretty_json(agenda_document(agenda)) + "\n").encode()


def write_timetable(path: Path, agenda: Agenda) -> None:
    """Write the file, whole or not at all.

    Raises
    ------
    InputError
        If the place cannot be written to.
    """
    write_whole(path, timetable_bytes(agenda))


@dataclass(frozen=True)
class _Stored:
    """The part of the file that is read back."""

    event: EventHead
    stamp: datetime
    status: Status
    levels: tuple[Level, ...]
    meetings: tuple[_Row, ...]
    left_out: tuple[Text, ...]
    off: tuple[Off, ...]
    talks: dict[str, Talk]
    problem: Problem


@dataclass(frozen=True)
class _Row:
    meeting: str
    slot: str
    table: str


def read_timetable(path: Path) -> Agenda:
    """Read a file that `write_timetable` wrote.

    Raises
    ------
    InputError
        If it is none, was cut off, or was changed.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _unreadable(path, "too large")
        content = path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error.strerror or str(error)) from None
    return parse_timetable(content, path.name)


def parse_timetable(content: bytes | str, name: str = "timetable.json") -> Agenda:
    """Read what such a file holds.

    Raises
    ------
    InputError
        If it is no timetable, was cut off, or was changed.
    """
    document = _load(content, name)
    try:
        stored = TypeAdapter(_Stored).validate_python(document)
    except ValidationError as error:
        raise InputError(_faults(error, name)) from None
    except InputError as error:
        raise InputError(fault.at(file=name) for fault in error.faults) from None
    return Agenda(
        head=stored.event,
        problem=stored.problem,
        timetable=Timetable(tuple(Placement(r.meeting, r.slot, r.table) for r in stored.meetings)),
        status=stored.status,
        levels=stored.levels,
        talks=stored.talks,
        left_out=stored.left_out,
        off=stored.off,
        stamp=stored.stamp,
    )


def _load(content: bytes | str, name: str) -> Json:
    try:
        document = json.loads(content)
        if not isinstance(document, dict) or document.get("format") != FORMAT:
            message = Text("不是时间表文件", "is not a timetable")
            raise InputError([Fault(message, file=name, expected=Text.same(FORMAT))])
        if document.get("digest") != digest_of(document):
            message = Text("内容与摘要不符，文件被改动过", "was changed: the digest is another")
            raise InputError([Fault(message, field="digest", file=name)])
    except (ValueError, RecursionError) as error:
        raise _unreadable(Path(name), f"{error!s:.200}") from None
    return document


def _unreadable(path: Path, reason: str) -> InputError:
    message = Text("文件无法读取（{e}）", "cannot be read ({e})").format(e=reason)
    return InputError([Fault(message, file=str(path))])


def _faults(error: ValidationError, file: str) -> list[Fault]:
    message = Text("取值不可用", "cannot be used")
    return [
        Fault(message, field=".".join(map(str, e["loc"])), value=e["msg"], file=file)
        for e in error.errors()
    ]
