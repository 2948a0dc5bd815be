"""CSV, JSON and TOML before they are parsed: encoding, depth, length of lines and numbers."""

from __future__ import annotations

import re

from matcher.domain.text import Text
from matcher.files.encoding import decode
from matcher.files.guard.findings import Findings
from matcher.files.guard.limits import Limits
from matcher.files.raw import MAX_ROWS, Gathered

MAX_LINE = 500_000
"""Characters of one line of CSV: five hundred columns of a thousand characters."""

MAX_NUMBER = 64
MAX_EXPONENT = 400
MAX_DOTS = 32
# Every pattern matches whatever is there up to its end, so that none of them looks twice.
_JSON = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\Z|\\\Z)|[\[\]{}]|[+-]?\d[\w.+-]*+', re.S)
_TOML = re.compile(
    r'"""(?:[^\\"]|\\.|"(?!""))*+(?:"""|\Z|\\\Z)'
    r"|'''(?:[^']|'(?!''))*+(?:'''|\Z)"
    r'|"[^"\\\n]*+(?:\\.[^"\\\n]*+)*+(?:"|\n|\Z|\\\Z)'
    r"|'[^'\n]*+(?:'|\n|\Z)|#[^\n]*+|[\[\]{}]|[\w+-][\w.+-]*+",
    re.S,
)
_LINE = re.compile(r"[^\r\n]+")
_EXPONENT = re.compile(r"[eE]([+-]?\d+)\Z")


def check_json(data: bytes, limits: Limits, found: Findings) -> None:
    """Note JSON that nests too deep or has numbers of absurd length."""
    text = _text(data, found)
    if text is not None:
        _check_tokens(_JSON, text, limits, found)


def check_toml(data: bytes, limits: Limits, found: Findings) -> None:
    """Note the same of TOML, and keys of too many parts."""
    text = _text(data, found)
    if text is not None:
        _check_tokens(_TOML, text, limits, found)


def check_csv(data: bytes, limits: Limits, found: Findings) -> None:
    """Note CSV with a line or a number of lines that no table has."""
    text = _text(data, found)
    if text is None:
        return
    for number, line in enumerate(_LINE.finditer(text), start=1):
        if line.end() - line.start() > MAX_LINE:
            most = Text(f"每行不超过 {MAX_LINE} 个字符", f"lines of at most {MAX_LINE} characters")
            found.add("有一行太长", "a line is too long", value=number, expected=most)
            return
        if number > 20 * MAX_ROWS:
            found.add("行数太多", "there are too many lines",
                      expected=Text.same(f"≤ {MAX_ROWS}"))  # fmt: skip
            return


def _text(data: bytes, found: Findings) -> str | None:
    gathered = Gathered()
    text = decode(data, found.file, gathered)
    found.faults += gathered.faults
    return text if not gathered.faults else None


def _check_tokens(pattern: re.Pattern[str], text: str, limits: Limits, found: Findings) -> None:
    """Walk over brackets and numbers; strings and comments are passed over."""
    depth = deepest = 0
    for match in pattern.finditer(text):
        first = text[match.start()]
        if first in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif first in "]}":
            depth -= 1
        elif first not in "\"'#":
            _check_word(match.group(), found)
    if deepest > limits.max_depth:
        most = Text.same(f"≤ {limits.max_depth}")
        found.add("嵌套太深", "nested too deep", value=deepest, expected=most)


def _check_word(word: str, found: Findings) -> None:
    """Note a number that no quantity has; in TOML a word may also be a key."""
    if word.count(".") > MAX_DOTS:
        found.add("键的层级太多", "a key has too many parts", value=word)
    elif word.lstrip("+-")[:1] not in set("0123456789"):
        return
    elif len(word) > MAX_NUMBER:
        most = Text(f"不超过 {MAX_NUMBER} 位", f"at most {MAX_NUMBER} digits")
        found.add("有一个数太长", "a number is too long", value=word, expected=most)
    elif (exponent := _EXPONENT.search(word)) and abs(int(exponent[1])) > MAX_EXPONENT:
        found.add("有一个数大得没有意义", "a number is out of all range", value=word)
