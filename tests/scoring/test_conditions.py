"""What each condition says, on pairs worked out by hand: state, found, asked, what to change."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from matcher.domain.choices import Collateral, Instrument
from matcher.domain.criteria import State, Verdict
from matcher.domain.enterprise import Enterprise, Need
from matcher.domain.expression import parse
from matcher.domain.institution import Institution, Product
from matcher.domain.records import Records
from matcher.market import Market
from matcher.scoring.change import Change
from matcher.scoring.conditions import CONDITIONS
from matcher.scoring.mending import smallest_change
from matcher.scoring.pair import Pair

WAN = 1_000_000
HOUSE = ((Collateral.REAL_ESTATE, Decimal("0.7")),)
FAIL, UNKNOWN, PASS = State.FAIL, State.UNKNOWN, State.PASS


def pair(
    need: dict[str, Any] | None = None,
    product: dict[str, Any] | None = None,
    firm: dict[str, Any] | None = None,
) -> Pair:
    """Return a pair with these fields set; 25 May 2022 is the day."""
    records = Records(
        enterprises=(Enterprise(enterprise_id="E", name="e", **(firm or {})),),
        needs=(Need(need_id="N", enterprise_id="E", **{"amount_fen": 100 * WAN, **(need or {})}),),
        institutions=(Institution(institution_id="B", name="甲行", name_en="Bank A"),
                      Institution(institution_id="C", name="乙行", name_en="Bank C")),
        products=(Product(product_id="P", institution_id="B", name="p", **(product or {})),),
    )  # fmt: skip
    return Pair.of(Market.from_records(records, date(2022, 5, 25)), 0, 0)


def verdict(label: str, of: Pair) -> Verdict:
    """Return the verdict of the condition of this English name."""
    (condition,) = [c for c in CONDITIONS if c.label.en == label]
    return condition.judge(of)


CASES = [
    ("instrument", pair(), PASS, "loan", "loan"),
    ("instrument", pair({"instruments": frozenset({Instrument.EQUITY})}), FAIL, "equity", "loan"),
    ("on offer", pair(), PASS, "25 May 2022", "… – …"),
    ("on offer", pair(product={"valid_from": date(2022, 5, 25)}), PASS, "25 May 2022",
     "25 May 2022 – …"),
    ("on offer", pair(product={"valid_to": date(2022, 5, 24)}), FAIL, "25 May 2022",
     "… – 24 May 2022"),
    ("consent", pair(), PASS, "every institution", "Bank A"),
    ("consent", pair({"consent": frozenset({"C"})}), FAIL, "C", "Bank A"),
    ("consent", pair({"consent": frozenset()}), FAIL, "–", "Bank A"),
    ("conflict of interest", pair(), PASS, "not related", "not related"),
    ("conflict of interest", pair(firm={"conflicts": frozenset({"B"})}), FAIL, "related",
     "not related"),
    ("amount", pair(), PASS, "1,000,000 yuan", "0 – no limit"),
    ("amount", pair(product={"amount_max_fen": 99 * WAN}), FAIL, "1,000,000 yuan",
     "0 – 990,000 yuan"),
    ("amount", pair({"amount_min_fen": 99 * WAN}, {"amount_max_fen": 99 * WAN}), PASS,
     "1,000,000 yuan (at least 990,000 yuan)", "0 – 990,000 yuan"),
    ("amount", pair(product={"amount_min_fen": 101 * WAN}), FAIL, "1,000,000 yuan",
     "1,010,000 yuan – no limit"),
    ("term", pair(), PASS, None, "0 – no limit months"),
    ("term", pair(product={"term_max_months": 12}), UNKNOWN, None, "0 – 12 months"),
    ("term", pair({"term_months": 13}, {"term_max_months": 12}), FAIL, "13 months",
     "0 – 12 months"),
    ("term", pair({"term_months": 12}, {"term_min_months": 3}), PASS, "12 months",
     "3 – no limit months"),
    ("time to cash", pair(), PASS, None, "no deadline"),
    ("time to cash", pair({"needed_by": date(2022, 6, 3)}), UNKNOWN, None,
     "by 3 June 2022 (within 6 workdays)"),
    ("time to cash", pair({"needed_by": date(2022, 6, 3)}, {"cash_workdays": 6}), PASS,
     "6 workdays", "by 3 June 2022 (within 6 workdays)"),
    ("time to cash", pair({"needed_by": date(2022, 6, 3)}, {"cash_workdays": 9}), FAIL,
     "too slow by 3 workdays", "by 3 June 2022 (within 6 workdays)"),
    ("all-in cost", pair(), PASS, None, "no limit named"),
    ("all-in cost", pair({"max_rate": Decimal("0.05")}), UNKNOWN, None, "at most 5.00%"),
    ("all-in cost", pair({"max_rate": Decimal("0.05")}, {"rate": Decimal("0.05")}), PASS, "5.00%",
     "at most 5.00%"),
    ("all-in cost", pair({"max_rate": Decimal("0.05")},
                         {"rate": Decimal("0.05"), "fee_once_rate": Decimal("0.01")}), FAIL,
     "6.033%", "at most 5.00%"),
    ("all-in cost", pair({"max_rate": Decimal("0.05")},
                         {"rate": Decimal("0.04"), "rate_max": Decimal("0.06")}), UNKNOWN,
     "4.00% – 6.00%", "at most 5.00%"),
    ("collateral", pair(), PASS, None, "none asked"),
    ("collateral", pair(product={"collateral": HOUSE}), UNKNOWN, None,
     "cover of 1,000,000 yuan (real estate at 70.00%)"),
    ("collateral", pair(product={"collateral": HOUSE, "unsecured_fen": 100 * WAN}), PASS, None,
     "cover of 1,000,000 yuan (real estate at 70.00%)"),
    ("collateral", pair({"collateral": ((Collateral.REAL_ESTATE, 100 * WAN),)},
                        {"collateral": HOUSE}), FAIL, "covers 700,000 yuan",
     "cover of 1,000,000 yuan (real estate at 70.00%)"),
    ("collateral", pair({"collateral": ((Collateral.REAL_ESTATE, 100 * WAN),)},
                        {"collateral": HOUSE, "unsecured_fen": 30 * WAN}), PASS,
     "covers 1,000,000 yuan", "cover of 1,000,000 yuan (real estate at 70.00%)"),
]  # fmt: skip


@pytest.mark.parametrize(("label", "of", "state", "found", "asked"), CASES)
def test_a_condition_says_what_it_found_and_what_is_asked(label, of, state, found, asked) -> None:
    """State and words of the verdict are those of the case; Chinese words exist beside them."""
    told = verdict(label, of)
    assert told.state is state
    assert (None if told.found is None else told.found.en) == found
    assert told.asked.en == asked
    assert told.sentence.zh != told.sentence.en


def test_every_condition_has_a_case_for_each_state_that_it_can_take() -> None:
    """No branch goes without a worked example."""
    seen = {(label, state) for label, _, state, _, _ in CASES}
    can_be_unknown = {"term", "time to cash", "all-in cost", "collateral"}
    for condition in CONDITIONS:
        for state in State:
            if state is not State.UNKNOWN or condition.label.en in can_be_unknown:
                assert (condition.label.en, state) in seen


MENDED = [
    (pair({"instruments": frozenset({Instrument.EQUITY})}),
     {"instruments": frozenset({Instrument.EQUITY, Instrument.LOAN})}),
    (pair({"consent": frozenset({"C"})}), {"consent": frozenset({"B", "C"})}),
    (pair(product={"amount_max_fen": 99 * WAN}), {"amount_min_fen": 99 * WAN}),
    (pair(product={"amount_min_fen": 101 * WAN}), {"amount_fen": 101 * WAN}),
    (pair({"term_months": 13}, {"term_max_months": 12}), {"term_months": 12}),
    (pair({"term_months": 2}, {"term_min_months": 3}), {"term_months": 3}),
    # 6 June 2022 is the first workday after the Dragon Boat Festival, 8 June the third.
    (pair({"needed_by": date(2022, 6, 3)}, {"cash_workdays": 9}), {"needed_by": date(2022, 6, 8)}),
    (pair({"max_rate": Decimal("0.05")}, {"rate": Decimal("0.06123")}),
     {"max_rate": Decimal("0.0613")}),
    (pair({"collateral": ()}, {"collateral": HOUSE}),
     {"collateral": ((Collateral.REAL_ESTATE, 142_857_143),)}),
    (pair(product={"criteria": (parse("amount <= 80万"),)}), {"amount_fen": 80 * WAN}),
    (pair(product={"criteria": (parse("not (amount between 50万 .. 200万)"),)}),
     {"amount_fen": 50 * WAN - 1}),
    (pair({"term_months": 6}, {"criteria": (parse("term >= 12 or amount >= 1亿"),)}),
     {"term_months": 12}),
    (pair({"collateral": ()}, {"criteria": (parse("collateral has patents, orders"),)}),
     {"collateral": ((Collateral.ORDERS, 100 * WAN),)}),
    (pair({"term_months": 6}, {"amount_max_fen": 50 * WAN, "criteria": (parse("term >= 12"),)}),
     {"amount_min_fen": 50 * WAN, "term_months": 12}),
]  # fmt: skip


@pytest.mark.parametrize(("of", "expected"), MENDED)
def test_the_smallest_change_is_the_nearest_value_that_is_accepted(of, expected) -> None:
    """Field by field, the change proposed is the one worked out by hand."""
    changes: tuple[Change, ...] | None = smallest_change(of)
    assert changes is not None
    assert {c.field: c.value for c in changes} == expected
    assert all(c.text.zh != c.text.en for c in changes)


@pytest.mark.parametrize(
    "of",
    [
        pair(firm={"conflicts": frozenset({"B"})}),
        pair(product={"valid_to": date(2022, 5, 24)}),
        pair(product={"criteria": (parse("region in 3309"),)}, firm={"region": "330108"}),
        pair(product={"criteria": (parse("staff >= 5 and amount <= 1万"),)}, firm={"staff": 1}),
        pair(product={"criteria": (parse("not (collateral has patents)"),)},
             need={"collateral": ((Collateral.PATENTS, 1),)}),
    ],
)  # fmt: skip
def test_what_the_firm_cannot_change_by_asking_otherwise_has_no_change(of: Pair) -> None:
    """Its region, its staff, a conflict, a product that is gone: there is nothing to propose."""
    assert smallest_change(of) is None


def test_the_day_of_the_round_decides_what_is_on_offer() -> None:
    """The same product is on offer on its last day and gone on the next."""
    of = pair(product={"valid_to": date(2022, 5, 25)})
    assert verdict("on offer", of).state is PASS
    later = replace(of, subject=replace(of.subject, as_of=date(2022, 5, 26)))
    assert verdict("on offer", later).state is FAIL
