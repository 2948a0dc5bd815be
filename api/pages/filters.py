"""How figures look on a page: 万元, percent, days and times of Asia/Shanghai."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from api.pages.views.records import name_of
from matcher.domain.choices import Purpose
from matcher.domain.code_names import code_text
from matcher.domain.moments import CHINA
from matcher.domain.money import money_text, rate_text
from matcher.domain.text import Lang, Text
from matcher.store.mapping.documents import content_of
from matcher.store.tables import EnterpriseRow, InstitutionRow, NeedRow, ProductRow

NOTHING = "–"
_CENT = Decimal("0.01")


def show_text(value: Any, lang: Lang) -> str:
    """Return a sentence in a language: a `Text`, or the pair of one as JSON has it."""
    if isinstance(value, Text):
        return value.of(lang)
    if isinstance(value, dict):
        return str(value[lang.value])
    return str(value)


def show_after(label: str, value: Any, lang: Lang) -> str:
    """Return a label that ends in a colon with what it is of: no space where it is a wide one."""
    return label + ("" if label.endswith("：") else " ") + show_text(value, lang)


def show_code(code: str | None, lang: Lang) -> str:
    """Return a region or an industry by its name and code."""
    return code_text(code).of(lang) if code else NOTHING


def show_list(texts: Iterable[Text], lang: Lang) -> str:
    """Return sentences as one, with the commas of a language."""
    return Text.join(list(texts)).of(lang)


def show_phrases(texts: Iterable[Any], lang: Lang) -> str:
    """Return sentences that have commas of their own as one, between semicolons."""
    semicolon = Text("；", "; ").of(lang)
    return semicolon.join(show_text(text, lang) for text in texts)


def show_name(row: EnterpriseRow | InstitutionRow | ProductRow, lang: Lang) -> str:
    """Return what a firm, an institution or a product is called in a language."""
    return name_of(row).of(lang)


def show_purpose(row: NeedRow, lang: Lang) -> str:
    """Return what the money of a need is for, as its firm knows it; its id where nobody said."""
    word = content_of(row.document).get("purpose")
    return Purpose.parse(word).text.of(lang) if word else row.key


def show_money(amount_fen: int | None, lang: Lang) -> str:
    """Return an amount as people write it, in 万元 where that is whole enough."""
    return NOTHING if amount_fen is None else money_text(amount_fen).of(lang)


def show_rate(rate: Decimal | str | None, lang: Lang) -> str:
    """Return a yearly rate in percent."""
    if rate is None:
        return NOTHING
    shown = rate_text(Decimal(rate))
    return shown.of(lang) if isinstance(shown, Text) else str(shown)


def show_percent(rate: Decimal | str | None) -> str:
    """Return a yearly rate in percent with two places, as offers are compared."""
    return NOTHING if rate is None else f"{(Decimal(rate) * 100).quantize(_CENT, ROUND_HALF_UP)}%"


def show_day(day: date | str | None) -> str:
    """Return a day as ``2027-06-18``."""
    return NOTHING if day is None else str(day)[:10]


def show_moment(moment: datetime | None) -> str:
    """Return a moment to the minute, in the office's own time."""
    return NOTHING if moment is None else f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M}"


def show_share(value: float | None) -> str:
    """Return a fraction in percent, with one decimal."""
    return NOTHING if value is None else f"{value * 100:.1f} %"
