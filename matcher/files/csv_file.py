"""One table as CSV; the file's name says which."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import PurePath

from matcher.domain.text import Text
from matcher.files.encoding import decode
from matcher.files.objects import unknown_table
from matcher.files.raw import Gathered, tabulate
from matcher.files.sheet_cells import FORMULA_SIGNS

MARKED = re.compile(f"'+[{re.escape(FORMULA_SIGNS)}]")
"""Text behind the apostrophe that `matcher.files.csv_writing` puts before what looks so."""


def gather_csv(data: bytes, file: str, gathered: Gathered) -> None:
    """Read a CSV file; one that is named after no table is left unread, a slip of one a fault."""
    stem = PurePath(file).stem
    table = gathered.known.named(stem) or gathered.known.sole
    if table is None and gathered.known.meant(stem) is None:
        gathered.ignored.append(file)
        return
    if table is None:
        gathered.faults.append(unknown_table(stem, file, gathered.known))
        return
    text = decode(data, file, gathered)
    if text is None:
        return
    try:
        tabulate(_grid(text), table, file, stem, gathered)
    except csv.Error as error:
        message = f"{error!s:.200}"
        expected = Text("逗号分隔的表格", "a table separated by commas")
        gathered.fault(f"不是有效的 CSV({message})", f"is not valid CSV ({message})", expected,
                       file=file, sheet=stem)  # fmt: skip


def _grid(text: str) -> Iterator[list[object]]:
    """Return the records; a record is a spreadsheet row, however many lines it fills."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(",\t;", key=first.count)
    lines = io.StringIO(text, newline="")
    records = csv.reader(lines, delimiter=separator, strict=True)
    return ([_unmarked(cell) for cell in row] for row in records)


def _unmarked(cell: str) -> str:
    """Return text without the apostrophe that keeps a spreadsheet from taking it for a formula."""
    return cell[1:] if cell[:1] == "'" and MARKED.match(cell) else cell
