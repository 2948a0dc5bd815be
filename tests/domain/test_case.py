"""The table of moves, the record of a case, and its parts."""

import copy
import itertools
import pickle
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.case import (
    FINAL,
    NEEDS_REASON,
    REASONS,
    SERVED,
    TRANSITIONS,
    Case,
    CaseAction,
    CaseError,
    CaseEvent,
    CasePart,
    CaseStatus,
    PartStatus,
    Reason,
    Role,
    allowed_actions,
)
from matcher.domain.errors import InputError
from matcher.domain.text import Lang, Text
from tests.domain.cases import HOUR, LASTING, MENDABLE, ROADS, START, TO_CASH, come_to, do, proposed

BANK = Role.INSTITUTION

# The whole table by hand: status, then each action and what it leads to.
TABLE = """
proposed       accept:accepted decline:declined expire:expired withdraw:withdrawn cancel:cancelled
accepted       contact:contacted reject:rejected withdraw:withdrawn cancel:cancelled
contacted      visit:visited investigate:due_diligence reject:rejected withdraw:withdrawn cancel:cancelled
visited        investigate:due_diligence reject:rejected withdraw:withdrawn cancel:cancelled
due_diligence  approve:approved reject:rejected withdraw:withdrawn cancel:cancelled
approved       sign:signed withdraw:withdrawn cancel:cancelled
signed         disburse:disbursed withdraw:withdrawn cancel:cancelled
disbursed      repay:repaid close:closed
repaid
closed
declined
expired
rejected
withdrawn
cancelled
"""  # noqa: E501
LISTED = {
    (status, action): after
    for status, *moves in map(str.split, TABLE.strip().splitlines())
    for action, after in (move.split(":") for move in moves)
}
PAIRS = list(itertools.product(CaseStatus, CaseAction))


def test_the_table_is_the_one_written_here():
    """Every move by name, and nothing besides."""
    assert {(str(s), str(a)): str(to) for (s, a), to in TRANSITIONS.items()} == LISTED
    assert len(PAIRS) == 15 * 14


@pytest.mark.parametrize(("status", "action"), PAIRS)
def test_every_pair_is_listed_or_refused(status, action):
    """A listed move leads where the table says; any other is refused with what is allowed."""
    case = come_to(status)
    assert case.status is status
    reason = MENDABLE if action in NEEDS_REASON else None
    if (status, action) in LISTED:
        after = case.apply(action, case_time(case), BANK, reason)
        assert after.status == LISTED[status, action]
        return
    with pytest.raises(CaseError) as caught:
        case.apply(action, case_time(case), BANK, reason)
    (fault,) = caught.value.faults
    assert f"“{status.zh}”状态的申请不能“{action.zh}”" in fault.sentence(Lang.ZH)
    said = f"a case in status '{status.text.en}' refuses to '{action.text.en}'"
    assert said in fault.sentence(Lang.EN)
    allowed = [a for s, a in LISTED if s == status]
    said = ", ".join(allowed) if allowed else "no action, for none is open"
    assert fault.expected.en == said
    assert all(CaseAction(a).zh in fault.expected.zh for a in allowed)


def case_time(case):
    """Return an hour after the last event."""
    return (case.history[-1].at if case.history else case.proposed_at) + HOUR


def test_the_table_cannot_be_changed():
    """Nobody adds a move at run time."""
    with pytest.raises(TypeError):
        TRANSITIONS[CaseStatus.REPAID, CaseAction.SIGN] = CaseStatus.SIGNED


def test_final_states_allow_nothing():
    """They are those without a row, and each can be reached."""
    assert {str(s) for s in FINAL} == {
        "repaid", "closed", "declined", "expired", "rejected", "withdrawn", "cancelled",
    }  # fmt: skip
    assert all(allowed_actions(status) == () for status in FINAL)
    assert set(TRANSITIONS.values()) == set(CaseStatus) - {CaseStatus.PROPOSED}
    assert not come_to("signed").is_final
    assert come_to("repaid").is_final


def test_served_is_from_the_approval_on():
    """An offer in hand or money paid, and no fall-out among them."""
    good = {"approved", "signed", "disbursed", "repaid", "closed"}
    assert {str(s) for s in SERVED} == good


@pytest.mark.parametrize("action", sorted(NEEDS_REASON))
def test_falling_out_without_a_reason_is_refused(action):
    """Declines, rejections, withdrawals and cancellations say why."""
    case = come_to("accepted") if action is CaseAction.REJECT else proposed()
    with pytest.raises(InputError) as caught:
        case.apply(action, case_time(case), BANK)
    assert caught.value.faults[0].field == "reason"
    assert action.zh in caught.value.faults[0].message.zh


def test_a_reason_where_none_belongs_is_refused():
    """A reason to accept would be counted among the fall-outs."""
    with pytest.raises(InputError, match="reason: no reason belongs to accept 'papers_missing'"):
        proposed().apply(CaseAction.ACCEPT, START, BANK, MENDABLE)


def test_a_refused_move_is_told_before_a_missing_reason():
    """What cannot be done at all need not be explained."""
    with pytest.raises(CaseError):
        come_to("signed").apply(CaseAction.DECLINE, START, BANK)


def test_time_may_not_run_backwards_but_may_stand_still():
    """Two things may be recorded at one moment; none before the last."""
    case = do(proposed(), "accept", at=START)
    assert do(case, "contact", at=START).status is CaseStatus.CONTACTED
    with pytest.raises(InputError, match="at: time runs backwards"):
        do(case, "contact", at=START - HOUR / 3600)
    with pytest.raises(InputError, match="proposed_at: time runs backwards"):
        proposed(received_at=START + HOUR)


def test_moments_without_a_zone_are_refused():
    """In an event and at the head of a case, each by its name."""
    naive = datetime(2022, 5, 25, 10)
    with pytest.raises(InputError, match="at: has no time zone"):
        proposed().apply(CaseAction.ACCEPT, naive, BANK)
    with pytest.raises(InputError) as caught:
        proposed(at=naive, received_at=naive)
    assert [f.field for f in caught.value.faults] == ["received_at", "proposed_at"]


def test_bad_ids_and_doubled_products_are_named_together():
    """Every fault of a case comes at once."""
    parts = (CasePart("p1"), CasePart("g1"), CasePart("g1", status=PartStatus.APPROVED))
    with pytest.raises(InputError) as caught:
        Case(case_id="", need_id="n 1", product_id="p1", proposed_at=START, companions=parts)
    fields = [f.field for f in caught.value.faults]
    assert fields == ["case_id", "need_id", "companions", "companions", "companions"]


def test_a_broken_history_cannot_be_read_back():
    """A case from a store is held to the same table as one that grows here."""
    sign = CaseEvent(CaseAction.SIGN, START, BANK)
    with pytest.raises(CaseError, match="proposed"):
        proposed(history=(sign,))


@pytest.mark.parametrize("status", ROADS)
def test_a_case_read_back_from_its_history_is_the_same(status):
    """Status, parts and what is allowed follow from the record alone."""
    case = come_to(status, parts=[("g1", True)])
    again = proposed(parts=[("g1", True)], history=case.history)
    assert again == case
    assert (again.state, again.allowed) == (case.state, case.allowed)
    assert pickle.loads(pickle.dumps(case)) == case
    assert copy.deepcopy(case).state == case.state


def test_the_reason_of_a_fall_out_is_kept():
    """And only a fall-out has one."""
    assert come_to("declined", reason=LASTING).reason is LASTING
    assert come_to("expired").reason is None
    assert come_to("repaid").reason is None
    assert proposed().reason is None


actions = st.sampled_from(CaseAction)


@given(st.lists(st.tuples(actions, st.integers(0, 90)), max_size=25))
def test_no_sequence_of_actions_leaves_the_table(tries):
    """History grows by one event or not at all; the old case stays; final is final."""
    case, at = proposed(), START
    for action, minutes in tries:
        at += HOUR * minutes / 60
        before, copied = case, copy.deepcopy(case)
        reason = MENDABLE if action in NEEDS_REASON else None
        listed = TRANSITIONS.get((case.status, action))
        assert (action in case.allowed) == (listed is not None)
        try:
            case = case.apply(action, at, BANK, reason)
        except CaseError:
            assert listed is None
            assert case is before
        else:
            assert case.status is listed
            assert case.history[:-1] == before.history
            assert case.history[-1] == CaseEvent(action, at, BANK, reason)
        assert before == copied
        assert before.state == copied.state


@given(st.data())
def test_every_walk_along_the_table_comes_to_an_end(data):
    """There is no loop: after at most nine moves nothing is open."""
    case = proposed()
    for _ in range(9):
        if not case.allowed:
            break
        case = do(case, data.draw(st.sampled_from(case.allowed)))
    assert len(case.history) <= 8
    assert case.is_final


def test_reasons_are_unique_in_both_languages_and_of_both_kinds():
    """A code is its key; some can be mended and some cannot."""
    assert all(reason.code == code for code, reason in REASONS.items())
    assert len({r.text.zh for r in REASONS.values()}) == len(REASONS)
    assert len({r.text.en for r in REASONS.values()}) == len(REASONS)
    assert {r.mendable for r in REASONS.values()} == {True, False}


def test_a_reason_of_ones_own_needs_a_code_and_both_languages():
    """Each thing missing is named."""
    with pytest.raises(InputError) as caught:
        Reason("", Text(" ", ""), mendable=True)
    assert [f.field for f in caught.value.faults] == ["code", "text.zh", "text.en"]


GUARANTEED = [("guarantee", True)]


def test_the_approval_of_the_bank_is_that_of_the_guarantee():
    """B4 见贷即保: approved at the same moment, with no second review and no event of its own."""
    before = come_to("due_diligence", parts=GUARANTEED)
    after = do(before, "approve")
    assert before.parts == (CasePart("guarantee", True, PartStatus.PENDING),)
    assert after.parts == (CasePart("guarantee", True, PartStatus.APPROVED),)
    assert len(after.history) == len(before.history) + 1
    assert do(after, "sign", "disburse").status is CaseStatus.DISBURSED


def test_the_refusal_of_the_bank_is_that_of_the_guarantee():
    """What travels with the loan does not outlive it."""
    case = do(come_to("due_diligence", parts=GUARANTEED), "reject")
    assert case.parts[0].status is PartStatus.REJECTED


def test_what_travels_has_no_second_review():
    """Nobody can approve or reject the guarantee by itself, before or after the bank."""
    for status in ("due_diligence", "approved"):
        with pytest.raises(CaseError, match="guarantee refuses to 'approve' by itself"):
            decide(come_to(status, parts=GUARANTEED), "guarantee")


def decide(case, part, action="approve", reason=None):
    """Decide on a part an hour after the last event."""
    return case.decide_part(part, CaseAction(action), case_time(case), BANK, reason)


def test_what_does_not_travel_must_be_approved_before_anything_is_signed():
    """An insurance with a review of its own keeps the package open, and the error names it."""
    case = come_to("approved", parts=[("insurance", False), *GUARANTEED])
    assert [p.product_id for p in case.state.unapproved] == ["insurance"]
    assert CaseAction.SIGN not in case.allowed
    with pytest.raises(CaseError, match="insurance is not approved"):
        do(case, "sign")
    approved = decide(case, "insurance")
    assert approved.status is CaseStatus.APPROVED, "the case itself has not moved"
    assert do(approved, "sign").status is CaseStatus.SIGNED


def test_a_part_that_is_rejected_keeps_the_package_unsigned():
    """It is decided once, with a reason, and the case can still be withdrawn."""
    case = come_to("visited", parts=[("insurance", False)])
    with pytest.raises(InputError, match="reason"):
        decide(case, "insurance", "reject")
    case = decide(case, "insurance", "reject", LASTING)
    with pytest.raises(CaseError):
        decide(case, "insurance")
    case = do(case, "investigate", "approve")
    assert CaseAction.SIGN not in case.allowed
    assert do(case, "withdraw").reason is MENDABLE


SIGNED_ON = {"signed", "disbursed", "repaid", "closed"}
REVIEWED_IN = {"accepted", "contacted", "visited", "due_diligence", "approved"}


@pytest.mark.parametrize("status", [s for s in ROADS if s not in SIGNED_ON])
def test_parts_are_reviewed_while_the_case_is(status):
    """From the acceptance to the signature, and with approve or reject only."""
    case = come_to(status, parts=[("insurance", False)])
    for action in CaseAction:
        reason = MENDABLE if action in NEEDS_REASON else None
        if status in REVIEWED_IN and action in (CaseAction.APPROVE, CaseAction.REJECT):
            assert decide(case, "insurance", action, reason).status is case.status
            continue
        with pytest.raises(CaseError) as caught:
            decide(case, "insurance", action, reason)
        open_now = "approve, reject" if status in REVIEWED_IN else "no action, for none is open"
        assert caught.value.faults[0].expected.en == open_now


@pytest.mark.parametrize("further", [(), ("disburse",), ("disburse", "repay")])
def test_after_the_signature_no_part_is_reviewed_again(further):
    """What was approved stays so."""
    case = decide(come_to("visited", parts=[("insurance", False)]), "insurance")
    case = do(case, "investigate", "approve", "sign", *further)
    with pytest.raises(CaseError, match="insurance refuses"):
        decide(case, "insurance", "reject", LASTING)


def test_a_part_that_is_not_there_is_named():
    """The error says that it is no part of the case."""
    with pytest.raises(CaseError, match="fund is not a part of the case"):
        decide(come_to("visited"), "fund")


def test_the_moment_of_an_action_is_that_on_the_case_itself():
    """The approval of a part is not the approval of the case."""
    case = decide(come_to("visited", parts=[("insurance", False)]), "insurance")
    assert case.moment(CaseAction.APPROVE) is None
    case = do(case, "investigate", "approve")
    assert case.moment(CaseAction.APPROVE) == case.history[-1].at
    assert [str(e.action) for e in case.history if e.part is None] == list(TO_CASH[:5])
