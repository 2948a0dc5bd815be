"""The report of what the store holds, block by block: for the office of all, for a bank its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlmodel import Session, col, select

from matcher.domain.actor import Actor, Role
from matcher.domain.case import REASONS, CaseAction
from matcher.domain.event import count_events
from matcher.domain.text import Text
from matcher.services.meetings.register import event_of
from matcher.services.reporting.report import Block, Grid, Period, Report
from matcher.services.statistics import (
    Deal,
    Line,
    Unit,
    deal_report,
    event_lines,
    ratio,
)
from matcher.services.store_statistics.blocks import SECTORS, SIZES, grouped, make_block
from matcher.services.store_statistics.lists import lists_block
from matcher.services.store_statistics.needs import needs_block
from matcher.services.store_statistics.reading import Traced, read_leads
from matcher.services.store_statistics.suppressing import NOTE, hidden_groups, hide
from matcher.services.store_statistics.tally import Tally, tally
from matcher.store.repositories.meetings import Events
from matcher.store.tables import (
    AttendanceRow,
    EventRow,
)

_DECLINES = (CaseAction.DECLINE, CaseAction.REJECT)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a report is to be about: leads proposed, deals paid and events held in a period."""

    period: Period = field(default_factory=Period)
    round_id: UUID | None = None


def store_report(session: Session, actor: Actor, wanted: Wanted) -> Report:
    """Return the report of an actor: all for the office, a bank's own with small cells hidden."""
    period = wanted.period
    every = read_leads(session, actor, wanted.round_id)
    leads = [lead for lead in every if period.holds(lead.proposed_at.date())]
    is_bank = actor.role is Role.BANK
    blocks = [_leads_block(leads, is_bank)]
    if actor.is_office:
        blocks[:0] = [needs_block(session, period, leads), lists_block(session, period)]
    blocks.append(_deals_block(every, period))
    if actor.is_office:
        blocks.append(_events_block(session, actor, period))
    return Report(tuple(blocks), period, (NOTE,) if is_bank else ())


# --- leads ------------------------------------------------------------------------------------


def _leads_block(leads: Sequence[Traced], is_bank: bool) -> Block:
    whole = tally(leads)
    grids = [] if is_bank else [_by(Text("分机构", "By institution"), leads, _institutions(leads))]
    grids += [
        _by(Text("分规模", "By size"), leads, _sizes(leads), is_bank),
        _by(Text("分行业", "By sector"), leads, _sectors(leads), is_bank),
        _reasons(leads, is_bank),
    ]
    return make_block("leads", Text("线索与审批", "Leads and decisions"), whole.lines, grids)


_Groups = list[tuple[Text, list[Traced]]]


def _institutions(leads: Iterable[Traced]) -> _Groups:
    found: dict[str, list[Traced]] = {}
    for lead in leads:
        found.setdefault(lead.institution, []).append(lead)
    return [(Text.same(own[0].institution_name), own) for _, own in sorted(found.items())]


def _sizes(leads: Sequence[Traced]) -> _Groups:
    return grouped(leads, SIZES, lambda lead: lead.size)


def _sectors(leads: Sequence[Traced]) -> _Groups:
    return grouped(leads, SECTORS, lambda lead: lead.industry and lead.industry[0])


def _by(title: Text, leads: Sequence[Traced], groups: _Groups, is_bank: bool = False) -> Grid:
    headers = tuple(line.label for line in tally(leads).lines)
    tallies: list[tuple[Text, Tally]] = [(text, tally(own)) for text, own in groups]
    hidden = hidden_groups([one.num_leads for _, one in tallies]) if is_bank else frozenset()
    rows = tuple(
        (text, hide(one.lines) if place in hidden else one.lines)
        for place, (text, one) in enumerate(tallies)
    )
    return Grid(title, headers, rows)


def _reasons(leads: Sequence[Traced], is_bank: bool) -> Grid:
    """Count why leads were declined or rejected, by the codes that there are."""
    counts = Counter(
        (code, mendable)
        for lead in leads
        for action, code, mendable in lead.reasons
        if action in _DECLINES
    )
    ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    number, share = Text("次数", "times"), Text("占比", "share")
    mend = Text("可改进后重来", "can be mended")
    total = sum(counts.values())
    hidden = hidden_groups([count for _, count in ordered]) if is_bank else frozenset()
    rows = []
    for place, ((code, mendable), count) in enumerate(ordered):
        known = REASONS.get(code)
        lines = (
            Line("count", number, count),
            Line("share", share, ratio(count, total), Unit.RATE),
            Line("mendable", mend, int(mendable)),
        )
        text = Text.same(code) if known is None else known.text
        rows.append((text, hide(lines) if place in hidden else lines))
    return Grid(Text("婉拒与否决原因", "Reasons for declines"), (number, share, mend), tuple(rows))


# --- deals, events ---------------------------------------------------------------------


def _deals_block(leads: Sequence[Traced], period: Period) -> Block:
    """Count what was paid out in a period; the amount is that of the offer."""
    deals = [
        Deal(
            deal_id=lead.lead_id.hex,
            enterprise_id=lead.enterprise,
            amount_fen=lead.offered_fen,
            day=lead.moments[CaseAction.DISBURSE].date(),
        )
        for lead in leads
        if lead.has(CaseAction.DISBURSE)
        and lead.offered_fen
        and period.holds(lead.moments[CaseAction.DISBURSE].date())
    ]
    report = deal_report(deals)
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
    # What the store does not know (savings, bad deals) is not printed as none.
    known = ("num_deals", "num_firms", "amount", "mean")
    lines = tuple(line for line in report.lines if line.key in known)
    grids = [Grid(Text("分年度", "By year"), headers, rows)] if rows else []
    return make_block("deals", Text("成交", "Deals"), lines, grids)


def _events_block(session: Session, actor: Actor, period: Period) -> Block:
    present: dict[tuple[UUID, bool], set[str]] = {}
    came = select(AttendanceRow).where(col(AttendanceRow.checked_in_at).is_not(None))
    for guest in session.scalars(came):
        is_firm = guest.enterprise_id is not None
        present.setdefault((guest.event_id, is_firm), set()).add(guest.participant)
    rows: Iterator[EventRow] = session.scalars(Events(session, actor).query())
    events = [
        event_of(
            row,
            frozenset(present.get((row.id, False), ())),
            frozenset(present.get((row.id, True), ())),
        )
        for row in rows
    ]
    lines = event_lines(count_events(events, since=period.since, until=period.until))
    return make_block("events", Text("活动", "Events"), lines, [])
