"""A change on the day: the rest of a timetable planned anew, told to each person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from matcher.domain.errors import CheckError
from matcher.domain.text import Text
from matcher.files.agenda import Agenda, Off, Talk
from matcher.schedule import Change, Move, Problem, Replan, Timetable, find_faults, replan
from matcher.services.scheduling.timetabling import Timing

_NOT_ALONG = Text("{who} 不在场，不随同 {pair}", "{who} is away and does not sit along: {pair}")


@dataclass(frozen=True)
class Changed:
    """The new agenda, and what is new in it for whom."""

    agenda: Agenda
    moves: tuple[Move, ...]
    seconds: float


def change_day(
    agenda: Agenda, now: datetime, changes: Sequence[Change], timing: Timing | None = None
) -> Changed:
    """Plan the rest of the day anew; what is returned has passed the checker.

    Raises
    ------
    InputError
        For ids that do not exist and times without a zone.
    CheckError
        If the checker finds a fault.
    """
    how = timing or Timing(time_limit=30.0)
    new = replan(agenda.problem, agenda.timetable, now, changes,
                 time_limit=how.time_limit, seed=how.seed)  # fmt: skip
    problem = _rest(agenda.problem, new)
    faults = find_faults(problem, new.timetable)
    if faults:
        raise CheckError(faults)
    talks, notes = _talks(agenda, problem, new.timetable)
    changed = replace(
        agenda,
        talks=talks,
        left_out=(*agenda.left_out, *notes),
        head=replace(agenda.head, revision=agenda.head.revision + 1),
        problem=problem,
        timetable=new.timetable,
        status=new.status,
        levels=new.levels,
        off=_off(agenda, new.timetable),
        stamp=now,
    )
    return Changed(changed, new.moves, new.seconds)


def _rest(problem: Problem, new: Replan) -> Problem:
    """Return the problem that is left, where musts that are still held are musts again.

    `replan` makes no meeting to come a must, so that a must that became impossible can be
    dropped; a later change has to know which ones matter.
    """
    musts = {m.meeting_id for m in problem.meetings if m.must} & set(new.timetable.by_meeting)
    return new.problem.replace(
        meetings=tuple(
            replace(m, must=m.must or m.meeting_id in musts) for m in new.problem.meetings
        )
    )


def _talks(
    agenda: Agenda, problem: Problem, new: Timetable
) -> tuple[dict[str, Talk], tuple[Text, ...]]:
    """Take those who sit along, and are away now, from the meetings they miss."""
    away = {(a.participant_id, slot_id) for a in problem.absences for slot_id in a.slots}
    talks, notes = dict(agenda.talks), []
    for placement in new.placements:
        talk = agenda.talk(placement.meeting_id)
        there = tuple(who for who in talk.others if (who, placement.slot_id) not in away)
        talks[placement.meeting_id] = replace(talk, others=there)
        for who in set(talk.others) - set(there):
            pair = agenda.pair_text(problem.meeting[placement.meeting_id])
            notes.append(_NOT_ALONG.format(who=problem.participant[who].text, pair=pair))
    return talks, tuple(notes)


def _off(agenda: Agenda, new: Timetable) -> tuple[Off, ...]:
    """Return all that is no longer held, what went off in earlier changes included."""
    earlier = {item.meeting.meeting_id: item for item in agenda.off}
    for placement in agenda.timetable.placements:
        meeting = agenda.problem.meeting[placement.meeting_id]
        earlier[placement.meeting_id] = Off(meeting, placement.slot_id, placement.table_id)
    return tuple(off for key, off in earlier.items() if key not in new.by_meeting)
