"""Each feature against its formula, on values worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from matcher.domain.choices import Collateral, Repayment, Size, TaxGrade
from matcher.domain.enterprise import Enterprise, Need
from matcher.domain.expression import parse
from matcher.domain.institution import Institution, Product
from matcher.domain.records import Records
from matcher.market import Market
from matcher.scoring.explain import explain
from matcher.scoring.weights import FEATURE_NAMES, default_weights

FIRM = Enterprise(enterprise_id="E", name="e", region="330108")
NEED = Need(need_id="N", enterprise_id="E", amount_fen=100_000_00, term_months=6)
BANK = Institution(institution_id="B", name="b", region="330108")
PRODUCT = Product(product_id="P", institution_id="B", name="p")

WAN = 1_000_000


def feature(name: str, firm: dict, need: dict, bank: dict, product: dict) -> float:
    """Return one feature of a pair with these fields set."""
    market = Market.from_records(
        Records(
            enterprises=(replace(FIRM, **firm),),
            needs=(replace(NEED, **need),),
            institutions=(replace(BANK, **bank),),
            products=(replace(PRODUCT, **product),),
        ),
        date(2022, 5, 25),
    )
    terms = explain(market, default_weights(), 0, 0).terms
    return next(t.value for t in terms if t.feature == name)


HOUSE = ((Collateral.REAL_ESTATE, Decimal("0.5")),)
CASES = [
    ("amount", {}, {"amount_min_fen": 1}, {}, {"amount_max_fen": 75_000_00}, 0.75),
    ("amount", {}, {}, {}, {}, 1.0),
    ("term", {}, {}, {}, {}, 1.0),
    ("term", {}, {"term_months": None}, {}, {}, 0.5),
    # 4 % a year and 1 % once over half a year: 0.99 = Σ 0.04/12 v^k + v^6 at 6.0353534 % a year.
    (
        "cost",
        {},
        {},
        {},
        {"rate": Decimal("0.04"), "fee_once_rate": Decimal("0.01")},
        1 - 0.060353534 / 0.12,
    ),
    ("cost", {}, {"max_rate": Decimal("0.08")}, {}, {"rate": Decimal("0.06")}, 0.25),
    ("cost", {}, {}, {}, {"rate": Decimal("0.03"), "rate_max": Decimal("0.09")}, 0.5),
    ("cost", {}, {}, {}, {}, 0.0),
    ("cost", {}, {}, {}, {"rate": Decimal("0.5")}, 0.0),
    # 25 May to 3 June 2022 are 6 workdays; 3 of them used leave half.
    ("time", {}, {"needed_by": date(2022, 6, 3)}, {}, {"cash_workdays": 3}, 0.5),
    ("time", {}, {}, {}, {"cash_workdays": 6}, 0.8),
    ("time", {}, {}, {}, {}, 0.0),
    ("collateral", {}, {}, {}, {}, 1.0),
    ("collateral", {}, {}, {}, {"collateral": HOUSE}, 0.5),
    (
        "collateral",
        {},
        {"collateral": ((Collateral.REAL_ESTATE, 50_000_00),), "amount_min_fen": 1},
        {},
        {"collateral": HOUSE},
        0.25,
    ),
    ("repayment", {}, {}, {}, {}, 1.0),
    ("repayment", {}, {"repayment": Repayment.REVOLVING}, {}, {}, 0.0),
    (
        "repayment",
        {},
        {"repayment": Repayment.REVOLVING},
        {},
        {"repayment": frozenset({Repayment.BULLET})},
        0.0,
    ),
    (
        "repayment",
        {},
        {"repayment": Repayment.BULLET},
        {},
        {"repayment": frozenset({Repayment.BULLET})},
        1.0,
    ),
    ("sector", {"industry": "A01"}, {}, {}, {"criteria": (parse("industry in A"),)}, 1.0),
    ("sector", {}, {}, {}, {"criteria": (parse("not (industry in K)"),)}, 0.5),
    ("appetite", {}, {}, {}, {}, 0.5),
    (
        "appetite",
        {"staff": 10},
        {},
        {},
        {"preferences": (parse("staff >= 5"), parse("staff >= 50"), parse("revenue >= 1"))},
        0.5,
    ),
    ("region", {}, {}, {}, {}, 1.0),
    ("region", {}, {}, {"region": "330102"}, {}, 0.75),
    ("region", {}, {}, {"region": "33"}, {}, 0.5),
    ("region", {}, {}, {"region": "31"}, {}, 0.25),
    ("region", {"region": None}, {}, {}, {}, 0.5),
    ("relationship", {}, {}, {}, {}, 0.5),
    ("relationship", {"banks": frozenset()}, {}, {}, {}, 0.0),
    ("relationship", {"banks": frozenset({"B"})}, {}, {}, {}, 1.0),
    ("approval", {"tax_grade": TaxGrade.A}, {}, {}, {}, 1.0),
    # One rule in ten is not known, and no grade stands at 0.6.
    ("approval", {}, {}, {}, {"criteria": (parse("staff >= 1"),)}, 0.9 * 0.6),
    ("priority", {}, {"priority": 5}, {}, {}, 1.0),
    ("priority", {}, {"priority": 2}, {}, {}, 0.25),
    ("urgency", {}, {"needed_by": date(2022, 6, 3)}, {}, {}, 1 - 6 / 40),
    ("urgency", {}, {}, {}, {}, 0.0),
    ("urgency", {}, {"needed_by": date(2023, 6, 3)}, {}, {}, 0.0),
    ("smallness", {"stated_size": Size.MICRO}, {}, {}, {}, 1.0),
    ("smallness", {"stated_size": Size.MEDIUM}, {}, {}, {}, 0.25),
    ("smallness", {}, {}, {}, {}, 0.5),
    ("first_loan", {"first_time_borrower": True}, {}, {}, {}, 1.0),
    ("first_loan", {"first_time_borrower": False}, {}, {}, {}, 0.0),
    ("first_loan", {}, {}, {}, {}, 0.5),
]


@pytest.mark.parametrize(("name", "firm", "need", "bank", "product", "expected"), CASES)
def test_a_feature_follows_its_formula(name, firm, need, bank, product, expected) -> None:
    """The value is the one that the docstring's formula gives by hand."""
    assert feature(name, firm, need, bank, product) == pytest.approx(expected, abs=1e-6)


def test_every_feature_has_a_case() -> None:
    """No feature goes without a worked example."""
    assert {case[0] for case in CASES} == set(FEATURE_NAMES)


@pytest.mark.parametrize(
    ("name", "published"),
    [
        ("cost", {"rate": Decimal("0.11")}),
        ("cost", {"rate": Decimal("0.9")}),
        ("time", {"cash_workdays": 29}),
        ("repayment", {"repayment": frozenset({Repayment.BULLET})}),
    ],
)
def test_keeping_a_figure_to_oneself_never_ranks_above_stating_it(name, published) -> None:
    """However dear, slow or unwished, what is published scores no less than silence."""
    need = {"repayment": Repayment.REVOLVING}
    assert feature(name, {}, need, {}, published) >= feature(name, {}, need, {}, {})
