"""`matcher account`: made, listed, reset and deactivated by whoever has the database in hand."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest

from matcher.services.accounts import passwords
from matcher.store import Database, open_database
from matcher.store.tables import AccountRow
from tests.cli.runner import Done, matcher, matcher_here
from tests.databases import filled_url
from tests.service import cheap_hasher, furnish


@pytest.fixture
def database() -> Iterator[Database]:
    """Return a database with the seeds and an account of every role."""
    with filled_url("sqlite", furnish) as (url, _):
        found = open_database(url)
        yield found
        found.close()


def _account(database: Database, *words: str, typed: str = "") -> Done:
    url = database.engine.url.render_as_string()
    with (
        patch("sys.stdin", io.StringIO(typed)),
        patch.object(passwords, "_hasher", cheap_hasher),
    ):
        return matcher_here("account", *words, "--database", url, "--lang", "en")


def _rows(database: Database) -> dict[str, AccountRow]:
    from matcher.services.accounts.by_hand import all_accounts

    with database.reading() as session:
        return {row.login: row for row in all_accounts(session)}


def test_an_account_is_made_with_the_password_that_is_typed(database: Database) -> None:
    """It is read from standard input, hashed, and said nowhere."""
    institution = next(
        entry["institution"]
        for entry in json.loads(_account(database, "list", "--json").out)["accounts"]
        if entry["login"] == "bank"
    )
    words = ("create", "Officer", "--role", "bank", "--institution", institution)
    done = _account(database, *words, typed="a long pass phrase\n")
    assert done.code == 0, done.err
    assert "pass phrase" not in done.out + done.err
    row = _rows(database)["officer"]
    assert passwords.verify_password("a long pass phrase", row.password_hash)
    assert row.institution_id == _rows(database)["bank"].institution_id


def test_a_random_password_is_said_once(database: Database) -> None:
    """As a sentence, or as the one JSON document; it is the one that lets in."""
    made = _account(database, "create", "analyst", "--role", "staff", "--random", "--json")
    password = json.loads(made.out)["password"]
    assert passwords.verify_password(password, _rows(database)["analyst"].password_hash)
    reset = _account(database, "password", "analyst", "--random")
    assert not passwords.verify_password(password, _rows(database)["analyst"].password_hash)
    second = reset.out.split("password ")[-1].split(" ")[0]
    assert passwords.verify_password(second, _rows(database)["analyst"].password_hash)
    assert second not in _account(database, "list").out


def test_the_list_says_who_speaks_for_whom(database: Database) -> None:
    """Every account by login, deactivated ones too, and no secret."""
    shown = _account(database, "list")
    assert shown.code == 0
    for login, row in _rows(database).items():
        assert login in shown.out
        assert str(row.password_hash) not in shown.out
    assert shown.out.count("deactivated") == 1


def test_a_deactivated_account_is_let_in_no_more(database: Database) -> None:
    """But the last administrator stays."""
    assert _account(database, "deactivate", "staff").code == 0
    assert not _rows(database)["staff"].is_active
    last = _account(database, "deactivate", "admin")
    assert (last.code, "administrator" in last.err) == (2, True)
    assert _rows(database)["admin"].is_active


@pytest.mark.parametrize(
    ("words", "typed", "told"),
    [
        (("create", "x1y", "--role", "bank"), "a long pass phrase\n", "institution_id"),
        (("create", "x1y", "--role", "staff"), "short\n", "password"),
        (("create", "x1y", "--role", "staff"), "", "password"),
        (("create", "bank", "--role", "staff"), "a long pass phrase\n", "login"),
        (("create", "x1y", "--role", "bank", "--institution", "?"), "long pass word\n", "market"),
        (("password", "nobody", "--random"), "", "login"),
        (("deactivate", "nobody"), "", "login"),
    ],
)
def test_what_cannot_be_done_is_bad_input(
    database: Database, words: tuple[str, ...], typed: str, told: str
) -> None:
    """Exit code 2 and a sentence, without the password; nothing is changed."""
    before = {login: row.model_dump() for login, row in _rows(database).items()}
    done = _account(database, *words, typed=typed)
    assert (done.code, told in done.err) == (2, True), done.err
    assert not typed or typed.strip() not in done.err + done.out
    assert {login: row.model_dump() for login, row in _rows(database).items()} == before


def test_a_database_without_tables_says_what_to_run(tmp_path: Path) -> None:
    """Before anything is asked for; in a process of its own, as a shell would."""
    done = matcher("account", "list", MATCHER_API_DATABASE_URL=f"sqlite:///{tmp_path}/b.db")
    assert done.code == 2
    assert "matcher db upgrade" in done.err
