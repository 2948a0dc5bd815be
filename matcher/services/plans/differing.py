"""Two plans of a round side by side: what each need, bank and capacity gets otherwise.

Plan files of ten thousand needs are too large to read two of them for a page: a brief of each,
who gets what of whom, is made when the plan is drafted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from matcher.domain.text import Text

Name = Mapping[str, str]
"""A name in both languages, as JSON has it."""


_OF_POOL = ("kind", "id", "day", "name", "unit", "used", "multiplier")


class Fate(StrEnum):
    """What becomes of a need from one plan to the other."""

    GAINED = "gained"
    LOST = "lost"
    CHANGED = "changed"

    @property
    def text(self) -> Text:
        """What it is called."""
        return _TEXTS[self]


_TEXTS = {
    Fate.GAINED: Text("新匹配", "matched now"),
    Fate.LOST: Text("不再匹配", "matched no more"),
    Fate.CHANGED: Text("匹配有变", "matched otherwise"),
}


@dataclass(frozen=True, slots=True)
class Given:
    """A match: which product of whom, and how much."""

    product: Name
    institution: Name
    offered_fen: int


@dataclass(frozen=True, slots=True)
class NeedChange:
    """A need whose matches are not the same in both plans.

    Parameters
    ----------
    lost, gained
        Matches of one plan only.
    num_kept
        How many are in both.
    """

    need: str
    fate: Fate
    enterprise: Name
    lost: tuple[Given, ...]
    gained: tuple[Given, ...]
    num_kept: int


@dataclass(frozen=True, slots=True)
class InstitutionChange:
    """What an institution gets: matches and the amount offered in them, before and after."""

    name: Name
    num_matches: tuple[int, int]
    offered_fen: tuple[int, int]


@dataclass(frozen=True, slots=True)
class PoolChange:
    """A capacity that is used or priced otherwise."""

    name: Name
    day: str | None
    unit: str
    used: tuple[int, int]
    multiplier: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Difference:
    """Two plans side by side.

    Parameters
    ----------
    num_kept
        Pairs of need and product that are in both.
    """

    num_kept: int
    needs: tuple[NeedChange, ...]
    institutions: tuple[InstitutionChange, ...]
    pools: tuple[PoolChange, ...]

    def num(self, fate: Fate) -> int:
        """Return how many needs have a fate."""
        return sum(change.fate is fate for change in self.needs)


def brief_of(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of a plan two plans are compared by, as values of JSON.

    Parameters
    ----------
    document
        A plan file.

    Returns
    -------
    dict
        ``matches`` (need, product, institution, amount in fen), the names of those three by id,
        and ``pools`` that are used or have a price.
    """
    matches = document["matches"]
    return {
        "matches": [[m["need"], m["product"], m["institution"], m["offered_fen"]] for m in matches],
        "needs": {m["need"]: m["enterprise_name"] for m in matches},
        "products": {m["product"]: m["product_name"] for m in matches},
        "institutions": {m["institution"]: m["institution_name"] for m in matches},
        "pools": [
            {name: use[name] for name in _OF_POOL}
            for use in document["pools_use"]
            if use["used"] or use["multiplier"]
        ],
    }


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> Difference:
    """Return what is otherwise in a plan than in one before it.

    Parameters
    ----------
    before, after
        What `brief_of` made of them.
    """
    old, new = _by_need(before), _by_need(after)
    kept = sum(len(old[need].keys() & new[need].keys()) for need in old.keys() & new.keys())
    needs = {**before["needs"], **after["needs"]}
    return Difference(
        num_kept=kept,
        needs=tuple(_needs(old, new, needs)),
        institutions=tuple(_institutions(before, after)),
        pools=tuple(_pools(before, after)),
    )


_ByNeed = dict[str, dict[str, Given]]


def _by_need(brief: Mapping[str, Any]) -> _ByNeed:
    products, institutions = brief["products"], brief["institutions"]
    found: _ByNeed = {}
    for need, product, institution, offered_fen in brief["matches"]:
        given = Given(products[product], institutions[institution], offered_fen)
        found.setdefault(need, {})[product] = given
    return found


def _needs(old: _ByNeed, new: _ByNeed, names: Mapping[str, Name]) -> Iterable[NeedChange]:
    for need in sorted(old.keys() | new.keys()):
        was, becomes = old.get(need, {}), new.get(need, {})
        if was.keys() == becomes.keys():
            continue
        yield NeedChange(
            need,
            Fate.CHANGED if was and becomes else Fate.GAINED if becomes else Fate.LOST,
            names[need],
            lost=tuple(given for product, given in was.items() if product not in becomes),
            gained=tuple(given for product, given in becomes.items() if product not in was),
            num_kept=len(was.keys() & becomes.keys()),
        )


def _institutions(
    before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterable[InstitutionChange]:
    """Return the institutions that get something else, the greatest change of money first."""
    names = {**before["institutions"], **after["institutions"]}
    counts = {key: [0, 0] for key in names}
    offered = {key: [0, 0] for key in names}
    for side, brief in enumerate((before, after)):
        for _, _, institution, offered_fen in brief["matches"]:
            counts[institution][side] += 1
            offered[institution][side] += offered_fen
    changes = [
        InstitutionChange(names[key], (counts[key][0], counts[key][1]), (money[0], money[1]))
        for key, money in sorted(offered.items())
        if money[0] != money[1] or counts[key][0] != counts[key][1]
    ]
    return sorted(changes, key=lambda c: -abs(c.offered_fen[1] - c.offered_fen[0]))


def _pools(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterable[PoolChange]:
    """Return the capacities that are used or priced otherwise, the greatest change first."""
    sides = [{_key(use): use for use in brief["pools"]} for brief in (before, after)]
    keys = sorted(sides[0].keys() | sides[1].keys())
    changes = (_pool(sides[0].get(key), sides[1].get(key)) for key in keys)
    otherwise = (c for c in changes if c.used[0] != c.used[1] or c.multiplier[0] != c.multiplier[1])
    return sorted(otherwise, key=_size_of_change, reverse=True)


def _size_of_change(change: PoolChange) -> tuple[float, int]:
    price, used = change.multiplier, change.used
    return abs(price[1] - price[0]), abs(used[1] - used[0])


def _key(use: Mapping[str, Any]) -> tuple[str, str, str]:
    return use["kind"], use["id"], use["day"] or ""


def _pool(was: Mapping[str, Any] | None, becomes: Mapping[str, Any] | None) -> PoolChange:
    some = becomes or was
    assert some is not None
    return PoolChange(
        some["name"],
        some["day"],
        some["unit"],
        used=(was["used"] if was else 0, becomes["used"] if becomes else 0),
        multiplier=(was["multiplier"] if was else 0.0, becomes["multiplier"] if becomes else 0.0),
    )
