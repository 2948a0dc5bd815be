"""Tables into the figures of a report, block by block."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol, TypeVar

from matcher.domain.errors import Faults
from matcher.domain.event import count_events
from matcher.domain.text import Text
from matcher.files.plan_json_parts import text_json, texts_json
from matcher.planning.plan import Plan
from matcher.services.people import Person, Role
from matcher.services.reporting.records import Programme
from matcher.services.reporting.tables import ReportTables
from matcher.services.statistics import (
    DealReport,
    Line,
    PlanReport,
    Unit,
    Visit,
    cover_report,
    deal_report,
    event_lines,
    plan_report,
    to_document,
    visit_report,
)


class _Dated(Protocol):
    @property
    def day(self) -> date | None: ...


DatedT = TypeVar("DatedT", bound=_Dated)


@dataclass(frozen=True, slots=True)
class Period:
    """The days that a report is about, both included; None is open."""

    since: date | None = None
    until: date | None = None

    def __post_init__(self) -> None:
        faults = Faults()
        faults.ordered("since", self.since, "until", self.until)
        faults.raise_if_any()

    @property
    def is_all(self) -> bool:
        """Whether no day is left out."""
        return self.since is None and self.until is None

    def holds(self, day: date | None) -> bool:
        """Tell whether a record of a day counts; without a day only if every day does."""
        if day is None:
            return self.is_all
        after = self.since is None or day >= self.since
        return after and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of a block: its headers, and figures in rows that are named."""

    title: Text
    headers: tuple[Text, ...]
    rows: tuple[tuple[Text, tuple[Line, ...]], ...]


@dataclass(frozen=True, slots=True)
class Block:
    """One part of a report.

    Parameters
    ----------
    key
        Its name in JSON.
    content
        The same as JSON values.
    """

    key: str
    title: Text
    lines: tuple[Line, ...]
    content: dict[str, Any]
    grids: tuple[Grid, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """All blocks, and what the reader should know."""

    blocks: tuple[Block, ...]
    period: Period = field(default_factory=Period)
    notes: tuple[Text, ...] = ()

    def to_document(self) -> dict[str, Any]:
        """Return the report as JSON values."""
        since, until = self.period.since, self.period.until
        return {
            "since": None if since is None else since.isoformat(),
            "until": None if until is None else until.isoformat(),
            **{block.key: block.content for block in self.blocks},
            "notes": texts_json(self.notes),
        }


def make_report(
    tables: ReportTables,
    period: Period | None = None,
    pool_fen: int | None = None,
    plan: Plan | None = None,
) -> Report:
    """Count what there is: a block for each table that some file has, and one for a plan.

    Parameters
    ----------
    period
        The days that count; covers have no day and always do.
    pool_fen
        The size of the pool of all deals together, in fen.

    Raises
    ------
    InputError
        If records contradict each other.
    """
    days = period or Period()
    notes = [Text(f"未读取：{name}", f"not read: {name}") for name in tables.ignored]
    blocks: list[Block] = []
    if tables.deals is not None:
        deals = _within(tables.deals, days, Text("成交", "deals"), notes)
        blocks.append(_deals(deals, tables.programmes or (), pool_fen))
    if tables.events is not None:
        counts = count_events(tables.events, since=days.since, until=days.until)
        lines = event_lines(counts)
        blocks.append(Block("events", Text("活动", "Events"), lines, to_document(lines)))
    if tables.visits is not None:
        visits = _within(tables.visits, days, Text("走访", "visits"), notes)
        blocks.append(_visits(visits, tables.people))
    if tables.covers is not None:
        covers = cover_report(tables.covers)
        title = Text("保险与担保", "Insurance and guarantees")
        blocks.append(Block("covers", title, covers.lines, covers.to_document()))
    if plan is not None:
        blocks.append(_plan(plan_report(plan)))
    return Report(tuple(blocks), days, tuple(notes))


def _within(
    records: Iterable[DatedT], period: Period, name: Text, notes: list[Text]
) -> list[DatedT]:
    """Return the records of the period, noting how many have no day and so do not count."""
    every = list(records)
    undated = sum(record.day is None for record in every)
    if undated and not period.is_all:
        told = Text("{n} 条{t}没有日期，未计入", "{n} {t} have no day and are not counted")
        notes.append(told.format(n=undated, t=name))
    return [record for record in every if period.holds(record.day)]


def _deals(deals: Sequence[Any], programmes: Sequence[Programme], pool_fen: int | None) -> Block:
    whole = deal_report(deals, pool_fen)
    grids = list(_by_year(whole))
    parts = list(_by_programme(deals, programmes))
    if parts:
        headers = tuple(line.label for line in whole.lines)
        rows = tuple((text, part.lines) for _, text, part in parts)
        grids.append(Grid(Text("分项目", "By programme"), headers, rows))
    content = whole.to_document()
    content["by_programme"] = [
        {"programme": key, "name": text_json(text), **part.to_document()}
        for key, text, part in parts
    ]
    return Block("deals", Text("成交", "Deals"), whole.lines, content, tuple(grids))


def _by_year(report: DealReport) -> Iterator[Grid]:
    if not report.by_year:
        return
    headers = (Text("笔数", "deals"), Text("金额", "amount"))
    rows = tuple(
        (
            Text.same(one.year),
            (
                Line("num_deals", headers[0], one.num_deals),
                Line("amount", headers[1], one.amount_fen, Unit.FEN),
            ),
        )
        for one in report.by_year
    )
    yield Grid(Text("分年度", "By year"), headers, rows)


def _by_programme(
    deals: Sequence[Any], programmes: Sequence[Programme]
) -> Iterator[tuple[str, Text, DealReport]]:
    """Yield the deals of each programme, those of the table first, in its order."""
    known = {one.programme_id: one for one in programmes}
    named = [deal.programme_id for deal in deals if deal.programme_id is not None]
    for key in dict.fromkeys([*known, *sorted(set(named))]):
        own = [deal for deal in deals if deal.programme_id == key]
        programme = known.get(key)
        text = Text.same(key) if programme is None else programme.text
        yield key, text, deal_report(own, None if programme is None else programme.pool_fen)


def _visits(visits: Sequence[Visit], people: Sequence[Person] | None) -> Block:
    """Count visits over the advisers of the table of people, if there is one."""
    advisers = None
    if people is not None:
        advisers = {p.person_id for p in people if p.role is Role.ADVISER}
        advisers |= {visit.adviser_id for visit in visits}  # a mentor who goes is one, too
    report = visit_report(visits, advisers)
    title = Text("顾问走访", "Visits of advisers")
    return Block("visits", title, report.lines, report.to_document())


def _plan(report: PlanReport) -> Block:
    headers = (
        Text("需求数", "needs"),
        Text("已匹配", "matched"),
        Text("需求金额", "asked"),
        Text("可提供金额", "on offer"),
    )
    grids = [
        Grid(
            title,
            headers,
            tuple(
                (
                    one.text,
                    (
                        Line("num_needs", headers[0], one.num_needs),
                        Line("num_matched", headers[1], one.num_matched),
                        Line("asked", headers[2], one.asked_fen, Unit.FEN),
                        Line("offered", headers[3], one.offered_fen, Unit.FEN),
                    ),
                )
                for one in groups
            ),
        )
        for title, groups in (
            (Text("分规模", "By size"), report.by_size),
            (Text("分行业", "By sector"), report.by_sector),
        )
    ]
    leads, offered = Text("线索数", "leads"), Text("可提供金额", "on offer")
    rows = tuple(
        (
            share.institution.text,
            (
                Line("num_leads", leads, share.num_leads),
                Line("offered", offered, share.offered_fen, Unit.FEN),
            ),
        )
        for share in report.by_institution
    )
    grids.append(Grid(Text("分机构", "By institution"), (leads, offered), rows))
    title = Text("撮合方案", "The plan of the round")
    return Block("plan", title, report.lines, report.to_document(), tuple(grids))
