"""The certificate: multipliers that prove how good any plan can be at most."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from matcher.assign.arrays import COMPILED, Bools, Floats, Int64s
from matcher.assign.problem import Problem
from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Text


def bound(problem: Problem, multipliers: ArrayLike) -> float:
    """Return an upper bound on the objective of every plan.

        bound(y) = Σ_p c_p y_p + Σ_i max_{S ∈ F_i} Σ_{e ∈ S} (w_e − Σ_p a_pe y_p)

    F_i are the choices that need i may make on its own: at most ``need_limit_i`` edges, at most
    one of a group under ``one_per_group``, its pins in, its bans out.

    Parameters
    ----------
    multipliers
        ``(num_rows,)`` y, finite and at least 0, aligned with ``problem.rows``.

    Raises
    ------
    InputError
        If the multipliers have another shape, are negative or are not finite.

    Notes
    -----
    Why it holds for any y ≥ 0: a plan x keeps Σ_e a_pe x_e ≤ c_p, so adding
    Σ_p y_p (c_p − Σ_e a_pe x_e) ≥ 0 to its objective can only raise it, and the outcome is at
    most bound(y), since x makes a choice of F_i for each need. That is Lagrangian relaxation.

    How good it can be: the sets "need i" and "need i, group g" are nested, so the constraints
    of F_i form a laminar, hence totally unimodular system and its polytope has integral
    vertices. The least bound over all y is therefore exactly the optimum of the LP relaxation.

    The inner maximum is exact: of each group the best edge, of these the best while positive.

    If the pins alone break a limit of a need there is no plan and the value means nothing.

    References
    ----------
    Held, M. and Karp, R. M. (1971). The traveling-salesman problem and minimum spanning trees:
    Part II. Mathematical Programming 1, 6-25.
    Geoffrion, A. M. (1974). Lagrangean relaxation for integer programming. Mathematical
    Programming Study 2, 82-114.
    """
    prices = _checked(problem, multipliers)
    if problem.num_edges >= COMPILED and problem.rows.counting and problem.ascending:
        return _compiled_bound(problem, prices)
    reduced = problem.weight.astype(np.float64) - problem.rows.priced(prices)
    taken = best_choices(problem, reduced)
    return math.fsum([*(problem.row_capacity * prices).tolist(), *reduced[taken].tolist()])


def best_choices(problem: Problem, reduced: Floats) -> Int64s:
    """Return the edges that every need takes on its own, given ``(num_edges,)`` net weights."""
    edges = _wanted(problem, reduced)
    if problem.need_group is not None:
        edges = _firsts(edges, problem.need_group, reduced)
    pins = np.bincount(problem.need[problem.pinned], minlength=problem.num_needs)
    room = np.maximum(problem.need_limit - pins, 0)
    order = edges[np.lexsort((-reduced[edges], problem.need[edges]))]
    need = problem.need[order]
    rank = np.arange(len(order)) - np.searchsorted(need, need)
    return np.concatenate([problem.pinned, order[rank < room[need]]])


def closing_prices(problem: Problem) -> Floats:
    """Return multipliers that price out, at no cost, all edges of rows whose capacity is 0.

    Everything else is free. It is the cheapest certificate that is better than none at all.
    """
    return problem.rows.closing(problem.weight)


def _compiled_bound(problem: Problem, prices: Floats) -> float:
    """Return the bound where all rows count edges, so that an edge costs what its option does."""
    from matcher.assign.needs import gain, open_needs

    price = problem.rows.option_prices(prices)
    pinned = problem.pinned
    pins = problem.weight[pinned].astype(np.float64) - price[problem.option[pinned]]
    spent = (problem.row_capacity * prices).tolist()
    return math.fsum([*spent, *pins.tolist(), gain(open_needs(problem), price)])


def _checked(problem: Problem, multipliers: ArrayLike) -> Floats:
    prices = np.asarray(multipliers, dtype=np.float64)
    if prices.shape != (problem.num_rows,):
        told = Text("影子价格的形状为 {a}，应为 {b}", "multipliers have shape {a}, expected {b}")
        shapes = told.format(a=prices.shape, b=(problem.num_rows,))
        raise InputError([Fault(shapes, field="multipliers")])
    bad = np.flatnonzero(~(np.isfinite(prices) & (prices >= 0)))
    if bad.size:
        told = Text(
            "multipliers[{i}] = {value} 应为非负有限数",
            "multipliers[{i}] = {value} must be finite and at least 0",
        )
        faults = [told.format(i=int(i), value=prices[i]) for i in bad[:20]]
        raise InputError(Fault(fault, field="multipliers") for fault in faults)
    return prices


def _wanted(problem: Problem, reduced: Floats) -> Int64s:
    """Return the free edges worth taking; none in a group where the need has a pin."""
    mask: Bools = (problem.fixed == -1) & (reduced > 0)
    if problem.need_group is not None:
        mask &= ~np.isin(problem.need_group, problem.need_group[problem.pinned])
    return np.flatnonzero(mask)


def _firsts(edges: Int64s, key: Int64s, reduced: Floats) -> Int64s:
    """Return the best edge of each key."""
    order = edges[np.lexsort((-reduced[edges], key[edges]))]
    first = np.ones(len(order), dtype=bool)
    first[1:] = key[order[1:]] != key[order[:-1]]
    return order[first]
