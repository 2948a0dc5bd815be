"""The register of events as figures of a report."""

from __future__ import annotations

from matcher.domain.event import EventCounts
from matcher.domain.text import Text
from matcher.services.statistics.lines import Line, Unit


def event_lines(counts: EventCounts) -> tuple[Line, ...]:
    """Return the figures of a register: each kind of event first, then the sums."""
    kinds = (Line(kind.value, kind.text, number) for kind, number in counts.by_kind)
    per_event = Text("场均企业数", "firms at an event")
    counted = Text("其中参加企业数已知的场次", "of these, with a known number of firms")
    followed = Text("其中有后续跟踪的场次", "of these, followed up afterwards")
    return (
        *kinds,
        Line("num_events", Text("活动场次", "events"), counts.num_events),
        Line("num_counted", counted, counts.num_counted),
        Line("attendance", Text("参加企业家次", "attendances of firms"), counts.attendance),
        Line("per_event", per_event, counts.per_event, Unit.NUMBER),
        Line("problems_solved", Text("解决难题数", "problems solved"), counts.problems_solved),
        Line("num_followed", followed, counts.num_followed),
        Line("num_deals", Text("会后签约笔数", "deals signed afterwards"), counts.num_deals),
        Line("promised", Text("会后意向金额", "money promised"), counts.promised_fen, Unit.FEN),
        Line("disbursed", Text("会后到位金额", "money paid out"), counts.disbursed_fen, Unit.FEN),
    )
