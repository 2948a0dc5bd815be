"""What is wrong with a problem: every fault is gathered, each naming whom it is about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from matcher.domain.errors import Fault
from matcher.domain.moments import is_aware, naive_fault
from matcher.domain.text import Text
from matcher.schedule.order import cycle_in

if TYPE_CHECKING:
    from matcher.schedule.problem import Problem


def faults_of(problem: Problem) -> list[Fault]:
    """Return everything that makes a problem none."""
    faults = [*_twice(problem), *_numbers(problem), *_times(problem)]
    faults += [*_unknown(problem), *_pairs(problem)]
    if not faults:  # what follows looks ids up
        faults += [*_table_sets(problem), *_kept_apart(problem)]
        faults += [*_crowded(problem), *_circles(problem)]
    return faults


def _fault(field: str, zh: str, en: str, value: object = None, **values: object) -> Fault:
    return Fault(Text(zh, en).format(**values), field=field, value=value)


def _repeated(ids: Iterable[str]) -> list[str]:
    return [key for key, count in Counter(ids).items() if count > 1]


def _twice(problem: Problem) -> Iterator[Fault]:
    """Ids that are empty or used more than once."""
    for field, ids in (
        ("participant_id", [p.participant_id for p in problem.participants]),
        ("meeting_id", [m.meeting_id for m in problem.meetings]),
        ("slot_id", [s.slot_id for s in problem.slots]),
        ("table_id", [t.table_id for t in problem.tables]),
    ):
        for key in _repeated(ids):
            yield _fault(field, "编号重复", "is used more than once", key)
        if any(not key.strip() for key in ids):
            yield _fault(field, "编号为空", "is empty")


def _numbers(problem: Problem) -> Iterator[Fault]:
    """Find counts and limits below what makes sense."""
    named: list[tuple[str, Text, int | None, int]] = [
        ("max_run", Text("全场", "the event"), problem.max_run, 1),
        ("fairness", Text("全场", "the event"), problem.fairness, 0),
    ]
    for p in problem.participants:
        named += [("officers", p.text, p.officers, 1), ("max_run", p.text, p.max_run, 1)]
    named += [("value", Text.same(m.meeting_id), m.value, 0) for m in problem.meetings]
    named += [("capacity", t.text, t.capacity, 1) for t in problem.tables]
    for field, who, value, least in named:
        if value is not None and value < least:
            zh, en = "{who}：不能小于 {least}，给出的是", "{who}: cannot be below {least}, given"
            yield _fault(field, zh, en, value, who=who, least=least)


def _times(problem: Problem) -> Iterator[Fault]:
    """Slots and pauses without a zone, of no length, or on top of each other."""
    stretches = [(slot.slot_id, slot.start, slot.end) for slot in problem.slots]
    stretches += [(pause.name.en, pause.start, pause.end) for pause in problem.pauses]
    naive = [(moment, field) for _, *ends in stretches for moment, field in zip(
        ends, ("start", "end"), strict=True) if not is_aware(moment)]  # fmt: skip
    if naive:
        yield from (naive_fault(moment, field) for moment, field in naive)
        return
    for name, start, end in stretches:
        if end <= start:
            zh, en = "{name}：结束时间不晚于开始时间", "{name}: ends no later than it starts"
            yield _fault("end", zh, en, end.isoformat(), name=name)
    for (left, _, end), (right, start, _) in pairwise(sorted(stretches, key=lambda s: s[1])):
        if start < end:
            zh, en = "{left} 与 {right} 时间重叠", "{left} and {right} overlap"
            yield _fault("start", zh, en, start.isoformat(), left=left, right=right)


def _references(problem: Problem) -> Iterator[tuple[str, str, str, set[str]]]:
    """Yield (field, who says so, id referred to, ids that there are)."""
    people = {p.participant_id for p in problem.participants}
    meetings = {m.meeting_id for m in problem.meetings}
    slots = {s.slot_id for s in problem.slots}
    tables = {t.table_id for t in problem.tables}
    for p in problem.participants:
        yield from (("tables", p.participant_id, key, tables) for key in p.tables)
    for m in problem.meetings:
        yield from (("participant_id", m.meeting_id, key, people) for key in m.pair)
        yield from (("slot", m.meeting_id, key, slots) for key in (m.slot,) if key is not None)
    for t in problem.tables:
        yield from (("closed", t.table_id, key, slots) for key in sorted(t.closed))
    for absence in problem.absences:
        yield "participant_id", "absences", absence.participant_id, people
        for key in sorted(absence.slots):
            yield "slots", absence.participant_id, key, slots
    for rule in problem.never_together:
        for key in sorted(rule.participants):
            yield "participants", "never_together", key, people
        yield from (("meetings", "never_together", key, meetings) for key in sorted(rule.meetings))
    for order in problem.precedences:
        yield from (
            ("precedences", "precedences", k, meetings) for k in (order.before, order.after)
        )


def _unknown(problem: Problem) -> Iterator[Fault]:
    """Ids that nothing bears."""
    for field, who, key, known in _references(problem):
        if key not in known:
            yield _fault(field, "{who}：没有此编号", "{who}: there is no such id", key, who=who)


def _pairs(problem: Problem) -> Iterator[Fault]:
    """Meetings of somebody with himself."""
    for meeting in problem.meetings:
        if meeting.first == meeting.second:
            zh, en = "洽谈 {m}：双方是同一参会方", "meeting {m}: somebody meets himself"
            yield _fault("second", zh, en, meeting.second, m=meeting.meeting_id)


def _table_sets(problem: Problem) -> Iterator[Fault]:
    """Set-aside tables that overlap without being the same."""
    seen: dict[str, tuple[frozenset[str], str]] = {}
    for p in problem.participants:
        own = frozenset(p.tables)
        for table_id in p.tables:
            others, other = seen.setdefault(table_id, (own, p.participant_id))
            if others != own:
                zh = "{a} 与 {b} 的固定桌部分重叠：应完全相同或互不相交"
                en = "the tables of {a} and {b} overlap: make them the same or apart"
                yield _fault("tables", zh, en, table_id, a=other, b=p.participant_id)


def _kept_apart(problem: Problem) -> Iterator[Fault]:
    """Meetings of two participants who are never to be busy together."""
    for rule in problem.never_together:
        for meeting in problem.meetings:
            if rule.participants.issuperset(meeting.pair):
                zh = "洽谈 {m}：双方又被要求不得同时洽谈"
                en = "meeting {m}: its two are also never to be busy together"
                yield _fault("never_together", zh, en, m=meeting.meeting_id)


def _crowded(problem: Problem) -> Iterator[Fault]:
    """More meetings fixed in a slot than their tables or people hold."""
    must = [m for m in problem.meetings if m.must and m.slot is not None]
    for slot in problem.slots:
        here = [m for m in must if m.slot == slot.slot_id]
        for tables, count in Counter(problem.tables_for(m) for m in here).items():
            room = sum(t.capacity for t in map(problem.table.__getitem__, tables)
                       if slot.slot_id not in t.closed)  # fmt: skip
            if count > room:
                zh = "时段 {slot}（{time}）：固定了 {count} 场洽谈，只有 {room} 张桌可用"
                en = "slot {slot} ({time}): {count} meetings are fixed in it, for {room} tables"
                yield _fault(
                    "slot", zh, en, slot=slot.slot_id, time=slot.text, count=count, room=room
                )
        for who, count in Counter(p for m in here for p in m.pair).items():
            participant = problem.participant[who]
            if count > participant.officers:
                zh = "时段 {slot}：{who} 固定了 {count} 场洽谈，同时只能 {most} 场"
                en = "slot {slot}: {who} has {count} meetings fixed in it and holds {most} at once"
                yield _fault("slot", zh, en, slot=slot.slot_id, count=count, who=participant.text,
                             most=participant.officers)  # fmt: skip


def _circles(problem: Problem) -> Iterator[Fault]:
    """Meetings that would have to come before themselves."""
    circle = cycle_in([(order.before, order.after) for order in problem.precedences])
    if circle:
        zh, en = "先后次序成环：{circle}", "meetings precede each other in a circle: {circle}"
        yield _fault("precedences", zh, en, circle=" → ".join(circle))
