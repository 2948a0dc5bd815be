"""Accounts over HTTP: made, bound, read, deactivated, and by whom."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.api.world import world_on
from tests.databases import KINDS
from tests.service import session_headers


@pytest.fixture(params=KINDS)
def world(request):
    """Return a service on each database in turn."""
    with world_on(request.param) as found:
        yield found


@pytest.fixture(scope="module")
def shared():
    """Return a service whose rows no test here changes."""
    with world_on("sqlite") as found:
        yield found


def ask(world, person, method, path, body=None):
    """Send a request as somebody."""
    options = {} if body is None else {"json": body}
    return world.client.request(method, path, headers=person.by_session, **options)


def log_in(world, login, password):
    """Try to log in."""
    body = {"login": login, "password": password}
    return world.client.request("POST", "/login", json=body)


def test_an_account_from_its_making_to_its_end(world):
    """Made with a password shown once, bound to its bank, reset, deactivated, let in again."""
    admin, bank = world.people.admin, world.people.bank
    draft = {
        "login": "Officer@Bank.example",
        "name": "信贷部",
        "role": "bank",
        "institution_id": str(bank.actor.institution_id),
    }
    made = ask(world, admin, "POST", "/accounts", draft)
    assert made.status_code == 201, made.text
    first, path = made.json()["password"], made.headers["location"]
    login = "officer@bank.example"
    assert log_in(world, login, first).status_code == 200
    read = ask(world, admin, "GET", path)
    assert read.json() == made.json()["account"]
    assert first not in read.text
    again = ask(world, admin, "POST", "/accounts", draft)
    assert again.status_code == 422
    assert [fault["field"] for fault in again.json()["faults"]] == ["login"]

    reset = ask(world, admin, "POST", f"{path}/password").json()["password"]
    assert log_in(world, login, first).status_code == 401
    headers = world.client.request("POST", "/login", json={"login": login, "password": reset})
    token = headers.headers.get_list("set-cookie")[0].split(";")[0].partition("=")[2]
    mine = session_headers(token)
    key = world.client.request(
        "POST", "/api-keys", json={"name": "核心", "scopes": ["leads:read"]}, headers=mine
    ).json()["token"]
    by_key = {"Authorization": f"Bearer {key}"}
    assert world.client.get("/me", headers=by_key).status_code == 200

    gone = ask(world, admin, "PATCH", path, {"is_active": False})
    assert gone.json()["is_active"] is False
    assert world.client.get("/me", headers=mine).status_code == 401
    assert world.client.get("/me", headers=by_key).status_code == 401
    assert log_in(world, login, reset).status_code == 401
    back = ask(world, admin, "PATCH", path, {"is_active": True, "name": "信贷二部"})
    assert (back.json()["name"], back.json()["is_active"]) == ("信贷二部", True)
    # What was cut stays cut; the password is what lets in again.
    assert world.client.get("/me", headers=mine).status_code == 401
    assert world.client.get("/me", headers=by_key).status_code == 401
    assert log_in(world, login, reset).status_code == 200


def test_the_list_is_paged_by_login(shared):
    """Every account once, each page linked to the next."""
    path, logins = "/accounts?limit=4", []
    while path:
        answer = ask(shared, shared.people.auditor, "GET", path)
        logins += [item["login"] for item in answer.json()["items"]]
        path = answer.headers.get("link", "").partition(">")[0].removeprefix("<")
        assert bool(path) == (answer.json()["next"] is not None)
    assert logins == sorted(person.login for _, person in shared.people)
    bad = ask(shared, shared.people.auditor, "GET", "/accounts?cursor=x")
    assert bad.status_code == 422


def test_accounts_are_for_the_administrator_to_keep_and_the_auditor_to_read(shared):
    """No other role; and no key, whoever's."""
    one = f"/accounts/{shared.people.bank.actor.account_id}"
    reads = [("GET", "/accounts"), ("GET", one)]
    writes = [("POST", "/accounts"), ("PATCH", one), ("POST", f"{one}/password")]
    for name, person in shared.people:
        for method, path in [*reads, *writes]:
            may = name == "admin" or (name == "auditor" and method == "GET")
            if may and method != "GET":
                continue  # what it does is tested elsewhere
            body = {"login": "x"} if method != "GET" else None
            status = ask(shared, person, method, path, body).status_code
            if not may:
                assert status == (401 if name == "gone" else 403), (name, method, path)
            else:
                assert status == 200
    for method, path in [*reads, *writes]:
        by_key = shared.people.admin.by_key
        body = {} if method == "GET" else {"json": {}}
        assert shared.client.request(method, path, headers=by_key, **body).status_code == 403
        assert shared.client.request(method, path, **body).status_code == 401


def test_every_fault_of_an_account_is_named(shared):
    """A login that is none, a role without whom it speaks for, a bad password, all at once."""
    admin = shared.people.admin
    firm, bank = shared.people.firm.actor, shared.people.bank.actor

    def fields(**changed):
        draft = {"login": "new-one", "name": "新", "role": "staff"} | changed
        answer = ask(shared, admin, "POST", "/accounts", draft)
        assert answer.status_code == 422, answer.text
        return {fault["field"] for fault in answer.json()["faults"]}

    assert fields(login="-", name=" ", password="short") == {"login", "name", "password"}
    assert fields(login="账号") == {"login"}
    assert fields(login="a-long-login", password="A-Long-Login") == {"password"}
    assert fields(name="a\nb") == {"name"}
    assert fields(role="bank") == {"institution_id"}
    assert fields(role="bank", institution_id=str(uuid4())) == {"institution_id"}
    assert fields(role="bank", institution_id=str(firm.enterprise_id)) == {"institution_id"}
    assert fields(role="enterprise", institution_id=str(bank.institution_id)) == {
        "institution_id",
        "enterprise_id",
    }
    assert fields(institution_id=str(bank.institution_id)) == {"institution_id"}
    assert fields(role="root") == {"role"}
    assert fields(oidc_subject="no bar") == {"oidc_subject"}
    assert fields(oidc_subject="x|\x00") == {"oidc_subject"}


def test_a_bank_may_come_to_speak_for_another(world):
    """From the next request on; a role is for good."""
    admin, bank, other = world.people.admin, world.people.bank, world.people.other_bank
    path = f"/accounts/{bank.actor.account_id}"
    moved = ask(world, admin, "PATCH", path, {"institution_id": str(other.actor.institution_id)})
    assert moved.status_code == 200
    me = ask(world, bank, "GET", "/me").json()["account"]
    assert me["institution_id"] == str(other.actor.institution_id)
    wrong = ask(world, admin, "PATCH", path, {"enterprise_id": str(uuid4())})
    assert wrong.status_code == 422
    assert ask(world, admin, "PATCH", path, {"role": "admin"}).status_code == 422


def test_the_last_administrator_stays(world):
    """Until there is another, who can then close the account of the first."""
    admin = world.people.admin
    path = f"/accounts/{admin.actor.account_id}"
    refused = ask(world, admin, "PATCH", path, {"is_active": False})
    assert refused.json()["faults"][0]["field"] == "is_active"
    draft = {"login": "second", "name": "二", "role": "admin"}
    assert ask(world, admin, "POST", "/accounts", draft).status_code == 201
    assert ask(world, admin, "PATCH", path, {"is_active": False}).status_code == 200
    assert ask(world, admin, "GET", "/me").status_code == 401


def test_an_absent_account_is_not_found(shared):
    """Nor is one whose id is none."""
    for ident in (uuid4(), "x", "%00"):
        answer = ask(shared, shared.people.admin, "GET", f"/accounts/{ident}")
        assert answer.status_code == 404
