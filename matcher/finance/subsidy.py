"""Interest, the subsidy on it, and the cut in the rate that someone may grant."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from matcher.domain.errors import Faults
from matcher.domain.money import money_text
from matcher.domain.text import Text
from matcher.finance.checks import require_amounts, require_rates
from matcher.finance.rounding import share_fen

NONE = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class SubsidyRule:
    """How public money pays part of the interest.

    Parameters
    ----------
    share
        A fraction of the interest that it pays.
    points
        A yearly fraction of the amount that it pays: 0.01 is one percentage point.
    cap_fen
        The most it pays in all, in fen; None for no cap.
    most_loan_fen, most_included
        The largest loan that it goes to, in fen, None for any; and whether a loan of exactly
        that much still counts.
    """

    share: Decimal = NONE
    points: Decimal = NONE
    cap_fen: int | None = None
    most_loan_fen: int | None = None
    most_included: bool = True

    def __post_init__(self) -> None:
        faults = Faults()
        require_rates(faults, share=self.share, points=self.points)
        require_amounts(faults, 0, cap_fen=self.cap_fen)
        require_amounts(faults, most_loan_fen=self.most_loan_fen)
        faults.raise_if_any()

    def admits(self, amount_fen: int) -> bool:
        """Tell whether a loan of this size may have the subsidy."""
        most = self.most_loan_fen
        return most is None or amount_fen < most or (self.most_included and amount_fen == most)


@dataclass(frozen=True, slots=True)
class SubsidisedInterest:
    """Interest before and after a subsidy, in fen."""

    interest_fen: int
    subsidy_fen: int

    @property
    def pays_fen(self) -> int:
        """What is left to the firm."""
        return self.interest_fen - self.subsidy_fen


def subsidised_interest(
    amount_fen: int, rate: Decimal, years: Fraction, rule: SubsidyRule | None = None
) -> SubsidisedInterest:
    """Return the simple interest of a loan and what a rule pays of it.

    interest = amount × rate × years
    subsidy = min(interest × share + amount × points × years, interest, cap)

    Raises
    ------
    InputError
        Naming every figure out of range, and the amount where the rule does not admit it.
    """
    faults = Faults()
    require_amounts(faults, amount_fen=amount_fen)
    require_rates(faults, rate=rate)
    in_range = 0 <= years <= 100
    faults.require(in_range, "years", str(years), Text("0 到 100 年", "0 to 100 years"))
    if rule is not None and not rule.admits(amount_fen):
        _refuse(faults, amount_fen, rule)
    faults.raise_if_any()
    interest = share_fen(amount_fen, rate, years)
    return SubsidisedInterest(interest, _subsidy(amount_fen, rate, years, rule or SubsidyRule()))


def _refuse(faults: Faults, amount_fen: int, rule: SubsidyRule) -> None:
    bound = (
        Text("不大于 {m}", "at most {m}") if rule.most_included else Text("小于 {m}", "below {m}")
    )
    faults.require(
        False, "amount_fen", amount_fen, bound.format(m=money_text(rule.most_loan_fen or 0))
    )


def _subsidy(amount_fen: int, rate: Decimal, years: Fraction, rule: SubsidyRule) -> int:
    interest = share_fen(amount_fen, rate, years)
    yearly = Fraction(rate) * Fraction(rule.share) + Fraction(rule.points)
    granted = min(share_fen(amount_fen, yearly, years), interest)
    return granted if rule.cap_fen is None else min(granted, rule.cap_fen)


@dataclass(frozen=True, slots=True)
class RateCut:
    """A cut in a rate: what was asked, what was granted, and the rate after it."""

    asked: Decimal
    granted: Decimal
    rate: Decimal

    @property
    def refused(self) -> Decimal:
        """The part of the cut that was beyond the authority or below the floor."""
        return self.asked - self.granted


def cut_rate(rate: Decimal, asked: Decimal, authority: Decimal, floor: Decimal = NONE) -> RateCut:
    """Return the rate after a cut within the authority of whoever grants it.

    granted = min(asked, authority, max(rate − floor, 0)); all are yearly fractions, 0.002 is
    0.2 percentage points.

    Raises
    ------
    InputError
        Naming every fraction out of range.
    """
    faults = Faults()
    require_rates(faults, rate=rate, cut=asked, authority=authority, floor=floor)
    faults.raise_if_any()
    granted = min(asked, authority, max(rate - floor, NONE))
    return RateCut(asked, granted, rate - granted)
