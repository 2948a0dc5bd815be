"""The all-in cost of every package for every term that some need names: one table."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.domain.choices import Instrument
from matcher.finance.cost import ASSUMED_TERM_MONTHS, MONTHS_PER_YEAR
from matcher.market import Market
from matcher.scoring.candidates.packages import Packages
from matcher.scoring.costs import instalment, monthly_return

Column = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class CostTable:
    """All-in yearly costs, the fixed fees left aside: they depend on the amount.

    Parameters
    ----------
    months
        (T,) the terms that needs name, ascending, and the assumed one.
    at
        (P, 2) where the row of a package begins for needs that do not and that do wish to
        repay in instalments.
    low, high
        Rows of T costs, NaN where not quoted.
    charges
        (P, 6): accruing at the lowest and highest rate, yearly likewise, monthly, once.
    fixed
        (P,) fees in fen, whatever the amount.
    """

    months: NDArray[np.int64]
    at: NDArray[np.int32]
    low: Column
    high: Column
    charges: Column
    fixed: Column


def cost_table(packages: Packages) -> CostTable:
    """Reckon the costs of all packages for all terms, by `matcher.scoring.costs`."""
    months = _months(packages.market)
    charges = _charges(packages)
    level = _level_rows(packages)
    owner, is_level = level
    rows = charges[owner]
    repaid = packages.is_repaid[owner]
    low = _costs(rows[:, 0], rows[:, 2], rows[:, 4], rows[:, 5], is_level, repaid, months)
    high = _costs(rows[:, 1], rows[:, 3], rows[:, 4], rows[:, 5], is_level, repaid, months)
    unknown = np.isnan(low) | np.isnan(high)
    low[unknown], high[unknown] = np.nan, np.nan
    fixed = np.array([float(p.fee_fixed_fen) for p in packages.market.products])
    return CostTable(
        months,
        (_places(packages) * len(months)).astype(np.int32),
        low.reshape(-1),
        high.reshape(-1),
        charges,
        packages.summed(fixed),
    )


def _months(market: Market) -> NDArray[np.int64]:
    needs = market.need_columns
    return np.unique(np.append(needs.term_months[needs.term_known], ASSUMED_TERM_MONTHS))


def _charges(packages: Packages) -> Column:
    """Return (P, 6) the charges of the parts together, as `matcher.scoring.costs` reads them."""
    market = packages.market
    low, high = market.product_columns.rate, market.product_columns.rate_max
    premium = np.array([p.instrument is Instrument.INSURANCE for p in market.products], np.bool_)
    yearly = np.array([float(p.fee_yearly_rate) for p in market.products])
    columns = (
        np.where(premium, 0.0 * low, low),
        np.where(premium, 0.0 * high, high),
        yearly + np.where(premium, low, 0.0),
        yearly + np.where(premium, high, 0.0),
        np.array([float(p.fee_monthly_rate) for p in market.products]),
        np.array([float(p.fee_once_rate) for p in market.products]),
    )
    return np.stack([packages.summed(column) for column in columns], axis=1)


def _level_rows(packages: Packages) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Return package and way of repaying of each row: one row, or two where there is a choice."""
    must, may = packages.must_be_level, packages.can_be_level
    twice = may & ~must
    owner = np.repeat(np.arange(packages.num), 1 + twice)
    first = np.cumsum(1 + twice) - 1 - twice
    level = must[owner]
    level[first[twice] + 1] = True
    return owner, level


def _places(packages: Packages) -> NDArray[np.int64]:
    twice = packages.can_be_level & ~packages.must_be_level
    first = np.cumsum(1 + twice) - 1 - twice
    return np.stack([first, first + twice], axis=1).astype(np.int64)


def _costs(
    accruing: Column,
    yearly: Column,
    monthly: Column,
    once: Column,
    level: NDArray[np.bool_],
    repaid: NDArray[np.bool_],
    months: NDArray[np.int64],
) -> Column:
    """Return (rows, T) costs of charges by row."""
    term = months * 1.0
    sums = accruing + yearly + monthly * MONTHS_PER_YEAR
    plain = np.where(repaid, accruing, sums)[:, None] + np.zeros(len(term))
    spread = (once * MONTHS_PER_YEAR)[:, None] / term
    found = np.where(repaid[:, None], plain, plain + spread)
    charged = repaid & ((yearly > 0) | (monthly > 0) | (once > 0)) & ~np.isnan(accruing + yearly)
    rows = np.flatnonzero(charged)
    if len(rows):
        every = np.repeat(rows, len(term))
        n = np.tile(term, len(rows))
        bullet = accruing[every] / MONTHS_PER_YEAR
        pays = np.where(level[every], instalment(accruing[every], n), bullet)
        last = np.where(level[every], 0.0, 1.0)
        flows = (once[every], yearly[every], pays + monthly[every], last)
        found[rows] = (MONTHS_PER_YEAR * monthly_return(*flows, n)).reshape(len(rows), -1)
    found[np.isnan(accruing + yearly)] = np.nan
    return found
