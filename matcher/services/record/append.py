"""Append to the record, inside the transaction of what is recorded: both happen or neither."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from matcher.domain.chain import Head, link_after
from matcher.services.faults import reach
from matcher.store.locks import hold
from matcher.store.tables import CaseEventRow

_LOCK = "record"


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Something to be recorded.

    Parameters
    ----------
    kind
        ``case``, ``plan``, ``consent``, ``conflict``, ``event``, ….
    action
        What was done.
    subject_id
        What it was done to: the lead, the plan, the need.
    at
        When.
    account_id
        Who did it; None for the system itself.
    institution_id, enterprise_id
        Whose it is.
    details
        What else must be provable: reasons, states before and after; values of JSON.
    """

    kind: str
    action: str
    subject_id: UUID
    at: datetime
    account_id: UUID | None
    institution_id: UUID | None = None
    enterprise_id: UUID | None = None
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def content(self) -> str:
        """What is hashed: all of it, in canonical form."""
        values = {
            "kind": self.kind,
            "action": self.action,
            "subject_id": self.subject_id.hex,
            "at": self.at.isoformat(timespec="microseconds"),
            "account_id": _hex(self.account_id),
            "institution_id": _hex(self.institution_id),
            "enterprise_id": _hex(self.enterprise_id),
            "details": dict(self.details),
        }
        return json.dumps(
            values, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
        )


def begin(session: Session) -> None:
    """Be the only one that records something, until this transaction ends.

    Every use case that locks rows and records something begins with this: all take their locks
    in the same order then, so that no two can wait for each other.
    """
    hold(session, _LOCK)


def append(session: Session, *happenings: Happening) -> list[int]:
    """Append to the record; return the number of each.

    Who appends at the same time waits: the chain has one end.
    """
    begin(session)
    head, numbers = head_of(session), list[int]()
    for happening in happenings:
        link = link_after(head, happening.content)
        session.add(
            CaseEventRow(
                number=link.number,
                kind=happening.kind,
                subject_id=happening.subject_id,
                institution_id=happening.institution_id,
                enterprise_id=happening.enterprise_id,
                at=happening.at,
                content=link.content,
                previous_sha256=link.previous,
                sha256=link.sha256,
            )
        )
        head = Head(link.number, link.sha256)
        numbers.append(link.number)
    session.flush()
    reach("append:before-commit")
    return numbers


def head_of(session: Session, before: datetime | None = None) -> Head | None:
    """Return the end of the record, None if nothing has happened.

    Parameters
    ----------
    before
        Only what happened before this; None for all of it.
    """
    newest = col(CaseEventRow.number).desc()
    query = select(CaseEventRow.number, CaseEventRow.sha256).order_by(newest).limit(1)
    if before is not None:
        query = query.where(col(CaseEventRow.at) < before)
    found = session.execute(query).first()
    return None if found is None else Head(*found)


def _hex(identity: UUID | None) -> str | None:
    return None if identity is None else identity.hex
