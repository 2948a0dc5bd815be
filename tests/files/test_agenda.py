"""What people take home: workbook, calendars and PDF of one small event."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from importlib.resources import files
from io import BytesIO
from pathlib import Path

import icalendar
import openpyxl
import pytest
from pypdf import PdfReader

from matcher.domain.errors import InputError
from matcher.domain.moments import CHINA
from matcher.domain.text import Text
from matcher.files import agenda_pdf as pdf_module
from matcher.files.agenda import Agenda, Off
from matcher.files.agenda_excel import write_agenda_workbook
from matcher.files.agenda_ics import calendar_bytes, cancel_bytes, file_names, request_bytes
from matcher.files.agenda_pdf import agenda_pdf, require_characters
from matcher.files.agenda_shortage import shortage
from matcher.files.agenda_words import remarks
from matcher.schedule import Participant, Timetable
from tests.files.event_files import small_agenda


@pytest.fixture(scope="module")
def agenda() -> Agenda:
    """Return the small agenda."""
    return small_agenda()


@pytest.fixture(scope="module")
def book(agenda: Agenda, tmp_path_factory: pytest.TempPathFactory) -> openpyxl.Workbook:
    """Return its workbook."""
    path = tmp_path_factory.mktemp("book") / "timetable.xlsx"
    write_agenda_workbook(path, agenda)
    return openpyxl.load_workbook(path)


def events_of(agenda: Agenda, who: str) -> list[icalendar.Event]:
    """Return the events of somebody's calendar."""
    calendar = icalendar.Calendar.from_ical(calendar_bytes(agenda, who))
    return list(calendar.walk("VEVENT"))


# --- the workbook -----------------------------------------------------------------------------


def test_the_workbook_has_hall_badges_and_a_sheet_for_each_bank(book: openpyxl.Workbook) -> None:
    """The guarantor has one too: it sits along."""
    assert book.sheetnames == [
        "会场 Hall", "说明 Notes", "名牌 Badges", "企业日程 Firms",
        "示例银行甲", "示例银行乙", "示例担保",
    ]  # fmt: skip


def test_the_hall_shows_every_meeting_at_its_slot_and_table(
    agenda: Agenda, book: openpyxl.Workbook
) -> None:
    """Rows are times, tea included; columns are tables."""
    rows = list(book["会场 Hall"].values)
    assert rows[0][1:] == ("A1", "A2", "A3")
    assert [row[0] for row in rows[1:]] == [
        "09:00–09:20", "09:25–09:45", "09:45–10:00", "10:00–10:20", "10:25–10:45",
    ]  # fmt: skip
    assert rows[3][1] == "茶歇 / tea"
    cells = [cell for row in rows[1:] for cell in row[1:] if cell and "示例" in cell]
    assert len(cells) == len(agenda.timetable) == 6
    assert all("示例银行甲" not in (row[3] or "") for row in rows[1:])


def test_badges_are_one_row_for_each_person(book: openpyxl.Workbook) -> None:
    """A bank with two officers has two."""
    rows = list(book["名牌 Badges"].values)[1:]
    assert [(row[0], row[4]) for row in rows[:3]] == [
        ("bank-a", "1/2"), ("bank-a", "2/2"), ("bank-b", "1/1"),
    ]  # fmt: skip
    assert rows[-1][6] == 2


def test_a_bank_sees_its_own_meetings_only(book: openpyxl.Workbook) -> None:
    """Its sheet can be sent on by itself; who sits along is named."""
    text = str(list(book["示例银行甲"].values))
    assert "示例企业1" in text
    assert "示例担保" in text
    assert "示例银行乙" not in text
    (row,) = list(book["示例担保"].values)[1:]
    assert row[3] == "示例企业1\nExample firm 1"
    assert row[5] == "示例银行甲\nBank A"


def test_names_that_look_like_formulas_are_text(agenda: Agenda, tmp_path: Path) -> None:
    """And names that no sheet can have are shortened."""
    people = tuple(
        replace(p, name="=1+1[]:*?/" * 5) if p.participant_id == "bank-b" else p
        for p in agenda.problem.participants
    )
    odd = replace(agenda, problem=agenda.problem.replace(participants=people))
    write_agenda_workbook(tmp_path / "odd.xlsx", odd)
    cells = [c for sheet in openpyxl.load_workbook(tmp_path / "odd.xlsx")
             for row in sheet for c in row]  # fmt: skip
    assert all(cell.data_type != "f" for cell in cells)


def test_what_has_no_place_says_what_is_too_little(agenda: Agenda) -> None:
    """Slots of a person, or tables; where neither is short there is no reason to count out."""
    problem = agenda.problem
    one = problem.replace(slots=problem.slots[:1], tables=problem.tables[:3])
    nothing = replace(agenda, problem=one, timetable=Timetable())
    assert [str(label) for label, _ in remarks(nothing)].count("未安排 / Not placed") == 6
    by_bank = {m.first: shortage(nothing, m) for m in one.meetings}
    assert "示例银行乙 有 3 场，在场时段最多容纳 1 场" in str(by_bank["bank-b"])
    assert "its tables have 3 and room for 2" in str(by_bank["bank-a"])
    assert shortage(agenda, problem.meetings[0]) is None


# --- calendars --------------------------------------------------------------------------------


def test_a_calendar_has_the_meetings_of_its_owner_in_shanghai_time(agenda: Agenda) -> None:
    """With table, partner and topic; the reader needs no table of zones."""
    found = events_of(agenda, "f1")
    assert len(found) == 2
    by_bank = {str(event["SUMMARY"]): event for event in found}
    event = by_bank["洽谈：示例银行甲 / Meeting: Bank A"]
    entry = next(e for e in agenda.entries["f1"] if e.partner.participant_id == "bank-a")
    assert event["DTSTART"].dt == entry.slot.start
    assert event["DTSTART"].params["TZID"] == "Asia/Shanghai"
    assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(minutes=20)
    assert f"{entry.table.table_id} 桌" in event["LOCATION"]
    assert "流动资金贷款" in event["DESCRIPTION"]
    assert "示例担保" in event["DESCRIPTION"]
    calendar = icalendar.Calendar.from_ical(calendar_bytes(agenda, "f1"))
    assert calendar["METHOD"] == "PUBLISH"
    (zone,) = calendar.walk("VTIMEZONE")
    assert zone["TZID"] == "Asia/Shanghai"


def test_lines_end_and_fold_as_the_standard_has_it(agenda: Agenda) -> None:
    """CRLF, and no line of more than 75 octets."""
    content = calendar_bytes(agenda, "bank-a")
    lines = content.split(b"\r\n")
    assert b"\n" not in b"".join(lines)
    assert max(map(len, lines)) <= 75


def test_an_update_replaces_what_calendars_hold(agenda: Agenda) -> None:
    """The same UID, a higher SEQUENCE; what is off is there once more, as cancelled."""
    first, *rest = agenda.timetable.placements
    meeting = agenda.problem.meeting[first.meeting_id]
    later = replace(
        agenda,
        head=replace(agenda.head, revision=1),
        timetable=Timetable(tuple(rest)),
        off=(Off(meeting, first.slot_id, first.table_id),),
        stamp=datetime(2027, 6, 18, 10, tzinfo=CHINA),
    )
    before = {e["UID"]: e for e in events_of(agenda, meeting.second)}
    after = {e["UID"]: e for e in events_of(later, meeting.second)}
    assert before.keys() == after.keys()
    assert {e["SEQUENCE"] for e in before.values()} == {0}
    assert {e["SEQUENCE"] for e in after.values()} == {1}
    assert sorted(e["STATUS"] for e in after.values()) == ["CANCELLED", "CONFIRMED"]
    assert all(before[uid]["DTSTAMP"].dt < after[uid]["DTSTAMP"].dt for uid in before)


def test_no_two_events_share_a_uid(agenda: Agenda) -> None:
    """Not even the two sides of one meeting: some people keep several calendars in one."""
    people = [p.participant_id for p in agenda.problem.participants]
    uids = [event["UID"] for who in people for event in events_of(agenda, who)]
    assert len(set(uids)) == len(uids) == 13


def test_every_id_makes_a_file_name_of_its_own(agenda: Agenda) -> None:
    """Slashes, dots, and names that differ in case only."""
    ids = ["a/b", "a_b", "A_B", "..", "示例企业", "x" * 300]
    problem = agenda.problem.replace(participants=tuple(map(Participant, ids)), meetings=())
    names = list(file_names(replace(agenda, problem=problem)).values())
    assert len({name.casefold() for name in names}) == len(ids)
    assert all("/" not in name and len(name) < 120 for name in names)
    assert names[4] == "示例企业.ics"


# --- the PDF ----------------------------------------------------------------------------------


def pdf_text(agenda: Agenda) -> str:
    """Return all text of the PDF, or skip where no font has Chinese."""
    try:
        content = agenda_pdf(agenda)
    except InputError as error:
        pytest.skip(str(error))
    return "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)


def test_the_text_of_the_pdf_reads_back_in_both_languages(agenda: Agenda) -> None:
    """Title, place, times, tables, names, topics: nothing is a box."""
    text = pdf_text(agenda)
    for words in (
        "银企对接会", "Matchmaking meeting", "会议中心", "茶歇", "09:25–09:45", "A3",
        "示例企业3", "Example firm 3", "示例银行乙", "示例担保", "会场安排", "The hall",
        "流动资金贷款", "working capital loan",
    ):  # fmt: skip
        assert words in text, words


def test_a_bank_has_pages_of_its_own(agenda: Agenda) -> None:
    """So that they can be handed out one by one."""
    pdf_text(agenda)
    pages = [page.extract_text() for page in PdfReader(BytesIO(agenda_pdf(agenda))).pages]
    own = next(page for page in pages if page.count("示例银行甲") and "会场安排" not in page)
    assert "示例银行乙" not in own


def test_words_are_never_read_as_markup(agenda: Agenda) -> None:
    """What stands in a name is printed as it is."""
    title = Text.same('#panic() *x* $y$ \\ [z] "q"')
    odd = replace(agenda, head=replace(agenda.head, title=title))
    assert '#panic() *x* $y$ \\ [z] "q"' in pdf_text(odd)


def test_without_a_font_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before any time is spent."""
    monkeypatch.setattr(pdf_module, "_fonts", lambda: pdf_module.typst.Fonts(False, True))
    with pytest.raises(InputError, match="apt install fonts-noto-cjk") as caught:
        require_characters("银企", datetime(2027, 6, 18).date())
    assert "这些字：企 银" in caught.value.faults[0].message.zh


def test_more_fonts_may_lie_in_a_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where nothing else has Chinese, a font in the folder has; an empty one has not."""
    day = datetime(2027, 6, 18).date()
    folder = Path(str(files(pdf_module.FONT_PACKAGE)))
    without = partial(pdf_module.typst.Fonts, include_system_fonts=False)
    monkeypatch.setattr(pdf_module.typst, "Fonts", without)
    monkeypatch.setattr(pdf_module, "find_spec", lambda name: None)
    monkeypatch.setenv("MATCHER_FONTS", str(tmp_path))
    require_characters("abc", day)
    with pytest.raises(InputError):
        require_characters("银企", day)
    shutil.copy(folder / "NotoSansSC-Regular.otf", tmp_path)
    require_characters("银企", day)


# --- all of them ------------------------------------------------------------------------------


def test_the_same_agenda_gives_the_same_bytes(agenda: Agenda, tmp_path: Path) -> None:
    """No clock and no running time is in them."""
    pdf_text(agenda)
    write_agenda_workbook(tmp_path / "a.xlsx", agenda)
    write_agenda_workbook(tmp_path / "b.xlsx", small_agenda())
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    assert agenda_pdf(agenda) == agenda_pdf(small_agenda())
    assert calendar_bytes(agenda, "f1") == calendar_bytes(small_agenda(), "f1")


def methods_of(content: bytes | None) -> tuple[str, list[tuple[str, str, int]]] | None:
    """Return the method of a calendar, and the uid, status and sequence of each event."""
    if content is None:
        return None
    calendar = icalendar.Calendar.from_ical(content)
    events = [
        (str(e["uid"]), str(e["status"]), int(e["sequence"])) for e in calendar.walk("VEVENT")
    ]
    return str(calendar["method"]), sorted(events)


def test_a_first_agenda_asks_everybody_to_all_of_their_meetings(agenda: Agenda) -> None:
    """The same meetings, under the same ids, as in the calendar that is given out."""
    for who, entries in agenda.entries.items():
        found = methods_of(request_bytes(None, agenda, who))
        if not entries:
            assert found is None
            continue
        assert found is not None
        asked = [uid for uid, _, _ in found[1]]
        assert found[0] == "REQUEST"
        assert asked == sorted(str(e["uid"]) for e in events_of(agenda, who))
        assert cancel_bytes(None, agenda, who) is None


def test_an_update_asks_to_what_moved_and_calls_off_what_is_gone(agenda: Agenda) -> None:
    """One meeting goes to another table, one is dropped: their people alone are told of it."""
    first, second, *rest = agenda.timetable.placements
    other = next(t.table_id for t in agenda.problem.tables if t.table_id != first.table_id)
    moved = replace(first, table_id=other)
    after = replace(
        agenda,
        head=replace(agenda.head, revision=1),
        timetable=Timetable((moved, *rest)),
    )
    for who, entries in agenda.entries.items():
        own = {entry.meeting.meeting_id for entry in entries}
        asked = methods_of(request_bytes(agenda, after, who))
        gone = methods_of(cancel_bytes(agenda, after, who))
        assert (asked is not None) == (first.meeting_id in own)
        assert (gone is not None) == (second.meeting_id in own)
        if asked is not None:
            assert [(s, n) for _, s, n in asked[1]] == [("CONFIRMED", 1)]
        if gone is not None:
            assert gone[0] == "CANCEL"
            assert [(s, n) for _, s, n in gone[1]] == [("CANCELLED", 1)]


def test_the_same_agenda_again_tells_nobody_anything(agenda: Agenda) -> None:
    """Another sequence alone is no news."""
    after = replace(agenda, head=replace(agenda.head, revision=1))
    for who in agenda.entries:
        assert request_bytes(agenda, after, who) is None
        assert cancel_bytes(agenda, after, who) is None
