"""Locks by name, for what no row stands for yet: they last to the end of the transaction."""

from __future__ import annotations

import hashlib

from sqlalchemy import func, select
from sqlmodel import Session


def hold(session: Session, *names: str) -> None:
    """Wait until nobody else holds any of some names, and hold them.

    On SQLite a transaction that writes is the only one, so that there is nothing to wait for.
    Names are taken in their order, so that two that want the same cannot wait for each other.
    """
    if session.get_bind().dialect.name == "sqlite":
        return
    for key in sorted(_key(name) for name in names):
        session.execute(select(func.pg_advisory_xact_lock(key)))


def _key(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
