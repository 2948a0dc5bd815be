"""The secret of this installation: made at first use, kept in its database, never shown."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass, field

from sqlmodel import Session

from matcher.store import Database
from matcher.store.locks import hold
from matcher.store.tables import SettingRow

NAME = "server_secret"
_BYTES = 32


@dataclass(frozen=True, slots=True)
class ServerSecret:
    """What signs; whoever has it can make what it signs.

    Parameters
    ----------
    key
        256 random bits.
    """

    key: bytes = field(repr=False)

    def sign(self, purpose: str, *parts: str) -> str:
        """Return the signature of some words for one purpose, 43 characters of base64url."""
        message = json.dumps([purpose, *parts]).encode()
        digest = hmac.digest(self.key, message, hashlib.sha256)
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")

    def holds(self, signature: str, purpose: str, *parts: str) -> bool:
        """Tell whether a signature is that of some words, in the same time whatever it is."""
        expected = self.sign(purpose, *parts).encode()
        return hmac.compare_digest(signature.encode(errors="replace"), expected)


def server_secret(database: Database) -> ServerSecret:
    """Return the secret; the first who asks makes it."""
    with database.reading() as session:
        found = _read(session)
    if found is None:
        with database.writing() as session:
            found = _make(session)
    return found


def _read(session: Session) -> ServerSecret | None:
    row = session.get(SettingRow, NAME)
    return None if row is None else ServerSecret(bytes.fromhex(json.loads(row.value)))


def _make(session: Session) -> ServerSecret:
    hold(session, NAME)
    found = _read(session)
    if found is None:
        found = ServerSecret(secrets.token_bytes(_BYTES))
        session.add(SettingRow(name=NAME, value=json.dumps(found.key.hex())))
    return found
