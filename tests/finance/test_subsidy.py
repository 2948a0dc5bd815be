"""Interest subsidy, rate authority and savings: the figures of rows B10 and B3, and others."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.finance.savings import CheaperLoan, Savings, savings_of
from matcher.finance.subsidy import SubsidyRule, cut_rate, subsidised_interest
from tests.finance.faults import fields_of
from tests.finance.strategies import amounts, rates

YEAR = Fraction(1)
BOOK = Savings(num_loans=28, book_fen=2_824_500_000, saved_fen=91_500_000, fall=Decimal("0.54"))


def test_the_interest_of_the_source():
    """9.9 m for a year at 2.65 % is 262,350.00 (B10)."""
    found = subsidised_interest(990_000_000, Decimal("0.0265"), YEAR)
    assert (found.interest_fen, found.subsidy_fen) == (26_235_000, 0)


@pytest.mark.parametrize(
    ("rule", "subsidy"),
    [
        ({"share": Decimal("0.5")}, 2_000_000),
        ({"points": Decimal("0.01")}, 1_000_000),
        ({"share": Decimal("0.5"), "points": Decimal("0.01")}, 3_000_000),
        ({"share": Decimal("0.5"), "cap_fen": 1_500_000}, 1_500_000),
        ({"points": Decimal("0.05")}, 4_000_000),
        ({"share": Decimal("1"), "cap_fen": 0}, 0),
    ],
)
def test_a_subsidy_is_a_share_or_points_up_to_its_cap_and_the_interest(rule, subsidy):
    """On 1 m at 4 % for a year, 40,000.00 of interest."""
    found = subsidised_interest(100_000_000, Decimal("0.04"), YEAR, SubsidyRule(**rule))
    assert found.subsidy_fen == subsidy
    assert found.pays_fen == 4_000_000 - subsidy


@given(amounts, rates, rates, rates, st.integers(0, 10**10), st.integers(1, 120))
def test_a_subsidy_is_never_above_its_limits(amount, rate, share, points, cap, months):
    """Within half a fen of the least of the three."""
    years = Fraction(months, 12)
    rule = SubsidyRule(share=share, points=points, cap_fen=cap)
    found = subsidised_interest(amount, rate, years, rule)
    interest = Fraction(amount) * Fraction(rate) * years
    asked = interest * Fraction(share) + Fraction(amount) * Fraction(points) * years
    assert abs(found.subsidy_fen - min(asked, interest, cap)) <= Fraction(1, 2)


@pytest.mark.parametrize(
    ("yuan", "included", "admitted"),
    [
        (9_900_000, True, True),
        (10_000_000, True, True),
        (10_000_000, False, False),
        (10_010_000, True, False),
        (10_010_000, False, False),
    ],
)
def test_the_largest_loan_is_in_or_out_by_setting(yuan, included, admitted):
    """9.9 m is admitted, 10.01 m is not, 10 m itself as the rule says (B10)."""
    rule = SubsidyRule(most_loan_fen=1_000_000_000, most_included=included)
    assert rule.admits(yuan * 100) is admitted
    if not admitted:
        ask = (yuan * 100, Decimal("0.0265"), YEAR, rule)
        assert fields_of(lambda: subsidised_interest(*ask)) == {"amount_fen"}


@pytest.mark.parametrize(
    ("rate", "asked", "authority", "floor", "after"),
    [
        ("0.0285", "0.002", "0.002", "0", "0.0265"),
        ("0.0285", "0.003", "0.002", "0", "0.0265"),
        ("0.0285", "0.001", "0.002", "0", "0.0275"),
        ("0.0285", "0.002", "0", "0", "0.0285"),
        ("0.0285", "0.002", "0.002", "0.028", "0.0280"),
        ("0.0285", "0.002", "0.002", "0.03", "0.0285"),
    ],
)
def test_a_rate_is_cut_within_the_authority_and_not_below_the_floor(
    rate, asked, authority, floor, after
):
    """0.2 percentage points and no more (B10)."""
    found = cut_rate(*(Decimal(x) for x in (rate, asked, authority, floor)))
    assert found.rate == Decimal(after)
    assert found.granted + found.refused == Decimal(asked)


def test_the_savings_report_of_the_source():
    """0.915 m on 28.245 m is 3.24 %; −54 % implies about 6.00 % → 2.76 % (B3)."""
    assert round(BOOK.share_of_book, 4) == Decimal("0.0324")
    assert round(BOOK.rate_before, 4) == Decimal("0.0600")
    assert round(BOOK.rate_after, 4) == Decimal("0.0276")
    assert BOOK.mean_loan_fen == 100_875_000


@given(st.lists(st.tuples(amounts, rates, rates, st.integers(1, 400)), min_size=1, max_size=6))
def test_a_report_from_loans_adds_up_what_each_saves(rows):
    """Sum of amount × cut × days / 365, to half a fen a loan; the fall is that over the cost."""
    loans = [CheaperLoan(a, max(r, s), min(r, s), d) for a, r, s, d in rows]
    report = savings_of(loans)
    exact = sum(a * abs(Fraction(r) - Fraction(s)) * d / 365 for a, r, s, d in rows)
    before = sum(a * Fraction(max(r, s)) * d / 365 for a, r, s, d in rows)
    assert (report.num_loans, report.book_fen) == (len(rows), sum(a for a, *_ in rows))
    assert abs(report.saved_fen - exact) <= Fraction(len(rows), 2)
    assert abs(Fraction(report.fall or 0) * before - exact) <= Fraction(1, 1000)


@given(amounts, rates.filter(bool), st.integers(1, 99))
def test_the_implied_rates_are_those_that_a_book_of_a_year_was_made_of(amount, before, percent):
    """A year's loans at one rate each side: the report finds both rates again."""
    after = before * (100 - percent) / 100
    report = savings_of([CheaperLoan(amount, before, after)])
    assert abs(report.rate_before - before) * amount <= 1 + 100 / Decimal(percent)
    assert abs(report.rate_after - after) * amount <= 1 + 100 / Decimal(percent)


NAN = Decimal("NaN")


@pytest.mark.parametrize(
    ("call", "fields"),
    [
        (lambda: subsidised_interest(0, Decimal(3), Fraction(-1)), {"amount_fen", "rate", "years"}),
        (
            lambda: SubsidyRule(share=NAN, points=Decimal(2), cap_fen=-1),
            {"share", "points", "cap_fen"},
        ),
        (lambda: SubsidyRule(most_loan_fen=0), {"most_loan_fen"}),
        (lambda: cut_rate(NAN, Decimal(-1), Decimal(2)), {"rate", "cut", "authority"}),
        (
            lambda: replace(BOOK, num_loans=0, book_fen=0, saved_fen=0, fall=Decimal(0)),
            {"num_loans", "book_fen", "fall"},
        ),
        (lambda: replace(BOOK, saved_fen=BOOK.book_fen + 1), {"saved_fen"}),
        (lambda: replace(BOOK, fall=NAN), {"fall"}),
        (lambda: CheaperLoan(1, Decimal("0.03"), Decimal("0.04")), {"rate_after"}),
        (lambda: CheaperLoan(0, NAN, NAN, -1), {"amount_fen", "rate_before", "rate_after", "days"}),
        (lambda: savings_of([]), {"num_loans", "book_fen"}),
    ],
)
def test_figures_that_cannot_be_are_refused_by_field(call, fields):
    """NaN, negative terms, 300 %, savings above the book, and reports of nothing."""
    assert fields_of(call) == fields
