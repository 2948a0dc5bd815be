"""The terms of a product in a list: how much it gives, and at what rate or fee."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from matcher.domain.choices import Tenor
from matcher.domain.money import money_text, rate_text
from matcher.domain.text import Text
from matcher.store.mapping.documents import content_of
from matcher.store.tables import ProductRow

_NOTHING = Text.same("–")
_WITHOUT_RATE = frozenset({"grant", "equity", "service"})
_FEES = {
    "fee_once_rate": Text("费率 {r}（一次性）", "fee {r} once"),
    "fee_yearly_rate": Text("费率每年 {r}", "fee {r} a year"),
    "fee_monthly_rate": Text("费率每月 {r}", "fee {r} a month"),
}


def amount_of(row: ProductRow) -> Text:
    """Return the range of amounts of a product."""
    content = content_of(row.document)
    low, high = content.get("amount_min_fen"), content.get("amount_max_fen")
    if low and high:
        return _range(money_text(low), money_text(high))
    if high:
        return Text("至多 {m}", "up to {m}").format(m=money_text(high))
    return Text("{m} 起", "from {m}").format(m=money_text(low)) if low else _NOTHING


def rate_of(row: ProductRow) -> Text:
    """Return the yearly rate of a product, by itself or over the LPR; of one without, its fee."""
    content = content_of(row.document)
    low, high = content.get("rate"), content.get("rate_max")
    if low is not None and (Decimal(low) or high):
        shown = rate_text(Decimal(low))
        return shown if high in (None, low) else _range(shown, rate_text(Decimal(high)))
    if content.get("spread_bp") is not None:
        return _over_the_lpr(content)
    fees = [
        text.format(r=rate_text(Decimal(content[name])))
        for name, text in _FEES.items()
        if Decimal(content.get(name) or 0)
    ]
    if fees:
        return Text.join(fees)
    if content.get("instrument") in _WITHOUT_RATE:
        return _NOTHING
    return _NOTHING if low is None else rate_text(Decimal(low))


def _over_the_lpr(content: Mapping[str, Any]) -> Text:
    low, high = content["spread_bp"], content.get("spread_max_bp")
    points = f"{low:+d}" if high in (None, low) else f"{low:+d} – {high:+d}"
    tenor = Tenor.parse(content["lpr"]).text if content.get("lpr") else Text.same("")
    told = Text("{t} LPR {p} 个基点", "{t} LPR {p} basis points").format(t=tenor, p=points)
    return Text(told.zh.strip(), told.en.strip())


def _range(low: Text, high: Text) -> Text:
    return Text("{a} – {b}", "{a} – {b}").format(a=low, b=high)
