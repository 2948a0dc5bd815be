"""Money in whole fen, rates as exact fractions, and how people write both.

One yuan is 100 fen, so that sums are exact. Sheets bring amounts as ``350万``, ``3,500,000`` or
``三百五十万``; all three are 350,000,000 fen.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Context, Decimal, Inexact, InvalidOperation, Overflow, localcontext

from matcher.domain.text import Text

FEN_PER_YUAN = 100
YUAN = Decimal(1)
WAN = Decimal(10_000)
MAX_FEN = 10**15
"""Largest amount taken, 10 trillion yuan: larger ones are slips, and sums stay in 64 bits."""

_FEN = Decimal("0.01")
_EXACT = Context(traps=[Inexact, InvalidOperation, Overflow])
"""Refuses what 28 digits cannot hold, where the default would round in silence."""
_LONGEST_NUMERAL = 60
"""Characters of a Chinese numeral; 10^16 needs half of them, and each 亿 nests the reader."""

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")}
_DIGITS |= {c: i for i, c in enumerate("〇壹贰叁肆伍陆柒捌玖")}
_DIGITS |= {"两": 2, "兩": 2}
_SMALL_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_LARGE_UNITS = {"亿": 10**8, "億": 10**8, "万": 10**4, "萬": 10**4}
_NUMERAL = re.compile(
    f"[{''.join(_DIGITS)}{''.join(_SMALL_UNITS)}{''.join(_LARGE_UNITS)}]+"
    f"(点[{''.join(_DIGITS)}]+)?[万萬亿億]?"
)
# A zero that stands behind a digit or at the end: 五零, 一百零.
_STRAY_ZERO = re.compile(f"[^零〇{''.join(_SMALL_UNITS)}][零〇]|[^零〇][零〇]+$")
# A comma is taken only as a thousands separator; "3,5" and "0,500" are refused, not guessed.
_NUMBER = re.compile(
    r"([+-]?(?:[1-9]\d{0,2}(?:,\d{3})+|\d+)(?:\.\d+)?|[+-]?\.\d+)"
    r"(?:[eE]\+?(\d{1,2}))?([十百千]?[万萬亿億]?|[kmKM]|wan|yi|mn?|bn)?"
)
_SCALES = {
    "": 1,
    "十": 10,
    "百": 100,
    "千": 1000,
    "k": 1000,
    "m": 10**6,
    "mn": 10**6,
    "bn": 10**9,
    "wan": 10**4,
    "yi": 10**8,
}


def parse_number(text: str) -> Decimal:
    """Read a number as people write it: digits, thousands commas, 万/亿, Chinese numerals.

    Raises
    ------
    ValueError
        If the text is no number, is not finite, or has more than 28 significant digits.
    """
    plain = unicodedata.normalize("NFKC", text).strip().replace(" ", "").replace("_", "")
    try:
        with localcontext(_EXACT):
            return _read_number(plain)
    except ArithmeticError:
        raise ValueError(f"too many digits to be kept exactly: {text!r}") from None


def _read_number(plain: str) -> Decimal:
    match = _NUMBER.fullmatch(plain)
    if match:
        digits, exponent, scale = match.groups()
        value = Decimal(digits.replace(",", "")) * Decimal(10) ** int(exponent or 0)
        return value * _scale(scale or "")
    if len(plain) <= _LONGEST_NUMERAL and _NUMERAL.fullmatch(plain):
        return +_parse_numeral(plain)
    raise ValueError(f"not a number: {plain!r}")


def _scale(unit: str) -> int:
    if unit.lower() in _SCALES:
        return _SCALES[unit.lower()]
    small, large = (unit[:-1], unit[-1]) if unit[-1] in _LARGE_UNITS else (unit, "")
    return _SCALES[small] * _LARGE_UNITS.get(large, 1)


def _parse_numeral(text: str) -> Decimal:
    """Read 三百五十万, 一亿二千万, 三百五十万零五百, 三点五万."""
    head, _, tail = text.partition("点")
    if tail:
        unit = _LARGE_UNITS.get(tail[-1])
        digits = tail[:-1] if unit else tail
        if not digits or any(c not in _DIGITS for c in digits):
            raise ValueError(f"not a number: {text!r}")
        fraction = Decimal("0." + "".join(str(_DIGITS[c]) for c in digits))
        return (_parse_integer(head) + fraction) * (unit or 1)
    return Decimal(_parse_integer(head))


def _parse_integer(text: str) -> int:
    """Read a whole Chinese numeral: sections split at 亿, then at 万, then digit × unit."""
    for unit_chars, factor in (("亿億", 10**8), ("万萬", 10**4)):
        position = max(text.rfind(c) for c in unit_chars)
        if position >= 0:
            head, tail = text[:position], text[position + 1 :]
            if not head:
                raise ValueError(f"not a number: {text!r}")
            rest = _parse_integer(tail) if tail else 0
            # 一万二 is 12,000 to a speaker and 10,002 to a reader of digits: refused, and so is
            # 三亿五千, which people say for 350 million.
            least = 10 if factor == 10**4 else 10**4
            dropped = tail[:1] not in ("", "零", "〇") and rest < least
            if rest >= factor or dropped or (tail and not rest):
                raise ValueError(f"not a number: {text!r}")
            return _parse_integer(head) * factor + rest
    return _parse_section(text)


def _parse_section(text: str) -> int:
    """Read up to 千: units must fall, so that 百千 is refused; 三五零 is read digit by digit.

    A digit that drops its unit (一百二, which people say for 120) is refused, not guessed.
    """
    if len(text) > 2 and all(c in _DIGITS for c in text) and text[0] not in "零〇":
        return int("".join(str(_DIGITS[c]) for c in text))
    if _STRAY_ZERO.search(text):
        raise ValueError(f"not a number: {text!r}")
    total, digit, last_unit = 0, None, 10_000
    for char in text.replace("零", "").replace("〇", ""):
        if char in _DIGITS:
            if digit is not None:
                raise ValueError(f"not a number: {text!r}")
            digit = _DIGITS[char]
            continue
        unit = _SMALL_UNITS[char]
        leading_ten = unit == 10 and digit is None and total == 0
        if unit >= last_unit or (digit is None and not leading_ten):
            raise ValueError(f"not a number: {text!r}")
        total, digit, last_unit = total + (1 if digit is None else digit) * unit, None, unit
    if digit is not None and last_unit in (100, 1000) and text[-2] not in "零〇":
        raise ValueError(f"not a number: {text!r}")
    return total + (digit or 0)


def parse_money(text: str, unit: Decimal = YUAN) -> int:
    """Read an amount and return it in fen.

    Parameters
    ----------
    text
        ``350万``, ``3,500,000``, ``三百五十万``, ``¥1.2亿元``, ``5,000.50元``.
    unit
        What one means when the text names no unit of its own: `YUAN`, or `WAN` under a
        header that says 万元.

    Raises
    ------
    ValueError
        If it is no amount, is negative or infinite, has parts of a fen or exceeds `MAX_FEN`.
    """
    plain = unicodedata.normalize("NFKC", text).strip().replace(" ", "")
    plain = re.sub(r"^(?:人民币|rmb|cny|¥)", "", plain, flags=re.IGNORECASE)
    plain = re.sub(r"[整正]$", "", plain)
    stripped = re.sub(r"(?:元|圆|块|yuan|rmb|cny)$", "", plain, flags=re.IGNORECASE)
    names_unit = stripped != plain or any(c in stripped for c in "万萬亿億kKmMbwy")
    return to_fen(parse_number(stripped) * (YUAN if names_unit else unit))


def to_fen(yuan: Decimal | int) -> int:
    """Turn yuan into whole fen.

    Raises
    ------
    ValueError
        If the amount is negative, not finite, has parts of a fen or exceeds `MAX_FEN`.
    """
    amount = Decimal(yuan)
    if not amount.is_finite() or amount < 0 or amount > MAX_FEN // FEN_PER_YUAN:
        raise ValueError(f"not an amount: {yuan}")
    try:
        return int(amount.quantize(_FEN, context=_EXACT) * FEN_PER_YUAN)
    except Inexact:
        raise ValueError(f"an amount has whole fen: {yuan}") from None


def parse_rate(text: str) -> Decimal:
    """Read ``2.65%``, ``6‰`` or ``0.0265`` as an exact fraction.

    Raises
    ------
    ValueError
        If it is no finite number.
    """
    plain = unicodedata.normalize("NFKC", text).strip().replace(" ", "")
    for sign, places in (("%", 2), ("‰", 3), ("bp", 4)):
        if plain.endswith(sign):
            return parse_number(plain.removesuffix(sign)).scaleb(-places)
    return parse_number(plain)


def money_text(fen: int) -> Text:
    """Write an amount as screens show it: 万元 in Chinese, grouped yuan in English."""
    yuan = Decimal(fen) / FEN_PER_YUAN
    places = 2 if fen % FEN_PER_YUAN else 0
    in_wan = places == 0 and (yuan >= WAN or fen == 0)
    zh = f"{(yuan / WAN).normalize():,f}万元" if in_wan else f"{yuan:,.{places}f}元"
    return Text(zh, f"{yuan:,.{places}f} yuan")


def rate_text(rate: Decimal) -> Text:
    """Write a fraction as percent, with as many places as it needs and at least two."""
    percent = (rate * 100).normalize()
    exponent = percent.as_tuple().exponent
    places = max(2, -exponent if isinstance(exponent, int) else 2)
    return Text.same(f"{percent:.{places}f}%")
