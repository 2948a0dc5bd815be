"""The yearly cost of a product, fees and all (综合融资成本), before any subsidy."""

from __future__ import annotations

from decimal import Decimal

from matcher.domain.institution import Product

MONTHS_PER_YEAR = 12
ASSUMED_TERM_MONTHS = 12
"""The term over which one-off fees are spread where a need does not say how long it lasts."""


def simple_all_in_rate(
    product: Product, rate: Decimal, amount_fen: int, term_months: int | None
) -> Decimal:
    """Return the simple yearly cost of borrowing ``amount_fen`` as a fraction of it.

    all-in = rate + yearly fee + 12 × monthly fee + (one-off fee + fixed fee / amount) × 12 / term

    No compounding, the whole amount outstanding over the whole term: what a desk compares
    offers by.

    Parameters
    ----------
    rate
        The yearly interest to reckon with, usually ``product.rate``.
    amount_fen
        The amount borrowed, above 0.
    term_months
        Its term; None spreads one-off fees over `ASSUMED_TERM_MONTHS`.
    """
    term = ASSUMED_TERM_MONTHS if term_months is None else term_months
    once = product.fee_once_rate + Decimal(product.fee_fixed_fen) / amount_fen
    yearly = product.fee_yearly_rate + product.fee_monthly_rate * MONTHS_PER_YEAR
    return rate + yearly + once * MONTHS_PER_YEAR / term
