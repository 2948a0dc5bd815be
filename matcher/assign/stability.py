"""How stable a matching is, and how content both sides are with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from matcher.assign.arrays import Floats, Int64s, owned
from matcher.assign.problem import Problem
from matcher.assign.stable import choosers, owners


@dataclass(frozen=True, eq=False)
class Stability:
    """What `stability` found.

    Parameters
    ----------
    blocking
        Edges outside the matching that both sides would take, giving up others if need be.
    mean_need_rank, mean_option_rank
        Mean place of the chosen edges on the list of their need, and of their option's group:
        1 is the best. None without a chosen edge.
    first_choices
        Share of the matched needs that have their best edge; None without a matched need.
    num_envious
        Needs that would rather have an edge that its group gave to others (of which only those
        in ``blocking`` are justified).
    """

    blocking: Int64s
    mean_need_rank: float | None
    mean_option_rank: float | None
    first_choices: float | None
    num_envious: int

    @property
    def is_stable(self) -> bool:
        """Whether no pair would rather have each other."""
        return not self.blocking.size


def stability(
    problem: Problem, chosen: ArrayLike, need_ranks: Floats, option_ranks: Floats
) -> Stability:
    """Measure any matching, whoever made it.

    An edge blocks if its need, choosing from what it has and the edge, would take it, and its
    group likewise. Banned edges and those with a rank of 0 or less are out of the question.

    Parameters
    ----------
    chosen
        Edge indices.
    need_ranks, option_ranks
        ``(num_edges,)`` as for `matcher.assign.stable.stable_edges`.
    """
    edges = np.asarray(chosen, dtype=np.int64).tolist()
    by_need, by_group = choosers(problem, need_ranks, option_ranks)
    need, group = problem.need.tolist(), owners(problem)
    of_need, of_group = _grouped(edges, need), _grouped(edges, group)
    inside, usable = set(edges), (problem.fixed != 0) & (need_ranks > 0) & (option_ranks > 0)
    outside = [e for e in np.flatnonzero(usable).tolist() if e not in inside]
    wished = [e for e in outside if e in by_need([*of_need[need[e]], e])]
    blocking = [e for e in wished if e in by_group([*of_group[group[e]], e])]
    need_places = _places(need, need_ranks, usable)
    group_places = _places(group, option_ranks, usable)
    matched = {need[e] for e in edges}
    return Stability(
        blocking=owned(np.array(blocking, dtype=np.int64)),
        mean_need_rank=_mean([need_places[e] for e in edges]),
        mean_option_rank=_mean([group_places[e] for e in edges]),
        first_choices=_mean([any(need_places[e] == 1 for e in of_need[i]) for i in matched]),
        num_envious=len({need[e] for e in wished}),
    )


def _grouped(edges: Sequence[int], owner: Sequence[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for edge in edges:
        found[owner[edge]].append(edge)
    return found


def _places(owner: Sequence[int], ranks: Floats, usable: np.ndarray) -> Int64s:
    """Return each edge's place, from 1, among the usable edges of its owner; ties by index."""
    owners_of = np.asarray(owner)
    places = np.zeros(len(ranks), dtype=np.int64)
    edges = np.flatnonzero(usable)
    order = edges[np.lexsort((edges, -ranks[edges], owners_of[edges]))]
    starts = np.searchsorted(owners_of[order], owners_of[order])
    places[order] = np.arange(len(order)) - starts + 1
    return places


def _mean(values: Sequence[float]) -> float | None:
    return float(np.mean(values)) if len(values) else None
