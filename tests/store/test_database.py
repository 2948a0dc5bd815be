"""What every database of ours does, of either kind."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from matcher.store import Database


def test_a_statement_that_fails_does_not_tell_what_stood_in_it(database: Database) -> None:
    """Errors end in logs, and the values of a statement may be a person's."""
    statement = text("SELECT no_such_column FROM needs WHERE need_id = :secret")
    with pytest.raises(DBAPIError) as told, database.reading() as session:
        session.execute(statement, {"secret": "13900000000"})
    assert "no_such_column" in str(told.value)
    assert "13900000000" not in str(told.value)
