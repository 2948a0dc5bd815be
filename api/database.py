"""Sessions of the database for routes: one transaction a request, committed before the answer.

The scope of both dependencies is the route: what a write could not commit becomes an error
document and never an answer that was sent too early.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, Request
from sqlmodel import Session

from matcher.store import Database


def get_database(request: Request) -> Database:
    """Return the database of the app."""
    database: Database = request.app.state.database
    return database


DatabaseDep = Annotated[Database, Depends(get_database)]


def reading(database: DatabaseDep) -> Iterator[Session]:
    """Give a session to read with."""
    with database.reading() as session:
        yield session


def writing(database: DatabaseDep) -> Iterator[Session]:
    """Give a session to write with."""
    with database.writing() as session:
        yield session


ReadSession = Annotated[Session, Depends(reading, scope="function")]
WriteSession = Annotated[Session, Depends(writing, scope="function")]
