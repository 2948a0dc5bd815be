from __future__ import annotations

import json

import anyio
import pytest

from api import Settings, create_app
from tests.api.client import serving
from tests.api.conftest import served

MEMBERS = {"type", "title", "status", "detail", "instance", "num_faults", "faults"}


def places(answer):
    """Return table, row and field of each fault."""
    return {(f["table"], f["row"], f["field"]) for f in answer.json()["faults"]}


def is_problem(answer, status):
    """Check the form that every error has."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert set(problem) == MEMBERS
    assert problem["status"] == status
    assert problem["type"].startswith("urn:yinqi:problem:")
    assert answer.headers["x-request-id"]
    assert answer.headers["cache-control"] == "no-store"
    return problem


def test_every_fault_of_a_body_is_listed_at_once(client, body):
    """Options, pins and all tables are read in one go, and each fault has its place."""
    body |= {"as_of": "25.5.2022", "colour": "red"}
    body["solving"] = {"method": "magic", "gap": -1, "time_limit_seconds": 0, "seed": 1.5, "x": 1}
    body["pins"] = [{"need_id": "need-1"}]
    body["market"]["needs"][0]["amount_fen"] = "much"
    body["market"]["products"][1]["institution_id"] = "bank-z"
    body["market"]["products"][2]["rate"] = "-0.1"
    body["market"]["enterprises"][0]["credit_code"] = "123"
    body["market"]["enterprises"][0]["shoe_size"] = 43
    problem = is_problem(answer := client.post(body), 422)
    assert places(answer) == {
        (None, None, "as_of"),
        (None, None, "colour"),
        (None, None, "solving.method"),
        (None, None, "solving.gap"),
        (None, None, "solving.time_limit_seconds"),
        (None, None, "solving.seed"),
        (None, None, "solving.x"),
        (None, None, "pins[0].product_id"),
        ("needs", 1, "amount_fen"),
        ("products", 2, "institution_id"),
        ("products", 3, "rate"),
        ("enterprises", 1, "credit_code"),
        ("enterprises", 1, "shoe_size"),
    }
    assert problem["num_faults"] == len(problem["faults"]) == 13
    for fault in problem["faults"]:
        assert fault["message"]["zh"]
        assert fault["message"]["en"]
    (method,) = [f for f in problem["faults"] if f["field"] == "solving.method"]
    assert method["value"] == "magic"
    assert "milp" in method["expected"]["zh"]


def test_ids_of_pins_and_bans_have_to_exist(client, body):
    """Each unknown id is named with its place, and a pair cannot be pinned and banned."""
    body["pins"] = [{"need_id": "need-1", "product_id": "a-slow"}]
    body["bans"] += [{"need_id": "nobody", "product_id": "nothing"}]
    fields = {field for _, _, field in places(client.post(body))}
    assert fields == {"pins[0]", "bans[1].need_id", "bans[1].product_id"}


@pytest.mark.parametrize("seconds", [61, 1e300, "60", True, None])
def test_a_time_limit_beyond_the_servers_is_refused(client, body, seconds):
    """The server's own limit stands, and only numbers are numbers."""
    body["solving"] = {"time_limit_seconds": seconds}
    assert places(client.post(body)) == {(None, None, "solving.time_limit_seconds")}


def test_without_a_time_limit_the_servers_own_holds(body):
    """A default above the server's limit is no fault of the client."""
    body["solving"] = {}
    with served(time_limit_max_seconds=2) as client:
        assert client.planned(body)["plan"]["solver"]["time_limit"] == 2


@pytest.mark.parametrize(
    "day", ["2022-5-25", "20220525", 0, 1653436800, None, "1022-05-25", "x" * 10]
)
def test_a_day_is_an_iso_date_and_nothing_else(client, body, day):
    """Numbers are not taken for seconds since 1970."""
    body["as_of"] = day
    assert places(client.post(body)) == {(None, None, "as_of")}


@pytest.mark.parametrize("content", ["[]", "null", "3", '"x"', '{"x": 1}', '{"market": 3}'])
def test_a_body_of_another_shape_is_invalid_input(client, content):
    """Whatever JSON holds, the answer is a list of faults."""
    assert is_problem(client.post(content.encode()), 422)["num_faults"] >= 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b'{"as_of": NaN}',
        b'{"gap": Infinity}',
        b'{"a": 1, "a": 2}',
        b"[" * 100_000,
        b"[" * 900 + b"]" * 900,
        b'{"a":' * 400 + b"1" + b"}" * 400,
        b'{"market": ' + b"[" * 40 + b"]" * 40 + b"}",
        b'{"seed": ' + b"9" * 5_000 + b"}",
        b'{"gap": 1e99999999999999999999}',
    ],
    ids=lambda content: content[:12].decode("latin-1"),
)
def test_what_is_not_json_is_refused(client, content):
    """Neither depth nor size of numbers brings the reader down."""
    assert is_problem(client.post(content), 400)["type"] == "urn:yinqi:problem:not-json"


HOSTILE = ["1e999999999", "-1e999999999", "1e-999999999", "9" * 4000, '"\\ud800"', '"\\u0000"',
           "[[[[1]]]]", '{"a": {"b": []}}', "true", '"' + "x" * 50_000 + '"']  # fmt: skip


@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: value[:12])
@pytest.mark.parametrize("place", ["amount", "name", "criteria", "key", "gap", "seed", "pin"])
def test_hostile_values_are_faults_and_nothing_worse(client, body, place, value):
    """Huge numbers, half surrogates and lists in odd places never break the service."""
    need, product = body["market"]["needs"][0], body["market"]["products"][0]
    mark = "@@"
    if place == "amount":
        need["amount_fen"] = mark
    elif place == "name":
        body["market"]["enterprises"][0]["name"] = mark
    elif place == "criteria":
        product["criteria"] = mark
    elif place == "key":
        need[mark] = 1
    elif place == "pin":
        body["pins"] = [{"need_id": mark, "product_id": mark}]
    else:
        body["solving"] = {place: mark}
    name = value if value.startswith('"') else json.dumps(value)
    content = json.dumps(body).replace(f'"{mark}"', name if place == "key" else value)
    answer = client.post(content.encode())
    if answer.status_code == 202:
        assert client.finished(answer.headers["Location"])["status"] == "done"
    else:
        is_problem(answer, 422)
        assert len(answer.content) < 20_000


def test_many_faults_are_counted_and_the_first_thousand_listed(client, body):
    """An answer stays readable whatever was sent."""
    body["market"]["needs"] = [{"need_id": f"n{n}"} for n in range(2_000)]
    problem = is_problem(client.post(body), 422)
    assert len(problem["faults"]) == 1000
    assert problem["num_faults"] == 4_000


def test_a_body_that_is_too_large_is_refused_with_and_without_a_stated_length(client):
    """A chunked body is cut off where the limit is passed."""

    async def chunks():
        for _ in range(100):
            yield b" " * 100_000

    is_problem(client.post(b" " * 1_000_001), 413)
    headers = {"Content-Type": "application/json"}
    is_problem(client.request("POST", "/plans", content=chunks(), headers=headers), 413)


def test_a_request_that_breaks_off_is_no_bug(client):
    """A client that goes away while it sends costs nothing and queues nothing."""
    sent = []

    async def receive():
        return {"type": "http.disconnect"}

    async def send(message):
        sent.append(message)

    known = {name.lower().encode(): value.encode() for name, value in client.headers.items()}
    known |= {b"host": b"127.0.0.1:8000", b"content-type": b"application/json"}
    scope = {"type": "http", "method": "POST", "path": "/plans", "headers": list(known.items())}
    before = client.get("/plans").json()
    anyio.run(client.app, {**scope, "query_string": b"", "http_version": "1.1"}, receive, send)
    assert sent[0]["status"] == 400
    assert client.get("/plans").json() == before


def test_only_json_is_read(client, body):
    """A form of another site cannot post a plan."""
    content = json.dumps(body).encode()
    for media_type in ("text/plain", "application/x-www-form-urlencoded", ""):
        is_problem(client.post(content, **{"Content-Type": media_type}), 415)
    assert client.post(content, **{"Content-Type": "application/json; charset=utf-8"}).is_success


def test_a_foreign_host_is_refused(client):
    """A name that a stranger points at this machine does not open the API."""
    for host in ("evil.example", "evil.example:8000", "", "[", "127.0.0.1.evil.example"):
        is_problem(client.get("/healthz/live", headers={"Host": host}), 421)
    for host in ("localhost:9000", "127.0.0.1", "[::1]:8000"):
        assert client.get("/healthz/live", headers={"Host": host}).status_code == 200


def test_unknown_paths_and_methods_are_problems(client):
    """Errors of the framework look like all others."""
    for path in ("/nope", "/plans/", "/plans/x/y"):
        is_problem(client.get(path), 404)
    for path, allowed in {"/plans": "GET, POST", "/healthz/live": "GET"}.items():
        for method in ("PUT", "OPTIONS", "TRACE", "BREW"):
            answer = client.request(method, path)
            is_problem(answer, 405)
            assert answer.headers["allow"] == allowed


def test_a_bug_is_a_problem_without_internals(monkeypatch):
    """Neither the message nor the place of an unexpected error gets out."""

    def broken():
        raise ZeroDivisionError("secret")

    app = create_app(Settings())
    app.get("/broken")(broken)
    with serving(app) as client:
        answer = client.get("/broken", headers={"X-Request-ID": "abc-1"})
    assert is_problem(answer, 500)["type"] == "urn:yinqi:problem:internal"
    assert answer.headers["x-request-id"] == "abc-1"
    assert "secret" not in answer.text
    assert "ZeroDivision" not in answer.text


@pytest.mark.parametrize(
    ("asked", "title"),
    [
        (None, "没有找到"),
        ("en", "Not found"),
        ("en-GB, zh;q=0.5", "Not found"),
        ("zh-CN, en;q=0.9", "没有找到"),
        ("fr, en;q=0.1", "Not found"),
        ("en;q=0, zh;q=0.1", "没有找到"),
        ("fr", "没有找到"),
        (";;q=,en;q=x", "没有找到"),
    ],
)
def test_the_title_is_in_the_language_of_the_reader(client, asked, title):
    """Chinese is the default; the greatest quality wins."""
    headers = {"Accept-Language": asked} if asked else {}
    assert client.get("/nowhere", headers=headers).json()["title"] == title


def test_every_answer_has_a_request_id(client):
    """A sound id that the request brings is kept, any other replaced."""
    kept = client.get("/healthz/live", headers={"X-Request-ID": "a.B-3_"})
    assert kept.headers["x-request-id"] == "a.B-3_"
    for brought in ("", "x" * 65, "a b", "<x>"):
        given = client.get("/healthz/live", headers={"X-Request-ID": brought}).headers[
            "x-request-id"
        ]
        assert given != brought
        assert len(given) == 32


@pytest.mark.parametrize("secure", [False, True])
def test_a_browser_does_nothing_with_an_answer_that_was_not_meant(secure):
    """Nothing is loaded, framed or guessed; https is kept to where there is https."""
    app = create_app(Settings(secure_cookies=secure))
    app.get("/broken")(lambda: 1 / 0)
    with serving(app) as client:
        for path in ("/healthz/live", "/nowhere", "/broken", "/openapi.json", "/docs"):
            headers = client.get(path).headers
            assert headers["content-security-policy"].startswith("default-src 'none'")
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["x-frame-options"] == "DENY"
            assert headers["referrer-policy"] == "same-origin"
            assert headers["cache-control"] == "no-store"
            assert ("strict-transport-security" in headers) is secure
