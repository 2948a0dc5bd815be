"""Who may see a need: told, given and taken back, which holds from the next read on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from matcher.domain.actor import Actor
from matcher.services.records.state import lock_market
from matcher.store.paging import Page, Slice
from matcher.store.repositories.market import Institutions, Needs
from matcher.store.tables import ConsentRow, InstitutionRow, NeedRow


@dataclass(frozen=True, slots=True)
class Recipient:
    """An institution and what it may see of a need.

    Parameters
    ----------
    may_see
        Whether it may see the need now.
    given_at, withdrawn_at
        Since when the consent stands by name, and when it was last taken back; None where every
        institution may see it, or where it never was.
    """

    institution: InstitutionRow
    may_see: bool
    given_at: datetime | None = None
    withdrawn_at: datetime | None = None


def recipients(
    session: Session, actor: Actor, need_id: UUID, page: Page
) -> tuple[NeedRow, Slice[Recipient]]:
    """Return a need and who may see it or might once, institution by institution.

    Raises
    ------
    UnknownIdError
        If there is no such need for this actor.
    InputError
        If the cursor is none of this list.
    """
    need = Needs(session, actor).find(need_id)
    rows = _rows_of(session, need_id)
    known = Institutions(session, actor)
    where = () if need.consents_to_all else (col(InstitutionRow.id).in_(list(rows)),)
    return need, known.page(page, *where).map(lambda one: _recipient(need, one, rows.get(one.id)))


def give_consent(
    session: Session, actor: Actor, need_id: UUID, institution_id: UUID, now: datetime
) -> Recipient:
    """Let an institution see a need.

    Raises
    ------
    UnknownIdError
        If either is not there for this actor.
    """
    need, institution = _locked(session, actor, need_id, institution_id)
    row = _rows_of(session, need_id).get(institution_id)
    if not need.consents_to_all and (row is None or row.withdrawn_at is not None):
        row = _given(row, need_id, institution_id, now)
        session.add(row)
    _state(session, need, now)
    return _recipient(need, institution, row)


def withdraw_consent(
    session: Session, actor: Actor, need_id: UUID, institution_id: UUID, now: datetime
) -> None:
    """Let an institution see a need no longer; it holds from the end of this transaction.

    Where every institution may see the need, it is from now on every other one that is there,
    by name: one that comes later may not.

    Raises
    ------
    UnknownIdError
        If either is not there for this actor.
    """
    need, _ = _locked(session, actor, need_id, institution_id)
    rows = _rows_of(session, need_id)
    if need.consents_to_all:
        everyone = session.scalars(select(InstitutionRow.id)).all()
        rest = (other for other in everyone if other != institution_id)
        session.add_all(_given(rows.get(other), need_id, other, now) for other in rest)
        need.consents_to_all = False
    row = rows.get(institution_id) or _given(None, need_id, institution_id, now)
    row.withdrawn_at = row.withdrawn_at or now
    session.add(row)
    _state(session, need, now)


def withdraw_all(session: Session, actor: Actor, need_id: UUID, now: datetime) -> None:
    """Let no institution see a need any longer; it holds from the end of this transaction.

    Raises
    ------
    UnknownIdError
        If there is no such need for this actor.
    """
    lock_market(session)
    need: NeedRow = Needs(session, actor).find(need_id, lock=True)
    for row in _rows_of(session, need_id).values():
        row.withdrawn_at = row.withdrawn_at or now
        session.add(row)
    need.consents_to_all = False
    _state(session, need, now)


def set_consents(
    session: Session, need: NeedRow, institution_ids: Iterable[UUID] | None, now: datetime
) -> None:
    """Set who may see a new need: these institutions, or with None every one.

    The market has to be locked (`lock_market`).
    """
    need.consents_to_all = institution_ids is None
    for institution_id in institution_ids or ():
        session.add(_given(None, need.id, institution_id, now))
    _state(session, need, now)


def _locked(
    session: Session, actor: Actor, need_id: UUID, institution_id: UUID
) -> tuple[NeedRow, InstitutionRow]:
    lock_market(session)
    need = Needs(session, actor).find(need_id, lock=True)
    return need, Institutions(session, actor).find(institution_id)


def _rows_of(session: Session, need_id: UUID) -> dict[UUID, ConsentRow]:
    rows = session.scalars(select(ConsentRow).where(col(ConsentRow.need_id) == need_id))
    return {row.institution_id: row for row in rows}


def _given(
    row: ConsentRow | None, need_id: UUID, institution_id: UUID, now: datetime
) -> ConsentRow:
    """Return a consent that stands from now on: a new row, or the one that was taken back."""
    if row is None:
        return ConsentRow(need_id=need_id, institution_id=institution_id, given_at=now)
    row.given_at, row.withdrawn_at = now, None
    return row


def _state(session: Session, need: NeedRow, now: datetime) -> None:
    """Remember that consent was stated here, so that no file changes it."""
    need.consents_stated, need.updated_at = True, now
    session.add(need)
    session.flush()


def _recipient(need: NeedRow, institution: InstitutionRow, row: ConsentRow | None) -> Recipient:
    if row is None or need.consents_to_all:
        return Recipient(institution, need.consents_to_all)
    return Recipient(institution, row.withdrawn_at is None, row.given_at, row.withdrawn_at)
