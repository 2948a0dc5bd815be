"""Facts: what was asked for, one thing at a time, in the words of the form."""

from __future__ import annotations

from matcher.domain.text import Text
from matcher.schedule.people import Meeting, Participant
from matcher.schedule.problem import Problem
from matcher.schedule.result import Fact
from matcher.schedule.rules import Absence, NeverTogether, Precedence


def _slots_text(problem: Problem, slot_ids: frozenset[str]) -> Text:
    there = [slot for slot in problem.slots if slot.slot_id in slot_ids]
    return Text.join([Text.same(f"{slot.slot_id} ({slot.text.en})") for slot in there])


def meeting_text(problem: Problem, meeting_id: str) -> Text:
    """Name a meeting by its id and its two participants."""
    meeting = problem.meeting[meeting_id]
    first, second = (problem.participant[p].text for p in meeting.pair)
    told = Text("{m}（{a} 与 {b}）", "{m} ({a} and {b})")
    return told.format(m=meeting_id, a=first, b=second)


def must_fact(problem: Problem, meeting: Meeting) -> Fact:
    """State that a meeting has to take place."""
    told = Text("洽谈 {m} 必须举行", "meeting {m} must take place")
    text = told.format(m=meeting_text(problem, meeting.meeting_id))
    return Fact("must", (meeting.meeting_id,), text)


def absence_fact(problem: Problem, absence: Absence) -> Fact:
    """State that a participant is away."""
    told = Text("{p} 在时段 {slots} 不在场", "{p} is absent in {slots}").format(
        p=problem.participant[absence.participant_id].text,
        slots=_slots_text(problem, absence.slots),
    )
    return Fact("absence", (absence.participant_id,), told)


def wish_fact(problem: Problem, meeting: Meeting) -> Fact:
    """State in which half of the day a meeting has to be."""
    assert meeting.wish is not None
    told = Text("洽谈 {m} 只能在{wish}", "meeting {m} has to be in the {wish}")
    text = told.format(m=meeting_text(problem, meeting.meeting_id), wish=meeting.wish.text)
    return Fact("wish", (meeting.meeting_id,), text)


def fixed_slot_fact(problem: Problem, meeting: Meeting) -> Fact:
    """State in which slot a meeting has to be."""
    assert meeting.slot is not None
    told = Text("洽谈 {m} 固定在时段 {slot}", "meeting {m} is fixed in {slot}").format(
        m=meeting_text(problem, meeting.meeting_id),
        slot=_slots_text(problem, frozenset([meeting.slot])),
    )
    return Fact("fixed_slot", (meeting.meeting_id,), told)


def officers_fact(participant: Participant) -> Fact:
    """State how many meetings a participant holds at once."""
    told = Text("{p} 同时最多参加 {n} 场洽谈", "{p} holds at most {n} at once")
    text = told.format(p=participant.text, n=participant.officers)
    return Fact("officers", (participant.participant_id,), text)


def tables_fact(problem: Problem, table_ids: tuple[str, ...]) -> Fact:
    """State how many meetings a set of tables holds."""
    if table_ids == problem.free_tables:
        zh, en = "可共用的桌每时段最多容纳 {n} 场洽谈", "the shared tables hold {n} meetings a slot"
    else:
        zh, en = "固定桌 {t} 每时段最多容纳 {n} 场洽谈", "the set-aside tables {t} hold {n} a slot"
    room = sum(problem.table[table_id].capacity for table_id in table_ids)
    names = Text.join([problem.table[table_id].text for table_id in table_ids])
    return Fact("tables", table_ids, Text(zh, en).format(n=room, t=names))


def max_run_fact(participant: Participant, most: int) -> Fact:
    """State how many meetings in a row are the most for a participant."""
    told = Text("{p} 连续洽谈不超过 {n} 场", "{p} has at most {n} meetings in a row")
    text = told.format(p=participant.text, n=most)
    return Fact("max_run", (participant.participant_id,), text)


def precedence_fact(problem: Problem, order: Precedence) -> Fact:
    """State which of two meetings comes first."""
    told = Text("洽谈 {a} 必须早于 {b}", "meeting {a} comes before {b}").format(
        a=meeting_text(problem, order.before), b=meeting_text(problem, order.after)
    )
    return Fact("precedence", (order.before, order.after), told)


def never_together_fact(problem: Problem, rule: NeverTogether) -> Fact:
    """State who or what is never at the same time."""
    names = [problem.participant[p].text for p in sorted(rule.participants)]
    names += [meeting_text(problem, m) for m in sorted(rule.meetings)]
    told = Text("{all} 不得同时进行", "no two of {all} at the same time")
    subject = (*sorted(rule.participants), *sorted(rule.meetings))
    return Fact("never_together", subject, told.format(all=Text.join(names)))


def fairness_fact(limit: int) -> Fact:
    """State how evenly gaps are to be spread."""
    told = Text("各方空档数之差不超过 {d}", "gaps differ by at most {d} between participants")
    return Fact("fairness", (), told.format(d=limit))
