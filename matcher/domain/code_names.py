"""What the codes of regions and industries are called.

Names of regions are data in Chinese; a code that is not in the tables is shown as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from matcher.domain.text import Text

_PROVINCE, _CITY = 2, 4
_DIVISION = 3


@cache
def _regions() -> Mapping[str, str]:
    return dict(line.split(",", 1) for line in _lines("regions.csv"))


@cache
def _industries() -> Mapping[str, Text]:
    rows = (line.split(";") for line in _lines("industries.csv"))
    return {code: Text(zh, en) for code, zh, en in rows}


def _lines(name: str) -> list[str]:
    text = files("matcher.domain").joinpath(name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@cache
def region_name(code: str) -> str | None:
    """Return what a GB/T 2260 code of 2, 4 or 6 digits is called, a district after its city.

    ``330108`` is 杭州市滨江区; where no city stands between, as in 北京市东城区, the province does.
    """
    known = _regions()
    if code not in known:
        return None
    if len(code) <= _CITY:
        return known[code]
    return known.get(code[:_CITY], known[code[:_PROVINCE]]) + known[code]


def industry_name(code: str) -> Text | None:
    """Return what the division of a GB/T 4754 code is called; of a letter alone, its section."""
    return _industries().get(code[:_DIVISION])


def code_text(code: str) -> Text:
    """Return a code of a region or of an industry with its name in front, where it has one.

    An industry begins with a letter, a region with a digit. Regions have no English names here:
    in English the code stands alone.
    """
    if code[:1].isalpha():
        industry = industry_name(code)
        told = (
            None
            if industry is None
            else Text(f"{industry.zh}（{code}）", f"{industry.en} ({code})")
        )
    else:
        region = region_name(code)
        told = None if region is None else Text(f"{region}（{code}）", code)
    return Text.same(code) if told is None else told
