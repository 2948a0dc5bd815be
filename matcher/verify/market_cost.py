"""What a package costs and what policies pay of it, worked out anew from the records.

Money comes in once and goes out by months. A charge is a fraction of the amount: *accruing* on
what is owed, *yearly* at the start of each year begun, *monthly* at each month's end, *once* on
the first day. Over a term of n months all charges together are

    once + yearly ⌈n / 12⌉ + monthly n + accruing U,    U = Σ of what is owed over the months / 12

A policy takes off a share of the charges that it supports: its rate, or for a cut in the rate
the cut over the interest; never more than all of them, and never more money than its cap.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from typing import Any

from matcher.verify.plan_shape import BENEFITS

Json = dict[str, Any]

MONTHS = 12
USUAL_TERM = 12
DAYS_PER_MONTH = 30
REPAID = ("loan", "bridge")
MOST_COST = Decimal(10)
DIGITS = 60
COST_TOLERANCE = Decimal("1e-10")
"""Relative error allowed in a yearly cost, which a plan gives with twelve digits."""

NO_LESS = Decimal("1e-14")
"""The least error allowed in a yearly cost: it is reckoned to fifteen places."""

FORGIVEN = Decimal("0.001")
"""So much of a fen of support is not rounded up."""

_TINY = Decimal("1e-20")


@dataclass(frozen=True)
class Charges:
    """What one part charges, as fractions of the amount."""

    instrument: str
    accruing: Decimal
    yearly: Decimal
    monthly: Decimal
    once: Decimal

    def less(self, share: Decimal, *, interest: bool) -> Charges:
        """Return what is left when a share of the interest, or of all else, is taken off."""
        left = 1 - share
        if interest:
            return replace(self, accruing=self.accruing * left)
        accruing = self.accruing if self.instrument in REPAID else self.accruing * left
        charges = (self.yearly * left, self.monthly * left, self.once * left)
        return Charges(self.instrument, accruing, *charges)


@dataclass(frozen=True)
class Deal:
    """A package beside a need: its products, the amount in fen, the term, how it is repaid.

    Parameters
    ----------
    level
        Whether it is repaid in equal monthly instalments.
    """

    products: tuple[Json, ...]
    amount: int
    months: int
    level: bool

    @classmethod
    def of(cls, need: Json, products: Sequence[Json], amount: int) -> Deal:
        """Read the term and the way of repaying."""
        lead = products[0]
        offers = lead.get("repayment", [])
        wished = need.get("repayment") == "instalments"
        level = "instalments" in offers and (wished or len(offers) == 1)
        return cls(tuple(products), amount, months_of(need), level and lead["instrument"] in REPAID)

    def charges(self, key: str) -> tuple[Charges, ...] | None:
        """Return the charges at ``rate`` or ``rate_max``; None if a part quotes no rate at all."""
        if not self.amount or any(p.get("rate") is None for p in self.products):
            return None
        quoted = [p["rate"] if p.get(key) is None else p[key] for p in self.products]
        pairs = zip(self.products, quoted, strict=True)
        return tuple(_charges(p, Decimal(rate), self.amount) for p, rate in pairs)

    def used(self, charges: Sequence[Charges]) -> Decimal:
        """Return U; instalments are those at all that accrues, before any support."""
        n, rate = self.months, sum((c.accruing for c in charges), Decimal(0))
        if not self.level:
            return Decimal(n) / MONTHS
        if rate < _TINY:
            return Decimal(n + 1) / (2 * MONTHS)
        return (n * _instalment(rate, n) - 1) / rate

    def total(self, part: Charges, used: Decimal) -> Decimal:
        """Return all that a part charges over the term."""
        years = -(-self.months // MONTHS)
        return part.once + part.yearly * years + part.monthly * self.months + part.accruing * used


def months_of(need: Json) -> int:
    """Return the term in months: as said, days in months of 30 begun, a year where not said."""
    months, days = need.get("term_months"), need.get("term_days")
    if months is None and days is not None:
        return -(-int(days) // DAYS_PER_MONTH)
    return USUAL_TERM if months is None else int(months)


def _charges(product: Json, rate: Decimal, amount: int) -> Charges:
    yearly, is_premium = _rate(product, "fee_yearly_rate"), product["instrument"] == "insurance"
    return Charges(
        product["instrument"],
        accruing=Decimal(0) if is_premium else rate,
        yearly=yearly + rate if is_premium else yearly,
        monthly=_rate(product, "fee_monthly_rate"),
        once=_rate(product, "fee_once_rate") + Decimal(product.get("fee_fixed_fen", 0)) / amount,
    )


def _rate(product: Json, key: str) -> Decimal:
    return Decimal(product.get(key, "0"))


# --- support ----------------------------------------------------------------------------------


def may_support(policy: Json, products: Sequence[Json], as_of: str) -> bool:
    """Tell whether a policy is in force and of a kind and an instrument that fit a package."""
    benefit, named = policy["benefit"], policy["instruments"]
    begun = (policy.get("valid_from") or as_of) <= as_of <= (policy.get("valid_to") or as_of)
    if not begun or benefit not in BENEFITS or policy.get("rate") is None:
        return False
    parts = [p["instrument"] for p in products]
    on_interest = _on_interest(policy)
    asked = parts[:1] if on_interest else parts
    fits = not named or any(instrument in named for instrument in asked)
    return fits and (not on_interest or parts[0] in REPAID)


def supported(
    deal: Deal, charges: Sequence[Charges], policies: Sequence[Json]
) -> tuple[tuple[Charges, ...], list[Decimal]]:
    """Return what the policies, one after the other, leave of the charges, and pay in fen."""
    with localcontext() as context:
        context.prec = DIGITS
        used, left, paid = deal.used(charges), list(charges), list[Decimal]()
        for policy in policies:
            interest = _on_interest(policy)
            touched = [_touched(policy, i, part) for i, part in enumerate(left)]
            rest = [
                p.less(Decimal(int(on)), interest=interest)
                for p, on in zip(left, touched, strict=True)
            ]
            base = sum((deal.total(p, used) for p in left), Decimal(0))
            base -= sum((deal.total(p, used) for p in rest), Decimal(0))
            share = _share(policy, left[0].accruing, base * deal.amount)
            paid.append(base * share * deal.amount)
            left = [
                p.less(share * on, interest=interest) for p, on in zip(left, touched, strict=True)
            ]
    return tuple(left), paid


def _on_interest(policy: Json) -> bool:
    return policy["benefit"] in BENEFITS[:2]


def _touched(policy: Json, index: int, part: Charges) -> bool:
    named = not policy["instruments"] or part.instrument in policy["instruments"]
    return named and (index == 0 or not _on_interest(policy))


def _share(policy: Json, interest: Decimal, base_fen: Decimal) -> Decimal:
    if not base_fen:
        return Decimal(0)
    share = Decimal(policy["rate"])
    if policy["benefit"] == "rate_cut":
        share = min(share / interest, Decimal(1))
    cap = policy.get("cap_fen")
    return share if cap is None else min(share, cap / base_fen)


def is_support(claimed: int, paid: Decimal) -> bool:
    """Tell whether whole fen are what is paid, rounded up, but for the error of a float."""
    error = Decimal("0.0001") + paid * Decimal("1e-12")
    return claimed - 1 - error < paid - FORGIVEN <= claimed + error


# --- cost -------------------------------------------------------------------------------------


def costs_so_much(claimed: str, deal: Deal, charges: Sequence[Charges]) -> bool:
    """Tell whether a yearly cost is the one at which what comes in is worth what goes out.

    The value today of all flows grows with the rate, so the cost lies between two rates of
    which one gives too little and the other too much. What brings no money to be repaid costs
    the plain sum of its charges by the year.
    """
    with localcontext() as context:
        context.prec = DIGITS
        cost = Decimal(claimed)
        room = max(cost * COST_TOLERANCE, NO_LESS)
        if deal.products[0]["instrument"] not in REPAID:
            return abs(_plain(deal, charges) - cost) <= room
        below = _value(max(cost - room, Decimal(0)) / MONTHS, deal, charges)
        if cost >= MOST_COST:
            return cost == MOST_COST and below <= 0
        return below <= 0 <= _value((cost + room) / MONTHS, deal, charges)


def _plain(deal: Deal, charges: Sequence[Charges]) -> Decimal:
    once = sum((c.once for c in charges), Decimal(0))
    regular = sum((c.accruing + c.yearly + c.monthly * MONTHS for c in charges), Decimal(0))
    return regular + once * MONTHS / deal.months


def _value(i: Decimal, deal: Deal, charges: Sequence[Charges]) -> Decimal:
    """Return the value today, at a monthly rate, of 1 received and of all that is paid."""
    n, v = deal.months, 1 / (1 + i)
    accruing = sum((c.accruing for c in charges), Decimal(0))
    monthly = sum((c.monthly for c in charges), Decimal(0))
    once = sum((c.once for c in charges), Decimal(0))
    yearly = sum((c.yearly for c in charges), Decimal(0))
    annuity = n if i < _TINY else (1 - v**n) / i
    value = 1 - once - yearly * sum(v**start for start in range(0, n, MONTHS))
    if deal.level:
        return value - (_instalment(accruing, n) + monthly) * annuity
    return value - (accruing / MONTHS + monthly) * annuity - v**n


def _instalment(rate: Decimal, months: int) -> Decimal:
    if rate < _TINY:
        return Decimal(1) / months
    i = rate / MONTHS
    return i / (1 - (1 + i) ** -months)
