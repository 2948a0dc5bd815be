"""From a plan's matches and an event file to a timetable, and changes on the day."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.errors import Fault, InputError
from matcher.domain.moments import CHINA
from matcher.domain.text import Text
from matcher.files.agenda import Agenda
from matcher.files.event_toml import parse_event
from matcher.schedule import (
    Cancelled,
    Late,
    Meeting,
    Session,
    Status,
    StaysAway,
    TableBroken,
    find_faults,
)
from matcher.services.scheduling import (
    Lead,
    Party,
    Scheduled,
    change_day,
    make_timetable,
    meetings,
    plan_task,
    save_agenda,
)
from tests.files.event_files import EVENT


def party(key: str) -> Party:
    """Return somebody with a name."""
    return Party(key, Text(f"示例{key}", f"Example {key}"))


def lead(firm: str, bank: str, score: str = "0.5", *companions: str, need: str = "n") -> Lead:
    """Return a match."""
    product = Text(f"{bank}贷款", f"loan of {bank}")
    others = tuple(map(party, companions))
    return Lead(f"{need}-{firm}", party(firm), party(bank), product, Decimal(score), others)


LEADS = (
    lead("f1", "bank-a", "0.7", "surety"),
    lead("f1", "bank-b"),
    lead("f2", "bank-a", "0.6", "surety"),
    lead("f3", "bank-b"),
    lead("f3", "surety", "0.4"),
)


def scheduled(event: str = "", leads: tuple[Lead, ...] = LEADS) -> Scheduled:
    """Schedule leads at the small event with something added."""
    return make_timetable(plan_task(leads, parse_event(EVENT + event)))


def agenda_of(event: str = "", leads: tuple[Lead, ...] = LEADS) -> Agenda:
    """Return the agenda of leads at the small event."""
    agenda = scheduled(event, leads).agenda
    assert agenda is not None
    return agenda


def meeting_of(event: str, key: str) -> Meeting:
    """Return one meeting of the task."""
    return plan_task(LEADS, parse_event(EVENT + event)).problem.meeting[key]


def faults_of(event: str) -> list[Fault]:
    """Return what is wrong with an event file beside the plan."""
    with pytest.raises(InputError) as caught:
        plan_task(LEADS, parse_event(EVENT + event))
    return list(caught.value.faults)


def at(clock: str) -> datetime:
    """Return a time on the day."""
    return datetime.fromisoformat(f"2027-06-18T{clock}+08:00").astimezone(CHINA)


# --- what becomes a meeting -------------------------------------------------------------------


def test_every_pair_of_the_plan_meets_once() -> None:
    """However many needs they talk about; the score is what a meeting is worth."""
    task = plan_task((*LEADS, lead("f1", "bank-a", "0.2", need="m")), parse_event(EVENT))
    assert len(task.problem.meetings) == 5
    meeting = task.problem.meeting["f1~bank-a"]
    assert (meeting.first, meeting.second, meeting.value) == ("bank-a", "f1", 900)
    assert task.talks["f1~bank-a"].needs == ("n-f1", "m-f1")


def test_all_meet_and_the_checker_finds_nothing() -> None:
    """The best timetable, proved."""
    agenda = agenda_of()
    assert agenda.status is Status.OPTIMAL
    assert len(agenda.timetable) == 5
    assert not find_faults(agenda.problem, agenda.timetable)


def test_who_does_not_come_is_left_out_with_a_reason() -> None:
    """With only_listed, those come that the file lists."""
    listed = EVENT.replace('id = "june"', 'id = "june"\nonly_listed_institutions = true')
    sheet = parse_event(listed + '[[institutions]]\nid = "bank-a"\nofficers = 2\n')
    task = plan_task(LEADS, sheet)
    assert {m.meeting_id for m in task.problem.meetings} == {"f1~bank-a", "f2~bank-a"}
    assert task.problem.participant["bank-a"].officers == 2
    assert "示例f1 与 示例bank-b：示例bank-b 不参会" in {reason.zh for reason in task.left_out}


def test_of_many_that_are_left_out_the_first_are_named_and_the_others_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An event for a few firms of a large plan does not list the whole plan."""
    listed = EVENT.replace('id = "june"', 'id = "june"\nonly_listed_firms = true')
    sheet = parse_event(listed + '[[firms]]\nid = "f1"\n')
    every = plan_task(LEADS, sheet).left_out
    assert len(every) > 2
    monkeypatch.setattr(meetings, "MOST_NAMED", 1)
    *named, rest = plan_task(LEADS, sheet).left_out
    assert tuple(named) == every[:1]
    assert rest.en == f"{len(every) - 1} more pairs are left out"


def test_a_guest_may_wish_for_half_of_the_day() -> None:
    """All its meetings are then; two who want different halves do not meet."""
    wish = '[[firms]]\nid = "f1"\nwish = "上午"\n'
    assert meeting_of(wish, "f1~bank-b").wish is Session.MORNING
    against = wish + '[[institutions]]\nid = "bank-b"\nwish = "afternoon"\n'
    task = plan_task(LEADS, parse_event(EVENT + against))
    assert "f1~bank-b" not in task.problem.meeting
    assert any("只在上午" in reason.zh for reason in task.left_out)
    settled = '[[meetings]]\nfirm = "f1"\ninstitution = "bank-b"\nsession = "morning"\n'
    assert meeting_of(against + settled, "f1~bank-b").wish is Session.MORNING


def test_a_meeting_may_be_a_must_at_a_time_or_new() -> None:
    """What the file asks for goes before the plan."""
    row = '[[meetings]]\nfirm = "f2"\ninstitution = "{}"\nmust = true\nat = "09:25"\n'
    for bank, value in (("bank-a", 600), ("bank-b", 1000)):
        meeting = meeting_of(row.format(bank), f"f2~{bank}")
        assert (meeting.must, meeting.slot, meeting.value) == (True, "0618-0925", value)


def test_rules_of_the_file_reach_the_timetable() -> None:
    """Order, keeping apart, absence: each is kept."""
    agenda = agenda_of("""
    [[precedence]]
    before = ["f1", "bank-b"]
    after = ["f1", "bank-a"]
    [[never_together]]
    guests = ["f2", "f3"]
    [[absences]]
    who = "f1"
    slots = ["0618-0900"]
    """)
    start = {e.meeting.meeting_id: e.slot.start for own in agenda.entries.values() for e in own}
    assert start["f1~bank-b"] < start["f1~bank-a"]
    assert start["f1~bank-b"] > at("09:00")
    assert start["f2~bank-a"] not in (start["f3~bank-b"], start["f3~surety"])


@pytest.mark.parametrize(
    ("row", "place", "value"),
    [
        ('[[institutions]]\nid = "bank-x"', "institutions · #1 · id", "bank-x"),
        ('[[institutions]]\nid = "f1"', "institutions · #1 · id", "f1"),
        ('[[absences]]\nwho = "nobody"\nleaves = "10:00"', "absences · #1 · who", "nobody"),
        ('[[meetings]]\nfirm = "bank-a"\ninstitution = "f1"', "meetings · #1 · firm", "bank-a"),
        ('[[meetings]]\nfirm = "f1"\ninstitution = "b"', "meetings · #1 · institution", "b"),
        ('[[never_together]]\nguests = ["f1", "g"]', "never_together · #1 · guests", "g"),
        ('[[precedence]]\nbefore = ["f1", "bank-a"]\nafter = ["f2", "bank-b"]',
         "precedence · #1 · after", ["f2", "bank-b"]),
    ],
)  # fmt: skip
def test_ids_that_nobody_has_are_told_where_they_stand(row: str, place: str, value: object) -> None:
    """In the file, its table and row."""
    found = [(f.where, f.value) for f in faults_of(row + "\n")]
    assert (f"event.toml · {place}", value) in found


def test_what_the_engine_refuses_is_told_with_the_file() -> None:
    """Two musts of one firm in one slot."""
    row = '[[meetings]]\nfirm = "f1"\ninstitution = "{}"\nmust = true\nat = "09:00"\n'
    (fault,) = faults_of(row.format("bank-a") + row.format("bank-b"))
    assert fault.file == "event.toml"
    assert "holds 1 at once" in fault.message.en


def test_what_cannot_be_has_its_reasons() -> None:
    """A must of a firm that is never there."""
    found = scheduled('[[meetings]]\nfirm = "f1"\ninstitution = "bank-a"\nmust = true\n'
                      '[[firms]]\nid = "f1"\narrives = "18:00"\n')  # fmt: skip
    assert found.agenda is None
    assert found.result.status is Status.INFEASIBLE
    assert {fact.kind for fact in found.result.conflict} == {"must", "absence"}


# --- companions -------------------------------------------------------------------------------


def test_a_guarantor_sits_at_the_tables_of_its_packages() -> None:
    """It is never at two tables at once, and has those meetings in its agenda."""
    agenda = agenda_of()
    slots = [entry.slot.slot_id for entry in agenda.entries["surety"]]
    assert len(slots) == len(set(slots)) == 3
    entry = next(e for e in agenda.entries["f1"] if e.along)
    assert [p.participant_id for p in entry.along] == ["surety"]
    assert entry.partner.participant_id == "bank-a"


@given(st.integers(1, 3), st.integers(1, 12))
def test_a_guarantor_is_at_no_more_tables_than_it_has_people(officers: int, packages: int) -> None:
    """What it has no people for is said."""
    leads = tuple(lead(f"f{n}", f"b{n % 4}", "0.5", "surety") for n in range(packages))
    row = f'[[institutions]]\nid = "surety"\nofficers = {officers}\n'
    agenda = agenda_of(row, leads)
    slots = [entry.slot.slot_id for entry in agenda.entries["surety"]]
    assert all(slots.count(slot) <= officers for slot in slots)
    assert len(agenda.left_out) == max(0, packages - 4 * officers)


def test_a_guarantor_that_is_not_there_all_day_does_not_sit_along() -> None:
    """The bank's meetings are held all the same, and it is said."""
    agenda = agenda_of('[[institutions]]\nid = "surety"\narrives = "09:30"\n')
    assert len(agenda.timetable) == 5
    assert len(agenda.entries["surety"]) == 1
    assert all("不是全天在场" in reason.zh for reason in agenda.left_out)


# --- on the day -------------------------------------------------------------------------------


def test_a_change_moves_nothing_that_has_happened() -> None:
    """What is off stays in the file, so that calendars can be told."""
    late = '[[meetings]]\nfirm = "{}"\ninstitution = "bank-b"\nat = "{}"\n'
    agenda = agenda_of(late.format("f3", "10:25") + late.format("f1", "09:00"))
    now = at("09:25")
    new = change_day(agenda, now, [StaysAway("bank-b")])
    before, after = agenda.timetable.by_meeting, new.agenda.timetable.by_meeting
    past = {k for k, p in before.items() if agenda.problem.slot[p.slot_id].start <= now}
    assert all(after[key] == before[key] for key in past)
    assert {item.meeting.meeting_id for item in new.agenda.off} == before.keys() - after.keys()
    assert [(m.participant_id, m.meeting_id) for m in new.moves] == [
        ("f3", "f3~bank-b"),
        ("bank-b", "f3~bank-b"),
    ]
    assert (new.agenda.head.revision, new.agenda.stamp) == (1, now)


def test_changes_may_follow_each_other() -> None:
    """Each goes on from the last; what went off once is not forgotten."""
    agenda = agenda_of('[[meetings]]\nfirm = "f1"\ninstitution = "bank-b"\nmust = true\n')
    first = change_day(agenda, at("08:00"), [Cancelled("f3~bank-b")]).agenda
    assert first.problem.meeting["f1~bank-b"].must
    second = change_day(first, at("08:30"), [TableBroken("A1"), Late("bank-a", at("09:20"))]).agenda
    assert {item.meeting.meeting_id for item in second.off} == {"f3~bank-b"}
    assert not find_faults(second.problem, second.timetable)
    assert second.head.revision == 2
    assert all(p.table_id != "A1" for p in second.timetable.placements)


def test_a_guarantor_that_stays_away_sits_along_no_more() -> None:
    """The bank and the firm meet without it, and that is said."""
    new = change_day(agenda_of(), at("08:00"), [StaysAway("surety")]).agenda
    assert new.entries["surety"] == ()
    assert {"f1~bank-a", "f2~bank-a"} <= new.timetable.by_meeting.keys()
    assert sum("不随同" in note.zh for note in new.left_out) == 2
    assert {item.meeting.meeting_id for item in new.off_of("surety")} == {
        "f1~bank-a",
        "f2~bank-a",
        "f3~surety",
    }
    assert new.off_of("f1") == ()


def test_unknown_ids_are_refused() -> None:
    """All of them at once."""
    with pytest.raises(InputError) as caught:
        change_day(agenda_of(), at("09:00"), [StaysAway("x"), TableBroken("y"), Cancelled("z")])
    assert [f.value for f in caught.value.faults] == ["x", "y", "z"]


# --- files ------------------------------------------------------------------------------------


def test_the_folder_has_a_calendar_for_each_who_has_a_meeting(tmp_path: Path) -> None:
    """And the timetable, workbook and PDF."""
    agenda = agenda_of('[[firms]]\nid = "new"\nname = "新企业"\n')
    paths = save_agenda(agenda, tmp_path / "out", pdf=False)
    assert [p.name for p in paths] == ["calendars", "timetable.xlsx", "timetable.json"]
    names = {path.stem for path in (tmp_path / "out/calendars").iterdir()}
    assert names == {"f1", "f2", "f3", "bank-a", "bank-b", "surety"}


def test_the_order_of_the_matches_changes_no_value() -> None:
    """The same meetings, worth the same."""
    task = plan_task(LEADS, parse_event(EVENT))
    turned = plan_task(LEADS[::-1], parse_event(EVENT))
    assert set(task.problem.meetings) == set(turned.problem.meetings)
    assert replace(task, problem=turned.problem).talks == turned.talks
