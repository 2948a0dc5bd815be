"""Sessions of the database for routes: one transaction a request, committed before the answer.

The scope of both dependencies is the route: what a write could not commit becomes an error
document and never an answer that was sent too early.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, Request
from sqlmodel import Session

from api.callers import Caller
from api.clock import ClockDep
from api.idempotency import claim
from api.opened import DatabaseDep, get_database

__all__ = ["DatabaseDep", "ReadSession", "WriteSession", "get_database", "reading", "writing"]


def reading(database: DatabaseDep) -> Iterator[Session]:
    """Give a session to read with."""
    with database.reading() as session:
        yield session


def writing(
    request: Request, database: DatabaseDep, caller: Caller, now: ClockDep
) -> Iterator[Session]:
    """Give a session to write with, once it is known who asks (see `api.callers`).

    A request with an ``Idempotency-Key`` is claimed first (see `api.idempotency`).
    """
    with database.writing() as session:
        claim(request.scope, session, caller, now())
        yield session


ReadSession = Annotated[Session, Depends(reading, scope="function")]
WriteSession = Annotated[Session, Depends(writing, scope="function")]
