"""Statements that are compiled once and run many times, past what an ordinary session does.

For the few that are asked for all day: SQLAlchemy writes the SQL and turns the values, its
session and its results are left out. Each is a transaction of its own, and only reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from sqlalchemy import Dialect, Select

from matcher.store.database import Database

Convert = Callable[[Any], Any]


class Prepared:
    """A query that is compiled for one kind of database.

    Parameters
    ----------
    query
        With its values as `bindparam`, each of a type.
    """

    def __init__(self, query: Select[Any], dialect: Dialect) -> None:
        compiled = query.compile(dialect=dialect)
        self._sql = str(compiled)
        self._order: list[str] | None = getattr(compiled, "positiontup", None)
        self._values = dict(compiled.params)
        self._binds: dict[str, Convert] = {}
        for bind, name in compiled.bind_names.items():
            convert = bind.type.dialect_impl(dialect).bind_processor(dialect)
            if convert is not None:
                self._binds[name] = convert
                if self._values[name] is not None:
                    self._values[name] = convert(self._values[name])
        kinds = [column.type for column in query.selected_columns]
        self._results = [one.dialect_impl(dialect).result_processor(dialect, None) for one in kinds]

    def rows(self, cursor: Any, **values: Any) -> list[Any]:
        """Run the query and return its rows as the driver has them; see `read`."""
        given = {
            name: self._binds[name](value) if name in self._binds else value
            for name, value in values.items()
        }
        known = self._values | given
        cursor.execute(
            self._sql, known if self._order is None else tuple(known[name] for name in self._order)
        )
        found: list[Any] = cursor.fetchall()
        return found

    def read(self, row: Any, place: int) -> Any:
        """Return one column of a row as Python has it."""
        convert = self._results[place]
        return row[place] if convert is None else convert(row[place])


@lru_cache(maxsize=64)
def prepared(query: Select[Any], dialect: Dialect) -> Prepared:
    """Return a query compiled for the dialect of an engine, once for each."""
    return Prepared(query, dialect)


@contextmanager
def direct(database: Database) -> Iterator[Any]:
    """Give a cursor in which each statement is a transaction of its own."""
    connection = database.engine.raw_connection()
    driver: Any = connection.dbapi_connection
    try:
        if not database.is_sqlite:  # on SQLite it is so anyway
            driver.autocommit = True
        cursor = driver.cursor()
        yield cursor
        cursor.close()
    finally:
        if not database.is_sqlite:
            driver.autocommit = False
        connection.close()
