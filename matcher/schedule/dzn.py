"""Reader of the published B2B meeting scheduling instances (.dzn)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from matcher.domain.errors import Fault, InputError
from matcher.domain.moments import CHINA
from matcher.domain.text import Text
from matcher.schedule.hall import Session, Slot, Table
from matcher.schedule.people import Meeting, Participant
from matcher.schedule.problem import Problem
from matcher.schedule.rules import Absence, Precedence

DAY = date(2022, 1, 1)
"""The instances have slots without times: they are laid on this day, the paper's year."""

_MINUTES = 15
_NUMBERS = ("nBusiness", "nMeetings", "nTables", "nTotalSlots", "nMorningSlots")
_LISTS = ("requested", "forbidden", "fixed", "precedences")
_LIMIT = 10_000  # of any count: no hall is as large, and a wrong figure must not fill the memory
_SESSIONS = {1: Session.MORNING, 2: Session.AFTERNOON, 3: None}


def read_dzn(path: str | Path, fairness: int | None = 2) -> Problem:
    """Read one instance; every meeting must be held.

    Parameters
    ----------
    fairness
        The paper's d, which the files do not contain.

    Raises
    ------
    InputError
        With every fault found, each with the file's name.

    References
    ----------
    M. Bofill et al., Constraint Solving Approaches to the Business-to-Business Meeting
    Scheduling Problem, JAIR 74 (2022) 263-301.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        message = Text("文件无法读取：{e}", "cannot be read: {e}").format(e=error)
        raise InputError([Fault(message, file=path.name)]) from error
    try:
        return parse_dzn(text, fairness)
    except InputError as error:
        raise InputError(fault.at(file=path.name) for fault in error.faults) from error


def parse_dzn(text: str, fairness: int | None = 2) -> Problem:
    """Read one instance from its text."""
    reader = _Reader(text)
    instance = reader.instance()
    if instance is None:
        raise InputError(reader.faults)
    return _problem(instance, fairness)


@dataclass(frozen=True, slots=True)
class _Instance:
    people: int
    tables: int
    slots: int
    morning: int
    requested: list[list[int]]
    forbidden: list[list[int]]
    fixed: list[int]
    precedences: list[list[int]]


class _Reader:
    def __init__(self, text: str) -> None:
        self.faults: list[Fault] = []
        self._body = self._statements(re.sub(r"%[^\n]*", "", text))

    def instance(self) -> _Instance | None:
        """Read all; None if there is any fault."""
        for name in (*_NUMBERS, *_LISTS):
            if name not in self._body:
                self._tell(name, "缺少此项", "is missing")
        people, meetings, tables, slots, morning = map(self._number, _NUMBERS)
        requested = self._requested(meetings, people)
        forbidden = self._sets("forbidden", people, slots, zero=True)
        fixed = self._fixed(meetings, slots)
        precedences = self._sets("precedences", meetings, meetings)
        if morning > slots:
            self._tell("nMorningSlots", "多于全部时段", "is more than all slots", value=morning)
        if self.faults:
            return None
        return _Instance(people, tables, slots, morning, requested, forbidden, fixed, precedences)

    def _tell(self, field: str, zh: str, en: str, *, value: object = None, **given: object) -> None:
        self.faults.append(Fault(Text(zh, en).format(**given), field=field, value=value))

    def _statements(self, text: str) -> dict[str, str]:
        """Split ``name = body;`` statements; what is left over was cut off or is none."""
        *statements, rest = text.split(";")
        if rest.strip():
            zh, en = "文件在此中断，缺少分号", "the file breaks off here, without a semicolon"
            self._tell("file", zh, en, value=rest.strip()[-40:])
        body: dict[str, str] = {}
        for statement in statements:
            name, equals, value = (part.strip() for part in statement.partition("="))
            if not equals or not name.isidentifier():
                zh, en = "不是“名称 = 值”", "is not of the form name = value"
                self._tell("file", zh, en, value=statement.strip()[:40])
            elif name in body:
                self._tell(name, "出现多次", "is there more than once")
            else:
                body[name] = value
        return body

    def _number(self, name: str) -> int:
        body = self._body.get(name)
        if body is None:
            return 0
        if not re.fullmatch(r"[0-9]{1,9}", body) or int(body) > _LIMIT:
            zh, en = f"应为 0 到 {_LIMIT} 的整数", f"should be an integer from 0 to {_LIMIT}"
            self._tell(name, zh, en, value=body)
            return 0
        return int(body)

    def _inside(self, name: str, opening: str, closing: str) -> str | None:
        """Return what stands between the brackets of a list."""
        body = self._body.get(name)
        if body is None:
            return None
        if not (body.startswith(opening) and body.endswith(closing)):
            zh, en = "应以 {o} 开始、以 {c} 结束", "should begin with {o} and end with {c}"
            self._tell(name, zh, en, o=opening, c=closing, value=body[-40:])
            return None
        return body[len(opening) : -len(closing)]

    def _integers(self, name: str, text: str) -> list[int]:
        found = []
        for word in re.split(r"[,\s]+", text.strip(", \t\r\n")):
            if re.fullmatch(r"[0-9]{1,9}", word):
                found.append(int(word))
            elif word:
                self._tell(name, "不是整数", "is not an integer", value=word)
        return found

    def _length(self, name: str, found: int, expected: int) -> None:
        if found != expected:
            zh, en = "有 {n} 项，应为 {m} 项", "has {n} items, should have {m}"
            self._tell(name, zh, en, n=found, m=expected)

    def _range(self, name: str, row: int, values: list[int], low: int, high: int) -> None:
        for value in values:
            if not low <= value <= high:
                zh, en = (
                    "第 {row} 项应在 {low} 到 {high} 之间",
                    "item {row} should be {low} to {high}",
                )
                self._tell(name, zh, en, value=value, row=row, low=low, high=high)

    def _requested(self, meetings: int, people: int) -> list[list[int]]:
        inside = self._inside("requested", "[|", "|]")
        if inside is None:
            return []
        rows = [self._integers("requested", row) for row in inside.split("|") if row.strip()]
        self._length("requested", len(rows), meetings)
        for number, row in enumerate(rows, start=1):
            if len(row) != 3:
                zh, en = "第 {row} 行应有三个数", "row {row} should have three numbers"
                self._tell("requested", zh, en, value=row, row=number)
                continue
            self._range("requested", number, row[:2], 1, people)
            self._range("requested", number, row[2:], 1, 3)
            if row[0] == row[1]:
                zh, en = "第 {row} 行：与自己洽谈", "row {row}: a participant meets itself"
                self._tell("requested", zh, en, value=row, row=number)
        return rows

    def _fixed(self, meetings: int, slots: int) -> list[int]:
        inside = self._inside("fixed", "[", "]")
        if inside is None:
            return []
        values = self._integers("fixed", inside)
        self._length("fixed", len(values), meetings)
        for number, value in enumerate(values, start=1):
            self._range("fixed", number, [value], 0, slots)
        return values

    def _sets(self, name: str, count: int, high: int, *, zero: bool = False) -> list[list[int]]:
        inside = self._inside(name, "[", "]")
        if inside is None:
            return []
        if re.sub(r"\{[^{}]*\}", "", inside).strip(", \t\r\n"):
            zh, en = "应为花括号括起的集合", "should be sets in braces"
            self._tell(name, zh, en, value=inside.strip()[-40:])
        sets = [self._integers(name, part) for part in re.findall(r"\{([^{}]*)\}", inside)]
        self._length(name, len(sets), count)
        for number, values in enumerate(sets, start=1):
            self._range(name, number, values, 0 if zero else 1, high)
        return sets


def _slots(instance: _Instance) -> tuple[Slot, ...]:
    start = datetime.combine(DAY, time(0), CHINA)
    step = timedelta(minutes=min(_MINUTES, 24 * 60 / max(1, instance.slots)))
    return tuple(
        Slot(
            str(t + 1),
            start + t * step,
            start + (t + 1) * step,
            Session.MORNING if t < instance.morning else Session.AFTERNOON,
        )
        for t in range(instance.slots)
    )


def _problem(instance: _Instance, fairness: int | None) -> Problem:
    meetings = [
        Meeting(
            str(number),
            str(first),
            str(second),
            must=True,
            wish=_SESSIONS[session],
            slot=str(fixed) if fixed else None,
        )
        for number, ((first, second, session), fixed) in enumerate(
            zip(instance.requested, instance.fixed, strict=True), start=1
        )
    ]
    absences = [
        Absence(str(person), frozenset(str(t) for t in slots if t))
        for person, slots in enumerate(instance.forbidden, start=1)
        if any(slots)
    ]
    precedences = [
        Precedence(str(before), str(after))
        for after, earlier in enumerate(instance.precedences, start=1)
        for before in earlier
    ]
    return Problem(
        participants=tuple(Participant(str(n)) for n in range(1, instance.people + 1)),
        meetings=tuple(meetings),
        slots=_slots(instance),
        tables=tuple(Table(str(n)) for n in range(1, instance.tables + 1)),
        absences=tuple(absences),
        precedences=tuple(precedences),
        fairness=fairness,
    )
