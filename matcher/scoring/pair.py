"""One need beside one package, as the reading with reasons sees them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal
from itertools import product as combinations

from matcher.domain.attributes import Subject
from matcher.domain.criteria import State
from matcher.domain.enterprise import Enterprise, Need
from matcher.domain.institution import Institution, Product
from matcher.domain.policy import Policy
from matcher.domain.workdays import WorkCalendar
from matcher.finance.cost import Burden, Term, all_in_cost, burden, term_of
from matcher.finance.relief import RELIEFS, relieved, supports
from matcher.market import Market

DRAW_SLACK = Decimal("0.001")
"""A support is rounded up to whole fen; this much of one is forgiven, so that the float reading
of a whole number rounds to the same."""

Claims = tuple[Policy, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """What a package costs with some policies claimed.

    Parameters
    ----------
    claims
        The policies, in the order of `RELIEFS`.
    low, high
        The all-in yearly cost at the lowest and highest rate quoted.
    support_fen
        The most that each policy pays over the term, in fen: at the highest rate.
    """

    claims: Claims
    low: Decimal
    high: Decimal
    support_fen: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A product of a package that goes with the leading one."""

    product: Product
    institution: Institution


@dataclass(frozen=True, slots=True)
class Pair:
    """A need and a package with all that their rules read.

    Parameters
    ----------
    product, institution
        The leading product.
    companions
        The products that go with it (`Market.parts`).
    policies
        The policies of the round that could lower the cost of the package.
    """

    subject: Subject
    product: Product
    institution: Institution
    calendar: WorkCalendar
    companions: tuple[Part, ...] = ()
    policies: Claims = ()

    @classmethod
    def of(cls, market: Market, need_idx: int, product_idx: int) -> Pair:
        """Take a pair out of a market."""
        lead, *others = market.parts[product_idx]
        return cls(
            market.subjects[need_idx],
            market.products[lead],
            market.institution_of(lead),
            market.calendar,
            tuple(Part(market.products[j], market.institution_of(j)) for j in others),
            tuple(market.policies[k] for k in supporting(market, product_idx)),
        )

    @property
    def need(self) -> Need:
        return self.subject.need

    @property
    def enterprise(self) -> Enterprise:
        return self.subject.enterprise

    @property
    def products(self) -> tuple[Product, ...]:
        """The products of the package, the leading one first."""
        return (self.product, *(part.product for part in self.companions))

    @property
    def alone(self) -> tuple[Pair, ...]:
        """The companions, each as a pair of its own."""
        return tuple(
            replace(self, product=p.product, institution=p.institution, companions=(), policies=())
            for p in self.companions
        )

    # --- amount and time ----------------------------------------------------------------------

    @property
    def within_limits_fen(self) -> int:
        """The amount wanted, or the leading product's most if that is less, in fen."""
        most = self.product.amount_max_fen
        return self.need.amount_fen if most is None else min(self.need.amount_fen, most)

    @property
    def cover_fen(self) -> int | None:
        """What the leading product may give on the collateral; None: nothing asked or known."""
        if not self.product.collateral or self.need.collateral is None:
            return None
        return self.product.unsecured_fen + self.product.cover_fen(self.need.collateral)

    @property
    def offered_fen(self) -> int:
        """What the package could give: the least of its parts, within limits and cover."""
        cover = self.cover_fen
        own = self.within_limits_fen if cover is None else min(self.within_limits_fen, cover)
        return min([own, *(part.offered_fen for part in self.alone)])

    @property
    def cash_workdays(self) -> int | None:
        """Workdays to the money, the reviews of the parts reckoned with; None if not known.

        Parts whose approval follows that of the leading product take no time of their own. The
        others decide side by side before the leading product pays: a cautious convention of
        the house, as no source says how long they take together.
        """
        reviews = [p.product.cash_workdays for p in self.companions if not _follows(p)]
        days = [self.product.cash_workdays, *reviews]
        if any(d is None for d in days):
            return None
        return (self.product.cash_workdays or 0) + max((d for d in reviews if d), default=0)

    @property
    def workdays_left(self) -> int | None:
        """Workdays until the deadline; None without one."""
        deadline = self.need.needed_by
        return None if deadline is None else self.calendar.left(self.subject.as_of, deadline)

    # --- cost ---------------------------------------------------------------------------------

    @property
    def applicable(self) -> Claims:
        """The policies that this need is known to qualify for."""
        return tuple(p for p in self.policies if p.judge(self.subject).state is State.PASS)

    @property
    def plain(self) -> Offer | None:
        """The cost without any policy; None if not known."""
        return self.offer(())

    @property
    def best(self) -> Offer | None:
        """The cheapest offer, budgets left aside; None if the cost is not known."""
        found = list(self.offers())
        return min(found, key=lambda o: round(o.low + o.high, 12)) if found else None

    @property
    def all_in_low(self) -> Decimal | None:
        """The yearly cost of the cheapest offer at the lowest rate quoted."""
        best = self.best
        return None if best is None else best.low

    @property
    def all_in_high(self) -> Decimal | None:
        """The yearly cost of the cheapest offer at the highest rate quoted."""
        best = self.best
        return None if best is None else best.high

    def offers(self) -> Iterator[Offer]:
        """Yield the offers worth a choice: with and without each policy that draws on a budget.

        Of each benefit at most one policy is claimed (nothing is supported twice). Of those
        without a budget it is the one worth most; one with a budget is a choice of its own if
        it is worth more than that.
        """
        if self._rates is None or self.offered_fen == 0:
            return
        choices = [self._choices(policies) for policies in self._by_benefit()]
        for chosen in combinations(*choices):
            offer = self.offer(tuple(p for p in chosen if p is not None))
            if offer is not None:
                yield offer

    def offer(self, claims: Claims) -> Offer | None:
        """Return the cost with these policies claimed, in the order of `RELIEFS`."""
        rates = self._rates
        if rates is None or self.offered_fen == 0:
            return None
        (low, term_low), (high, term_high) = (self._burdens(r) for r in rates)
        at_low = relieved(low, claims, self.offered_fen, term_low)
        at_high = relieved(high, claims, self.offered_fen, term_high)
        return Offer(
            claims,
            all_in_cost(at_low.burdens, term_low),
            all_in_cost(at_high.burdens, term_high),
            tuple(self._fen(share) for share in at_high.saved),
        )

    def _fen(self, share: Decimal) -> int:
        return int((share * self.offered_fen - DRAW_SLACK).to_integral_value(ROUND_CEILING))

    @property
    def _rates(self) -> tuple[tuple[Decimal, ...], tuple[Decimal, ...]] | None:
        """Lowest and highest rate of each part; None if one is not quoted."""
        low = [p.rate for p in self.products]
        high = [p.rate if p.rate_max is None else p.rate_max for p in self.products]
        known = [r for r in low if r is not None], [r for r in high if r is not None]
        if any(len(rates) < len(self.products) for rates in known):
            return None
        return tuple(known[0]), tuple(known[1])

    def _burdens(self, rates: tuple[Decimal, ...]) -> tuple[tuple[Burden, ...], Term]:
        pairs = zip(self.products, rates, strict=True)
        found = tuple(burden(p, rate, self.offered_fen) for p, rate in pairs)
        owed = sum((b.accruing for b in found), Decimal(0))
        return found, term_of(self.product, self.need.repayment, self.need.months, owed)

    def _by_benefit(self) -> list[Claims]:
        found = self.applicable
        return [tuple(p for p in found if p.benefit is benefit) for benefit in RELIEFS]

    def _choices(self, policies: Claims) -> list[Policy | None]:
        """Return the best policy without a budget (or none), and the better ones with one."""
        worth = {p.policy_id: self._worth(p) for p in policies}
        free = [p for p in policies if p.pool_id is None and worth[p.policy_id] > 0]
        best = max(free, key=lambda p: worth[p.policy_id], default=None)
        least = Decimal(0) if best is None else worth[best.policy_id]
        return [best, *(p for p in policies if p.pool_id and worth[p.policy_id] > least)]

    def _worth(self, policy: Policy) -> Decimal:
        rates = self._rates
        if rates is None:
            return Decimal(0)
        burdens, term = self._burdens(rates[1])
        return relieved(burdens, (policy,), self.offered_fen, term).saved[0]


def supporting(market: Market, product_idx: int) -> tuple[int, ...]:
    """Return the policies in force on the day of the round that could lower a package's cost."""
    instruments = [market.products[j].instrument for j in market.parts[product_idx]]
    return tuple(
        k
        for k, policy in enumerate(market.policies)
        if supports(policy, instruments) and policy.in_force(market.as_of)
    )


def _follows(part: Part) -> bool:
    return part.product.approval_follows
