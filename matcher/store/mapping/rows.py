"""Which row a record becomes: the table, and the columns that lists search and sort by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias
from uuid import UUID

from matcher.domain.enterprise import Enterprise, Need
from matcher.domain.institution import Institution, Pool, Product
from matcher.domain.policy import Policy
from matcher.domain.records import ID_FIELDS
from matcher.store.mapping.documents import document_of
from matcher.store.tables import (
    EnterpriseRow,
    InstitutionRow,
    NeedRow,
    PolicyRow,
    PoolRow,
    ProductRow,
)

Ids: TypeAlias = Mapping[str, Mapping[str, UUID]]
"""Table → the id that people gave a record → the id of its row."""

MAX_NAME = 500
"""Characters of a name that lists search and show; the document has all of them."""

_LAST_DAY = date.max


@dataclass(frozen=True, slots=True)
class TableRows:
    """How the records of one table are kept.

    Parameters
    ----------
    name
        The field of `Records`.
    row
        The class of their rows.
    key
        The field with the id that people gave.
    columns
        Makes the columns beside key, position, document and time of change.
    """

    name: str
    row: type[Any]
    key: str
    columns: Callable[[Any, Ids], dict[str, Any]]

    def key_of(self, record: Any) -> str:
        """Return the id that people gave a record."""
        found: str = getattr(record, self.key)
        return found


def columns_of(table: TableRows, record: Any, ids: Ids) -> dict[str, Any]:
    """Return the columns of a record's row that follow from the record.

    Parameters
    ----------
    ids
        The rows of what records refer to.

    Raises
    ------
    KeyError
        If the record refers to what has no row.
    """
    own = {"key": table.key_of(record), "document": document_of(record)}
    return {**own, **table.columns(record, ids)}


def _enterprise(record: Enterprise, _: Ids) -> dict[str, Any]:
    return {
        "name": record.name[:MAX_NAME],
        "credit_code": record.credit_code,
        "region": record.region,
        "industry": record.industry,
        "size": None if record.size is None else record.size.value,
    }


def _need(record: Need, ids: Ids) -> dict[str, Any]:
    return {
        "enterprise_id": ids["enterprises"][record.enterprise_id],
        "amount_fen": record.amount_fen,
        "needed_by": record.needed_by,
        "received": record.received,
        "deadline_order": record.needed_by or _LAST_DAY,
        "received_order": record.received or _LAST_DAY,
        "priority": record.priority,
        "instruments": words_of(sorted(one.value for one in record.instruments)),
    }


def _institution(record: Institution, _: Ids) -> dict[str, Any]:
    return {
        "name": record.name[:MAX_NAME],
        "kind": record.kind.value,
        "region": record.region,
    }


def _product(record: Product, ids: Ids) -> dict[str, Any]:
    return {
        "institution_id": ids["institutions"][record.institution_id],
        "name": record.name[:MAX_NAME],
        "instrument": record.instrument.value,
    }


def _named(record: Pool | Policy, _: Ids) -> dict[str, Any]:
    return {"name": record.name[:MAX_NAME]}


def words_of(words: list[str]) -> str:
    """Return words as a column that can be searched for each of them, between spaces."""
    return f" {' '.join(words)} "


TABLE_ROWS = (
    TableRows("enterprises", EnterpriseRow, ID_FIELDS["enterprises"], _enterprise),
    TableRows("institutions", InstitutionRow, ID_FIELDS["institutions"], _institution),
    TableRows("pools", PoolRow, ID_FIELDS["pools"], _named),
    TableRows("policies", PolicyRow, ID_FIELDS["policies"], _named),
    TableRows("products", ProductRow, ID_FIELDS["products"], _product),
    TableRows("needs", NeedRow, ID_FIELDS["needs"], _need),
)
"""In an order in which each row's references are there before it."""

TABLE_NAMES = {table.name: table for table in TABLE_ROWS}
