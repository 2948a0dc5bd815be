from __future__ import annotations

from datetime import date, datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect
from sqlmodel import select

from matcher.domain.errors import InputError
from matcher.store import Database, open_database, upgrade
from matcher.store.schema import BASE, downgrade, is_current, newest_revision, revision_of
from matcher.store.tables import (
    METADATA,
    EnterpriseRow,
    ListingRow,
    LoginFailureRow,
    NeedRow,
    SettingRow,
)
from matcher.store.types import SHANGHAI


def test_migrations_give_the_schema_of_the_tables(database: Database) -> None:
    """Nothing that a table says is missing in the migrations, and nothing is there beside."""
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_the_schema_goes_up_down_and_up_again(bare_database: Database) -> None:
    """Down to nothing leaves no table; up again gives a schema that takes rows."""
    upgrade(bare_database)
    assert is_current(bare_database)
    downgrade(bare_database, BASE)
    assert revision_of(bare_database) is None
    assert set(inspect(bare_database.engine).get_table_names()) <= {"alembic_version"}
    upgrade(bare_database)
    assert revision_of(bare_database) == newest_revision()
    with bare_database.writing() as session:
        session.add(SettingRow(name="day", value='"2027-06-18"'))
    with bare_database.reading() as session:
        assert session.scalars(select(SettingRow.value)).one() == '"2027-06-18"'


def test_needs_that_were_there_come_onto_the_first_list(bare_database: Database) -> None:
    """With the day on which they were received, else that of their last change, in China."""
    upgrade(bare_database)
    late = datetime(2027, 6, 18, 23, 30, tzinfo=SHANGHAI)
    early = datetime(2027, 6, 18, 0, 30, tzinfo=SHANGHAI)  # the day before, in UTC
    with bare_database.writing() as session:
        firm = EnterpriseRow(key="e", position=0, name="e", document="{}", updated_at=late)
        session.add(firm)
        session.flush()
        shared = {"enterprise_id": firm.id, "amount_fen": 1, "priority": 3, "document": "{}"}
        for number, (key, received, at) in enumerate(
            [("told", date(2027, 1, 2), late), ("late", None, late), ("early", None, early)]
        ):
            days = {"received": received, "updated_at": at}
            session.add(NeedRow(key=key, position=number, **shared, **days))
    downgrade(bare_database, "0003")
    upgrade(bare_database)
    with bare_database.reading() as session:
        query = select(NeedRow.key, ListingRow).join(ListingRow, NeedRow.id == ListingRow.id)  # type: ignore[arg-type]
        found = {key: (row.applied, row.stage, row.due_on) for key, row in session.execute(query)}
    day = date(2027, 6, 18)
    assert found == {
        "told": (date(2027, 1, 2), "applied", date.max),
        "late": (day, "applied", date.max),
        "early": (day, "applied", date.max),
    }


def test_an_upgrade_twice_is_an_upgrade_once(database: Database) -> None:
    """An upgrade keeps what is there."""
    with database.writing() as session:
        session.add(SettingRow(name="a", value="1"))
    upgrade(database)
    with database.reading() as session:
        assert session.scalars(select(SettingRow.value)).one() == "1"


def test_a_write_that_breaks_leaves_nothing(database: Database) -> None:
    """A session is one transaction: all of it or nothing."""

    def broken() -> None:
        with database.writing() as session:
            session.add(SettingRow(name="a", value="1"))
            session.flush()
            raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError):
        broken()
    with database.reading() as session:
        assert session.scalars(select(SettingRow)).all() == []


def test_moments_come_back_in_shanghai(database: Database) -> None:
    """A moment is kept exactly, to the microsecond, and read in the office's own time."""
    moment = datetime(2027, 6, 18, 9, 30, 1, 250000, tzinfo=SHANGHAI)
    with database.writing() as session:
        session.add(LoginFailureRow(subject_sha256="0" * 64, failed_at=moment))
    with database.reading() as session:
        found = session.scalars(select(LoginFailureRow.failed_at)).one()
    assert found == moment
    assert found.isoformat() == "2027-06-18T09:30:01.250000+08:00"


@pytest.mark.parametrize("url", ["", "nonsense", "mysql://a/b", "sqlite://", "sqlite:///:memory:"])
def test_what_is_no_database_is_refused(url: str) -> None:
    """An address of anything but a file or a PostgreSQL server is one clear error."""
    with pytest.raises(InputError, match="no database"):
        open_database(url)


def test_a_password_never_stands_in_an_error() -> None:
    """The fault shows the address without its password."""
    with pytest.raises(InputError) as caught:
        open_database("mysql://user:hunter2@host/db")
    assert "hunter2" not in str(caught.value)
