"""Changes of what is asked of a plan: weights, floors, pins, bans, and the day of the round."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any, ClassVar

from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Text
from matcher.domain.workdays import calendar_around
from matcher.planning.dimensions import DIMENSIONS
from matcher.planning.encode import Fixings
from matcher.planning.fairness import check_fair
from matcher.planning.floors import GroupFloor
from matcher.scoring.weights import FEATURES, Weights
from matcher.whatif.changes.base import Change, fault_of
from matcher.whatif.draft import Draft
from matcher.whatif.selection import Selection, identity_of
from matcher.whatif.wording import selection_text

NOBODY = "none"
"""In place of a way to divide needs: no group comes first."""

SCALES = ("cost_ceiling", "slow_workdays", "calm_workdays")
_GROUP_OF = {name: group for group, names in FEATURES.items() for name in names}


@dataclass(frozen=True, slots=True, kw_only=True)
class SetWeights(Change):
    """Set some weights; the others stay.

    Parameters
    ----------
    values
        (name, weight) pairs: a group (``enterprise``), a feature (``cost``) or a scale
        (``cost_ceiling``); see `matcher.scoring.weights`.
    """

    kind: ClassVar[str] = "weights"
    values: tuple[tuple[str, Decimal], ...]

    def edit(self, draft: Draft, faults: list[Fault]) -> None:
        if not self.values:
            faults.append(fault_of("values", "没有写改什么", "says nothing to change"))
        known = (*FEATURES, *_GROUP_OF, *SCALES)
        for name, value in self.values:
            if name not in known:
                expected = Text.same(", ".join(known))
                faults.append(fault_of(name, "没有这个权重", "is no weight", value, expected))
            elif not self._usable(name, value):
                expected = Text("不小于 0 的数（比例、天数大于 0）", "0 or more; scales above 0")
                faults.append(fault_of(name, "取值不可用", "cannot be used", value, expected))
        if not faults:
            draft.weights = self._changed(draft.weights, faults)

    def _usable(self, name: str, value: Decimal) -> bool:
        if not (value.is_finite() and value >= 0):
            return False
        if name == "cost_ceiling":
            return 0 < value <= 1
        return name not in SCALES or (value >= 1 and value == int(value))

    def _changed(self, weights: Weights, faults: list[Fault]) -> Weights:
        groups, features = dict(weights.groups), dict(weights.features)
        scales: dict[str, Any] = {}
        for name, value in self.values:
            if name in SCALES:
                scales[name] = value if name == "cost_ceiling" else int(value)
            else:
                (groups if name in FEATURES else features)[name] = float(value)
        if not any(groups[g] and any(features[n] for n in FEATURES[g]) for g in FEATURES):
            faults.append(fault_of("values", "所有权重都是 0", "leaves no weight above 0"))
            return weights
        told = json.dumps([weights.sha256, sorted((n, str(v)) for n, v in self.values)])
        return replace(
            weights,
            version=f"{weights.version}+whatif",
            sha256=hashlib.sha256(told.encode()).hexdigest(),
            groups=MappingProxyType(groups),
            features=MappingProxyType(features),
            **scales,
        )

    @property
    def text(self) -> Text:
        told = ", ".join(f"{name} = {value}" for name, value in self.values)
        return Text("权重 {v}", "weights {v}").format(v=told)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin(Change):
    """A pair of need and product that must be in the plan."""

    kind: ClassVar[str] = "pin"
    need: str
    product: str

    def edit(self, draft: Draft, faults: list[Fault]) -> None:
        pair = _pair(draft, self.need, self.product, faults)
        if pair is not None:
            fixings = draft.fixings
            draft.fixings = Fixings(fixings.pins | {pair}, fixings.bans - {pair})

    @property
    def text(self) -> Text:
        return Text("必须撮合 {n} × {p}", "{n} × {p} must be matched").format(
            n=self.need, p=self.product
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Ban(Change):
    """Pairs that must not be in the plan: every need of one selection with every product."""

    kind: ClassVar[str] = "ban"
    needs: Selection
    products: Selection

    def edit(self, draft: Draft, faults: list[Fault]) -> None:
        needs = self.needs.of(draft, "needs", faults)
        products = self.products.of(draft, "products", faults)
        pairs = {(n, p) for n in needs for p in products}
        draft.fixings = Fixings(draft.fixings.pins - pairs, draft.fixings.bans | pairs)

    @property
    def text(self) -> Text:
        return Text("禁止撮合 {n} × {p}", "{n} × {p} must not be matched").format(
            n=selection_text(self.needs), p=selection_text(self.products)
        )


def _pair(draft: Draft, need: str, product: str, faults: list[Fault]) -> tuple[str, str] | None:
    found = (
        identity_of(draft, "needs", need, faults, "need"),
        identity_of(draft, "products", product, faults, "product"),
    )
    return None if found[0] is None or found[1] is None else (found[0], found[1])


@dataclass(frozen=True, slots=True, kw_only=True)
class SetFloors(Change):
    """Ask that at least so many of a group of needs are matched; see `GroupFloor`.

    Parameters
    ----------
    only
        Whether these take the place of the floors before, not stand beside them.
    """

    kind: ClassVar[str] = "floors"
    floors: tuple[GroupFloor, ...]
    only: bool = False

    def edit(self, draft: Draft, faults: list[Fault]) -> None:
        draft.floors = self.floors if self.only else draft.floors + self.floors

    @property
    def text(self) -> Text:
        return Text.join([floor.text for floor in self.floors], "；", "; ")


@dataclass(frozen=True, slots=True, kw_only=True)
class SetFair(Change):
    """Serve the worst-off group first, or let score alone decide.

    Parameters
    ----------
    by
        How needs or leads are divided, as for `matcher.planning.fairness.fair_floors`; ``none``
        for score alone.
    """

    kind: ClassVar[str] = "fair"
    by: str

    def edit(self, draft: Draft, faults: list[Fault]) -> None:
        if self.by == NOBODY:
            draft.fair = None
            return
        try:
            check_fair(self.by, "by")
        except InputError as error:
            names = Text.join([fault.expected or Text.same("") for fault in error.faults])
            expected = Text("{n} 或 none", "{n} or none").format(n=names)
            faults += [fault.at(expected=expected) for fault in error.faults]
            return
        draft.fair = self.by

    @property
    def text(self) -> Text:
        if self.by == NOBODY:
            return Text("不再先保最差的一组", "score alone decides, no group comes first")
        return Text("先保最差的一组（{b}）", "the worst-off group first, by {b}").format(
            b=fair_text(self.by)
        )


def fair_text(by: str) -> Text:
    """Return what a way to divide needs or leads is called."""
    return DIMENSIONS[by].text if by in DIMENSIONS else Text("机构", "institution")


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveDay(Change):
    """Hold the round on another day: ages, validity and workdays to cash count from it."""

    kind: ClassVar[str] = "day"
    to: date

    def edit(self, draft: Draft, faults: list[Fault]) -> None:
        try:
            calendar_around(self.to)
        except InputError as error:
            faults += error.faults
            return
        draft.as_of = self.to

    @property
    def text(self) -> Text:
        return Text("撮合日期改为 {d}", "the round is on {d}").format(d=self.to)


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreAims(Change):
    """Put day, weights, fixings, floors and fairness back; None leaves one alone."""

    kind: ClassVar[str] = "restore_aims"
    as_of: date | None = None
    weights: Weights | None = None
    fixings: Fixings | None = None
    floors: tuple[GroupFloor, ...] | None = None
    fair: str | None = None

    def edit(self, draft: Draft, faults: list[Fault]) -> None:
        draft.as_of = self.as_of or draft.as_of
        draft.weights = self.weights or draft.weights
        draft.fixings = draft.fixings if self.fixings is None else self.fixings
        draft.floors = draft.floors if self.floors is None else self.floors
        if self.fair is not None:
            draft.fair = None if self.fair == NOBODY else self.fair

    @property
    def text(self) -> Text:
        return Text(
            "日期、权重、指定、下限与公平恢复原状",
            "day, weights, pins, floors and fairness as they were",
        )
