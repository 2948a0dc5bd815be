"""A loan with its fees, guarantee, premium and subsidies, all in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from matcher.domain.choices import Tenor
from matcher.domain.errors import Fault
from matcher.domain.text import Text
from matcher.finance.charges import Charges, GuaranteeMode
from matcher.finance.loan_cost import loan_cost
from matcher.finance.repayment import Loan, Plan
from matcher.services.costing.answer import Answer
from matcher.services.costing.fees import DAY_COUNT
from matcher.services.costing.loan_answer import loan_answer
from matcher.services.costing.reading import Reader

NONE = "0"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanWords:
    """A loan as it is typed, without its rate."""

    amount: str
    start: str
    months: str
    plan: str = "bullet"
    every: str = "1"
    day_count: str = DAY_COUNT


@dataclass(frozen=True, slots=True, kw_only=True)
class RateWords:
    """The rate as it is typed: itself, or a dated table of the LPR with a spread."""

    rate: str | None = None
    lpr: Path | None = None
    tenor: str = "1y"
    spread_bp: str = NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeWords:
    """What is charged beside interest, as it is typed."""

    fee_once: str = NONE
    fee_fixed: str = NONE
    fee_monthly: str = NONE
    fee_daily: str = NONE
    guarantee_rate: str = NONE
    guarantee_mode: str = "daily"
    premium: str = NONE
    subsidy: Sequence[str] = ()


def loan(reader: Reader, terms: LoanWords, rate: RateWords, charges: ChargeWords) -> Answer:
    """Reckon the all-in yearly cost of a loan.

    Raises
    ------
    InputError
        With every fault of the words.
    """
    read = _Terms(reader, terms)
    quoted = _quoted_rate(reader, rate, terms.start)
    borrowed = reader.attempt(lambda: read.loan(quoted))
    charged = _charges(reader, charges)
    reader.raise_if_any()
    assert borrowed is not None
    assert charged is not None
    return loan_answer(reader.finish(lambda: loan_cost(borrowed, charged)))


def _charges(reader: Reader, words: ChargeWords) -> Charges | None:
    rates = {
        field: reader.rate(field, name, word)
        for field, name, word in (
            ("fee_once_rate", "fee_once", words.fee_once),
            ("fee_monthly_rate", "fee_monthly", words.fee_monthly),
            ("fee_daily_rate", "fee_daily", words.fee_daily),
            ("guarantee_rate", "guarantee_rate", words.guarantee_rate),
        )
    }
    fixed_fen = reader.money("fee_fixed_fen", "fee_fixed", words.fee_fixed)
    premium_fen = reader.money("premium_fen", "premium", words.premium)
    mode = reader.choice("guarantee_mode", "guarantee_mode", words.guarantee_mode, GuaranteeMode)
    paid_back = reader.subsidies(list(words.subsidy))
    return reader.attempt(
        lambda: Charges(
            **rates,
            fee_fixed_fen=fixed_fen,
            guarantee_mode=mode,
            premium_fen=premium_fen,
            subsidies=paid_back,
        )
    )


class _Terms:
    """The terms of a loan as read from its words."""

    def __init__(self, reader: Reader, words: LoanWords) -> None:
        self.amount_fen = reader.money("amount_fen", "amount", words.amount)
        self.start = reader.day("start", "start", words.start)
        self.months = reader.whole("months", "months", words.months)
        self.plan = reader.choice("plan", "plan", words.plan, Plan)
        self.every_months = reader.whole("every_months", "every", words.every)
        self.day_count = reader.day_count(words.day_count)

    def loan(self, rate: Decimal) -> Loan:
        """Return the loan at a rate."""
        return Loan(
            amount_fen=self.amount_fen,
            rate=rate,
            start=self.start,
            months=self.months,
            plan=self.plan,
            every_months=self.every_months,
            day_count=self.day_count,
        )


def _quoted_rate(reader: Reader, words: RateWords, start: str) -> Decimal:
    """Return the rate given, or the LPR of the first day with its spread."""
    if (words.rate is None) == (words.lpr is None):
        message = Text("必须且只能给出一个", "exactly one of them must be given")
        named = f"{reader.called('rate')}, {reader.called('lpr')}"
        reader.faults.append(Fault(message, field=named))
    if words.lpr is None or words.rate is not None:
        return reader.rate("rate", "rate", NONE if words.rate is None else words.rate)
    num_faults = len(reader.faults)
    published = reader.choice("tenor", "tenor", words.tenor, Tenor)
    spread = reader.whole("spread_bp", "spread_bp", words.spread_bp)
    table = reader.lpr(words.lpr)
    day = Reader().day("date", "start", start)  # its fault is noted with the loan's terms
    if table is None or len(reader.faults) > num_faults:
        return Decimal(0)
    reader.name("date", "start")
    return reader.attempt(lambda: table.loan_rate(day, published, spread)) or Decimal(0)
