"""The small agenda under other names."""

from __future__ import annotations

from dataclasses import replace

from matcher.domain.text import Text
from matcher.files.agenda import Agenda, Talk
from tests.files.event_files import small_agenda


def agenda_of(name: str) -> Agenda:
    """Return the small agenda in which everybody and everything is called so."""
    agenda = small_agenda()
    people = tuple(replace(p, name=name, name_en=f"{name} x") for p in agenda.problem.participants)
    text = Text(name, f"{name} x")
    head = replace(agenda.head, title=text, place=text, organiser=name)
    talks = {key: replace(talk, topics=(text,)) for key, talk in agenda.talks.items()}
    talks |= {m.meeting_id: Talk(("n",), (text,)) for m in agenda.problem.meetings}
    problem = replace(agenda.problem, participants=people)
    return replace(agenda, head=head, problem=problem, talks=talks, left_out=(text,))
