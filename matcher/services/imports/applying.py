"""Records into the live market, one way or the other."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlmodel import Session

from matcher.domain.records import Records
from matcher.domain.text import Text
from matcher.services.records.replacing import Outcome, merge_market, replace_market


class Mode(StrEnum):
    """What becomes of the records that are there and not in the file."""

    REPLACE = "replace"
    MERGE = "merge"

    @property
    def text(self) -> Text:
        """What it does."""
        return _TEXTS[self]


_TEXTS = {
    Mode.REPLACE: Text("整体替换", "replace all of it"),
    Mode.MERGE: Text("按编号合并", "merge by id"),
}


def apply_records(
    session: Session,
    records: Records,
    as_of: date | None,
    mode: Mode,
    now: datetime,
    preview: bool = False,
) -> Outcome:
    """Put records into the live market.

    Parameters
    ----------
    preview
        Whether only to tell what would be done.

    Raises
    ------
    InputError
        With every fault between the records and what is there; nothing is changed then.
    """
    put = replace_market if mode is Mode.REPLACE else merge_market
    return put(session, records, as_of, now, preview)
