"""Passwords: what may be one, its slow hash, and a check that tells nothing by its time.

References
----------
NIST SP 800-63B (length before composition; Unicode normalised before it is hashed); RFC 9106
(Argon2), whose second recommended parameters are those of pwdlib.
"""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import BoundedSemaphore

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError

from matcher.domain.errors import Faults
from matcher.domain.text import Text
from matcher.services.accounts.errors import TooManyLoginsError

MIN_LENGTH = 10
MAX_LENGTH = 200
_RANDOM_BYTES = 15
_AT_ONCE = BoundedSemaphore(2)
"""How many are hashed at once: each takes 64 MiB, and a flood of logins must not take it all."""

_SEATS = BoundedSemaphore(16)
"""How many logins may be under way: the threads that they wait in are those that others read in."""


def require_good_password(
    faults: Faults, password: str, login: str, field: str = "password"
) -> None:
    """Note a fault if a password is too short, or is the login; the fault does not tell it."""
    holds = MIN_LENGTH <= len(password) <= MAX_LENGTH
    length = Text("{a} 到 {b} 个字符", "{a} to {b} characters")
    faults.require(holds, field, None, length.format(a=MIN_LENGTH, b=MAX_LENGTH))
    differs = password.strip().casefold() != login
    faults.require(differs, field, None, Text("不同于账号", "something else than the login"))


@contextmanager
def seat() -> Iterator[None]:
    """Take a seat for a login that is under way.

    Raises
    ------
    TooManyLoginsError
        If all are taken; waiting for one would keep others from being answered.
    """
    if not _SEATS.acquire(blocking=False):
        raise TooManyLoginsError(1)
    try:
        yield
    finally:
        _SEATS.release()


def random_password() -> str:
    """Return a password of 120 random bits, to be shown once."""
    return secrets.token_urlsafe(_RANDOM_BYTES)


def hash_password(password: str) -> str:
    """Return what is kept of a password."""
    with _AT_ONCE:
        return _hasher().hash(_bytes(password))


def verify_password(password: str, kept: str | None) -> bool:
    """Tell whether a password is the one that is kept.

    It takes as long where nothing is kept (no such account, or none with a password), so that
    the time does not tell which logins exist.
    """
    hasher = _hasher()
    other = _hash_of_nothing(hasher)  # made by whichever login comes first, known or not
    try:
        with _AT_ONCE:
            holds = hasher.verify(_bytes(password), kept or other)
    except UnknownHashError:  # a row that somebody spoilt lets nobody in
        return False
    return holds and kept is not None and len(password) <= MAX_LENGTH


def rehashed(password: str, kept: str | None) -> str | None:
    """Return a new hash of a password that was right, if the old was made with less effort."""
    hasher = _hasher().current_hasher
    if kept is None or not hasher.check_needs_rehash(kept):
        return None
    return hash_password(password)


@cache
def _hasher() -> PasswordHash:
    return PasswordHash.recommended()


@cache
def _hash_of_nothing(hasher: PasswordHash) -> str:
    return hasher.hash(random_password())


def _bytes(password: str) -> bytes:
    # One keyboard composes what another types in one piece; half a surrogate is no password.
    return unicodedata.normalize("NFKC", password[:MAX_LENGTH]).encode(errors="replace")
