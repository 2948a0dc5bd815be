"""The part of an event file that says when and where: breaks, slots and tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from matcher.domain.errors import Fault, ProblemError
from matcher.domain.text import Text
from matcher.files.event_times import SlotRow, When, at, make_slot, starting
from matcher.files.toml_table import TomlTable
from matcher.schedule import Pause, Problem, Session, Slot, Table

_LUNCH = Text("午餐", "lunch")
_PAUSE = Text("休息", "pause")


@dataclass(frozen=True, slots=True)
class Hall:
    """When and where; ``days`` are those of the event."""

    days: tuple[date, ...]
    slots: tuple[Slot, ...]
    pauses: tuple[Pause, ...]
    tables: tuple[Table, ...]

    def slot_at(self, table: TomlTable, key: str) -> str | None:
        """Return the id of the slot that a field names by its id or its start."""
        if not table.has(key):
            return None
        value = table.raw(key)
        if isinstance(value, str) and any(slot.slot_id == value for slot in self.slots):
            return value
        when = table.when(key)
        return None if when is None else self._only_one(table, key, when)

    def _only_one(self, table: TomlTable, key: str, when: When) -> str | None:
        found = starting(self.slots, when)
        if len(found) == 1:
            return found[0].slot_id
        if self.slots:
            told = Text("此刻没有时段开始", "no slot starts then")
            many = Text("几天都有此时刻，请写明日期", "there is one on several days: say the day")
            expected = Text.same(", ".join(slot.slot_id for slot in self.slots[:40]))
            table.refuse(key, many if found else told, table.raw(key), expected)
        return None

    def slots_at(self, table: TomlTable, key: str) -> frozenset[str]:
        """Return the ids of the slots that a list names by their ids."""
        words = table.texts(key)
        known = {slot.slot_id for slot in self.slots}
        unknown = [word for word in words if word not in known]
        if unknown and known:
            message = Text("没有此时段", "there is no such slot")
            table.refuse(key, message, ", ".join(unknown), Text.same(", ".join(sorted(known))))
        return frozenset(words) - set(unknown)


def read_hall(top: TomlTable, days: tuple[date, ...], faults: list[Fault]) -> Hall:
    """Read breaks, slots and tables; what is wrong between them is noted too."""
    known = len(faults)
    pauses = [pause for row in top.rows("breaks") for pause in _pauses(row, days)]
    rows = top.rows("slots")
    pauses += [lunch for row in rows for lunch in _lunches(row, days)]
    slots = [slot for row in rows for slot in _slots(row, days, pauses)]
    hall = Hall(days, tuple(sorted(slots, key=lambda s: s.start)), tuple(pauses), ())
    tables = tuple(table for row in top.rows("tables") for table in _tables(row, hall))
    hall = Hall(days, hall.slots, hall.pauses, tables)
    if len(faults) == known:
        faults += _between(hall)
    return hall


def _between(hall: Hall) -> tuple[Fault, ...]:
    """Let the engine say what is wrong with a hall: times that overlap, ids used twice."""
    try:
        Problem(
            participants=(),
            meetings=(),
            slots=hall.slots,
            tables=hall.tables,
            pauses=hall.pauses,
        )
    except ProblemError as error:
        return error.faults
    return ()


def _days_of(row: TomlTable, days: tuple[date, ...]) -> tuple[date, ...]:
    day = row.day("date")
    return days if day is None else (day,)


def _ends(row: TomlTable, first: str, last: str) -> tuple[time, time] | None:
    start, end = row.clock(first, required=True), row.clock(last, required=True)
    if start is None or end is None:
        return None
    if end <= start:
        message = Text("结束时间不晚于开始时间", "ends no later than it starts")
        row.refuse(last, message, end)
        return None
    return start, end


def _pauses(row: TomlTable, days: tuple[date, ...]) -> list[Pause]:
    ends, name = _ends(row, "start", "end"), row.text("name")
    text = Text(name, row.text("name_en") or name) if name else _PAUSE
    own = _days_of(row, days)
    row.close()
    return [Pause(at(day, ends[0]), at(day, ends[1]), text) for day in own] if ends else []


def _lunches(row: TomlTable, days: tuple[date, ...]) -> list[Pause]:
    if not row.has("lunch"):
        return []
    value = row.raw("lunch")
    ends = value if isinstance(value, list) and len(value) == 2 else [None, None]
    inner = TomlTable({"start": ends[0], "end": ends[1]}, [])
    start, end = inner.clock("start"), inner.clock("end")
    if start is None or end is None or end <= start:
        expected = Text('如 ["12:00", "13:30"]', 'as in ["12:00", "13:30"]')
        row.refuse("lunch", Text("取值不可用", "cannot be used"), value, expected)
        return []
    return [Pause(at(day, start), at(day, end), _LUNCH) for day in _days_of(row, days)]


def _slots(row: TomlTable, days: tuple[date, ...], pauses: Sequence[Pause]) -> list[Slot]:
    own = _days_of(row, days)
    found = _single(row, own) if row.has("end") else _generated(row, own, pauses)
    row.close()
    return found


def _single(row: TomlTable, days: tuple[date, ...]) -> list[Slot]:
    ends, session, identity = _ends(row, "start", "end"), row.choice("session", Session), ""
    identity = row.text("id")
    if ends is None:
        return []
    slots = [make_slot(at(day, ends[0]), at(day, ends[1]), session) for day in days]
    if identity and len(slots) == 1:
        (slot,) = slots
        return [Slot(identity, slot.start, slot.end, slot.session)]
    if identity:
        message = Text("几天共用的时段不能有编号", "a slot of several days has no id of its own")
        row.refuse("id", message, identity, Text("另给 date", "give its date as well"))
    return slots


def _generated(row: TomlTable, days: tuple[date, ...], pauses: Sequence[Pause]) -> list[Slot]:
    start = row.clock("start", required=True)
    number, until = row.optional_integer("number", 1, 500), row.clock("until")
    length, between = row.integer("minutes", 20, 1, 600), row.integer("gap_minutes", 0, 0, 600)
    if number is None and until is None and not row.has("number") and not row.has("until"):
        message = Text("缺少 number（个数）、until（最晚）或 end", "needs number, until or end")
        row.refuse("number", message)
    if start is None or (number is None and until is None):
        return []
    laid = SlotRow(start, _minutes(length), _minutes(between), number, until)
    found = [laid.lay(day, pauses) for day in days]
    short = min((len(slots) for slots in found), default=0)
    if found and (short == 0 or (number is not None and short < number)):
        message = Text("一天里排不下", "do not fit into the day")
        told = Text("最多 {n} 个", "at most {n}").format(n=short)
        row.refuse("number", message, number, told)
    return [slot for slots in found for slot in slots]


def _minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


def _tables(row: TomlTable, hall: Hall) -> list[Table]:
    capacity, closed = row.integer("capacity", 1, 1), hall.slots_at(row, "closed")
    if row.has("number"):
        count, prefix = row.optional_integer("number", 1, 2000), row.text("prefix")
        ids = [f"{prefix}{n}" for n in range(1, (count or 0) + 1)]
        names = [""] * len(ids)
    else:
        identity, name = row.text("id", required=True), row.text("name")
        ids, names = [identity] if identity else [], [name]
    row.close()
    return [Table(i, n, capacity, closed) for i, n in zip(ids, names, strict=False)]


def moments(hall: Hall, when: When | None) -> list[datetime]:
    """Return the moments that a time of day names on the days of an event."""
    return [] if when is None else when.on(hall.days)
