"""Which needs the cockpit is about."""

from __future__ import annotations

from dataclasses import dataclass, field

from matcher.services.cockpit.facts import Facts, NeedFact
from matcher.services.reporting.report import Period


@dataclass(frozen=True, slots=True)
class Chosen:
    """A choice of needs; what is None leaves all.

    Parameters
    ----------
    period
        The days on which they came in; without one a need does not have to say when it did.
    size, sector, region
        Of the firm: its size class, the letter of its industry, the beginning of its region.
    institution
        The key of an institution: needs with a lead of it, and of their leads only its own.
    """

    period: Period = field(default_factory=Period)
    size: str | None = None
    sector: str | None = None
    region: str | None = None
    institution: str | None = None

    def of(self, facts: Facts) -> tuple[NeedFact, ...]:
        """Return the needs that are chosen, with the leads that count."""
        found = (need for need in facts.needs if self._holds(need))
        if self.institution is None:
            return tuple(found)
        own = (self._own(need, self.institution) for need in found)
        return tuple(need for need in own if need.leads)

    def _holds(self, need: NeedFact) -> bool:
        return (
            self.period.holds(need.received)
            and self.size in (None, need.size)
            and self.sector in (None, need.sector)
            and (self.region is None or (need.region or "").startswith(self.region))
        )

    def _own(self, need: NeedFact, institution: str) -> NeedFact:
        leads = tuple(lead for lead in need.leads if lead.institution == institution)
        return NeedFact(
            need.need_id,
            need.amount_fen,
            need.received,
            need.size,
            need.sector,
            need.region,
            leads,
        )
