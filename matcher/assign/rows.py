"""Rows: every capacity of a problem in one list, and what each edge draws from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from matcher.assign.arrays import UNLIMITED, Bools, Floats, Int32s, Int64s, Weights, owned

if TYPE_CHECKING:
    from matcher.assign.pool import Pool
    from matcher.assign.problem import Problem

Label = tuple[str, int]
"""The kind of a row and its index within that kind, as in ``("option_limit", 3)``."""

_Triples = tuple[Int64s, Int64s, Int64s]


@dataclass(frozen=True, eq=False)
class Block:
    """Rows of one kind. An edge draws from one of them at most, and which one its option says.

    Parameters
    ----------
    kind
        What the rows are: ``option_limit``, …, ``pool``.
    index
        Of which option, group or pool each is.
    capacity
        c_p of each row.
    row_of
        ``(num_options,)`` the row that the edges of an option draw from, -1 for none.
    draw
        ``(num_edges,)`` what each edge draws, at least 0; None for 1.
    """

    kind: str
    index: Int64s
    capacity: Int64s
    row_of: Int64s
    draw: Int64s | None

    def at(self, values: NDArray[Any], none: int) -> NDArray[Any]:
        """Return ``(num_options,)`` the value of each option's row, ``none`` without a row."""
        return np.append(values, values.dtype.type(none))[self.row_of]


@dataclass(frozen=True, eq=False)
class Rows:
    """The capacity rows ``Σ_e a_pe x_e ≤ c_p`` in their canonical order.

    The order is: ``option_limit`` by option, ``option_quota`` by option, ``group_limit`` by
    group, ``group_quota`` by group, ``pool`` in the order given. A limit of `UNLIMITED` makes
    no row. Multipliers are aligned with this order everywhere.

    Parameters
    ----------
    capacity
        ``(num_rows,)`` c_p, in units or fen.
    blocks
        The rows by kind; their row numbers are those of the whole list.
    option
        ``(num_edges,)`` the option of each edge.
    num_options
        The number of options.
    """

    capacity: Int64s
    blocks: tuple[Block, ...]
    option: Int32s
    num_options: int

    def __len__(self) -> int:
        return len(self.capacity)

    @cached_property
    def labels(self) -> tuple[Label, ...]:
        """``(num_rows,)`` what each row is."""
        return tuple((b.kind, index) for b in self.blocks for index in b.index.tolist())

    @property
    def num_edges(self) -> int:
        """The number of columns."""
        return len(self.option)

    @property
    def counting(self) -> bool:
        """Whether every edge draws 1 from all of its rows."""
        return all(block.draw is None for block in self.blocks)

    def used(self, chosen: Int64s) -> Int64s:
        """Return ``(num_rows,)`` what the chosen edges, all distinct, draw, in exact integers."""
        total = np.zeros(len(self), dtype=np.int64)
        option = self.option[chosen]
        for block in self.blocks:
            row = block.row_of[option]
            hit = row >= 0
            if block.draw is None:
                total += np.bincount(row[hit], minlength=len(self))
            else:
                np.add.at(total, row[hit], block.draw[chosen][hit])
        return total

    def option_prices(self, multipliers: Floats) -> Floats:
        """Return ``(num_options,)`` what an edge of each option costs if `counting`."""
        price = np.zeros(self.num_options)
        for block in self.blocks:
            price += block.at(multipliers, 0)
        return price

    def priced(self, multipliers: Floats) -> Floats:
        """Return ``(num_edges,)`` what each edge's draws cost: ``Σ_p a_pe y_p``."""
        cost = np.zeros(self.num_edges)
        for draw, blocks in self._by_draw:
            price = np.zeros(self.num_options)
            for block in blocks:
                price += block.at(multipliers, 0)
            each = price[self.option]
            cost += each if draw is None else draw * each
        return cost

    def costs_by_draw(self, multipliers: Floats) -> tuple[list[Int64s], Floats]:
        """Return the arrays of draws, and ``(1 + num_draws, num_options)`` what a unit costs.

        The first row of costs is for what counts edges. No draws are copied.
        """
        costs, draws = [np.zeros(self.num_options)], []
        for draw, blocks in self._by_draw:
            price = np.zeros(self.num_options)
            for block in blocks:
                price += block.at(multipliers, 0)
            if draw is None:
                costs[0] = price
            else:
                draws.append(draw)
                costs.append(price)
        return draws, np.array(costs)

    def overdrawn(self, left: Int64s, part: slice) -> Bools:
        """Return which edges of a part draw more than is left, ``(num_rows,)``, in some row."""
        option = self.option[part]
        over = np.zeros(len(option), dtype=bool)
        for draw, blocks in self._by_draw:
            limit = np.full(self.num_options, UNLIMITED)
            for block in blocks:
                limit = np.minimum(limit, block.at(left, UNLIMITED))
            over |= (limit < 1)[option] if draw is None else draw[part] > limit[option]
        return over

    def closing(self, weight: Weights) -> Floats:
        """Return ``(num_rows,)`` prices of the rows of capacity 0 at which no edge pays, else 0."""
        price = np.zeros(len(self))
        for block in self.blocks:
            shut = block.at(self.capacity, 1) == 0
            if not shut.any():
                continue
            edge = np.flatnonzero(shut[self.option])
            draw = np.ones(len(edge)) if block.draw is None else block.draw[edge]
            edge, draw = edge[draw > 0], draw[draw > 0]
            worth = np.maximum(weight[edge].astype(np.float64), 0.0) / draw
            np.maximum.at(price, block.row_of[self.option[edge]], worth)
        return price

    @cached_property
    def _by_draw(self) -> list[tuple[Int64s | None, list[Block]]]:
        """The blocks that share the array of their draws, so that edges are read once for all."""
        shared: dict[int, tuple[Int64s | None, list[Block]]] = {}
        for block in self.blocks:
            shared.setdefault(id(block.draw), (block.draw, []))[1].append(block)
        return list(shared.values())

    @cached_property
    def _triples(self) -> _Triples:
        parts = [_by_row(block, self.option) for block in self.blocks]
        empty = np.zeros(0, dtype=np.int64)
        columns = zip((empty, empty, empty), *parts, strict=True)
        row, edge, draw = (owned(np.concatenate(column)) for column in columns)
        return row, edge, draw

    @property
    def row_idx(self) -> Int64s:
        """``(num_draws,)`` the rows of the non-zero a_pe, sorted by row, then by edge."""
        return self._triples[0]

    @property
    def edge_idx(self) -> Int64s:
        """``(num_draws,)`` the edges of the non-zero a_pe."""
        return self._triples[1]

    @property
    def draw(self) -> Int64s:
        """``(num_draws,)`` the non-zero a_pe."""
        return self._triples[2]

    @cached_property
    def by_edge(self) -> _Triples:
        """The same triples by edge: ``(start, row_idx, draw)``.

        Edge e has the entries ``start[e]:start[e + 1]``; ``start`` is ``(num_edges + 1,)``.
        """
        order = np.argsort(self.edge_idx, kind="stable")
        start = np.searchsorted(self.edge_idx[order], np.arange(self.num_edges + 1))
        return start.astype(np.int64), self.row_idx[order], self.draw[order]


def build_rows(problem: Problem) -> Rows:
    """Gather every limit, quota and pool of ``problem`` into one list of rows."""
    blocks, first = [], 0
    for block in (*_limit_blocks(problem), *_pool_blocks(problem)):
        shifted = np.where(block.row_of >= 0, block.row_of + first, -1)
        blocks.append(replace(block, row_of=shifted))
        first += len(block.index)
    empty = np.zeros(0, dtype=np.int64)
    return Rows(
        capacity=owned(np.concatenate([empty, *(block.capacity for block in blocks)])),
        blocks=tuple(blocks),
        option=problem.option,
        num_options=problem.num_options,
    )


def _by_row(block: Block, option: Int32s) -> _Triples:
    row = block.row_of[option]
    hit = row >= 0 if block.draw is None else (row >= 0) & (block.draw > 0)
    edge = np.flatnonzero(hit)
    edge = edge[np.argsort(row[edge], kind="stable")]
    return row[edge], edge, np.ones_like(edge) if block.draw is None else block.draw[edge]


def _limit_blocks(problem: Problem) -> Iterator[Block]:
    """Yield the blocks that have one row for each option or group with a finite limit."""
    option = np.arange(problem.num_options)
    amount = problem.amount
    yield from _limit_block("option_limit", option, problem.option_limit, None)
    yield from _limit_block("option_quota", option, problem.option_quota, amount)
    if problem.group is not None:
        yield from _limit_block("group_limit", problem.group, problem.group_limit, None)
        yield from _limit_block("group_quota", problem.group, problem.group_quota, amount)


def _limit_block(
    kind: str, owner: Int32s | Int64s, limit: Int64s | None, draw: Int64s | None
) -> Iterator[Block]:
    """Yield the rows of the owners, ``(num_options,)``, whose limit is finite, if there are any."""
    if limit is None:
        return
    finite = np.flatnonzero(limit != UNLIMITED)
    if finite.size:
        row_of = np.full(len(limit), -1, dtype=np.int64)
        row_of[finite] = np.arange(len(finite))
        yield Block(kind, finite, limit[finite], row_of[owner], draw)


def _pool_blocks(problem: Problem) -> Iterator[Block]:
    """Yield one block of one row for each pool with a finite capacity."""
    for index, pool in enumerate(problem.pools):
        if pool.capacity == UNLIMITED:
            continue
        row_of = np.full(problem.num_options, -1, dtype=np.int64)
        row_of[pool.options] = 0
        capacity = np.array([pool.capacity], dtype=np.int64)
        place = np.array([index], dtype=np.int64)
        yield Block("pool", place, capacity, row_of, _pool_draw(problem, pool))


def _pool_draw(problem: Problem, pool: Pool) -> Int64s | None:
    if pool.draw is not None:
        return pool.draw
    return problem.amount if pool.unit == "fen" else None
