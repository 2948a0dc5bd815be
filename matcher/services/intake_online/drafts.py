"""A questionnaire that is not handed in yet: one for each account, kept as it is sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from matcher.domain.actor import Actor
from matcher.domain.errors import Fault, InputError
from matcher.services.intake_online.envelope import read_envelope
from matcher.services.intake_online.firms import own_key
from matcher.store.mapping.documents import content_of
from matcher.store.repositories.base import not_found
from matcher.store.tables import DraftRow


@dataclass(frozen=True, slots=True)
class Draft:
    """What was kept, and what is still wrong with it.

    Parameters
    ----------
    original
        JSON as it came in.
    faults
        What would be said if it were handed in now.
    """

    original: str
    updated_at: datetime
    faults: tuple[Fault, ...]


def keep_draft(session: Session, actor: Actor, original: str, now: datetime) -> Draft:
    """Keep a draft in the place of the one before.

    Parameters
    ----------
    original
        JSON as it came in.
    """
    row = session.get(DraftRow, actor.account_id) or DraftRow(account_id=actor.account_id)
    row.document, row.updated_at = original, now
    session.add(row)
    session.flush()
    return _draft(session, actor, row, now)


def read_draft(session: Session, actor: Actor, now: datetime) -> Draft:
    """Return the draft of an account.

    Raises
    ------
    UnknownIdError
        If it has none.
    """
    row = session.get(DraftRow, actor.account_id)
    if row is None:
        raise not_found()
    return _draft(session, actor, row, now)


def drop_draft(session: Session, actor: Actor) -> None:
    """Forget the draft of an account, if it has one."""
    row = session.get(DraftRow, actor.account_id)
    if row is not None:
        session.delete(row)
        session.flush()


def _draft(session: Session, actor: Actor, row: DraftRow, now: datetime) -> Draft:
    faults: tuple[Fault, ...] = ()
    try:
        read_envelope(content_of(row.document), now.date(), own_key(session, actor))
    except InputError as error:
        faults = error.faults
    return Draft(row.document, row.updated_at, faults)
