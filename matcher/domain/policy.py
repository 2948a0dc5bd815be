"""Public support that a firm may claim beside a product."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from matcher.domain.attributes import Subject
from matcher.domain.choices import Benefit, Instrument
from matcher.domain.criteria import AllOf, Criterion, Verdict
from matcher.domain.enterprise import require_id
from matcher.domain.errors import Faults
from matcher.domain.provenance import NO_SOURCE, Provenance
from matcher.domain.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A benefit with its conditions and its budget.

    Parameters
    ----------
    rate
        The benefit as a fraction: of the interest, premium or fee that it pays, or the cut in
        the yearly rate; None where it is not a fraction.
    cap_fen
        The most one firm may draw, in fen; None for no cap.
    instruments
        The instruments that it goes with; empty for all.
    pool_id
        The budget that it draws on; None where no budget is stated.
    """

    policy_id: str
    name: str
    name_en: str | None = None
    issuer: str | None = None
    issuer_en: str | None = None
    category: str | None = None
    category_en: str | None = None
    benefit: Benefit = Benefit.OTHER
    rate: Decimal | None = None
    cap_fen: int | None = None
    instruments: frozenset[Instrument] = frozenset()
    criteria: tuple[Criterion, ...] = ()
    pool_id: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    provenance: Provenance = NO_SOURCE

    def __post_init__(self) -> None:
        faults = Faults()
        require_id(faults, "policy_id", self.policy_id)
        faults.require(bool(self.name.strip()), "name", self.name, Text("非空名称", "a name"))
        in_range = self.rate is None or (self.rate.is_finite() and 0 <= self.rate <= 1)
        faults.require(in_range, "rate", self.rate, Text("0 到 100% 之间", "0 to 100%"))
        faults.amounts(cap_fen=self.cap_fen)
        faults.ordered("valid_from", self.valid_from, "valid_to", self.valid_to)
        faults.raise_if_any()

    @property
    def text(self) -> Text:
        """The policy's name in both languages."""
        return Text(self.name, self.name_en or self.name)

    @property
    def issuer_text(self) -> Text | None:
        """Who issued it, in both languages; None where that is not stated."""
        return None if self.issuer is None else Text(self.issuer, self.issuer_en or self.issuer)

    @property
    def category_text(self) -> Text | None:
        """Its class in both languages; None where that is not stated."""
        if self.category is None:
            return None
        return Text(self.category, self.category_en or self.category)

    def in_force(self, day: date) -> bool:
        """Tell whether it can be claimed on a day."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day <= self.valid_to)

    def judge(self, subject: Subject) -> Verdict:
        """Tell whether the policy applies, with the verdict of each of its rules."""
        return AllOf(self.criteria).judge(subject)
