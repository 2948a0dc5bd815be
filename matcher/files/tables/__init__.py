"""The schema of a market: six tables, from which reading, writing and the template derive."""

from __future__ import annotations

import difflib

from matcher.files.columns import Table, plain_header
from matcher.files.tables.enterprises import ENTERPRISES
from matcher.files.tables.institutions import INSTITUTIONS
from matcher.files.tables.needs import NEEDS
from matcher.files.tables.policies import POLICIES
from matcher.files.tables.pools import POOLS
from matcher.files.tables.products import PRODUCTS

TABLES = (ENTERPRISES, NEEDS, INSTITUTIONS, PRODUCTS, POOLS, POLICIES)
"""In the order in which people fill them in."""

_BY_NAME = {plain_header(name): t for t in TABLES for name in (t.name, t.text.zh, t.text.en)}


def table_named(name: str) -> Table | None:
    """Return the table that a sheet, file or key is named after, in either language."""
    return _BY_NAME.get(plain_header(name))


def table_meant(name: str) -> Table | None:
    """Return the table that a wrong name was most likely meant for, if any."""
    plain = plain_header(name)
    inside = [table for known, table in _BY_NAME.items() if known in plain]
    close = difflib.get_close_matches(plain, _BY_NAME, n=1, cutoff=0.6)
    return inside[0] if inside else _BY_NAME[close[0]] if close else None
