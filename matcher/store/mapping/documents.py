"""A record as the document that its row keeps: the JSON of a market file, on one line."""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from matcher.files import read_table, write_record

CONSENT = "consent"
"""Not in the document of a need: who may see it stands in rows of its own and nowhere else."""


def document_of(record: object) -> str:
    """Return the document of a record of any table; equal records have the same one.

    Fields stand in the order of the table's columns, which is not that of their names: the
    words that a source states keep their order.
    """
    content = write_record(record)
    content.pop(CONSENT, None)
    return json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def content_of(document: str) -> dict[str, Any]:
    """Return the JSON object that a document is."""
    found: dict[str, Any] = json.loads(document, parse_float=Decimal)
    return found


def read_documents(table: str, documents: Iterable[str]) -> tuple[Any, ...]:
    """Return the records of documents of one table, in the same order.

    Raises
    ------
    InputError
        If a document was changed behind the service's back, naming every fault.
    """
    return read_table(table, [content_of(document) for document in documents], origin="database")
