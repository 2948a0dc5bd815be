"""The figures of the cockpit counted need by need in Python: what the database has to agree with.

It reads every need and every lead with the record of what happened to it, and nothing of what the
cockpit itself counts by: the steps of a lead come from the record, not from its columns.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from statistics import median
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from matcher.domain.actor import Actor
from matcher.domain.case import CaseAction
from matcher.domain.moments import china_time
from matcher.domain.text import Text
from matcher.services.cockpit.choosing import Chosen
from matcher.services.reporting.report import Grid
from matcher.services.statistics import Line, Unit, ratio
from matcher.services.statistics.sectors import NOT_STATED
from matcher.services.store_statistics.blocks import SECTORS, SIZES, grouped
from matcher.services.store_statistics.reading import Traced, read_leads
from matcher.services.store_statistics.tally import tally
from matcher.store.tables import EnterpriseRow, NeedRow

MOST_REGIONS = 20
MOST_MONTHS = 60
OTHERS = Text("其余", "others")
OF_A_BANK = (
    "num_leads", "num_accepted", "num_declined", "num_approved", "num_disbursed", "disbursed",
    "response_days", "cash_days",
)  # fmt: skip
WAITS = ((0, 3), (4, 7), (8, 15), (16, 30), (31, None))
"""The classes of days to cash, both ends in."""

Group = tuple[Text, Sequence["NeedFact"]]


@dataclass(frozen=True)
class NeedFact:
    """A need and what came of it.

    Parameters
    ----------
    sector
        The letter of its firm's industry; None where it has not said.
    leads
        Its matches in plans that went out.
    """

    need_id: UUID
    amount_fen: int
    received: date | None
    size: str | None
    sector: str | None
    region: str | None
    leads: tuple[Traced, ...] = ()

    @cached_property
    def matched_on(self) -> date | None:
        """The day of its first match; None without one."""
        return min((_day(lead.proposed_at) for lead in self.leads), default=None)

    @cached_property
    def paid(self) -> tuple[tuple[date, int], ...]:
        """What was paid out: day and amount in fen, by day."""
        found = (
            (_day(lead.moments[CaseAction.DISBURSE]), lead.offered_fen)
            for lead in self.leads
            if lead.has(CaseAction.DISBURSE)
        )
        return tuple(sorted(found))

    @property
    def days_to_cash(self) -> int | None:
        """Calendar days from the day it came in to the first money; None if not known."""
        paid = self.paid
        return (paid[0][0] - self.received).days if paid and self.received else None


@dataclass(frozen=True, slots=True)
class Facts:
    """Every need and every lead, as an office sees them."""

    needs: tuple[NeedFact, ...] = field(repr=False)


def read_facts(session: Session, actor: Actor) -> Facts:
    """Read all needs with what came of them."""
    leads: dict[UUID, list[Traced]] = {}
    for lead in read_leads(session, actor):
        leads.setdefault(lead.need_id, []).append(lead)
    need, firm = NeedRow, EnterpriseRow
    columns: Any = (
        need.id, need.amount_fen, need.received, firm.size, firm.industry, firm.region
    )  # fmt: skip
    query: Any = select(*columns).join(firm, col(firm.id) == col(need.enterprise_id))
    rows = session.execute(query.order_by(col(NeedRow.position), col(NeedRow.id)))
    return Facts(tuple(_fact(row, leads) for row in rows))


def _fact(row: Any, leads: Mapping[UUID, list[Traced]]) -> NeedFact:
    need_id, amount_fen, received, size, industry, region = row
    sector = industry[0] if industry else None
    return NeedFact(
        need_id, amount_fen, received, size, sector, region, tuple(leads.get(need_id, ()))
    )


def _day(moment: Any) -> date:
    return china_time(moment).date()


def chosen_of(chosen: Chosen, facts: Facts) -> tuple[NeedFact, ...]:
    """Return the needs that are chosen, with the leads that count."""
    found = [need for need in facts.needs if _holds(chosen, need)]
    if chosen.institution is None:
        return tuple(found)
    own = (_own(need, chosen.institution) for need in found)
    return tuple(need for need in own if need.leads)


def _holds(chosen: Chosen, need: NeedFact) -> bool:
    return (
        chosen.period.holds(need.received)
        and chosen.size in (None, need.size)
        and chosen.sector in (None, need.sector)
        and (chosen.region is None or (need.region or "").startswith(chosen.region))
    )


def _own(need: NeedFact, institution: str) -> NeedFact:
    leads = tuple(lead for lead in need.leads if lead.institution == institution)
    return replace(need, leads=leads)


def grids_of(needs: Sequence[NeedFact]) -> dict[str, Grid]:
    """Return the tables of some needs by their keys, but for that of the pools."""
    return {
        "month": by_month(needs),
        "wait": by_wait(needs),
        "sector": by_sector(needs),
        "size": by_size(needs),
        "region": by_region(needs),
        "institution": by_institution(needs),
    }


def lines_of(needs: Sequence[NeedFact]) -> tuple[Line, ...]:
    """Return the figures of some needs, always the same ones in the same order."""
    matched = [need for need in needs if need.leads]
    paid = [need for need in needs if need.paid]
    money = sum(amount for need in needs for _, amount in need.paid)
    share, waits = ratio(len(matched), len(needs)), [need.days_to_cash for need in paid]
    days = [day for day in waits if day is not None]
    return (
        Line("num_needs", Text("需求数", "needs"), len(needs)),
        Line("asked", Text("需求金额", "asked"), sum(n.amount_fen for n in needs), Unit.FEN),
        Line("num_matched", Text("已匹配", "matched"), len(matched)),
        Line("matched_share", Text("匹配率", "share matched"), share, Unit.RATE),
        Line("num_paid", Text("已到账", "paid out"), len(paid)),
        Line("paid", Text("到账金额", "money paid out"), money, Unit.FEN),
        Line("days", Text("到账天数（中位）", "days to cash (median)"), _median(days), Unit.NUMBER),
    )


def _median(values: Sequence[int]) -> int | Decimal | None:
    if not values:
        return None
    found = median(values)
    return int(found) if found == int(found) else Decimal(str(found))


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
