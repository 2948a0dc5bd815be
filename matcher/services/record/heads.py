"""A signed head for each day, to be kept outside: in a mail, on paper, in another house.

The key is a file that only the service may read; whoever can write to the database cannot sign
with it, and whoever has the public key can check a head without the service.

References
----------
RFC 8032, Edwards-Curve Digital Signature Algorithm (2017).
"""

from __future__ import annotations

import base64
import json
import os
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from sqlmodel import Session

from matcher.domain.chain import Head
from matcher.domain.errors import Fault, InputError
from matcher.domain.moments import CHINA
from matcher.domain.text import Text
from matcher.services.record.append import head_of
from matcher.store.tables import ChainHeadRow

FORMAT = "yinqi-head/1"


@dataclass(frozen=True, slots=True)
class SignedHead:
    """The head of the record on one day."""

    day: date
    head: Head
    signature: str

    @property
    def document(self) -> dict[str, Any]:
        """The head as values of JSON, to be kept."""
        return {
            "format": FORMAT,
            "day": self.day.isoformat(),
            "number": self.head.number,
            "sha256": self.head.sha256,
            "signature": self.signature,
        }


def signing_key(path: Path) -> Ed25519PrivateKey:
    """Return the key of a file; a new one is made where there is none.

    Raises
    ------
    InputError
        If the file holds no such key or cannot be made.
    """
    try:
        if not path.exists():
            _make_key(path)
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        message = Text("签名密钥文件不可用", "the file with the signing key cannot be used")
        raise InputError([Fault(message, file=path.name, value=type(error).__name__)]) from None
    if not isinstance(key, Ed25519PrivateKey):
        message = Text("不是 Ed25519 密钥", "is no Ed25519 key")
        raise InputError([Fault(message, file=path.name)])
    return key


def _make_key(path: Path) -> None:
    pem = Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another process was quicker
        return
    with os.fdopen(handle, "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())


def public_pem(key: Ed25519PrivateKey) -> str:
    """Return the public half, as people hand it on."""
    found = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return found.decode()


def seal(session: Session, day: date, key: Ed25519PrivateKey, now: datetime) -> SignedHead | None:
    """Sign the last entry of the record up to the end of a day, once; None if there is none.

    The head of a day that has one is given back as it is.
    """
    row = session.get(ChainHeadRow, day)
    if row is not None:
        return SignedHead(row.day, Head(row.number, row.sha256), row.signature)
    head = head_of(session, _end_of(day))
    if head is None:
        return None
    signature = base64.b64encode(key.sign(_message(day, head))).decode()
    session.add(
        ChainHeadRow(
            day=day,
            number=head.number,
            sha256=head.sha256,
            signature=signature,
            public_key=public_pem(key),
            created_at=now,
        )
    )
    session.flush()
    return SignedHead(day, head, signature)


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), CHINA)


def read_head(document: Any, pem: str) -> Head:
    """Return a head that was kept, if its signature holds.

    Raises
    ------
    InputError
        If it is no head, or not signed with this key.
    """
    try:
        key = load_pem_public_key(pem.encode())
        if not isinstance(key, Ed25519PublicKey) or document["format"] != FORMAT:
            raise ValueError("another format")
        head = Head(int(document["number"]), str(document["sha256"]))
        day = date.fromisoformat(document["day"])
        key.verify(base64.b64decode(document["signature"], validate=True), _message(day, head))
    except (InvalidSignature, ValueError, KeyError, TypeError, AttributeError):
        message = Text("链头不可用或签名不符", "is no head with a signature that holds")
        raise InputError([Fault(message)]) from None
    return head


def _message(day: date, head: Head) -> bytes:
    return json.dumps([FORMAT, day.isoformat(), head.number, head.sha256]).encode()
