"""Guests: who is expected, who came, who is still missing."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from matcher.domain.actor import Actor
from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Text
from matcher.files.agenda import Agenda
from matcher.services.errors import ConflictError
from matcher.services.record import Happening, append, begin
from matcher.store.paging import Page, Slice
from matcher.store.repositories.base import not_found
from matcher.store.repositories.meetings import Events, Guests
from matcher.store.tables import AttendanceRow, EnterpriseRow, InstitutionRow

KIND = "event"


def list_guests(session: Session, actor: Actor, event_id: UUID, page: Page) -> Slice[AttendanceRow]:
    """Return a page of the guests of an event that an actor may see.

    Raises
    ------
    UnknownIdError
        If there is no such event for this actor.
    """
    Events(session, actor).find(event_id)
    return Guests(session, actor).page(page, col(AttendanceRow.event_id) == event_id)


def missing_guests(session: Session, event_id: UUID) -> list[AttendanceRow]:
    """Return the guests who are expected and have not checked in."""
    query = (
        select(AttendanceRow)
        .where(
            AttendanceRow.event_id == event_id,
            col(AttendanceRow.is_expected),
            col(AttendanceRow.checked_in_at).is_(None),
        )
        .order_by(AttendanceRow.participant)
    )
    return list(session.scalars(query))


def check_in(
    session: Session, actor: Actor, event_id: UUID, participant: str, now: datetime
) -> AttendanceRow:
    """Write down that somebody came; twice is once.

    Whoever is not expected may come all the same, if the market knows the key.

    Raises
    ------
    UnknownIdError
        If there is no such event.
    InputError
        If nobody is called so.
    """
    begin(session)
    Events(session, actor).find(event_id, lock=True)
    row = _guest(session, event_id, participant) or _walk_in(session, event_id, participant)
    if row.checked_in_at is None:
        row.checked_in_at, row.checked_in_by = now, actor.account_id
        session.add(row)
        session.flush()
        _record(session, actor, row, "check_in", now)
    return row


def undo_check_in(
    session: Session, actor: Actor, event_id: UUID, guest_id: UUID, now: datetime
) -> None:
    """Take back that somebody came: it was the wrong line of the list.

    Raises
    ------
    UnknownIdError
        If there is no such event, or no such guest of it.
    ConflictError
        If they had not checked in.
    """
    begin(session)
    Events(session, actor).find(event_id, lock=True)
    row = Guests(session, actor).find(guest_id, lock=True)
    if row.event_id != event_id:
        raise not_found()
    if row.checked_in_at is None:
        raise ConflictError([Fault(Text("尚未签到", "has not checked in"), "guest_id")])
    row.checked_in_at = row.checked_in_by = None
    _record(session, actor, row, "undo_check_in", now)
    if row.is_expected:
        session.add(row)
    else:
        session.delete(row)
    session.flush()


def expect(session: Session, event_id: UUID, agenda: Agenda) -> None:
    """Let the guests of an event be those of the agenda that goes out; who came stays."""
    rows = {
        row.participant: row
        for row in session.scalars(
            select(AttendanceRow).where(AttendanceRow.event_id == event_id).with_for_update()
        )
    }
    coming = {who for who, entries in agenda.entries.items() if entries}
    institutions, enterprises = _ids(session, coming)
    for who in sorted(coming):
        name = agenda.problem.participant[who].text
        row = rows.pop(who, None) or AttendanceRow(
            event_id=event_id, participant=who, name="", name_en=""
        )
        row.name, row.name_en, row.is_expected = name.zh[:500], name.en[:500], True
        row.institution_id, row.enterprise_id = institutions.get(who), enterprises.get(who)
        session.add(row)
    for row in rows.values():
        row.is_expected = False
        session.add(row)
    session.flush()


def _guest(session: Session, event_id: UUID, participant: str) -> AttendanceRow | None:
    query = select(AttendanceRow).where(
        AttendanceRow.event_id == event_id, AttendanceRow.participant == participant
    )
    return session.scalars(query.with_for_update()).one_or_none()


def _walk_in(session: Session, event_id: UUID, participant: str) -> AttendanceRow:
    tables: list[tuple[Any, str]] = [
        (EnterpriseRow, "enterprise_id"),
        (InstitutionRow, "institution_id"),
    ]
    for table, name in tables:
        found = session.scalars(select(table).where(table.key == participant)).one_or_none()
        if found is not None:
            return AttendanceRow(
                event_id=event_id,
                participant=participant,
                name=found.name,
                name_en=found.name,
                is_expected=False,
                **{name: found.id},
            )
    message = Text("没有此参会方", "there is no such participant")
    raise InputError([Fault(message, "participant", participant[:80])])


def _ids(session: Session, keys: set[str]) -> tuple[dict[str, UUID], dict[str, UUID]]:
    """Return the ids of institutions and of firms by their keys."""
    found = []
    for table in (InstitutionRow, EnterpriseRow):
        query = select(table.key, table.id).where(col(table.key).in_(sorted(keys)))
        found.append({key: identity for key, identity in session.execute(query)})
    institutions, enterprises = found
    return institutions, enterprises


def _record(session: Session, actor: Actor, row: AttendanceRow, action: str, now: datetime) -> None:
    append(
        session,
        Happening(
            kind=KIND,
            action=action,
            subject_id=row.event_id,
            at=now,
            account_id=actor.account_id,
            institution_id=row.institution_id,
            enterprise_id=row.enterprise_id,
            details={"participant": row.participant},
        ),
    )
