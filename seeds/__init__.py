"""The programmes and cases of the source documents as data, with example firms around them.

Every record names its document. What the document does not state is marked illustrative, and
what it does state is quoted; the files in ``data`` say where a figure is derived or assumed.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from matcher.domain.records import Records
from matcher.files import read_market

SEED_DATE = date(2022, 5, 25)
"""The day of the round: the morning on which the banks met the firm of row A1 (year assumed)."""


def data_dir() -> Path:
    """Return the folder of the TOML files."""
    return Path(__file__).parent / "data"


def report_dir() -> Path:
    """Return the folder of the records that a report counts."""
    return Path(__file__).parent / "report"


def load() -> Records:
    """Return all records, the files in the order of their names.

    Raises
    ------
    InputError
        If a file was changed so that it cannot be read, naming every fault.
    """
    return read_market(data_dir()).records
