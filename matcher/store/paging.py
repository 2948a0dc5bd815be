"""Pages of a list by cursor: where the last page ended, and never an offset that could overflow."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_
from sqlalchemy.orm import InstrumentedAttribute

from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Text

MAX_LIMIT = 100
MAX_CURSOR_LENGTH = 400
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is asked for.

    Parameters
    ----------
    limit
        The most rows, 1 to `MAX_LIMIT`.
    after
        The cursor that the page before ended with; None for the first.
    """

    limit: int = 20
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Slice(Generic[T]):
    """One page: its rows, and the cursor to go on with if there are more."""

    rows: tuple[T, ...]
    next: str | None

    def map(self, function: Callable[[T], Any]) -> Slice[Any]:
        """Return the page of what a function makes of each row."""
        return Slice(tuple(function(row) for row in self.rows), self.next)


@dataclass(frozen=True, slots=True)
class Order:
    """What a list is sorted by: a column without gaps (no NULL), ties by id.

    Parameters
    ----------
    parse
        Reads the column's value out of a cursor; raises `ValueError` or `TypeError`.
    """

    column: InstrumentedAttribute[Any]
    identity: InstrumentedAttribute[Any]
    parse: Callable[[Any], Any] = str
    descending: bool = False

    def apply(self, query: Select[Any], page: Page) -> Select[Any]:
        """Sort a query and take the page, one row more to know whether there is another.

        Raises
        ------
        InputError
            If the cursor is none that this list gave.
        """
        if page.after is not None:
            query = query.where(self._beyond(*self._read(page.after)))
        return self.sort(query).limit(min(page.limit, MAX_LIMIT) + 1)

    def sort(self, query: Select[Any]) -> Select[Any]:
        """Sort a query and take all of it."""
        by = (self.column, self.identity)
        return query.order_by(*([c.desc() for c in by] if self.descending else by))

    def slice(self, rows: Sequence[T], page: Page) -> Slice[T]:
        """Make the page of the rows that the query gave."""
        limit = min(page.limit, MAX_LIMIT)
        kept = tuple(rows[:limit])
        return Slice(kept, self._cursor(kept[-1]) if len(rows) > limit else None)

    def _beyond(self, value: Any, identity: UUID) -> ColumnElement[bool]:
        column, ident = self.column, self.identity
        if self.descending:
            return or_(column < value, and_(column == value, ident < identity))
        return or_(column > value, and_(column == value, ident > identity))

    def _cursor(self, row: Any) -> str:
        value = getattr(row, self.column.key)
        shown = value.isoformat() if isinstance(value, date | datetime) else value
        content = json.dumps([shown, getattr(row, self.identity.key).hex])
        return base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")

    def _read(self, cursor: str) -> tuple[Any, UUID]:
        try:
            if len(cursor) > MAX_CURSOR_LENGTH:
                raise ValueError("too long")
            padded = cursor + "=" * (-len(cursor) % 4)
            value, identity = json.loads(base64.b64decode(padded, b"-_", validate=True))
            return self.parse(value), UUID(hex=identity)
        except (ValueError, TypeError, AttributeError, RecursionError, binascii.Error):
            message = Text("翻页标记不可用", "is no cursor of this list")
            raise InputError([Fault(message, "cursor", cursor[:60])]) from None


def whole_number(value: Any) -> int:
    """Read a whole number that fits a column; for `Order.parse`."""
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= 2**63:
        raise ValueError("not a whole number")
    return value


def moment(value: Any) -> datetime:
    """Read a moment with its zone; for `Order.parse`."""
    found = datetime.fromisoformat(value)
    if found.tzinfo is None:
        raise ValueError("no time zone")
    return found


def day(value: Any) -> date:
    """Read a day; for `Order.parse`."""
    return date.fromisoformat(value)
