"""Clocks, durations and the next round; A1 replayed."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.case import (
    REASONS,
    CaseAction,
    CaseRules,
    case_clock,
    days_to_cash,
    mean_days_to_cash,
    requeue_reason,
    split_for_next_round,
    steps,
)
from matcher.domain.clock import Allowance, DayUnit, Elapsed, Slack, slack
from matcher.domain.errors import InputError
from matcher.domain.moments import CHINA
from tests.domain.cases import CALENDAR, LASTING, MENDABLE, ROADS, START, come_to, do, proposed

DAY = timedelta(days=1)
TODAY = START.date()
DECIDING = ("proposed", "accepted", "contacted", "visited", "due_diligence")


def moment(month, day, hour, minute=0):
    """Return a moment of 2022 in China."""
    return datetime(2022, month, day, hour, minute, tzinfo=CHINA)


def emergency(product="loan"):
    """Replay A1 from the call to the money (hours and the day of approval are assumed)."""
    case = proposed(
        "wages", product, at=moment(5, 25, 9), received_at=moment(5, 24, 22), parts=[("g", True)]
    )
    for action, at in (
        ("accept", moment(5, 25, 10)),
        ("contact", moment(5, 25, 11)),
        ("visit", moment(5, 25, 14, 30)),
        ("investigate", moment(5, 26, 9)),
        ("approve", moment(5, 31, 9)),
        ("sign", moment(5, 31, 15)),
        ("disburse", moment(6, 1, 10)),
    ):
        case = do(case, action, at=at)
    return case


def test_the_emergency_is_replayed_from_the_call_to_the_money():
    """A1: 8 calendar days; 7 workdays counting both ends; 2 days of slack to 3 June."""
    case = emergency()
    clock = case_clock(case, date(2022, 6, 20), CALENDAR)
    assert clock.elapsed == Elapsed(8, 6, 9, 7)
    assert clock.deadline is None
    assert days_to_cash(case) == 8
    paid = case.moment(CaseAction.DISBURSE).date()
    assert slack(paid, date(2022, 6, 3), CALENDAR) == Slack(calendar_days=2, workdays=1)


def test_the_steps_of_the_emergency_add_up():
    """A1: from the proposal on 25 May each step in workdays; two days to approve and sign."""
    taken = steps(emergency(), CALENDAR)
    assert [str(s.action) for s in taken] == [
        "accept", "contact", "visit", "investigate", "approve", "sign", "disburse",
    ]  # fmt: skip
    assert [s.since.workdays for s in taken] == [0, 0, 0, 1, 3, 0, 1]
    assert [s.since.calendar_days for s in taken] == [0, 0, 0, 1, 5, 0, 1]


def test_four_banks_visit_on_the_first_afternoon():
    """A1: four leads of one need come to the visit on 25 May; one goes on to the money."""
    leads = [proposed("wages", f"bank{i}", at=moment(5, 25, 9)) for i in range(4)]
    leads = [do(c, "accept", "contact", at=moment(5, 25, 11)) for c in leads]
    leads = [do(c, "visit", at=moment(5, 25, 14)) for c in leads]
    assert {str(c.status) for c in leads} == {"visited"}
    late = [do(c, "cancel", reason=REASONS["served_elsewhere"]) for c in leads[1:]]
    following = split_for_next_round([emergency("bank0"), *late], date(2022, 6, 2), CALENDAR)
    assert [len(following.kept), len(following.requeued), len(following.ended)] == [1, 0, 3]


def test_the_mean_is_over_the_cases_that_were_paid():
    """Open cases and fall-outs have no days to cash."""
    quick = do(proposed(), *ROADS["disbursed"])
    assert days_to_cash(quick) == 0
    assert days_to_cash(come_to("signed")) is None
    assert mean_days_to_cash([quick, emergency(), come_to("declined")]) == Decimal(4)
    assert mean_days_to_cash([come_to("signed")]) is None


def test_the_days_to_cash_start_with_the_call_or_else_with_the_proposal():
    """Without a call the lead itself starts the clock."""
    assert emergency().started_at == moment(5, 24, 22)
    assert proposed().started_at == START


@pytest.mark.parametrize(
    ("at", "due"),
    [
        (moment(5, 25, 16), (5, 30)),  # Wednesday in time → Thu, Fri, Mon
        (moment(5, 25, 16, 1), (5, 31)),  # counts from Thursday
        (moment(5, 28, 9), (6, 2)),  # Saturday counts from Monday
        (moment(6, 1, 9), (6, 7)),  # over the Dragon Boat Festival
    ],
)
def test_the_response_is_owed_in_three_workdays(at, due):
    """After the cut-off, and on days off, the next workday is day 0."""
    clock = case_clock(proposed(at=at), at.date(), CALENDAR)
    assert clock.deadline.due == date(2022, *due)
    assert not clock.is_overdue


def test_cut_off_and_allowances_are_settings():
    """A bank that answers in one workday and takes leads until noon."""
    rules = CaseRules(response=Allowance(1, DayUnit.WORKDAYS), cut_off=time(12))
    clock = case_clock(proposed(at=moment(5, 25, 13)), date(2022, 5, 28), CALENDAR, rules)
    assert clock.deadline.due == date(2022, 5, 27)
    assert clock.is_overdue


def test_after_the_answer_the_decision_is_owed():
    """Thirty days from the proposal; from the approval on nothing is owed."""
    for status in DECIDING[1:]:
        assert case_clock(come_to(status), TODAY, CALENDAR).deadline.due == TODAY + 30 * DAY
    for status in set(ROADS) - set(DECIDING):
        assert case_clock(come_to(status), TODAY, CALENDAR).deadline is None


def test_a_clock_read_before_the_start_is_refused():
    """Nothing has elapsed before the call."""
    with pytest.raises(InputError, match="end"):
        case_clock(proposed(), TODAY - DAY, CALENDAR)


def test_an_open_case_runs_until_today_and_a_final_one_to_its_end():
    """The clock of a declined lead stands still."""
    later = TODAY + 7 * DAY
    assert case_clock(come_to("visited"), later, CALENDAR).elapsed.calendar_days == 7
    assert case_clock(come_to("declined"), later, CALENDAR).elapsed.calendar_days == 0


@pytest.mark.parametrize("status", ["declined", "rejected", "withdrawn", "cancelled"])
def test_what_can_be_mended_comes_back_and_what_cannot_does_not(status):
    """The reason decides, and the person reads it."""
    why = requeue_reason(come_to(status, reason=MENDABLE), TODAY, CALENDAR)
    assert MENDABLE.text.zh in why.zh
    assert MENDABLE.text.en in why.en
    assert requeue_reason(come_to(status, reason=LASTING), TODAY, CALENDAR) is None


def test_an_expiry_comes_back():
    """The institution did not answer; the firm is not to blame."""
    assert "重新匹配" in requeue_reason(come_to("expired"), TODAY, CALENDAR).zh


def test_a_lead_without_answer_comes_back_after_three_workdays():
    """Due on Monday, 30 May 2022; requeued from Tuesday on, recorded as expired or not."""
    assert requeue_reason(proposed(), date(2022, 5, 30), CALENDAR) is None
    why = requeue_reason(proposed(), date(2022, 5, 31), CALENDAR)
    assert why.zh == "机构在 3 个工作日内未回应，需求重新匹配"
    assert why.en == "no answer within 3 workdays; the need is matched again"


@pytest.mark.parametrize("status", ROADS)
def test_day_thirty_one_without_a_decision_comes_back(status):
    """Day 30 is in time; after a decision no day matters."""
    case = come_to(status, reason=LASTING)
    why = requeue_reason(case, TODAY + 31 * DAY, CALENDAR)
    if status in DECIDING:
        assert why.en.startswith("no decision by day 31 (allowed: 30 calendar days)")
        assert why.zh.startswith("第 31 天仍无审批结论（时限 30 个自然日）")
    elif status != "expired":
        assert why is None
    if status in DECIDING[1:]:
        assert requeue_reason(case, TODAY + 30 * DAY, CALENDAR) is None


def test_the_next_round_keeps_what_is_confirmed_and_puts_back_what_is_not():
    """Pins for what goes on, bans for what is over, needs that are still to be served."""
    signed, accepted = come_to("signed", need="n1"), come_to("accepted", need="n2")
    mend = come_to("declined", need="n3")
    over = come_to("declined", need="n4", reason=LASTING)
    spare = come_to("expired", need="n1", product="p2")
    repaid = come_to("repaid", need="n5")
    following = split_for_next_round([signed, mend, over, accepted, spare, repaid], TODAY, CALENDAR)
    assert following.kept == (signed, accepted, repaid)
    assert [case for case, _ in following.requeued] == [mend, spare]
    assert following.ended == (over,)
    assert following.pins == (("n1", "p1"), ("n2", "p1"))
    assert following.bans == (("n4", "p1"),)
    assert following.need_ids == ("n3",), "n1 has signed elsewhere"


def test_a_need_with_two_fall_outs_comes_back_once():
    """Needs are matched again, not cases."""
    cases = [come_to("declined", product="p1"), come_to("expired", product="p2")]
    assert split_for_next_round(cases, TODAY, CALENDAR).need_ids == ("n1",)


@given(
    st.lists(st.tuples(st.sampled_from(list(ROADS)), st.sampled_from(list(REASONS.values())))),
    st.integers(0, 60),
)
def test_every_case_has_exactly_one_place_in_the_next_round(drawn, later):
    """Kept, requeued and ended share nothing and lose nothing; what is served stays."""
    cases = [come_to(s, reason=r, need=f"n{i}") for i, (s, r) in enumerate(drawn)]
    following = split_for_next_round(cases, TODAY + later * DAY, CALENDAR)
    placed = [*following.kept, *(c for c, _ in following.requeued), *following.ended]
    assert sorted(c.case_id for c in placed) == sorted(c.case_id for c in cases)
    back = [c for c, _ in following.requeued]
    assert all(str(c.status) in DECIDING or c.is_final for c in back)
    assert all(c.is_final and c.reason and not c.reason.mendable for c in following.ended)
    assert not {need for need, _ in following.pins} & set(following.need_ids)
