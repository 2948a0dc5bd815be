"""What goes otherwise than planned, as words on the command line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from matcher.domain.errors import Fault, InputError
from matcher.domain.moments import CHINA, is_aware, naive_fault
from matcher.domain.text import Text
from matcher.files.toml_table import read_clock
from matcher.schedule import Cancelled, Change, Late, Leaves, StaysAway, TableBroken

_CLOCK = Text("编号@时刻，如 bank-a@10:30", "ID@HH:MM, as in bank-a@10:30")


@dataclass(frozen=True)
class Words:
    """The options that tell of changes, as given."""

    absent: Sequence[str] | None = None
    late: Sequence[str] | None = None
    leaves: Sequence[str] | None = None
    table_broken: Sequence[str] | None = None
    cancel: Sequence[str] | None = None

    def given(self, now: str | None) -> list[str]:
        """Return the names of the options that were given."""
        values = {"--now": now} | {
            f"--{field.name.replace('_', '-')}": getattr(self, field.name) for field in fields(self)
        }
        return [name for name, value in values.items() if value]


def parse_now(word: str | None) -> datetime | None:
    """Read the moment of a change.

    Raises
    ------
    InputError
        If it is none, or has no zone.
    """
    if word is None:
        return None
    try:
        moment = datetime.fromisoformat(word)
    except ValueError:
        expected = Text.same("2027-06-18T10:00+08:00")
        message = Text("不是时间", "is not a time")
        raise InputError([Fault(message, "--now", word, expected)]) from None
    if not is_aware(moment):
        raise InputError([naive_fault(moment, "--now")])
    return moment.astimezone(CHINA)


def parse_changes(words: Words, now: datetime | None) -> list[Change]:
    """Read every change; its times are of the day of ``now``.

    Raises
    ------
    InputError
        Naming every word that cannot be read.
    """
    faults: list[Fault] = []
    day = now or datetime(2000, 1, 1, tzinfo=CHINA)
    changes: list[Change] = [StaysAway(word) for word in words.absent or ()]
    for option, given, make in _TIMED:
        for word in given(words) or ():
            who, moment = _timed(option, word, day, faults)
            if moment is not None:
                changes.append(make(who, moment))
    for word in words.table_broken or ():
        who, moment = _timed("--table-broken", word, day, faults) if "@" in word else (word, None)
        changes.append(TableBroken(who, moment))
    if faults:
        raise InputError(faults)
    return changes + [Cancelled(word) for word in words.cancel or ()]


def _timed(
    option: str, word: str, day: datetime, faults: list[Fault]
) -> tuple[str, datetime | None]:
    who, _, clock = word.rpartition("@")
    found = read_clock(clock)
    if not who or found is None:
        faults.append(Fault(Text("无法读取", "cannot be read"), option, word, _CLOCK))
        return who, None
    return who, datetime.combine(day.date(), found, CHINA)


_TIMED: tuple[
    tuple[str, Callable[[Words], Sequence[str] | None], Callable[[str, datetime], Late | Leaves]],
    ...,
] = (
    ("--late", lambda words: words.late, Late),
    ("--leaves", lambda words: words.leaves, Leaves),
)
