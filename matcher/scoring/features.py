"""The features of an edge: how well one product fits one need, each in [0, 1].

What a firm has not said counts `HALF`, so that a missing figure neither helps nor hurts much.
What an institution does not publish about its product counts nothing: keeping a rate or a time
to oneself never ranks above stating it. Each function takes the market's columns and the edges
and returns an (E,) array; the docstrings give the formulas. Where no source is named the
formula is the house's own choice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.domain.attributes import ATTRIBUTES
from matcher.domain.choices import Size
from matcher.domain.criteria import AllOf, AnyOf, Criterion, OnAttribute
from matcher.market import Market
from matcher.scoring.block import package_cash_workdays
from matcher.scoring.eligibility import Edges
from matcher.scoring.weights import FEATURE_NAMES, Weights

Values = NDArray[np.float64]

HALF = 0.5

_SMALLNESS = {Size.MICRO: 1.0, Size.SMALL: 0.75, Size.MEDIUM: 0.25, Size.LARGE: 0.0}


@dataclass(frozen=True, eq=False, slots=True)
class Inputs:
    """What the features read."""

    market: Market
    edges: Edges
    weights: Weights


def feature_matrix(market: Market, edges: Edges, weights: Weights) -> NDArray[np.float32]:
    """Return the (E, F) features, columns in the order of `FEATURE_NAMES`, each in [0, 1]."""
    inputs = Inputs(market, edges, weights)
    matrix = np.empty((len(edges.need), len(FEATURE_NAMES)), np.float32)
    for column, name in enumerate(FEATURE_NAMES):
        # One column at a time, so that no second matrix is held, and that in double precision.
        matrix[:, column] = np.clip(FEATURE_OF[name](inputs), 0.0, 1.0)
    return matrix


def amount(x: Inputs) -> Values:
    """Return the share of the amount wanted that the product could give: offered / wanted."""
    wanted = x.market.need_columns.amount_fen[x.edges.need]
    return np.asarray(x.edges.offered_fen / wanted)


def term(x: Inputs) -> Values:
    """Return 1 where the term is known to fit, `HALF` where the firm names none."""
    return np.where(x.market.need_columns.term_known[x.edges.need], 1.0, HALF)


def cost(x: Inputs) -> Values:
    """Return 1 − all-in cost / limit, the cost in the middle of the range quoted; else 0.

    The cost is that of `matcher.finance.cost.all_in_cost` with the policies that the edge
    claims; the limit is the firm's own, or the weights' ``cost_ceiling`` where it names none.
    """
    own = x.market.need_columns.max_rate[x.edges.need]
    limit = np.where(np.nan_to_num(own) > 0, own, float(x.weights.cost_ceiling))
    return _known_or(0.0, 1.0 - (x.edges.low + x.edges.high) / 2 / limit)


def time(x: Inputs) -> Values:
    """Return 1 − workdays to cash / workdays left, 0 where the product does not say how many.

    Without a deadline ``slow_workdays`` stands for the workdays left.
    """
    needs, i = x.market.need_columns, x.edges.need
    days = package_cash_workdays(x.market)[x.edges.product]
    span = np.where(needs.deadline_known[i], needs.workdays_left[i], x.weights.slow_workdays)
    share = 1.0 - days / np.maximum(span, 1)
    return np.where(days < 0, 0.0, share)


def collateral(x: Inputs) -> Values:
    """Return 1 where no collateral is asked, else the share of the amount wanted it covers."""
    needs, i = x.market.need_columns, x.edges.need
    secured = secured_packages(x.market)[x.edges.product]
    share = x.edges.offered_fen / needs.amount_fen[i]
    covered = np.where(needs.collateral_known[i], share, HALF)
    return np.where(secured, covered, 1.0)


def secured_packages(market: Market) -> NDArray[np.bool_]:
    """Return (M,) whether any part of each product's package asks for collateral."""
    asks = market.product_columns.is_secured
    return np.array([any(asks[j] for j in parts) for parts in market.parts], np.bool_)


def repayment(x: Inputs) -> Values:
    """Return 1 where the product repays as the firm wishes (or it has no wish), else 0."""
    wishes = x.market.wishes.codes[x.edges.need]
    return repayment_table(x.market)[wishes, x.edges.product]


def repayment_table(market: Market) -> Values:
    """Return (wishes, M) the feature ``repayment`` of each distinct wish beside each product."""
    offers = [p.repayment for p in market.products]
    rows = [[float(w is None or w in offer) for offer in offers] for w in market.wishes.items]
    return np.array(rows, np.float64).reshape(len(rows), len(offers))


def sector(x: Inputs) -> Values:
    """Return 1 for a product made for the firm's industry, `HALF` for one open to all."""
    dedicated = [any(_asks_industry(r) for r in p.criteria) for p in x.market.products]
    return np.where(np.array(dedicated, np.bool_)[x.edges.product], 1.0, HALF)


def appetite(x: Inputs) -> Values:
    """Return the share of the institution's preferences that hold; `HALF` if it has none."""
    return _known_or(HALF, x.edges.appetite.astype(np.float64))


def region(x: Inputs) -> Values:
    """Return 1 in the same district, 0.75 in the same city, 0.5 in the province, else 0.25.

    By the common prefix of the GB/T 2260 codes; `HALF` where either is not known.
    """
    institution = x.market.institution_idx[x.edges.product]
    return region_table(x.market)[x.market.words("region").codes[x.edges.need], institution]


def region_table(market: Market) -> Values:
    """Return (regions + 1, institutions) the feature ``region`` of each distinct region.

    Code -1 finds the last row, that of firms without one.
    """
    homes = [institution.region for institution in market.institutions]
    rows = (*market.words("region").words, None)
    table = np.array([[_closeness(f, h) for h in homes] for f in rows], np.float64)
    return table.reshape(len(rows), len(homes))


def relationship(x: Inputs) -> Values:
    """Return 1 where the firm already works with the institution, 0 where not, else `HALF`."""
    firms = x.market.banks.codes[x.edges.need]
    institution = x.market.institution_idx[x.edges.product]
    known = np.array([found is not None for found in x.market.banks.items], np.bool_)
    pairs = firms.astype(np.int64) * len(x.market.institutions) + institution
    works = np.isin(pairs, _working_pairs(x.market))
    return np.asarray(np.where(known[firms], works, HALF), np.float64)


def _working_pairs(market: Market) -> NDArray[np.int64]:
    """Return the pairs of a distinct set of banks and an institution in it, as one number."""
    found = [
        code * len(market.institutions) + market.index("institutions", bank)
        for code, banks in enumerate(market.banks.items)
        for bank in banks or ()
    ]
    return np.array(found, np.int64)


def approval(x: Inputs) -> Values:
    """Return the outlook for approval: share of the rules known to pass × standing.

    The standing by tax-credit grade is an assumption in the weights, not a probability: nothing
    has been calibrated on outcomes yet.
    """
    codes = x.market.words("tax_grade").codes[x.edges.need]
    return np.asarray(x.edges.evidence * standing_table(x.market, x.weights)[codes])


def standing_table(market: Market, weights: Weights) -> Values:
    """Return (grades + 1,) the standing of each grade found; code -1 finds that of none."""
    words = (*market.words("tax_grade").words, "unknown")
    return np.array([weights.standing[word] for word in words], np.float64)


def priority(x: Inputs) -> Values:
    """Return the public priority of the need, 1 … 5, scaled to 0 … 1."""
    ticks = x.market.ordered("priority").ticks[x.edges.need]
    return np.asarray((ticks - 1) / 4)


def urgency(x: Inputs) -> Values:
    """Return 1 − workdays left / ``calm_workdays``; 0 without a deadline."""
    needs, i = x.market.need_columns, x.edges.need
    pressing = 1.0 - np.maximum(needs.workdays_left[i], 0) / x.weights.calm_workdays
    return np.where(needs.deadline_known[i], pressing, 0.0)


def smallness(x: Inputs) -> Values:
    """Return 1 for a micro firm, 0.75 small, 0.25 medium, 0 large, `HALF` unknown."""
    sizes = x.market.words("size")
    table = np.array([*(_SMALLNESS[Size.parse(w)] for w in sizes.words), HALF])
    return np.asarray(table[sizes.codes[x.edges.need]])


def first_loan(x: Inputs) -> Values:
    """Return 1 for a firm that never had a loan, 0 for one that had, `HALF` unknown."""
    flags = x.market.words("first_time_borrower")
    table = np.array([*(float(w == "yes") for w in flags.words), HALF])
    return np.asarray(table[flags.codes[x.edges.need]])


def _known_or(unknown: float, values: Values) -> Values:
    return np.where(np.isnan(values), unknown, values)


def _closeness(a: str | None, b: str | None) -> float:
    if a is None or b is None:
        return HALF
    shared = next((n for n in (6, 4, 2) if len(a) >= n and a[:n] == b[:n]), 0)
    return {6: 1.0, 4: 0.75, 2: 0.5, 0: 0.25}[shared]


def _asks_industry(rule: Criterion) -> bool:
    return any(leaf.attribute is ATTRIBUTES["industry"] for leaf in _leaves(rule))


def _leaves(rule: Criterion) -> Iterator[OnAttribute]:
    """Yield the rules on attributes that ask for something (what ``not`` excludes is none)."""
    if isinstance(rule, OnAttribute):
        yield rule
    elif isinstance(rule, AllOf | AnyOf):
        for part in rule.parts:
            yield from _leaves(part)


FEATURE_OF: dict[str, Callable[[Inputs], Values]] = {
    f.__name__: f
    for f in (amount, term, cost, time, collateral, repayment, sector, appetite, region,
              relationship, approval, priority, urgency, smallness, first_loan)
}  # fmt: skip
