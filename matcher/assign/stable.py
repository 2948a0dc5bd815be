"""Stable matching: deferred acceptance with several contacts a need and several leads an option.

Both sides choose from what they are offered by a greedy rule. A need takes its best edges, at
most one of a group under ``one_per_group`` and at most its limit; a group (an option, where
there are no groups) takes its best edges within the limit of each of its options and its own.
Both rules choose from nested sets ("laminar"), so neither side ever regrets a refusal when more
is offered, and deferred acceptance ends in a matching without a blocking pair.

References
----------
Gale, D. and Shapley, L. S. (1962). College admissions and the stability of marriage. American
Mathematical Monthly 69, 9-15.
Fleiner, T. (2003). A fixed-point approach to stable matchings and some applications.
Mathematics of Operations Research 28, 103-126.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from matcher.assign.arrays import UNLIMITED, Floats, Int64s
from matcher.assign.certificate import closing_prices
from matcher.assign.method import Answer, Options
from matcher.assign.problem import Problem
from matcher.assign.result import Status
from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Text

_REASON = Text(
    "稳定匹配：{side}方提出，没有一对双方都更愿意改选；不追求总分最高",
    "stable: proposed by the {side}; no pair would rather have each other; not the greatest sum",
)
_SIDES = {"needs": Text("需求", "needs"), "options": Text("机构", "options")}
Chooser = Callable[[Iterable[int]], list[int]]


def solve_stable(problem: Problem, options: Options) -> Answer:
    """Match by deferred acceptance, the needs proposing, both sides ranking by weight.

    Time limit and seed are not used. The multipliers only close rows without capacity: a
    stable matching has no price that proves its sum.

    Raises
    ------
    InputError
        If `stable_takes` says why not.
    """
    weight = problem.weight.astype(np.float64)
    chosen = stable_edges(problem, weight, weight)
    reason = _REASON.format(side=_SIDES["needs"])
    return Answer(Status.FEASIBLE, chosen, closing_prices(problem), "stable", reason)


def stable_takes(problem: Problem) -> Text | None:
    """Return why a problem has no stable matching to look for; None if it has one.

    Only places may be limited, of options and of groups, and nothing may be pinned: money makes
    choices that may leave no matching stable.
    """
    if problem.option_quota is not None or problem.group_quota is not None or problem.pools:
        return Text(
            "稳定匹配只适用于按名额计的机构和产品上限",
            "stable matching takes limits on the places of options and groups only",
        )
    if problem.pinned.size:
        return Text("稳定匹配不接受锁定项", "stable matching takes no pins")
    return None


def stable_edges(
    problem: Problem, need_ranks: Floats, option_ranks: Floats, proposing: str = "needs"
) -> Int64s:
    """Return the edges of the stable matching that the proposing side likes best.

    Parameters
    ----------
    need_ranks, option_ranks
        ``(num_edges,)`` how much the need, and the option's group, wants each edge: more is
        better, 0 or less is not wanted. Ties go to the lower edge.
    proposing
        ``"needs"`` or ``"options"``.

    Raises
    ------
    InputError
        If the problem has limits that stable matching does not take, or no side is called so.
    """
    refusal = stable_takes(problem)
    if refusal is not None:
        raise InputError([Fault(refusal, field="method", value="stable")])
    if proposing not in _SIDES:
        expected = Text.same("needs, options")
        raise InputError(
            [Fault(Text("没有这一方", "no such side"), "proposing", proposing, expected)]
        )
    by_need, by_group = choosers(problem, need_ranks, option_ranks)
    usable = np.flatnonzero((problem.fixed == -1) & (need_ranks > 0) & (option_ranks > 0))
    needs, groups = problem.need.tolist(), owners(problem)
    sides = [(by_need, needs), (by_group, groups)]
    if proposing == "options":
        sides.reverse()
    return np.array(_deferred_acceptance(usable.tolist(), *sides), dtype=np.int64)


_Side = tuple[Chooser, Sequence[int]]


def _deferred_acceptance(edges: list[int], proposers: _Side, receivers: _Side) -> list[int]:
    """Let proposers offer their choice of what is not yet refused, until nothing is refused.

    1. Every proposer that lost an edge (at first: all) offers its choice of the edges left.
    2. Every receiver with a new offer keeps its choice of what it holds and is offered.
    3. What it does not keep is refused for good; go to 1 with the proposers concerned.
    """
    (propose, owner), (receive, receiver) = proposers, receivers
    left: dict[int, set[int]] = defaultdict(set)
    for edge in edges:
        left[owner[edge]].add(edge)
    held: dict[int, set[int]] = defaultdict(set)
    active = sorted(left)
    while active:
        offered = sorted(
            {receiver[e] for p in active for e in _offer(propose, left[p], held, receiver)}
        )
        refused = [e for r in offered for e in _refuse(receive, r, held)]
        for edge in refused:
            left[owner[edge]].discard(edge)
        active = sorted({owner[e] for e in refused})
    return sorted(e for kept in held.values() for e in kept)


def _offer(
    propose: Chooser, left: set[int], held: dict[int, set[int]], receiver: Sequence[int]
) -> list[int]:
    """Put a proposer's choice before the receivers; return what is new to them."""
    fresh = [e for e in propose(left) if e not in held[receiver[e]]]
    for edge in fresh:
        held[receiver[edge]].add(edge)
    return fresh


def _refuse(receive: Chooser, who: int, held: dict[int, set[int]]) -> list[int]:
    """Let a receiver keep its choice; return what it turns down."""
    kept = set(receive(held[who]))
    refused = sorted(held[who] - kept)
    held[who] = kept
    return refused


def owners(problem: Problem) -> list[int]:
    """Return who decides on each edge: its option's group, or the option where there are none."""
    option = problem.option
    found: list[int] = (option if problem.group is None else problem.group[option]).tolist()
    return found


def choosers(problem: Problem, need_ranks: Floats, option_ranks: Floats) -> tuple[Chooser, Chooser]:
    """Return how a need, and how a group, chooses from a set of its edges."""
    return _need_chooser(problem, need_ranks), _group_chooser(problem, option_ranks)


def _need_chooser(problem: Problem, ranks: Floats) -> Chooser:
    rank, need = ranks.tolist(), problem.need.tolist()
    limit = problem.need_limit.tolist()
    group = None if problem.need_group is None else problem.need_group.tolist()

    def choose(edges: Iterable[int]) -> list[int]:
        taken, met = list[int](), set[int]()
        for edge in sorted(edges, key=lambda e: (-rank[e], e)):
            if len(taken) < limit[need[edge]] and (group is None or group[edge] not in met):
                taken.append(edge)
                if group is not None:
                    met.add(group[edge])
        return taken

    return choose


def _group_chooser(problem: Problem, ranks: Floats) -> Chooser:
    rank, option, owner = ranks.tolist(), problem.option.tolist(), owners(problem)
    of_option = _limits(problem.option_limit, problem.num_options)
    grouped = problem.group is not None
    of_group = _limits(problem.group_limit if grouped else None, max(owner, default=-1) + 1)

    def choose(edges: Iterable[int]) -> list[int]:
        taken, used = list[int](), defaultdict[int, int](int)
        for edge in sorted(edges, key=lambda e: (-rank[e], e)):
            if used[option[edge]] < of_option[option[edge]] and len(taken) < of_group[owner[edge]]:
                taken.append(edge)
                used[option[edge]] += 1
        return taken

    return choose


def _limits(limits: Int64s | None, num: int) -> list[int]:
    return [UNLIMITED] * num if limits is None else limits.tolist()
