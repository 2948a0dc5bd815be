"""The database: SQLite as one file, or PostgreSQL by URL; sessions that are one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlmodel import Session

from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Text

BUSY_SECONDS = 20.0
"""How long a write waits for another to end."""

_QUIET = {"hide_parameters": True}
"""What stood in a statement that failed is somebody's, and no matter of a log."""

_WRITING = "yinqi_writing"
SQLITE_PRAGMAS = (
    # Readers never wait for the writer, nor it for them.
    "PRAGMA journal_mode=WAL",
    # With NORMAL a power cut takes commits back that were acknowledged; see tests/store.
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    f"PRAGMA busy_timeout={int(BUSY_SECONDS * 1000)}",
)


@dataclass(frozen=True, eq=False, slots=True)
class Database:
    """A database that is open.

    Parameters
    ----------
    engine
        Its pool of connections; safe to share between threads, not between processes.
    """

    engine: Engine

    @property
    def is_sqlite(self) -> bool:
        """Whether it is the embedded one."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session that sees one state of the database, and writes nothing."""
        with Session(self.engine, expire_on_commit=False, autoflush=False) as session:
            if not self.is_sqlite:
                options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
                session.connection(execution_options=options)
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Give a session that is committed at the end, or leaves nothing if anything is raised.

        On SQLite the only writer is this one from the first line on: what was read cannot have
        changed when it is written. On PostgreSQL rows that decide a write have to be locked
        (``with_for_update``) or changed by one conditional UPDATE.
        """
        with Session(self.engine, expire_on_commit=False) as session:
            session.connection(execution_options={_WRITING: True})
            yield session
            session.commit()

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()

    def answers(self) -> bool:
        """Tell whether the database can be asked; raise what the driver raises if not."""
        with self.engine.connect() as connection:
            return bool(connection.execute(text("SELECT 1")).scalar_one() == 1)


def open_database(url: str) -> Database:
    """Open a database; its schema is not looked at, see `matcher.store.schema`.

    Parameters
    ----------
    url
        ``sqlite:///file.db`` or ``postgresql://user:password@host/name``.

    Raises
    ------
    InputError
        If the URL names neither.
    """
    parsed = _parse(url)
    if parsed.get_backend_name() == "postgresql":
        return Database(
            create_engine(parsed, **_QUIET, pool_pre_ping=True, pool_size=10, max_overflow=20)
        )
    engine = create_engine(
        parsed, **_QUIET, pool_size=10, max_overflow=30, connect_args={"timeout": BUSY_SECONDS}
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return Database(engine)


def _parse(url: str) -> URL:
    expected = Text.same("sqlite:///yinqi.db, postgresql://user:password@host/database")
    message = Text("数据库地址不可用", "is no database that can be used")
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise InputError([Fault(message, "database_url", None, expected)]) from None
    kind = parsed.get_backend_name()
    in_memory = kind == "sqlite" and parsed.database in (None, "", ":memory:")
    if kind not in ("sqlite", "postgresql") or in_memory:
        shown = parsed.render_as_string(hide_password=True)
        raise InputError([Fault(message, "database_url", shown, expected)])
    return parsed.set(drivername="postgresql+psycopg") if kind == "postgresql" else parsed


def _prepare_sqlite(connection: Any, _: object) -> None:
    # The driver must begin nothing of itself, or BEGIN IMMEDIATE would come too late.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in SQLITE_PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    is_writing = connection.get_execution_options().get(_WRITING, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")
