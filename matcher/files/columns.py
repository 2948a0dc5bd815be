"""Columns and tables of a market, and how a header names one.

A column answers to its Chinese header, its English header and the exact field name, whatever
the case, the spaces and the width of the characters, also with a unit in brackets:
``融资金额(万元)``, ``Amount (10k yuan)``, ``amount_fen``.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeAlias

from matcher.domain.text import Text
from matcher.files.kinds import Kind
from matcher.files.quantities import FEN

Resolve: TypeAlias = Callable[[Mapping[str, object]], tuple[Kind, Decimal | None]]
"""Tells kind and unit of a column from the other cells of the row."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: what it is called, what it holds and how to fill it in.

    Parameters
    ----------
    field
        The field of the record, or of its provenance.
    text
        Its header in Chinese and English, without a unit.
    kind
        What sort of cell it holds.
    note
        One sentence for the person filling it in.
    unit
        The unit that the template writes behind the Chinese header.
    others
        Further headers that mean it.
    example
        The cell of the template's example row.
    in_sheets
        False for what only JSON and TOML can hold.
    resolve
        For a column whose kind depends on the other cells of the row.
    """

    field: str
    text: Text
    kind: Kind
    note: Text
    required: bool = False
    unit: str = ""
    others: tuple[str, ...] = ()
    example: object = None
    in_sheets: bool = True
    resolve: Resolve | None = None

    @property
    def header(self) -> str:
        """The header in the template."""
        return f"{self.text.zh}({self.unit})" if self.unit else self.text.zh

    @property
    def fen_name(self) -> str | None:
        """The name under which whole fen are written and read."""
        if not self.kind.in_fen:
            return None
        return self.field if self.field.endswith("_fen") else f"{self.field}_fen"

    def wire_name(self, kind: Kind) -> str:
        """Return the name in JSON of a value of ``kind``."""
        return (self.fen_name if kind.in_fen else None) or self.field

    def kind_in(self, row: Mapping[str, object]) -> tuple[Kind, Decimal | None]:
        """Return the kind in a row, and the unit that the row itself states."""
        return self.resolve(row) if self.resolve else (self.kind, None)


@dataclass(frozen=True, slots=True)
class Heading:
    """A header of a file, understood: the column that it names and the unit that it states."""

    header: str
    column: Column
    unit: Decimal | None = None


@dataclass(frozen=True)
class Table:
    """One table: of a market, or another that is read the same way.

    Parameters
    ----------
    name
        The key in JSON; for a table of a market, the field of `Records` too.
    text
        What a sheet is called.
    record
        The class of a row.
    columns
        In the order of the template.
    required
        Whether a market has to bring it.
    """

    name: str
    text: Text
    record: type[Any]
    columns: tuple[Column, ...]
    required: bool = False
    names: dict[str, tuple[Column, Decimal | None]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        names: dict[str, tuple[Column, Decimal | None]] = {}
        for column in self.columns:
            for name in (column.field, column.text.zh, column.text.en, *column.others):
                names[plain_header(name)] = (column, None)
            if column.fen_name:
                names[plain_header(column.fen_name)] = (column, FEN)
        object.__setattr__(self, "names", names)

    def heading(self, header: str) -> Heading | None:
        """Return what a header means, None if it is not known here."""
        name = plain_header(header)
        if name in self.names:
            return Heading(header, *self.names[name])
        match = re.fullmatch(r"(.+?)[(\[【]([^()\[\]【】]+)[)\]】]", name)
        if not match or match.group(1) not in self.names:
            return None
        column, implied = self.names[match.group(1)]
        unit = column.kind.units.get(match.group(2))
        return None if unit is None or implied is not None else Heading(header, column, unit)

    def nearest(self, header: str) -> Text:
        """Return the header that was most likely meant, else all of them."""
        bare = re.sub(r"[(\[【].*", "", plain_header(header))
        close = difflib.get_close_matches(bare, self.names, n=1, cutoff=0.5)
        if close:
            return Text("“{t}”？", "'{t}'?").format(t=self.names[close[0]][0].text)
        return Text.join([column.text for column in self.columns if column.in_sheets])

    @property
    def has_provenance(self) -> bool:
        """Whether a row says where it comes from."""
        return any(column.field == "source" for column in self.columns)

    def column(self, name: str) -> Column:
        """Return the column of a field."""
        return next(column for column in self.columns if column.field == name)


def plain_header(header: str) -> str:
    """Return a header for comparison: NFKC, lower case, without spaces, _, - and a * of duty."""
    return re.sub(r"[\s_*\-]+", "", unicodedata.normalize("NFKC", header).casefold())
