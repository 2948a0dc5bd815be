"""Webhooks of an institution: made by its accounts, listed without their secret, removed."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from matcher.domain.actor import Actor, Role
from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Text
from matcher.services.errors import ConflictError
from matcher.services.webhooks.addresses import url_faults
from matcher.store.locks import hold
from matcher.store.paging import Order, moment
from matcher.store.repositories.base import NOTHING, Repository
from matcher.store.tables import CaseEventRow, WebhookRow

MAX_OF_INSTITUTION = 5
SECRET_PREFIX = "yqw_"


class Webhooks(Repository[WebhookRow]):
    """Webhooks of the actor's institution, the newest first."""

    row: ClassVar[type[Any]] = WebhookRow
    order = Order(WebhookRow.created_at, WebhookRow.id, moment, descending=True)  # type: ignore[arg-type]

    def visible_to(self, actor: Actor) -> ColumnElement[bool]:
        """Return the condition on a webhook."""
        if actor.role is Role.BANK:
            return col(WebhookRow.institution_id) == actor.institution_id
        return NOTHING


@dataclass(frozen=True, slots=True)
class MadeWebhook:
    """A webhook that was made, with its secret, which is shown once."""

    row: WebhookRow
    secret: str = field(repr=False)


def make_webhook(
    session: Session, actor: Actor, url: str, allows_local: bool, now: datetime
) -> MadeWebhook:
    """Make a webhook that is told what happens from now on.

    Raises
    ------
    InputError
        If deliveries may not go there.
    ConflictError
        If the institution has as many as it may have.
    """
    faults = url_faults(url, allows_local)
    if faults:
        raise InputError(faults)
    assert actor.institution_id is not None
    hold(session, f"webhooks:{actor.institution_id}")
    own = col(WebhookRow.institution_id) == actor.institution_id
    if session.scalars(select(func.count()).where(own)).one() >= MAX_OF_INSTITUTION:
        message = Text("最多 {n} 个回调", "an institution has {n} webhooks at most")
        raise ConflictError([Fault(message.format(n=MAX_OF_INSTITUTION))])
    newest = select(func.max(CaseEventRow.number)).where(
        col(CaseEventRow.institution_id) == actor.institution_id
    )
    row = WebhookRow(
        institution_id=actor.institution_id,
        account_id=actor.account_id,
        url=url,
        secret=SECRET_PREFIX + secrets.token_urlsafe(32),
        sent_number=session.scalars(newest).one() or 0,
        created_at=now,
    )
    session.add(row)
    session.flush()
    return MadeWebhook(row, row.secret)


def remove_webhook(session: Session, actor: Actor, webhook_id: UUID) -> None:
    """Remove a webhook; nothing more is sent.

    Raises
    ------
    UnknownIdError
        If it is none of the actor's institution.
    """
    session.delete(Webhooks(session, actor).find(webhook_id, lock=True))
    session.flush()
