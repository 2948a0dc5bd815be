"""What lists of records can be narrowed down by."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query

from api.schemas.plans import Day
from matcher.domain.choices import Instrument, Size
from matcher.domain.money import MAX_FEN
from matcher.services.records.filters import FirmFilter

Search = Annotated[
    str | None,
    Query(
        description="Letters that the name or the id has.",
        min_length=1,
        max_length=100,
        pattern=r"^[^\x00-\x1f\x7f]+$",  # a NUL is no text for PostgreSQL
        examples=["软件"],
    ),
]
Region = Annotated[
    str | None,
    Query(
        description="Beginning of a GB/T 2260 code: `3301` is all of Hangzhou.",
        pattern=r"^[0-9]{2}([0-9]{2}){0,2}$",
        examples=["3301"],
    ),
]
Industry = Annotated[
    str | None,
    Query(
        description="Beginning of a GB/T 4754 code: `C` is all manufacturing.",
        pattern=r"^[A-T][0-9]{0,4}$",
        examples=["C27"],
    ),
]
SizeClass = Annotated[Size | None, Query(description="Size class of the firm.")]
InstrumentAsked = Annotated[Instrument | None, Query(description="Instrument.")]
Fen = Annotated[int | None, Query(description="Whole fen.", ge=0, le=MAX_FEN)]
DayAsked = Annotated[Day | None, Query(description="A day, YYYY-MM-DD.", examples=["2022-06-17"])]
Descending = Annotated[bool, Query(description="Whether the last come first.")]


def asked_firms(
    region: Region = None, industry: Industry = None, size: SizeClass = None
) -> FirmFilter:
    """Return which firms are asked for."""
    return FirmFilter(region=region, industry=industry, size=None if size is None else size.value)


Firms = Annotated[FirmFilter, Depends(asked_firms)]
