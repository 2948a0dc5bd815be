"""What a programme has saved its borrowers, and the rates that its figures imply."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from matcher.domain.errors import Faults
from matcher.domain.text import Text
from matcher.finance.checks import MAX_DAYS, require_amounts, require_rates, require_whole
from matcher.finance.rounding import share_fen

MAX_LOANS = 10**9


@dataclass(frozen=True, slots=True, kw_only=True)
class Savings:
    """A book of loans and what was saved on it in a year.

    Parameters
    ----------
    num_loans
        How many loans; 1 or more.
    book_fen, saved_fen
        What was lent and what was saved, in fen.
    fall
        By which fraction the cost fell (0.54 for −54 %); None where it is not known.
    """

    num_loans: int
    book_fen: int
    saved_fen: int
    fall: Decimal | None = None

    def __post_init__(self) -> None:
        faults = Faults()
        require_whole(faults, 1, MAX_LOANS, num_loans=self.num_loans)
        require_amounts(faults, book_fen=self.book_fen)
        require_amounts(faults, 0, saved_fen=self.saved_fen)
        require_rates(faults, fall=self.fall)
        faults.require(self.fall != 0, "fall", self.fall, Text("大于 0", "above 0"))
        faults.ordered("saved_fen", self.saved_fen, "book_fen", self.book_fen)
        faults.raise_if_any()

    @property
    def share_of_book(self) -> Decimal:
        """Saved ÷ lent: by how much the yearly cost fell, as a fraction."""
        return Decimal(self.saved_fen) / self.book_fen

    @property
    def mean_loan_fen(self) -> int:
        """Lent ÷ loans, in fen."""
        return share_fen(self.book_fen, Fraction(1, self.num_loans))

    @property
    def rate_before(self) -> Decimal | None:
        """The yearly cost that must have been: share of the book ÷ fall."""
        return None if self.fall is None else self.share_of_book / self.fall

    @property
    def rate_after(self) -> Decimal | None:
        """What it then is: before × (1 − fall)."""
        before = self.rate_before
        return None if before is None or self.fall is None else before * (1 - self.fall)


@dataclass(frozen=True, slots=True)
class CheaperLoan:
    """A loan with its yearly all-in cost before and after, and the days it was used.

    Parameters
    ----------
    amount_fen
        Above 0, in fen.
    rate_before, rate_after
        Yearly fractions from 0 to 1, after not above before.
    """

    amount_fen: int
    rate_before: Decimal
    rate_after: Decimal
    days: int = 365

    def __post_init__(self) -> None:
        faults = Faults()
        require_amounts(faults, amount_fen=self.amount_fen)
        require_rates(faults, rate_before=self.rate_before, rate_after=self.rate_after)
        require_whole(faults, 0, MAX_DAYS, days=self.days)
        if not faults.found:
            faults.ordered("rate_after", self.rate_after, "rate_before", self.rate_before)
        faults.raise_if_any()

    def cost_fen(self, rate: Decimal) -> Fraction:
        """Return what a rate costs over the days of use (ACT/365), exact, in fen."""
        return self.amount_fen * Fraction(rate) * Fraction(self.days, 365)


def savings_of(loans: Iterable[CheaperLoan]) -> Savings:
    """Return the report of a list of loans: each one's saving rounded to the fen and added up.

    saved = Σ amount × (before − after) × days / 365; fall = saved / Σ amount × before × days / 365

    Raises
    ------
    InputError
        If there are none.
    """
    book = list(loans)
    before = sum((loan.cost_fen(loan.rate_before) for loan in book), Fraction())
    after = sum((loan.cost_fen(loan.rate_after) for loan in book), Fraction())
    fall = 1 - after / before if before else Fraction()
    each = (loan.rate_before - loan.rate_after for loan in book)
    saved = sum(
        share_fen(loan.amount_fen, cut, Fraction(loan.days, 365))
        for loan, cut in zip(book, each, strict=True)
    )
    return Savings(
        num_loans=len(book),
        book_fen=sum(loan.amount_fen for loan in book),
        saved_fen=saved,
        fall=Decimal(fall.numerator) / fall.denominator if fall else None,
    )
