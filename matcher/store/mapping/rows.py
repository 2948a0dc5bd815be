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
from matcher.domain.records import ID_FIELDS, REFERENCES
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
        Makes the columns beside key, owner, position, document and time of change.
    owner
        The column with the row that a record belongs to, the field with its key, its table.
    """

    name: str
    row: type[Any]
    key: str
    columns: Callable[[Any], dict[str, Any]]
    owner: tuple[str, str, str] | None = None

    def key_of(self, record: Any) -> str:
        """Return the id that people gave a record."""
        found: str = getattr(record, self.key)
        return found


@dataclass(frozen=True, slots=True)
class Prepared:
    """A record as it will be kept, but for the ids of rows: plain values of JSON and days.

    Parameters
    ----------
    key
        The id that people gave it.
    columns
        Columns of its row that say nothing of other rows.
    references
        By field, the keys of the records that it refers to; a need that every institution may
        see has no ``consent`` here.
    """

    key: str
    document: str
    columns: Mapping[str, Any]
    references: Mapping[str, tuple[str, ...]]

    def columns_with(self, table: TableRows, ids: Ids) -> dict[str, Any]:
        """Return all columns that follow from the record.

        Raises
        ------
        KeyError
            If the record belongs to what has no row.
        """
        found = {"key": self.key, "document": self.document, **self.columns}
        if table.owner is not None:
            column, field, target = table.owner
            found[column] = ids[target][self.references[field][0]]
        return found

    def to_json(self) -> list[Any]:
        """Return it as values of JSON."""
        columns = {name: _shown(value) for name, value in self.columns.items()}
        return [self.key, self.document, columns, dict(self.references)]

    @classmethod
    def of(cls, content: list[Any]) -> Prepared:
        """Read what `to_json` wrote."""
        key, document, columns, references = content
        days = {n: date.fromisoformat(columns[n]) for n in _DAYS if columns.get(n) is not None}
        named = {name: tuple(keys) for name, keys in references.items()}
        return cls(key, document, {**columns, **days}, named)


_DAYS = ("needed_by", "received", "deadline_order", "received_order")


def _shown(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def prepare(table: TableRows, record: Any) -> Prepared:
    """Return a record as it will be kept."""
    references = {
        field: tuple(sorted(value)) if isinstance(value, frozenset) else (value,)
        for name, field, _ in REFERENCES
        if name == table.name and (value := getattr(record, field)) is not None
    }
    return Prepared(table.key_of(record), document_of(record), table.columns(record), references)


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
    return prepare(table, record).columns_with(table, ids)


def _enterprise(record: Enterprise) -> dict[str, Any]:
    return {
        "name": record.name[:MAX_NAME],
        "credit_code": record.credit_code,
        "region": record.region,
        "industry": record.industry,
        "size": None if record.size is None else record.size.value,
    }


def _need(record: Need) -> dict[str, Any]:
    return {
        "amount_fen": record.amount_fen,
        "needed_by": record.needed_by,
        "received": record.received,
        "deadline_order": record.needed_by or _LAST_DAY,
        "received_order": record.received or _LAST_DAY,
        "priority": record.priority,
        "instruments": words_of(sorted(one.value for one in record.instruments)),
    }


def _institution(record: Institution) -> dict[str, Any]:
    return {
        "name": record.name[:MAX_NAME],
        "kind": record.kind.value,
        "region": record.region,
    }


def _product(record: Product) -> dict[str, Any]:
    return {
        "name": record.name[:MAX_NAME],
        "instrument": record.instrument.value,
    }


def _named(record: Pool | Policy) -> dict[str, Any]:
    return {"name": record.name[:MAX_NAME]}


def words_of(words: list[str]) -> str:
    """Return words as a column that can be searched for each of them, between spaces."""
    return f" {' '.join(words)} "


TABLE_ROWS = (
    TableRows("enterprises", EnterpriseRow, ID_FIELDS["enterprises"], _enterprise),
    TableRows("institutions", InstitutionRow, ID_FIELDS["institutions"], _institution),
    TableRows("pools", PoolRow, ID_FIELDS["pools"], _named),
    TableRows("policies", PolicyRow, ID_FIELDS["policies"], _named),
    TableRows(
        "products",
        ProductRow,
        ID_FIELDS["products"],
        _product,
        ("institution_id", "institution_id", "institutions"),
    ),
    TableRows(
        "needs",
        NeedRow,
        ID_FIELDS["needs"],
        _need,
        ("enterprise_id", "enterprise_id", "enterprises"),
    ),
)
"""In an order in which each row's references are there before it."""

TABLE_NAMES = {table.name: table for table in TABLE_ROWS}
