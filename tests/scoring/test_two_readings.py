"""Each rule is read twice, row by row and column by column: the readings are held equal."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matcher.market import Market
from matcher.scoring import blocks
from matcher.scoring.columns import RuleColumns
from matcher.scoring.conditions import CONDITIONS
from matcher.scoring.pair import Pair
from tests.strategies import criteria, markets


@given(markets(max_products=0), st.lists(criteria(), min_size=1, max_size=6))
def test_both_readings_of_every_criterion_agree(market: Market, rules: list) -> None:
    """A column of a rule holds, for each need, the state that its verdict has."""
    columns = RuleColumns(market)
    for rule in rules:
        by_row = [int(rule.judge(subject).state) for subject in market.subjects]
        assert columns.states(rule).tolist() == by_row, rule.text.en


@given(market=markets())
def test_both_readings_of_every_condition_agree(market: Market) -> None:
    """A column of a condition holds, for each need, the state that its verdict has."""
    for product in range(market.num_products):
        pairs = [Pair.of(market, need, product) for need in range(market.num_needs)]
        for condition in CONDITIONS:
            by_row = [int(condition.judge(pair).state) for pair in pairs]
            assert condition.column(market, product).tolist() == by_row, condition.label.en


@given(markets())
def test_both_readings_of_the_amount_offered_are_equal_to_the_fen(market: Market) -> None:
    """Amounts by columns are the exact amounts, collateral rounded down by kind."""
    for product in range(market.num_products):
        offered = [Pair.of(market, i, product).offered_fen for i in range(market.num_needs)]
        assert blocks.offered_fen(market, product).tolist() == offered


@given(markets())
def test_the_all_in_cost_by_columns_is_the_decimal_one(market: Market) -> None:
    """Floats agree with the exact reading to twelve places; unknown stays unknown in both."""
    for product in range(market.num_products):
        low, high = blocks.all_in_range(market, product)
        for need in range(market.num_needs):
            pair = Pair.of(market, need, product)
            for found, exact in ((low[need], pair.all_in_low), (high[need], pair.all_in_high)):
                expected = np.nan if exact is None else float(exact)
                np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)


def test_collateral_of_huge_value_stays_exact() -> None:
    """The cover of values near the greatest amount does not leave 64 bits."""
    from decimal import Decimal

    from matcher.domain.choices import Collateral
    from matcher.domain.enterprise import Enterprise, Need
    from matcher.domain.institution import Institution, Product
    from matcher.domain.money import MAX_FEN
    from matcher.domain.records import Records
    from tests.strategies import AS_OF

    need = Need(
        need_id="N",
        enterprise_id="E",
        amount_fen=MAX_FEN,
        collateral=((Collateral.REAL_ESTATE, MAX_FEN - 1),),
    )
    product = Product(
        product_id="P",
        institution_id="B",
        name="p",
        collateral=((Collateral.REAL_ESTATE, Decimal("0.9999")),),
    )
    market = Market.from_records(
        Records(
            enterprises=(Enterprise(enterprise_id="E", name="e"),),
            needs=(need,),
            institutions=(Institution(institution_id="B", name="b"),),
            products=(product,),
        ),
        AS_OF,
    )
    assert blocks.cover_fen(market, 0).tolist() == [(MAX_FEN - 1) * 9999 // 10_000]
