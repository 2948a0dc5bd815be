"""The database that the app opened when it started."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from matcher.store import Database


async def get_database(request: Request) -> Database:
    """Return the database of the app."""
    database: Database = request.app.state.database
    return database


DatabaseDep = Annotated[Database, Depends(get_database)]
