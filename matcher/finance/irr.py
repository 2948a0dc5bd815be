"""The all-in yearly cost (综合融资成本): the internal rate of return of what really flows."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, localcontext

from matcher.domain.errors import InputError
from matcher.domain.money import rate_text
from matcher.domain.text import Text
from matcher.finance.day_count import DayCount
from matcher.finance.flows import CashFlow, net_by_day
from matcher.finance.roots import ExponentialSum

DIGITS = 50
PLACES = Decimal("1e-12")
"""What a rate is found and given to."""
COMPOUNDINGS_PER_YEAR = 12

_LOWEST, _HIGHEST = Decimal(-60), Decimal(30)
"""ln(1 + r) of the rates looked at where the root is known to be the only one."""
LEAST_COST, MOST_COST = Decimal("-0.5"), Decimal(10)
"""Where money goes to and fro, a cost outside −50 % … 1,000 % a year is taken for no answer:
a subsidy paid late, or a fee paid early, always makes a second root far out there."""


def all_in_rate(flows: Iterable[CashFlow], day_count: DayCount = DayCount.ACT_365) -> Decimal:
    """Return the yearly cost r, effective, as a fraction to 12 places.

    r solves Σ_i a_i (1 + r)^(−t_i) = 0, with a_i the flow in fen (received above 0) and t_i the
    years since the first flow. One clock, ACT/365, makes products comparable however each of
    them counts its interest.

    Where the flows change direction once there is exactly one r > −1 (Descartes). Where they do
    so more often, every root from `LEAST_COST` to `MOST_COST` is found; if the borrower pays on
    balance only those from 0 up count, and there must be exactly one.

    Raises
    ------
    InputError
        If money flows one way only, if no rate solves it, or if several do (they are named).

    References
    ----------
    中国人民银行公告〔2021〕第3号 (yearly loan rate by the internal rate of return, all costs to
    the borrower included). C. J. Norstrøm, "A sufficient condition for a unique nonnegative
    internal rate of return", J. Financial and Quantitative Analysis 7 (3), 1972.
    """
    net = net_by_day(flows)
    if len({fen > 0 for _, fen in net}) < 2:
        raise InputError(
            Text(
                "现金流只有一个方向，没有收入和支出的变号，无法计算年化成本",
                "the cash flows have no sign change (money flows one way only): no yearly cost",
            )
        )
    times = [day_count.days(net[0][0], day) for day, _ in net]
    with localcontext() as context:
        context.prec = DIGITS
        roots = _candidates(*_merged(times, [fen for _, fen in net]), day_count.basis)
        rates = [(s.exp() - 1).quantize(PLACES) + 0 for s in roots]  # + 0: there is no −0 %
    if len(rates) != 1:
        raise InputError(_not_one(rates))
    return rates[0]


def _merged(times: list[int], amounts: list[int]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Add up what falls on one day of the day count: the 30th and the 31st under 30/360."""
    totals = dict.fromkeys(times, 0)
    for t, fen in zip(times, amounts, strict=True):
        totals[t] += fen
    kept = {t: fen for t, fen in totals.items() if fen}
    return tuple(kept.values()), tuple(kept)


def _candidates(amounts: tuple[int, ...], times: tuple[int, ...], basis: int) -> list[Decimal]:
    function = ExponentialSum(amounts, times, basis)
    if not amounts or function.sign_changes == 1:
        return function.roots(_LOWEST, _HIGHEST) if amounts else []
    least = Decimal(0) if sum(amounts) < 0 else LEAST_COST
    return function.roots((1 + least).ln(), (1 + MOST_COST).ln())


def _not_one(rates: list[Decimal]) -> Text:
    if not rates:
        return Text(
            "在可计算范围内没有使现金流现值为零的年化成本",
            "no yearly cost within reach brings the cash flows to a present value of zero",
        )
    return Text(
        "年化成本不唯一，下列各值都使现值为零：{r}",
        "the yearly cost is not unique; each of these brings the present value to zero: {r}",
    ).format(r=Text.join([rate_text(r) for r in rates]))


def nominal_rate(effective: Decimal, per_year: int = COMPOUNDINGS_PER_YEAR) -> Decimal:
    """Return the yearly figure that compounds ``per_year`` times to an effective rate.

    nominal = m ((1 + r)^(1/m) − 1), a fraction to 12 places: what 12 × the monthly rate is.
    """
    with localcontext() as context:
        context.prec = DIGITS
        growth = ((1 + effective).ln() / per_year).exp()
        return (per_year * (growth - 1)).quantize(PLACES)
