"""The certificate: multipliers that prove how good any plan can be at most."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from matcher.assign.arrays import COMPILED, Bools, Floats, Int64s
from matcher.assign.problem import Problem
from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Text


def bound(
    problem: Problem, multipliers: ArrayLike, floor_multipliers: ArrayLike | None = None
) -> float:
    """Return an upper bound on the objective of every plan.

        bound(y, z) = Σ_p c_p y_p − Σ_f least_f z_f
                      + Σ_i max_{S ∈ F_i} [b_i if S ≠ ∅] + Σ_{e ∈ S} (w_e + b_e − Σ_p a_pe y_p)

    F_i are the choices that need i may make on its own: at most ``need_limit_i`` edges, at most
    one of a group under ``one_per_group``, its pins in, its bans out. b_i is the sum of the
    prices z_f of the floors that count need i, b_e that of the floors that count e's option.

    Parameters
    ----------
    multipliers
        ``(num_rows,)`` y, finite and at least 0, aligned with ``problem.rows``.
    floor_multipliers
        ``(num_floors,)`` z, from 0 to each floor's penalty; None for 0.

    Raises
    ------
    InputError
        If the multipliers have another shape, are out of their range or are not finite.

    Notes
    -----
    Why it holds for any y ≥ 0: a plan x keeps Σ_e a_pe x_e ≤ c_p, so adding
    Σ_p y_p (c_p − Σ_e a_pe x_e) ≥ 0 to its objective can only raise it, and the outcome is at
    most bound(y), since x makes a choice of F_i for each need. That is Lagrangian relaxation.
    Likewise s_f ≥ least_f − count_f(x) and 0 ≤ z_f ≤ ρ_f, so −ρ_f s_f ≤ −z_f s_f ≤
    z_f (count_f(x) − least_f): the penalties may be replaced by what the floors pay.

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
    if problem.floors:
        return _bound_with_floors(problem, prices, floor_multipliers)
    if problem.num_edges >= COMPILED and problem.ascending:
        return _compiled_bound(problem, prices)
    reduced = problem.weight.astype(np.float64) - problem.rows.priced(prices)
    taken = best_choices(problem, reduced)
    return math.fsum([*(problem.row_capacity * prices).tolist(), *reduced[taken].tolist()])


def _bound_with_floors(
    problem: Problem, prices: Floats, floor_multipliers: ArrayLike | None
) -> float:
    floors = problem.floor_rows
    paid = checked_floor_prices(problem, floor_multipliers)
    reduced = problem.weight.astype(np.float64) - problem.rows.priced(prices)
    reduced += floors.edge_bonus(paid)[problem.option]
    taken = best_choices(problem, reduced)
    met = np.zeros(problem.num_needs, dtype=bool)
    met[problem.need[taken]] = True
    first = floors.first_bonus(paid)
    # A need that takes nothing for its own sake may still take its best edge for the floors'.
    nearest = _best_nets(problem, reduced)
    instead = np.where(met, 0.0, np.maximum(first + nearest, 0.0))
    return math.fsum(
        [
            *(problem.row_capacity * prices).tolist(),
            *(-floors.least * paid).tolist(),
            *reduced[taken].tolist(),
            *first[met].tolist(),
            *instead.tolist(),
        ]
    )


def _best_nets(problem: Problem, reduced: Floats) -> Floats:
    """Return ``(num_needs,)`` the best net weight of a free edge, -inf without one."""
    best = np.full(problem.num_needs, -np.inf)
    free = np.flatnonzero((problem.fixed == -1) & (problem.weight > 0))
    np.maximum.at(best, problem.need[free], reduced[free])
    return np.where(problem.need_limit > 0, best, -np.inf)


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
    """Return the bound of a large problem by kernels, on both cores."""
    from matcher.assign.needs import gain, gain_of_draws, open_needs

    rows, pinned = problem.rows, problem.pinned
    pins = problem.weight[pinned].astype(np.float64)
    if rows.counting:
        price = rows.option_prices(prices)
        pins -= price[problem.option[pinned]]
        total = gain(open_needs(problem), price)
    else:
        draws, costs = rows.costs_by_draw(prices)
        pins -= costs[0][problem.option[pinned]]
        for draw, cost in zip(draws, costs[1:], strict=True):
            pins -= cost[problem.option[pinned]] * draw[pinned]
        total = gain_of_draws(open_needs(problem), draws, costs)
    spent = (problem.row_capacity * prices).tolist()
    return math.fsum([*spent, *pins.tolist(), total])


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


def checked_floor_prices(problem: Problem, given: ArrayLike | None) -> Floats:
    """Return ``(num_floors,)`` prices of floors.

    Raises
    ------
    InputError
        If they are not from 0 to the penalty of each floor.
    """
    most = problem.floor_rows.penalty
    prices = np.zeros(len(most)) if given is None else np.asarray(given, dtype=np.float64)
    if prices.shape != most.shape or not ((prices >= 0) & (prices <= most)).all():
        told = Text(
            "floor_multipliers 应有 {n} 项，每项在 0 与罚分之间",
            "floor_multipliers must be {n} numbers from 0 to each penalty",
        )
        raise InputError([Fault(told.format(n=len(most)), field="floor_multipliers")])
    return prices


def _wanted(problem: Problem, reduced: Floats) -> Int64s:
    """Return the free edges worth taking; none in a group where the need has a pin."""
    # Floors can make a net weight positive where the weight is not; such edges are never taken.
    mask: Bools = (problem.fixed == -1) & (reduced > 0) & (problem.weight > 0)
    if problem.need_group is not None:
        mask &= ~np.isin(problem.need_group, problem.need_group[problem.pinned])
    return np.flatnonzero(mask)


def _firsts(edges: Int64s, key: Int64s, reduced: Floats) -> Int64s:
    """Return the best edge of each key."""
    order = edges[np.lexsort((-reduced[edges], key[edges]))]
    first = np.ones(len(order), dtype=bool)
    first[1:] = key[order[1:]] != key[order[:-1]]
    return order[first]
