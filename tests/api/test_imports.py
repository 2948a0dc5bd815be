"""Imports: queued, read under guard, applied all or not at all; nothing that is held vanishes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

import seeds
from matcher.domain.records import Records
from matcher.files import write_json
from matcher.files.guard import stop_reading
from matcher.files.market_excel import market_workbook
from tests.api.market import World, world
from tests.databases import KINDS

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(scope="module", autouse=True)
def reading() -> Iterator[None]:
    """End the process that reads when all is read."""
    yield
    stop_reading()


@pytest.fixture(params=KINDS)
def there(request: pytest.FixtureRequest) -> Iterator[World]:
    """Return a service over the seeds, on each database in turn."""
    with world(request.param) as found:
        yield found


def send(there: World, content: bytes, media_type: str, query: str = "") -> dict[str, Any]:
    """Send a file in and return what came of it."""
    organiser = there.people.organiser
    headers = {"Content-Type": media_type}
    answer = there.call(organiser, "POST", f"/imports?{query}", content=content, headers=headers)
    assert answer.status_code == 202, answer.text
    assert answer.json()["status"] == "queued"
    there.work()
    return there.get(organiser, answer.headers["Location"]).json()


def as_json(records: Records) -> bytes:
    """Return records as a market file."""
    return json.dumps({"as_of": "2022-05-25", **write_json(records)}).encode()


def smaller() -> Records:
    """Return the seeds with a need changed, one new, and those of the last firm gone."""
    records = seeds.load()
    first, *rest = records.needs
    gone = records.enterprises[-1].enterprise_id
    changed = replace(first, amount_fen=first.amount_fen + 100)
    needs = (changed, *(n for n in rest if n.enterprise_id != gone))
    return replace(
        records,
        enterprises=records.enterprises[:-1],
        needs=(*needs, replace(changed, need_id="new")),
    )


def test_a_file_replaces_the_market_and_ids_stay(there: World) -> None:
    """A preview counts and writes nothing; the same file then does what was counted."""
    before, wanted = there.records(), smaller()
    ids = {one["key"]: one["id"] for one in there.items(there.people.staff, "/needs")}
    content = as_json(wanted)
    told = send(there, content, "application/json", "preview=true")
    assert told["status"] == "done", told
    num_gone = len(before.needs) + 1 - len(wanted.needs)
    assert told["counts"]["needs"] == {
        "new": 1,
        "changed": 1,
        "removed": num_gone,
        "unchanged": len(wanted.needs) - 2,
    }
    assert told["counts"]["enterprises"]["removed"] == 1
    assert there.records() == before
    done = send(there, content, "application/json")
    assert (done["status"], done["counts"]) == ("done", told["counts"])
    assert there.records() == wanted
    now = {one["key"]: one["id"] for one in there.items(there.people.staff, "/needs")}
    assert {key: ids.get(key) for key in now if key != "new"} == {
        key: row for key, row in now.items() if key != "new"
    }
    again = send(there, content, "application/json")
    assert again["counts"]["needs"] == {
        "new": 0,
        "changed": 0,
        "removed": 0,
        "unchanged": len(wanted.needs),
    }


def test_a_workbook_of_some_tables_is_merged(there: World) -> None:
    """What is not in the file stays; a firm of the market is found by its id."""
    before = there.records()
    need = replace(before.needs[0], need_id="merged", consent=None)
    content = market_workbook(Records(needs=(need,)), seeds.SEED_DATE)
    form = {"file": ("需求表.xlsx", content, XLSX)}
    answer = there.call(there.people.organiser, "POST", "/imports?mode=merge", files=form)
    assert answer.status_code == 202, answer.text
    there.work()
    told = there.get(there.people.auditor, answer.headers["Location"]).json()
    assert told["status"] == "done", told
    assert (told["name"], told["mode"]) == ("需求表.xlsx", "merge")
    after = there.records()
    assert after.needs[:-1] == before.needs
    assert after.needs[-1].need_id == "merged"
    assert replace(after, needs=before.needs) == before


def test_every_fault_is_listed_and_nothing_is_changed(there: World) -> None:
    """File, table, row and column of each: of the file itself, and between it and the market."""
    before = there.records()
    wrong = "需求编号,企业编号,融资金额(元)\nA,nobody,5\nB,nobody,-5\nC,E1,x\n"
    told = send(there, wrong.encode(), "text/csv", "name=needs.csv&mode=merge")
    assert told["status"] == "failed"
    faults = told["problem"]["faults"]
    assert {(f["file"], f["table"], f["row"], f["column"]) for f in faults} == {
        ("needs.csv", "needs", 3, "融资金额(元)"),
        ("needs.csv", "needs", 4, "融资金额(元)"),
    }
    dangling = "需求编号,企业编号,融资金额(元)\nA,nobody,5\n"
    told = send(there, dangling.encode(), "text/csv", "name=needs.csv&mode=merge")
    assert [(f["table"], f["field"], f["value"]) for f in told["problem"]["faults"]] == [
        ("needs", "enterprise_id", "nobody")
    ]
    bomb = b'{"needs": ' + b"[" * 100_000
    told = send(there, bomb, "application/json")
    assert told["status"] == "failed"
    assert told["problem"]["num_faults"] >= 1
    assert there.records() == before


def test_what_accounts_and_questionnaires_stand_on_does_not_vanish(there: World) -> None:
    """A file without the bank of an account, or a need that a firm asked for, is refused."""
    form = {"amount_fen": 5_000_000, "needed_by": "2026-05-01"}
    sent = {"enterprise": {"name": "某某公司"}, "need": form, "consent": "all"}
    need = there.call(there.people.firm, "POST", "/questionnaires", json=sent).json()["need"]
    before = there.records()
    firm = before.enterprises[0].enterprise_id
    banks = {
        there.items(one, "/institutions")[0]["key"]
        for one in (there.people.bank, there.people.other_bank)
    }
    few = replace(seeds.load(), enterprises=(), needs=(), institutions=(), products=())
    told = send(there, as_json(few), "application/json")
    assert told["status"] == "failed"
    faults = {(f["table"], f["value"]) for f in told["problem"]["faults"]}
    assert {("needs", need["key"]), ("enterprises", firm)} <= faults
    assert {value for table, value in faults if table == "institutions"} == banks
    assert there.records() == before
    merged = send(there, as_json(few), "application/json", "mode=merge")
    assert merged["status"] == "done"
    assert there.records() == before


def test_imports_are_the_offices(there: World) -> None:
    """Only the organiser sends files in; what is no file that is read is refused at once."""
    people, content = there.people, b"{}"
    headers = {"Content-Type": "application/json"}
    for who, status in ((people.staff, 403), (people.bank, 403), (people.firm, 403)):
        answer = there.call(who, "POST", "/imports", content=content, headers=headers)
        assert answer.status_code == status
    odd = {"Content-Type": "image/png"}
    answer = there.call(people.organiser, "POST", "/imports", content=content, headers=odd)
    assert answer.status_code == 415
    empty = there.call(people.organiser, "POST", "/imports", files={"other": b"x"})
    assert empty.status_code == 422
    queued = there.call(people.organiser, "POST", "/imports", content=content, headers=headers)
    path = queued.headers["Location"]
    assert there.call(people.organiser, "DELETE", path).status_code == 204
    assert there.get(people.auditor, path).json()["status"] == "cancelled"
    assert there.get(people.bank, path).status_code == 403
    assert [one["id"] for one in there.items(people.admin, "/imports")] == [queued.json()["id"]]
