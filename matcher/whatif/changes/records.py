"""Changes of records of any table: set, scale, remove, add, and put back as it was."""

from __future__ import annotations

from dataclasses import MISSING, dataclass, fields
from decimal import ROUND_HALF_EVEN, Decimal
from difflib import get_close_matches
from typing import Any, ClassVar

from matcher.domain.enterprise import Enterprise, Need
from matcher.domain.errors import Fault
from matcher.domain.institution import Institution, Pool, Product
from matcher.domain.policy import Policy
from matcher.domain.records import ID_FIELDS
from matcher.domain.text import Text
from matcher.whatif.changes.base import TABLE_TEXTS, Change, fault_of, known_table, vary
from matcher.whatif.draft import Draft
from matcher.whatif.selection import Selection
from matcher.whatif.varying import fields_of
from matcher.whatif.wording import selection_text, values_text

CLASSES: dict[str, type[Any]] = {
    "enterprises": Enterprise,
    "needs": Need,
    "institutions": Institution,
    "products": Product,
    "pools": Pool,
    "policies": Policy,
}
"""The class of the records of each table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetFields(Change):
    """Set fields of records to values.

    Parameters
    ----------
    values
        (field, value) pairs as the records hold them: fen, months, fractions.
    clear
        Fields that become what they are where nobody says: no limit, not known.
    """

    kind: ClassVar[str] = "set"
    table: str
    records: Selection
    values: tuple[tuple[str, Any], ...] = ()
    clear: tuple[str, ...] = ()

    def edit(self, draft: Draft, faults: list[Fault]) -> None:
        if not known_table(self.table, faults):
            return
        names = [*(name for name, _ in self.values), *self.clear]
        _require_fields(self.table, names, faults)
        identities = self.records.of(draft, self.table, faults)
        if faults:
            return
        values = dict(self.values) | {f: _default(self.table, f) for f in self.clear}
        for identity in identities:
            found = _without_effect(self.table, draft.tables[self.table][identity], values)
            if found is None:
                vary(draft, self.table, identity, values, faults)
            else:
                faults.append(found)

    @property
    def text(self) -> Text:
        told = Text("{t}{r}：{v}", "{t} {r}: {v}")
        shown = values_text(self.table, self.values, self.clear)
        return told.format(t=TABLE_TEXTS[self.table], r=selection_text(self.records), v=shown)


def _without_effect(table: str, record: Any, values: dict[str, Any]) -> Fault | None:
    """Return why setting these fields would change nothing that a plan reads, None if it would."""
    is_capacity = table == "pools" and "capacity" in values
    if is_capacity and values.get("years", record.years):
        expected = Text("改 years", "set years")
        told = ("按年预算的资源池不看容量", "is not read of a yearly budget")
        return fault_of("capacity", *told, record.pool_id, expected)
    spreads = [name for name in ("spread_bp", "spread_max_bp") if name in values]
    if table == "products" and spreads and record.rate is not None and "rate" not in values:
        expected = Text("用 rates，或同时改 rate", "the kind rates, or rate beside it")
        told = (
            "利率已按 LPR 算出，只改加点无效",
            "is in the rate already: alone it does nothing",
        )
        return fault_of(spreads[0], *told, record.product_id, expected)
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleFields(Change):
    """Multiply numbers of records: amounts, capacities, rates, fees, days.

    Whole numbers are rounded half to even; pairs such as a yearly budget are scaled one by one.
    What is not stated (no limit, not known) stays so.
    """

    kind: ClassVar[str] = "scale"
    table: str
    records: Selection
    fields: tuple[str, ...]
    factor: Decimal

    def edit(self, draft: Draft, faults: list[Fault]) -> None:
        if not (self.factor.is_finite() and self.factor >= 0):
            expected = Text("不小于 0 的数", "a number of 0 or more")
            faults.append(fault_of("factor", "取值不可用", "cannot be used", self.factor, expected))
        if not known_table(self.table, faults):
            return
        _require_fields(self.table, self.fields, faults)
        identities = self.records.of(draft, self.table, faults)
        if faults:
            return
        for name in self.fields:
            self._scale(draft, identities, name, faults)

    def _scale(self, draft: Draft, identities: list[str], name: str, faults: list[Fault]) -> None:
        rows = draft.tables[self.table]
        stated = {i: getattr(rows[i], name) for i in identities}
        bad = [v for v in stated.values() if v is not None and not _is_number(v)]
        if bad:
            faults.append(fault_of("fields", "不是数", "is no number", name))
            return
        given = {i: v for i, v in stated.items() if v not in (None, ())}
        if not given:
            faults.append(fault_of("fields", "选中的记录都未填此项", "is not stated of any", name))
        for identity, value in given.items():
            vary(draft, self.table, identity, {name: scaled(value, self.factor)}, faults)

    @property
    def text(self) -> Text:
        told = Text("{t}{r}：{f} × {k}", "{t} {r}: {f} × {k}")
        names = Text.same(", ".join(self.fields))
        return told.format(
            t=TABLE_TEXTS[self.table], r=selection_text(self.records), f=names, k=self.factor
        )


def _is_number(value: object) -> bool:
    if isinstance(value, tuple):
        return all(isinstance(v, tuple) and len(v) == 2 and _is_number(v[1]) for v in value)
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def scaled(value: Any, factor: Decimal) -> Any:
    """Return a number, or (key, number) pairs, times a factor; whole numbers stay whole."""
    if isinstance(value, tuple):
        return tuple((key, scaled(number, factor)) for key, number in value)
    product = value * factor
    return int(product.to_integral_value(ROUND_HALF_EVEN)) if isinstance(value, int) else product


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveRecords(Change):
    """Take records out of the round, with what cannot stand without them.

    With an institution go its products, with a product those that require it, with a firm its
    needs. A pool that is removed is no longer scarce: what drew on it is not limited by it any
    more (to empty it, set its capacity to 0). Mentions elsewhere are struck out.
    """

    kind: ClassVar[str] = "remove"
    table: str
    records: Selection

    def edit(self, draft: Draft, faults: list[Fault]) -> None:
        if not known_table(self.table, faults):
            return
        identities = set(self.records.of(draft, self.table, faults))
        if not faults:
            remove(draft, self.table, identities)

    @property
    def text(self) -> Text:
        told = Text("去掉{t}{r}", "without the {t} {r}")
        return told.format(t=TABLE_TEXTS[self.table], r=selection_text(self.records))


def remove(draft: Draft, table: str, identities: set[str]) -> None:
    """Take records out of a draft, with what cannot stand without them."""
    if not identities:
        return
    for identity in identities:
        del draft.tables[table][identity]
    if table == "enterprises":
        rows = draft.tables["needs"].values()
        remove(draft, "needs", {n.need_id for n in rows if n.enterprise_id in identities})
    if table == "institutions":
        _strike(draft, "needs", "consent", identities)
        _strike(draft, "enterprises", "banks", identities)
        _strike(draft, "enterprises", "conflicts", identities)
        offers = draft.tables["products"].values()
        remove(draft, "products", {p.product_id for p in offers if p.institution_id in identities})
        kept = (f for f in draft.floors if f.institution_id not in identities)
        draft.floors = tuple(kept)
    if table == "products":
        offers = draft.tables["products"].values()
        remove(draft, "products", {p.product_id for p in offers if p.requires & identities})
    if table == "pools":
        _strike(draft, "products", "pools", identities)
        for policy in [p for p in draft.tables["policies"].values() if p.pool_id in identities]:
            vary(draft, "policies", policy.policy_id, {"pool_id": None}, [])
    if table in ("needs", "products"):
        _forget_fixings(draft)


def _strike(draft: Draft, table: str, field: str, identities: set[str]) -> None:
    """Strike ids out of a set of references; a set that was not given stays so."""
    for identity, record in list(draft.tables[table].items()):
        named = getattr(record, field)
        if named and named & identities:
            vary(draft, table, identity, {field: named - identities}, [])


def _forget_fixings(draft: Draft) -> None:
    """Drop the pins and bans of pairs that are no longer there."""
    from matcher.planning.encode import Fixings

    needs, products = draft.tables["needs"], draft.tables["products"]

    def known(pairs: frozenset[tuple[str, str]]) -> frozenset[tuple[str, str]]:
        return frozenset((n, p) for n, p in pairs if n in needs and p in products)

    draft.fixings = Fixings(known(draft.fixings.pins), known(draft.fixings.bans))


@dataclass(frozen=True, slots=True, kw_only=True)
class AddRecord(Change):
    """Bring one more record."""

    kind: ClassVar[str] = "add"
    table: str
    record: Any

    def edit(self, draft: Draft, faults: list[Fault]) -> None:
        if not known_table(self.table, faults):
            return
        if not isinstance(self.record, CLASSES[self.table]):
            faults.append(fault_of("record", "不是这个表的记录", "is no record of this table"))
            return
        identity = self.identity
        if identity in draft.tables[self.table]:
            key = ID_FIELDS[self.table]
            faults.append(fault_of(key, "市场中已有这个编号", "is taken in the market", identity))
            return
        draft.tables[self.table][identity] = self.record

    @property
    def identity(self) -> str:
        """The id of the record."""
        return str(getattr(self.record, ID_FIELDS[self.table]))

    @property
    def text(self) -> Text:
        return Text("增加{t} {i}", "more {t}: {i}").format(
            t=TABLE_TEXTS[self.table], i=self.identity
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreRecords(Change):
    """Put records back exactly as they were.

    Parameters
    ----------
    entries
        (table, id, record) triples; None for a record that was not there.
    """

    kind: ClassVar[str] = "restore"
    entries: tuple[tuple[str, str, Any], ...]

    def edit(self, draft: Draft, faults: list[Fault]) -> None:
        for table, identity, record in self.entries:
            if not known_table(table, faults):
                continue
            if record is None:
                draft.tables[table].pop(identity, None)
            else:
                draft.tables[table][identity] = record

    @property
    def text(self) -> Text:
        told = Text("恢复原状：{i}", "as they were: {i}")
        return told.format(i=", ".join(identity for _, identity, _ in self.entries))


def _require_fields(table: str, names: list[str] | tuple[str, ...], faults: list[Fault]) -> None:
    known = fields_of(CLASSES[table])
    if not names:
        expected = Text.same(", ".join(known))
        faults.append(fault_of("values", "没有写改什么", "says nothing to change", None, expected))
    for name in names:
        if name not in known:
            near = get_close_matches(name, known, n=3) or known
            expected = Text.same(", ".join(near))
            faults.append(fault_of(name, "没有这一项", "there is no such field", name, expected))


def _default(table: str, name: str) -> Any:
    found = next(f for f in fields(CLASSES[table]) if f.name == name)
    if found.default is not MISSING:
        return found.default
    return None
