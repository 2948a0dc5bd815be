"""What public support takes off a cost, worked out by hand and by adding up."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.choices import Benefit, Instrument
from matcher.domain.policy import Policy
from matcher.finance.cost import Burden, Term, all_in_cost
from matcher.finance.relief import RELIEFS, relieved, supports

ZERO = Decimal(0)
LOAN = Burden(Instrument.LOAN, Decimal("0.04"), ZERO, ZERO, ZERO)
GUARANTEE = Burden(Instrument.GUARANTEE, Decimal("0.01"), ZERO, ZERO, ZERO)
COVER = Burden(Instrument.INSURANCE, ZERO, Decimal("0.1"), ZERO, ZERO)
AMOUNT = 100_000_000


def policy(benefit: Benefit, rate: str, cap_fen: int | None = None, *on: Instrument) -> Policy:
    """Return a policy with this benefit."""
    return Policy(policy_id="G", name="g", benefit=benefit, rate=Decimal(rate), cap_fen=cap_fen,
                  instruments=frozenset(on))  # fmt: skip


@pytest.mark.parametrize(
    ("given_policy", "parts", "cost", "saved"),
    [
        (policy(Benefit.INTEREST_SUBSIDY, "0.5"), (LOAN,), "0.02", "0.02"),
        (policy(Benefit.RATE_CUT, "0.002"), (LOAN,), "0.038", "0.002"),
        (policy(Benefit.RATE_CUT, "0.05"), (LOAN,), "0", "0.04"),
        # A cap of 1 % of the amount pays half of what a 50 % share would.
        (policy(Benefit.INTEREST_SUBSIDY, "0.5", AMOUNT // 100), (LOAN,), "0.03", "0.01"),
        (policy(Benefit.FEE_SUBSIDY, "0.5", None, Instrument.GUARANTEE), (LOAN, GUARANTEE),
         "0.045", "0.005"),
        (policy(Benefit.FEE_CUT, "0.5"), (LOAN, GUARANTEE), "0.045", "0.005"),
        (policy(Benefit.FEE_SUBSIDY, "0.9", None, Instrument.INSURANCE), (COVER,), "0.01", "0.09"),
        (policy(Benefit.FEE_SUBSIDY, "0.6", None, Instrument.INSURANCE), (COVER,), "0.04", "0.06"),
        # Interest is no fee, and a policy for insurance does not touch a guarantee.
        (policy(Benefit.FEE_CUT, "0.5", None, Instrument.LOAN), (LOAN,), "0.04", "0"),
        (policy(Benefit.FEE_CUT, "1", None, Instrument.INSURANCE), (LOAN, GUARANTEE), "0.05", "0"),
    ],
)  # fmt: skip
def test_a_support_over_a_year_is_worth_its_share(given_policy, parts, cost, saved):
    """Over twelve months the saving is the fall of the cost."""
    found = relieved(parts, (given_policy,), AMOUNT, Term(12))
    assert found.saved == (Decimal(saved),)
    assert all_in_cost(found.burdens, Term(12)) == Decimal(cost)


def test_a_subsidy_pays_a_share_of_what_a_cut_has_left():
    """4 % cut by 1 point is 3 %; half of that is subsidised."""
    claims = (policy(Benefit.RATE_CUT, "0.01"), policy(Benefit.INTEREST_SUBSIDY, "0.5"))
    found = relieved((LOAN,), claims, AMOUNT, Term(6))
    assert all_in_cost(found.burdens, Term(6)) == Decimal("0.015")
    assert found.saved == (Decimal("0.005"), Decimal("0.0075"))


shares = st.integers(0, 100).map(lambda n: Decimal(n) / 100)
burdens = st.builds(
    lambda kind, *c: Burden(kind, *(Decimal(n) / 1000 for n in c)),
    st.sampled_from([Instrument.GUARANTEE, Instrument.INSURANCE]),
    *[st.integers(0, 50)] * 4,
)


@given(burdens, st.sampled_from(RELIEFS), shares, st.integers(1, 10**7), st.integers(1, 60))
def test_what_is_saved_is_what_is_no_longer_paid(part, benefit, share, cap, months):
    """The totals before and after differ by the saving, which keeps share and cap."""
    term = Term(months)
    given_policy = policy(benefit, str(share), cap)
    found = relieved((LOAN, part), (given_policy,), AMOUNT, term)
    before = sum(p.total(term) for p in (LOAN, part))
    after = sum(p.total(term) for p in found.burdens)
    (saved,) = found.saved
    assert float(before - after) == pytest.approx(float(saved), abs=1e-20)
    assert saved * AMOUNT <= cap * (1 + Decimal("1e-20"))
    assert 0 <= saved <= before
    assert all(min(p.accruing, p.yearly, p.monthly, p.once) >= 0 for p in found.burdens)


@pytest.mark.parametrize(
    ("given_policy", "parts", "expected"),
    [
        (policy(Benefit.INTEREST_SUBSIDY, "0.5", None, Instrument.LOAN), ["loan"], True),
        (policy(Benefit.INTEREST_SUBSIDY, "0.5", None, Instrument.LOAN), ["guarantee"], False),
        (policy(Benefit.INTEREST_SUBSIDY, "0.5"), ["insurance"], False),
        (policy(Benefit.FEE_SUBSIDY, "0.5", None, Instrument.GUARANTEE), ["loan"], False),
        (policy(Benefit.FEE_SUBSIDY, "0.5", None, Instrument.GUARANTEE), ["loan", "guarantee"],
         True),
        (policy(Benefit.GRANT, "0.5"), ["loan"], False),
    ],
)  # fmt: skip
def test_a_policy_supports_offers_with_what_it_names(given_policy, parts, expected):
    """Interest is that of the leading part; fees are those of any part; a grant lowers no cost."""
    assert supports(given_policy, [Instrument(p) for p in parts]) is expected
