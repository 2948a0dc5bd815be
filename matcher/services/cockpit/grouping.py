"""The tables of the cockpit: by month, sector, size, region, institution; days to cash."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

from matcher.domain.text import Text
from matcher.services.cockpit.counting import lines_of
from matcher.services.cockpit.facts import NeedFact
from matcher.services.reporting.report import Grid
from matcher.services.statistics import Line, Unit
from matcher.services.statistics.sectors import NOT_STATED
from matcher.services.store_statistics.blocks import SECTORS, SIZES, grouped
from matcher.services.store_statistics.reading import Traced
from matcher.services.store_statistics.tally import tally

MOST_REGIONS = 20
MOST_MONTHS = 60
OTHERS = Text("其余", "others")
OF_A_BANK = (
    "num_leads", "num_accepted", "num_declined", "num_approved", "num_disbursed", "disbursed",
    "response_days", "cash_days",
)  # fmt: skip
WAITS = ((0, 3), (4, 7), (8, 15), (16, 30), (31, None))
"""The classes of days to cash, both ends in."""

Group = tuple[Text, Sequence[NeedFact]]


def by_size(needs: Sequence[NeedFact]) -> Grid:
    """Return the figures of each size class."""
    return _grid(Text("分规模", "By size"), grouped(needs, SIZES, lambda need: need.size))


def by_sector(needs: Sequence[NeedFact]) -> Grid:
    """Return the figures of each sector."""
    return _grid(Text("分行业", "By sector"), grouped(needs, SECTORS, lambda need: need.sector))


def by_region(needs: Sequence[NeedFact]) -> Grid:
    """Return the figures of the regions with most needs, and of all others together."""
    found: dict[str | None, list[NeedFact]] = defaultdict(list)
    for need in needs:
        found[need.region].append(need)
    codes = sorted((c for c in found if c), key=lambda code: (-len(found[code]), code))
    groups: list[Group] = [(Text.same(code), found[code]) for code in codes[:MOST_REGIONS]]
    if rest := [need for code in codes[MOST_REGIONS:] for need in found[code]]:
        groups.append((OTHERS, rest))
    if None in found:
        groups.append((NOT_STATED, found[None]))
    return _grid(Text("分地区", "By region"), groups)


def _grid(title: Text, groups: Sequence[Group]) -> Grid:
    headers = tuple(line.label for line in lines_of(()))
    return Grid(title, headers, tuple((text, lines_of(some)) for text, some in groups))


def by_institution(needs: Sequence[NeedFact]) -> Grid:
    """Return what became of the leads of each institution, most leads first."""
    found: dict[str, list[Traced]] = defaultdict(list)
    for need in needs:
        for lead in need.leads:
            found[lead.institution].append(lead)
    order = sorted(found, key=lambda key: (-len(found[key]), key))
    rows = tuple(
        (Text.same(found[key][0].institution_name), _of_a_bank(found[key])) for key in order
    )
    headers = tuple(line.label for line in _of_a_bank(()))
    return Grid(Text("分机构", "By institution"), headers, rows)


def _of_a_bank(leads: Sequence[Traced]) -> tuple[Line, ...]:
    lines = {line.key: line for line in tally(leads).lines}
    return tuple(lines[key] for key in OF_A_BANK)


def by_month(needs: Sequence[NeedFact]) -> Grid:
    """Return what happened in each month, from the first in which anything did to the last."""
    received, matched, paid = Counter[date](), Counter[date](), Counter[date]()
    asked_fen, paid_fen = Counter[date](), Counter[date]()
    for need in needs:
        if need.received is not None:
            received[_month(need.received)] += 1
            asked_fen[_month(need.received)] += need.amount_fen
        if need.matched_on is not None:
            matched[_month(need.matched_on)] += 1
        for day, amount in need.paid:
            paid[_month(day)] += 1
            paid_fen[_month(day)] += amount
    headers = tuple(line.label for line in _of_a_month(0, 0, 0, 0, 0))
    months = list(_months([*received, *matched, *paid]))[-MOST_MONTHS:]
    rows = tuple(
        (
            Text.same(f"{month:%Y-%m}"),
            _of_a_month(
                received[month], asked_fen[month], matched[month], paid[month], paid_fen[month]
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


def _month(day: date) -> date:
    return day.replace(day=1)


def _months(seen: Sequence[date]) -> Iterator[date]:
    """Yield every month from the first seen to the last, those in which nothing was as well."""
    month = min(seen, default=date.max)
    while seen and month <= max(seen):
        yield month
        year, number = divmod(month.year * 12 + month.month, 12)
        month = date(year, number + 1, 1)


def by_wait(needs: Sequence[NeedFact]) -> Grid:
    """Return how many needs waited how long for their money."""
    waits = [need.days_to_cash for need in needs]
    days = [day for day in waits if day is not None]
    label = Text("需求数", "needs")
    rows = tuple(
        (_class_text(low, high), (Line("num_needs", label, _between(days, low, high)),))
        for low, high in WAITS
    )
    return Grid(Text("到账天数分布", "Days to cash"), (label,), rows if days else ())


def _between(days: Sequence[int], low: int, high: int | None) -> int:
    return sum(max(day, 0) >= low and (high is None or day <= high) for day in days)


def _class_text(low: int, high: int | None) -> Text:
    if high is None:
        return Text(f"{low} 天以上", f"{low} days and more")
    return Text(f"{low}–{high} 天", f"{low} to {high} days")
