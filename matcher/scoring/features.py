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
from matcher.scoring.block import Block
from matcher.scoring.columns import RuleColumns
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
    columns = [np.clip(FEATURE_OF[name](inputs), 0.0, 1.0) for name in FEATURE_NAMES]
    return np.stack(columns, axis=1).astype(np.float32)


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


def package_cash_workdays(market: Market) -> NDArray[np.int64]:
    """Return (M,) workdays to the money of each product's package, -1 where not known."""
    rules = RuleColumns(market)
    days = [Block.of(rules, j).cash_workdays for j in range(market.num_products)]
    return np.array(days, np.int64)


def collateral(x: Inputs) -> Values:
    """Return 1 where no collateral is asked, else the share of the amount wanted it covers."""
    needs, i = x.market.need_columns, x.edges.need
    asks = x.market.product_columns.is_secured
    packages = [any(asks[j] for j in parts) for parts in x.market.parts]
    secured = np.array(packages, np.bool_)[x.edges.product]
    share = x.edges.offered_fen / needs.amount_fen[i]
    covered = np.where(needs.collateral_known[i], share, HALF)
    return np.where(secured, covered, 1.0)


def repayment(x: Inputs) -> Values:
    """Return 1 where the product repays as the firm wishes (or it has no wish), else 0."""
    products, needs = x.market.products, x.market.needs
    wishes = [needs[i].repayment for i in x.edges.need]
    offers = [products[j].repayment for j in x.edges.product]
    fits = [
        float(wish is None or wish in offer) for wish, offer in zip(wishes, offers, strict=True)
    ]
    return np.array(fits)


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
    firms = x.market.words("region")
    homes = [institution.region for institution in x.market.institutions]
    # One row for each distinct region; code -1 finds the last, that of firms without one.
    rows = (*firms.words, None)
    table = np.array([[_closeness(f, h) for h in homes] for f in rows], np.float64)
    institution = x.market.institution_idx[x.edges.product]
    return table.reshape(len(rows), len(homes))[firms.codes[x.edges.need], institution]


def relationship(x: Inputs) -> Values:
    """Return 1 where the firm already works with the institution, 0 where not, else `HALF`."""
    institution = x.market.institution_idx[x.edges.product]
    ids = [b.institution_id for b in x.market.institutions]
    banks = [e.banks for e in x.market.enterprise_of]
    pairs = zip(x.edges.need.tolist(), institution.tolist(), strict=True)
    known = [HALF if banks[i] is None else float(ids[b] in (banks[i] or ())) for i, b in pairs]
    return np.array(known, np.float64)


def approval(x: Inputs) -> Values:
    """Return the outlook for approval: share of the rules known to pass × standing.

    The standing by tax-credit grade is an assumption in the weights, not a probability: nothing
    has been calibrated on outcomes yet.
    """
    grades = x.market.words("tax_grade")
    unknown = x.weights.standing["unknown"]
    standing = np.array([*(x.weights.standing[w] for w in grades.words), unknown])
    return np.asarray(x.edges.evidence * standing[grades.codes[x.edges.need]])


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
