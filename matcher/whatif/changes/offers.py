"""Changes of what is offered: rates, and the rules of products and policies."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from matcher.domain.criteria import Criterion
from matcher.domain.errors import Fault
from matcher.domain.institution import BASIS_POINTS
from matcher.domain.text import Text
from matcher.whatif.changes.base import TABLE_TEXTS, Change, fault_of, known_table, vary
from matcher.whatif.draft import Draft
from matcher.whatif.selection import Selection
from matcher.whatif.wording import selection_text


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftRates(Change):
    """Move the yearly rates of products by basis points, and the spreads over LPR with them.

    A rate is not moved below 0; products that quote none are left alone, unless none does.
    """

    kind: ClassVar[str] = "rates"
    records: Selection
    basis_points: int

    def edit(self, draft: Draft, faults: list[Fault]) -> None:
        identities = self.records.of(draft, "products", faults)
        rows = draft.tables["products"]
        quoted = [i for i in identities if rows[i].rate is not None or rows[i].lpr is not None]
        if identities and not quoted:
            message = ("选中的产品都没有报价", "is not quoted by any of the products")
            faults.append(fault_of("rate", *message))
        for identity in quoted:
            vary(draft, "products", identity, self._values(rows[identity]), faults)

    def _values(self, product: Any) -> dict[str, Any]:
        shift = Decimal(self.basis_points) / BASIS_POINTS
        values: dict[str, Any] = {}
        for name in ("rate", "rate_max"):
            rate = getattr(product, name)
            if rate is not None:
                values[name] = max(rate + shift, Decimal(0))
        for name in ("spread_bp", "spread_max_bp"):
            spread = getattr(product, name)
            if spread is not None:
                values[name] = spread + self.basis_points
        return values

    @property
    def text(self) -> Text:
        told = Text("产品{r}利率 {b:+d} 个基点", "rates of the products {r}: {b:+d} basis points")
        return told.format(r=selection_text(self.records), b=self.basis_points)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeCriteria(Change):
    """Add rules to products or policies, and take rules away.

    Parameters
    ----------
    add
        Rules that must hold as well; one that a record has already is not added again.
    drop
        Rules that no longer need hold; each must be one of some selected record.
    drop_all
        Take every rule away first.
    """

    kind: ClassVar[str] = "criteria"
    table: str
    records: Selection
    add: tuple[Criterion, ...] = ()
    drop: tuple[Criterion, ...] = ()
    drop_all: bool = False

    def edit(self, draft: Draft, faults: list[Fault]) -> None:
        if not known_table(self.table, faults, ("products", "policies")):
            return
        if not (self.add or self.drop or self.drop_all):
            faults.append(fault_of("add", "没有写改什么", "says nothing to change"))
        identities = self.records.of(draft, self.table, faults)
        rows = draft.tables[self.table]
        had = {rule for i in identities for rule in rows[i].criteria}
        for rule in self.drop if identities else ():
            if rule not in had:
                expected = Text.join([r.text for r in sorted(had, key=repr)]) if had else None
                faults.append(
                    fault_of("drop", "没有这条规则", "is no rule of theirs", rule.text.en, expected)
                )
        for identity in identities:
            kept = (
                [] if self.drop_all else [r for r in rows[identity].criteria if r not in self.drop]
            )
            kept += [rule for rule in self.add if rule not in kept]
            vary(draft, self.table, identity, {"criteria": tuple(kept)}, faults)

    @property
    def text(self) -> Text:
        parts = [Text("去掉全部规则", "no rules")] if self.drop_all else []
        parts += [Text("去掉“{r}”", "without '{r}'").format(r=rule.text) for rule in self.drop]
        parts += [Text("增加“{r}”", "also '{r}'").format(r=rule.text) for rule in self.add]
        told = Text("{t}{s}的条件：{p}", "rules of the {t} {s}: {p}")
        return told.format(
            t=TABLE_TEXTS[self.table], s=selection_text(self.records), p=Text.join(parts)
        )
