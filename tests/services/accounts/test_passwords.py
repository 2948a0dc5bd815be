"""Passwords: which may be one, and what is kept."""

from __future__ import annotations

import re
from unittest.mock import patch

import pytest

from matcher.domain.errors import Faults
from matcher.services.accounts import passwords
from matcher.services.accounts.passwords import (
    hash_password,
    random_password,
    rehashed,
    require_good_password,
    verify_password,
)
from tests.service import cheap_hasher


def _is_good(password: str, login: str = "officer@bank") -> bool:
    faults = Faults()
    require_good_password(faults, password, login)
    assert all(fault.value is None for fault in faults.found)
    return not faults.found


def test_the_hash_is_argon2id_with_effort() -> None:
    """At least 64 MiB and three passes; salted, so that two of one password differ."""
    kept = hash_password("a long pass phrase")
    found = re.fullmatch(r"\$argon2id\$v=19\$m=(\d+),t=(\d+),p=\d+\$[^$]+\$[^$]+", kept)
    assert found
    assert int(found[1]) >= 65536
    assert int(found[2]) >= 3
    with patch.object(passwords, "_hasher", cheap_hasher):
        one, other = hash_password("a long pass phrase"), hash_password("a long pass phrase")
    assert one != other


@pytest.mark.parametrize(
    ("password", "is_good"),
    [
        ("123456789", False),
        ("1234567890", True),
        ("密码要十个字以上才行", True),
        ("密码太短", False),
        ("x" * 200, True),
        ("x" * 201, False),
        ("OFFICER@bank", False),
        (" officer@bank ", False),
        ("officer@bank!", True),
    ],
)
def test_length_is_asked_and_the_login_refused(password: str, is_good: bool) -> None:
    """Ten characters of any kind; not the login however it is spelt."""
    assert _is_good(password) == is_good


def test_random_passwords_are_good_and_differ() -> None:
    """120 bits each."""
    made = {random_password() for _ in range(100)}
    assert len(made) == 100
    assert all(len(password) == 20 and _is_good(password) for password in made)


@pytest.mark.usefixtures("cheap_passwords")
def test_nothing_but_the_password_is_the_password() -> None:
    """Not a longer one, another case, an empty one, nor one where none is kept."""
    right = "x" * 200
    kept = hash_password(right)
    assert verify_password(right, kept)
    for wrong in ("x" * 199, "x" * 201, "X" * 200, "", "\ud800" * 12, "x\x00"):
        assert not verify_password(wrong, kept)
        assert not verify_password(wrong, None)
    assert not verify_password(right, "no hash at all")


def test_an_unknown_login_costs_what_a_known_one_costs(monkeypatch: pytest.MonkeyPatch) -> None:
    """One verification each, against a hash of the same effort."""
    seen: list[str] = []
    hasher = passwords._hasher()
    known = hash_password("a long pass phrase")

    class Counting:
        hash = hasher.hash

        def verify(self, password: bytes, kept: str) -> bool:
            seen.append(kept.rsplit("$", 2)[0])
            return hasher.verify(password, kept)

    counting = Counting()
    monkeypatch.setattr(passwords, "_hasher", lambda: counting)
    assert not verify_password("wrong", known)
    assert not verify_password("wrong", None)
    assert len(seen) == 2
    assert seen[0] == seen[1]


def test_a_hash_of_less_effort_is_made_anew() -> None:
    """At the next login, and then no more."""
    weak = cheap_hasher().hash("a long pass phrase")
    anew = rehashed("a long pass phrase", weak)
    assert anew is not None
    assert verify_password("a long pass phrase", anew)
    assert rehashed("a long pass phrase", anew) is None
    assert rehashed("a long pass phrase", None) is None
