"""The chores of the service: leads expire, the record's head of a day is signed, webhooks told."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from matcher.services.leads.answering import expire
from matcher.services.record import begin
from matcher.services.record.append import head_of
from matcher.services.record.heads import seal, signing_key
from matcher.services.webhooks.delivering import deliver_due
from matcher.services.work.chores import Chore
from matcher.store import Database
from matcher.store.tables import ChainHeadRow

logger = logging.getLogger(__name__)

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_SOON = timedelta(seconds=5)


def chores_of(signing_key_file: str = "", webhooks_to_local: bool = False) -> tuple[Chore, ...]:
    """Return the chores.

    Parameters
    ----------
    signing_key_file
        Empty to sign nothing.
    webhooks_to_local
        Whether webhooks may go to addresses that are not public.
    """
    found = [
        Chore("expire", expire_leads, _HOUR),
        Chore("webhooks", partial(tell_webhooks, allows_local=webhooks_to_local), _SOON),
    ]
    if signing_key_file:
        sign = partial(sign_yesterday, key_file=Path(signing_key_file))
        found.append(Chore("sign", sign, _HOUR))
    return tuple(found)


def expire_leads(database: Database, now: datetime) -> int:
    """End the leads that nobody has answered in time; return how many."""
    with database.writing() as session:
        ended = expire(session, now)
    if ended:
        logger.info("%d leads have expired", ended)
    return ended


def sign_yesterday(database: Database, now: datetime, key_file: Path) -> bool:
    """Sign the record's head of the day before, if that was not done; tell whether it was now."""
    day = now.date() - _DAY
    with database.reading() as session:
        if session.get(ChainHeadRow, day) is not None or head_of(session) is None:
            return False
    key = signing_key(key_file)
    with database.writing() as session:
        begin(session)  # two that sign at once would both want the row
        signed = seal(session, day, key, now)
    return signed is not None


def tell_webhooks(database: Database, now: datetime, allows_local: bool) -> int:
    """Deliver what is new; return how many deliveries were answered well."""
    return deliver_due(database, now, allows_local).done
