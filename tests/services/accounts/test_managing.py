"""Accounts below the API: the first one, the secret of the server, and what happens at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore
from typing import Any
from unittest.mock import patch

import pytest
from sqlmodel import select

from matcher.domain.actor import Actor, Role
from matcher.domain.errors import InputError
from matcher.services.accounts import passwords
from matcher.services.accounts.actors import actor_by_key, actor_by_session
from matcher.services.accounts.attempts import OF_PAIR, begin_attempt, subjects_of, take_back
from matcher.services.accounts.by_hand import BY_HAND, all_accounts
from matcher.services.accounts.csrf import csrf_holds, csrf_token
from matcher.services.accounts.devices import device_of, new_mark
from matcher.services.accounts.errors import TooManyLoginsError
from matcher.services.accounts.keys import issue_key, revoke_key
from matcher.services.accounts.login import Credentials, log_in
from matcher.services.accounts.managing import (
    FIRST_LOGIN,
    AccountChange,
    AccountDraft,
    change_account,
    create_account,
    first_admin,
)
from matcher.services.accounts.names import normal_login
from matcher.services.accounts.passwords import verify_password
from matcher.services.accounts.secret import ServerSecret, server_secret
from matcher.services.accounts.sessions import open_session
from matcher.store import Database
from matcher.store.besides import try_update
from matcher.store.tables import AccountRow, LoginFailureRow, SessionRow, SettingRow
from tests.service import NOW

pytestmark = pytest.mark.usefixtures("cheap_passwords")
SECRET = ServerSecret(b"k" * 32)


def _at_once(number: int, call: Callable[[int], Any]) -> list[Any]:
    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(call, range(number)))


def _admin(database: Database, login: str = "boss") -> Actor:
    with database.writing() as session:
        draft = AccountDraft(login=login, name="x", role=Role.ADMIN, password="a long pass phrase")
        row = create_account(session, draft, NOW).row
        return Actor(account_id=row.id, role=Role.ADMIN)


def test_the_first_account_is_made_once(database: Database) -> None:
    """Of eight that start at once one is told the password, and it lets in."""

    def first(_: int) -> str | None:
        with database.writing() as session:
            return first_admin(session, NOW)

    told = [password for password in _at_once(8, first) if password is not None]
    assert len(told) == 1
    with database.reading() as session:
        (row,) = all_accounts(session)
    assert (row.login, row.role) == (FIRST_LOGIN, "admin")
    assert verify_password(told[0], row.password_hash)
    shown = Credentials(login=FIRST_LOGIN, password=told[0], address="127.0.0.1")
    token = log_in(database, shown, NOW).token
    assert actor_by_session(database, token, NOW) == Actor(account_id=row.id, role=Role.ADMIN)
    assert told[0] not in repr(shown)


def test_the_first_password_is_nobodys_else(database: Database) -> None:
    """No two installations share one: there is no default."""
    with database.writing() as session:
        password = first_admin(session, NOW)
        assert first_admin(session, NOW) is None
        session.rollback()
        assert first_admin(session, NOW) not in (None, password)


def test_the_secret_is_made_once_and_never_shown(database: Database) -> None:
    """Eight that ask at once get the same 256 bits."""
    found = _at_once(8, lambda _: server_secret(database))
    assert len({secret.key for secret in found}) == 1
    assert len(found[0].key) == 32
    assert found[0].key.hex() not in repr(found[0])
    with database.reading() as session:
        assert len(session.scalars(select(SettingRow)).all()) == 1


def test_one_login_is_made_once(database: Database) -> None:
    """Of eight that make it at once one does; the others are told that it is taken."""

    def make(_: int) -> bool | None:
        draft = AccountDraft(login="Same", name="x", role=Role.STAFF, password="a pass phrase")
        try:
            with database.writing() as session:
                create_account(session, draft, NOW)
        except InputError as error:
            return error.faults[0].field == "login" and len(error.faults) == 1
        return None

    assert sorted(map(str, _at_once(8, make))) == ["None"] + ["True"] * 7


def test_two_administrators_cannot_close_each_other_at_once(database: Database) -> None:
    """One of them stays, whoever is first."""
    admins = [_admin(database, f"boss-{n}") for n in range(2)]

    def close(n: int) -> bool:
        try:
            with database.writing() as session:
                change = AccountChange(is_active=False)
                change_account(session, admins[n], admins[1 - n].account_id, change, NOW)
        except InputError:
            return False
        return True

    assert sorted(_at_once(2, close)) == [False, True]


def test_guesses_at_once_are_counted_one_by_one(database: Database) -> None:
    """Whichever address and name they share; a try that is taken back is none."""
    subjects = subjects_of(SECRET, "bank", "192.0.2.1", None)

    def guess(_: int) -> bool:
        try:
            with database.writing() as session:
                begin_attempt(session, subjects, NOW)
        except TooManyLoginsError:
            return False
        return True

    assert sum(_at_once(20, guess)) == OF_PAIR.most
    others = subjects_of(SECRET, "bank", "192.0.2.2", None)
    with database.writing() as session:
        take_back(session, begin_attempt(session, others, NOW))
        for _ in range(OF_PAIR.most):
            begin_attempt(session, others, NOW)
        with pytest.raises(TooManyLoginsError) as refused:
            begin_attempt(session, others, NOW)
    # The name is full as well, but for a minute; the pair is for a quarter of an hour.
    assert refused.value.retry_after_seconds == OF_PAIR.span.total_seconds()


def test_a_flood_of_logins_waits_outside(database: Database) -> None:
    """Where all seats are taken a login is refused at once and counts as no failure."""
    _admin(database)
    shown = Credentials(login="boss", password="a long pass phrase", address="192.0.2.1")
    with patch.object(passwords, "_SEATS", BoundedSemaphore(1)):
        with passwords.seat(), pytest.raises(TooManyLoginsError) as refused:
            log_in(database, shown, NOW)
        assert refused.value.retry_after_seconds == 1
        with database.reading() as session:
            assert session.scalars(select(LoginFailureRow)).all() == []
        assert log_in(database, shown, NOW).token


def test_subjects_tell_neither_names_nor_addresses(database: Database) -> None:
    """They are signed: without the secret nobody can try which name gives which."""
    (of_address, *rest) = subjects_of(SECRET, "bank", "192.0.2.1", None)
    again = subjects_of(ServerSecret(b"l" * 32), "bank", "192.0.2.1", None)
    assert {one.sha256 for one in again}.isdisjoint(
        {of_address.sha256, *(one.sha256 for one in rest)}
    )


def test_the_last_use_is_left_out_when_the_row_is_being_written(database: Database) -> None:
    """Whoever reads waits for nobody; when nobody writes it is noted."""
    admin = _admin(database)
    with database.writing() as session:
        key = issue_key(session, admin, admin.account_id, "x", ["needs:read"], NOW)
    with database.writing() as session:
        key.row.name = "y"
        session.add(key.row)
        session.flush()
        assert actor_by_key(database, key.token, NOW) is not None
    with database.reading() as session:
        assert session.get_one(type(key.row), key.row.id).last_used_at is None
    assert actor_by_key(database, key.token, NOW) is not None
    with database.reading() as session:
        assert session.get_one(type(key.row), key.row.id).last_used_at == NOW


def test_a_session_that_ended_meanwhile_is_not_brought_back(database: Database) -> None:
    """Noting its use takes nothing back."""
    from matcher.services.accounts.sessions import end_session, renewal

    admin = _admin(database)
    with database.writing() as session:
        token = open_session(session, admin.account_id, NOW)
    with database.reading() as session:
        row = session.scalars(select(SessionRow)).one()
    with database.writing() as session:
        end_session(session, token, NOW)
    assert try_update(database, renewal(row, NOW))
    assert actor_by_session(database, token, NOW) is None


def test_revoking_and_deactivating_hold_from_the_commit_on(database: Database) -> None:
    """Before it the key lets in, after it no more, in this process and in any other."""
    admin, second = _admin(database), _admin(database, "second")
    with database.writing() as session:
        one = issue_key(session, admin, admin.account_id, "x", ["needs:read"], NOW)
        two = issue_key(session, admin, second.account_id, "x", ["needs:read"], NOW)
        token = open_session(session, second.account_id, NOW)
    with database.writing() as session:
        revoke_key(session, admin, one.row.id, NOW)
        change_account(session, BY_HAND, second.account_id, AccountChange(is_active=False), NOW)
        assert actor_by_key(database, one.token, NOW) is not None
    assert actor_by_key(database, one.token, NOW) is None
    assert actor_by_key(database, two.token, NOW) is None
    assert actor_by_session(database, token, NOW) is None
    with database.reading() as session:
        assert session.get_one(AccountRow, second.account_id).is_active is False


def test_a_form_holds_for_its_session_alone() -> None:
    """Another session's token, another server's, a changed one: none holds."""
    token = csrf_token(SECRET, "session")
    assert csrf_holds(SECRET, "session", token)
    assert not csrf_holds(SECRET, "another", token)
    assert not csrf_holds(ServerSecret(b"l" * 32), "session", token)
    for wrong in ("", token[:-1], token + "A", "é", "\ud800"):
        assert not csrf_holds(SECRET, "session", wrong)


def test_a_signature_is_for_one_purpose_and_one_cut_of_words() -> None:
    """What was signed for one thing is no signature of another, nor of words cut elsewhere."""
    signature = SECRET.sign("a", "b", "c")
    assert SECRET.holds(signature, "a", "b", "c")
    for parts in (("b", "b", "c"), ("a", "bc"), ("a", "b", "c", ""), ("a", 'b", "c')):
        assert not SECRET.holds(signature, *parts)


def test_a_mark_is_of_one_name() -> None:
    """Of another name, altered, too long, or none: no browser that was here before."""
    mark = new_mark(SECRET, "bank")
    assert device_of(SECRET, "bank", mark)
    assert device_of(SECRET, "bank", new_mark(SECRET, "bank")) != device_of(SECRET, "bank", mark)
    for login, shown in (
        ("other", mark),
        ("bank", None),
        ("bank", ""),
        ("bank", mark[1:]),
        ("bank", mark + "x" * 300),
        ("bank", "é.é"),
    ):
        assert device_of(SECRET, login, shown) is None


@pytest.mark.parametrize(
    ("typed", "login"),
    [
        (" Officer@Bank.EXAMPLE ", "officer@bank.example"),
        ("a_b-c+d", "a_b-c+d"),
        ("ab", ""),
        ("-ab", ""),
        ("a b", ""),
        ("银行账号", ""),
        ("b\u0430nk", ""),
        ("bank\n", "bank"),
        ("bank\x00", ""),
        ("x" * 129, ""),
    ],
)
def test_a_login_has_one_spelling(typed: str, login: str) -> None:
    """What looks like another's is none."""
    assert normal_login(typed) == login
