"""The ways to divide needs into groups: by size class, sector, region or priority."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from matcher.domain.choices import Size
from matcher.domain.enterprise import Enterprise, Need
from matcher.domain.text import Text

UNKNOWN = "–"
_NOT_KNOWN = Text("未填", "not stated")


@dataclass(frozen=True, slots=True)
class Dimension:
    """A way to divide needs into groups."""

    name: str
    text: Text
    key: Callable[[Need, Enterprise], str]
    label: Callable[[str], Text]


def _size(need: Need, firm: Enterprise) -> str:
    return UNKNOWN if firm.size is None else firm.size.value


def _size_text(key: str) -> Text:
    return _NOT_KNOWN if key == UNKNOWN else Size.parse(key).text


def _plain(key: str) -> Text:
    return _NOT_KNOWN if key == UNKNOWN else Text.same(key)


DIMENSIONS: dict[str, Dimension] = {
    d.name: d
    for d in (
        Dimension("size", Text("企业规模", "size class"), _size, _size_text),
        Dimension(
            "sector",
            Text("行业门类", "sector"),
            lambda _, firm: (firm.industry or UNKNOWN)[0],
            _plain,
        ),
        Dimension("region", Text("地区", "region"), lambda _, f: f.region or UNKNOWN, _plain),
        Dimension("priority", Text("优先级", "priority"), lambda n, _: str(n.priority), _plain),
    )
}
"""The ways to divide needs, by name."""
