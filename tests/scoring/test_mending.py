from __future__ import annotations

from dataclasses import replace

from hypothesis import event, given

from matcher.domain.criteria import State
from matcher.market import Market
from matcher.scoring.change import apply_all
from matcher.scoring.mending import is_eligible, judge, smallest_change
from matcher.scoring.pair import Pair
from tests.strategies import markets


def changed_pair(pair: Pair, changes) -> Pair:
    """Return the pair after changes of its need."""
    return replace(pair, subject=replace(pair.subject, need=apply_all(pair.need, changes)))


@given(markets(max_needs=2, max_products=3))
def test_a_proposed_change_makes_the_pair_eligible_and_none_of_it_is_idle(market: Market) -> None:
    """After the changes the pair is eligible; with any one of them left out it is not."""
    for need in range(market.num_needs):
        for product in range(market.num_products):
            pair = Pair.of(market, need, product)
            changes = smallest_change(pair)
            event("none" if changes is None else f"{len(changes)} changes")
            if changes is None:
                assert not is_eligible(pair)
                continue
            assert (changes == ()) is is_eligible(pair)
            assert is_eligible(changed_pair(pair, changes))
            fields = [c.field for c in changes]
            assert len(fields) == len(set(fields))


@given(markets(max_needs=2, max_products=3))
def test_a_single_failing_condition_that_can_be_mended_is_mended(market: Market) -> None:
    """Where only amount, term, time, cost or instrument fail alone, there is a way out."""
    mendable = {"instrument", "consent", "time to cash"}
    for need in range(market.num_needs):
        for product in range(market.num_products):
            pair = Pair.of(market, need, product)
            failing = [v for v in judge(pair) if v.state is State.FAIL]
            if len(failing) == 1 and failing[0].label.en in mendable and not pair.product.criteria:
                assert smallest_change(pair)
