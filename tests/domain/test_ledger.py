from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.errors import InputError
from matcher.domain.ledger import (
    Draw,
    FundRequest,
    Grant,
    RefusedBecause,
    RevolvingPool,
    YearlyBudget,
    allocate,
    allocate_budget,
    level_budget,
)
from matcher.domain.text import Lang

WAN = 1_000_000
START = date(2024, 5, 6)
FUND = RevolvingPool(5_000 * WAN, single_cap_fen=2_000 * WAN)


def day(number):
    """Return a day by its distance from the first one."""
    return START + timedelta(days=number)


def ask(name, wan, wanted=0, num_days=10):
    """Return a request for so many 万元."""
    return FundRequest(name, wan * WAN, day(wanted), num_days)


def fields(call, *args, **kwargs):
    """Return the fields named by the error that a call raises."""
    with pytest.raises(InputError) as caught:
        call(*args, **kwargs)
    assert all(f.sentence(Lang.ZH) != f.sentence(Lang.EN) for f in caught.value.faults)
    return [f.field for f in caught.value.faults]


# The rollover fund of row B1.


def test_of_three_requests_of_20_m_two_are_funded_and_the_third_is_told_its_day():
    """Row B1: 10 m is left of 50 m, and 20 m is there again when the first draws are back."""
    done = allocate(FUND, [ask("a", 2000), ask("b", 2000), ask("c", 2000)])
    assert [d.request_id for d in done.funded] == ["a", "b"]
    (third,) = done.queued
    assert (third.request.request_id, third.position) == ("c", 1)
    assert third.left_fen == 1_000 * WAN == done.pool.available_fen(day(0))
    assert third.first_day == day(10)
    assert third.num_days_to_wait == 10
    assert done.refused == ()
    assert third.sentence.zh == (
        "排队第 1 位：2024年5月6日可用 1,000万元，不足 2,000万元；最早 2024年5月16日可放款"
    )
    assert third.sentence.en == (
        "number 1 in the queue: 10,000,000 yuan of 20,000,000 yuan is there on 6 May 2024;"
        " the first day is 16 May 2024"
    )


def test_the_earlier_of_two_returns_is_enough():
    """Row B1: the first date on which 20 m is back is the day of the shorter of the two uses."""
    done = allocate(FUND, [ask("a", 2000, num_days=9), ask("b", 2000, num_days=4), ask("c", 2000)])
    assert done.queued[0].first_day == day(4)


def test_the_cap_of_20_m_itself_may_be_had_and_one_fen_more_may_not():
    """Row B1: 20 m is funded, 20.01 m is refused with the cap named."""
    done = allocate(FUND, [ask("a", 2000), ask("b", 2001)])
    assert [d.request_id for d in done.funded] == ["a"]
    (refused,) = done.refused
    assert refused.because is RefusedBecause.SINGLE_CAP
    assert refused.reason.zh == "申请 2,001万元，超过单笔上限 2,000万元"
    one_fen_more = FundRequest("c", 2_000 * WAN + 1, START, 1)
    assert not FUND.can_fund(one_fen_more)
    assert allocate(FUND, [one_fen_more]).refused


def test_what_was_too_much_under_the_old_cap_passes_now():
    """Row B1: 5.01 m fails under the cap of 5 m, 5 m passes, and both pass under 20 m."""
    old = replace(FUND, single_cap_fen=500 * WAN)
    assert not old.can_fund(ask("a", 501))
    assert old.can_fund(ask("a", 500))
    assert FUND.can_fund(ask("a", 501))


def test_the_year_of_the_fund_is_22_times_its_size():
    """Row B1: 254 firms, 423 deals, 1.115 bn; a mean of 2.636 m, 22.3 turns of 50 m (derived).

    So many deals go through the fund one after the other and no day is overdrawn.
    """
    total, num = 111_500 * WAN, 423
    amounts = [total // num + (n < total % num) for n in range(num)]
    assert sum(amounts) == total
    assert round(Decimal(total) / num / WAN / 100, 3) == Decimal("2.636")
    assert total / FUND.capacity_fen == 22.3
    asked = [FundRequest(f"d{n}", a, day(n * 365 // num), 7) for n, a in enumerate(amounts)]
    done = allocate(FUND, asked)
    assert len(done.funded) == num
    assert min(done.pool.available_fen(day(n)) for n in range(375)) > 0


# A fund in general.


def test_money_is_out_on_the_first_day_and_free_on_the_day_it_is_back():
    """The convention: the day out counts, the day back does not."""
    pool = RevolvingPool(100, draws=(Draw("a", 100, day(0), day(3)),))
    assert [pool.available_fen(day(n)) for n in (-1, 0, 2, 3)] == [100, 0, 0, 100]
    assert pool.can_fund(FundRequest("b", 100, day(3), 1))
    assert not pool.can_fund(FundRequest("b", 100, day(2), 1))
    assert pool.can_fund(FundRequest("b", 100, day(-2), 2))
    assert not pool.can_fund(FundRequest("b", 100, day(-2), 3))


def test_a_later_request_may_pass_the_queue_if_it_puts_nobody_off():
    """10 m for 10 days goes out beside the queue; 5 m for 11 days would take a place held."""
    head = [ask("a", 2000), ask("b", 2000), ask("c", 2000)]
    short = allocate(FUND, [*head, ask("d", 1000, num_days=10)])
    assert [d.request_id for d in short.funded] == ["a", "b", "d"]
    tight = RevolvingPool(2_500 * WAN)
    done = allocate(tight, [ask("a", 2000), ask("b", 2500), ask("c", 500, num_days=11)])
    assert [(q.request.request_id, q.position) for q in done.queued] == [("b", 1), ("c", 2)]
    assert [q.first_day for q in done.queued] == [day(10), day(20)]
    assert done.queued[1].left_fen == 0


def test_a_cap_lowered_later_leaves_what_is_agreed():
    """A draw of 20 m stands under a cap of 5 m; a new one does not come to be."""
    pool = replace(FUND.with_draws(ask("a", 2000).draw_from(START)), single_cap_fen=500 * WAN)
    assert pool.available_fen(START) == 3_000 * WAN
    assert pool.first_day_for(501 * WAN, 1, START) is None


def test_more_than_the_whole_fund_is_refused_without_a_cap():
    """No day will ever do, and the reason says the size of the fund."""
    done = allocate(RevolvingPool(100), [FundRequest("a", 101, START, 1)])
    assert done.refused[0].because is RefusedBecause.CAPACITY
    assert done.refused[0].reason.en == "1.01 yuan is more than the whole fund: 1 yuan"


def test_the_end_of_the_calendar_is_a_refusal_and_no_crash():
    """A return after the last day that dates have cannot be promised."""
    done = allocate(RevolvingPool(100), [FundRequest("a", 1, date.max, 1)])
    assert done.refused[0].because is RefusedBecause.CALENDAR


DRAW = {"request_id": "a", "amount_fen": 1, "out": day(1), "back": day(2)}
REQUEST = {"request_id": "a", "amount_fen": 1, "wanted": day(1), "num_days": 1}


@pytest.mark.parametrize(
    ("make", "wrong", "named"),
    [
        (Draw, DRAW | {"back": day(1)}, ["back"]),
        (Draw, DRAW | {"back": day(0)}, ["back"]),
        (Draw, DRAW | {"amount_fen": 0}, ["amount_fen"]),
        (Draw, DRAW | {"amount_fen": -1}, ["amount_fen"]),
        (Draw, DRAW | {"amount_fen": 10**15 + 1}, ["amount_fen"]),
        (Draw, {**DRAW, "request_id": "", "amount_fen": 0, "back": day(0)},
         ["request_id", "amount_fen", "back"]),
        (FundRequest, REQUEST | {"num_days": 0}, ["num_days"]),
        (FundRequest, REQUEST | {"num_days": -5}, ["num_days"]),
        (FundRequest, REQUEST | {"num_days": 3_661}, ["num_days"]),
        (FundRequest, {**REQUEST, "request_id": "a b", "amount_fen": -2, "num_days": 0},
         ["request_id", "amount_fen", "num_days"]),
        (RevolvingPool, {"capacity_fen": -1, "single_cap_fen": 0},
         ["capacity_fen", "single_cap_fen"]),
    ],
)  # fmt: skip
def test_bad_input_names_every_field(make, wrong, named):
    """All that is wrong with a record is told at once."""
    assert fields(make, **wrong) == named


def test_the_fund_refuses_draws_that_exceed_it():
    """The day and the amount out are named; draws that only touch are allowed."""
    first, second = Draw("a", 60, day(0), day(2)), Draw("b", 60, day(1), day(3))
    assert fields(RevolvingPool, 100, None, (first, second)) == ["draws"]
    after = replace(second, out=day(2))
    assert RevolvingPool(100, None, (first, after)).available_fen(day(2)) == 40


def test_an_id_is_used_once():
    """In the fund, and between the fund and those who ask."""
    draw = Draw("a", 1, day(0), day(1))
    assert fields(RevolvingPool, 100, None, (draw, draw)) == ["request_id"]
    pool = RevolvingPool(100, None, (draw,))
    again = FundRequest("a", 1, day(5), 1)
    assert fields(allocate, pool, [again, again]) == ["request_id"] * 2
    assert fields(pool.first_day_for, 0, 0, START) == ["amount_fen", "num_days"]
    assert fields(pool.available_through_fen, START, 0) == ["num_days"]


requests = st.lists(
    st.tuples(st.integers(1, 12), st.integers(0, 12), st.integers(1, 8)), max_size=9
).map(lambda rows: [FundRequest(f"r{i}", a, day(w), n) for i, (a, w, n) in enumerate(rows)])


def fits(out, capacity, amount, first, num_days):
    """Tell by counting each day whether an amount fits."""
    return all(out.get(n, 0) + amount <= capacity for n in range(first, first + num_days))


def day_by_day(capacity, cap, asked):
    """Serve requests with one counter a day: (id, first day or None for a refusal)."""
    out, served = {}, []
    for request in asked:
        wanted = (request.wanted - START).days
        if request.amount_fen > min(capacity, cap):
            served.append((request.request_id, None))
            continue
        first = wanted
        while not fits(out, capacity, request.amount_fen, first, request.num_days):
            first += 1
        for n in range(first, first + request.num_days):
            out[n] = out.get(n, 0) + request.amount_fen
        served.append((request.request_id, day(first)))
    return served


@given(capacity=st.integers(0, 20), cap=st.integers(1, 15), asked=requests)
def test_allocation_agrees_with_counting_every_day(capacity, cap, asked):
    """Funded, queued and refused, and each first day, are those of a counter for each day."""
    done = allocate(RevolvingPool(capacity, cap), asked)
    found = {d.request_id: d.out for d in done.funded}
    found |= {q.request.request_id: q.first_day for q in done.queued}
    found |= {r.request.request_id: None for r in done.refused}
    assert found == dict(day_by_day(capacity, cap, asked))
    assert all(q.first_day > q.request.wanted for q in done.queued)
    assert all(q.left_fen < q.request.amount_fen for q in done.queued)
    assert [q.position for q in done.queued] == list(range(1, len(done.queued) + 1))
    wanted = {r.request_id: r.wanted for r in asked}
    assert all(wanted[d.request_id] == d.out for d in done.funded)


@given(capacity=st.integers(12, 30), asked=requests)
def test_what_is_available_is_the_fund_less_what_is_out(capacity, asked):
    """Each day by itself, and over any span the least of its days."""
    pool = allocate(RevolvingPool(capacity), asked).pool
    for n in range(-1, 25):
        out = sum(d.amount_fen for d in pool.draws if d.out <= day(n) < d.back)
        assert pool.available_fen(day(n)) == capacity - out
    for n, span in ((0, 5), (3, 1), (7, 12)):
        least = min(pool.available_fen(day(k)) for k in range(n, n + span))
        assert pool.available_through_fen(day(n), span) == least


@given(capacity=st.integers(12, 30), more=st.integers(0, 20), asked=requests)
def test_a_larger_fund_has_a_single_request_no_later(capacity, more, asked):
    """With the same draws agreed, the first day never moves back when the fund grows."""
    pool = allocate(RevolvingPool(capacity), asked).pool
    larger = replace(pool, capacity_fen=capacity + more)
    for amount in (1, 6, 12):
        assert larger.first_day_for(amount, 4, START) <= pool.first_day_for(amount, 4, START)


@given(asked=requests)
def test_nobody_in_front_is_put_off_by_those_behind(asked):
    """What becomes of the first requests does not depend on the rest of the list."""
    pool = RevolvingPool(20, 15)
    whole, part = allocate(pool, asked), allocate(pool, asked[: len(asked) // 2])
    assert whole.funded[: len(part.funded)] == part.funded
    assert whole.queued[: len(part.queued)] == part.queued
    assert whole.refused[: len(part.refused)] == part.refused


# The yearly budget of row B8.

BUDGET = level_budget(2022, 5, 4_000 * WAN)


def test_forty_million_a_year_for_five_years_is_200_m():
    """Row B8: each year has its own 40 m."""
    assert BUDGET.total_fen == 20_000 * WAN
    assert [BUDGET.remaining_fen(year) for year in range(2022, 2027)] == [4_000 * WAN] * 5


def test_fourteen_projects_of_3_m_fill_a_year_and_begin_the_next():
    """Row B8: 42 m for 14 projects is more than one year has: 13 fit and the last waits a year."""
    done = allocate_budget(BUDGET, [Grant(f"p{n}", 300 * WAN, 2022) for n in range(14)])
    assert len(done.granted) == 13
    (last,) = done.refused
    assert (last.request.request_id, last.remaining_fen, last.first_year) == (
        "p13",
        100 * WAN,
        2023,
    )
    assert last.reason.zh == "2022 年剩余 100万元，不足 300万元；2023 年有足够预算"
    assert done.budget.remaining_fen(2022) == 100 * WAN
    again = allocate_budget(done.budget, [replace(last.request, year=2023)])
    assert again.budget.remaining_fen(2023) == 3_700 * WAN


def test_exactly_what_is_left_may_be_granted_and_one_fen_more_may_not():
    """The whole of a year fits; a fen more is told that no year has it."""
    assert allocate_budget(BUDGET, [Grant("a", 4_000 * WAN, 2026)]).refused == ()
    (refused,) = allocate_budget(BUDGET, [Grant("a", 4_000 * WAN + 1, 2022)]).refused
    assert refused.first_year is None
    assert refused.reason.en.endswith("; no later year has enough")


def test_a_year_without_a_budget_has_nothing():
    """Before the first year the first year is named; after the last, none."""
    done = allocate_budget(BUDGET, [Grant("a", WAN, 2021), Grant("b", WAN, 2027)])
    assert [(r.remaining_fen, r.first_year) for r in done.refused] == [(0, 2022), (0, None)]


def test_a_budget_that_cannot_be_is_refused_by_name():
    """Years out of order, amounts below zero, overdrawn years, ids used twice, unknown years."""
    assert fields(YearlyBudget, ((2023, 1), (2022, 1))) == ["years"]
    assert fields(YearlyBudget, ((2022, 1), (2022, -1))) == ["years", "years"]
    assert fields(YearlyBudget, ((2022, 5),), (Grant("a", 6, 2022),)) == ["grants"]
    assert fields(YearlyBudget, ((2022, 5),), (Grant("a", 6, 2023),)) == ["grants"]
    assert fields(YearlyBudget, ((2022, 5),), (Grant("a", 1, 2022),) * 2) == ["request_id"]
    assert fields(BUDGET.remaining_fen, 2030) == ["year"]
    assert fields(level_budget, 2022, 0, -1) == ["num_years", "yearly_fen"]
    assert fields(Grant, "", 0, 2022) == ["request_id", "amount_fen"]
    assert fields(allocate_budget, BUDGET, [Grant("a", 1, 2022)] * 2) == ["request_id"]


@given(
    yearly=st.integers(0, 10),
    rows=st.lists(st.tuples(st.integers(1, 12), st.integers(2022, 2025)), max_size=12),
)
def test_years_are_filled_as_by_a_counter_for_each(yearly, rows):
    """Grants and first years agree with subtracting from one number a year."""
    asked = [Grant(f"r{i}", amount, year) for i, (amount, year) in enumerate(rows)]
    left, expected = {year: yearly for year in range(2022, 2025)}, {}
    for g in asked:
        fits_now = left.get(g.year, 0) >= g.amount_fen
        later = [y for y in left if y >= g.year and left[y] >= g.amount_fen]
        expected[g.request_id] = "granted" if fits_now else next(iter(later), None)
        if fits_now:
            left[g.year] -= g.amount_fen
    done = allocate_budget(level_budget(2022, 3, yearly), asked)
    found = {g.request_id: "granted" for g in done.granted}
    found |= {r.request.request_id: r.first_year for r in done.refused}
    assert found == expected
    assert {year: done.budget.remaining_fen(year) for year in left} == left
