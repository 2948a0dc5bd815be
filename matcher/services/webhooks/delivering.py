"""Deliver what is new to every webhook that is due; try again later and later, then give up.

Whoever delivers claims a webhook for a minute first, so that two workers do not tell it the
same at once; one that dies meanwhile leaves it to the other after that minute.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, update
from sqlmodel import Session, col, select

from matcher.services.leads.cases import KIND
from matcher.services.webhooks.sending import Delivery, send_all
from matcher.store import Database
from matcher.store.repositories.leads import is_consented
from matcher.store.tables import AccountRow, CaseEventRow, LeadRow, WebhookRow

logger = logging.getLogger(__name__)

FORMAT = "yinqi-webhook/1"
MAX_EVENTS = 100
MAX_AT_ONCE = 50
MAX_FAILURES = 15
"""After so many in a row (about eight hours) a webhook is switched off."""

_CLAIM = timedelta(minutes=1)
_FIRST_WAIT = timedelta(seconds=10)
_LONGEST_WAIT = timedelta(hours=1)

Send = Callable[[Sequence[Delivery]], list[int | None]]


@dataclass(frozen=True, slots=True)
class Delivered:
    """How many deliveries were answered well, and how many were not."""

    done: int = 0
    failed: int = 0


def deliver_due(
    database: Database, now: datetime, allows_local: bool = False, send: Send | None = None
) -> Delivered:
    """Deliver to every webhook for which something is new and which is not to wait.

    Parameters
    ----------
    send
        Sends deliveries; tests give another.
    """
    with database.reading() as session:
        if session.scalars(select(WebhookRow.id).where(_is_due(now)).limit(1)).first() is None:
            return Delivered()
    with database.writing() as session:
        deliveries = _claimed(session, now)
    if not deliveries:
        return Delivered()
    chosen: Send = send or (lambda all_of_them: send_all(all_of_them, allows_local))
    statuses = chosen(deliveries)
    with database.writing() as session:
        for delivery, status in zip(deliveries, statuses, strict=True):
            _note(session, delivery, status, now)
    done = sum(_is_well(status) for status in statuses)
    return Delivered(done, len(statuses) - done)


def wait_after(failures: int) -> timedelta:
    """Return how long a webhook waits after so many failures in a row: twice as long each time."""
    return min(_FIRST_WAIT * (1 << min(failures - 1, 20)), _LONGEST_WAIT)


def _is_due(now: datetime) -> ColumnElement[bool]:
    newer = select(CaseEventRow.number).where(
        col(CaseEventRow.institution_id) == col(WebhookRow.institution_id),
        col(CaseEventRow.number) > col(WebhookRow.sent_number),
    )
    owner = select(AccountRow.id).where(
        col(AccountRow.id) == col(WebhookRow.account_id), col(AccountRow.is_active)
    )
    is_time = or_(col(WebhookRow.next_try_at).is_(None), col(WebhookRow.next_try_at) <= now)
    return and_(col(WebhookRow.is_active), is_time, exists(newer), exists(owner))


def _claimed(session: Session, now: datetime) -> list[Delivery]:
    query = select(WebhookRow).where(_is_due(now)).order_by(col(WebhookRow.id)).limit(MAX_AT_ONCE)
    deliveries = []
    for row in session.scalars(query.with_for_update(skip_locked=True)).all():
        row.next_try_at = now + _CLAIM
        session.add(row)
        number, events = _news(session, row)
        if not events:  # of leads that it may not see, or of other things
            row.sent_number, row.next_try_at = number, None
            continue
        body = {"format": FORMAT, "newest": number, "events": events}
        deliveries.append(
            Delivery(
                row.id,
                row.url,
                row.secret,
                row.sent_number,
                number,
                int(now.timestamp()),
                json.dumps(body, separators=(",", ":")).encode(),
            )
        )
    return deliveries


def _news(session: Session, row: WebhookRow) -> tuple[int, list[dict[str, Any]]]:
    """Return what is new for a webhook, and the number of the last event that was looked at."""
    query = (
        select(CaseEventRow)
        .where(
            col(CaseEventRow.institution_id) == row.institution_id,
            col(CaseEventRow.number) > row.sent_number,
        )
        .order_by(col(CaseEventRow.number))
        .limit(MAX_EVENTS)
    )
    found = session.scalars(query).all()
    cases = [event for event in found if event.kind == KIND]
    visible = select(LeadRow.id).where(
        col(LeadRow.id).in_({event.subject_id for event in cases}), is_consented()
    )
    seen = set(session.scalars(visible))
    events = [
        {
            "number": event.number,
            "at": event.at.isoformat(),
            "action": json.loads(event.content)["action"],
            "lead_id": str(event.subject_id),
        }
        for event in cases
        if event.subject_id in seen
    ]
    return (found[-1].number if found else row.sent_number), events


def _note(session: Session, delivery: Delivery, status: int | None, now: datetime) -> None:
    """Note how a delivery went, unless the webhook has moved on meanwhile."""
    mine = and_(
        col(WebhookRow.id) == delivery.webhook_id,
        col(WebhookRow.sent_number) == delivery.sent_number,
    )
    row = session.scalars(select(WebhookRow).where(mine).with_for_update()).one_or_none()
    if row is None:
        return
    values: dict[str, Any] = {"last_status": status, "failures": 0, "next_try_at": None}
    if _is_well(status):
        values |= {"sent_number": delivery.number}
    else:
        failures = row.failures + 1
        logger.info("webhook %s: delivery %d failed", delivery.webhook_id, failures)
        values |= {"failures": failures, "next_try_at": now + wait_after(failures)}
        values |= {"is_active": failures < MAX_FAILURES}
    session.execute(update(WebhookRow).where(mine).values(values))


def _is_well(status: int | None) -> bool:
    return status is not None and 200 <= status < 300
