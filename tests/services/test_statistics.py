"""The figures that the reports of the sources print, from records that add up to them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import seeds
from matcher.domain.choices import Instrument, Size
from matcher.domain.errors import InputError
from matcher.domain.event import Event, EventKind, count_events
from matcher.domain.text import Lang, Text
from matcher.market import Market
from matcher.planning.make import make_plan
from matcher.planning.plan import Plan
from matcher.scoring.weights import default_weights
from matcher.services.statistics import (
    Cover,
    Deal,
    Line,
    Unit,
    Visit,
    cover_report,
    deal_report,
    event_lines,
    periods_between,
    plan_report,
    ratio,
    to_document,
    visit_report,
    yearly_growth,
)
from tests.package_examples import package_plan
from tests.planning_examples import WAN, example_market, example_plan


def spread(total: int, parts: int) -> list[int]:
    """Split a whole number into parts that differ by at most one."""
    return [total // parts + (n < total % parts) for n in range(parts)]


def deals(total_fen: int, num: int, firms: int, **stated: Any) -> list[Deal]:
    """Return deals of a total amount for so many firms."""
    return [
        Deal(deal_id=f"d{n}", enterprise_id=f"e{n % firms}", amount_fen=amount, **stated)
        for n, amount in enumerate(spread(total_fen, num))
    ]


def fields(call: Callable[..., object], *args: Any, **kwargs: Any) -> list[str | None]:
    """Return the fields named by the error that a call raises."""
    with pytest.raises(InputError) as caught:
        call(*args, **kwargs)
    return [f.field for f in caught.value.faults]


def shown(report: Any) -> dict[str, str]:
    """Return the figures of a report as people read them."""
    return {line.key: line.shown.of(Lang.ZH) for line in report.lines}


# Deals: rows B1 and B3.


def test_the_rollover_fund_has_a_mean_deal_of_2_636_m_and_turns_22_3_times() -> None:
    """Row B1: 254 firms, 423 deals, 1.115 bn through a pool of 50 m (means derived)."""
    report = deal_report(deals(111_500 * WAN, 423, 254), pool_fen=5_000 * WAN)
    assert (report.num_firms, report.num_deals, report.amount_fen) == (254, 423, 111_500 * WAN)
    assert report.mean_fen == Decimal(111_500 * WAN) / 423
    assert round(report.mean_fen / WAN / 100, 3) == Decimal("2.636")
    assert report.turns == Decimal("22.3")
    figures = shown(report)
    assert figures["amount"] == "111,500万元"
    assert figures["mean"] == "2,635,933.81元"
    assert figures["turns"] == "22.30"


def test_five_years_of_deals_have_no_bad_one() -> None:
    """Row B1: 1,592 deals and 0 bad; one bad deal is counted."""
    book = deals(1_592 * WAN, 1_592, 700)
    assert (deal_report(book).num_deals, deal_report(book).num_bad) == (1_592, 0)
    assert deal_report([replace(book[0], is_bad=True), *book[1:]]).num_bad == 1


def test_3_24_percent_of_the_book_is_saved() -> None:
    """Row B3: 28 loans, 28.245 m, 0.915 m saved."""
    saved = spread(91_500_000, 28)
    loans = [
        replace(loan, saved_fen=fen)
        for loan, fen in zip(deals(2_824_500_000, 28, 28), saved, strict=True)
    ]
    report = deal_report(loans)
    assert (report.num_deals, report.amount_fen) == (28, 2_824_500_000)
    assert report.saved_fen == 91_500_000
    assert report.saved_share == Decimal(915) / 28245
    assert shown(report)["saved_share"] == "3.24%"
    assert shown(report)["saved"] == "91.5万元"
    more = deal_report([replace(loans[0], saved_fen=loans[0].amount_fen), *loans[1:]])
    assert more.saved_share != report.saved_share


def test_a_saving_that_is_not_known_is_not_taken_for_nothing() -> None:
    """The share is over the deals whose saving is known; where none is, there is no share."""
    known, unknown = deals(200, 2, 2)
    report = deal_report([replace(known, saved_fen=5), unknown])
    assert (report.saved_fen, report.saved_on_fen, report.saved_share) == (5, 100, Decimal("0.05"))
    assert deal_report([unknown]).saved_share is None


def test_no_deals_have_no_mean_no_turns_and_no_growth() -> None:
    """Nothing is divided by zero; the figures say so in both languages."""
    report = deal_report([], pool_fen=0)
    assert (report.mean_fen, report.turns, report.saved_share, report.growth) == (None,) * 4
    assert report.to_document()["mean"]["value"] is None
    assert report.lines[4].shown == Text("不适用", "not defined")
    assert deal_report(deals(5, 1, 1)).turns is None


def test_a_deal_that_cannot_be_names_every_field() -> None:
    """Ids, amounts and savings; a deal counts once; a pool is no negative amount."""
    bad = {"deal_id": "", "enterprise_id": "a b", "amount_fen": 0, "saved_fen": -1}
    assert fields(Deal, **bad) == ["deal_id", "enterprise_id", "amount_fen", "saved_fen"]
    assert fields(Deal, deal_id="d", enterprise_id="e", amount_fen=5, saved_fen=6) == ["saved_fen"]
    assert fields(deal_report, deals(2, 1, 1) * 2, pool_fen=-1) == ["deal_id", "pool_fen"]


# Growth: the trap of the source.


def test_from_2019_to_2023_a_figure_grows_four_times() -> None:
    """5.9 to 17.9: 32 % a year over the four steps there are; 25 % only over five."""
    first, last = Decimal("5.9"), Decimal("17.9")
    growth = yearly_growth(first, last, periods_between(2019, 2023))
    assert growth is not None
    assert round(growth, 2) == Decimal("0.32")
    wrong = yearly_growth(first, last, 5)
    assert wrong is not None
    assert round(wrong, 2) == Decimal("0.25")


def test_the_growth_of_dated_deals_counts_the_steps_by_itself() -> None:
    """Deals of 590 m in 2019 and 1.79 bn in 2023, none dated between: 32 % a year."""
    old = deals(59_000 * WAN, 2, 2, day=date(2019, 3, 1))
    new = [
        replace(d, deal_id=f"n{n}", day=date(2023, 12, 31))
        for n, d in enumerate(deals(179_000 * WAN, 3, 3))
    ]
    undated = Deal(deal_id="u", enterprise_id="e", amount_fen=7)
    report = deal_report([*old, *new, undated])
    assert shown(report)["growth"] == "31.98%"
    years = [(y.year, y.num_deals) for y in report.by_year]
    assert years == [(2019, 2), (2020, 0), (2021, 0), (2022, 0), (2023, 3)]
    assert deal_report(old).growth is None


@pytest.mark.parametrize(
    ("first", "last", "years", "expected"),
    [
        (1, 16, 4, "1"),
        (1, 8, 3, "1"),
        (100, 121, 2, "0.1"),
        (100, 110, 1, "0.1"),
        (100, 81, 2, "-0.1"),
        (7, 7, 9, "0"),
        (7, 0, 3, "-1"),
        (0, 7, 3, None),
        (0, 0, 3, None),
        (5, 7, 0, None),
    ],
)
def test_growth_by_hand(first: int, last: int, years: int, expected: str | None) -> None:
    """Perfect powers come out exactly; from nothing, or in no time, nothing is defined."""
    assert yearly_growth(first, last, years) == (None if expected is None else Decimal(expected))


def test_growth_refuses_what_cannot_be() -> None:
    """Figures below zero, steps below zero, an end before the start."""
    assert fields(yearly_growth, -1, -2, -3) == ["first", "last", "years"]
    assert fields(yearly_growth, Decimal("NaN"), 1, 1) == ["first"]
    assert fields(periods_between, 2023, 2019) == ["first_year"]
    assert periods_between(2023, 2023) == 0


@given(st.integers(1, 10**12), st.integers(1, 10**12), st.integers(1, 30))
def test_growing_so_often_leads_from_the_first_figure_to_the_last(
    first: int, last: int, years: int
) -> None:
    """The independent formula: first × (1 + growth)^years = last, in exact fractions."""
    growth = yearly_growth(first, last, years)
    assert growth is not None
    half_step = Fraction(1, 10**12)
    low, high = (Fraction(growth) + 1 + sign * half_step for sign in (-1, 1))
    assert max(low, Fraction(0)) ** years <= Fraction(last, first) <= high**years


# Cover, events and visits: rows B5, A4, B6, B12 and B10.


def test_54_firms_are_insured_for_310_m() -> None:
    """Row B5; a second policy of a firm adds cover and no firm."""
    covers = [Cover(f"c{n}", f"e{n}", fen) for n, fen in enumerate(spread(31_000 * WAN, 54))]
    report = cover_report(covers)
    assert (report.num_firms, report.cover_fen) == (54, 31_000 * WAN)
    assert shown(report)["cover"] == "31,000万元"
    more = cover_report([*covers, Cover("again", "e0", 100)])
    assert (more.num_firms, more.num_covers, more.cover_fen) == (54, 55, 31_000 * WAN + 100)
    assert cover_report([]).mean_per_firm_fen is None
    assert fields(Cover, "", "", -1) == ["cover_id", "enterprise_id", "cover_fen"]
    assert fields(cover_report, covers[:1] * 2) == ["cover_id"]


def test_the_report_prints_4_1_3() -> None:
    """Row A4: by 17 June, with labels in both languages."""
    kinds = [EventKind.RELIEF_MEETING] * 4 + [EventKind.PARK_EVENT] + [EventKind.ADVISER_VISIT] * 3
    held = [Event(event_id=f"e{n}", kind=k, day=date(2022, 6, 17)) for n, k in enumerate(kinds)]
    late = Event(event_id="late", kind=EventKind.PARK_EVENT, day=date(2022, 6, 18))
    document = to_document(event_lines(count_events([*held, late], until=date(2022, 6, 17))))
    printed = [document[k]["value"] for k in ("relief_meeting", "park_event", "adviser_visit")]
    assert printed == [4, 1, 3]
    assert document["relief_meeting"]["label"] == {
        "zh": "金融纾困专题沟通会",
        "en": "financial relief meeting",
    }
    assert document["talk"]["value"] == 0
    # Nobody wrote down who came: that is not known, and not 0.
    assert document["num_counted"]["value"] == 0
    assert document["attendance"]["value"] is None
    assert document["per_event"]["value"] is None


def test_the_counters_of_meetings_and_talks_are_lines_of_a_report() -> None:
    """Rows B6 and B12: 24 firms at an event; 300 talks, 12,000 firms, 259 problems."""
    day = date(2024, 1, 1)
    meetings = [
        Event(event_id=f"m{n}", kind=EventKind.MATCHMAKING, day=day, num_enterprises=24)
        for n in range(50)
    ]
    document = to_document(event_lines(count_events(meetings)))
    assert (document["num_events"]["value"], document["attendance"]["value"]) == (50, 1200)
    assert document["per_event"]["value"] == "24"
    talks = [
        Event(event_id=f"t{n}", kind=EventKind.TALK, day=day, num_enterprises=40,
              problems_solved=int(n < 259))
        for n in range(300)
    ]  # fmt: skip
    document = to_document(event_lines(count_events(talks)))
    values = [document[k]["value"] for k in ("talk", "attendance", "problems_solved")]
    assert values == [300, 12_000, 259]


def test_226_visits_of_203_advisers_differ_by_at_most_one_and_solve_165_problems() -> None:
    """Row B10."""
    advisers = [f"a{n}" for n in range(203)]
    visits = [
        Visit(visit_id=f"v{n}", adviser_id=advisers[n % 203], enterprise_id=f"e{n}",
              problems_solved=int(n < 165))
        for n in range(226)
    ]  # fmt: skip
    report = visit_report(visits, advisers)
    assert (report.num_visits, report.num_firms, report.num_advisers) == (226, 226, 203)
    assert report.problems_solved == 165
    assert (report.least_load, report.most_load) == (1, 2)
    assert report.visits_per_adviser == Decimal(226) / 203
    assert shown(report)["per_adviser"] == "1.11"


def test_an_adviser_without_a_visit_counts() -> None:
    """The least load is 0 where the list says so; without a list only visitors are known."""
    visit = Visit(visit_id="v", adviser_id="a", enterprise_id="e")
    assert visit_report([visit], ["a", "b"]).least_load == 0
    assert visit_report([visit]).least_load == 1
    empty = visit_report([])
    assert (empty.least_load, empty.visits_per_adviser, empty.problems_per_visit) == (None,) * 3
    assert fields(visit_report, [visit, visit], ["b"]) == ["visit_id", "adviser_id"]
    bad = {"visit_id": "", "adviser_id": "", "enterprise_id": "", "problems_solved": -1}
    assert fields(Visit, **bad) == ["visit_id", "adviser_id", "enterprise_id", "problems_solved"]


# Plans.


def test_a_plan_is_counted_by_institution_size_and_sector() -> None:
    """The small example: each sum is that of its parts, and of the matches one by one."""
    plan = example_plan()
    report = plan_report(plan)
    assert report.num_needs == len(example_market().needs)
    assert report.num_matched == plan.num_matched_needs
    assert report.num_matches == len(plan.matches)
    assert report.num_matches == sum(s.num_leads for s in report.by_institution)
    matched = {m.need.need_id for m in plan.matches}
    best = [max(m.offered_fen for m in plan.of_need(need_id)) for need_id in matched]
    assert report.offered_fen == sum(best)
    assert [g.text.en for g in report.by_size] == ["not stated"]
    for share in report.by_institution:
        leads = plan.of_institution(share.institution.institution_id)
        assert share.num_leads == len(leads)
        assert share.offered_fen == sum(m.offered_fen for m in leads)
    assert {s.institution.institution_id for s in report.by_institution} == {"B1", "B2", "B3"}


def test_support_is_counted_once_for_each_need_and_in_whole_for_each_policy() -> None:
    """Of a need only the match that counts on most; of a policy all that is set aside."""
    plan = package_plan()
    report = plan_report(plan)
    assert report.num_packages == 3
    assert report.support_fen == sum(m.support_fen for m in plan.matches)
    assert [(s.policy.policy_id, s.num_leads) for s in report.by_policy] == [
        ("S1", 1),
        ("S2", 2),
        ("S4", 3),
    ]
    assert sum(s.support_fen for s in report.by_policy) == report.support_fen
    twice = replace(plan, matches=plan.matches + plan.matches[:1])
    assert plan_report(twice).support_fen == report.support_fen
    document = report.to_document()
    assert [policy["key"] for policy in document["by_policy"]] == ["S1", "S2", "S4"]


@pytest.fixture(scope="module")
def seeded() -> Plan:
    """Return the plan of the seeded round."""
    market = Market.from_records(seeds.load(), seeds.SEED_DATE)
    return make_plan(market, default_weights(), method="greedy")


def test_the_groups_of_the_seeded_round_add_up(seeded: Plan) -> None:
    """Sizes from the largest and sectors by letter, each a partition of the needs."""
    report = plan_report(seeded)
    for groups in (report.by_size, report.by_sector):
        assert sum(g.num_needs for g in groups) == report.num_needs
        assert sum(g.num_matched for g in groups) == report.num_matched
        assert sum(g.asked_fen for g in groups) == report.asked_fen
        assert sum(g.offered_fen for g in groups) == report.offered_fen
        assert all(g.offered_fen <= g.asked_fen for g in groups)
        assert all(g.matched_share == Decimal(g.num_matched) / g.num_needs for g in groups)
    stated = [g.key for g in report.by_size if g.key]
    assert stated == [size.value for size in Size if size.value in stated]
    letters = [g.key for g in report.by_sector if g.key]
    assert letters == sorted(letters)
    assert "C" in letters


def test_a_service_puts_no_money_on_offer(seeded: Plan) -> None:
    """Its leads count and its amount does not."""
    services = [m for m in seeded.matches if m.product.instrument is Instrument.SERVICE]
    assert services
    report = plan_report(seeded)
    money = sum(m.offered_fen for m in seeded.matches if m.product.gives_money)
    assert sum(s.offered_fen for s in report.by_institution) == money
    assert sum(s.num_leads for s in report.by_institution) == len(seeded.matches)


def test_every_document_is_json_with_labels_in_both_languages(seeded: Plan) -> None:
    """No figure comes out as a binary fraction, and every label differs by language."""
    book = deals(1_000, 3, 2, day=date(2024, 1, 1))
    reports = [deal_report(book, 10), cover_report([]), visit_report([]), plan_report(seeded)]
    for report in reports:
        document = report.to_document()
        assert json.loads(json.dumps(document)) == document
        figures = [v for v in document.values() if isinstance(v, dict)]
        assert all(f["label"]["zh"] != f["label"]["en"] for f in figures)
        assert not any(isinstance(f["value"], float) for f in figures)


# Lines.


@pytest.mark.parametrize(
    ("value", "unit", "zh", "plain"),
    [
        (1234, Unit.COUNT, "1,234", 1234),
        (Decimal("1.005"), Unit.NUMBER, "1.01", "1.005"),
        (Decimal("1.004"), Unit.NUMBER, "1.00", "1.004"),
        (Decimal("0.03235"), Unit.RATE, "3.24%", "0.03235"),
        (Decimal("0.0323499"), Unit.RATE, "3.23%", "0.0323499"),
        (Decimal("100.5"), Unit.FEN, "1.01元", "100.5"),
        (Decimal("1000000"), Unit.FEN, "1万元", "1000000"),
        (Decimal(1) / 3, Unit.NUMBER, "0.33", "0.3333333333"),
        (0, Unit.FEN, "0万元", 0),
        (None, Unit.RATE, "不适用", None),
    ],
)
def test_a_figure_is_rounded_half_up_where_it_is_shown(
    value: int | Decimal | None, unit: Unit, zh: str, plain: object
) -> None:
    """Neighbours of the half fall on their own side; JSON keeps more places."""
    line = Line("k", Text("数", "figure"), value, unit)
    assert line.shown.zh == zh
    assert line.to_json()["value"] == plain


@given(st.integers(0, 10**15), st.integers(0, 10**9))
def test_a_ratio_is_exact_to_28_digits_or_not_defined(part: int, whole: int) -> None:
    """Beside exact fractions."""
    found = ratio(part, whole)
    if not whole:
        assert found is None
    else:
        assert found is not None
        error = abs(Fraction(found) - Fraction(part, whole))
        assert error <= Fraction(part, whole) / 10**27
    assert ratio(part, None) is None


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 100)), max_size=10))
def test_the_order_of_deals_changes_nothing(rows: list[tuple[int, int]]) -> None:
    """Forwards and backwards the same report, and the sums are plain sums."""
    book = [
        Deal(deal_id=f"d{n}", enterprise_id=f"e{firm}", amount_fen=fen, day=date(2020 + firm, 1, 1))
        for n, (firm, fen) in enumerate(rows)
    ]
    report = deal_report(book, 7)
    assert report == deal_report(book[::-1], 7)
    assert report.num_firms == len({firm for firm, _ in rows})
    assert report.amount_fen == sum(fen for _, fen in rows)
    assert report.amount_fen == sum(y.amount_fen for y in report.by_year)
