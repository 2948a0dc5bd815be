"""The seed files as they stand, and the documents that they quote."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import seeds
from matcher.domain.records import ID_FIELDS
from matcher.files.tables import table_named

DOCUMENTS = Path(os.environ.get("YINQI_DATA", "../shared/data")).parent / "seeds"
ELLIPSIS = "…"
APART = {"source", "illustrative", "stated", "name_en", "issuer_en", "category_en"}


@dataclass(frozen=True)
class RawRecord:
    """One record of a seed file."""

    file: str
    table: str
    row: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.file}: {self.row[ID_FIELDS[self.table]]}"

    @property
    def is_illustrative(self) -> bool:
        """Whether no document states the record at all."""
        return self.row.get("illustrative") is True

    @property
    def illustrative(self) -> list[str]:
        """The fields marked illustrative, of a record that is partly stated."""
        marked: list[str] = [] if self.is_illustrative else self.row.get("illustrative", [])
        return [self._field(name) for name in marked]

    @property
    def stated(self) -> dict[str, str]:
        """The words of the document by field."""
        return {self._field(name): words for name, words in self.row.get("stated", {}).items()}

    @property
    def fields(self) -> set[str]:
        """The fields that are set and that the provenance must account for."""
        named = set(self.row) - APART
        return {self._field(name) for name in named if not name.endswith("_id")}

    def _field(self, name: str) -> str:
        table = table_named(self.table)
        heading = table.heading(name) if table else None
        assert heading is not None, f"{self}: {name}"
        return heading.column.field


RECORDS = tuple(
    RawRecord(path.name, table, row)
    for path in sorted(seeds.data_dir().glob("*.toml"))
    for table, rows in tomllib.loads(path.read_text(encoding="utf-8")).items()
    for row in rows
)


def one_spaced(text: str) -> str:
    """Return text with every run of white space as one space."""
    return re.sub(r"\s+", " ", text).strip()
