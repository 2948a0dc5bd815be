"""The market of `dual`: edges by need, and rows by option, without a list of single draws."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack, vstack

from matcher.assign.arrays import UNLIMITED, Bools, Floats, Int32s, Int64s, owned
from matcher.assign.dual_floors import DualFloors, open_floors
from matcher.assign.edge_memo import EdgeMemo
from matcher.assign.pool import Pool
from matcher.assign.problem import Problem

COUNT = 0
"""The first class of draws: 1 for each edge. Amounts and the own draws of pools follow."""

Spread = csr_array[np.float64, tuple[int, int]]


@dataclass(frozen=True, eq=False)
class DualMarket:
    """What is left to decide once pins and bans are settled.

    Rows see options, not edges: a row of class k takes from each of its options what their
    edges draw in that class. So prices of rows add up to prices ``[class, option]``. Behind the
    prices of rows stand those of floors, which lower what edges cost: ``(num_prices,)``.

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
    draws
        ``(num_classes - 1, num_edges)`` the amounts, if a row counts fen, then the draws of each
        pool that has its own. A view of the problem's array where there is only one of these.
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
        ``(num_classes * num_options, num_prices)``: 1 where prices of rows add up, -1 where
        those of floors on options are taken off.
    floors
        The floors.
    pinned
        The pins.
    memo
        What is known of these edges already.
    """

    start: Int64s
    need: Int32s
    option: Int32s
    weight: NDArray[np.float32]
    scale: float
    draws: Int64s
    room: Int64s
    group: Int32s
    num_groups: int
    left: Int64s
    row_class: Int32s
    row_start: Int64s
    row_of: Int32s
    spread: Spread
    floors: DualFloors
    pinned: Int64s
    memo: EdgeMemo = field(default_factory=EdgeMemo)

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
    def num_rows(self) -> int:
        return len(self.left)

    @property
    def num_classes(self) -> int:
        return 1 + len(self.draws)

    @property
    def edges(self) -> tuple[Any, ...]:
        """The arguments that kernels share."""
        return self.start, self.option, self.weight, self.draws, self.room

    @property
    def groups(self) -> tuple[Int32s, int]:
        return self.group, self.num_groups

    def by_option(self, prices: Floats) -> Floats:
        """Return ``(num_classes, num_options)`` prices of draws, given ``(num_prices,)``."""
        total = np.asarray(self.spread @ prices, dtype=np.float64)
        return total.reshape(self.num_classes, self.num_options)

    def by_row(self, drawn: Floats) -> Floats:
        """Return ``(num_prices,)`` sums of ``(num_classes, num_options)`` values, by sign."""
        return np.asarray(self.spread.T @ drawn.ravel(), dtype=np.float64)

    def size_by_row(self, drawn: Floats) -> Floats:
        """Return the same sums without regard to sign."""
        return np.asarray(abs(self.spread).T @ drawn.ravel(), dtype=np.float64)


@dataclass(frozen=True, eq=False)
class _Block:
    """Rows side by side: which options draw on which of them, and in which class."""

    row: Int64s
    option: Int64s
    kind: int
    capacity: Int64s


def open_dual_market(problem: Problem) -> DualMarket:
    """Return the market of a problem whose edges are in canonical order."""
    draws = _draws(problem)
    blocks = list(_blocks(problem, own=1 + int(_counts_fen(problem))))
    row = _numbered(blocks)
    row_class = _joined([np.full(len(b.capacity), b.kind) for b in blocks])
    option = _joined([b.option for b in blocks])
    weight, scale = _open_weights(problem)
    floors = open_floors(problem, scale)
    pins = np.bincount(problem.need[problem.pinned], minlength=problem.num_needs)
    group = problem.group if problem.one_per_group else None
    market = DualMarket(
        start=problem.need_start,
        need=problem.need,
        option=problem.option,
        weight=weight,
        scale=scale,
        draws=draws,
        room=np.maximum(np.minimum(problem.need_limit, problem.num_edges) - pins, 0),
        group=_NO_GROUP if group is None else group,
        num_groups=0 if group is None else problem.num_groups,
        left=_joined([b.capacity for b in blocks]),
        row_class=row_class.astype(np.int32),
        row_start=np.searchsorted(np.sort(option), np.arange(problem.num_options + 1)),
        row_of=row[np.argsort(option, kind="stable")].astype(np.int32),
        spread=_spread(row, option, row_class, 1 + len(draws), floors),
        floors=floors,
        pinned=problem.pinned,
        memo=problem.memo,
    )
    _take_pins(market)
    return market


_NONE = np.zeros(0, dtype=np.int64)
_NO_GROUP = owned(np.zeros(0, dtype=np.int32))


def _joined(parts: list[Int64s]) -> Int64s:
    return np.concatenate([_NONE, *parts])


def _blocks(problem: Problem, own: int) -> Iterator[_Block]:
    """Yield the rows in their canonical order; ``own`` is the first class of pools' own draws."""
    options = np.arange(problem.num_options)
    yield _limits(options, problem.option_limit, COUNT)
    yield _limits(options, problem.option_quota, 1)
    if problem.group is not None:
        yield _limits(problem.group, problem.group_limit, COUNT)
        yield _limits(problem.group, problem.group_quota, 1)
    for pool in _finite_pools(problem):
        kind = 1 if pool.unit == "fen" else COUNT
        if pool.draw is not None:
            kind, own = own, own + 1
        members = np.unique(pool.options).astype(np.int64)
        yield _Block(np.zeros_like(members), members, kind, np.array([pool.capacity]))


def _limits(owner: NDArray[Any], limit: Int64s | None, kind: int) -> _Block:
    """Return the rows of the owners (options or groups) whose limit is finite."""
    if limit is None:
        return _Block(_NONE, _NONE, kind, _NONE)
    finite = np.flatnonzero(limit != UNLIMITED)
    row_of = np.full(len(limit), -1, dtype=np.int64)
    row_of[finite] = np.arange(len(finite))
    mine = np.flatnonzero(row_of[owner] >= 0)
    return _Block(row_of[owner[mine]], mine, kind, limit[finite])


def _finite_pools(problem: Problem) -> Iterator[Pool]:
    return (pool for pool in problem.pools if pool.capacity != UNLIMITED)


def _counts_fen(problem: Problem) -> bool:
    quotas = [problem.option_quota, problem.group_quota]
    limited = any(quota is not None and (quota != UNLIMITED).any() for quota in quotas)
    pools = any(pool.unit == "fen" and pool.draw is None for pool in _finite_pools(problem))
    return limited or pools


def _draws(problem: Problem) -> Int64s:
    own = [pool.draw for pool in _finite_pools(problem) if pool.draw is not None]
    if problem.amount is not None and _counts_fen(problem):
        own = [problem.amount, *own]
    if len(own) == 1:
        return own[0].reshape(1, -1)
    return _closed(np.array(own, dtype=np.int64).reshape(len(own), problem.num_edges))


def _numbered(blocks: list[_Block]) -> Int64s:
    """Return the row of each entry of all blocks, numbered through."""
    first = np.cumsum([0, *(len(b.capacity) for b in blocks)])
    return _joined([b.row + f for b, f in zip(blocks, first, strict=False)])


def _spread(
    row: Int64s, option: Int64s, row_class: Int64s, num_classes: int, floors: DualFloors
) -> Spread:
    num_options = floors.rows.of_options.shape[1]
    at = (option + row_class[row] * num_options, row)
    shape = (num_classes * num_options, len(row_class))
    of_rows = csr_array((np.ones(len(row)), at), shape=shape)
    none = csr_array(((num_classes - 1) * num_options, len(floors)), dtype=np.float64)
    of_floors = vstack([-floors.rows.of_options.T, none])
    return csr_array(hstack([of_rows, of_floors], format="csr"))


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
    return _closed(weight.astype(np.float32, copy=False)), float(scale)


def _closed(array: NDArray[Any]) -> NDArray[Any]:
    """Return the array, read-only as those of problems are: kernels compile for that alone."""
    array.setflags(write=False)
    return array


def _take_pins(market: DualMarket) -> None:
    """Take what the pins draw off the rows, in exact integers."""
    for e in market.pinned.tolist():
        j = int(market.option[e])
        for row in market.row_of[market.row_start[j] : market.row_start[j + 1]].tolist():
            kind = int(market.row_class[row])
            market.left[row] -= 1 if kind == COUNT else market.draws[kind - 1, e]
