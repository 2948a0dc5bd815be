"""Event files: what an organiser writes, and every fault in it with its place."""

from __future__ import annotations

import contextlib
import json
import re
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.errors import Fault, InputError
from matcher.domain.event import EventKind
from matcher.domain.text import Lang
from matcher.files.event_sheet import EventSheet
from matcher.files.event_toml import parse_event, read_event, write_event_example
from matcher.schedule import ParticipantKind, Session
from tests.files.event_files import EVENT

EXAMPLE = files("matcher.files").joinpath("event_example.toml").read_text(encoding="utf-8")


def faults_of(text: str) -> list[Fault]:
    """Return the faults of an event file."""
    with pytest.raises(InputError) as caught:
        parse_event(text)
    return list(caught.value.faults)


def places(text: str) -> list[str]:
    """Return where the faults of an event file stand."""
    return [fault.where.removeprefix("event.toml · ") for fault in faults_of(text)]


def more(text: str) -> EventSheet:
    """Read the small event with something added."""
    return parse_event(EVENT + text)


def test_the_example_can_be_used_as_it_is() -> None:
    """It lays twelve slots around tea and lunch."""
    sheet = parse_event(EXAMPLE)
    assert sheet.head.kind is EventKind.MATCHMAKING
    assert (len(sheet.slots), len(sheet.tables)) == (12, 20)
    times = {slot.slot_id for slot in sheet.slots}
    assert {"0618-0900", "0618-1015", "0618-1055", "0618-1330"} <= times


def test_every_field_of_the_example_is_one_that_is_read() -> None:
    """With the comments taken off all fields, each is known and each example is sound."""
    text = re.sub(r"^# (?=\[\[|\w+ = )", "", EXAMPLE, flags=re.MULTILINE)
    for line in ('end = "17:30"', "date = 2027-06-19               # 只在某一天"):
        assert line in text
    text = text.replace("date = 2027-06-19               # 只在某一天\n", "")
    sheet = parse_event(text)
    assert len(sheet.guests) == 3
    assert sheet.only_listed == frozenset(ParticipantKind)
    assert (sheet.max_run, sheet.fairness, sheet.head.revision) == (4, 2, 1)
    assert sheet.slots[-1].slot_id == "0618-1700"


def test_the_example_is_written_whole(tmp_path: Path) -> None:
    """What is written can be read."""
    write_event_example(tmp_path / "event.toml")
    assert read_event(tmp_path / "event.toml").file == "event.toml"


def test_slots_are_laid_around_breaks() -> None:
    """A slot that would run into tea begins after it; its id is its day and start."""
    slots = parse_event(EVENT).slots
    assert [slot.slot_id for slot in slots] == [
        "0618-0900", "0618-0925", "0618-1000", "0618-1025",
    ]  # fmt: skip
    assert {slot.session for slot in slots} == {Session.MORNING}


def test_an_event_may_take_several_days() -> None:
    """Rows of slots without a date are laid on each of them; one with a date on that day."""
    text = EVENT.replace("date = 2027-06-18", "dates = [2027-06-19, 2027-06-18]")
    sheet = parse_event(text + '[[slots]]\ndate = 2027-06-19\nstart = "14:00"\nend = "14:30"\n')
    assert [day.day for day in sheet.head.days] == [18, 19]
    assert len(sheet.slots) == 9
    assert (sheet.slots[-1].slot_id, sheet.slots[-1].session) == ("0619-1400", Session.AFTERNOON)


def test_slots_may_be_laid_until_a_time() -> None:
    """Without a number, as many as end in time."""
    sheet = parse_event(EVENT.replace("number = 4", 'until = "11:00"'))
    assert sheet.slots[-1].slot_id == "0618-1025"


@pytest.mark.parametrize(
    ("row", "missed"),
    [
        ('[[absences]]\nwho = "f"\narrives = "09:20"', {"0618-0900"}),
        ('[[absences]]\nwho = "f"\nleaves = "10:40"', {"0618-1025"}),
        ('[[absences]]\nwho = "f"\nfrom = "09:40"\nto = "10:10"', {"0618-0925", "0618-1000"}),
        ('[[absences]]\nwho = "f"\nslots = ["0618-0900"]', {"0618-0900"}),
        ('[[firms]]\nid = "f"\narrives = 10:00:00', {"0618-0900", "0618-0925"}),
    ],
)
def test_who_is_away_misses_the_slots_that_touch_it(row: str, missed: set[str]) -> None:
    """Late, early, in between, or as listed."""
    (away,) = more(row + "\n").away
    assert (away.who, away.slots) == ("f", missed)


@pytest.mark.parametrize(
    "at",
    [
        '"0618-0925"',
        '"09:25"',
        '"2027-06-18 09:25"',
        "2027-06-18T09:25:00",
        "09:25:00",
        "2027-06-18T01:25:00Z",
    ],
)
def test_a_slot_is_named_by_its_id_or_its_start(at: str) -> None:
    """On China's clock, whatever the form."""
    (asked,) = more(f'[[meetings]]\nfirm = "f"\ninstitution = "b"\nat = {at}\n').asked
    assert asked.slot == "0618-0925"


def test_all_faults_are_told_at_once_with_their_places() -> None:
    """None hides another."""
    text = """
    [event]
    title = ""
    kind = "party"
    date = "2027-02-30"
    colour = "red"
    [[slots]]
    start = "25:00"
    number = 0
    [[tables]]
    number = -1
    [[institutions]]
    officers = "two"
    [[meetings]]
    firm = "f"
    [[never_together]]
    guests = ["a"]
    [[precedence]]
    before = ["f"]
    [[tabels]]
    """
    assert places(text) == [
        "event · title",
        "event · date",
        "event · kind",
        "slots · #1 · start",
        "slots · #1 · number",
        "tables · #1 · number",
        "institutions · #1 · id",
        "institutions · #1 · officers",
        "meetings · #1 · institution",
        "never_together · #1",
        "precedence · #1 · before",
        "precedence · #1 · after",
        "event · colour",
        "tabels",
    ]


@pytest.mark.parametrize(
    ("row", "place", "says"),
    [
        ('[[slots]]\nstart = "11:00"\nend = "10:00"', "slots · #2 · end", "no later"),
        ('[[slots]]\nstart = "09:10"\nend = "09:30"', "start", "overlap"),
        ('[[slots]]\nstart = "23:00"\nnumber = 5', "slots · #2 · number", "at most 2"),
        ('[[slots]]\nstart = "12:00"', "slots · #2 · number", "needs number"),
        ('[[slots]]\nstart = "12:00"\nnumber = 2\nlunch = "noon"', "slots · #2 · lunch", "12:00"),
        ('[[tables]]\nid = "A1"', "table_id", "more than once"),
        ('[[tables]]\nid = "B"\nclosed = ["x"]', "tables · #2 · closed", "no such slot"),
        ('[[firms]]\nid = "f"\ntables = ["Z"]', "firms · #1 · tables", "no such table"),
        ('[[firms]]\nid = "f"\n[[firms]]\nid = "f"', "firms · #2 · id", "more than once"),
        ('[[firms]]\nid = "f"\nwish = "noon"', "firms · #1 · wish", "morning"),
        ('[[firms]]\nid = "f"\nofficers = 0', "firms · #1 · officers", "1 to 500"),
        ('[[firms]]\nid = "f"\narives = "10:00"', "firms · #1 · arives", "arrives"),
        ('[[absences]]\nwho = "f"', "absences · #1", "does not say when"),
        ('[[absences]]\nwho = "f"\nfrom = "10:00"', "absences · #1 · to", "missing"),
        ('[[absences]]\nwho = "f"\nfrom = "10:00"\nto = "09:00"', "absences · #1 · to", "later"),
        ('[[meetings]]\nfirm = "f"\ninstitution = "b"\nat = "9 am"', "meetings · #1 · at", "09:00"),
        ('[[meetings]]\nfirm = "f"\ninstitution = "b"\nat = "09:01"', "meetings · #1 · at",
         "no slot starts"),
        ("[meetings]\nfirm = 1", "meetings · #1 · institution", "missing"),
        ("[[breaks]]\nstart = 1", "breaks · #2 · end", "missing"),
    ],
)  # fmt: skip
def test_a_fault_is_told_where_it_stands(row: str, place: str, says: str) -> None:
    """With what would have been accepted."""
    faults = faults_of(EVENT + row + "\n")
    told = {f.where.removeprefix("event.toml · ") for f in faults}
    assert place in told
    assert any(says in f.sentence(Lang.EN) for f in faults)


@pytest.mark.parametrize("text", ["", "[event]\n", "event = 3", "[[event]]\n", "a ="])
def test_what_is_no_event_file_is_refused(text: str) -> None:
    """Empty, of other shapes, or no TOML."""
    assert faults_of(text)


def test_a_missing_file_is_a_fault(tmp_path: Path) -> None:
    """And so is one that is no text."""
    for path in (tmp_path / "none.toml", tmp_path):
        with pytest.raises(InputError, match="cannot be read"):
            read_event(path)


SECTIONS = ["event", "[slots]", "[breaks]", "[tables]", "[institutions]", "[firms]", "[absences]",
            "[meetings]", "[never_together]", "[precedence]"]  # fmt: skip
KEYS = re.findall(r"^(?:# )?(\w+) =", EXAMPLE, flags=re.MULTILINE)
VALUES = st.one_of(
    st.integers(-5, 10**6), st.booleans(), st.text("09:-aA1，", max_size=6),
    st.sampled_from(["09:00", "10:00", "2027-06-18", "0618-0900", "f", "b", "A1", "morning"]),
    st.lists(st.sampled_from(["09:00", "12:30", "f", "b", 3]), max_size=3),
)  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from(SECTIONS),
                          st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=5)),
                max_size=5))  # fmt: skip
def test_whatever_is_written_is_read_or_refused(
    tables: list[tuple[str, dict[str, object]]],
) -> None:
    """Nothing but an `InputError` comes out of a file that is TOML."""
    lines = []
    for section, fields in tables:
        lines.append(f"[{section}]")
        lines += [f"{k} = {json.dumps(v, ensure_ascii=False)}" for k, v in fields.items()]
    with contextlib.suppress(InputError):
        parse_event(EVENT + "\n".join(lines))
    with contextlib.suppress(InputError):
        parse_event("\n".join(lines))
