"""Records of the frozen domain to rows and back; the only place that knows both.

`columns_of` says what a row of a record holds, `read_documents` makes records of rows again.
"""

from matcher.store.mapping.documents import document_of, read_documents
from matcher.store.mapping.rows import (
    TABLE_NAMES,
    TABLE_ROWS,
    Ids,
    Prepared,
    TableRows,
    columns_of,
    prepare,
)

__all__ = [
    "TABLE_NAMES",
    "TABLE_ROWS",
    "Ids",
    "Prepared",
    "TableRows",
    "columns_of",
    "document_of",
    "prepare",
    "read_documents",
]
