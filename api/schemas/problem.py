"""Problem documents as they go over the wire (RFC 9457)."""

from __future__ import annotations

from reprlib import Repr
from typing import Annotated, Self

from pydantic import ConfigDict, Field

from api.schemas.base import Schema, TextPublic
from matcher.domain.errors import Fault
from matcher.files.tables import table_named

_SHOWN = 120
_SHORT = Repr()
_SHORT.maxstring = _SHORT.maxother = _SHORT.maxlong = _SHOWN
_SHORT.maxlevel = 2


class FaultPublic(Schema):
    """One thing wrong with the input, and where it stands."""

    file: Annotated[str | None, Field(description="File that was sent in, as its sender calls it.")]
    table: Annotated[str | None, Field(description="Table of the market.")]
    row: Annotated[int | None, Field(description="Row of the table, counted from 1.")]
    field: Annotated[
        str | None, Field(description="Field of the row; else a path into the request.")
    ]
    column: Annotated[str | None, Field(description="Header of the column in the file.")]
    value: Annotated[str | None, Field(description="What was found, shortened.")]
    expected: Annotated[TextPublic | None, Field(description="What would have been accepted.")]
    message: Annotated[TextPublic, Field(description="What is wrong.")]

    @classmethod
    def of(cls, fault: Fault) -> Self:
        """Take over a fault."""
        table = table_named(fault.sheet) if fault.sheet else None
        return cls(
            file=_shown(fault.file),
            table=table.name if table else _shown(fault.sheet),
            row=fault.row,
            field=_shown(fault.field or fault.column),
            column=_shown(fault.column),
            value=_shown(fault.value),
            expected=None if fault.expected is None else TextPublic.of(fault.expected),
            message=TextPublic.of(fault.message),
        )


class ProblemPublic(Schema):
    """What went wrong (RFC 9457), with every fault that was found."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "urn:yinqi:problem:invalid-input",
                    "title": "输入不可用",
                    "status": 422,
                    "detail": "取值不可用",
                    "instance": "/plans",
                    "num_faults": 1,
                    "faults": [
                        {
                            "file": "market.xlsx",
                            "table": "needs",
                            "row": 2,
                            "field": "amount_fen",
                            "column": "融资金额",
                            "value": "-5",
                            "expected": {"zh": "不小于 0 的数", "en": "a number of 0 or more"},
                            "message": {"zh": "取值不可用", "en": "cannot be used"},
                        }
                    ],
                }
            ]
        }
    )

    type: Annotated[str, Field(description="URN of the kind of problem; it never changes.")]
    title: Annotated[str, Field(description="The kind of problem, in the reader's language.")]
    status: Annotated[int, Field(description="HTTP status.", ge=400, le=599)]
    detail: Annotated[str, Field(description="What happened, in the reader's language.")]
    instance: Annotated[str, Field(description="Path of what was asked for.")]
    num_faults: Annotated[int, Field(description="How many faults were found.", ge=0)]
    faults: Annotated[
        list[FaultPublic], Field(description="The faults in both languages, at most 1000.")
    ]


def _shown(value: object) -> str | None:
    """Print a value shortened, whatever its size."""
    if value is None:
        return None
    if isinstance(value, str):
        return value if len(value) <= _SHOWN else f"{value[:_SHOWN]}…"
    return _SHORT.repr(value) if isinstance(value, dict | list | tuple) else f"{value!s:.{_SHOWN}}"
