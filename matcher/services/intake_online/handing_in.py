"""Take in a questionnaire: a need of the live market, and the words that it came in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func
from sqlmodel import Session, col, select

from matcher.domain.actor import Actor
from matcher.domain.enterprise import Enterprise, Need
from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Text
from matcher.files.questionnaire import Answers
from matcher.files.questionnaire.reading import MAX_OWNER
from matcher.services.errors import ConflictError
from matcher.services.intake import Missing, Triage, take_in
from matcher.services.intake_online.drafts import drop_draft
from matcher.services.intake_online.envelope import CONSENT, Envelope, read_envelope
from matcher.services.intake_online.firms import add_firm, known_firm, learn, own_key
from matcher.services.listings.entering import enter_new
from matcher.services.records.consents import set_consents
from matcher.services.records.state import lock_market
from matcher.store.mapping import TABLE_NAMES, columns_of, read_documents
from matcher.store.tables import EnterpriseRow, InstitutionRow, NeedRow, QuestionnaireRow

_MAX_KEY = 64


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A questionnaire that was taken in.

    Parameters
    ----------
    notes
        What of the firm was known otherwise, and stays.
    """

    row: QuestionnaireRow
    enterprise: EnterpriseRow
    need: NeedRow
    triage: Triage
    missing: tuple[Missing, ...]
    notes: tuple[Text, ...] = ()


def hand_in(
    session: Session,
    actor: Actor,
    data: object,
    original: str,
    now: datetime,
) -> HandedIn:
    """Take in a questionnaire, all of it or nothing.

    Parameters
    ----------
    data, original
        The values of JSON, and the text that they stood in.

    Raises
    ------
    InputError
        With every fault of it.
    ConflictError
        If the office chose an id that is in use.
    """
    lock_market(session)
    read = read_envelope(data, now.date(), own_key(session, actor))
    _require_known(session, read)
    enterprise, notes = _firm(session, actor, read.answers.enterprise, now)
    need = _add_need(session, read, enterprise, now)
    row = QuestionnaireRow(
        account_id=actor.account_id,
        enterprise_id=enterprise.id,
        need_id=need.id,
        received_at=now,
        document=original,
    )
    session.add(row)
    session.flush()
    drop_draft(session, actor)
    return judged(row, enterprise, need, now.date(), notes)


def judged(
    row: QuestionnaireRow,
    enterprise: EnterpriseRow,
    need: NeedRow,
    day: date,
    notes: tuple[Text, ...] = (),
) -> HandedIn:
    """Judge what was taken in by its records, as they are now."""
    (firm,) = read_documents("enterprises", [enterprise.document])
    (asked,) = read_documents("needs", [need.document])
    told = take_in(Answers(firm, asked), day)
    return HandedIn(row, enterprise, need, told.triage, told.missing, notes)


def _require_known(session: Session, read: Envelope) -> None:
    """Refuse recipients that are no institutions of the market."""
    wanted = read.recipients or frozenset()
    known = set(session.scalars(select(InstitutionRow.id).where(_among(wanted))))
    message = Text("没有这个机构", "there is no such institution")
    faults = [Fault(message, CONSENT, str(one)) for one in sorted(wanted - known)]
    if faults:
        raise InputError(faults)


def _among(ids: Iterable[UUID]) -> Any:
    return col(InstitutionRow.id).in_(list(ids))


def _firm(
    session: Session, actor: Actor, told: Enterprise, now: datetime
) -> tuple[EnterpriseRow, tuple[Text, ...]]:
    row = known_firm(session, actor, told)
    if row is None:
        return add_firm(session, told, now), ()
    return row, learn(session, row, told, now)


def _add_need(
    session: Session, read: Envelope, enterprise: EnterpriseRow, now: datetime
) -> NeedRow:
    """Add the need behind the others, with the consents that came with it."""
    told = read.answers.need
    key = _free_key(session, told, now.date())
    need = replace(told, enterprise_id=enterprise.key, need_id=key)
    last = session.scalars(select(func.max(NeedRow.position))).one()
    ids = {"enterprises": {enterprise.key: enterprise.id}}
    columns = columns_of(TABLE_NAMES["needs"], need, ids)
    position = 0 if last is None else last + 1
    row = NeedRow(id=uuid4(), position=position, updated_at=now, **columns)
    session.add(row)
    session.flush()
    set_consents(session, row, read.recipients, now)
    enter_new(session, now, row.id)
    return row


def _free_key(session: Session, told: Need, day: date) -> str:
    """Return the id of a new need: where the one made of firm and day is taken, with a number.

    Raises
    ------
    ConflictError
        If the office chose an id that is taken.
    """
    key = told.need_id
    near = col(NeedRow.key).startswith(key[: _MAX_KEY - 9], autoescape=True)
    taken = set(session.scalars(select(NeedRow.key).where(near)))
    is_made = key == f"{told.enterprise_id[:MAX_OWNER]}-{told.received or day:%Y%m%d}"
    if key in taken and not is_made:
        message = Text("编号已被使用", "the id is in use")
        raise ConflictError([Fault(message, "need_id", key, sheet="need")])
    number = 2
    while key in taken:
        tail = f"-{number}"
        key, number = told.need_id[: _MAX_KEY - len(tail)] + tail, number + 1
    return key
