"""A record as pairs of label and value, in the words of the workbook that it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from matcher.domain.choices import INDICATORS, QUESTIONS, TAGS, Choice
from matcher.domain.code_names import code_text
from matcher.domain.money import money_text, rate_text
from matcher.domain.provenance import Provenance
from matcher.domain.text import Text
from matcher.files.tables import table_named
from matcher.store.mapping import read_documents
from matcher.store.mapping.documents import content_of
from matcher.store.tables import EnterpriseRow, InstitutionRow, ProductRow

_YES, _NO = Text("是", "yes"), Text("否", "no")
_HIDDEN = frozenset({"source", "illustrative", "stated", "name_en"})
_MONTHS, _WORKDAYS = Text("{n} 个月", "{n} months"), Text("{n} 个工作日", "{n} workdays")
_ONE = {
    _MONTHS: Text("{n} 个月", "{n} month"),
    _WORKDAYS: Text("{n} 个工作日", "{n} workday"),
}
_COUNTED = {
    "term_months": _MONTHS,
    "term_min_months": _MONTHS,
    "term_max_months": _MONTHS,
    "term_days": Text("{n} 天", "{n} days"),
    "acceptance_workdays": _WORKDAYS,
    "cash_workdays": _WORKDAYS,
    "spread_bp": Text("{n} 个基点", "{n} basis points"),
    "spread_max_bp": Text("{n} 个基点", "{n} basis points"),
    "staff": Text("{n} 人", "{n} people"),
    "leads": Text("{n} 家", "{n} firms"),
    "contacts": Text("{n} 家", "{n} institutions"),
    "priority": Text("{n}（1 低，5 紧急）", "{n} (1 low, 5 urgent)"),
}
"""Fields that are plain numbers, with what they count."""
_CODES = frozenset({"region", "industry"})


def labelled(table: str, document: str) -> list[tuple[Text, Text]]:
    """Return what is known of a record, each with the header that its column has in a workbook.

    Parameters
    ----------
    table
        Name of the table: ``needs``, ``products``, ….
    document
        The record as the store keeps it.
    """
    (record,) = read_documents(table, [document])
    columns = table_named(table)
    assert columns is not None
    values = (
        (column.text, getattr(record, column.field, None), column.field)
        for column in columns.columns
        if column.field not in _HIDDEN
    )
    pairs = [
        (label, shown(value, field), field) for label, value, field in values if _is_said(value)
    ]
    name_en = getattr(record, "name_en", None)
    return [
        (label, Text(told.zh, name_en) if field == "name" and name_en else told)
        for label, told, field in pairs
    ]


def _is_said(value: Any) -> bool:
    return value is not None and value != () and value != frozenset()


def shown(value: Any, field: str = "") -> Text:
    """Return a value as people read it; the field's name tells money and rates."""
    if isinstance(value, Text):
        return value
    if isinstance(value, bool):
        return _YES if value else _NO
    if isinstance(value, Choice):
        return value.text
    if isinstance(value, int) and field.endswith("_fen"):
        return money_text(value)
    if isinstance(value, Decimal) and ("rate" in field or field.endswith("_share")):
        return rate_text(value)
    if field in _COUNTED:
        words = _COUNTED[field]
        return (_ONE.get(words, words) if value == 1 else words).format(n=value)
    if isinstance(value, date):
        return Text.same(value.isoformat())
    if isinstance(value, str) and field in _CODES:
        return code_text(value)
    if isinstance(value, str) and field == "tags":
        return TAGS.get(value, Text.same(value))
    if isinstance(value, frozenset):
        return Text.join([shown(one, field) for one in sorted(value, key=str)])
    if isinstance(value, tuple):
        return Text.join([_entry(one, field) for one in value], zh="；", en="; ")
    text = getattr(value, "text", None)
    return text if isinstance(text, Text) else Text.same(value)


def _entry(value: Any, field: str) -> Text:
    if isinstance(value, tuple) and len(value) == 2:
        kind, amount = value
        if field == "indicators" and kind in QUESTIONS and amount in (0, 1):
            amount = bool(amount)
        told = _worth(amount) if field == "collateral" else shown(amount)
        return Text("{k} {m}", "{k} {m}").format(k=_name_of_pair(kind, field), m=told)
    return shown(value, field)


def _worth(amount: int | Decimal) -> Text:
    """Return what a need's collateral is worth, or which share of it a product lends on."""
    return money_text(amount) if isinstance(amount, int) else rate_text(amount)


def _name_of_pair(name: Any, field: str) -> Text:
    return INDICATORS.get(name, Text.same(name)) if field == "indicators" else shown(name)


def provenance_of(table: str, document: str) -> Provenance:
    """Return where a record comes from."""
    (record,) = read_documents(table, [document])
    found: Provenance = record.provenance
    return found


def name_of(row: EnterpriseRow | InstitutionRow | ProductRow) -> Text:
    """Return what a firm, an institution or a product is called in both languages."""
    return Text(row.name, content_of(row.document).get("name_en") or row.name)


def words_of(choices: type[Choice], words: str) -> Text:
    """Return the names of words that a row keeps between spaces."""
    return Text.join([choices.parse(word).text for word in words.split()])


def query_of(params: Mapping[str, str], **changed: str | None) -> str:
    """Return the query of a list with some parts changed; those that are None are left out."""
    from urllib.parse import urlencode

    merged = {**params, **changed}
    return urlencode({name: value for name, value in merged.items() if value})
