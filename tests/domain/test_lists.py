from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.case import REASONS, split_for_next_round
from matcher.domain.clock import Allowance, DayUnit
from matcher.domain.errors import InputError
from matcher.domain.lists import (
    Listing,
    ListStage,
    ListTest,
    decide,
    recommend,
    relist,
    relist_reason,
    uncontacted,
)
from tests.domain.cases import CALENDAR, come_to

DAY = timedelta(days=1)
APPLIED, RECOMMENDED = date(2024, 11, 4), date(2024, 11, 8)
ALL = frozenset(ListTest)


def applied(need="n1", failed=(), unknown=(), **more):
    """Return a listing on the first list; all other tests are passed."""
    passed = ALL - set(failed) - set(unknown)
    return Listing(need_id=need, applied=APPLIED, passed=passed, failed=frozenset(failed), **more)


def on_second_list(need="n1"):
    """Return a recommended listing."""
    return recommend([applied(need)], RECOMMENDED)[0]


def test_there_are_five_tests_with_their_chinese_names():
    """They are those of the national practice, in its order."""
    assert [t.zh for t in ListTest] == [
        "合规经营", "固定经营场所", "真实融资需求", "信用状况良好", "贷款用途依法合规",
    ]  # fmt: skip
    assert ListTest.parse("固定经营场所") is ListTest.FIXED_PREMISES


def test_a_firm_that_passes_all_five_is_recommended():
    """It moves to the second list on that day; the old record is as it was."""
    before = applied()
    (after,) = recommend([before], RECOMMENDED)
    assert (before.stage, after.stage) == (ListStage.APPLIED, ListStage.RECOMMENDED)
    assert after.recommended == RECOMMENDED
    assert after.held_back_by is None


@pytest.mark.parametrize("test", ListTest)
def test_a_firm_that_fails_one_test_stays_on_the_first_list_with_the_test_named(test):
    """W1: whichever of the five it is."""
    (after,) = recommend([applied(failed=[test])], RECOMMENDED)
    assert after.stage is ListStage.APPLIED
    assert after.held_back_by.zh == f"未通过：{test.zh}"
    assert after.held_back_by.en == f"failed: {test.text.en}"


@pytest.mark.parametrize("test", ListTest)
def test_a_test_that_nobody_answered_keeps_it_there_as_not_known(test):
    """Unknown is not failed, but it is not passed either."""
    (after,) = recommend([applied(unknown=[test])], RECOMMENDED)
    assert after.stage is ListStage.APPLIED
    assert after.held_back_by.zh == f"尚不清楚：{test.zh}"
    assert after.unknown == (test,)


def test_failed_and_unknown_are_named_apart():
    """One sentence says both."""
    listing = applied(failed=[ListTest.GOOD_CREDIT], unknown=[ListTest.REAL_NEED])
    assert listing.held_back_by.zh == "未通过：信用状况良好；尚不清楚：真实融资需求"
    assert listing.held_back_by.en == "failed: good credit; not known: real need"


@given(st.dictionaries(st.sampled_from(ListTest), st.booleans()))
def test_only_five_passes_lead_to_the_second_list(answers):
    """Every test not passed is named, and no other."""
    passed = frozenset(t for t, holds in answers.items() if holds)
    failed = frozenset(answers) - passed
    listing = Listing(need_id="n", applied=APPLIED, passed=passed, failed=failed)
    (after,) = recommend([listing], RECOMMENDED)
    assert (after.recommended is not None) == (passed == ALL)
    named = {t for t in ListTest if listing.held_back_by and t.zh in listing.held_back_by.zh}
    assert named == ALL - passed


def test_recommending_again_does_not_move_the_day():
    """The clock of a firm is not set back by the next sitting."""
    again = recommend([on_second_list()], RECOMMENDED + 5 * DAY)
    assert again[0].recommended == RECOMMENDED


def test_the_decision_is_due_in_thirty_days():
    """W1: from 8 November to 8 December 2024, weekends included; a setting like any other."""
    listing = on_second_list()
    assert listing.deadline(CALENDAR).due == date(2024, 12, 8)
    ten = Allowance(10, DayUnit.WORKDAYS)
    assert listing.deadline(CALENDAR, ten).due == date(2024, 11, 22)
    with pytest.raises(InputError, match="not on the recommended list yet 'applied'"):
        applied().deadline(CALENDAR)


def test_day_thirty_one_without_a_decision_requeues_and_keeps_what_is_confirmed():
    """W1: day 30 is in time; on day 31 one firm goes back, the granted and the new stay."""
    silent, waiting = on_second_list("silent"), applied("waiting", unknown=[ListTest.REAL_NEED])
    granted = decide(on_second_list("granted"), RECOMMENDED + 20 * DAY)
    listings = [silent, waiting, granted]
    assert relist(listings, RECOMMENDED + 30 * DAY, CALENDAR).requeued == ()
    sorted_out = relist(listings, RECOMMENDED + 31 * DAY, CALENDAR)
    assert sorted_out.kept == (waiting, granted)
    ((listing, why),) = sorted_out.requeued
    assert listing is silent
    assert why.zh == "第 31 天仍无授信结论（时限 30 个自然日），重新匹配"
    assert why.en == "no decision by day 31 (allowed: 30 calendar days); matched again"


def test_the_same_day_requeues_the_case_and_pins_the_confirmed_one():
    """W1 on cases: an undecided one goes back, a signed one is kept for the next plan."""
    undecided, signed = come_to("due_diligence", need="a"), come_to("signed", need="b")
    day = undecided.proposed_at.date() + 31 * DAY
    following = split_for_next_round([undecided, signed], day, CALENDAR)
    assert following.need_ids == ("a",)
    assert following.pins == (("b", "p1"),)


def test_a_late_decision_is_a_decision():
    """What was granted on day 40 is kept on day 41."""
    late = decide(on_second_list(), RECOMMENDED + 40 * DAY)
    assert relist_reason(late, RECOMMENDED + 41 * DAY, CALENDAR) is None
    assert late.stage is ListStage.DECIDED


def test_a_refusal_comes_back_if_it_can_be_mended():
    """Missing papers do, a bad credit record does not."""
    mend = decide(on_second_list("a"), RECOMMENDED + DAY, REASONS["papers_missing"])
    over = decide(on_second_list("b"), RECOMMENDED + DAY, REASONS["bad_credit"])
    sorted_out = relist([mend, over], RECOMMENDED + 2 * DAY, CALENDAR)
    assert sorted_out.requeued[0][0] is mend
    assert sorted_out.requeued[0][1].zh == "授信未通过：材料不齐"
    assert sorted_out.ended == (over,)
    assert sorted_out.kept == ()


def test_decisions_out_of_turn_are_refused():
    """Before the recommendation, before its day, and a second time."""
    with pytest.raises(InputError, match="decided: is not on the recommended list yet"):
        decide(applied(), RECOMMENDED)
    with pytest.raises(InputError, match="recommended"):
        decide(on_second_list(), RECOMMENDED - DAY)
    with pytest.raises(InputError, match="decided on already"):
        decide(decide(on_second_list(), RECOMMENDED), RECOMMENDED)


def test_a_record_that_contradicts_itself_names_every_fault():
    """Both answers, a recommendation without the tests, a refusal without a day."""
    with pytest.raises(InputError) as caught:
        Listing(
            need_id="n 1",
            applied=APPLIED,
            passed=frozenset({ListTest.REAL_NEED}),
            failed=frozenset({ListTest.REAL_NEED}),
            recommended=APPLIED - DAY,
            refusal=REASONS["bad_credit"],
        )
    fields = [f.field for f in caught.value.faults]
    assert fields == ["need_id", "failed", "applied", "recommended", "refusal"]


def test_every_listed_firm_is_to_be_contacted():
    """Those that nobody has spoken with are listed, on either list."""
    spoken = applied("a", contacted=APPLIED - DAY)
    assert uncontacted([spoken, applied("b"), on_second_list("c")]) == (
        applied("b"),
        on_second_list("c"),
    )
