"""Hypothesis strategies of figures that can occur."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from matcher.finance.charges import Charges, GuaranteeMode, Subsidy
from matcher.finance.day_count import DayCount
from matcher.finance.repayment import Loan, Plan

amounts = st.integers(1_000_000, 10**12)
rates = st.integers(0, 2_400).map(lambda bp: Decimal(bp) / 10_000)
small_rates = st.integers(0, 300).map(lambda bp: Decimal(bp) / 10_000)
days = st.dates(date(2015, 1, 1), date(2035, 12, 31))

loans = st.builds(
    Loan,
    amount_fen=amounts,
    rate=rates,
    start=days,
    months=st.integers(1, 60),
    plan=st.sampled_from(Plan),
    every_months=st.sampled_from([1, 1, 1, 3, 5, 12]),
    day_count=st.sampled_from(DayCount),
)
charges = st.builds(
    Charges,
    fee_once_rate=small_rates,
    fee_fixed_fen=st.integers(0, 10_000),
    fee_monthly_rate=st.integers(0, 30).map(lambda bp: Decimal(bp) / 10_000),
    fee_daily_rate=small_rates,
    guarantee_rate=small_rates,
    guarantee_mode=st.sampled_from(GuaranteeMode),
    premium_fen=st.integers(0, 10_000),
)


@st.composite
def subsidies_of(draw: st.DrawFn, loan: Loan) -> tuple[Subsidy, ...]:
    """Draw up to two small subsidies that come while a loan runs."""
    when = st.dates(loan.start, loan.end)
    most = max(1, loan.amount_fen // 1_000)
    return tuple(draw(st.lists(st.builds(Subsidy, st.integers(1, most), when), max_size=2)))
