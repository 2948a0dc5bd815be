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
    alone = _alone(agenda, problem, new.timetable)
    changed = replace(
        agenda,
        talks=alone.talks,
        left_out=(*agenda.left_out, *alone.notes),
        head=replace(agenda.head, revision=agenda.head.revision + 1),
        problem=problem,
        timetable=new.timetable,
        status=new.status,
        levels=new.levels,
        off=(*_off(agenda, new.timetable), *alone.off),
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


@dataclass(frozen=True)
class _Alone:
    """What is held without somebody who was to sit along."""

    talks: dict[str, Talk]
    off: tuple[Off, ...]
    notes: tuple[Text, ...]


def _alone(agenda: Agenda, problem: Problem, new: Timetable) -> _Alone:
    """Take those who sit along, and are away now, from the meetings they miss."""
    away = {(a.participant_id, slot_id) for a in problem.absences for slot_id in a.slots}
    talks, off, notes = dict(agenda.talks), [], []
    for placement in new.placements:
        talk, meeting = agenda.talk(placement.meeting_id), problem.meeting[placement.meeting_id]
        missing = tuple(who for who in talk.others if (who, placement.slot_id) in away)
        if missing:
            there = tuple(who for who in talk.others if who not in missing)
            talks[placement.meeting_id] = replace(talk, others=there)
            old = agenda.timetable.by_meeting.get(placement.meeting_id, placement)
            off.append(Off(meeting, old.slot_id, old.table_id, missing))
            names = Text.join([problem.participant[who].text for who in missing])
            notes.append(_NOT_ALONG.format(who=names, pair=agenda.pair_text(meeting)))
    return _Alone(talks, tuple(off), tuple(notes))


def _off(agenda: Agenda, new: Timetable) -> tuple[Off, ...]:
    """Return all that is no longer held, what went off in earlier changes included."""
    for_some = [item for item in agenda.off if item.only]
    off = {item.meeting.meeting_id: item for item in agenda.off if not item.only}
    for placement in agenda.timetable.placements:
        meeting = agenda.problem.meeting[placement.meeting_id]
        off[placement.meeting_id] = Off(meeting, placement.slot_id, placement.table_id)
    return (*(item for key, item in off.items() if key not in new.by_meeting), *for_some)
