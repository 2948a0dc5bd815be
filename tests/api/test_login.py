"""Login by password, sessions, and what browsers may send along."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http.cookies import SimpleCookie

import pytest
from sqlmodel import col, func, select

from api.cookies import cookie_name
from api.settings import Settings
from matcher.domain.actor import Role
from matcher.services.accounts.attempts import OF_ADDRESS, OF_NAME, OF_PAIR
from matcher.services.accounts.sessions import IDLE, LONGEST
from matcher.store.tables import AccountRow, LoginFailureRow, SessionRow
from tests.api.client import HOST
from tests.api.world import World, world_on
from tests.databases import KINDS
from tests.service import PASSWORD, session_headers


@pytest.fixture
def world():
    """Return a service on the embedded database."""
    with world_on("sqlite") as found:
        yield found


@pytest.fixture(params=KINDS)
def each(request):
    """Return a service on each database in turn."""
    with world_on(request.param) as found:
        yield found


def log_in(world: World, login="bank", password=PASSWORD, headers=()):
    """Try to log in."""
    content = json.dumps({"login": login, "password": password})
    given = {"Content-Type": "application/json", **dict(headers)}
    return world.client.request("POST", "/login", content=content, headers=given)


def cookies_of(answer):
    """Return the cookies that an answer sets, by name."""
    jar = SimpleCookie()
    for header in answer.headers.get_list("set-cookie"):
        jar.load(header)
    return jar


def me(world, token):
    """Ask who a session is."""
    return world.client.get("/me", headers=session_headers(token))


def counted(world):
    """Return how many notes of failures there are."""
    with world.database.reading() as session:
        return session.scalar(select(func.count()).select_from(LoginFailureRow))


def test_a_login_gives_a_cookie_that_lets_in_until_logout(each):
    """From the password to the session, and nothing after it was ended."""
    answer = log_in(each, " BANK ")
    assert answer.status_code == 200, answer.text
    assert answer.json()["account"]["login"] == "bank"
    assert answer.headers["cache-control"] == "no-store"
    cookie = cookies_of(answer)["yinqi_session"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "lax"
    assert (cookie["path"], cookie["domain"], cookie["secure"]) == ("/", "", "")
    found = me(each, cookie.value).json()
    assert (found["account"]["role"], found["scopes"]) == ("bank", None)
    bye = each.client.request("POST", "/logout", headers=session_headers(cookie.value))
    assert bye.status_code == 204
    assert cookies_of(bye)["yinqi_session"]["max-age"] == "0"
    assert me(each, cookie.value).status_code == 401
    assert counted(each) == 0


def test_only_hashes_of_secrets_are_kept(world):
    """Neither the token of a session nor a password stands in the database."""
    token = cookies_of(log_in(world))["yinqi_session"].value
    with world.database.reading() as session:
        rows = [*session.scalars(select(SessionRow)), *session.scalars(select(AccountRow))]
    kept = " ".join(str(row.model_dump()) for row in rows)
    assert token not in kept
    assert PASSWORD not in kept
    assert kept.count("$argon2id$") == 9


def test_what_is_wrong_with_a_login_is_not_told(world):
    """An unknown name, a wrong password, a deactivated account: one answer."""
    wrong = [("bank", "not the password"), ("nobody", PASSWORD), ("gone", PASSWORD)]
    wrong += [("", "x"), ("bank\x00", PASSWORD), ("银行", PASSWORD)]
    answers = [log_in(world, login, password) for login, password in wrong]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.text for answer in answers}) == 1
    assert not any("set-cookie" in answer.headers for answer in answers)
    assert answers[0].json()["type"] == "urn:yinqi:problem:login-refused"


def test_a_login_ends_the_session_that_the_browser_had(world):
    """The token changes with every login, so that one that was planted is worth nothing."""
    old = world.people.bank.session
    new = cookies_of(log_in(world, headers=session_headers(old)))["yinqi_session"].value
    assert new != old
    assert me(world, old).status_code == 401
    assert me(world, new).status_code == 200


def test_secure_cookies_are_bound_to_this_host():
    """With https the name bears the prefix that browsers hold to; the bare name is not read."""
    with world_on("sqlite", secure_cookies=True) as world:
        jar = cookies_of(log_in(world))
        cookie = jar["__Host-yinqi_session"]
        assert cookie["secure"]
        assert (cookie["path"], cookie["domain"]) == ("/", "")
        assert "yinqi_session" not in jar
        secure = {"Cookie": f"__Host-yinqi_session={cookie.value}"}
        assert world.client.get("/me", headers=secure).status_code == 200
        assert me(world, cookie.value).status_code == 401
    assert cookie_name("x", Settings()) == "x"


def test_a_session_slides_and_has_an_end(each):
    """Twelve hours after the last use, seven days after the login whatever was used."""
    token = cookies_of(log_in(each))["yinqi_session"].value
    start = each.clock.now
    each.clock.turn(hours=11)
    assert me(each, token).status_code == 200
    each.clock.turn(hours=11)
    assert me(each, token).status_code == 200
    while each.clock.now + timedelta(hours=11) < start + LONGEST:
        each.clock.turn(hours=11)
        assert me(each, token).status_code == 200
    each.clock.now = start + LONGEST - timedelta(seconds=1)
    assert me(each, token).status_code == 200
    each.clock.now = start + LONGEST
    assert me(each, token).status_code == 401
    idle = cookies_of(log_in(each))["yinqi_session"].value
    each.clock.turn(hours=12)
    assert me(each, idle).status_code == 401


def test_reading_writes_only_now_and_then(world):
    """That a session is in use is noted every five minutes, not with every request."""
    token = cookies_of(log_in(world))["yinqi_session"].value
    start = world.clock.now

    def end():
        with world.database.reading() as session:
            newest = col(SessionRow.created_at).desc()
            return session.scalars(select(SessionRow.expires_at).order_by(newest)).first()

    world.clock.turn(minutes=4)
    me(world, token)
    assert end() == start + IDLE
    world.clock.turn(minutes=1)
    me(world, token)
    assert end() == world.clock.now + IDLE


def test_a_write_in_progress_keeps_nobody_out(world):
    """Noting the use of a session waits for no import: it is left out."""
    world.clock.turn(hours=1)
    with world.database.writing() as session:
        session.add(LoginFailureRow(subject_sha256="x", failed_at=world.clock.now))
        session.flush()
        assert me(world, world.people.bank.session).status_code == 200


def test_logout_everywhere_ends_every_session_and_no_key(each):
    """Those of the account, and of no other."""
    bank = each.people.bank
    second = cookies_of(log_in(each))["yinqi_session"].value
    answer = each.client.request("POST", "/logout/everywhere", headers=bank.by_session)
    assert answer.status_code == 204
    assert me(each, second).status_code == me(each, bank.session).status_code == 401
    assert each.client.get("/me", headers=bank.by_key).status_code == 200
    assert me(each, each.people.other_bank.session).status_code == 200


def test_a_new_password_ends_the_other_sessions(each):
    """Whoever knows the present one sets it; the session that did goes on."""
    firm = each.people.firm
    other = cookies_of(log_in(each, "firm"))["yinqi_session"].value

    def change(current, password):
        body = {"current": current, "password": password}
        return each.client.request("PUT", "/me/password", json=body, headers=firm.by_session)

    assert change("not this one", "another pass phrase").status_code == 422
    for bad in ("short", "x" * 201):
        answer = change(PASSWORD, bad)
        assert answer.status_code == 422
        assert bad not in answer.text
    assert log_in(each, "firm").status_code == 200
    assert change(PASSWORD, "another pass phrase").status_code == 204
    assert me(each, other).status_code == 401
    assert me(each, firm.session).status_code == 200
    assert log_in(each, "firm").status_code == 401
    assert log_in(each, "firm", "another pass phrase").status_code == 200


def test_a_password_typed_in_another_form_of_unicode_is_the_same(world):
    """One keyboard composes what another sends in one piece."""
    body = {"current": PASSWORD, "password": "cafe\u0301 au lait"}
    headers = world.people.firm.by_session
    assert world.client.request("PUT", "/me/password", json=body, headers=headers).is_success
    assert log_in(world, "firm", "caf\u00e9 au lait").status_code == 200


def test_parallel_guesses_count_one_by_one(each):
    """Of 20 wrong passwords at once exactly as many are looked at as one after the other."""
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda n: log_in(each, "bank", f"wrong pass {n}"), range(20)))
    statuses = [answer.status_code for answer in answers]
    assert statuses.count(401) == OF_PAIR.most
    assert statuses.count(429) == 20 - OF_PAIR.most
    assert counted(each) == 3 * OF_PAIR.most
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert 0 < int(refused.headers["retry-after"]) <= OF_PAIR.span.total_seconds()
    assert log_in(each).status_code == 429
    each.clock.now += OF_PAIR.span
    assert log_in(each).status_code == 200
    assert counted(each) == 0


def test_the_window_slides(world):
    """A try is free again when the oldest of those that fill the window is out of it."""
    for _ in range(OF_PAIR.most):
        assert log_in(world, "bank", "wrong password").status_code == 401
        world.clock.turn(minutes=1)
    refused = log_in(world)
    assert refused.headers["retry-after"] == str(60 * (15 - OF_PAIR.most))
    world.clock.turn(minutes=15 - OF_PAIR.most)
    assert log_in(world).status_code == 200


def test_an_address_that_tries_many_names_is_stopped(world):
    """Whatever the names; one that exists gets no further than one that does not."""
    statuses = [log_in(world, f"name-{n}", "wrong").status_code for n in range(OF_ADDRESS.most)]
    assert set(statuses) == {401}
    assert log_in(world, "bank").status_code == 429


def test_strangers_lock_nobody_out_of_a_browser_that_was_here_before(world):
    """The name is full, and its owner gets in all the same; a new browser waits a minute."""
    mark = cookies_of(log_in(world))["yinqi_device"].value
    addresses = iter(range(1, 100))

    def from_elsewhere(password, headers=()):
        transport_of(world)._transport.client = (f"192.0.2.{next(addresses)}", 1)
        return log_in(world, "bank", password, headers)

    statuses = [from_elsewhere("wrong").status_code for _ in range(OF_NAME.most + 2)]
    assert statuses == [401] * OF_NAME.most + [429] * 2
    assert from_elsewhere(PASSWORD).status_code == 429
    assert from_elsewhere(PASSWORD, {"Cookie": f"yinqi_device={mark}"}).status_code == 200
    forged = {"Cookie": f"yinqi_device={mark[:-1]}{'A' if mark[-1] != 'A' else 'B'}"}
    assert from_elsewhere(PASSWORD, forged).status_code == 429
    world.clock.now += OF_NAME.span
    assert from_elsewhere(PASSWORD).status_code == 200


def test_the_mark_of_a_browser_lets_nobody_in_and_guesses_no_further(world):
    """It is no session, counts for its own name alone, and has a limit itself."""
    mark = cookies_of(log_in(world))["yinqi_device"].value
    headers = {"Cookie": f"yinqi_device={mark}"}
    assert world.client.get("/me", headers=headers).status_code == 401
    statuses = [log_in(world, "bank", "wrong", headers).status_code for _ in range(11)]
    assert statuses == [401] * 10 + [429]
    others = [log_in(world, "other-bank", "wrong", headers).status_code for _ in range(6)]
    assert others == [401] * 5 + [429]


def test_old_failures_are_forgotten(world):
    """The table holds no more than the windows reach."""
    for n in range(4):
        log_in(world, f"name-{n}", "wrong")
    world.clock.turn(minutes=16)
    log_in(world, "bank", "wrong")
    assert counted(world) == 3


FOREIGN = [
    {"Origin": "https://elsewhere.example"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1:8001"},
    {"Origin": "http://127.0.0.1:8000.elsewhere.example"},
    {"Origin": "http://["},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": HOST},
    {"Sec-Fetch-Site": "same-origin", "Origin": "https://elsewhere.example"},
]
OWN = [{"Origin": HOST}, {"Sec-Fetch-Site": "same-origin"}]


@pytest.fixture(scope="module")
def shared():
    """Return a service whose rows no test here changes."""
    with world_on("sqlite") as found:
        yield found


@pytest.mark.parametrize("headers", [{}, *FOREIGN])
def test_another_site_changes_nothing_with_our_cookie(shared, headers):
    """A change from elsewhere, or from nobody knows where, is refused; reading is not."""
    cookie = {"Cookie": session_headers(shared.people.bank.session)["Cookie"]}
    answer = shared.client.request("POST", "/logout", headers=cookie | headers)
    assert answer.status_code == 403
    assert answer.json()["type"] == "urn:yinqi:problem:foreign-page"
    assert shared.client.get("/me", headers=cookie | headers).status_code == 200


@pytest.mark.parametrize("headers", OWN)
def test_our_own_pages_change_things(shared, headers):
    """Either way in which a browser says so."""
    cookie = {"Cookie": session_headers("no session of anybody")["Cookie"]}
    assert shared.client.request("POST", "/logout", headers=cookie | headers).status_code == 204


@pytest.mark.parametrize("headers", FOREIGN)
def test_another_site_logs_nobody_in(shared, headers):
    """A browser must not be logged in as somebody else by a form of another site."""
    assert log_in(shared, headers=headers).status_code == 403


def test_a_key_needs_no_page(shared):
    """What shows a key is no browser, whatever else it shows; people's routes refuse it."""
    bank = shared.people.bank
    headers = bank.by_key | {"Cookie": bank.by_session["Cookie"]} | FOREIGN[0]
    assert shared.client.get("/me", headers=headers).json()["scopes"] is not None
    refused = shared.client.request("POST", "/logout/everywhere", headers=headers)
    assert refused.json()["type"] == "urn:yinqi:problem:forbidden"


def test_every_role_is_told_who_it_is(shared):
    """By session and by key; over, revoked and deactivated ones are nobody."""
    for name, person in shared.people:
        answer = shared.client.get("/me", headers=person.by_session)
        if name == "gone":
            assert answer.status_code == 401
            continue
        account = answer.json()["account"]
        assert account["id"] == str(person.actor.account_id)
        assert Role(account["role"]) is person.actor.role
        assert not re.search("hash|token|argon", answer.text)
        for token in (person.revoked_session, person.expired_session):
            assert me(shared, token).status_code == 401
        if person.key is None:
            continue
        assert shared.client.get("/me", headers=person.by_key).status_code == 200
        for key in (person.revoked_key, person.expired_key):
            dead = {"Authorization": f"Bearer {key}"}
            assert shared.client.get("/me", headers=dead).status_code == 401
    gone = shared.client.get("/me", headers=shared.people.gone.by_key)
    assert gone.status_code == 401


@pytest.mark.parametrize(
    "body",
    [
        {"login": "bank", "pasword": "hunter2hunter2"},
        {"login": "bank", "password": ["hunter2hunter2"]},
        {"login": ["x"], "password": "hunter2hunter2"},
        "hunter2hunter2",
        ["hunter2hunter2"],
        {"password": "hunter2hunter2"},
    ],
)
def test_what_was_typed_as_a_password_is_never_said_back(shared, body):
    """Not even where it stands in the wrong place."""
    answer = shared.client.request("POST", "/login", json=body)
    assert answer.status_code == 422
    assert "hunter2" not in answer.text


def transport_of(world):
    """Return the HTTP client below, to come from another address."""
    return world.client._http
