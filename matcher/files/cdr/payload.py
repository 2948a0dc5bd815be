"""One line of published JSON as plain records, and everything that is wrong with its form."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from decimal import Decimal, DecimalException
from typing import Any, NoReturn, TypeAlias

from matcher.domain.errors import Fault
from matcher.domain.text import Text

Json: TypeAlias = dict[str, Any]

_WRONG = Text("取值不可用", "cannot be used")
_TEXT = Text("文字", "text")
_NUMBER = Text("数字或写成文字的数字", "a number, or a number as text")
_OBJECT = Text("JSON 对象", "a JSON object")
_OBJECTS = Text("JSON 对象的列表", "a list of JSON objects")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Clause:
    """A condition or feature: its type, its value and its words; what is absent is empty."""

    kind: str
    value: str
    info: str


@dataclass(frozen=True, slots=True)
class Rate:
    """A published lending rate, ``rate`` as it was written, ``tiers`` the words on its tiers."""

    kind: str
    rate: str
    value: str
    info: str
    repayment: str
    tiers: str


@dataclass(frozen=True, slots=True)
class Fee:
    """A published fee: an amount, a share of the balance or the transaction, or only words."""

    kind: str
    name: str
    amount: str
    share: str
    period: str
    currency: str
    info: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """One product as its publisher states it, before anything is concluded from it."""

    line: int
    brand_id: str
    brand_name: str
    names_holder: bool
    product_id: str
    name: str
    category: str
    description: str
    effective_from: str
    effective_to: str
    eligibility: tuple[Clause, ...]
    constraints: tuple[Clause, ...]
    features: tuple[Clause, ...]
    rates: tuple[Rate, ...]
    fees: tuple[Fee, ...]


def parse_line(raw: bytes, file: str, row: int) -> Published | list[Fault]:
    """Read one line, or return every fault of it.

    Parameters
    ----------
    raw
        The line as it stands in the file.
    file, row
        Its place, for the faults; rows count from 1.
    """
    form = _Form(file, row)
    holder = _json(raw, form)
    published = _published(holder, form) if holder is not None else None
    return form.faults if published is None or form.faults else published


class _Form:
    """Takes fields out of JSON objects and collects what is wrong with them."""

    def __init__(self, file: str, row: int) -> None:
        self.file = file
        self.row = row
        self.faults: list[Fault] = []

    def refuse(self, column: str | None, value: object, expected: Text) -> None:
        self.faults.append(
            Fault(
                _WRONG,
                value=value,
                expected=expected,
                file=self.file,
                row=self.row,
                column=column,
            )
        )

    def text(self, owner: Json, key: str, path: str = "") -> str:
        """Take a text that may be absent (then it is empty)."""
        value = owner.get(key)
        if isinstance(value, str):
            return _CONTROLS.sub("", value).strip()
        if value is not None:
            self.refuse(path + key, value, _TEXT)
        return ""

    def number(self, owner: Json, key: str, path: str) -> str:
        """Take a number, as text, that may be absent; what it says is judged later."""
        value = owner.get(key)
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            return str(value)
        if value is not None and not isinstance(value, str):
            self.refuse(path + key, value, _NUMBER)
            return ""
        return self.text(owner, key, path)

    def needed(self, owner: Json, key: str, path: str = "") -> str:
        """Take a text that must be there, its white space made plain."""
        value = " ".join(self.text(owner, key, path).split())
        if not value and (owner.get(key) is None or isinstance(owner[key], str)):
            self.refuse(path + key, owner.get(key), Text("非空文字", "text that is not empty"))
        return value

    def objects(self, owner: Json, key: str, path: str) -> list[tuple[str, Json]]:
        """Take a list of objects that may be absent, each with its path."""
        value = owner.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.refuse(path + key, value, _OBJECTS)
            return []
        found = [(f"{path}{key}[{i}].", item) for i, item in enumerate(value)]
        for at, item in found:
            if not isinstance(item, dict):
                self.refuse(at.rstrip("."), item, _OBJECT)
        return [(at, item) for at, item in found if isinstance(item, dict)]


def _json(raw: bytes, form: _Form) -> Json | None:
    """Decode a line; what is no JSON object, or holds half a character, is a fault."""
    try:
        line = raw.decode("utf-8")
        found = json.loads(line, parse_float=Decimal, parse_constant=_no_constant)
        if "\\u" in line:
            json.dumps(found, ensure_ascii=False, default=str).encode("utf-8")
    except (ValueError, RecursionError, DecimalException):
        shown = raw.decode("utf-8", errors="replace").strip()
        form.refuse(None, shown, Text("完整的一行 JSON(UTF-8)", "one whole line of JSON, UTF-8"))
        return None
    if not isinstance(found, dict):
        form.refuse(None, found, _OBJECT)
        return None
    return found


def _no_constant(word: str) -> NoReturn:
    raise ValueError(word)


def _published(holder: Json, form: _Form) -> Published | None:
    product = holder.get("product")
    if not isinstance(product, dict):
        form.refuse("product", product, _OBJECT)
        return None
    at = "product."
    holder_name = form.text(holder, "dataHolderBrandName")
    own_name = form.text(product, "brandName", at) or form.text(product, "brand", at)
    return Published(
        line=form.row,
        brand_id=form.needed(holder, "dataHolderBrandId"),
        brand_name=" ".join((holder_name or own_name).split()) or _no_brand(form),
        names_holder=bool(holder_name),
        product_id=form.needed(product, "productId", at),
        name=form.needed(product, "name", at),
        category=form.text(product, "productCategory", at),
        description=form.text(product, "description", at),
        effective_from=form.text(product, "effectiveFrom", at),
        effective_to=form.text(product, "effectiveTo", at),
        eligibility=_clauses(product, "eligibility", "eligibilityType", form),
        constraints=_clauses(product, "constraints", "constraintType", form),
        features=_clauses(product, "features", "featureType", form),
        rates=tuple(_rate(at, item, form) for at, item in form.objects(product, _RATES, at)),
        fees=tuple(_fee(at, item, form) for at, item in form.objects(product, "fees", at)),
    )


_RATES = "lendingRates"


def _no_brand(form: _Form) -> str:
    expected = Text("品牌名称，此处或 product.brand", "the brand's name, here or in product.brand")
    form.refuse("dataHolderBrandName", None, expected)
    return ""


def _clauses(product: Json, key: str, kind: str, form: _Form) -> tuple[Clause, ...]:
    return tuple(
        Clause(
            form.text(item, kind, at),
            form.number(item, "additionalValue", at),
            form.text(item, "additionalInfo", at),
        )
        for at, item in form.objects(product, key, "product.")
    )


def _rate(at: str, item: Json, form: _Form) -> Rate:
    return Rate(
        form.text(item, "lendingRateType", at),
        form.number(item, "rate", at),
        form.text(item, "additionalValue", at),
        form.text(item, "additionalInfo", at),
        form.text(item, "repaymentType", at),
        "; ".join(_tier(where, tier, form) for where, tier in form.objects(item, "tiers", at)),
    )


def _tier(at: str, item: Json, form: _Form) -> str:
    return f"{form.text(item, 'name', at)} {form.text(item, 'additionalInfo', at)}".strip()


def _fee(at: str, item: Json, form: _Form) -> Fee:
    balance = form.number(item, "balanceRate", at)
    transaction = form.number(item, "transactionRate", at)
    return Fee(
        form.text(item, "feeType", at),
        form.text(item, "name", at),
        form.number(item, "amount", at),
        balance or transaction,
        form.text(item, "additionalValue", at),
        form.text(item, "currency", at),
        form.text(item, "additionalInfo", at),
    )
