"""The urgent queue: classes with worked examples, and its order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given

import seeds
from matcher.domain.choices import Instrument
from matcher.domain.enterprise import Enterprise, Need
from matcher.domain.errors import InputError
from matcher.domain.institution import Institution, Product
from matcher.domain.records import Records
from matcher.market import Market
from matcher.planning.urgent import (
    Urgency,
    UrgencyClass,
    UrgencySettings,
    urgency_of,
    urgent_queue,
)
from matcher.scoring.graph import ScoringGraph
from matcher.scoring.weights import default_weights
from tests.planning.small import WAN, small_market
from tests.strategies import AS_OF, markets

LOST, CRITICAL = UrgencyClass.LOST, UrgencyClass.CRITICAL
URGENT, NORMAL = UrgencyClass.URGENT, UrgencyClass.NORMAL


def graph_of(market: Market) -> ScoringGraph:
    """Score a market with the built-in weights."""
    return ScoringGraph.build(market, default_weights())


def one_need(
    deadline: date | None,
    *cash_workdays: int | None,
    instruments: frozenset[Instrument] = frozenset({Instrument.LOAN}),
    offers: Instrument = Instrument.LOAN,
) -> Urgency:
    """Return the urgency of one need with a product for each of the times to cash."""
    records = Records(
        enterprises=(Enterprise(enterprise_id="firm", name="示例企业"),),
        needs=(
            Need(
                need_id="need",
                enterprise_id="firm",
                amount_fen=100 * WAN,
                needed_by=deadline,
                instruments=instruments,
            ),
        ),
        institutions=(Institution(institution_id="bank", name="示例银行", name_en="Bank"),),
        products=tuple(
            Product(
                product_id=f"P{i}",
                institution_id="bank",
                name="快贷",
                name_en=f"Quick {i}",
                instrument=offers,
                cash_workdays=days,
            )
            for i, days in enumerate(cash_workdays)
        ),
    )
    return urgency_of(graph_of(Market.from_records(records, AS_OF)), 0)


@pytest.mark.parametrize(
    ("deadline", "cash_workdays", "expected", "slack"),
    [
        (date(2022, 5, 31), 5, LOST, None),  # 4 workdays left
        (date(2022, 6, 1), 5, CRITICAL, 0),
        (date(2022, 6, 6), 5, CRITICAL, 2),  # 3 June is a holiday: 7 workdays left
        (date(2022, 6, 3), 3, URGENT, 3),
        (date(2022, 6, 4), 3, URGENT, 3),  # the tenth day
        (date(2022, 6, 5), 3, NORMAL, 3),  # the eleventh
        (date(2022, 7, 24), 3, NORMAL, 38),  # 60 days, 41 workdays
        (date(2022, 7, 24), 40, CRITICAL, 1),  # far away, and yet no day to lose
        (None, 40, NORMAL, None),
        (date(2022, 6, 3), None, URGENT, None),  # nobody says when it pays
        (date(2022, 5, 27), None, CRITICAL, None),  # 2 workdays left are all there could be
        (date(2022, 5, 25), 0, CRITICAL, 0),  # today is not too late
        (date(2022, 5, 25), None, CRITICAL, None),
        (date(2022, 5, 24), None, LOST, None),  # the deadline has passed
    ],
)
def test_the_classes_follow_slack_and_deadline(
    deadline: date | None, cash_workdays: int | None, expected: UrgencyClass, slack: int | None
) -> None:
    """Counted from Wednesday, 25 May 2022, in workdays for the slack and days for the deadline."""
    found = one_need(deadline, cash_workdays)
    assert (found.urgency, found.slack_workdays) == (expected, slack)


def test_advice_does_not_save_a_need_for_money() -> None:
    """A service on the next day leaves a need for a loan lost, and serves a need for services."""
    both, service = {Instrument.LOAN, Instrument.SERVICE}, Instrument.SERVICE
    due = date(2022, 6, 3)
    assert one_need(due, 1, instruments=frozenset(both), offers=service).urgency is LOST
    alone = one_need(due, 1, instruments=frozenset({service}), offers=service)
    assert (alone.urgency, alone.slack_workdays) == (URGENT, 5)


def test_the_fastest_offer_sets_the_slack() -> None:
    """Of products of 6, 3 and 4 workdays, with 6 left, the one of 3 leaves 3 to spare."""
    found = one_need(date(2022, 6, 3), 6, 3, 4, None)
    assert found.fastest is not None
    assert (found.fastest.product.product_id, found.fastest.cash_date) == ("P1", date(2022, 5, 30))
    assert found.slack_workdays == 3


def test_sentences_exist_in_both_languages() -> None:
    """A queue is read by people: class, time left, the fastest offer, or why there is none."""
    text = one_need(date(2022, 6, 3), 5).sentence
    assert text.zh == (
        "危急：距 2022年6月3日还有 6 个工作日，"
        "最快 2022年6月1日到账（示例银行“快贷”），余 1 个工作日"
    )
    assert text.en == (
        "critical: 6 workdays left until 3 June 2022, "
        "the fastest pays on 1 June 2022 (Bank, Quick 0), 1 workday to spare"
    )
    lost = one_need(date(2022, 6, 3), 9).sentence
    assert "晚 3 个工作日" in lost.zh
    assert "too slow by 3 workdays" in lost.en
    assert one_need(None, 5).sentence.en.startswith("normal: no deadline, the fastest pays on")
    passed = one_need(date(2022, 5, 24), 5).sentence
    assert "期限 2022年5月24日已过" in passed.zh
    assert one_need(date(2022, 6, 3)).sentence.en.endswith("no product can pay in time")


def test_the_settings_move_the_bounds() -> None:
    """Where the classes begin is a setting, and a negative one is refused by name."""
    graph = graph_of(small_market())
    slow = graph.market.index("needs", "slow")
    assert urgency_of(graph, slow).urgency is CRITICAL
    calm = UrgencySettings(critical_slack=0, urgent_days=8)
    assert urgency_of(graph, slow, calm).urgency is NORMAL
    assert [calm.banks_for(c) for c in UrgencyClass] == [0, 4, 4, 0]
    with pytest.raises(InputError) as error:
        UrgencySettings(critical_slack=-1, urgent_days=-1)
    assert {f.field for f in error.value.faults} == {"critical_slack", "urgent_days"}


def test_the_queue_begins_with_what_is_critical_and_ends_without_deadline() -> None:
    """Of the small market: ``slow`` has a day, nothing fits ``huge``, ``easy`` has time."""
    queue = urgent_queue(graph_of(small_market()))
    assert [(u.need.need_id, u.urgency) for u in queue] == [
        ("slow", CRITICAL),
        ("huge", LOST),
        ("easy", NORMAL),
    ]


def test_equal_slack_goes_by_deadline_then_priority_then_id() -> None:
    """A product of 5 workdays leaves each of four needs one workday to spare."""
    market = small_market()
    slow = market.needs[market.index("needs", "slow")]
    holiday, workday = date(2022, 6, 3), date(2022, 6, 2)  # both 6 workdays away
    needs = [
        replace(slow, need_id="a", needed_by=holiday, priority=1),
        replace(slow, need_id="c", needed_by=holiday, priority=5),
        replace(slow, need_id="b", needed_by=holiday, priority=5),
        replace(slow, need_id="z", needed_by=workday, priority=1),
    ]
    queue = urgent_queue(graph_of(market.replace(needs=needs)))
    assert [u.need.need_id for u in queue] == ["z", "b", "c", "a"]
    assert {u.slack_workdays for u in queue} == {1}


def test_the_firm_of_row_a1_is_urgent() -> None:
    """Row A1: on 25 May 2022 6 workdays are left and the fastest bank leaves 3 of them."""
    graph = graph_of(Market.from_records(seeds.load(), seeds.SEED_DATE))
    found = urgency_of(graph, graph.market.index("needs", "binjiang-a1-wages"))
    assert (found.urgency, found.workdays_left, found.slack_workdays) == (URGENT, 6, 3)


def turn(item: Urgency) -> int:
    """Return the part of the queue by the text of its rule, for the day of the round."""
    left = None if item.need.needed_by is None else (item.need.needed_by - AS_OF).days
    near = left is not None and left <= 10
    names = [("lost", True), ("critical", None), ("urgent", None), ("lost", False)]
    matches = [item.urgency == name and want in (None, near) for name, want in names]
    return matches.index(True) if any(matches) else len(names)


@given(markets())
def test_the_queue_holds_every_need_once_by_turn_and_slack(market: Market) -> None:
    """Lost and near, critical, urgent, lost and later, the rest: each by slack ascending."""
    queue = urgent_queue(graph_of(market))
    assert sorted(u.need.need_id for u in queue) == [n.need_id for n in market.needs]
    turns = [turn(u) for u in queue]
    assert turns == sorted(turns)
    for part in set(turns):
        of_part = [u for u in queue if turn(u) == part]
        slacks = [u.slack_workdays for u in of_part if u.slack_workdays is not None]
        assert slacks == sorted(slacks)
        assert all(slack >= 0 for slack in slacks)
    for item in queue:
        assert (item.best is None) == (item.reason is not None) == (item.urgency is LOST)
        if item.need.needed_by and item.fastest and item.fastest.cash_date:
            assert item.fastest.cash_date <= item.need.needed_by
