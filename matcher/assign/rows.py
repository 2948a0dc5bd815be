"""Rows: every capacity of a problem in one list, and what each edge draws from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from matcher.assign.arrays import UNLIMITED, Floats, Int64s, owned

if TYPE_CHECKING:
    from matcher.assign.pool import Pool
    from matcher.assign.problem import Problem

Label = tuple[str, int]
"""The kind of a row and its index within that kind, as in ``("option_limit", 3)``."""


@dataclass(frozen=True, eq=False)
class Rows:
    """The capacity rows ``Σ_e a_pe x_e ≤ c_p`` in their canonical order.

    The order is: ``option_limit`` by option, ``option_quota`` by option, ``group_limit`` by
    group, ``group_quota`` by group, ``pool`` in the order given. A limit of `UNLIMITED` makes
    no row. Multipliers are aligned with this order everywhere.

    Parameters
    ----------
    labels
        ``(num_rows,)`` what each row is.
    capacity
        ``(num_rows,)`` c_p, in units or fen.
    row_idx, edge_idx, draw
        ``(num_draws,)`` the non-zero a_pe as triples, sorted by row, then by edge.
    num_edges
        The number of columns.
    """

    labels: tuple[Label, ...]
    capacity: Int64s
    row_idx: Int64s
    edge_idx: Int64s
    draw: Int64s
    num_edges: int

    def __len__(self) -> int:
        return len(self.labels)

    def used(self, chosen: Int64s) -> Int64s:
        """Return ``(num_rows,)`` what the chosen edges draw, in exact integers."""
        taken = np.zeros(self.num_edges, dtype=bool)
        taken[chosen] = True
        hit = taken[self.edge_idx]
        total = np.zeros(len(self), dtype=np.int64)
        np.add.at(total, self.row_idx[hit], self.draw[hit])
        return total

    def priced(self, multipliers: Floats) -> Floats:
        """Return ``(num_edges,)`` what each edge's draws cost: ``Σ_p a_pe y_p``."""
        cost = self.draw * multipliers[self.row_idx]
        return np.bincount(self.edge_idx, cost, minlength=self.num_edges).astype(np.float64)

    @cached_property
    def by_edge(self) -> tuple[Int64s, Int64s, Int64s]:
        """The same triples by edge: ``(start, row_idx, draw)``.

        Edge e has the entries ``start[e]:start[e + 1]``; ``start`` is ``(num_edges + 1,)``.
        """
        order = np.argsort(self.edge_idx, kind="stable")
        start = np.searchsorted(self.edge_idx[order], np.arange(self.num_edges + 1))
        return start.astype(np.int64), self.row_idx[order], self.draw[order]


@dataclass(frozen=True, eq=False)
class _Block:
    """The rows of one kind, numbered from 0 within the block."""

    labels: list[Label]
    capacity: Int64s
    row_idx: Int64s
    edge_idx: Int64s
    draw: Int64s


def build_rows(problem: Problem) -> Rows:
    """Gather every limit, quota and pool of ``problem`` into one list of rows."""
    blocks = [*_limit_blocks(problem), *_pool_blocks(problem)]
    start = np.cumsum([0, *(len(b.labels) for b in blocks)])
    shifted = [b.row_idx + first for b, first in zip(blocks, start, strict=False)]
    return Rows(
        labels=tuple(label for b in blocks for label in b.labels),
        capacity=_joined([b.capacity for b in blocks]),
        row_idx=_joined(shifted),
        edge_idx=_joined([b.edge_idx for b in blocks]),
        draw=_joined([b.draw for b in blocks]),
        num_edges=problem.num_edges,
    )


def _joined(parts: list[Int64s]) -> Int64s:
    return owned(np.concatenate([np.zeros(0, dtype=np.int64), *parts]))


def _limit_blocks(problem: Problem) -> Iterator[_Block]:
    """Yield the four blocks that have one row for each option or group."""
    one = np.ones(problem.num_edges, dtype=np.int64)
    amount = problem.amount if problem.amount is not None else one
    option = problem.option
    yield _limit_block("option_limit", option, problem.option_limit, one)
    yield _limit_block("option_quota", option, problem.option_quota, amount)
    if problem.group is not None:
        group = problem.group[option]
        yield _limit_block("group_limit", group, problem.group_limit, one)
        yield _limit_block("group_quota", group, problem.group_quota, amount)


def _limit_block(
    kind: str, owner: np.typing.NDArray[np.int32], limit: Int64s | None, draw: Int64s
) -> _Block:
    """Return the rows of the owners (options or groups) whose limit is finite."""
    limit = np.zeros(0, dtype=np.int64) if limit is None else limit
    finite = np.flatnonzero(limit != UNLIMITED)
    if not finite.size:
        return _Block([], finite, finite, finite, finite)
    row_of = np.full(len(limit), -1, dtype=np.int64)
    row_of[finite] = np.arange(len(finite))
    row = row_of[owner]
    edges = np.flatnonzero((row >= 0) & (draw > 0))
    edges = edges[np.argsort(row[edges], kind="stable")]
    labels = [(kind, int(i)) for i in finite]
    return _Block(labels, limit[finite], row[edges], edges, draw[edges])


def _pool_blocks(problem: Problem) -> Iterator[_Block]:
    """Yield one block of one row for each pool with a finite capacity."""
    order = np.argsort(problem.option, kind="stable")
    start = np.searchsorted(problem.option[order], np.arange(problem.num_options + 1))
    for index, pool in enumerate(problem.pools):
        if pool.capacity == UNLIMITED:
            continue
        parts = [order[start[j] : start[j + 1]] for j in np.unique(pool.options)]
        edges = np.sort(_joined(parts))
        draw = _pool_draw(problem, pool, edges)
        edges, draw = edges[draw > 0], draw[draw > 0]
        capacity = np.array([pool.capacity], dtype=np.int64)
        yield _Block([("pool", index)], capacity, np.zeros_like(edges), edges, draw)


def _pool_draw(problem: Problem, pool: Pool, edges: Int64s) -> Int64s:
    if pool.draw is not None:
        return pool.draw[edges]
    if pool.unit == "fen" and problem.amount is not None:
        return problem.amount[edges]
    return np.ones_like(edges)
