"""An agenda as a workbook: the hall, one sheet per institution, the firms, the badges.

An institution's sheet holds only its own meetings, so that it can be sent on by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from matcher.domain.text import Lang, Text
from matcher.files.agenda import Agenda, Entry
from matcher.files.agenda_words import (
    ALONG,
    FIRM,
    TABLE,
    TIME,
    TOPICS,
    along_text,
    facts,
    quality,
    remarks,
    sides,
    time_text,
    topics_text,
)
from matcher.files.atomic import write_whole
from matcher.files.sheet_cells import Column, Form
from matcher.files.workbook import Sheet, workbook_bytes
from matcher.schedule import Participant, Pause, Slot

_Line = tuple[Text, Text]
_Firm = tuple[Participant, Entry]


@dataclass(frozen=True)
class _Badge:
    """One person's badge; an institution has as many as officers."""

    participant: Participant
    number: int
    entries: tuple[Entry, ...]


def write_agenda_workbook(path: Path, agenda: Agenda) -> None:
    """Write the workbook, whole or not at all; the same agenda gives the same bytes.

    Raises
    ------
    InputError
        If the place cannot be written to.
    """
    write_whole(path, agenda_workbook(agenda))


def agenda_workbook(agenda: Agenda) -> bytes:
    """Return the bytes of the workbook."""
    return workbook_bytes(agenda.head.title, agenda.head.day, list(_sheets(agenda)), Lang.ZH)


def _sheets(agenda: Agenda) -> Iterator[Sheet]:
    yield Sheet(_both("会场", "Hall"), _hall_columns(agenda), _stretches(agenda), "B2")
    lines = [*facts(agenda), *quality(agenda), *remarks(agenda)]
    yield Sheet(_both("说明", "Notes"), _LINES, lines)
    badges = [badge for p in agenda.problem.participants for badge in _badges(agenda, p)]
    yield Sheet(_both("名牌", "Badges"), _badge_columns(agenda), badges)
    firms = [(p, entry) for p in agenda.firms for entry in agenda.entries[p.participant_id]]
    yield Sheet(_both("企业日程", "Firms"), _firm_columns(agenda), firms)
    for institution in agenda.institutions:
        own = agenda.entries[institution.participant_id]
        if own:
            numbered = list(enumerate(own, start=1))
            yield Sheet(Text.same(institution.text.zh), _own_columns(agenda), numbered)


def _both(zh: str, en: str) -> Text:
    return Text.same(f"{zh} {en}")


def _head(text: Text) -> Text:
    """Return a header in both languages, whatever the sheet's."""
    return Text.same(f"{text.zh}\n{text.en}")


def _said(text: Text) -> str | None:
    return f"{text.zh}\n{text.en}" if text.zh != text.en else text.zh or None


# --- the hall ---------------------------------------------------------------------------------


def _stretches(agenda: Agenda) -> list[Slot | Pause]:
    return sorted((*agenda.problem.slots, *agenda.problem.pauses), key=lambda s: s.start)


def _hall_columns(agenda: Agenda) -> list[Column[Slot | Pause]]:
    at: dict[tuple[str, str], list[str]] = {}
    for placement in agenda.timetable.placements:
        meeting = agenda.problem.meeting[placement.meeting_id]
        first, second = (agenda.problem.participant[p].text.zh for p in meeting.pair)
        at.setdefault((placement.slot_id, placement.table_id), []).append(f"{first}\n{second}")
    columns = [Column[Slot | Pause](_head(TIME), lambda s, _: time_text(agenda, s), most=20)]
    for number, table in enumerate(agenda.problem.tables):
        columns.append(
            Column(table.text, _hall_cell(at, table.table_id, is_first=number == 0), most=26)
        )
    return columns


def _hall_cell(
    at: dict[tuple[str, str], list[str]], table_id: str, *, is_first: bool
) -> Callable[[Slot | Pause, Lang], str | None]:
    def cell(stretch: Slot | Pause, _: Lang) -> str | None:
        if isinstance(stretch, Pause):
            return str(stretch.name) if is_first else None
        return "\n".join(at.get((stretch.slot_id, table_id), ())) or None

    return cell


# --- people -----------------------------------------------------------------------------------


def _badges(agenda: Agenda, participant: Participant) -> Iterator[_Badge]:
    for number in range(1, participant.officers + 1):
        yield _Badge(participant, number, agenda.entries[participant.participant_id])


def _badge_columns(agenda: Agenda) -> tuple[Column[_Badge], ...]:
    return (
        Column(_head(Text("编号", "Id")), lambda b, _: b.participant.participant_id, most=30),
        Column(_head(Text("名称", "Name")), lambda b, _: b.participant.text.zh, most=40),
        Column(
            _head(Text("英文名称", "English name")), lambda b, _: b.participant.text.en, most=44
        ),
        Column(_head(Text("类别", "Kind")), lambda b, _: str(b.participant.kind.text), most=26),
        Column(_head(Text("人员", "Person")), lambda b, _: _person(b), most=8),
        Column(_head(Text("固定桌", "Own tables")), lambda b, _: _own_tables(agenda, b)),
        Column(_head(Text("场次", "Meetings")), lambda b, _: len(b.entries), Form.COUNT),
        Column(_head(Text("首场", "First")), lambda b, _: _end(agenda, b, 0), most=20),
        Column(_head(Text("末场", "Last")), lambda b, _: _end(agenda, b, -1), most=20),
    )


def _person(badge: _Badge) -> str:
    return f"{badge.number}/{badge.participant.officers}"


def _own_tables(agenda: Agenda, badge: _Badge) -> str | None:
    tables = [agenda.problem.table[t].text.zh for t in badge.participant.tables]
    return "、".join(tables) or None


def _end(agenda: Agenda, badge: _Badge, place: int) -> str | None:
    return time_text(agenda, badge.entries[place].slot) if badge.entries else None


def _firm_columns(agenda: Agenda) -> tuple[Column[_Firm], ...]:
    partner, own = sides(agenda)
    return (
        Column(_head(own), lambda row, _: _said(row[0].text), most=40),
        Column(_head(TIME), lambda row, _: time_text(agenda, row[1].slot), most=20),
        Column(_head(TABLE), lambda row, _: row[1].table.text.zh),
        Column(_head(partner), lambda row, _: _said(row[1].partner.text), most=40),
        Column(_head(TOPICS), lambda row, _: _said(topics_text(row[1])), most=50),
        Column(_head(ALONG), lambda row, _: _said(along_text(row[1])), most=30),
    )


def _own_columns(agenda: Agenda) -> tuple[Column[tuple[int, Entry]], ...]:
    return (
        Column(_head(Text("序号", "No.")), lambda row, _: row[0], Form.COUNT),
        Column(_head(TIME), lambda row, _: time_text(agenda, row[1].slot), most=20),
        Column(_head(TABLE), lambda row, _: row[1].table.text.zh),
        Column(_head(FIRM), lambda row, _: _said(row[1].partner.text), most=44),
        Column(_head(TOPICS), lambda row, _: _said(topics_text(row[1])), most=50),
        Column(_head(ALONG), lambda row, _: _said(along_text(row[1])), most=30),
    )


_LINES: tuple[Column[_Line], ...] = (
    Column(_head(Text("项目", "Item")), lambda line, _: _said(line[0]), most=40),
    Column(_head(Text("内容", "Content")), lambda line, _: _said(line[1]), most=110),
)
