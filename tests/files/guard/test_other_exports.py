"""CSV, calendars and PDF: what a name brings along is text there too."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date

import icalendar
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from matcher.domain.text import Text
from matcher.files.agenda import Talk
from matcher.files.agenda_ics import calendar_bytes
from matcher.files.agenda_pdf import agenda_pdf
from matcher.files.csv_file import gather_csv
from matcher.files.csv_writing import csv_bytes
from matcher.files.raw import Gathered
from matcher.files.sheet_cells import FORMULA_SIGNS, clean
from tests.files.guard.agendas import agenda_of

# --- CSV --------------------------------------------------------------------------------------


_cells = st.text(st.characters(codec="utf-8")) | st.builds(
    lambda marks, sign, rest: marks + sign + rest,
    st.sampled_from(["", "'", "''"]),
    st.sampled_from(FORMULA_SIGNS),
    st.text(max_size=5),
)


@given(st.lists(st.tuples(_cells, _cells, _cells), min_size=1, max_size=4))
def test_csv_has_no_cell_that_is_a_formula_and_reads_back_as_it_was(
    rows: list[tuple[str, str, str]],
):
    """Whatever the text, marks and signs of its own included."""
    content = csv_bytes(("机构编号", "机构名称", "来源"), rows)
    raw = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert not [cell for row in raw for cell in row if cell.startswith(tuple(FORMULA_SIGNS))]
    gathered = Gathered()
    gather_csv(content, "机构.csv", gathered)
    assert not gathered.faults
    (table,) = gathered.tables
    told = [
        {h: v for h, c in zip(raw[0], row, strict=True) if (v := clean(c)).strip()} for row in rows
    ]
    assert [dict(row.cells) for row in table.rows] == [cells for cells in told if cells]


def test_csv_leaves_numbers_and_days_alone():
    """A loss is a negative number, and no formula."""
    content = csv_bytes(("a", "b", "c"), [(-5, date(2022, 5, 25), None), ("-5", "=1", "x")])
    assert content.decode("utf-8-sig") == "a,b,c\r\n-5,2022-05-25,\r\n'-5,'=1,x\r\n"


# --- calendars and PDF ------------------------------------------------------------------------


def test_a_calendar_takes_nothing_from_names_but_their_text():
    """Lines, properties and components that a name brings along are its text."""
    name = '甲";X=1:y\r\nATTENDEE:mailto:a@x.example\r\nEND:VEVENT\r\nBEGIN:VALARM\n=1,2;3\\'
    agenda = agenda_of("=1+1")
    text = Text(name, name)
    talks = {key: Talk(("n",), (text,)) for key in agenda.talks}
    plain = agenda_of("甲")
    for who in (p.participant_id for p in agenda.problem.participants):
        content = calendar_bytes(replace(agenda, talks=talks), who)
        calendar = icalendar.Calendar.from_ical(content)
        before = icalendar.Calendar.from_ical(calendar_bytes(plain, who))
        assert [c.name for c in calendar.walk()] == [c.name for c in before.walk()]
        for event in calendar.walk("VEVENT"):
            assert "ATTENDEE" not in event
            assert "=1+1" in str(event["SUMMARY"])
            assert "END:VEVENT" in str(event["DESCRIPTION"])


def test_the_pdf_prints_markup_and_runs_none():
    """What typst would run or read stands on the page as it was written."""
    name = '#read("/etc/passwd")'
    text = "".join(
        page.extract_text() for page in PdfReader(io.BytesIO(agenda_pdf(agenda_of(name)))).pages
    )
    assert "#read" in text
    assert "root:" not in text
