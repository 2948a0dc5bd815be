"""What the cockpit counts: needs with their firms, and what came of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from matcher.domain.actor import Actor
from matcher.domain.case import CaseAction
from matcher.domain.moments import china_time
from matcher.services.store_statistics.reading import Traced, read_leads
from matcher.store.tables import EnterpriseRow, NeedRow


@dataclass(frozen=True)
class NeedFact:
    """A need and what came of it.

    Parameters
    ----------
    sector
        The letter of its firm's industry; None where it has not said.
    leads
        Its matches in plans that went out.
    """

    need_id: UUID
    amount_fen: int
    received: date | None
    size: str | None
    sector: str | None
    region: str | None
    leads: tuple[Traced, ...] = ()

    @cached_property
    def matched_on(self) -> date | None:
        """The day of its first match; None without one."""
        return min((_day(lead.proposed_at) for lead in self.leads), default=None)

    @cached_property
    def paid(self) -> tuple[tuple[date, int], ...]:
        """What was paid out: day and amount in fen, by day."""
        found = (
            (_day(lead.moments[CaseAction.DISBURSE]), lead.offered_fen)
            for lead in self.leads
            if lead.has(CaseAction.DISBURSE)
        )
        return tuple(sorted(found))

    @property
    def days_to_cash(self) -> int | None:
        """Calendar days from the day it came in to the first money; None if not known."""
        paid = self.paid
        return (paid[0][0] - self.received).days if paid and self.received else None


@dataclass(frozen=True, slots=True)
class Facts:
    """Every need and every lead, as an office sees them."""

    needs: tuple[NeedFact, ...]


def read_facts(session: Session, actor: Actor) -> Facts:
    """Read all needs with what came of them."""
    leads: dict[UUID, list[Traced]] = {}
    for lead in read_leads(session, actor):
        leads.setdefault(lead.need_id, []).append(lead)
    need, firm = NeedRow, EnterpriseRow
    columns: Any = (
        need.id, need.amount_fen, need.received, firm.size, firm.industry, firm.region
    )  # fmt: skip
    query: Any = select(*columns).join(firm, col(firm.id) == col(need.enterprise_id))
    rows = session.execute(query.order_by(col(NeedRow.position), col(NeedRow.id)))
    return Facts(tuple(_fact(row, leads) for row in rows))


def _fact(row: Any, leads: Mapping[UUID, list[Traced]]) -> NeedFact:
    need_id, amount_fen, received, size, industry, region = row
    sector = industry[0] if industry else None
    return NeedFact(
        need_id, amount_fen, received, size, sector, region, tuple(leads.get(need_id, ()))
    )


def _day(moment: Any) -> date:
    return china_time(moment).date()
