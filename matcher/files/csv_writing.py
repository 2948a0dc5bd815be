"""Tables as CSV that a spreadsheet opens without running what somebody wrote into a name.

CSV has no types: a program that opens it takes ``=…`` for a formula. Such text gets an apostrophe
before it, as people write it into a cell; `matcher.files.csv_file` takes one off again, so that
what is written reads back as it was. Numbers are left as they are: ``-5`` is one.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from matcher.files.sheet_cells import FORMULA_SIGNS, Value, clean

MARK = "'"
_UNSAFE = re.compile(f"{MARK}*[{re.escape(FORMULA_SIGNS)}]")


def csv_bytes(headers: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """Return a table as CSV in UTF-8 with a mark, by which Excel knows Chinese.

    Parameters
    ----------
    headers
        The first row.
    rows
        Cells: text, numbers, days; None is blank.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([_cell(header) for header in headers])
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _cell(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float | Decimal):
        return f"{value}"
    return unmistakable(value)


def unmistakable(text: str) -> str:
    """Return text as CSV holds it: no control characters, and marked if it looks like a formula.

    Text that has such a mark of its own gets another, so that taking one off gives it back.
    """
    shown = clean(text)
    return f"{MARK}{shown}" if _UNSAFE.match(shown) else shown
