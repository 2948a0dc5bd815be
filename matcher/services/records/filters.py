"""Which records a list shows, as conditions on their rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_
from sqlmodel import col, select

from matcher.store.mapping.rows import words_of
from matcher.store.paging import Order, day, whole_number
from matcher.store.tables import EnterpriseRow, InstitutionRow, NeedRow, ProductRow


@dataclass(frozen=True, slots=True, kw_only=True)
class FirmFilter:
    """Which firms: all that every given part holds for.

    Parameters
    ----------
    region, industry
        Beginnings of codes: ``3301`` is all of Hangzhou, ``C`` all manufacturing.
    search
        Letters that its name or its key has.
    """

    region: str | None = None
    industry: str | None = None
    size: str | None = None
    search: str | None = None

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """Yield the conditions on an `EnterpriseRow`."""
        if self.region is not None:
            yield col(EnterpriseRow.region).startswith(self.region, autoescape=True)
        if self.industry is not None:
            yield col(EnterpriseRow.industry).startswith(self.industry, autoescape=True)
        if self.size is not None:
            yield col(EnterpriseRow.size) == self.size
        if self.search is not None:
            yield _has(EnterpriseRow, self.search)


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedFilter:
    """Which needs; what is said of the firm has to hold for its firm.

    Parameters
    ----------
    amount_from_fen, amount_to_fen, due_from, due_to
        Ends that are in; a need without a deadline is in no range of deadlines.
    search
        Letters that the need's key, or the name or key of its firm has.
    """

    firm: FirmFilter = FirmFilter()
    enterprise_id: UUID | None = None
    instrument: str | None = None
    amount_from_fen: int | None = None
    amount_to_fen: int | None = None
    due_from: date | None = None
    due_to: date | None = None
    search: str | None = None

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """Yield the conditions on a `NeedRow`."""
        of_firm = list(self.firm.conditions())
        if of_firm:
            yield col(NeedRow.enterprise_id).in_(select(EnterpriseRow.id).where(*of_firm))
        if self.enterprise_id is not None:
            yield col(NeedRow.enterprise_id) == self.enterprise_id
        if self.instrument is not None:
            yield col(NeedRow.instruments).contains(words_of([self.instrument]), autoescape=True)
        yield from self._ranges()
        if self.search is not None:
            firms = select(EnterpriseRow.id).where(_has(EnterpriseRow, self.search))
            own = col(NeedRow.key).icontains(self.search, autoescape=True)
            yield or_(own, col(NeedRow.enterprise_id).in_(firms))

    def _ranges(self) -> Iterator[ColumnElement[bool]]:
        amount, due = col(NeedRow.amount_fen), col(NeedRow.needed_by)
        if self.amount_from_fen is not None:
            yield amount >= self.amount_from_fen
        if self.amount_to_fen is not None:
            yield amount <= self.amount_to_fen
        if self.due_from is not None:
            yield due >= self.due_from
        if self.due_to is not None:
            yield due <= self.due_to


@dataclass(frozen=True, slots=True, kw_only=True)
class InstitutionFilter:
    """Which institutions."""

    kind: str | None = None
    search: str | None = None

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """Yield the conditions on an `InstitutionRow`."""
        if self.kind is not None:
            yield col(InstitutionRow.kind) == self.kind
        yield from named(InstitutionRow, self.search)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferFilter:
    """Which products.

    Parameters
    ----------
    institution_key
        The id in the market of the institution that they are of.
    """

    institution_id: UUID | None = None
    institution_key: str | None = None
    instrument: str | None = None
    search: str | None = None

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """Yield the conditions on a `ProductRow`."""
        if self.institution_id is not None:
            yield col(ProductRow.institution_id) == self.institution_id
        if self.institution_key is not None:
            banks = select(InstitutionRow.id).where(InstitutionRow.key == self.institution_key)
            yield col(ProductRow.institution_id).in_(banks)
        if self.instrument is not None:
            yield col(ProductRow.instrument) == self.instrument
        if self.search is not None:
            yield _has(ProductRow, self.search)


def named(row: type[Any], search: str | None) -> Iterator[ColumnElement[bool]]:
    """Yield the condition that a row's name or key has some letters, if any are given."""
    if search is not None:
        yield _has(row, search)


def _has(row: type[Any], search: str) -> ColumnElement[bool]:
    return or_(
        row.name.icontains(search, autoescape=True), row.key.icontains(search, autoescape=True)
    )


class NeedSort(StrEnum):
    """What a list of needs is sorted by."""

    POSITION = "position"
    AMOUNT = "amount"
    DEADLINE = "deadline"
    RECEIVED = "received"


def need_order(sort: NeedSort, descending: bool) -> Order:
    """Return the order of a list of needs; those without a date come last, or first backwards."""
    column, parse = {
        NeedSort.POSITION: (NeedRow.position, whole_number),
        NeedSort.AMOUNT: (NeedRow.amount_fen, whole_number),
        NeedSort.DEADLINE: (NeedRow.deadline_order, day),
        NeedSort.RECEIVED: (NeedRow.received_order, day),
    }[sort]
    return Order(col(column), col(NeedRow.id), parse, descending)  # type: ignore[arg-type]
