"""What public support takes off the cost of an offer, and how much money that is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from matcher.domain.choices import Benefit, Instrument
from matcher.domain.policy import Policy
from matcher.finance.cost import REPAID, Burden, Term

ON_INTEREST = (Benefit.RATE_CUT, Benefit.INTEREST_SUBSIDY)
ON_FEES = (Benefit.FEE_CUT, Benefit.FEE_SUBSIDY)
RELIEFS = (*ON_INTEREST, *ON_FEES)
"""The benefits that lower the cost, in the order in which they are reckoned: a subsidy pays a
share of what a cut has left."""


@dataclass(frozen=True, slots=True)
class Relief:
    """A cost after public support.

    Parameters
    ----------
    burdens
        Of the parts, the first leading.
    saved
        What each support is worth over the term, as a fraction of the amount.
    """

    burdens: tuple[Burden, ...]
    saved: tuple[Decimal, ...]


def relieved(
    burdens: Sequence[Burden], policies: Iterable[Policy], amount_fen: int, term: Term
) -> Relief:
    """Return what is left of a cost after policies, at most one of each benefit.

    Every support is reckoned as falling due together with what it supports, and never more
    than that: a share s (or, for a cut in the rate, cut / rate) of the interest of the leading
    part, or of the charges of the parts whose instrument the policy names (all, if it names
    none; of a loan not its interest), limited so that s × charges × amount ≤ its cap.

    Parameters
    ----------
    policies
        In the order of `RELIEFS`; each has a benefit among them and a rate.
    amount_fen
        Above 0.
    """
    left = tuple(burdens)
    saved = list[Decimal]()
    for policy in policies:
        affected = [_affected(policy, part, i == 0) for i, part in enumerate(left)]
        base = sum((part.total(term) for part in affected), Decimal(0))
        share = _share(policy, left[0], base, amount_fen)
        saved.append(base * share)
        left = tuple(_less(p, a.times(share)) for p, a in zip(left, affected, strict=True))
    return Relief(left, tuple(saved))


def supports(policy: Policy, parts: Iterable[Instrument]) -> bool:
    """Tell whether a policy lowers the cost of an offer with these parts, the first leading."""
    found = tuple(parts)
    if policy.rate is None or policy.benefit not in RELIEFS:
        return False
    asked = found[:1] if policy.benefit in ON_INTEREST else found
    named = not policy.instruments or any(i in policy.instruments for i in asked)
    return named and (policy.benefit in ON_FEES or found[0] in REPAID)


def _affected(policy: Policy, part: Burden, leads: bool) -> Burden:
    """Return the charges of a part of which the policy takes a share."""
    nothing = part.times(Decimal(0))
    named = not policy.instruments or part.instrument in policy.instruments
    if policy.benefit in ON_INTEREST:
        return replace(nothing, accruing=part.accruing) if leads and named else nothing
    if not named:
        return nothing
    return replace(part, accruing=Decimal(0)) if part.instrument in REPAID else part


def _share(policy: Policy, leading: Burden, base: Decimal, amount_fen: int) -> Decimal:
    rate = policy.rate or Decimal(0)
    if not base:
        return Decimal(0)
    if policy.benefit is Benefit.RATE_CUT:
        rate = min(rate / leading.accruing, Decimal(1))
    return rate if policy.cap_fen is None else min(rate, policy.cap_fen / (base * amount_fen))


def _less(part: Burden, off: Burden) -> Burden:
    return Burden(
        part.instrument,
        part.accruing - off.accruing,
        part.yearly - off.yearly,
        part.monthly - off.monthly,
        part.once - off.once,
    )
