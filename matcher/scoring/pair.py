"""One need beside one product, as the reading with reasons sees them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from matcher.domain.attributes import Subject
from matcher.domain.enterprise import Enterprise, Need
from matcher.domain.institution import Institution, Product
from matcher.domain.workdays import WorkCalendar
from matcher.finance.cost import simple_all_in_rate
from matcher.market import Market


@dataclass(frozen=True, slots=True)
class Pair:
    """A need and a product with all that their rules read."""

    subject: Subject
    product: Product
    institution: Institution
    calendar: WorkCalendar

    @classmethod
    def of(cls, market: Market, need_idx: int, product_idx: int) -> Pair:
        """Take a pair out of a market."""
        return cls(
            market.subjects[need_idx],
            market.products[product_idx],
            market.institution_of(product_idx),
            market.calendar,
        )

    @property
    def need(self) -> Need:
        return self.subject.need

    @property
    def enterprise(self) -> Enterprise:
        return self.subject.enterprise

    @property
    def within_limits_fen(self) -> int:
        """The amount wanted, or the product's most if that is less, in fen."""
        most = self.product.amount_max_fen
        return self.need.amount_fen if most is None else min(self.need.amount_fen, most)

    @property
    def cover_fen(self) -> int | None:
        """What the product may give on the collateral offered; None: nothing asked or known."""
        if not self.product.collateral or self.need.collateral is None:
            return None
        return self.product.unsecured_fen + self.product.cover_fen(self.need.collateral)

    @property
    def offered_fen(self) -> int:
        """What the product could give: the amount wanted within its limits and the cover."""
        cover = self.cover_fen
        return self.within_limits_fen if cover is None else min(self.within_limits_fen, cover)

    @property
    def workdays_left(self) -> int | None:
        """Workdays until the deadline; None without one."""
        deadline = self.need.needed_by
        return None if deadline is None else self.calendar.left(self.subject.as_of, deadline)

    def all_in(self, rate: Decimal | None) -> Decimal | None:
        """Return the yearly cost at a quoted rate for the amount offered; None if not known."""
        if rate is None or self.offered_fen == 0:
            return None
        return simple_all_in_rate(self.product, rate, self.offered_fen, self.need.term_months)

    @property
    def all_in_low(self) -> Decimal | None:
        """The yearly cost at the lowest rate quoted."""
        return self.all_in(self.product.rate)

    @property
    def all_in_high(self) -> Decimal | None:
        """The yearly cost at the highest rate quoted."""
        highest = self.product.rate_max
        return self.all_in(self.product.rate if highest is None else highest)
