"""The market of `dual`: edges by need, and rows by option, without a list of single draws."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from matcher.assign.arrays import UNLIMITED, Bools, Floats, Int32s, Int64s
from matcher.assign.problem import Problem

COUNT, FEN = 0, 1
"""The first two classes of draws: 1, and the amount of the edge. The others are pools' own."""

Spread = csr_array[np.float64, tuple[int, int]]


@dataclass(frozen=True, eq=False)
class DualMarket:
    """What is left to decide once pins and bans are settled.

    Rows see options, not edges: a row of class k takes from each of its options what their
    edges draw in that class. So prices of rows add up to prices ``[class, option]``.

    Parameters
    ----------
    start
        ``(num_needs + 1,)`` need i has the edges ``start[i]:start[i + 1]``.
    need, option
        ``(num_edges,)`` the arrays of the problem itself, no copies.
    weight
        ``(num_edges,)`` float32 over ``scale``. It is the problem's own array if that is
        float32, has no pins and no bans; else a copy, with zeros where nothing may be chosen.
    scale
        What weights are divided by: 1 for float32, else a power of two near the largest.
    amount
        ``(num_edges,)`` fen, the problem's own array; empty where no row counts fen.
    extra
        ``(num_classes - 2, num_edges)`` the draws of pools that have draws of their own.
    room
        ``(num_needs,)`` how many edges each need may still take.
    group, num_groups
        ``(num_options,)`` under ``one_per_group``, empty without; the number of groups.
    left
        ``(num_rows,)`` what the pins leave of the capacity of each row.
    row_class
        ``(num_rows,)`` the class of draws that each row counts.
    row_start, row_of
        Option j draws on the rows ``row_of[row_start[j]:row_start[j + 1]]``.
    spread
        ``(num_classes * num_options, num_rows)`` of 0 and 1: which prices add up where.
    pinned
        The pins.
    """

    start: Int64s
    need: Int32s
    option: Int32s
    weight: NDArray[np.float32]
    scale: float
    amount: Int64s
    extra: Int64s
    room: Int64s
    group: Int32s
    num_groups: int
    left: Int64s
    row_class: Int32s
    row_start: Int64s
    row_of: Int32s
    spread: Spread
    pinned: Int64s

    @property
    def num_needs(self) -> int:
        return len(self.room)

    @property
    def num_edges(self) -> int:
        return len(self.option)

    @property
    def num_options(self) -> int:
        return len(self.row_start) - 1

    @property
    def num_classes(self) -> int:
        return 2 + len(self.extra)

    @property
    def edges(self) -> tuple[Any, ...]:
        """The arguments that kernels share."""
        return self.start, self.option, self.weight, self.amount, self.extra, self.room

    @property
    def groups(self) -> tuple[Int32s, int]:
        return self.group, self.num_groups

    def by_option(self, prices: Floats) -> Floats:
        """Return ``(num_classes, num_options)`` prices of draws, given ``(num_rows,)``."""
        total = self.spread @ prices
        return np.ascontiguousarray(total.reshape(self.num_classes, self.num_options))

    def by_row(self, drawn: Floats) -> Floats:
        """Return ``(num_rows,)`` sums of ``(num_classes, num_options)`` values."""
        return np.asarray(self.spread.T @ drawn.ravel(), dtype=np.float64)


@dataclass(frozen=True, eq=False)
class _Block:
    """Rows side by side: which options draw on which of them, and in which class."""

    row: Int64s
    option: Int64s
    kind: int
    size: int


def open_dual_market(problem: Problem) -> DualMarket:
    """Return the market of a problem whose edges are in canonical order."""
    blocks = list(_blocks(problem))
    capacity = _capacity(problem)
    spread = _spread(blocks, problem)
    row_class = np.concatenate([_NONE, *(np.full(b.size, b.kind) for b in blocks)])
    by_option = np.argsort(
        np.concatenate([_NONE, *(b.option for b in blocks)]), kind="stable"
    )
    row_of = _stacked(blocks)[by_option].astype(np.int32)
    counts = np.bincount(
        np.concatenate([_NONE, *(b.option for b in blocks)]), minlength=problem.num_options
    )
    weight, scale = _open_weights(problem)
    extra = _own_draws(problem)
    pins = np.bincount(problem.need[problem.pinned], minlength=problem.num_needs)
    grouped = problem.one_per_group and problem.group is not None
    market = DualMarket(
        start=problem.need_start,
        need=problem.need,
        option=problem.option,
        weight=weight,
        scale=scale,
        amount=_amount(problem, row_class),
        extra=extra,
        room=np.maximum(np.minimum(problem.need_limit, problem.num_edges) - pins, 0),
        group=problem.group if grouped and problem.group is not None else _NO_GROUP,
        num_groups=problem.num_groups if grouped else 0,
        left=capacity,
        row_class=row_class.astype(np.int32),
        row_start=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        row_of=row_of,
        spread=spread,
        pinned=problem.pinned,
    )
    _take_pins(market)
    return market


_NONE = np.zeros(0, dtype=np.int64)
_NO_GROUP = np.zeros(0, dtype=np.int32)


def _blocks(problem: Problem) -> Iterator[_Block]:
    """Yield the rows in their canonical order."""
    options = np.arange(problem.num_options)
    yield _limits(options, problem.option_limit, COUNT)
    yield _limits(options, problem.option_quota, FEN)
    if problem.group is not None:
        yield _limits(problem.group, problem.group_limit, COUNT)
        yield _limits(problem.group, problem.group_quota, FEN)
    own = 2
    for pool in problem.pools:
        if pool.capacity == UNLIMITED:
            continue
        kind = FEN if pool.unit == "fen" else COUNT
        if pool.draw is not None:
            kind, own = own, own + 1
        members = np.unique(pool.options).astype(np.int64)
        yield _Block(np.zeros_like(members), members, kind, 1)


def _limits(owner: NDArray[Any], limit: Int64s | None, kind: int) -> _Block:
    """Return the rows of the owners (options or groups) whose limit is finite."""
    limit = _NONE if limit is None else limit
    finite = np.flatnonzero(limit != UNLIMITED)
    row_of = np.full(len(limit), -1, dtype=np.int64)
    row_of[finite] = np.arange(len(finite))
    row = row_of[owner] if len(limit) else np.full(len(owner), -1)
    mine = np.flatnonzero(row >= 0)
    return _Block(row[mine], mine, kind, len(finite))


def _capacity(problem: Problem) -> Int64s:
    limits = [problem.option_limit, problem.option_quota]
    if problem.group is not None:
        limits += [problem.group_limit, problem.group_quota]
    finite = [limit[limit != UNLIMITED] for limit in limits if limit is not None]
    pools = [pool.capacity for pool in problem.pools if pool.capacity != UNLIMITED]
    return np.concatenate([_NONE, *finite, np.array(pools, dtype=np.int64)])


def _stacked(blocks: list[_Block]) -> Int64s:
    """Return the row of each entry of all blocks, numbered through."""
    first = np.cumsum([0, *(b.size for b in blocks)])
    parts = [b.row + f for b, f in zip(blocks, first, strict=False)]
    return np.concatenate([_NONE, *parts])


def _spread(blocks: list[_Block], problem: Problem) -> Spread:
    classes = 2 + len([p for p in problem.pools if p.draw is not None and p.capacity != UNLIMITED])
    place = [b.option + b.kind * problem.num_options for b in blocks]
    at = (np.concatenate([_NONE, *place]), _stacked(blocks))
    shape = (classes * problem.num_options, sum(b.size for b in blocks))
    return csr_array((np.ones(len(at[0])), at), shape=shape)


def _own_draws(problem: Problem) -> Int64s:
    own = [p.draw for p in problem.pools if p.draw is not None and p.capacity != UNLIMITED]
    if not own:
        return np.zeros((0, 0), dtype=np.int64)
    return np.ascontiguousarray(np.stack(own))


def _amount(problem: Problem, row_class: Int64s) -> Int64s:
    if problem.amount is None or not (row_class == FEN).any():
        return _NONE
    return problem.amount


def _open_weights(problem: Problem) -> tuple[NDArray[np.float32], float]:
    """Return float32 weights, zero where nothing may be chosen, and what they are over."""
    weight, scale = problem.weight, 1.0
    if weight.dtype != np.float32:
        largest = float(np.abs(weight).max(initial=0.0))
        scale = 2.0 ** np.floor(np.log2(largest)) if largest > 0 else 1.0
        weight = (weight / scale).astype(np.float32)
    if (problem.fixed != -1).any():
        closed: Bools = problem.fixed != -1
        if problem.need_group is not None:
            closed |= np.isin(problem.need_group, problem.need_group[problem.pinned])
        weight = np.where(closed, np.float32(0), weight)
    return weight.astype(np.float32, copy=False), float(scale)


def _take_pins(market: DualMarket) -> None:
    """Take what the pins draw off the rows, in exact integers."""
    for e in market.pinned.tolist():
        j = int(market.option[e])
        for row in market.row_of[market.row_start[j] : market.row_start[j + 1]].tolist():
            kind = int(market.row_class[row])
            if kind == COUNT:
                market.left[row] -= 1
            else:
                draws = market.amount if kind == FEN else market.extra[kind - 2]
                market.left[row] -= draws[e]
