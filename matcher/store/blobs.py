"""Bytes that are kept once, by their hash, and never changed."""

from __future__ import annotations

import hashlib
import zlib
from datetime import datetime

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, select

from matcher.store.tables import BlobRow

_LEVEL = 6
"""Of the compression; fixed, so that the same content is the same row."""


def keep(session: Session, content: bytes, media_type: str, now: datetime) -> str:
    """Keep bytes, if they are not kept already.

    Returns
    -------
    str
        Their SHA-256 in hexadecimal digits, by which `fetch` finds them.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    values = {
        "sha256": sha256,
        "media_type": media_type,
        "size_bytes": len(content),
        "compressed": zlib.compress(content, _LEVEL),
        "created_at": now,
    }
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    dialect = sqlite if is_sqlite else postgresql
    # Two may keep the same at once, and neither has to wait or fail for it.
    session.execute(dialect.insert(BlobRow).values(values).on_conflict_do_nothing())
    return sha256


def fetch(session: Session, sha256: str) -> bytes:
    """Return kept bytes.

    Raises
    ------
    LookupError
        If there are none of this hash.
    ValueError
        If what is there has another hash: the database was damaged.
    """
    query = select(BlobRow.compressed).where(BlobRow.sha256 == sha256)
    compressed = session.scalars(query).one_or_none()
    if compressed is None:
        raise LookupError(f"no blob {sha256}")
    content = zlib.decompress(compressed)
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ValueError(f"blob {sha256} is not what was kept")
    return content
