"""All-in costs of all needs beside one package, by columns.

The formulas are those of `matcher.finance.cost` and `matcher.finance.relief`, on floats.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product as combinations

import numpy as np
from numpy.typing import NDArray

from matcher.domain.choices import Benefit, Instrument, Repayment
from matcher.domain.institution import Product
from matcher.domain.policy import Policy
from matcher.finance.cost import ASSUMED_TERM_MONTHS, MONTHS_PER_YEAR, MOST_COST, REPAID
from matcher.finance.relief import ON_INTEREST, RELIEFS
from matcher.market import Market
from matcher.scoring.pair import DRAW_SLACK

Column = NDArray[np.float64]

ACCRUING, YEARLY, MONTHLY, ONCE = range(4)
_MOST_MONTHLY = float(MOST_COST) / MONTHS_PER_YEAR
_MAX_STEPS = 100
_CLOSE_ENOUGH = 1e-15


@dataclass(frozen=True, eq=False, slots=True)
class Costs:
    """What the cost of each need depends on beside the charges, each (N,).

    Parameters
    ----------
    amount
        What is offered, in fen; NaN where it is nothing.
    months
        The term, the assumed one where none is named.
    level
        Whether it is repaid in equal instalments.
    repaid
        Whether the package is money that is repaid: else its cost is a plain sum.
    """

    amount: Column
    months: Column
    level: NDArray[np.bool_]
    repaid: bool

    @classmethod
    def of(cls, market: Market, product: Product, offered_fen: NDArray[np.int64]) -> Costs:
        """Read a market's needs beside an offer led by ``product``."""
        needs = market.need_columns
        repaid = product.instrument in REPAID
        return cls(
            amount=np.where(offered_fen > 0, offered_fen, np.nan),
            months=np.where(needs.term_known, needs.term_months, ASSUMED_TERM_MONTHS) * 1.0,
            level=_level(product, needs.wants_instalments, repaid),
            repaid=repaid,
        )

    @property
    def years_begun(self) -> Column:
        """(N,) years of which at least a day belongs to the term."""
        return np.ceil(self.months / MONTHS_PER_YEAR)

    def used_years(self, level_rate: Column) -> Column:
        """Return (N,) the years for which the whole amount would be owed."""
        plain = self.months / MONTHS_PER_YEAR
        if not self.level.any():
            return plain
        free = (self.months + 1) / (2 * MONTHS_PER_YEAR)
        rate = np.where(level_rate > 0, level_rate, 1.0)
        paid = self.months * instalment(rate, self.months) - 1
        return np.where(self.level, np.where(level_rate > 0, paid / rate, free), plain)


def _level(product: Product, wanted: NDArray[np.bool_], repaid: bool) -> NDArray[np.bool_]:
    if not repaid or Repayment.INSTALMENTS not in product.repayment:
        return np.zeros_like(wanted)
    return wanted | (len(product.repayment) == 1)


def instalment(rate: Column, months: Column) -> Column:
    """Return the equal instalments that repay 1 at yearly rates."""
    i = rate / MONTHS_PER_YEAR
    safe = np.where(i > 0, i, 1.0)
    return np.where(i > 0, safe / -np.expm1(-months * np.log1p(safe)), 1.0 / months)


@dataclass(frozen=True, eq=False, slots=True)
class Charges:
    """Charges of the parts of a package as fractions of the amount.

    Parameters
    ----------
    instruments
        Of the parts, the leading one first.
    shares
        (parts, 4, N): accruing, yearly, monthly, once.
    used_years
        (N,) of which the accruing ones are multiples over the term.
    """

    instruments: tuple[Instrument, ...]
    shares: Column
    used_years: Column

    @classmethod
    def of(
        cls,
        market: Market,
        parts: Sequence[int],
        rates: Column,
        offered_fen: NDArray[np.int64],
    ) -> Charges:
        """Read the products' charges at the given rates, NaN where nothing is offered."""
        products = [market.products[j] for j in parts]
        amount = np.where(offered_fen > 0, offered_fen, np.nan)
        rows = [_shares(p, r, amount) for p, r in zip(products, rates.tolist(), strict=True)]
        shares = np.stack(rows)
        costs = Costs.of(market, products[0], offered_fen)
        used = costs.used_years(shares[:, ACCRUING].sum(axis=0))
        return cls(tuple(p.instrument for p in products), shares, used)

    def total(self, shares: Column, costs: Costs) -> Column:
        """Return (N,) all that is paid over the term of (parts, 4, N) shares."""
        by_kind = shares.sum(axis=0)
        regular = by_kind[YEARLY] * costs.years_begun + by_kind[MONTHLY] * costs.months
        return np.asarray(by_kind[ONCE] + regular + by_kind[ACCRUING] * self.used_years)


def _shares(product: Product, rate: float, amount: Column) -> Column:
    is_premium = product.instrument is Instrument.INSURANCE
    yearly = float(product.fee_yearly_rate) + (rate if is_premium else 0.0)
    once = float(product.fee_once_rate) + product.fee_fixed_fen / amount
    columns = (0.0 if is_premium else rate, yearly, float(product.fee_monthly_rate), once)
    return np.stack([np.broadcast_to(c, amount.shape) for c in columns])


@dataclass(frozen=True, eq=False, slots=True)
class Offers:
    """The offers of all needs beside one package, one row for each choice of policies.

    Parameters
    ----------
    claims
        (V,) lists of (N,) policy indices, one for each benefit, -1 for none.
    available
        (V, N) whether the choice is one of the need's.
    low, high
        (V, N) all-in yearly cost, NaN if not known.
    support_fen
        (V, benefits, N) what each policy pays at most.
    """

    claims: NDArray[np.int32]
    available: NDArray[np.bool_]
    low: Column
    high: Column
    support_fen: NDArray[np.int64]

    @property
    def best(self) -> NDArray[np.intp]:
        """(N,) the cheapest choice of each need, budgets left aside; of equals the first."""
        total = np.where(self.available, self.low + self.high, np.inf)
        found: NDArray[np.intp] = np.argmin(
            np.where(np.isnan(total), np.inf, total).round(12), axis=0
        )
        return found

    @property
    def best_range(self) -> tuple[Column, Column]:
        """(N,) lowest and highest all-in cost of the cheapest choice."""
        rows = np.arange(self.low.shape[1])
        return self.low[self.best, rows], self.high[self.best, rows]


def all_offers(
    charges: tuple[Charges, Charges] | None,
    costs: Costs,
    policies: Sequence[Policy],
    applicable: Mapping[int, NDArray[np.bool_]],
) -> Offers:
    """Return the offers of all needs, as `matcher.scoring.pair.Pair.offers` defines them.

    Parameters
    ----------
    charges
        At the lowest and highest rate; None if not quoted, and then no policy is reckoned.
    applicable
        For each policy that could support the package, (N,) who is known to qualify.
    """
    num = len(costs.amount)
    none = np.full((1, len(RELIEFS), num), -1, np.int32)
    if charges is None:
        unknown = np.full((1, num), np.nan)
        nothing = np.zeros((1, len(RELIEFS), num), np.int64)
        return Offers(none, np.ones((1, num), np.bool_), unknown, unknown, nothing)
    choices = [_choices(b, charges[1], costs, policies, applicable) for b in RELIEFS]
    chosen = list(combinations(*choices))
    claims = np.stack([np.stack([column for column, _ in picks]) for picks in chosen])
    available = np.stack([np.logical_and.reduce([here for _, here in picks]) for picks in chosen])
    at = [[_relieved(c, costs, policies, rows) for rows in claims] for c in charges]
    return Offers(
        claims,
        available,
        low=np.stack([_all_in(shares, costs) for shares, _ in at[0]]),
        high=np.stack([_all_in(shares, costs) for shares, _ in at[1]]),
        support_fen=np.stack([_fen(saved, costs.amount) for _, saved in at[1]]),
    )


_Choice = tuple[NDArray[np.int32], NDArray[np.bool_]]


def _choices(
    benefit: Benefit,
    charges: Charges,
    costs: Costs,
    policies: Sequence[Policy],
    applicable: Mapping[int, NDArray[np.bool_]],
) -> list[_Choice]:
    """Return the best policy without a budget (or -1), then each one with a budget."""
    mine = [k for k in applicable if policies[k].benefit is benefit]
    worth = {k: _saved(charges, charges.shares, costs, policies[k])[1] for k in mine}
    best = np.full(len(costs.amount), -1, np.int32)
    most = np.zeros(len(costs.amount))
    for k in (k for k in mine if policies[k].pool_id is None):
        better = applicable[k] & (worth[k] > most)
        best[better], most[better] = k, worth[k][better]
    found = [(best, np.ones(len(best), np.bool_))]
    for k in (k for k in mine if policies[k].pool_id is not None):
        found.append((np.full(len(best), k, np.int32), applicable[k] & (worth[k] > most)))
    return found


def _relieved(
    charges: Charges, costs: Costs, policies: Sequence[Policy], claims: NDArray[np.int32]
) -> tuple[Column, Column]:
    """Return what is left of the shares, and (benefits, N) what is saved, after the claims."""
    left = charges.shares
    saved = []
    for column in claims:
        worth = np.zeros(len(column))
        off = np.zeros_like(left)
        for k in sorted(set(column[column >= 0].tolist())):
            share, amount = _saved(charges, left, costs, policies[k])
            mine = column == k
            worth = np.where(mine, amount, worth)
            off = np.where(mine, _affected(charges, left, policies[k]) * share, off)
        saved.append(worth)
        left = left - off
    return left, np.stack(saved)


def _affected(charges: Charges, shares: Column, policy: Policy) -> Column:
    """Return (parts, 4, N) the charges of which a policy takes a share."""
    mask = np.zeros((*shares.shape[:2], 1))
    for part, instrument in enumerate(charges.instruments):
        if policy.instruments and instrument not in policy.instruments:
            continue
        if policy.benefit in ON_INTEREST:
            mask[part, ACCRUING] = part == 0
        else:
            mask[part] = 1.0
            mask[part, ACCRUING] = instrument not in REPAID
    return np.asarray(shares * mask)


def _saved(charges: Charges, shares: Column, costs: Costs, policy: Policy) -> tuple[Column, Column]:
    """Return (N,) the share that a policy pays of what it supports, and what that is worth."""
    base = charges.total(_affected(charges, shares, policy), costs)
    some = np.where(base > 0, base, 1.0)
    share = np.full(len(base), float(policy.rate or 0))
    if policy.benefit is Benefit.RATE_CUT:
        accruing = np.where(shares[0, ACCRUING] > 0, shares[0, ACCRUING], 1.0)
        share = np.minimum(share / accruing, 1.0)
    if policy.cap_fen is not None:
        share = np.minimum(share, policy.cap_fen / (some * costs.amount))
    share = np.where(base > 0, share, 0.0)
    return share, base * share


def _fen(saved: Column, amount: Column) -> NDArray[np.int64]:
    return np.ceil(np.nan_to_num(saved * amount) - float(DRAW_SLACK)).astype(np.int64)


def _all_in(shares: Column, costs: Costs) -> Column:
    """Return (N,) the all-in yearly cost of (parts, 4, N) shares."""
    accruing, yearly, monthly, once = shares.sum(axis=0)
    if not costs.repaid:
        spread = once * MONTHS_PER_YEAR / costs.months
        return np.asarray(accruing + yearly + monthly * MONTHS_PER_YEAR + spread)
    plain = ~((yearly > 0) | (monthly > 0) | (once > 0)) & ~np.isnan(once)
    cost = np.where(plain, accruing, np.nan)
    rows = np.flatnonzero(~plain & ~np.isnan(once))
    if len(rows):
        level = costs.level[rows]
        pays = np.where(
            level, instalment(accruing[rows], costs.months[rows]), accruing[rows] / MONTHS_PER_YEAR
        )
        flows = (once[rows], yearly[rows], pays + monthly[rows], np.where(level, 0.0, 1.0))
        cost[rows] = MONTHS_PER_YEAR * monthly_return(*flows, costs.months[rows])
    return cost


def monthly_return(
    once: Column, yearly: Column, pays: Column, last: Column, months: Column
) -> Column:
    """Return (R,) the internal rates of return by month, by Newton's method from 0.

    See `matcher.finance.cost.all_in_cost` for the flows and why the steps stay left of the root.
    """
    found = np.full(len(once), _MOST_MONTHLY)
    rows = np.flatnonzero(once + yearly < 1)
    i = np.zeros(len(rows))
    for _ in range(_MAX_STEPS):
        terms = (a[rows] for a in (once, yearly, pays, last, months))
        step = _newton_step(i, *terms)
        i = i + step
        found[rows] = np.minimum(i, _MOST_MONTHLY)
        going = (step > _CLOSE_ENOUGH) & (i < _MOST_MONTHLY)
        if not going.any():
            break
        rows, i = rows[going], i[going]
    return found


def _newton_step(
    i: Column, once: Column, yearly: Column, pays: Column, last: Column, n: Column
) -> Column:
    v = 1 / (1 + i)
    end = v**n
    safe = np.where(i > 0, i, 1.0)
    annuity = np.where(i > 0, -np.expm1(-n * np.log1p(i)) / safe, n)
    annuity_slope = np.where(i > 0, (n * end * v - annuity) / safe, -n * (n + 1) / 2)
    value, slope = (
        1 - once - pays * annuity - last * end,
        -pays * annuity_slope + last * n * end * v,
    )
    if (yearly > 0).any():
        for start in range(0, int(n.max()), MONTHS_PER_YEAR):
            due = yearly * (start < n) * v**start
            value, slope = value - due, slope + start * due * v
    return np.asarray(-value / slope)
