"""Questions in one line: ``pool:NAME:capacity=1e7:2e8:10``, ``pool:NAME serves NEED``."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from matcher.domain.choices import PoolUnit
from matcher.domain.errors import Fault, InputError
from matcher.domain.expression import parse
from matcher.domain.money import parse_rate
from matcher.domain.text import Text
from matcher.files.columns import Column, Table
from matcher.files.kinds import RefusedError
from matcher.files.rows import READ_ERRORS
from matcher.files.tables import TABLES, table_named
from matcher.planning.floors import GroupFloor
from matcher.whatif.changes.aims import SCALES
from matcher.whatif.draft import Draft
from matcher.whatif.least import Goal
from matcher.whatif.lever import ROW_KINDS, WEIGHTS, Lever, Number
from matcher.whatif.selection import identity_of
from matcher.whatif.setting import Setting
from matcher.whatif.sweep import MAX_POINTS

_SWEEP = Text.same("pool:NAME:capacity=1e7:2e8:10 | product:NAME:rate=3%,4%,5% | weight:cost=0:3:7")
_LEAST = Text.same("pool:NAME serves NEED | pool:NAME serves 95% of size = micro")
_SERVES = re.compile(r"(.+?)\s+(?:serves|服务)\s+(.+)")
_OF = re.compile(r"(\S+?)\s*(?:of|的)\s+(.+)")
_CAPACITIES = {"pools": "capacity", "institutions": "leads", "products": "leads"}
_DEFAULTS = Text.same(" | ".join(f"{t}:ID:{f}" for t, f in ROW_KINDS))


@dataclass(frozen=True)
class Asked:
    """A lever with the values that it is to take."""

    lever: Lever
    values: tuple[Number, ...]


def read_sweep(words: str, setting: Setting, option: str = "--sweep") -> Asked:
    """Read which number is to be swept over which values.

    Amounts are in yuan unless they name a unit (``1000万``). Values are ``low:high:count`` or a
    list with commas.

    Raises
    ------
    InputError
        With every fault.
    """
    lever_words, sign, values = words.partition("=")
    if not sign or not values.strip():
        raise InputError([_fault(option, words, _SWEEP)])
    faults: list[Fault] = []
    found = _lever(lever_words.strip(), setting, None, faults, option)
    if found is None:
        raise InputError(faults)
    lever, column = found
    unit = _unit(lever, setting)
    read = [_value(word, column, unit, faults, option) for word in _ends(values)]
    count = _count(values, faults, option)
    if faults:
        raise InputError(faults)
    ends = [value for value in read if value is not None]
    return Asked(lever, tuple(ends) if count is None else _between(ends[0], ends[1], count))


def read_least(
    words: str, setting: Setting, keeps_others: bool = True, option: str = "--least"
) -> tuple[Lever, Goal]:
    """Read which capacity shall serve whom.

    Raises
    ------
    InputError
        With every fault.
    """
    match = _SERVES.fullmatch(words.strip())
    if match is None:
        raise InputError([_fault(option, words, _LEAST)])
    faults: list[Fault] = []
    found = _lever(match[1].strip(), setting, _CAPACITIES, faults, option)
    if found is not None and found[0].row_kind is None:
        faults.append(_fault(option, match[1], _DEFAULTS))
    goal = _goal(match[2].strip(), setting, keeps_others, faults, option)
    if faults or found is None or goal is None:
        raise InputError(faults)
    return found[0], goal


def _lever(
    words: str, setting: Setting, defaults: dict[str, str] | None, faults: list[Fault], option: str
) -> tuple[Lever, Column | None] | None:
    """Read ``table:name:field``; a name may hold colons."""
    table_word, sign, rest = words.partition(":")
    if table_word in ("weight", WEIGHTS, "权重") and sign:
        return _weight(rest, setting, faults, option)
    table = _table(table_word.strip())
    if table is None or not rest:
        expected = Text.join([_SWEEP, *(t.text for t in TABLES)])
        faults.append(_fault(option, words, expected))
        return None
    name, field = rest, (defaults or {}).get(table.name, "")
    before, colon, last = rest.rpartition(":")
    heading = table.heading(last) if colon else None
    if heading is not None:
        name, field = before, heading.column.field
    if not field:
        faults.append(_fault(option, last or words, table.nearest(last)))
        return None
    draft = Draft.of(setting)
    identity = identity_of(draft, table.name, name.strip(), faults, option)
    column = next(c for c in table.columns if c.field == field)
    return None if identity is None else (Lever(table.name, identity, field), column)


def _table(word: str) -> Table | None:
    """Return a table by its name, in the singular too."""
    singular = {t.name[:-1] if t.name != "policies" else "policy": t for t in TABLES}
    return table_named(word) or singular.get(word)


def _weight(
    name: str, setting: Setting, faults: list[Fault], option: str
) -> tuple[Lever, None] | None:
    known = (*setting.weights.groups, *setting.weights.features, *SCALES)
    if name.strip() not in known:
        faults.append(_fault(option, name, Text.same(", ".join(known))))
        return None
    return Lever(WEIGHTS, name.strip()), None


def _unit(lever: Lever, setting: Setting) -> str:
    if lever.table != "pools":
        return ""
    # A bare number of a pool of money counts yuan, as in the files of a market.
    unit = lever.record(setting).unit
    return "yuan" if unit is PoolUnit.FEN else str(unit.value)


def _ends(values: str) -> list[str]:
    parts = values.split(":")
    return parts[:2] if len(parts) == 3 else values.split(",")


def _count(values: str, faults: list[Fault], option: str) -> int | None:
    """Return into how many points a range is cut; None for a list."""
    parts = values.split(":")
    if len(parts) == 1:
        return None
    if len(parts) == 3 and parts[2].strip().isdecimal() and 2 <= int(parts[2]) <= MAX_POINTS:
        return int(parts[2])
    faults.append(_fault(option, values, Text.same(f"low:high:2…{MAX_POINTS}")))
    return None


def _value(
    word: str, column: Column | None, unit: str, faults: list[Fault], option: str
) -> Number | None:
    """Read one value as the files of a market have it; ``1e7`` too."""
    plain: Any = word.strip()
    with suppress(InvalidOperation):
        plain = f"{Decimal(plain):f}"
    try:
        if column is None:
            return parse_rate(plain)
        kind, stated = column.kind_in({"unit": unit} if unit else {})
        found = kind.read(plain, stated)
    except RefusedError as error:
        faults.append(Fault(error.message, option, word, error.expected or kind.expected))
        return None
    except READ_ERRORS:
        expected = _SWEEP if column is None else column.kind.expected
        faults.append(_fault(option, word, expected))
        return None
    if isinstance(found, int | Decimal) and not isinstance(found, bool):
        return found
    faults.append(_fault(option, word, Text("一个数", "a number")))
    return None


def _between(low: Number, high: Number, count: int) -> tuple[Number, ...]:
    """Return so many values from one to the other, evenly; whole where both ends are."""
    values = [low + (Decimal(high) - Decimal(low)) * k / (count - 1) for k in range(count)]
    if isinstance(low, int) and isinstance(high, int):
        return tuple(dict.fromkeys(int(v.to_integral_value()) for v in map(Decimal, values)))
    return tuple(dict.fromkeys(round(Decimal(v), 8).normalize() for v in values))


def _goal(
    words: str, setting: Setting, keeps_others: bool, faults: list[Fault], option: str
) -> Goal | None:
    match = _OF.fullmatch(words)
    if match is None:
        need = identity_of(Draft.of(setting), "needs", words, faults, option)
        return None if need is None else Goal(need_id=need, keeps_others=keeps_others)
    try:
        rule = parse(match[2])
        number = parse_rate(match[1])
        if "%" in match[1]:
            floor = GroupFloor(where=rule, share=number)
        else:
            floor = GroupFloor(where=rule, least=int(number))
    except (ValueError, ArithmeticError) as error:
        faults.append(_fault(option, words, Text.join([_LEAST, Text.same(error)])))
        return None
    except InputError as error:
        faults += error.faults
        return None
    return Goal(floor=floor, keeps_others=keeps_others)


def _fault(option: str, value: object, expected: Text) -> Fault:
    return Fault(Text("无法读取", "cannot be read"), option, value, expected)
