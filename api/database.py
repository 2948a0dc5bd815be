"""Sessions of the database for routes: one transaction a request, committed before the answer.

Of all requests only so many have a session at a time; the others wait without a thread and
without a connection. Else whoever holds a connection would wait for a thread, and all threads
for a connection.

The scope of both dependencies is the route: what a write could not commit becomes an error
document and never an answer that was sent too early.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Annotated

from anyio import CapacityLimiter, fail_after
from fastapi import Depends, Request
from sqlmodel import Session

from api.callers import Caller
from api.clock import ClockDep
from api.errors import OutageError
from api.idempotency import claim
from api.opened import DatabaseDep, get_database

__all__ = ["DatabaseDep", "ReadSession", "WriteSession", "get_database", "reading", "writing"]

TURNS = 12
"""How many requests have a session at a time: with two connections each fewer than the pools of
`matcher.store.database` have, and fewer than there are threads."""

LONGEST_WAIT_SECONDS = 10.0


async def take_turn(request: Request) -> AsyncIterator[None]:
    """Wait for a turn at the database, one for all sessions of a request.

    Raises
    ------
    OutageError
        If none comes for long.
    """
    turns: CapacityLimiter = request.app.state.turns
    holder = object()
    try:
        with fail_after(LONGEST_WAIT_SECONDS):
            await turns.acquire_on_behalf_of(holder)
    except TimeoutError:
        raise OutageError from None
    try:
        yield
    finally:
        turns.release_on_behalf_of(holder)


Turn = Annotated[None, Depends(take_turn, scope="function")]


def reading(database: DatabaseDep, turn: Turn) -> Iterator[Session]:
    """Give a session to read with."""
    with database.reading() as session:
        yield session


def writing(
    request: Request, database: DatabaseDep, caller: Caller, now: ClockDep, turn: Turn
) -> Iterator[Session]:
    """Give a session to write with, once it is known who asks (see `api.callers`).

    A request with an ``Idempotency-Key`` is claimed first (see `api.idempotency`).
    """
    with database.writing() as session:
        claim(request.scope, session, caller, now())
        yield session


ReadSession = Annotated[Session, Depends(reading, scope="function")]
WriteSession = Annotated[Session, Depends(writing, scope="function")]
