"""Laminar: counting capacities that are nested or disjoint, as a forest over the options."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from matcher.assign.arrays import UNLIMITED, Bools, Floats, Int64s
from matcher.assign.pool import Pool
from matcher.assign.problem import Problem
from matcher.domain.text import Text

_FEN = Text("有以金额计的额度", "it has quotas in fen")
_OWN_DRAW = Text("资源池 {p} 各边占用不为 1", "pool {p} draws other than 1 for each edge")
_CROSSING = Text(
    "{name} 与另一个上限相交而不包含", "{name} overlaps another limit without lying inside it"
)


@dataclass(frozen=True, eq=False)
class Laminar:
    """The counting rows of a problem, nested: options in groups and pools, inner to outer.

    Parameters
    ----------
    places
        ``(num_options,)`` the limit of each option itself, -1 for none.
    option_row
        ``(num_options,)`` its row, -1 for none.
    parent
        ``(num_options,)`` the innermost set around each option, -1 for none.
    room, row, set_parent, low, high
        ``(num_sets,)`` limit, row and next outer set (-1 for none) of each set, inner ones
        first; its options are ``members[low:high]``.
    members
        Options, each set's side by side.
    num_rows
        The number of rows of the problem.
    """

    places: Int64s
    option_row: Int64s
    parent: Int64s
    room: Int64s
    row: Int64s
    set_parent: Int64s
    low: Int64s
    high: Int64s
    members: Int64s
    num_rows: int

    @cached_property
    def inner(self) -> tuple[int, ...]:
        """The sets that lie in other sets, those after their outer ones."""
        return tuple(np.flatnonzero(self.set_parent >= 0)[::-1].tolist())

    def nested(self, option_price: Floats, set_price: Floats) -> tuple[Floats, Floats]:
        """Return ``(num_options,)`` prices with those of all sets around as floors, and floors.

        The second array, ``(num_sets,)``, are the set prices with outer ones as floors.
        """
        floor = set_price.copy()
        for s in self.inner:
            floor[s] = max(floor[s], floor[self.set_parent[s]])
        return np.maximum(option_price, _at(floor, self.parent)), floor

    def multipliers(self, option_price: Floats, set_price: Floats) -> Floats:
        """Return ``(num_rows,)`` by how much each row's price exceeds that of what is around."""
        price, floor = self.nested(option_price, set_price)
        prices = np.zeros(self.num_rows)
        own = self.option_row >= 0
        prices[self.option_row[own]] = (price - _at(floor, self.parent))[own]
        prices[self.row] = floor - _at(floor, self.set_parent)
        return prices

    def prices(self, multipliers: Floats) -> tuple[Floats, Floats]:
        """Return the nested prices of options and sets that ``(num_rows,)`` multipliers mean."""
        floor = multipliers[self.row].astype(np.float64)
        for s in self.inner:
            floor[s] += floor[self.set_parent[s]]
        own = np.where(self.option_row >= 0, np.append(multipliers, 0.0)[self.option_row], 0.0)
        return own + _at(floor, self.parent), floor

    def sums(self, count: Int64s) -> Int64s:
        """Return ``(num_sets,)`` the sum of ``(num_options,)`` counts in each set."""
        total = np.concatenate([[0], np.cumsum(count[self.members])])
        each: Int64s = total[self.high] - total[self.low]
        return each

    def shut(self) -> Bools:
        """Return ``(num_options,)`` which options can hold nothing at all."""
        shut: Bools = self.places == 0
        for s in np.flatnonzero(self.room == 0):
            shut[self.members[self.low[s] : self.high[s]]] = True
        return shut


def why_not_laminar(problem: Problem) -> Text | None:
    """Return why the limits of a problem are no nest of counts, None if they are."""
    for quota in (problem.option_quota, problem.group_quota):
        if quota is not None and (quota != UNLIMITED).any():
            return _FEN
    for p, pool in _finite_pools(problem):
        if pool.draw is None and pool.unit == "fen":
            return _FEN
        if pool.draw is not None and (pool.draw[np.isin(problem.option, pool.options)] != 1).any():
            return _OWN_DRAW.format(p=p)
    return _why_crossing(problem)


def read_laminar(problem: Problem) -> Laminar:
    """Return the rows of a problem that `why_not_laminar` has nothing against."""
    places = np.full(problem.num_options, -1, dtype=np.int64)
    option_row = places.copy()
    if problem.option_limit is not None:
        finite = np.flatnonzero(problem.option_limit != UNLIMITED)
        places[finite] = problem.option_limit[finite]
        option_row[finite] = np.arange(len(finite))
    first = int((option_row >= 0).sum())
    parts = sorted(enumerate(_sets(problem), first), key=lambda part: -len(part[1][0]))
    parts.reverse()
    sizes = np.array([len(options) for _, (options, _) in parts], dtype=np.int64)
    high = np.cumsum(sizes, dtype=np.int64)
    room = np.array([capacity for _, (_, capacity) in parts], dtype=np.int64)
    members = np.concatenate([np.zeros(0, np.int64), *(options for _, (options, _) in parts)])
    inner, set_parent = _nest(problem, sizes, members)
    return Laminar(
        places=places,
        option_row=option_row,
        parent=inner,
        room=room,
        row=np.array([row for row, _ in parts], dtype=np.int64),
        set_parent=set_parent,
        low=high - sizes,
        high=high,
        members=members,
        num_rows=problem.num_rows,
    )


def _nest(problem: Problem, sizes: Int64s, members: Int64s) -> tuple[Int64s, Int64s]:
    """Return the innermost set around each option, and the next outer set around each set."""
    inner = np.full(problem.num_options, -1, dtype=np.int64)
    set_parent = np.full(len(sizes), -1, dtype=np.int64)
    if not any(_finite_pools(problem)):  # groups lie side by side
        inner[members] = np.repeat(np.arange(len(sizes)), sizes)
        return inner, set_parent
    high = np.cumsum(sizes)
    for s in range(len(sizes) - 1, -1, -1):
        options = members[high[s] - sizes[s] : high[s]]
        set_parent[s] = inner[options[0]] if len(options) else -1
        inner[options] = s
    return inner, set_parent


def _at(values: Floats, index: Int64s) -> Floats:
    """Return the values at the indices, 0 where the index is -1."""
    return np.concatenate([values, [0.0]])[index]


def _finite_pools(problem: Problem) -> Iterator[tuple[int, Pool]]:
    for p, pool in enumerate(problem.pools):
        if pool.capacity != UNLIMITED:
            yield p, pool


def _sets(problem: Problem) -> Iterator[tuple[Int64s, int]]:
    """Yield the options and the capacity of each counting row after those of options."""
    if problem.group is not None and problem.group_limit is not None:
        order = np.argsort(problem.group, kind="stable")
        ends = np.searchsorted(problem.group[order], np.arange(problem.num_groups + 1))
        limits = problem.group_limit.tolist()
        for g in np.flatnonzero(problem.group_limit != UNLIMITED).tolist():
            yield order[ends[g] : ends[g + 1]], limits[g]
    for _, pool in _finite_pools(problem):
        yield np.unique(pool.options).astype(np.int64), pool.capacity


def _why_crossing(problem: Problem) -> Text | None:
    """Take sets from large to small: each must lie in one innermost set of those before."""
    if not any(_finite_pools(problem)):
        return None  # groups lie side by side
    parts = sorted(enumerate(_sets(problem)), key=lambda part: -len(part[1][0]))
    inner = np.full(problem.num_options, -1, dtype=np.int64)
    for index, (options, _) in parts:
        around = inner[options]
        if (around != around[:1]).any():
            number = Text("第 {n} 个机构或资源池上限", "limit {n} of groups and pools")
            return _CROSSING.format(name=number.format(n=index + 1))
        inner[options] = index
    return None
