"""Declared conflicts of interest: a firm and an institution that are never proposed to each other.

They hold from the next plan on, whoever asks for it, and in plans that go out: see `issuing`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from matcher.domain.actor import Actor, Role
from matcher.domain.case import CaseAction, CaseStatus, Reason
from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Text
from matcher.services.errors import ConflictError
from matcher.services.leads.cases import act
from matcher.services.record import Happening, append, begin
from matcher.store.paging import Page, Slice
from matcher.store.repositories.leads import Leads
from matcher.store.repositories.plans import Conflicts
from matcher.store.tables import ConflictRow, EnterpriseRow, InstitutionRow, LeadRow

DECLARED = Reason(
    "conflict", Text("存在利益冲突", "a conflict of interest was declared"), mendable=False
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictAsked:
    """A conflict that somebody declares.

    Parameters
    ----------
    institution_id, enterprise_id
        Between whom, as the office names them.
    lead_id
        The lead at which a bank found that it is in a conflict: its firm and its institution.
    """

    reason: str
    institution_id: UUID | None = None
    enterprise_id: UUID | None = None
    lead_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class DeclaredConflict:
    """A conflict with its parties; a bank is not told the firm again, which may be unknown."""

    row: ConflictRow
    institution: InstitutionRow
    enterprise: EnterpriseRow | None


def declare(
    session: Session, actor: Actor, asked: ConflictAsked, now: datetime
) -> DeclaredConflict:
    """Declare a conflict; leads that nobody has answered are taken back at once.

    Raises
    ------
    InputError
        If it does not say between whom: a bank by a lead, the office by both ids.
    UnknownIdError
        If the lead is none of the bank's.
    ConflictError
        If it is declared already.
    """
    begin(session)
    institution_id, enterprise_id = _parties(session, actor, asked)
    query = select(ConflictRow).where(
        ConflictRow.institution_id == institution_id, ConflictRow.enterprise_id == enterprise_id
    )
    row = session.scalars(query.with_for_update()).one_or_none()
    if row is not None and row.withdrawn_at is None:
        raise ConflictError([Fault(Text("已经声明过", "it is declared already"))])
    row = row or ConflictRow(
        institution_id=institution_id,
        enterprise_id=enterprise_id,
        reason="",
        declared_by=actor.account_id,
        declared_at=now,
    )
    row.reason, row.declared_by, row.declared_at = asked.reason, actor.account_id, now
    row.withdrawn_at = None
    session.add(row)
    session.flush()
    _record(session, row, "declare", actor, now)
    _take_back(session, row, now)
    return show_conflicts(session, actor, [row])[row.id]


def withdraw(session: Session, actor: Actor, conflict_id: UUID, now: datetime) -> None:
    """Take a conflict back; twice is once.

    Raises
    ------
    UnknownIdError
        If there is no such conflict for this actor.
    """
    begin(session)
    row: ConflictRow = Conflicts(session, actor).find(conflict_id, lock=True)
    if row.withdrawn_at is None:
        row.withdrawn_at = now
        session.add(row)
        session.flush()
        _record(session, row, "withdraw", actor, now)


def list_conflicts(session: Session, actor: Actor, page: Page) -> Slice[DeclaredConflict]:
    """Return a page of the conflicts that an actor may see, the newest first.

    Raises
    ------
    InputError
        If the cursor is none of this list.
    """
    found = Conflicts(session, actor).page(page)
    shown = show_conflicts(session, actor, list(found.rows))
    return found.map(lambda row: shown[row.id])


def show_conflicts(
    session: Session, actor: Actor, rows: list[ConflictRow]
) -> dict[UUID, DeclaredConflict]:
    """Return conflicts with as much of their parties as an actor may know."""
    query = (
        select(ConflictRow.id, InstitutionRow, EnterpriseRow)
        .join(InstitutionRow, col(InstitutionRow.id) == col(ConflictRow.institution_id))
        .join(EnterpriseRow, col(EnterpriseRow.id) == col(ConflictRow.enterprise_id))
        .where(col(ConflictRow.id).in_([row.id for row in rows]))
    )
    parties = {found: rest for found, *rest in session.execute(query)}
    return {
        row.id: DeclaredConflict(
            row, parties[row.id][0], parties[row.id][1] if actor.is_office else None
        )
        for row in rows
    }


def declared_keys(session: Session) -> Mapping[str, frozenset[str]]:
    """Return the keys of the institutions that each firm, by its key, is in a conflict with."""
    query = (
        select(EnterpriseRow.key, InstitutionRow.key)
        .join(ConflictRow, col(ConflictRow.enterprise_id) == col(EnterpriseRow.id))
        .join(InstitutionRow, col(InstitutionRow.id) == col(ConflictRow.institution_id))
        .where(col(ConflictRow.withdrawn_at).is_(None))
    )
    found: dict[str, set[str]] = {}
    for firm, institution in session.execute(query):
        found.setdefault(firm, set()).add(institution)
    return {firm: frozenset(keys) for firm, keys in found.items()}


def with_conflicts(session: Session, content: bytes) -> bytes:
    """Return a market file in which firms are bound to what was declared of them."""
    declared = declared_keys(session)
    if not declared:
        return content
    from matcher.files.reading import read_market_content
    from matcher.services.market_file import records_bytes

    found = read_market_content(content, "market.json")
    assert found.as_of is not None
    firms = tuple(
        replace(firm, conflicts=firm.conflicts | declared.get(firm.enterprise_id, frozenset()))
        for firm in found.records.enterprises
    )
    return records_bytes(replace(found.records, enterprises=firms), found.as_of)


def _parties(session: Session, actor: Actor, asked: ConflictAsked) -> tuple[UUID, UUID]:
    if asked.lead_id is not None:
        lead: LeadRow = Leads(session, actor).find(asked.lead_id)
        return lead.institution_id, lead.enterprise_id
    if actor.role is Role.BANK:
        told = Text("请指明线索", "name the lead")
        raise InputError([Fault(told, "lead_id")])
    faults = [
        Fault(Text("引用的编号不存在", "refers to an id that is not there"), name, str(given))
        for name, row, given in (
            ("institution_id", InstitutionRow, asked.institution_id),
            ("enterprise_id", EnterpriseRow, asked.enterprise_id),
        )
        if given is None or session.get(row, given) is None
    ]
    if faults:
        raise InputError(faults)
    assert asked.institution_id is not None
    assert asked.enterprise_id is not None
    return asked.institution_id, asked.enterprise_id


def _take_back(session: Session, row: ConflictRow, now: datetime) -> None:
    query = (
        select(LeadRow)
        .where(
            LeadRow.institution_id == row.institution_id,
            LeadRow.enterprise_id == row.enterprise_id,
            LeadRow.status == CaseStatus.PROPOSED,
        )
        .order_by(col(LeadRow.id))
        .with_for_update()
    )
    for lead in session.scalars(query).all():
        act(session, lead, CaseAction.CANCEL, None, now, DECLARED)


def _record(session: Session, row: ConflictRow, action: str, actor: Actor, now: datetime) -> None:
    append(
        session,
        Happening(
            kind="conflict",
            action=action,
            subject_id=row.id,
            at=now,
            account_id=actor.account_id,
            institution_id=row.institution_id,
            enterprise_id=row.enterprise_id,
            details={"reason": row.reason},
        ),
    )
