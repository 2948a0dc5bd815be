"""One published product with all that is read from it, and the domain's product made of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from matcher.domain.choices import Instrument, Repayment
from matcher.domain.criteria import Criterion
from matcher.domain.institution import Product
from matcher.domain.provenance import Provenance
from matcher.domain.text import Text
from matcher.files.cdr.conditions import read_criteria
from matcher.files.cdr.fees import Charges, read_charges
from matcher.files.cdr.figures import (
    Interest,
    Span,
    Validity,
    is_offer,
    read_interest,
    read_limits,
    read_validity,
)
from matcher.files.cdr.payload import Published

_GUARANTEE = re.compile(r"\bguarantee( for .+)?$", re.I)
_IS_GUARANTEE = "Bank guarantee: it pays a beneficiary, not the applicant."


@dataclass(frozen=True, slots=True)
class Offer:
    """A published product and its figures."""

    published: Published
    limits: Span
    interest: Interest
    charges: Charges
    validity: Validity
    criteria: tuple[Criterion, ...]

    @classmethod
    def read(cls, published: Published, exchange_rate: Decimal) -> Self:
        return cls(
            published,
            read_limits(published, exchange_rate),
            read_interest(published),
            read_charges(published, exchange_rate),
            read_validity(published),
            read_criteria(published, exchange_rate),
        )

    @property
    def notes(self) -> tuple[Text, ...]:
        """What could not be read, or was decided between several."""
        parts = (self.limits, self.interest, self.charges, self.validity)
        return tuple(note for part in parts for note in part.notes)

    @property
    def instrument(self) -> Instrument:
        """A guarantee where the name ends in the word (no category tells it), else a loan."""
        is_guarantee = bool(_GUARANTEE.search(self.published.name))
        return Instrument.GUARANTEE if is_guarantee else Instrument.LOAN

    @property
    def repayment(self) -> frozenset[Repayment]:
        """The ways of repaying that fields state.

        Overdrafts, and what can be drawn again, revolve; principal and interest is by
        instalments. Interest only is a phase of a loan and promises no bullet.
        """
        p = self.published
        ways = set()
        if p.category == "OVERDRAFTS" or {c.kind for c in p.features} & {"OVERDRAFT", "REDRAW"}:
            ways.add(Repayment.REVOLVING)
        if any(r.repayment == "PRINCIPAL_AND_INTEREST" and is_offer(r) for r in p.rates):
            ways.add(Repayment.INSTALMENTS)
        return frozenset(ways)

    @property
    def remark(self) -> str | None:
        """What the fields of a product have no room for, in the publisher's words."""
        parts = [_IS_GUARANTEE] if self.instrument is Instrument.GUARANTEE else []
        if self.charges.left_out:
            parts.append(f"Fees not in the cost: {'; '.join(self.charges.left_out)}.")
        return " ".join(parts) or None

    def product(self, product_id: str, institution_id: str, source: Provenance) -> Product:
        """Make the domain's product; term, workdays and collateral are not published."""
        return Product(
            product_id=product_id,
            institution_id=institution_id,
            name=self.published.name,
            instrument=self.instrument,
            amount_min_fen=self.limits.low,
            amount_max_fen=self.limits.high,
            rate=self.interest.low,
            rate_max=self.interest.high,
            fee_once_rate=self.charges.once_rate,
            fee_yearly_rate=self.charges.yearly_rate,
            fee_fixed_fen=self.charges.fixed_fen,
            repayment=self.repayment,
            criteria=self.criteria,
            valid_from=self.validity.first,
            valid_to=self.validity.last,
            note=self.remark,
            provenance=source,
        )


_NO_HOLDER = Text(
    "{b}：数据持有方未列品牌名，取自产品", "{b}: the holder gives no name; the product's is taken"
)
_TWINS = Text(
    "{a} 与 {b} 公布了 {n} 个编号和名称都相同的产品，可能是同一家机构",
    "{a} and {b} publish {n} products of the same id and name; they may be one institution",
)
_LEFT_OUT = Text(
    "{n} 个产品有未计入成本的费用，见产品备注",
    "{n} products have fees that the cost leaves out; the products' notes name them",
)


def catalogue_notes(offers: list[Offer]) -> Iterator[Text]:
    """Say what people should know of a catalogue as a whole."""
    published = [offer.published for offer in offers]
    for name in dict.fromkeys(p.brand_name for p in published if not p.names_holder):
        yield _NO_HOLDER.format(b=name)
    yield from _twins(published)
    num_left_out = sum(bool(offer.charges.left_out) for offer in offers)
    if num_left_out:
        yield _LEFT_OUT.format(n=num_left_out)


def _twins(published: list[Published]) -> Iterator[Text]:
    """Name the pairs of brands that publish the same product under the same id."""
    first: dict[tuple[str, str], Published] = {}
    pairs: Counter[tuple[str, str]] = Counter()
    for p in published:
        other = first.setdefault((p.product_id, p.name.casefold()), p)
        if other.brand_id != p.brand_id:
            pairs[other.brand_name, p.brand_name] += 1
    for (a, b), n in pairs.items():
        yield _TWINS.format(a=a, b=b, n=n)
