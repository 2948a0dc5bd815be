"""The two lists over HTTP: answers, versions, filters, and who sees what."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.api.market import World, world
from tests.databases import KINDS

TESTS = ("compliant_operation", "fixed_premises", "real_need", "good_credit", "compliant_use")


@pytest.fixture(scope="module", params=KINDS)
def there(request: pytest.FixtureRequest) -> Iterator[World]:
    """Return a service over the seeds, on each database in turn."""
    with world(request.param) as found:
        yield found


def test_a_listing_goes_from_the_one_list_to_the_other_and_back(there: World) -> None:
    """Each change has its version; who saw an older one is told so, and a firm sees what counts."""
    office, firm = there.people.organiser, there.people.firm
    need = there.items(firm, "/listings")[0]
    path = f"/listings/{need['id']}"
    assert (need["stage"], need["version"], need["decide_by"]) == ("applied", 1, None)
    assert need["held_back_by"]["en"].startswith("not known: compliant operation")
    told = {"tests": dict.fromkeys(TESTS, True), "contacted": "2026-03-01"}
    assert there.call(office, "PATCH", path, json=told).status_code == 428
    changed = there.call(office, "PATCH", path, json=told, headers={"If-Match": '"1"'})
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"2"')
    stale = there.call(office, "PATCH", path, json=told, headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    ready = there.items(office, "/listings?ready=true")
    assert [one["id"] for one in ready] == [need["id"]]
    moved = there.call(office, "POST", f"{path}/recommend", headers={"If-Match": '"2"'}).json()
    assert (moved["stage"], moved["decide_by"], moved["days_left"]) == (
        "recommended", "2026-04-01", 30,
    )  # fmt: skip
    twice = there.call(office, "POST", f"{path}/recommend", headers={"If-Match": "*"})
    assert twice.status_code == 409
    assert there.get(firm, path).json()["stage"] == "recommended"
    back = there.call(office, "POST", f"{path}/take-back", headers={"If-Match": "*"}).json()
    assert (back["stage"], back["decide_by"], back["contacted"]) == ("applied", None, "2026-03-01")
    only = there.call(office, "PATCH", path, json={"contacted": None}, headers={"If-Match": "*"})
    assert (only.json()["contacted"], only.json()["tests"]["real_need"]) == (None, True)


@pytest.mark.parametrize(
    "told",
    [
        {"tests": {"real_need": "yes"}},
        {"tests": {"other": True}},
        {"contacted": "2026-03-03"},
        {"stage": "decided"},
    ],
)
def test_what_is_no_answer_is_refused(there: World, told: object) -> None:
    """Other words, other tests, days to come and decisions by hand: 422."""
    office = there.people.organiser
    need = there.items(office, "/listings")[0]
    answer = there.call(
        office, "PATCH", f"/listings/{need['id']}", json=told, headers={"If-Match": "*"}
    )
    assert answer.status_code == 422


def test_pages_go_through_all_listings_once(there: World) -> None:
    """By either order, a few at a time, with a filter that halves what is there together."""
    office = there.people.organiser
    for sort in ("applied", "due"):
        seen, path = list[str](), f"/listings?limit=7&sort={sort}"
        while path:
            answer = there.get(office, path)
            seen += [one["id"] for one in answer.json()["items"]]
            link = answer.headers.get("Link", "")
            path = link.partition(">")[0].removeprefix("<")
        assert len(seen) == len(set(seen)) == len(there.records().needs)
    held = there.items(office, "/listings?held_by=real_need&limit=100")
    assert all(one["tests"]["real_need"] is not True for one in held)


def test_wishes_hold_for_the_need_and_its_record(there: World) -> None:
    """A firm says by how many and whether by name; nobody else's firm may, and none too many."""
    firm, other = there.people.firm, there.people.other_firm
    need = there.items(firm, "/needs")[0]
    path = f"/needs/{need['id']}/wishes"
    wanted = {"max_contacts": 2, "is_anonymous": True}
    assert there.call(firm, "PUT", path, json=wanted).json() == wanted
    assert there.get(there.people.staff, path).json() == wanted
    (kept,) = [n for n in there.records().needs if n.need_id == need["key"]]
    assert kept.contacts == 2
    assert there.call(other, "PUT", path, json=wanted).status_code == 404
    assert there.call(there.people.bank, "PUT", path, json=wanted).status_code == 403
    for told in ({"max_contacts": -1}, {"max_contacts": 10**9}, {"max_contacts": "2"}, {}):
        answer = there.call(firm, "PUT", path, json={"is_anonymous": False} | told)
        assert answer.status_code == 422
    assert there.get(firm, path).json() == wanted
