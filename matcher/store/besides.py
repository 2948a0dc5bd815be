"""Writes that may be left out: when somebody was last here is not worth waiting for."""

from __future__ import annotations

from sqlalchemy import Update
from sqlalchemy.exc import OperationalError

from matcher.store.database import BUSY_SECONDS, Database

_WAIT_MS = 50


def try_update(database: Database, statement: Update) -> bool:
    """Do an update in a transaction of its own, unless another write is in the way.

    Returns
    -------
    bool
        Whether it was done.
    """
    with database.engine.connect() as connection:
        try:
            connection.exec_driver_sql(_short_wait(database.is_sqlite))
            connection.execute(statement)
            connection.commit()
        except OperationalError:
            connection.rollback()
            return False
        finally:
            if database.is_sqlite:  # the connection goes back to where it is taken from again
                connection.exec_driver_sql(f"PRAGMA busy_timeout={int(BUSY_SECONDS * 1000)}")
    return True


def _short_wait(is_sqlite: bool) -> str:
    pragma = f"PRAGMA busy_timeout={_WAIT_MS}"
    return pragma if is_sqlite else f"SET LOCAL lock_timeout = {_WAIT_MS}"
