"""The tables of the cockpit: by month, sector, size, region, institution; days to cash."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from matcher.domain.text import Text
from matcher.services.cockpit.counting import ByMonth, Group
from matcher.services.cockpit.sums import LeadSums, Sums, lines_of, total
from matcher.services.reporting.report import Grid
from matcher.services.statistics import Line, Unit
from matcher.services.statistics.sectors import NOT_STATED
from matcher.services.store_statistics.blocks import SECTORS, SIZES, Named

MOST_REGIONS = 20
MOST_MONTHS = 60
OTHERS = Text("其余", "others")
WAITS = ((0, 3), (4, 7), (8, 15), (16, 30), (31, None))
"""The classes of days to cash, both ends in."""

_SIZE, _SECTOR, _REGION = range(3)


def by_size(groups: Mapping[Group, Sums]) -> Grid:
    """Return the figures of each size class."""
    return _grid(Text("分规模", "By size"), _named(_by(groups, _SIZE), SIZES))


def by_sector(groups: Mapping[Group, Sums]) -> Grid:
    """Return the figures of each sector."""
    return _grid(Text("分行业", "By sector"), _named(_by(groups, _SECTOR), SECTORS))


def by_region(groups: Mapping[Group, Sums]) -> Grid:
    """Return the figures of the regions with most needs, and of all others together."""
    found = _by(groups, _REGION)
    codes = sorted((c for c in found if c), key=lambda code: (-found[code].num_needs, code))
    rows = [(Text.same(code), found[code]) for code in codes[:MOST_REGIONS]]
    if rest := codes[MOST_REGIONS:]:
        rows.append((OTHERS, total(found[code] for code in rest)))
    if None in found:
        rows.append((NOT_STATED, found[None]))
    return _grid(Text("分地区", "By region"), rows)


def _by(groups: Mapping[Group, Sums], place: int) -> dict[str | None, Sums]:
    """Put groups together that agree in one of what they are told apart by."""
    found: dict[str | None, Sums] = defaultdict(Sums)
    for group, sums in groups.items():
        found[group[place]].add(sums)
    return dict(found)


def _named(found: Mapping[str | None, Sums], names: Sequence[Named]) -> list[tuple[Text, Sums]]:
    every: list[tuple[str | None, Text]] = [*names, (None, NOT_STATED)]
    return [(text, found[name]) for name, text in every if name in found]


def _grid(title: Text, groups: Sequence[tuple[Text, Sums]]) -> Grid:
    headers = tuple(line.label for line in lines_of(Sums()))
    return Grid(title, headers, tuple((text, lines_of(sums)) for text, sums in groups))


def by_institution(found: Mapping[str, tuple[str, LeadSums]]) -> Grid:
    """Return what became of the leads of each institution, most leads first."""
    order = sorted(found, key=lambda key: (-found[key][1].num_leads, key))
    rows = tuple((Text.same(found[key][0]), found[key][1].lines) for key in order)
    headers = tuple(line.label for line in LeadSums().lines)
    return Grid(Text("分机构", "By institution"), headers, rows)


def by_month(found: ByMonth) -> Grid:
    """Return what happened in each month, from the first in which anything did to the last."""
    headers = tuple(line.label for line in _of_a_month(0, 0, 0, 0, 0))
    months = list(_months([*found.received, *found.matched, *found.paid]))[-MOST_MONTHS:]
    rows = tuple(
        (
            Text.same(f"{month:%Y-%m}"),
            _of_a_month(
                found.received[month],
                found.asked_fen[month],
                found.matched[month],
                found.paid[month],
                found.paid_fen[month],
            ),
        )
        for month in months
    )
    return Grid(Text("逐月", "By month"), headers, rows)


def _of_a_month(
    received: int, asked_fen: int, matched: int, paid: int, paid_fen: int
) -> tuple[Line, ...]:
    return (
        Line("num_needs", Text("新增需求", "needs received"), received),
        Line("asked", Text("需求金额", "asked"), asked_fen, Unit.FEN),
        Line("num_matched", Text("首次匹配", "first matched"), matched),
        Line("num_paid", Text("到账笔数", "payments"), paid),
        Line("paid", Text("到账金额", "money paid out"), paid_fen, Unit.FEN),
    )


def _months(seen: Sequence[date]) -> Iterator[date]:
    """Yield every month from the first seen to the last, those in which nothing was as well."""
    month = min(seen, default=date.max)
    while seen and month <= max(seen):
        yield month
        year, number = divmod(month.year * 12 + month.month, 12)
        month = date(year, number + 1, 1)


def by_wait(waits: Mapping[int, int]) -> Grid:
    """Return how many needs waited how long for their money."""
    label = Text("需求数", "needs")
    rows = tuple(
        (_class_text(low, high), (Line("num_needs", label, _between(waits, low, high)),))
        for low, high in WAITS
    )
    return Grid(Text("到账天数分布", "Days to cash"), (label,), rows if waits else ())


def _between(waits: Mapping[int, int], low: int, high: int | None) -> int:
    return sum(
        number
        for day, number in waits.items()
        if max(day, 0) >= low and (high is None or day <= high)
    )


def _class_text(low: int, high: int | None) -> Text:
    if high is None:
        return Text(f"{low} 天以上", f"{low} days and more")
    return Text(f"{low}–{high} 天", f"{low} to {high} days")
