"""The all-in yearly cost of an offer (综合融资成本): interest, fees, guarantee and insurance."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, localcontext

from matcher.domain.choices import Instrument, Repayment
from matcher.domain.institution import Product

MONTHS_PER_YEAR = 12
ASSUMED_TERM_MONTHS = 12
"""The term reckoned with where a need does not say how long it lasts."""
MOST_COST = Decimal(10)
"""1,000 % a year: a cost above is given as this, as where fees eat up the whole amount."""
REPAID = frozenset({Instrument.LOAN, Instrument.BRIDGE})
"""Instruments whose money comes in at once and is repaid."""

_DIGITS = 40
_PLACES = Decimal("1e-15")
_CLOSE_ENOUGH = Decimal("1e-20")
_MAX_STEPS = 200


@dataclass(frozen=True, slots=True)
class Burden:
    """What one part of an offer costs, as fractions of the amount.

    Parameters
    ----------
    instrument
        What the part is.
    accruing
        Each year, of what is owed, paid monthly: interest, and the fee of a guarantee.
    yearly
        At the start of each year begun: a yearly fee, and the premium of an insurance.
    monthly
        At the end of each month, of the whole amount.
    once
        On the first day.
    """

    instrument: Instrument
    accruing: Decimal
    yearly: Decimal
    monthly: Decimal
    once: Decimal

    def times(self, share: Decimal) -> Burden:
        """Return the burden with ``share`` of every charge."""
        charges = (self.accruing, self.yearly, self.monthly, self.once)
        return Burden(self.instrument, *(c * share for c in charges))

    def total(self, term: Term) -> Decimal:
        """Return all that is paid over the term, as a fraction of the amount."""
        regular = self.yearly * term.years_begun + self.monthly * term.months
        return self.once + regular + self.accruing * term.used_years


@dataclass(frozen=True, slots=True)
class Term:
    """How long an amount is owed, and how it is repaid.

    Parameters
    ----------
    months
        At least 1.
    level_rate
        The yearly rate of equal monthly instalments; None where the amount is repaid at once
        at the end (also where it may be drawn and repaid at will: full use is reckoned with).
    """

    months: int
    level_rate: Decimal | None = None

    @property
    def years_begun(self) -> int:
        """The number of years of which at least a day belongs to the term."""
        return -(-self.months // MONTHS_PER_YEAR)

    @property
    def used_years(self) -> Decimal:
        """Σ of what is owed over the months, in years of the whole amount.

        n / 12 for one repayment at the end; (n A − 1) / r for instalments of A at the rate r,
        and (n + 1) / 24 without interest.
        """
        if self.level_rate is None:
            return Decimal(self.months) / MONTHS_PER_YEAR
        if not self.level_rate:
            return Decimal(self.months + 1) / (2 * MONTHS_PER_YEAR)
        return (self.months * instalment(self.level_rate, self.months) - 1) / self.level_rate


def instalment(rate: Decimal, months: int) -> Decimal:
    """Return the equal monthly instalment that repays 1 at a yearly rate: i / (1 − (1 + i)^−n)."""
    if not rate:
        return Decimal(1) / months
    with localcontext() as context:
        context.prec = _DIGITS
        i = rate / MONTHS_PER_YEAR
        return i / (1 - (1 + i) ** -months)


def burden(product: Product, rate: Decimal, amount_fen: int) -> Burden:
    """Return what a product costs at a quoted rate for an amount above 0.

    The rate of an insurance is a premium and falls due at the start of each year; any other
    rate accrues on what is owed.
    """
    is_premium = product.instrument is Instrument.INSURANCE
    return Burden(
        product.instrument,
        accruing=Decimal(0) if is_premium else rate,
        yearly=product.fee_yearly_rate + (rate if is_premium else 0),
        monthly=product.fee_monthly_rate,
        once=product.fee_once_rate + Decimal(product.fee_fixed_fen) / amount_fen,
    )


def repays_in_instalments(product: Product, wish: Repayment | None) -> bool:
    """Tell whether the amount is repaid in equal instalments: as wished, or nothing else."""
    offers = product.repayment
    return Repayment.INSTALMENTS in offers and (wish is Repayment.INSTALMENTS or len(offers) == 1)


def term_of(product: Product, wish: Repayment | None, months: int | None, rate: Decimal) -> Term:
    """Return the term of an offer; ``rate`` is what accrues on what is owed, in all."""
    level = product.instrument in REPAID and repays_in_instalments(product, wish)
    return Term(ASSUMED_TERM_MONTHS if months is None else months, rate if level else None)


def all_in_cost(burdens: Iterable[Burden], term: Term) -> Decimal:
    """Return the all-in yearly cost of the parts of an offer together, to 15 places.

    For a loan or a bridge (the first part tells) it is 12 i, where i is the internal rate of
    return of the monthly flows: 1 comes in, less what is paid once and the first year's
    charges; each month the charges, and the instalment or at the end the principal, go out:

        1 − once − yearly Σ_{k < years} v^{12 k} − C a_n − B v^n = 0,    v = 1 / (1 + i)

    with a_n = (1 − v^n) / i; C = accruing / 12 + monthly and B = 1 where all is repaid at the
    end, C = instalment + monthly and B = 0 for instalments. So a loan without fees costs the
    rate that it quotes. At most `MOST_COST`.

    For all else, which brings no money to repay, it is the plain sum accruing + yearly +
    12 monthly + once × 12 / n.

    References
    ----------
    中国人民银行公告〔2021〕第3号: the yearly rate of a loan takes in all its costs, by the internal
    rate of return.
    """
    parts = tuple(burdens)
    once = sum((p.once for p in parts), Decimal(0))
    yearly = sum((p.yearly for p in parts), Decimal(0))
    monthly = sum((p.monthly for p in parts), Decimal(0))
    accruing = sum((p.accruing for p in parts), Decimal(0))
    if parts[0].instrument not in REPAID:
        spread = once * MONTHS_PER_YEAR / term.months
        return accruing + yearly + monthly * MONTHS_PER_YEAR + spread
    if term.level_rate is None:
        pays, last = accruing / MONTHS_PER_YEAR + monthly, Decimal(1)
    else:
        pays, last = instalment(accruing, term.months) + monthly, Decimal(0)
    with localcontext() as context:
        context.prec = _DIGITS
        month = _monthly_return(once, yearly, pays, last, term)
        return min(month * MONTHS_PER_YEAR, MOST_COST).quantize(_PLACES)


def _monthly_return(
    once: Decimal, yearly: Decimal, pays: Decimal, last: Decimal, term: Term
) -> Decimal:
    """Find i by Newton's method from i = 0.

    The present value rises with i and is concave, and it is at most 0 at i = 0 (no charge is
    below 0): each step ends left of the root, so the steps close in on it from there.
    """
    if once + yearly >= 1:
        return MOST_COST
    i = Decimal(0)
    for _ in range(_MAX_STEPS):
        value, slope = _present_value(i, once, yearly, pays, last, term)
        step = -value / slope
        i += step
        if step <= _CLOSE_ENOUGH or i * MONTHS_PER_YEAR > MOST_COST:
            return i
    return i


def _present_value(
    i: Decimal, once: Decimal, yearly: Decimal, pays: Decimal, last: Decimal, term: Term
) -> tuple[Decimal, Decimal]:
    """Return the present value of what comes in and goes out, and its slope in i."""
    n, v = term.months, 1 / (1 + i)
    end = v**n
    annuity = (1 - end) / i if i else Decimal(n)
    annuity_slope = (n * end * v - annuity) / i if i else -Decimal(n * (n + 1)) / 2
    starts = [(MONTHS_PER_YEAR * k, v ** (MONTHS_PER_YEAR * k)) for k in range(term.years_begun)]
    value = 1 - once - yearly * sum(d for _, d in starts) - pays * annuity - last * end
    yearly_slope = -v * sum((t * d for t, d in starts), Decimal(0))
    slope = -yearly * yearly_slope - pays * annuity_slope + last * n * end * v
    return value, slope
