"""Columns that many tables have, each time a new one: a column belongs to one table."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, LargeBinary, Text
from sqlmodel import Field

from matcher.store.types import Instant


def moment(**options: Any) -> Any:
    """Return a column of a moment (Asia/Shanghai when read)."""
    return Field(sa_type=Instant, **options)


def fen(**options: Any) -> Any:
    """Return a column of an amount in fen."""
    return Field(sa_type=BigInteger, **options)


def document() -> Any:
    """Return a column of canonical JSON."""
    return Field(sa_type=Text)


def optional_document() -> Any:
    """Return a column of canonical JSON, or nothing."""
    return Field(default=None, sa_type=Text, nullable=True)


def content() -> Any:
    """Return a column of bytes."""
    return Field(sa_type=LargeBinary)
