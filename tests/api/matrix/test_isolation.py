from __future__ import annotations

import re

import pytest

from matcher.domain.actor import Role
from matcher.domain.scope import SCOPES_OF
from matcher.files import read_records
from matcher.services.records import replace_market
from tests.api.matrix.arranging import QUERIES, SAFE, Asked, Stage, body_of
from tests.api.matrix.canaries import Cage, market
from tests.api.matrix.expectations import ABSENT, FOREIGN, OWN, ROLES, WHOSE, rows
from tests.api.world import world_on
from tests.databases import KINDS
from tests.service import NOW, key_headers, session_headers

ROWS = rows()
HIDING = [name for name, row in ROWS.items() if 404 in row.statuses.values()]
REFUSED = (401, 403, 404)
NAMES = re.compile(r"{(\w+)}")


@pytest.fixture(scope="module", params=KINDS)
def stage(request):
    """Return a served app on which every cell makes what it needs."""
    settings = {
        "requests_per_minute": 0,
        "requests_per_minute_of_strangers": 0,
        "metrics_on_loopback": False,
        "max_queued": 100_000,
    }
    with world_on(request.param, small_market, **settings) as world:
        yield Stage(world)


@pytest.fixture(scope="module")
def operations(stage):
    """Return every operation of the document with its method and path, by its id."""
    paths = stage.world.client.get("/openapi.json").json()["paths"]
    return {
        operation["operationId"]: (method, path, operation)
        for path, item in paths.items()
        for method, operation in item.items()
    }


def test_every_operation_is_declared_and_no_other(operations):
    """A route without a row in the table fails here, and so does a row without a route."""
    assert set(operations) == set(ROWS)


def test_what_a_key_needs_is_as_declared(operations):
    """The document takes it from the code, the table from what was meant."""
    found = {name: op.get("x-key-scope") for name, (_, _, op) in operations.items()}
    assert found == {name: row.key for name, row in ROWS.items()}


def test_roles_of_the_document_are_those_that_are_not_refused(operations):
    """A role that gets 403 is not named, and every other is."""
    for name, (_, _, operation) in operations.items():
        let_in = {role for role in ROLES if ROWS[name].statuses[role, OWN] != 403}
        assert set(operation.get("x-roles", ROLES)) == let_in, name


@pytest.mark.parametrize("name", list(ROWS))
def test_a_person_gets_what_is_declared(stage, operations, name):
    """Each role by its session, with an id of its own, of somebody else and of nobody."""
    found, declared = {}, {}
    path = operations[name][1]
    for role in ROLES:
        for whose in whose_of(path):
            person = stage.person(role, name)
            answer = ask(stage, operations[name], role, person, whose, person.by_session)
            found[role, whose] = answer.status_code
            declared[role, whose] = ROWS[name].statuses[role, whose]
    assert found == declared


@pytest.mark.parametrize("name", list(ROWS))
def test_a_key_gets_what_its_role_and_scopes_allow(stage, operations, name):
    """With all scopes of its role what a person gets, or 403; with none 403 unless any will do."""
    row, found, declared = ROWS[name], {}, {}
    path = operations[name][1]
    for role in [role for role in ROLES if SCOPES_OF[Role(role)]]:
        for whose in whose_of(path):
            person = stage.person(role, name)
            answer = ask(stage, operations[name], role, person, whose, person.by_key)
            found[role, whose] = answer.status_code
            is_allowed = row.key in (None, "any", *SCOPES_OF[Role(role)])
            declared[role, whose] = row.statuses[role, whose] if is_allowed else 403
        person = stage.person(role, name)
        narrow = key_headers(stage.narrow_key(person))
        answer = ask(stage, operations[name], role, person, OWN, narrow)
        found[role, "narrow"] = answer.status_code
        declared[role, "narrow"] = row.statuses[role, OWN] if row.key in (None, "any") else 403
    assert found == declared


@pytest.mark.parametrize("name", list(ROWS))
def test_what_lets_nobody_in_any_more_is_nobody(stage, operations, name):
    """Revoked, expired, of an account that is gone, or never given out: all as without it.

    Of one role at each operation, the roles taking turns; of all roles where anybody may ask.
    """
    declared, found = ROWS[name].statuses["anonymous", OWN], {}
    turn = list(ROWS).index(name) % len(ROLES)
    for role in ROLES if name == "read_me" else (ROLES[turn],):
        person = stage.person(role, "read_me")
        for way, headers in dead_ways(person, stage.world.people.gone).items():
            answer = ask(stage, operations[name], role, person, ABSENT, headers)
            found[role, way] = answer.status_code
    assert found == dict.fromkeys(found, declared)


@pytest.mark.parametrize("name", HIDING)
def test_what_may_not_be_seen_is_answered_as_what_is_not_there(stage, operations, name):
    """The same status, headers and body but for the path that was asked for."""
    for role in ROLES:
        if ROWS[name].statuses[role, FOREIGN] != 404:
            continue
        seen = []
        for whose in (FOREIGN, ABSENT):
            person = stage.person(role, name)
            headers = person.by_session | {"X-Request-ID": "same"}
            answer = ask(stage, operations[name], role, person, whose, headers)
            body = answer.json()
            assert body.pop("instance") == answer.url.path
            kept = {k: v for k, v in answer.headers.items() if k != "content-length"}
            seen.append((answer.status_code, body, kept))
        assert seen[0] == seen[1], role


def small_market(database):
    """Load two firms and two banks: what is in the market does not matter here."""
    with database.writing() as session:
        replace_market(session, read_records(market(Cage())), NOW.date(), NOW)


def whose_of(path):
    """Return whose ids are to be tried: only one's own where the path holds none."""
    return WHOSE if NAMES.search(path) else (OWN,)


def dead_ways(person, gone):
    """Return the headers of all that lets nobody in."""
    ways = {
        "nothing": {},
        "revoked session": session_headers(person.revoked_session),
        "expired session": session_headers(person.expired_session),
        "session of an account that is gone": session_headers(gone.session),
        "key of an account that is gone": key_headers(gone.key),
        "no session": session_headers("x" * 43),
        "no key": key_headers("yq_" + "x" * 43),
        "a session as a key": key_headers(person.session),
    }
    if person.key is not None:
        ways["revoked key"] = key_headers(person.revoked_key)
        ways["expired key"] = key_headers(person.expired_key)
        ways["a key as a session"] = session_headers(person.key)
    return ways


def ask(stage, operation, role, person, whose, headers):
    """Send the request of a cell."""
    method, path, described = operation
    name, names = described["operationId"], NAMES.findall(path)
    is_changed = method not in SAFE and ROWS[name].statuses[role, whose] not in REFUSED
    ids = stage.ids(names, method, person, role, whose, name, is_changed)
    options = {"headers": dict(headers), "params": {}}
    for one in described.get("parameters", ()):
        if one["in"] == "query" and one["required"]:
            options["params"][one["name"]] = QUERIES[name, one["name"]]
        if one["name"] == "if-match":
            options["headers"]["If-Match"] = "*"
    if "requestBody" in described:
        media_type, media = next(iter(described["requestBody"]["content"].items()))
        body = body_of(Asked(stage, media.get("example"), person, ids), name)
        options |= encoded(media_type, body, options["headers"])
    return stage.world.client.request(method.upper(), path.format(**ids), **options)


def encoded(media_type, body, headers):
    """Return the options of a request that send a body."""
    if media_type == "multipart/form-data":
        return {"files": body}
    headers["Content-Type"] = media_type
    return {"json": body}
