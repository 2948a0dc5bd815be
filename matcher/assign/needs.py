"""The rows of needs: what each need may still choose from, and what it would gain at prices."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.assign.arrays import Bools, Floats, Int32s, Int64s, Weights, frozen
from matcher.assign.edge_memo import EdgeMemo, Gains
from matcher.assign.exact import exact_total, rounded
from matcher.assign.problem import Problem

_BIG = 200_000
"""From so many edges on the needs are read in parts, side by side."""

_LONG = 500_000
"""From so many edges on a single quick pass is worth the start of a thread."""

_FEW = 8
"""Where at most one price in so many is another, only what that changes is read."""

_PARTS = 2
"""The number of parts, whatever the number of cores: sums must not depend on those."""

_NO_GROUP: Int32s = frozen(np.zeros(0, dtype=np.int32))

Mapper = Callable[..., Any]


@dataclass(frozen=True, eq=False)
class Needs:
    """The edges of a problem by need, with what pins and bans leave of them.

    Parameters
    ----------
    start
        ``(num_needs + 1,)`` need i has the edges ``start[i]:start[i + 1]``.
    need, option, weight
        ``(num_edges,)`` the arrays of the problem itself, no copies; only where edges are pinned
        or banned are the weights a copy, with zeros there and where a pin closes a group.
    room
        ``(num_needs,)`` how many edges each need may still take.
    group, num_groups
        ``(num_options,)`` under ``one_per_group``, empty without; the number of groups.
    memo
        What is known of these edges already.
    """

    start: Int64s
    need: Int32s
    option: Int32s
    weight: Weights
    room: Int64s
    group: Int32s
    num_groups: int
    memo: EdgeMemo = field(default_factory=EdgeMemo)

    @property
    def num_edges(self) -> int:
        return len(self.need)

    @property
    def rows(self) -> tuple[Any, ...]:
        """The arguments that all kernels share."""
        return self.start, self.option, self.weight, self.room

    @property
    def groups(self) -> tuple[Int32s, int]:
        """The further arguments of kernels for needs of any kind."""
        return self.group, self.num_groups

    @cached_property
    def single(self) -> bool:
        """Whether no need takes more than one edge."""
        return not self.group.size and bool((self.room <= 1).all())

    @property
    def largest(self) -> float:
        """The largest weight, at least 0."""
        return self.memo.largest(self.weight)


def open_needs(problem: Problem) -> Needs:
    """Return the needs of a problem whose pairs of need and option ascend."""
    if not problem.ascending:
        raise ValueError("the edges are not in the order of needs and options")
    grouped = problem.one_per_group and problem.group is not None
    return Needs(
        start=problem.need_start,
        need=problem.need,
        option=problem.option,
        weight=_open_weights(problem),
        room=_room(problem),
        group=problem.group if grouped and problem.group is not None else _NO_GROUP,
        num_groups=problem.num_groups if grouped else 0,
        memo=problem.memo,
    )


def gain(needs: Needs, price: Floats) -> float:
    """Return what the needs gain at ``(num_options,)`` prices: Σ_i of the bound.

    Where no need takes more than one edge the sum is rounded once, and where few prices are not
    those of the last time only what these change is read; the outcome is the same to the last bit.
    """
    if not needs.single:
        with mapper(needs) as each:
            return read(needs, price, 0.0, each)[1]
    total = _gain_anew(needs, price)
    return rounded(_gain_of_all(needs, price) if total is None else total)


def _gain_of_all(needs: Needs, price: Floats) -> int:
    from matcher.assign import gain_kernel

    kernel: Any = gain_kernel
    each = np.empty(len(needs.room))

    def part(lo: int, hi: int) -> int:
        kernel.gain_of_singles(*needs.rows, price, lo, hi, each)
        return exact_total(each[lo:hi])

    total: int = sum(in_parts(needs, part))
    needs.memo.gains = Gains(frozen(price.copy()), frozen(each), total)
    return total


def _gain_anew(needs: Needs, price: Floats) -> int | None:
    """Return what follows from the gains known, None if more than a little is to be read."""
    from matcher.assign import gain_kernel

    kernel: Any = gain_kernel
    known = needs.memo.gains
    if known is None:
        return None
    moved = np.flatnonzero(known.price != price)
    if _FEW * len(moved) > len(price):
        return None
    edges = needs.memo.edges_of(needs.option, moved, len(price))
    if _FEW * len(edges) > needs.num_edges:
        return None
    size = len(known.each)
    marks, new = np.zeros(size, dtype=np.int8), np.empty(size)
    who = np.empty(min(len(edges), size), dtype=np.int32)
    scratch = (marks, new, who)
    count = kernel.gain_anew(
        edges, needs.need, needs.rows, known.price, price, known.each, *scratch
    )
    changed = who[:count]
    return known.total + exact_total(np.concatenate([new[changed], -known.each[changed]]))


def in_parts(needs: Needs, one: Callable[[int, int], Any]) -> list[Any]:
    """Return what ``one`` makes of each part of the needs, from one number to before another."""
    ends = _ends(needs).tolist()
    *others, last = pairwise(ends)
    if needs.num_edges < _LONG:
        return [one(*part) for part in (*others, last)]
    with ThreadPoolExecutor(len(others)) as pool:
        rest = [pool.submit(one, *part) for part in others]
        mine = one(*last)
        return [*(part.result() for part in rest), mine]


def _ends(needs: Needs) -> Int64s:
    """Return where the parts of the needs begin, then where the last one ends."""
    parts = _PARTS if needs.num_edges >= _BIG else 1
    ends = np.searchsorted(needs.start, np.linspace(0, needs.num_edges, parts + 1))
    ends[0], ends[-1] = 0, len(needs.room)
    return ends.astype(np.int64)


def gain_of_draws(needs: Needs, draws: Sequence[Int64s], costs: Floats) -> float:
    """Return what the needs gain where edges draw unlike quantities.

    Parameters
    ----------
    draws
        Arrays of ``(num_edges,)``; where there are several they are copied into one.
    costs
        ``(1 + num_draws, num_options)`` what an edge costs, then a unit of each array.
    """
    from matcher.assign import bound_kernel

    kernel: Any = bound_kernel
    one = draws[0].reshape(1, -1) if len(draws) == 1 else frozen(np.array(draws, np.int64))
    parts = _PARTS if needs.num_edges >= _BIG else 1
    ends = np.searchsorted(needs.start, np.linspace(0, needs.num_edges, parts + 1))
    ends[0], ends[-1] = 0, len(needs.room)

    def part(k: int) -> float:
        facts = (needs.start, needs.option, needs.weight, one, needs.room, *needs.groups)
        return float(kernel.gain_of_draws(*facts, costs, ends[k], ends[k + 1]))

    with mapper(needs) as each:
        return float(sum(each(part, range(parts))))


def read(
    needs: Needs, price: Floats, width: float, each: Mapper, stride: int = 1
) -> tuple[NDArray[np.int32], float]:
    """Return ``(num_options, BINS + 1)`` demand curves and the gain of all needs.

    Without a width there are no curves. With a stride only every so many needs are read, and
    each counts for all of them. See `scan_kernel.read_prices`.
    """
    from matcher.assign import scan_kernel

    ends = _ends(needs)
    parts = len(ends) - 1
    bins = scan_kernel.BINS + 1 if width > 0 else 0
    curves = np.zeros((parts, len(price), bins), dtype=np.int32)

    def one(part: int) -> float:
        kernel: Any = scan_kernel
        tail = (price, width, curves[part], ends[part], ends[part + 1], stride)
        if needs.single:
            return float(kernel.read_prices(*needs.rows, *tail))
        return float(kernel.read_prices_any(*needs.rows, *needs.groups, *tail))

    total = sum(each(one, range(parts)))
    for part in range(1, parts):
        curves[0] += curves[part]
    if stride > 1:
        curves[0] *= stride
    return curves[0], total * stride


@contextmanager
def mapper(needs: Needs) -> Iterator[Mapper]:
    """Yield a map that uses two threads where there is much to read."""
    if needs.num_edges < _BIG:
        yield map
        return
    with ThreadPoolExecutor(_PARTS) as pool:
        yield pool.map


def _room(problem: Problem) -> Int64s:
    if not problem.pinned.size:
        return problem.need_limit
    pins = np.bincount(problem.need[problem.pinned], minlength=problem.num_needs)
    return frozen(np.maximum(problem.need_limit - pins, 0))


def _open_weights(problem: Problem) -> Weights:
    if problem.all_free:
        return problem.weight
    closed: Bools = problem.fixed != -1
    if problem.need_group is not None:
        closed |= np.isin(problem.need_group, problem.need_group[problem.pinned])
    return frozen(np.where(closed, np.zeros_like(problem.weight), problem.weight))
