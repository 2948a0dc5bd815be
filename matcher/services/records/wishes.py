"""How a firm wants to be approached about a need: by how many, and whether they know its name."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from matcher.domain.actor import Actor
from matcher.services.records.state import lock_market
from matcher.store.mapping import document_of, read_documents
from matcher.store.repositories.market import Needs
from matcher.store.tables import NeedRow


@dataclass(frozen=True, slots=True)
class Wishes:
    """How a firm wants to be approached.

    Parameters
    ----------
    contacts
        The most institutions that it wants to hear from; 0 for none.
    is_anonymous
        Whether an institution learns its name only once it has accepted.
    """

    contacts: int
    is_anonymous: bool


def wishes_of(need: NeedRow) -> Wishes:
    """Return what a need says of it now."""
    (record,) = read_documents("needs", [need.document])
    return Wishes(record.contacts, need.is_anonymous)


def set_wishes(
    session: Session, actor: Actor, need_id: UUID, wishes: Wishes, now: datetime
) -> NeedRow:
    """Say how a firm wants to be approached; it holds for leads that are issued from now on.

    Raises
    ------
    UnknownIdError
        If there is no such need for this actor.
    InputError
        If the number is out of its range.
    """
    lock_market(session)
    need: NeedRow = Needs(session, actor).find(need_id, lock=True)
    (record,) = read_documents("needs", [need.document])
    need.document = document_of(replace(record, contacts=wishes.contacts))
    need.is_anonymous = wishes.is_anonymous
    need.updated_at = now
    session.add(need)
    session.flush()
    return need
