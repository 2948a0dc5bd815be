"""Tables that are looked for together, and which of them a sheet, file or key is named after."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from matcher.files.columns import Table, plain_header
from matcher.files.tables import TABLES


@dataclass(frozen=True)
class TableSet:
    """The tables of one kind of file.

    Parameters
    ----------
    tables
        In the order in which people fill them in.
    sole
        The table that a CSV file is taken for whatever its name; None where the name decides.
    """

    tables: tuple[Table, ...]
    sole: Table | None = None

    @cached_property
    def by_name(self) -> Mapping[str, Table]:
        """Every name of every table, as `plain_header` writes it."""
        named = [(n, t) for t in self.tables for n in (t.name, t.text.zh, t.text.en)]
        return {plain_header(name): table for name, table in named}

    def named(self, name: str) -> Table | None:
        """Return the table that a sheet, file or key is named after, in either language."""
        return self.by_name.get(plain_header(name))

    def meant(self, name: str) -> Table | None:
        """Return the table that a wrong name was most likely meant for, if any."""
        plain = plain_header(name)
        inside = [table for known, table in self.by_name.items() if known in plain]
        close = difflib.get_close_matches(plain, self.by_name, n=1, cutoff=0.6)
        return inside[0] if inside else self.by_name[close[0]] if close else None


MARKET = TableSet(TABLES)
