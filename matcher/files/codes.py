"""Kinds of cells that hold a public code: of a firm, a region, an industry."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from matcher.domain.codes import industry_code, is_credit_code, is_region
from matcher.domain.text import Text
from matcher.files.kinds import RefusedError, Words, as_text, plain


@dataclass(frozen=True)
class CreditCode(Words):
    """A unified social credit code. Numbers are refused: a spreadsheet keeps only 15 digits."""

    @property
    def expected(self) -> Text:
        return Text(
            "18 位且校验位正确的统一社会信用代码", "18 characters with a right check character"
        )

    def read(self, value: object, unit: Decimal | None = None) -> str:
        numeric = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
        if numeric or (isinstance(value, str) and re.search(r"\d[eE]\+\d", value)):
            message = Text(
                "信用代码被存成了数字，末几位已丢失",
                "the code was stored as a number and lost digits",
            )
            hint = Text(
                "18 位文本：请把该列设为“文本”格式后重新填写",
                "18 characters as text: format the column as text and enter it again",
            )
            raise RefusedError(message, hint)
        code = plain(value).replace(" ", "").upper()
        if not is_credit_code(code):
            raise RefusedError(Text("信用代码不正确", "not a right credit code"))
        return code

    @property
    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": "^[0-9A-HJ-NPQRTUWXY]{18}$"}


@dataclass(frozen=True)
class Region(Words):
    """A GB/T 2260 code; a spreadsheet may have made a number of it."""

    @property
    def expected(self) -> Text:
        return Text("GB/T 2260 的 2、4 或 6 位代码", "a GB/T 2260 code of 2, 4 or 6 digits")

    def read(self, value: object, unit: Decimal | None = None) -> str:
        code = plain(as_text(value))
        if not is_region(code) or not code.isascii():
            raise ValueError(f"not a region: {value!r}")
        return code

    @property
    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": "^[1-9][0-9]([0-9]{2}){0,2}$"}


@dataclass(frozen=True)
class Industry(Words):
    """A GB/T 4754 code, with or without its letter; returned with it."""

    @property
    def expected(self) -> Text:
        return Text("GB/T 4754 代码，如 C27 或 I651", "a GB/T 4754 code such as C27 or I651")

    def read(self, value: object, unit: Decimal | None = None) -> str:
        code = plain(as_text(value))
        if not code.isascii():
            raise ValueError(f"not an industry: {value!r}")
        return industry_code(code)

    @property
    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": "^[A-T][0-9]{0,4}$"}
