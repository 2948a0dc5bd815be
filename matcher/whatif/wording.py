"""What people read of a selection and of values."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from matcher.domain.choices import Choice
from matcher.domain.criteria import Criterion
from matcher.domain.money import money_text, rate_text
from matcher.domain.text import Text
from matcher.whatif.selection import Selection

MOST_NAMED = 4
_NOT_STATED = Text("不填", "not stated")


def selection_text(selection: Selection) -> Text:
    """Return what is selected."""
    if selection.where is not None:
        return Text("（{r}）", "where {r}").format(r=selection.where.text)
    if selection.every:
        return Text("（全部）", "(all)")
    named = ", ".join(selection.ids[:MOST_NAMED])
    more = len(selection.ids) - MOST_NAMED
    told = Text(" {n} 等 {m} 条", "{n} and {k} more") if more > 0 else Text(" {n}", "{n}")
    return told.format(n=named, m=len(selection.ids), k=more)


def values_text(table: str, values: Iterable[tuple[str, Any]], clear: Iterable[str] = ()) -> Text:
    """Return fields with their new values."""
    pairs = dict(values)
    in_places = str(pairs.get("unit", "")) == "count"
    parts = [
        Text("{f} = {v}", "{f} = {v}").format(f=name, v=value_text(name, value, table, in_places))
        for name, value in pairs.items()
        if not (table == "pools" and name == "unit" and "capacity" in pairs)
    ]
    parts += [Text("{f} {v}", "{f} {v}").format(f=name, v=_NOT_STATED) for name in clear]
    return Text.join(parts)


def value_text(name: str, value: Any, table: str = "", in_places: bool = False) -> Text:
    """Return one value of a field as people read it."""
    if value is None:
        return _NOT_STATED
    if isinstance(value, Choice):
        return value.text
    if isinstance(value, Criterion):
        return value.text
    if isinstance(value, bool):
        return Text("是", "yes") if value else Text("否", "no")
    money = name.endswith("_fen") or (table == "pools" and name == "capacity" and not in_places)
    if isinstance(value, int) and money:
        return money_text(value)
    if isinstance(value, Decimal):
        return rate_text(value) if "rate" in name else Text.same(f"{value:f}")
    if isinstance(value, date):
        return Text.same(value.isoformat())
    if isinstance(value, frozenset | tuple):
        items = sorted(value, key=str) if isinstance(value, frozenset) else value
        return Text.join([value_text(name, v, table) for v in items]) if items else _NOT_STATED
    return Text.same(value)
