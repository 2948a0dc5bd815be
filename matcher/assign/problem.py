"""Problem: one assignment problem as read-only arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from matcher.assign.arrays import COMPILED, Int8s, Int32s, Int64s, Weights, frozen, owned
from matcher.assign.edge_memo import EdgeMemo
from matcher.assign.exact import exact_sum
from matcher.assign.floor import Floor, FloorRows, build_floor_rows
from matcher.assign.pool import Pool
from matcher.assign.reading import read
from matcher.assign.rows import Label, Rows, build_rows

_ENDS = {"need", "option", "num_needs", "num_options"}
"""What the order of the edges depends on, and whether arrays of edges fit."""

_EDGES = _ENDS | {"weight", "need_limit", "group", "one_per_group", "fixed"}
"""What a memo of edges depends on."""


@dataclass(frozen=True, eq=False, repr=False)
class Problem:
    """Which of the eligible edges to choose, so that the sum of weights is greatest.

        max   Σ_e w_e x_e - Σ_f ρ_f s_f         x_e ∈ {0, 1}
        s.t.  Σ_{e of need i} x_e ≤ need_limit_i            every need i
              Σ_{e of need i, group g} x_e ≤ 1              if ``one_per_group``
              Σ_e a_pe x_e ≤ c_p                            every row p of `rows`
              s_f = max(0, least_f - what floor f counts)   every floor f
              x_e = 1 where fixed_e = 1,  x_e = 0 where fixed_e = 0

    Build it with `from_arrays`, which checks everything; the constructor trusts what it gets.
    All arrays are copies and cannot be written to. Variants come from `replace`.

    Attributes
    ----------
    need, option, weight
        ``(num_edges,)`` the edges. The same (need, option) may occur more than once.
    num_needs, num_options
        The number of needs and of options.
    need_limit
        ``(num_needs,)`` the most edges of each need.
    option_limit, option_quota
        ``(num_options,)`` the most edges and the most fen of each option; None for no such rows.
    amount
        ``(num_edges,)`` fen that an edge draws from quotas and fen pools.
    group
        ``(num_options,)`` the group (institution) of each option.
    group_limit, group_quota
        ``(num_groups,)`` the most edges and the most fen of each group.
    one_per_group
        Whether a need takes at most one option of a group.
    pools
        More capacities.
    fixed
        ``(num_edges,)`` 1 pinned, 0 banned, -1 free.
    floors
        Soft lower limits, each a `Floor` with its penalty ρ.
    """

    need: Int32s
    option: Int32s
    weight: Weights
    num_needs: int
    num_options: int
    need_limit: Int64s
    option_limit: Int64s | None
    amount: Int64s | None
    option_quota: Int64s | None
    group: Int32s | None
    group_limit: Int64s | None
    group_quota: Int64s | None
    one_per_group: bool
    pools: tuple[Pool, ...]
    fixed: Int8s
    floors: tuple[Floor, ...] = ()

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, np.ndarray):
                object.__setattr__(self, field.name, owned(value))

    @classmethod
    def from_arrays(
        cls,
        need: ArrayLike,
        option: ArrayLike,
        weight: ArrayLike,
        num_needs: int,
        num_options: int,
        need_limit: ArrayLike = 1,
        option_limit: ArrayLike | None = None,
        amount: ArrayLike | None = None,
        option_quota: ArrayLike | None = None,
        group: ArrayLike | None = None,
        group_limit: ArrayLike | None = None,
        group_quota: ArrayLike | None = None,
        one_per_group: bool = False,
        pools: Sequence[Pool] = (),
        fixed: ArrayLike | None = None,
        floors: Sequence[Floor] = (),
    ) -> Problem:
        """Check the arrays and make a problem of copies of them.

        Parameters
        ----------
        need, option
            ``(num_edges,)`` integers in ``[0, num_needs)`` and ``[0, num_options)``.
        weight
            ``(num_edges,)`` finite numbers of any sign; float32 is kept, all else becomes
            float64. A free edge of weight 0 or less is never chosen.
        num_needs, num_options
            How many needs and options there are, at least 0 and below 2**31.
        need_limit
            A scalar or ``(num_needs,)`` integers of at least 0.
        option_limit
            ``(num_options,)`` units, at least 0.
        amount, option_quota
            ``(num_edges,)`` and ``(num_options,)`` fen, at least 0. A quota needs amounts.
        group, group_limit, group_quota
            ``(num_options,)`` group of each option; ``(num_groups,)`` units; ``(num_groups,)``
            fen. Without a limit or quota the number of groups is the greatest group plus one.
        one_per_group
            At most one option of a group for each need.
        pools
            More capacities, each a `Pool`.
        fixed
            ``(num_edges,)`` 1 pinned, 0 banned, -1 free; None leaves every edge free.
        floors
            Soft lower limits, each a `Floor`.

        Notes
        -----
        In every limit, quota and capacity the entry `UNLIMITED` means that there is none; None
        means that no entry of the block has one. The amounts (and the draws of each pool) must
        add up to less than 2**63, so that every sum is exact.

        Raises
        ------
        ProblemError
            With every fault found, each naming the array, the index and the value.
        """
        given = dict(locals())  # the arguments by name, as no other local exists yet
        del given["cls"]
        return cls(**read(given))

    def replace(self, **changes: Any) -> Problem:
        """Return a problem that differs in the named arguments of `from_arrays`.

        Raises
        ------
        ProblemError
            If the outcome is no problem.
        """
        given = {field.name: getattr(self, field.name) for field in fields(self)}
        if unknown := changes.keys() - given.keys():
            raise TypeError(f"a problem has no {', '.join(sorted(unknown))}")
        known = () if _ENDS & set(changes) else self._edge_arrays()
        other = Problem(**read({**given, **changes}, known))
        if "_order" in self.__dict__ and not _ENDS & set(changes):
            other.__dict__["_order"] = self._order  # the edges are the same
        if not _EDGES & set(changes):
            other.__dict__["memo"] = self.memo.child()
        return other

    def _edge_arrays(self) -> list[tuple[str, NDArray[Any]]]:
        """Return the arrays with an entry for each edge, with their names as `read` knows them."""
        draws = (self.amount, *(pool.draw for pool in self.pools))
        return [
            *((name, getattr(self, name)) for name in ("need", "option", "weight", "fixed")),
            *(("amount", draw) for draw in draws if draw is not None),
        ]

    def take_edges(self, edges: Int64s) -> Problem:
        """Return the problem of the edges ``edges`` in that order; rows stay as they are."""
        pools = tuple(
            pool if pool.draw is None else replace(pool, draw=frozen(pool.draw[edges]))
            for pool in self.pools
        )
        return replace(
            self,
            need=frozen(self.need[edges]),
            option=frozen(self.option[edges]),
            weight=frozen(self.weight[edges]),
            amount=None if self.amount is None else frozen(self.amount[edges]),
            fixed=frozen(self.fixed[edges]),
            pools=pools,
        )

    @property
    def num_edges(self) -> int:
        """The number of edges."""
        return len(self.need)

    @property
    def num_groups(self) -> int:
        """The number of groups, 0 if options have none."""
        for limits in (self.group_limit, self.group_quota):
            if limits is not None:
                return len(limits)
        return 0 if self.group is None else int(self.group.max(initial=-1)) + 1

    @cached_property
    def rows(self) -> Rows:
        """Every capacity row in canonical order (see `Rows`), built when first asked for."""
        return build_rows(self)

    @cached_property
    def floor_rows(self) -> FloorRows:
        """Every floor, in the order given."""
        return build_floor_rows(self.floors, self.num_needs, self.num_options)

    def worth(self, chosen: Int64s) -> float:
        """Return the objective of the chosen edges: their weights less what floors lack."""
        total = exact_sum(self.weight[chosen])
        if not self.floors:
            return total
        return total - self.floor_rows.penalties(self.need[chosen], self.option[chosen])

    @property
    def num_rows(self) -> int:
        """The number of capacity rows, which is the number of multipliers."""
        return len(self.rows)

    @property
    def row_capacity(self) -> Int64s:
        """``(num_rows,)`` the capacity of each row, in units or fen."""
        return self.rows.capacity

    def row_label(self, row: int) -> Label:
        """Return what a row is: its kind and its index, as in ``("option_limit", 3)``."""
        return self.rows.labels[row]

    @property
    def in_order(self) -> bool:
        """Whether the pairs (need, option) of the edges ascend, none of them twice."""
        return self._order[0] == 2

    @property
    def ascending(self) -> bool:
        """Whether the pairs (need, option) of the edges ascend, perhaps not strictly."""
        return self._order[0] > 0

    @property
    def need_start(self) -> Int64s:
        """``(num_needs + 1,)`` where each need's edges start, if the problem is `ascending`."""
        return self._order[1]

    @cached_property
    def _order(self) -> tuple[int, Int64s]:
        """2 if pairs ascend, 1 if some ascend not strictly, 0 if they do not; and the starts."""
        start = np.zeros(self.num_needs + 1, dtype=np.int64)
        if self.num_edges >= COMPILED:
            from matcher.assign.scan_kernel import read_order

            return int(read_order(self.need, self.option, self.num_needs, start)), frozen(start)
        start[1:] = np.cumsum(np.bincount(self.need, minlength=self.num_needs))
        key = self.need.astype(np.int64) * self.num_options + self.option
        least = int(np.diff(key).min(initial=1))
        return min(max(least + 1, 0), 2), frozen(start)

    @cached_property
    def memo(self) -> EdgeMemo:
        """What is known of the edges; variants that do not change them know it too."""
        return EdgeMemo()

    @cached_property
    def all_free(self) -> bool:
        """Whether no edge is pinned or banned."""
        return not self.num_edges or bool(self.fixed.max() == -1)

    @cached_property
    def pinned(self) -> Int64s:
        """The edges pinned into every plan, ascending."""
        if self.all_free:
            return owned(np.zeros(0, dtype=np.int64))
        return owned(np.flatnonzero(self.fixed == 1))

    @cached_property
    def need_group(self) -> Int64s | None:
        """``(num_edges,)`` one number for each pair of need and group, None if pairs are free.

        Edges that share it exclude each other under ``one_per_group``.
        """
        if not self.one_per_group or self.group is None:
            return None
        return owned(self.need.astype(np.int64) * self.num_groups + self.group[self.option])

    def __repr__(self) -> str:
        return (
            f"Problem(num_needs={self.num_needs}, num_options={self.num_options}, "
            f"num_edges={self.num_edges}, num_rows={self.num_rows})"
        )
