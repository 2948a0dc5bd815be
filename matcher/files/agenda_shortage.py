"""Why a meeting has no place, where counting tells: too few slots of a person, or tables."""

from __future__ import annotations

from matcher.domain.text import Text
from matcher.files.agenda import Agenda
from matcher.schedule import Meeting, Participant

_PERSON = Text(
    "{p} 有 {n} 场，在场时段最多容纳 {m} 场", "{p} has {n} and room for {m} in its slots"
)
_TABLES = Text("可用的桌共有 {n} 场，最多容纳 {m} 场", "its tables have {n} and room for {m}")


def shortage(agenda: Agenda, meeting: Meeting) -> Text | None:
    """Return what there is too little of for a meeting, None where counting does not tell."""
    told = [_person(agenda, agenda.problem.participant[who]) for who in meeting.pair]
    found = [text for text in (*told, _tables(agenda, meeting)) if text is not None]
    return Text.join(found, "；", "; ") if found else None


def _person(agenda: Agenda, participant: Participant) -> Text | None:
    problem, who = agenda.problem, participant.participant_id
    away = {s for a in problem.absences if a.participant_id == who for s in a.slots}
    asked = len(problem.meetings_of[who])
    room = participant.officers * sum(s.slot_id not in away for s in problem.slots)
    if asked <= room:
        return None
    return _PERSON.format(p=participant.text, n=asked, m=room)


def _tables(agenda: Agenda, meeting: Meeting) -> Text | None:
    problem, own = agenda.problem, agenda.problem.tables_for(meeting)
    asked = sum(problem.tables_for(m) == own for m in problem.meetings)
    tables = [problem.table[table_id] for table_id in own]
    room = sum(t.capacity * (len(problem.slots) - len(t.closed)) for t in tables)
    return _TABLES.format(n=asked, m=room) if asked > room else None
