"""What people take home: the files of an agenda, written into one folder."""

from __future__ import annotations

from pathlib import Path

from matcher.domain.text import Text
from matcher.files.agenda import Agenda
from matcher.files.agenda_excel import write_agenda_workbook
from matcher.files.agenda_ics import calendar_bytes, file_names
from matcher.files.agenda_pdf import agenda_pdf, require_characters
from matcher.files.atomic import make_folder, write_whole
from matcher.files.timetable_json import write_timetable
from matcher.services.scheduling.timetabling import Task

CALENDARS = "calendars"


def require_printable(task: Task) -> None:
    """Make sure that the PDF can be set, before the time is spent to find a timetable.

    Raises
    ------
    InputError
        If no font has a character, naming what to install.
    """
    texts = [task.head.title, task.head.place, Text.same(task.head.organiser)]
    texts += [p.text for p in task.problem.participants]
    texts += [t.text for t in task.problem.tables]
    texts += [topic for talk in task.talks.values() for topic in talk.topics]
    require_characters("".join(text.zh + text.en for text in texts), task.head.day)


def save_agenda(agenda: Agenda, folder: Path, *, pdf: bool = True) -> list[Path]:
    """Write workbook, calendars, PDF and timetable.json; return their paths.

    Calendars are in a folder of their own, one for each who has a meeting, or had one. The
    timetable itself comes last: where it is, the others are too.

    Raises
    ------
    InputError
        If the folder cannot be written to, or no font has a character of the PDF.
    """
    printed = agenda_pdf(agenda) if pdf else None
    make_folder(folder / CALENDARS)
    for who, name in file_names(agenda).items():
        if agenda.has_business(who):
            write_whole(folder / CALENDARS / name, calendar_bytes(agenda, who))
    paths = [folder / CALENDARS, folder / "timetable.xlsx"]
    write_agenda_workbook(paths[1], agenda)
    if printed is not None:
        paths.append(folder / "agenda.pdf")
        write_whole(paths[-1], printed)
    paths.append(folder / "timetable.json")
    write_timetable(paths[-1], agenda)
    return paths
