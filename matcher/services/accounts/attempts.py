"""Logins that failed, and how many may fail: counted before the password is looked at.

A try is noted as failed when it begins and taken back when it succeeds, each in one
transaction: tries that run at the same time are counted like those one after the other, and no
lock is held while a password is hashed.

Three windows hold. One for a name from one address; one for an address, whatever name it tries;
one for a name from everywhere, which is short, since strangers fill it. A browser that has
logged in before shows so by a signed cookie, and has a window of its own for that name in place
of the first and the last: strangers who try the name do not lock its owner out.

References
----------
OWASP, Slow Down Online Guessing Attacks with Device Cookies.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col, select

from matcher.services.accounts.errors import TooManyLoginsError
from matcher.services.accounts.secret import ServerSecret
from matcher.store.locks import hold
from matcher.store.tables import LoginFailureRow

_PURPOSE = "login failure"
_PRUNED_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Window:
    """At most `most` failures in the `span` before now."""

    most: int
    span: timedelta


OF_PAIR = Window(5, timedelta(minutes=15))
OF_ADDRESS = Window(50, timedelta(minutes=15))
OF_NAME = Window(10, timedelta(minutes=1))
OF_DEVICE = Window(10, timedelta(minutes=15))
_LONGEST = max(window.span for window in (OF_PAIR, OF_ADDRESS, OF_NAME, OF_DEVICE))


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose failures are counted, as a keyed hash, and how many there may be."""

    sha256: str
    window: Window


def subjects_of(
    secret: ServerSecret, login: str, address: str, device: str | None
) -> tuple[Subject, ...]:
    """Return what a try counts for.

    Parameters
    ----------
    device
        The mark of a browser that has logged in by this name before.
    """

    def subject(window: Window, *parts: str) -> Subject:
        return Subject(secret.sign(_PURPOSE, *parts), window)

    of_address = subject(OF_ADDRESS, "address", address)
    if device is not None:
        return of_address, subject(OF_DEVICE, "device", login, device)
    of_pair = subject(OF_PAIR, "pair", login, address)
    return of_address, of_pair, subject(OF_NAME, "name", login)


def begin_attempt(session: Session, subjects: Sequence[Subject], now: datetime) -> tuple[UUID, ...]:
    """Note a try as failed, and return its notes.

    Raises
    ------
    TooManyLoginsError
        If too many failed before; nothing is noted then.
    """
    hold(session, *(subject.sha256 for subject in subjects))
    waits = [_wait(session, subject, now) for subject in subjects]
    longest = max(waits)
    if longest > timedelta(0):
        raise TooManyLoginsError(math.ceil(longest.total_seconds()))
    _prune(session, now)
    notes = [LoginFailureRow(subject_sha256=one.sha256, failed_at=now) for one in subjects]
    session.add_all(notes)
    return tuple(note.id for note in notes)


def take_back(session: Session, notes: Sequence[UUID]) -> None:
    """Take a try back that did not fail."""
    session.execute(delete(LoginFailureRow).where(col(LoginFailureRow.id).in_(notes)))


def _wait(session: Session, subject: Subject, now: datetime) -> timedelta:
    """Return how long it takes until one of the failures that fill a window is out of it."""
    window = subject.window
    last = session.scalars(
        select(LoginFailureRow.failed_at)
        .where(col(LoginFailureRow.subject_sha256) == subject.sha256)
        .where(col(LoginFailureRow.failed_at) > now - window.span)
        .order_by(col(LoginFailureRow.failed_at).desc())
        .limit(window.most)
    ).all()
    return last[-1] + window.span - now if len(last) == window.most else timedelta(0)


def _prune(session: Session, now: datetime) -> None:
    """Forget what no window reaches, but for rows that another transaction is forgetting."""
    old = (
        select(LoginFailureRow.id)
        .where(col(LoginFailureRow.failed_at) <= now - _LONGEST)
        .limit(_PRUNED_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    session.execute(delete(LoginFailureRow).where(col(LoginFailureRow.id).in_(old)))
