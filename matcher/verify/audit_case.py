"""A claim's arrays in one form, and the rows that they make."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.verify.claim import NO_LIMIT, Claim

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_HALF = 0xFFFFFFFF


@dataclass(frozen=True, eq=False)
class Block:
    """Rows of one kind: an edge of option j draws from row ``owner[j]``, -1 for none.

    It draws ``draw[e]``, or 1 where there is no ``draw``.
    """

    kind: str
    first: int
    limits: Ints
    owner: NDArray[Any]
    draw: NDArray[Any] | None

    @property
    def finite(self) -> NDArray[np.bool_]:
        """Which of them are rows at all, with a place among the multipliers."""
        return np.asarray(self.limits != NO_LIMIT, dtype=np.bool_)

    def name(self, index: int) -> str:
        return f"{self.kind}[{self.first + index}]"

    def totals(self, option: NDArray[Any], edges: Ints) -> dict[int, int]:
        """Return what edges, given with their options, draw from each row, in exact integers.

        Rows that none draws from are left out. Halves of 32 bits are summed apart, so that nothing
        overflows.
        """
        owner = self.owner[option]
        inside = owner >= 0
        mine, owner = (edges, owner) if inside.all() else (edges[inside], owner[inside])
        if self.draw is None:
            count = np.bincount(owner, minlength=1)
            return {row: int(count[row]) for row in np.flatnonzero(count).tolist()}
        draw = self.draw[mine]
        high, low = np.zeros(len(self.limits), np.int64), np.zeros(len(self.limits), np.int64)
        np.add.at(high, owner, draw >> 32)
        np.add.at(low, owner, draw & _HALF)
        rows = np.flatnonzero(np.bincount(owner)).tolist()
        return {row: (int(high[row]) << 32) + int(low[row]) for row in rows}


@dataclass(frozen=True, eq=False)
class Look:
    """What one look at sound edges that are all free has told.

    ``gain`` is what all needs gain at the claimed prices; the arrays tell the need, option and
    weight of each chosen edge.
    """

    gain: float
    need: NDArray[Any]
    option: NDArray[Any]
    weight: NDArray[Any]


_NONE: NDArray[Any] = np.zeros(0)
NOTHING_SEEN = Look(0.0, _NONE, _NONE, _NONE)
"""Before the look: edges are taken to be free, as the look will tell."""


class Case:
    """The claim's arrays, and the edges it chose that exist.

    Parameters
    ----------
    claim
        What is claimed.
    look
        What a quick look at the edges has told, if there was one.

    Attributes
    ----------
    chosen
        ``(num_chosen,)`` the chosen edges that exist, ascending, each once.
    ascends
        Whether they were given so.
    """

    def __init__(self, claim: Claim, look: Look | None = None) -> None:
        self.claim, self.look = claim, look
        self.need, self.option = np.asarray(claim.need), np.asarray(claim.option)
        if not len(self.need):
            self.need, self.option = np.zeros(0, np.int64), np.zeros(0, np.int64)
        self.weight = np.asarray(claim.weight)
        self.num_edges = len(self.need)
        limit = np.asarray(claim.need_limit, dtype=np.int64)
        self.need_limit = np.broadcast_to(limit, (claim.num_needs,))
        fixed = None if claim.fixed is None else np.asarray(claim.fixed)
        free = fixed is None or look is not None or bool((fixed == -1).all())
        self.fixed = None if free else fixed
        self.group = None if claim.group is None else np.asarray(claim.group, dtype=np.int64)
        none = np.zeros(0, np.int64)
        self.pins = none if self.fixed is None else np.flatnonzero(self.fixed == 1)
        given = np.asarray(claim.chosen)
        usable = given.ndim == 1 and given.dtype.kind in "iu"
        self.ascends = usable and _ascends(given, self.num_edges)
        if self.ascends:
            self.chosen: Ints = given.astype(np.int64, copy=False)
            return
        known = given[(given >= 0) & (given < self.num_edges)] if usable else none
        known = np.sort(known.astype(np.int64))
        self.chosen = known[_new(known)]

    @cached_property
    def chosen_need(self) -> NDArray[Any]:
        """The needs of the chosen edges."""
        return self.need[self.chosen] if self.look is None else self.look.need

    @cached_property
    def chosen_option(self) -> NDArray[Any]:
        """The options of the chosen edges."""
        return self.option[self.chosen] if self.look is None else self.look.option

    @cached_property
    def chosen_weight(self) -> NDArray[Any]:
        """The weights of the chosen edges."""
        return self.weight[self.chosen] if self.look is None else self.look.weight

    @cached_property
    def free(self) -> NDArray[np.bool_] | None:
        """Which edges are neither pinned nor banned; None for all."""
        return None if self.fixed is None else self.fixed == -1

    def pairs(self, edges: NDArray[Any]) -> Ints:
        """Return one number for each pair of need and group of some edges."""
        assert self.group is not None
        groups = int(self.group.max(initial=0)) + 1
        pairs: Ints = self.need[edges].astype(np.int64) * groups + self.group[self.option[edges]]
        return pairs

    def blocks(self) -> Iterator[Block]:
        """Yield every capacity in the order of the multipliers."""
        claim, options = self.claim, np.arange(self.claim.num_options)
        amount = None if claim.amount is None else np.asarray(claim.amount, dtype=np.int64)
        for kind, owner, limits, draw in (
            ("option_limit", options, claim.option_limit, None),
            ("option_quota", options, claim.option_quota, amount),
            ("group_limit", self.group, claim.group_limit, None),
            ("group_quota", self.group, claim.group_quota, amount),
        ):
            if limits is not None and owner is not None:
                yield Block(kind, 0, np.asarray(limits, dtype=np.int64), owner, draw)
        for p, pool in enumerate(claim.pools):
            owner = np.where(np.isin(options, np.asarray(pool.options)), 0, -1)
            natural = amount if pool.unit == "fen" else None
            draw = natural if pool.draw is None else np.asarray(pool.draw, dtype=np.int64)
            yield Block("pool", p, np.array([int(pool.capacity)], np.int64), owner, draw)

    def lacks(self) -> list[int]:
        """Return how many each floor lacks."""
        if not self.claim.floors:
            return []
        met = np.zeros(self.claim.num_needs, dtype=np.int64)
        met[self.chosen_need] = 1
        taken = np.bincount(self.chosen_option, minlength=self.claim.num_options)
        lacks = []
        for floor in self.claim.floors:
            members, served = (floor.options, taken) if floor.needs is None else (floor.needs, met)
            reached = int(served[_set_of(members)].sum())
            lacks.append(max(0, int(floor.least) - reached))
        return lacks

    def bonuses(self, kind: str, size: int) -> Floats:
        """Return what floors on ``needs`` or ``options`` pay for each of these."""
        paid = np.zeros(size)
        for floor, price in zip(self.claim.floors, self.claim.floor_multipliers, strict=True):
            if (members := getattr(floor, kind)) is not None:
                paid[_set_of(members)] += float(price)
        return paid

    @cached_property
    def num_rows(self) -> int:
        """How many capacities are finite."""
        return sum(int(block.finite.sum()) for block in self.blocks())


def counted(values: NDArray[Any]) -> Counter[int]:
    """Return how often each integer occurs more than once."""
    ordered = np.sort(values)
    return Counter(ordered[np.isin(ordered, ordered[~_new(ordered)])].tolist())


def _ascends(edges: NDArray[Any], size: int) -> bool:
    """Return whether integers ascend strictly within ``[0, size)``."""
    if not edges.size:
        return True
    return bool(edges[0] >= 0 and edges[-1] < size and (edges[1:] > edges[:-1]).all())


def _new(ordered: NDArray[Any]) -> NDArray[np.bool_]:
    """Return which of ascending values differ from the one before."""
    new = np.ones(len(ordered), dtype=np.bool_)
    new[1:] = ordered[1:] != ordered[:-1]
    return new


def _set_of(members: Any) -> Ints:
    return np.unique(np.asarray(members, dtype=np.int64))
