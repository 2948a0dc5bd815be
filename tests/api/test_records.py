"""Lists, details and single changes of the live market, on both databases."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

import seeds
from matcher.domain.records import Records
from matcher.files import write_record
from tests.api.market import World, world
from tests.databases import KINDS


@pytest.fixture(scope="module", params=KINDS)
def there(request: pytest.FixtureRequest) -> Iterator[World]:
    """Return a service over the seeds, on each database in turn."""
    with world(request.param) as found:
        yield found


@pytest.fixture(scope="module")
def records() -> Records:
    """Return the records of the seeds."""
    return seeds.load()


def test_pages_one_after_the_other_give_every_need_once(there: World, records: Records) -> None:
    """Whatever it is sorted by, a list is whole, without a need twice, and in order."""
    for sort in ("position", "amount", "deadline", "received"):
        for descending in ("false", "true"):
            path, found = f"/needs?limit=7&sort={sort}&descending={descending}", []
            while path:
                answer = there.get(there.people.staff, path)
                assert answer.status_code == 200, answer.text
                found += answer.json()["items"]
                link = answer.headers.get("Link", "")
                path = link[link.find("<") + 1 : link.find(">")] if link else ""
            assert {one["key"] for one in found} == {need.need_id for need in records.needs}
            assert len(found) == len(records.needs)
            if sort == "amount":
                amounts = [one["amount_fen"] for one in found]
                assert amounts == sorted(amounts, reverse=descending == "true")


def test_filters_find_what_a_loop_over_the_records_finds(there: World, records: Records) -> None:
    """Each filter is the condition that it says, told by the records themselves."""
    firms = {firm.enterprise_id: firm for firm in records.enterprises}
    cases: list[tuple[str, Any]] = [
        ("region=3301", lambda n, f: (f.region or "").startswith("3301")),
        ("industry=C", lambda n, f: (f.industry or "").startswith("C")),
        ("size=small", lambda n, f: f.size == "small"),
        ("instrument=guarantee", lambda n, f: "guarantee" in n.instruments),
        ("amount_from_fen=300000000", lambda n, f: n.amount_fen >= 300_000_000),
        ("amount_to_fen=300000000", lambda n, f: n.amount_fen <= 300_000_000),
        (
            "due_to=2022-06-30",
            lambda n, f: n.needed_by is not None and n.needed_by <= date(2022, 6, 30),
        ),
        (
            "due_from=2022-06-10",
            lambda n, f: n.needed_by is not None and n.needed_by >= date(2022, 6, 10),
        ),
    ]
    for query, holds in cases:
        expected = [n.need_id for n in records.needs if holds(n, firms[n.enterprise_id])]
        found = [one["key"] for one in there.items(there.people.staff, f"/needs?{query}")]
        assert found == expected, query
        assert 0 < len(expected) < len(records.needs), query


def test_search_takes_its_letters_literally(there: World, records: Records) -> None:
    """A percent sign is a percent sign; case does not matter; a NUL is refused."""
    first = records.needs[0]
    found = there.items(there.people.staff, f"/needs?search={first.need_id.upper()}")
    assert first.need_id in [one["key"] for one in found]
    assert there.items(there.people.staff, "/needs?search=%25") == []
    assert there.get(there.people.staff, "/needs?search=%00").status_code == 422


def test_the_office_reads_records_as_files_have_them(there: World, records: Records) -> None:
    """A detail carries the record of the market file, field by field."""
    for table in ("institutions", "products", "pools", "policies"):
        shown = {
            one["key"]: one["record"] for one in there.items(there.people.auditor, f"/{table}")
        }
        written = [write_record(one) for one in getattr(records, table)]
        assert list(shown.values()) == json.loads(json.dumps(written))
    for table in ("needs", "enterprises"):
        one = there.items(there.people.staff, f"/{table}")[0]
        detail = there.get(there.people.staff, f"/{table}/{one['id']}").json()
        assert detail["record"] == write_record(getattr(records, table)[0])


def test_a_bank_sees_its_own_offers_and_no_firm(there: World) -> None:
    """Another bank's product answers as one that is not there; needs are not a bank's to list."""
    bank, other = there.people.bank, there.people.other_bank
    own = there.items(bank, "/products")
    foreign = there.items(other, "/products")
    assert own
    assert {one["institution"]["id"] for one in own} == {str(bank.actor.institution_id)}
    absent = "00000000-0000-4000-8000-000000000000"
    for path in (f"/products/{foreign[0]['id']}", f"/products/{absent}", "/products/nonsense"):
        answer = there.get(bank, path)
        assert answer.status_code == 404
        body = answer.json()
        body.pop("instance")
        assert body == {**body, "detail": "没有找到"}
    assert there.get(bank, "/needs").status_code == 403
    assert there.get(bank, "/enterprises").status_code == 403
    assert there.get(bank, "/pools").status_code == 403
    assert [one["id"] for one in there.items(bank, "/institutions")] == [
        str(bank.actor.institution_id)
    ]


def test_a_firm_sees_itself_and_what_is_published_of_offers(there: World) -> None:
    """What a bank has left, and whom it likes, is not for firms."""
    firm = there.people.firm
    assert [one["id"] for one in there.items(firm, "/enterprises")] == [
        str(firm.actor.enterprise_id)
    ]
    needs = there.items(firm, "/needs")
    assert needs
    assert {one["enterprise"]["id"] for one in needs} == {str(firm.actor.enterprise_id)}
    hidden = {"leads", "quota_fen", "preferences", "pools", "pool_id", "stated", "source"}
    offers = [*there.items(firm, "/products"), *there.items(firm, "/institutions")]
    offers += there.items(firm, "/policies")
    assert len(offers) > 50
    assert not any(hidden & one["record"].keys() for one in offers)
    other = there.items(there.people.other_firm, "/needs")[0]["id"]
    assert there.get(firm, f"/needs/{other}").status_code == 404


NEED = {"need_id": "new-1", "enterprise_id": "", "amount_fen": 5_000_000, "instruments": ["loan"]}


def test_a_need_is_made_changed_and_removed(there: World, records: Records) -> None:
    """The organiser alone changes records, and never over somebody's head."""
    organiser = there.people.organiser
    need = {**NEED, "enterprise_id": records.enterprises[0].enterprise_id}
    assert there.call(there.people.staff, "POST", "/needs", json=need).status_code == 403
    made = there.call(organiser, "POST", "/needs", json=need)
    assert made.status_code == 201, made.text
    path, first = made.headers["Location"], made.headers["ETag"]
    assert there.call(organiser, "POST", "/needs", json=need).status_code == 409
    changed = {**need, "amount_fen": 7_000_000, "consent": [records.institutions[0].institution_id]}
    assert there.call(organiser, "PUT", path, json=changed).status_code == 428
    answer = there.call(organiser, "PUT", path, json=changed, headers={"If-Match": first})
    assert answer.status_code == 200, answer.text
    assert answer.json()["record"] == {**changed, "priority": 3, "contacts": 4}
    stale = there.call(organiser, "PUT", path, json=need, headers={"If-Match": first})
    assert stale.status_code == 412
    assert there.records().needs[-1].consent == frozenset(changed["consent"])
    tag = {"If-Match": answer.headers["ETag"]}
    assert there.call(organiser, "DELETE", path, headers=tag).status_code == 204
    assert there.get(organiser, path).status_code == 404
    assert there.records() == records


def test_a_record_with_faults_changes_nothing_and_names_them_all(
    there: World, records: Records
) -> None:
    """Every fault of a record, and every reference into the void, is in the answer."""
    wrong = {**NEED, "enterprise_id": "nobody", "consent": ["no-bank"], "priority": 9}
    answer = there.call(there.people.organiser, "POST", "/needs", json=wrong)
    assert answer.status_code == 422
    assert {fault["field"] for fault in answer.json()["faults"]} == {"priority"}
    wrong["priority"] = 3
    answer = there.call(there.people.organiser, "POST", "/needs", json=wrong)
    assert {fault["field"] for fault in answer.json()["faults"]} == {"enterprise_id", "consent"}
    assert there.records() == records


def test_products_keep_what_packages_need(there: World, records: Records) -> None:
    """A product that a package requires stays, and no package leads back to itself."""
    organiser = there.people.organiser
    by_key = {one["key"]: one["id"] for one in there.items(organiser, "/products")}
    package = next(product for product in records.products if product.requires)
    required = min(package.requires)
    path, any_state = f"/products/{by_key[required]}", {"If-Match": "*"}
    assert there.call(organiser, "DELETE", path, headers=any_state).status_code == 409
    record = there.get(organiser, path).json()["record"]
    for requires in ([package.product_id], [required]):
        cyclic = {**record, "requires": requires}
        answer = there.call(organiser, "PUT", path, json=cyclic, headers=any_state)
        assert answer.status_code == 422
        assert [fault["field"] for fault in answer.json()["faults"]] == ["requires"]
    assert (
        there.call(there.people.bank, "PUT", path, json=record, headers=any_state).status_code
        == 403
    )
    same = there.call(organiser, "PUT", path, json=record, headers=any_state)
    assert same.status_code == 200, same.text
    assert there.records() == records
