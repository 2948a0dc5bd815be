from __future__ import annotations

import io
import json
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import icalendar
import openpyxl
import pytest
from pypdf import PdfReader
from sqlmodel import col, select, update

from matcher.files.timetable_json import parse_timetable
from matcher.schedule import find_faults
from matcher.store.tables import (
    CaseEventRow,
    EnterpriseRow,
    InstitutionRow,
    LeadRow,
    NeedRow,
    RoundRow,
)
from tests.api.world import World, world_on
from tests.databases import KINDS
from tests.rounds import new_round, published_plan
from tests.service import NOW, SHANGHAI
from tests.working import make_worker

DAY = "2026-03-02"
DOORS_OPEN = datetime(2026, 3, 2, 13, 30, tzinfo=SHANGHAI)
FIRMS = ("binjiang-a1", *(f"binjiang-{n:02}" for n in range(1, 8)))
BANKS = ("bank-a", "bank-b", "bank-d", "bank-g")
HALL = """
[event]
organiser = "区金融办"
only_listed_firms = true
only_listed_institutions = true
[[slots]]
start = "14:00"
minutes = 15
number = 12
[[tables]]
number = 6
prefix = "A"
""" + "".join(
    f'[[{table}]]\nid = "{who}"\n'
    for table, ids in (("firms", FIRMS), ("institutions", BANKS))
    for who in ids
)


@dataclass
class Hall:
    """A served world with a published plan, and an organiser's way to ask."""

    world: World
    round_row: RoundRow

    def ask(self, method: str, path: str, who: str = "organiser", **options: Any) -> Any:
        """Send a request as somebody, of any state where one is to be named."""
        headers = dict(getattr(self.world.people, who).by_session) | {"If-Match": "*"}
        headers |= options.pop("headers", {})
        return self.world.client.request(method, path, headers=headers, **options)

    def event(self, **fields: Any) -> str:
        """Enter an event with a hall, and return its path."""
        given = {"kind": "matchmaking", "name": "对接会", "day": DAY, "description": HALL,
                 "round_id": str(self.round_row.id), **fields}  # fmt: skip
        answer = self.ask("POST", "/events", json=given)
        assert answer.status_code == 201, answer.text
        return answer.headers["Location"]

    def made(self, path: str, **options: Any) -> dict[str, Any]:
        """Ask for a timetable, have it made, and return it."""
        answer = self.ask("POST", path, json=options)
        assert answer.status_code == 202, answer.text
        make_worker(self.world.database, clock=self.world.clock).work(once=True)
        return self.ask("GET", answer.headers["Location"]).json()

    def document(self, timetable: dict[str, Any]) -> Any:
        """Return the agenda of a timetable."""
        return parse_timetable(self.ask("GET", timetable["links"]["document"]).content)

    def published(self) -> tuple[str, dict[str, Any]]:
        """Return an event, and its timetable that is out."""
        event = self.event()
        made = self.made(f"{event}/timetables")
        answer = self.ask("POST", f"{made['links']['self']}/publish")
        assert answer.status_code == 200, answer.text
        return event, self.ask("GET", made["links"]["self"]).json()


@pytest.fixture(scope="module", params=KINDS)
def hall(request):
    """Return a world on each database, with a round whose plan is out."""
    with world_on(request.param, requests_per_minute=0, max_queued=100) as world:
        round_row = new_round(world.database, world.people)
        published_plan(world.database, world.people, round_row.id)
        yield Hall(world, round_row)


def test_a_timetable_is_made_of_the_leads_of_the_published_plan(hall):
    """Each pair of a live lead meets or is said not to; the checker finds no fault."""
    event = hall.event()
    made = hall.made(f"{event}/timetables")
    assert (made["state"], made["run_status"], made["problem"]) == ("draft", "done", None)
    agenda = hall.document(made)
    assert find_faults(agenda.problem, agenda.timetable) == []
    assert agenda.head.event_id == hall.ask("GET", event).json()["key"]
    needs = {need for talk in agenda.talks.values() for need in talk.needs}
    assert needs == {json.loads(lead.document)["need"] for lead in listed(hall)}
    assert len(made["hall"]["meetings"]) == len(agenda.problem.meetings)


def listed(hall: Hall, *banks: str) -> list[LeadRow]:
    """Return the live leads between the firms and institutions that are listed, by firm."""
    query = (
        select(LeadRow)
        .join(EnterpriseRow, col(EnterpriseRow.id) == col(LeadRow.enterprise_id))
        .join(InstitutionRow, col(InstitutionRow.id) == col(LeadRow.institution_id))
        .where(
            LeadRow.round_id == hall.round_row.id,
            col(LeadRow.is_alive),
            col(EnterpriseRow.key).in_(FIRMS),
            col(InstitutionRow.key).in_(banks or BANKS),
        )
        .order_by(col(EnterpriseRow.key))
    )
    with hall.world.database.reading() as session:
        return list(session.scalars(query))


def test_what_was_taken_back_is_not_brought_together(hall):
    """A consent that is withdrawn, a lead that is over, a firm that stays unknown: no meeting."""
    event = hall.event()
    before = hall.document(hall.made(f"{event}/timetables"))
    over, unknown, hidden = list({lead.need_id: lead for lead in listed(hall, "bank-a")})[:3]
    with hall.world.database.writing() as session:
        for need_id, change in ((over, {"is_alive": False}), (unknown, {"is_anonymous": True})):
            leads = update(LeadRow).where(col(LeadRow.need_id) == need_id)
            session.execute(leads.values(**change))
        need = session.get_one(NeedRow, hidden)
        need.consents_to_all = False
        session.add(need)
        keys = {session.get_one(NeedRow, one).key for one in (over, unknown, hidden)}
    after = hall.document(hall.made(f"{event}/timetables"))
    gone = {n for t in before.talks.values() for n in t.needs} - {
        n for t in after.talks.values() for n in t.needs
    }
    assert gone == keys
    assert any("匿名" in note.zh or "公开名称" in note.zh for note in after.left_out)
    with hall.world.database.writing() as session:
        session.execute(update(LeadRow).values(is_alive=True, is_anonymous=False))
        session.execute(update(NeedRow).values(consents_to_all=True))


def test_faults_of_a_description_are_told_at_once(hall):
    """With the table and the field of the event file; nothing is entered, nothing queued."""
    given = {"kind": "matchmaking", "name": "对接会", "day": DAY}
    bad = HALL.replace("minutes = 15", "minutes = 0").replace("number = 6", "nummer = 6")
    answer = hall.ask("POST", "/events", json=given | {"description": bad})
    assert answer.status_code == 422
    fields = {fault["field"] for fault in answer.json()["faults"]}
    assert {"minutes", "nummer"} <= fields
    other_day = "[event]\ndate = 2026-03-03\n" + HALL.replace("[event]\n", "", 1)
    answer = hall.ask("POST", "/events", json=given | {"description": other_day})
    assert answer.status_code == 422
    assert "2026-03-02" in answer.text
    unknown = HALL + '[[firms]]\nid = "nobody"\n'
    event = hall.event(description=unknown)
    answer = hall.ask("POST", f"{event}/timetables", json={})
    assert answer.status_code == 422
    assert "nobody" in answer.text


def test_a_timetable_that_cannot_be_says_which_requirements_clash(hall):
    """The run fails with the facts, and nothing is given out."""
    pair = hall.document(hall.made(f"{hall.event()}/timetables")).problem.meetings[0]
    meeting = f'[[meetings]]\nfirm = "{pair.second}"\ninstitution = "{pair.first}"\nmust = true\n'
    away = f'[[absences]]\nwho = "{pair.second}"\nfrom = "00:00"\nto = "23:59"\n'
    event = hall.event(description=HALL + meeting + away)
    made = hall.made(f"{event}/timetables")
    assert (made["state"], made["run_status"], made["hall"]) == ("asked", "failed", None)
    assert len(made["problem"]["faults"]) == 2
    answer = hall.ask("POST", f"{made['links']['self']}/publish")
    assert answer.status_code == 409
    assert hall.ask("GET", f"{made['links']['self']}/agenda.pdf").status_code == 409


def test_a_move_is_checked_at_once_and_refused_with_the_reason(hall):
    """A free place takes it; a table in use, an unknown slot, a stale version do not."""
    made = hall.made(f"{hall.event()}/timetables")
    path, agenda = made["links"]["self"], hall.document(made)
    busy_in = [(p.slot_id, w) for p in agenda.timetable.placements
               for w in agenda.problem.meeting[p.meeting_id].pair]  # fmt: skip
    first, free = next(
        (p, slot.slot_id)
        for p in agenda.timetable.placements
        for slot in agenda.problem.slots
        if not any((slot.slot_id, w) in busy_in for w in agenda.problem.meeting[p.meeting_id].pair)
    )
    taken = {p.table_id for p in agenda.timetable.placements if p.slot_id == free}
    table = next(t for t in agenda.problem.free_tables if t not in taken)
    wanted = {"meeting": first.meeting_id, "slot": free, "table": table}
    busy = next(p for p in agenda.timetable.placements if p.meeting_id != first.meeting_id
                and p.slot_id != first.slot_id)  # fmt: skip
    refused = hall.ask("POST", f"{path}/moves", json=wanted | {
        "slot": busy.slot_id, "table": busy.table_id})  # fmt: skip
    assert refused.status_code == 409
    named = [f["message"]["zh"] for f in refused.json()["faults"]]
    assert any("最多 1 场" in sentence for sentence in named)
    assert not any("~" in sentence for sentence in named)
    unknown = hall.ask("POST", f"{path}/moves", json=wanted | {"slot": "0302-2300"})
    assert unknown.status_code == 409
    assert hall.document(made).timetable == agenda.timetable
    stale = hall.ask("POST", f"{path}/moves", json=wanted, headers={"If-Match": '"7"'})
    assert stale.status_code == 412
    answer = hall.ask("POST", f"{path}/moves", json=wanted, headers={"If-Match": '"1"'})
    assert (answer.status_code, answer.json()["version"]) == (200, 2)
    moved = hall.document(made)
    assert find_faults(moved.problem, moved.timetable) == []
    there = moved.timetable.by_meeting[first.meeting_id]
    assert (there.slot_id, there.table_id) == (free, table)
    off = hall.ask("POST", f"{path}/moves", json={"meeting": first.meeting_id})
    assert off.status_code == 200
    assert first.meeting_id in {m.meeting_id for m in hall.document(made).unplaced}


def test_a_day_from_publishing_to_a_replan(hall):
    """Guests see their own alone; who is not there is planned around; calendars count on."""
    hall.world.clock.now = NOW
    event, out = hall.published()
    assert (out["state"], out["sequence"]) == ("published", 0)
    agenda = hall.document(out)
    guests = hall.ask("GET", f"{event}/attendance", params={"limit": 100}).json()["items"]
    assert {g["participant"] for g in guests} == {w for w, e in agenda.entries.items() if e}
    own = hall.ask("GET", f"{event}/agenda", who="bank").json()
    who = next(g["participant"] for g in guests if g["name"]["zh"] == bank_name(hall))
    assert len(own["items"]) == len(agenda.entries[who])
    listed = {p.text.zh for p in agenda.firms}
    assert {item["partner"]["zh"] for item in own["items"]} <= listed
    # The doors open: all but one firm check in.
    hall.world.clock.now = DOORS_OPEN
    missing = next(g for g in guests if not g["is_institution"])
    for guest in guests:
        if guest != missing:
            came = hall.ask("POST", f"{event}/attendance", json={
                "participant": guest["participant"]})  # fmt: skip
            assert came.status_code == 200
    seen = hall.ask("GET", event).json()
    assert seen["num_present"] == seen["num_expected"] - 1 == len(guests) - 1
    draft = hall.made(f"{event}/replan", without_missing=True)
    assert draft["state"] == "draft"
    assert draft["based_on"] == out["id"]
    new = hall.document(draft)
    assert not new.entries[missing["participant"]]
    told = {move["participant"] for move in draft["moves"]}
    assert missing["participant"] in told
    answer = hall.ask("POST", f"{draft['links']['self']}/publish")
    assert (answer.status_code, answer.json()["sequence"]) == (200, 1)
    assert hall.ask("GET", out["links"]["self"]).json()["state"] == "superseded"
    again = hall.ask("POST", f"{draft['links']['self']}/publish")
    assert again.status_code == 409
    calendars(hall, draft, missing["participant"], told)


def calendars(hall, draft, missing, told):
    """What is off is cancelled, for those alone whom it concerns, under the next SEQUENCE."""
    path = f"{draft['links']['self']}/calendars.zip"
    with zipfile.ZipFile(io.BytesIO(hall.ask("GET", f"{path}?method=cancel").content)) as archive:
        names = archive.namelist()
        cancelled = icalendar.Calendar.from_ical(archive.read(f"{missing}.ics"))
    assert cancelled["method"] == "CANCEL"
    assert {int(e["sequence"]) for e in cancelled.walk("VEVENT")} == {1}
    assert {name.removesuffix(".ics") for name in names} <= told
    mine = f"{draft['links']['self']}/calendar.ics?participant={missing}"
    assert hall.ask("GET", f"{mine}&method=request").status_code == 404
    whole = icalendar.Calendar.from_ical(hall.ask("GET", mine).content)
    assert {str(e["status"]) for e in whole.walk("VEVENT")} == {"CANCELLED"}


def bank_name(hall):
    """Return the name of the bank of the tests."""
    answer = hall.ask("GET", "/institutions", who="bank")
    return answer.json()["items"][0]["name"]


def test_what_has_begun_is_neither_moved_nor_told_otherwise(hall):
    """At half past two the slot of two o'clock has happened."""
    hall.world.clock.now = NOW
    event, out = hall.published()
    agenda = hall.document(out)
    again = hall.made(f"{event}/timetables")
    first = min(agenda.timetable.placements, key=lambda p: p.slot_id)
    off = hall.ask("POST", f"{again['links']['self']}/moves", json={"meeting": first.meeting_id})
    assert off.status_code == 200
    hall.world.clock.now = DOORS_OPEN + timedelta(hours=1)
    move = hall.ask("POST", f"{out['links']['self']}/moves", json={"meeting": first.meeting_id})
    assert move.status_code == 409
    answer = hall.ask("POST", f"{again['links']['self']}/publish")
    assert answer.status_code == 409
    assert hall.ask("DELETE", again["links"]["self"]).status_code == 204
    later = max(agenda.timetable.placements, key=lambda p: p.slot_id)
    begun = hall.ask("POST", f"{out['links']['self']}/moves", json={"meeting": later.meeting_id})
    assert begun.status_code == 200
    assert begun.json()["id"] != out["id"]
    assert begun.json()["based_on"] == out["id"]
    hall.world.clock.now = NOW


def test_what_people_take_home_is_of_the_timetable(hall):
    """The workbook, the PDF and the calendars have its meetings."""
    _, out = hall.published()
    agenda, links = hall.document(out), out["links"]
    book = openpyxl.load_workbook(io.BytesIO(hall.ask("GET", links["workbook"]).content))
    with_meetings = [p for p in agenda.institutions if agenda.entries[p.participant_id]]
    assert len(book.sheetnames) == 4 + len(with_meetings)
    pages = PdfReader(io.BytesIO(hall.ask("GET", links["agenda"]).content)).pages
    assert agenda.firms[0].text.zh[:4] in "".join(page.extract_text() for page in pages)
    content = hall.ask("GET", links["calendars"]).content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert len(archive.namelist()) == sum(bool(e) for e in agenda.entries.values())


def test_a_bank_sees_no_more_of_its_agenda_than_firms_let_it(hall):
    """A consent that is taken back takes the meeting out of the bank's agenda at once."""
    event, _ = hall.published()
    before = hall.ask("GET", f"{event}/agenda", who="bank").json()["items"]
    assert before
    with hall.world.database.writing() as session:
        session.execute(update(NeedRow).values(consents_to_all=False))
    assert hall.ask("GET", f"{event}/agenda", who="bank").json()["items"] == []
    calendar = hall.ask("GET", f"{event}/agenda.ics", who="bank").content
    assert list(icalendar.Calendar.from_ical(calendar).walk("VEVENT")) == []
    with hall.world.database.writing() as session:
        session.execute(update(NeedRow).values(consents_to_all=True))


def test_guests_see_the_events_that_they_are_asked_to(hall):
    """No event without a timetable that is out, and of it no office side."""
    hidden = hall.event()
    event, _ = hall.published()
    for who in ("bank", "other_bank"):
        listed = hall.ask("GET", "/events", who=who, params={"limit": 100}).json()["items"]
        assert all(one["office"] is None for one in listed)
        assert event.rpartition("/")[2] in {one["id"] for one in listed}
        assert hidden.rpartition("/")[2] not in {one["id"] for one in listed}
        assert hall.ask("GET", hidden, who=who).status_code == 404
        assert hall.ask("GET", event, who=who).json()["description"] is None


def test_an_event_is_changed_by_those_who_looked_at_it(hall):
    """If-Match, a merge of the outcome, and a removal only without traces."""
    event = hall.event(key=f"change-{hall.round_row.id}")
    tag = hall.ask("GET", event).headers["ETag"]
    change = {"outcome": {"num_deals": 3, "promised_fen": 10_000}}
    answer = hall.ask("PATCH", event, json=change, headers={"If-Match": tag})
    assert answer.status_code == 200, answer.text
    assert answer.headers["ETag"] != tag
    assert hall.ask("PATCH", event, json=change, headers={"If-Match": tag}).status_code == 412
    told = hall.ask("PATCH", event, json={"outcome": {"problems_solved": 2}, "place": None})
    assert told.json()["office"]["outcome"] == {
        "institutions": [], "enterprises": [], "num_enterprises": None, "problems_solved": 2,
        "num_deals": 3, "promised_fen": 10_000, "disbursed_fen": None,
    }  # fmt: skip
    same = hall.ask("POST", "/events", json={"kind": "talk", "name": "x", "day": DAY,
                                             "key": f"change-{hall.round_row.id}"})  # fmt: skip
    assert same.status_code == 409
    assert hall.ask("DELETE", event).status_code == 204
    assert hall.ask("GET", event).status_code == 404
    kept, _ = hall.published()
    assert hall.ask("DELETE", kept).status_code == 409


def test_all_of_it_is_in_the_record(hall):
    """Entering, publishing, checking in and taking that back are provable."""
    event, _ = hall.published()
    guest = hall.ask("GET", f"{event}/attendance").json()["items"][0]
    came = hall.ask("POST", f"{event}/attendance", json={"participant": guest["participant"]})
    twice = hall.ask("POST", f"{event}/attendance", json={"participant": guest["participant"]})
    assert came.json() == twice.json()
    path = f"{event}/attendance/{guest['id']}"
    assert [hall.ask("DELETE", path).status_code for _ in range(2)] == [204, 409]
    nobody = hall.ask("POST", f"{event}/attendance", json={"participant": "nobody"})
    assert nobody.status_code == 422
    with hall.world.database.reading() as session:
        rows = session.scalars(
            select(CaseEventRow.content)
            .where(CaseEventRow.kind == "event")
            .order_by(col(CaseEventRow.number))
        )
        mine = event.rpartition("/")[2].replace("-", "")
        told = [json.loads(row) for row in rows]
    actions = [one["action"] for one in told if one["subject_id"] == mine]
    assert actions == ["enter", "publish_timetable", "check_in", "undo_check_in"]


def test_a_draft_that_ten_people_publish_at_once_goes_out_once(hall):
    """One 200, nine 409, and never two timetables that are out; moves of one version likewise."""
    event = hall.event()
    made = hall.made(f"{event}/timetables")
    path, agenda = made["links"]["self"], hall.document(made)
    meetings = [p.meeting_id for p in agenda.timetable.placements[:10]]

    def move(meeting):
        return hall.ask(
            "POST", f"{path}/moves", json={"meeting": meeting}, headers={"If-Match": '"1"'}
        ).status_code

    def publish(_):
        return hall.ask("POST", f"{path}/publish").status_code

    with ThreadPoolExecutor(10) as pool:
        moved = sorted(pool.map(move, meetings))
        published = sorted(pool.map(publish, range(10)))
    assert moved == [200] + [412] * (len(meetings) - 1)
    assert published == [200] + [409] * 9
    assert len(hall.document(made).timetable) == len(agenda.timetable) - 1
    states = [t["state"] for t in hall.ask("GET", f"{event}/timetables").json()["items"]]
    assert states == ["published"]
