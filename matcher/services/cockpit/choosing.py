"""Which needs the cockpit is about."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import ColumnElement
from sqlmodel import col, func, select

from matcher.services.reporting.report import Period
from matcher.store.tables import EnterpriseRow, InstitutionRow, LeadRow, NeedRow


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

    def of_needs(self) -> tuple[ColumnElement[bool], ...]:
        """Return what has to hold of a need itself."""
        day, since, until = col(NeedRow.received), self.period.since, self.period.until
        found: list[ColumnElement[bool]] = []
        if since is not None:
            found.append(day >= since)
        if until is not None:
            found.append(day <= until)
        return tuple(found)

    def of_firms(self) -> tuple[ColumnElement[bool], ...]:
        """Return what has to hold of its firm."""
        found: list[ColumnElement[bool]] = []
        if self.size is not None:
            found.append(col(EnterpriseRow.size) == self.size)
        if self.sector is not None:
            found.append(func.substr(EnterpriseRow.industry, 1, 1) == self.sector)
        if self.region is not None:
            found.append(col(EnterpriseRow.region).startswith(self.region, autoescape=True))
        return tuple(found)

    def of_leads(self) -> tuple[ColumnElement[bool], ...]:
        """Return what has to hold of a lead that counts."""
        if self.institution is None:
            return ()
        theirs = select(InstitutionRow.id).where(InstitutionRow.key == self.institution)
        return (col(LeadRow.institution_id).in_(theirs),)
