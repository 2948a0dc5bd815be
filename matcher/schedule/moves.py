"""What is new between two timetables, told to each participant."""

from __future__ import annotations

from dataclasses import dataclass

from matcher.domain.text import Text
from matcher.schedule.problem import Problem
from matcher.schedule.timetable import Placement, Timetable


@dataclass(frozen=True, slots=True)
class Move:
    """One meeting's change, as one of its two participants is told it.

    Parameters
    ----------
    before, after
        None where it was, or is, not held.
    """

    participant_id: str
    meeting_id: str
    before: Placement | None
    after: Placement | None
    text: Text


def moves_between(problem: Problem, before: Timetable, after: Timetable) -> tuple[Move, ...]:
    """Return every change, person by person in the problem's order."""
    moves = []
    for participant in problem.participants:
        who = participant.participant_id
        for meeting in problem.meetings_of[who]:
            old = before.by_meeting.get(meeting.meeting_id)
            new = after.by_meeting.get(meeting.meeting_id)
            if old != new:
                other = meeting.second if meeting.first == who else meeting.first
                text = _told(problem, other, old, new)
                moves.append(Move(who, meeting.meeting_id, old, new, text))
    return tuple(moves)


def _told(problem: Problem, other: str, old: Placement | None, new: Placement | None) -> Text:
    if new is None:
        told = Text("与 {q} 的洽谈取消（原为 {a}）", "the meeting with {q} is off (it was {a})")
    elif old is None:
        told = Text("新增与 {q} 的洽谈：{b}", "a new meeting with {q}: {b}")
    else:
        told = Text("与 {q} 的洽谈由 {a} 改为 {b}", "the meeting with {q} goes from {a} to {b}")
    return told.format(
        q=problem.participant[other].text, a=_where(problem, old), b=_where(problem, new)
    )


def _where(problem: Problem, placement: Placement | None) -> Text:
    if placement is None:
        return Text.same("—")
    told = Text("{time} {table} 桌", "{time} at table {table}")
    return told.format(
        time=problem.slot[placement.slot_id].text, table=problem.table[placement.table_id].text
    )
