from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.tranche import Tranche
from matcher.finance.tranches import Grant, MilestoneEvent, Outcome
from tests.finance.faults import fields_of
from tests.finance.strategies import amounts

SHARES = ("0.4", "0.4", "0.2")
NAMES = ("money_in", "review", "acceptance")


def grant(amount_fen=300_000_000, shares=SHARES, names=NAMES):
    """Return a grant that nothing has happened to."""
    parts = zip(shares, names, strict=True)
    return Grant(amount_fen, tuple(Tranche(Decimal(s), tuple(n.split("/"))) for s, n in parts))


def failed(name):
    """Return the event of a milestone that was not reached."""
    return MilestoneEvent(name, Outcome.FAILED)


def test_the_tranches_of_the_source():
    """3 m by 40/40/20 are 1.2, 1.2 and 0.6 m (B8)."""
    assert grant().amounts_fen == (120_000_000, 120_000_000, 60_000_000)


def test_failing_at_mid_term_leaves_the_rest_unpaid():
    """After the first tranche, a failed review leaves 1.8 m that is never paid (B8)."""
    ended = grant().after_all([MilestoneEvent("money_in"), failed("review")])
    assert (ended.paid_fen, ended.unpaid_fen) == (120_000_000, 180_000_000)
    assert (ended.is_open, ended.awaits, ended.failed_at) == (False, (), "review")


def test_each_milestone_releases_its_tranche_and_no_more():
    """Paid money goes 0, 1.2, 2.4, 3.0 m, and then nothing is awaited."""
    state, seen = grant(), []
    for name in NAMES:
        assert state.awaits == (name,)
        seen.append(state.paid_fen)
        state = state.after(MilestoneEvent(name))
    assert [*seen, state.paid_fen] == [0, 120_000_000, 240_000_000, 300_000_000]
    assert (state.is_open, state.awaits, state.failed_at) == (False, (), None)


def test_an_event_makes_a_new_grant_and_leaves_the_old():
    """States are values."""
    before = grant()
    after = before.after(MilestoneEvent("money_in"))
    assert (before.num_paid, after.num_paid) == (0, 1)


LINKED = ("money_in", "review/new_round", "acceptance")


@pytest.mark.parametrize("second", ["review", "new_round"])
def test_either_of_two_milestones_releases_a_tranche(second):
    """Paid after the review or after a new round of financing, and once (B8)."""
    state = grant(names=LINKED).after_all([MilestoneEvent("money_in"), MilestoneEvent(second)])
    assert (state.paid_fen, state.awaits) == (240_000_000, ("acceptance",))
    other = {"review": "new_round", "new_round": "review"}[second]
    assert fields_of(lambda: state.after(MilestoneEvent(other))) == {"milestone"}


def test_only_the_failure_of_the_first_of_two_milestones_ends_it():
    """A failed review stops the money; a round that does not come is no failure."""
    waiting = grant(names=LINKED).after(MilestoneEvent("money_in"))
    assert waiting.after(failed("review")).unpaid_fen == 180_000_000
    assert fields_of(lambda: waiting.after(failed("new_round"))) == {"milestone"}


def test_a_milestone_is_known_by_any_of_its_names():
    """The id, the Chinese name and the English one are one milestone."""
    promised = grant(names=("private_money", "review", "acceptance"))
    for name in ("private_money", "社会资本到位", "private money has arrived"):
        assert promised.after(MilestoneEvent(name)).num_paid == 1


@pytest.mark.parametrize(
    "events",
    [
        [MilestoneEvent("review")],
        [MilestoneEvent("money_in"), MilestoneEvent("money_in")],
        [MilestoneEvent("unknown")],
        [failed("acceptance")],
        [failed("money_in"), MilestoneEvent("review")],
        [*(MilestoneEvent(n) for n in NAMES), MilestoneEvent("acceptance")],
    ],
)
def test_only_the_milestone_that_is_awaited_is_taken(events):
    """Out of order, twice, unknown, or after the end: refused by field."""
    assert fields_of(lambda: grant().after_all(events)) == {"milestone"}


@given(amounts, st.lists(st.integers(1, 50), min_size=1, max_size=8))
def test_tranches_add_up_to_the_fen(amount, weights):
    """Each is its share within a fen downwards; the last takes the rest."""
    scale = 10_000 // sum(weights) if sum(weights) else 0
    shares = [Decimal(w * scale) / 10_000 for w in weights[:-1]]
    shares.append(1 - sum(shares, Decimal(0)))
    made = grant(amount, shares, [str(n) for n in range(len(shares))])
    assert sum(made.amounts_fen) == amount
    for share, fen in zip(shares[:-1], made.amounts_fen, strict=False):
        assert 0 <= Fraction(amount) * Fraction(share) - fen < 1
    assert 0 <= made.amounts_fen[-1] - Fraction(amount) * Fraction(shares[-1]) < len(shares)


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"shares": ("0.4", "0.4", "0.21")}, {"shares"}),
        ({"shares": ("0.4", "0.4", "0.1999999999999999999999999999")}, {"shares"}),
        ({"shares": ("0.4", "0.4", "NaN")}, {"shares"}),
        ({"shares": ("1.2", "-0.4", "0.2")}, {"shares"}),
        ({"shares": ("0.6", "0.4", "0")}, {"shares"}),
        ({"names": ("a", "a", "b")}, {"milestones"}),
        ({"names": ("a", " ", "b")}, {"milestones"}),
        ({"names": ("a", "b/a", "c")}, {"milestones"}),
        ({"shares": (), "names": ()}, {"shares"}),
        ({"amount_fen": 0, "shares": ("1", "1", "1")}, {"amount_fen", "shares"}),
    ],
)
def test_a_grant_that_cannot_be_is_refused_by_field(changes, fields):
    """Shares that do not add up to 1 exactly, NaN, milestones twice, no amount."""
    assert fields_of(lambda: grant(**changes)) == fields
