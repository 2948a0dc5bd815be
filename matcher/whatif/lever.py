"""A lever: one number of one record that a question turns."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from matcher.domain.institution import Pool
from matcher.domain.text import Text
from matcher.whatif.changes import Change, SetFields, SetWeights
from matcher.whatif.selection import one
from matcher.whatif.setting import Setting
from matcher.whatif.wording import value_text

Number = int | Decimal
ROW_KINDS = {
    ("pools", "capacity"): "pool",
    ("institutions", "leads"): "group_limit",
    ("institutions", "quota_fen"): "group_quota",
    ("products", "leads"): "option_limit",
    ("products", "quota_fen"): "option_quota",
}
"""The kind of row that a capacity makes in a problem."""
FIELDS_OF_ROWS = {kind: owner for owner, kind in ROW_KINDS.items()}
WEIGHTS = "weights"


@dataclass(frozen=True, slots=True)
class Lever:
    """One number of one record, or one weight (table ``weights``, the weight's name as id).

    Parameters
    ----------
    field
        The field of the record; empty for a weight.
    """

    table: str
    identity: str
    field: str = ""

    def change(self, value: Number) -> Change:
        """Return the change that sets it."""
        if self.table == WEIGHTS:
            return SetWeights(values=((self.identity, Decimal(value)),))
        return SetFields(
            table=self.table, records=one(self.identity), values=((self.field, value),)
        )

    def record(self, setting: Setting) -> Any:
        """Return the record that it is of.

        Raises
        ------
        UnknownIdError
            If the market does not have it.
        """
        market = setting.market
        return getattr(market.records, self.table)[market.index(self.table, self.identity)]

    def value(self, setting: Setting) -> Number | None:
        """Return what it is now; None for no limit or not known."""
        if self.table == WEIGHTS:
            weights = setting.weights
            known = {**weights.groups, **weights.features}
            found = known.get(self.identity, getattr(weights, self.identity, None))
            return None if found is None else Decimal(str(found))
        record = self.record(setting)
        if self.is_yearly(record):
            return int(dict(record.years).get(setting.market.as_of.year, 0))
        found = getattr(record, self.field)
        return found if isinstance(found, int | Decimal) else None

    def is_yearly(self, record: Any) -> bool:
        """Whether it is the capacity of a yearly budget."""
        return self.field == "capacity" and isinstance(record, Pool) and bool(record.years)

    def change_in(self, setting: Setting, value: Number) -> Change:
        """Return the change that sets it; of a yearly budget, what the round's year has left."""
        if self.table == WEIGHTS:
            return self.change(value)
        record = self.record(setting)
        if not self.is_yearly(record):
            return self.change(value)
        years = dict(record.years) | {setting.market.as_of.year: int(value)}
        pairs = (("years", tuple(sorted(years.items()))),)
        return SetFields(table=self.table, records=one(self.identity), values=pairs)

    @property
    def row_kind(self) -> str | None:
        """The kind of row that it is the capacity of, None if it is no capacity."""
        return ROW_KINDS.get((self.table, self.field))

    def text(self, setting: Setting) -> Text:
        """Return what people call it."""
        if self.table == WEIGHTS:
            return Text("权重 {n}", "weight {n}").format(n=self.identity)
        named = getattr(self.record(setting), "text", Text.same(self.identity))
        return Text("{n} · {f}", "{n} · {f}").format(n=named, f=self.field)

    def show(self, setting: Setting, value: Number | None) -> Text:
        """Print a value of it."""
        if self.table == WEIGHTS:
            return Text.same(f"{value}")
        record = self.record(setting)
        in_places = isinstance(record, Pool) and record.unit.value == "count"
        return value_text(self.field, value, self.table, in_places)


def lever_of_row(kind: str, identity: str) -> Lever:
    """Return the lever of a capacity."""
    table, field = FIELDS_OF_ROWS[kind]
    return Lever(table, identity, field)
