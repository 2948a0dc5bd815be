"""The schema of a database: migrations up and down, and whether it is the one of this code."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from matcher.store.database import Database

MIGRATIONS = Path(__file__).parent / "migrations"
HEAD = "head"
BASE = "base"


def upgrade(database: Database, revision: str = HEAD) -> None:
    """Bring the schema up to a revision; what is there stays."""
    with database.engine.connect() as connection:
        command.upgrade(_config(connection), revision)
        connection.commit()


def downgrade(database: Database, revision: str) -> None:
    """Take the schema back to a revision; `BASE` leaves no table."""
    with database.engine.connect() as connection:
        command.downgrade(_config(connection), revision)
        connection.commit()


def revision_of(database: Database) -> str | None:
    """Return the revision that a database has, None if it has none."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest_revision() -> str | None:
    """Return the revision that this code is written for."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()


def revisions() -> frozenset[str]:
    """Return every revision that this code knows."""
    known = ScriptDirectory(str(MIGRATIONS)).walk_revisions()
    return frozenset(script.revision for script in known)


def is_current(database: Database) -> bool:
    """Tell whether a database has the schema that this code is written for."""
    return revision_of(database) == newest_revision()


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("file_template", "v%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config
