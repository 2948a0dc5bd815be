"""API keys: what they may do, whose they are, and that they end."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI

from api.access import api_routes
from api.auth import ANY_KEY, PEOPLE, scope_of
from matcher.domain.actor import Role
from matcher.domain.scope import SCOPES_OF
from matcher.services.accounts.keys import MAX_KEYS
from matcher.store.tables import ApiKeyRow
from tests.api.world import world_on
from tests.databases import KINDS


@pytest.fixture(params=KINDS)
def world(request):
    """Return a service on each database in turn."""
    with world_on(request.param) as found:
        yield found


@pytest.fixture(scope="module")
def shared():
    """Return a service whose rows tests here only add to."""
    with world_on("sqlite") as found:
        yield found


def ask(world, person, method, path, body=None):
    """Send a request as somebody."""
    options = {} if body is None else {"json": body}
    return world.client.request(method, path, headers=person.by_session, **options)


def make(world, person, **asked):
    """Ask for a key."""
    draft = {"name": "系统", "scopes": ["leads:read"]} | asked
    return ask(world, person, "POST", "/api-keys", draft)


def by(token):
    """Return the headers of a system with a key."""
    return {"Authorization": f"Bearer {token}"}


def test_a_key_from_its_making_to_its_end(world):
    """Shown once, kept as a hash, noted when used, and refused from its revocation on."""
    bank = world.people.bank
    made = make(world, bank).json()
    token, ident = made["token"], made["key"]["id"]
    assert token.startswith(made["key"]["hint"])
    assert made["key"]["expires_at"] == (world.clock.now + timedelta(days=365)).isoformat()
    me = world.client.get("/me", headers=by(token)).json()
    assert (me["account"]["login"], me["scopes"]) == ("bank", ["leads:read"])
    listed = ask(world, bank, "GET", "/api-keys")
    assert listed.json()["items"][0]["id"] == ident
    assert listed.json()["items"][0]["last_used_at"] == world.clock.now.isoformat()
    assert token not in listed.text
    for _ in range(2):  # it is no error to revoke it twice
        assert ask(world, bank, "DELETE", f"/api-keys/{ident}").status_code == 204
        assert world.client.get("/me", headers=by(token)).status_code == 401
    with world.database.reading() as session:
        row = session.get(ApiKeyRow, UUID(ident))
    assert token not in str(row.model_dump())


def test_a_key_ends_when_its_time_is_over(world):
    """To the second; and nobody gets one that has no end ahead or ends too late."""
    soon = world.clock.now + timedelta(hours=1)
    token = make(world, world.people.bank, expires_at=soon.isoformat()).json()["token"]
    world.clock.turn(minutes=59)
    assert world.client.get("/me", headers=by(token)).status_code == 200
    world.clock.turn(minutes=1)
    assert world.client.get("/me", headers=by(token)).status_code == 401
    for bad in (world.clock.now, world.clock.now + timedelta(days=800)):
        answer = make(world, world.people.bank, expires_at=bad.isoformat())
        assert [fault["field"] for fault in answer.json()["faults"]] == ["expires_at"]
    naive = world.clock.now.replace(tzinfo=None) + timedelta(days=1)
    assert make(world, world.people.bank, expires_at=naive.isoformat()).status_code == 422


def test_use_is_noted_once_a_minute(shared):
    """Reading with a key must not always write."""
    person = shared.people.organiser
    token = make(shared, person).json()["token"]
    seen = []
    for _ in range(4):
        shared.client.get("/me", headers=by(token))
        newest = ask(shared, person, "GET", "/api-keys?limit=1").json()["items"][0]
        seen.append(newest["last_used_at"])
        shared.clock.turn(seconds=30)
    assert seen[0] == seen[1] != seen[2] == seen[3]


def test_a_key_narrows_the_role_and_never_widens_it(shared):
    """A scope that the role has not, and one that nobody has, are refused; none is too."""
    people = shared.people
    for person, scope in [
        (people.bank, "needs:read"),
        (people.bank, "imports:write"),
        (people.staff, "needs:write"),
        (people.auditor, "plans:write"),
        (people.admin, "accounts:write"),
        (people.organiser, "everything"),
    ]:
        answer = make(shared, person, scopes=["leads:read", scope])
        assert [fault["field"] for fault in answer.json()["faults"]] == ["scopes"], scope
    assert make(shared, people.bank, scopes=[]).status_code == 422
    assert make(shared, people.firm).status_code == 403
    assert make(shared, people.bank, name="a\x00b").status_code == 422


def test_keys_are_their_owners(shared):
    """A foreign key answers as one that is not there; an auditor reads, an administrator keeps."""
    people = shared.people
    ident = make(shared, people.bank).json()["key"]["id"]
    for person in (people.other_bank, people.organiser, people.staff, people.auditor):
        foreign = ask(shared, person, "DELETE", f"/api-keys/{ident}")
        absent = ask(shared, person, "DELETE", f"/api-keys/{uuid4()}")
        assert foreign.status_code == absent.status_code == 404
        same = [{**a.json(), "instance": None} for a in (foreign, absent)]
        assert same[0] == same[1]
        seen = ident in ask(shared, person, "GET", "/api-keys?limit=100").text
        assert seen == (person is people.auditor)
        owner = str(people.bank.actor.account_id)
        assert make(shared, person, account_id=owner).status_code == 404
    of_admin = make(shared, people.admin, account_id=str(people.bank.actor.account_id))
    assert of_admin.json()["key"]["account_id"] == str(people.bank.actor.account_id)
    assert ask(shared, people.admin, "DELETE", f"/api-keys/{ident}").status_code == 204
    for_gone = make(shared, people.admin, account_id=str(people.gone.actor.account_id))
    assert for_gone.status_code == 422


def test_nobody_has_keys_without_number(shared):
    """Those that are over or revoked do not count."""
    person, last = shared.people.other_bank, None
    live = 1  # the one that everybody has here
    while (answer := make(shared, person)).status_code == 201:
        live, last = live + 1, answer.json()["key"]["id"]
    assert live == MAX_KEYS
    ask(shared, person, "DELETE", f"/api-keys/{last}")
    assert make(shared, person).status_code == 201


def test_a_key_makes_and_ends_no_key(shared):
    """Keys are for people to make; whoever steals one makes no second."""
    for person in (shared.people.bank, shared.people.admin):
        for method, path in (("GET", "/api-keys"), ("POST", "/api-keys")):
            body = {} if method == "GET" else {"json": {"name": "x", "scopes": ["leads:read"]}}
            answer = shared.client.request(method, path, headers=person.by_key, **body)
            assert answer.status_code == 403


def test_what_is_no_key_is_nobody(shared):
    """Whatever stands in the header, and whatever the cookie says besides."""
    cookie = {"Cookie": shared.people.bank.by_session["Cookie"]}
    for shown in ("", "x", "yq_", "yq_" + "x" * 5000, "yq_é", shared.people.bank.session):
        headers = {**cookie, "Authorization": f"Bearer {shown}".encode()}
        assert shared.client.get("/me", headers=headers).status_code == 401, shown
    basic = {**cookie, "Authorization": "Basic eDp5"}
    assert shared.client.get("/me", headers=basic).status_code == 200


def test_every_route_that_keys_may_call_has_a_scope_that_some_role_has(shared):
    """And routes of accounts and keys have none."""
    app: FastAPI = shared.client.app
    every = set().union(*SCOPES_OF.values())
    for route in api_routes(app):
        for method in route.methods or ():
            for call in _allowing(route.dependant):
                found = scope_of(route, method, call.scope)
                assert found in {*every, ANY_KEY, PEOPLE}, route.path
                if route.path.startswith(("/accounts", "/api-keys")):
                    assert found == PEOPLE
    assert SCOPES_OF[Role.AUDITOR] == {scope for scope in every if scope.endswith(":read")}


def _allowing(dependant):
    if hasattr(dependant.call, "scope") and hasattr(dependant.call, "roles"):
        yield dependant.call
    for part in dependant.dependencies:
        yield from _allowing(part)
