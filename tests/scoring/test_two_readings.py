"""Each rule is read twice, row by row and column by column: the readings are held equal."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matcher.market import Market
from matcher.scoring.block import Block
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
            assert condition.column(Block.of(RuleColumns(market), product)).tolist() == by_row, (
                condition.label.en
            )


@given(markets())
def test_both_readings_of_the_amount_offered_are_equal_to_the_fen(market: Market) -> None:
    """Amounts by columns are the exact amounts, collateral rounded down by kind."""
    for product in range(market.num_products):
        offered = [Pair.of(market, i, product).offered_fen for i in range(market.num_needs)]
        block = Block.of(RuleColumns(market), product)
        assert block.offered_fen.tolist() == offered
        days = [Pair.of(market, i, product).cash_workdays for i in range(market.num_needs)]
        assert set(days) <= {None if block.cash_workdays < 0 else block.cash_workdays}


@given(markets())
def test_the_offers_by_columns_are_the_decimal_ones(market: Market) -> None:
    """Claims and supports are equal to the fen, costs to ten places; unknown stays unknown."""
    for product in range(market.num_products):
        offers = Block.of(RuleColumns(market), product).offers
        for need in range(market.num_needs):
            pair = Pair.of(market, need, product)
            exact = list(pair.offers())
            rows = np.flatnonzero(offers.available[:, need])
            if not exact:
                assert np.isnan(offers.low[rows, need]).all()
                continue
            assert len(rows) == len(exact)
            for row, offer in zip(rows, exact, strict=True):
                assert _claimed(market, offers.claims[row, :, need]) == offer.claims
                paid = offers.support_fen[row, :, need]
                assert tuple(paid[offers.claims[row, :, need] >= 0]) == offer.support_fen
                np.testing.assert_allclose(offers.low[row, need], float(offer.low), atol=1e-10)
                np.testing.assert_allclose(offers.high[row, need], float(offer.high), atol=1e-10)
            best = offers.best[need]
            assert _claimed(market, offers.claims[best, :, need]) == pair.best.claims


def _claimed(market: Market, row: np.ndarray) -> tuple:
    return tuple(market.policies[k] for k in row if k >= 0)


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
    assert Block.of(RuleColumns(market), 0).cover_fen.tolist() == [(MAX_FEN - 1) * 9999 // 10_000]
