"""Limits, rates and dates of a published product, and what of them could not be read.

Publishers write numbers as text, and some of the text is no number. What cannot be read is
unknown and said so in a note; it is never guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal

from matcher.domain.money import FEN_PER_YUAN, MAX_FEN, parse_number, parse_rate
from matcher.domain.text import Text
from matcher.files.cdr.payload import Clause, Published, Rate

_LONGEST_NUMBER = 40
_OFFERS = ("FIXED", "VARIABLE", "MARKET_LINKED", "FLOATING")
_EASTERN = timezone(timedelta(hours=10))

# Charged on what is drawn beyond the limit or not repaid: the price of a breach, not of a loan.
_BREACH = re.compile(r"\b(unarranged|excess (drawing|debit)|debit excess)\b", re.I)
# Publishers write 2999 and 9999 where there is no last day.
_OPEN_END = re.compile(r"(29\d\d|[3-9]\d{3})-")
_FOREIGN = re.compile(
    r"^(AED|CAD|CHF|CNY|DKK|EUR|FJD|GBP|HKD|JPY|NOK|NZD|PGK|QAR|SEK|SGD|THB|USD|ZAR)\b"
)
_MARGIN = re.compile(r"\bmargins?\b", re.I)

_RATE_UNREAD = Text("公布的利率“{v}”不可用，按未公布处理", "published rate '{v}' taken as unknown")
_LIMIT_UNREAD = Text(
    "公布的额度“{v}”不可用，按未公布处理", "published limit '{v}' taken as unknown"
)
_DATE_UNREAD = Text("公布的日期“{v}”不可用，按未公布处理", "published date '{v}' taken as unknown")
_SEVERAL = Text(
    "公布了多个{side}（{v}），取最宽的一个，其余见条件",
    "several {side}s ({v}): the widest is taken, the conditions stand as criteria",
)
_ON_TOP = Text("公布利率之上可能另加点差", "a margin may come on top of the published rate")
_SIDES = {
    "MIN_LIMIT": Text("最低额度", "lower limit"),
    "MAX_LIMIT": Text("最高额度", "upper limit"),
}


@dataclass(frozen=True, slots=True)
class Span:
    """The two ends of a quantity, each None where it is not known, and the notes on both."""

    low: int | None
    high: int | None
    notes: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Interest:
    """The lowest and, where several are offered, the highest yearly rate."""

    low: Decimal | None
    high: Decimal | None
    notes: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Validity:
    """First and last day of an offer."""

    first: date | None
    last: date | None
    notes: tuple[Text, ...]


def read_fen(words: str, exchange_rate: Decimal) -> int | None:
    """Read an amount in dollars and return it in fen of the market, None if it is no amount."""
    dollars = _read(words, rate=False)
    if dollars is None or not 0 <= dollars <= MAX_FEN:
        return None
    fen = dollars * exchange_rate * FEN_PER_YUAN
    return int(fen.to_integral_value(ROUND_HALF_UP)) if fen <= MAX_FEN else None


def read_share(words: str) -> Decimal | None:
    """Read a fraction above 0 and at most 1."""
    value = _read(words, rate=True)
    return value if value is not None and 0 < value <= 1 else None


def read_limits(published: Published, exchange_rate: Decimal) -> Span:
    """Read the least and the most that is lent: of several limits of a kind, the widest.

    An upper limit of 0 is unknown: nobody publishes a loan of nothing. Balances of the account
    (MIN_BALANCE, MAX_BALANCE) are no limits of the loan.
    """
    notes: list[Text] = []
    low = _limit(published.constraints, "MIN_LIMIT", exchange_rate, notes)
    high = _limit(published.constraints, "MAX_LIMIT", exchange_rate, notes)
    return Span(min(low, default=None), max(high, default=None), tuple(notes))


def read_interest(published: Published) -> Interest:
    """Read the range of the rates that are offers.

    Left out are penalties and discounts, rates of other currencies and rates for overdrawing.
    A rate of 0 or above 1 is unknown: 0.0 stands where a rate is agreed one by one, and 6.5
    could mean a percentage as well as a slip.
    """
    offers = [rate for rate in published.rates if is_offer(rate)]
    read = [(rate, read_share(rate.rate)) for rate in offers]
    notes = [_RATE_UNREAD.format(v=rate.rate) for rate, value in read if value is None]
    notes += [_ON_TOP for rate, value in read if value is not None and _MARGIN.search(rate.info)]
    values = [value for _, value in read if value is not None]
    low, high = min(values, default=None), max(values, default=None)
    return Interest(low, None if low == high else high, tuple(dict.fromkeys(notes)))


def is_offer(rate: Rate) -> bool:
    """Tell whether a published rate is one at which the market's currency is lent."""
    words = f"{rate.value} {rate.info}"
    is_breach = bool(_BREACH.search(words)) or bool(_FOREIGN.search(rate.info))
    return rate.kind in _OFFERS and not is_breach


def read_validity(published: Published) -> Validity:
    """Read the first and last day, as published, on the calendar of eastern Australia (UTC+10).

    Publishers end their days at 14:00 UTC: ``2019-12-31T14:00Z`` is 1 January 2020.
    """
    written = (published.effective_from, published.effective_to)
    first, last = (_day(words) for words in written)
    is_open = bool(_OPEN_END.match(published.effective_to))
    unread = [w for w, day in zip(written, (first, last), strict=True) if w and day is None]
    notes = [_DATE_UNREAD.format(v=w) for w in unread if not (is_open and w == written[1])]
    return Validity(first, None if is_open else last, tuple(notes))


def _read(words: str, rate: bool) -> Decimal | None:
    try:
        if len(words) > _LONGEST_NUMBER:
            return None
        return parse_rate(words) if rate else parse_number(words)
    except ValueError:
        return None


def _limit(
    clauses: tuple[Clause, ...], kind: str, exchange_rate: Decimal, notes: list[Text]
) -> list[int]:
    stated = [c for c in clauses if c.kind == kind]
    read = [(c.value, read_fen(c.value, exchange_rate)) for c in stated]
    if kind == "MAX_LIMIT":
        read = [(words, fen or None) for words, fen in read]
    notes += [_LIMIT_UNREAD.format(v=words) for words, fen in read if fen is None]
    found = [fen for _, fen in read if fen is not None]
    if len(set(found)) > 1:
        notes.append(_SEVERAL.format(side=_SIDES[kind], v=", ".join(c.value for c in stated)))
    return found


def _day(words: str) -> date | None:
    try:
        moment = datetime.fromisoformat(words)
        return (moment.astimezone(_EASTERN) if moment.tzinfo else moment).date()
    except (ValueError, OverflowError):
        return None
