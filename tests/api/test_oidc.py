"""Login by an identity provider on this machine, which is honest or lies."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from http.cookies import SimpleCookie
from urllib.parse import urlsplit

import pytest
from sqlmodel import col, select

from api.settings import Settings
from matcher.domain.errors import InputError
from matcher.services.accounts.oidc import own_path
from matcher.store.tables import AccountRow, ProviderLoginRow
from tests.api.client import HOST
from tests.api.world import world_on
from tests.databases import KINDS
from tests.service import NOW, session_headers
from tests.services.accounts.provider import CLIENT_ID, CLIENT_SECRET, provider_at, query_of

STAMP = int(NOW.timestamp())
EMAIL = "officer@bank.example"
VERIFIED = {"email": EMAIL.title(), "email_verified": True}


@pytest.fixture(scope="module")
def server():
    """Return the provider."""
    with provider_at(STAMP) as found:
        yield found


@pytest.fixture
def provider(server, monkeypatch):
    """Return the provider, honest again."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server.claims, server.userinfo, server.sign = dict(VERIFIED), None, None
    server.metadata, server.is_down, server.num_tokens = {}, False, 0
    return server


@pytest.fixture(params=KINDS)
def world(request, provider):
    """Return a service on each database in turn that knows the provider."""
    with served(request.param, provider) as found:
        yield found


@pytest.fixture(scope="module")
def shared(server):
    """Return a service that knows the provider, with an account of the e-mail address."""
    with served("sqlite", server) as found:
        name_account(found)
        yield found


def served(kind, provider):
    """Serve a service that knows the provider."""
    return world_on(
        kind,
        oidc_issuer=provider.issuer,
        oidc_client_id=CLIENT_ID,
        oidc_client_secret=CLIENT_SECRET,
    )


def name_account(world, **changed):
    """Let the bank's account have the e-mail address as its login, and no password."""
    with world.database.writing() as session:
        row = session.get(AccountRow, world.people.bank.actor.account_id)
        row.login, row.password_hash = EMAIL, None
        for name, value in changed.items():
            setattr(row, name, value)


def begin(world, query=""):
    """Ask to log in; return what the browser keeps and where it is sent."""
    answer = world.client.get(f"/oidc/login{query}")
    assert answer.status_code == 303, answer.text
    jar = SimpleCookie(answer.headers["set-cookie"])
    return jar["yinqi_provider"].value, answer.headers["location"]


def there(provider, url):
    """Let the provider let somebody in; return the path and query of the way back."""
    back = urlsplit(provider.authorise(query_of(url)))
    assert f"{back.scheme}://{back.netloc}" == HOST
    return f"{back.path}?{back.query}"


def back(world, path, cookie, more=""):
    """Come back."""
    headers = {} if cookie is None else {"Cookie": f"yinqi_provider={cookie}{more}"}
    return world.client.get(path, headers=headers)


def log_in(world, provider, query=""):
    """Go there and back."""
    cookie, url = begin(world, query)
    return back(world, there(provider, url), cookie)


def session_of(answer):
    """Return the session that an answer opened, None if it opened none."""
    jar = SimpleCookie()
    for header in answer.headers.get_list("set-cookie"):
        jar.load(header)
    return jar["yinqi_session"].value if "yinqi_session" in jar else None


def refused(answer, status=400, kind="provider-login"):
    """Tell whether nobody was let in, and why."""
    assert answer.status_code == status, answer.text
    assert answer.json()["type"] == f"urn:yinqi:problem:{kind}"
    return session_of(answer) is None


def test_there_and_back(world, provider):
    """An account whose login is the verified address gets a session, and is tied to the subject."""
    name_account(world)
    answer = log_in(world, provider, "?next=/leads%3Flimit=5")
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"] == "/leads?limit=5"
    me = world.client.get("/me", headers=session_headers(session_of(answer))).json()
    assert me["account"]["id"] == str(world.people.bank.actor.account_id)
    assert me["account"]["oidc_subject"] == f"{provider.issuer}|8a6f1c"
    # From now on it is the subject that counts, whatever the address.
    provider.claims = {"email": "other-bank", "email_verified": True}
    again = log_in(world, provider)
    me = world.client.get("/me", headers=session_headers(session_of(again))).json()
    assert me["account"]["id"] == str(world.people.bank.actor.account_id)
    # And somebody else of that address is nobody.
    provider.claims = {"sub": "another", **VERIFIED}
    assert refused(log_in(world, provider), 403, "no-account")
    with world.database.reading() as session:
        assert session.scalars(select(ProviderLoginRow)).all() == []


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "stranger@elsewhere.example", "email_verified": True},
        {"email": EMAIL},
        {"email": EMAIL, "email_verified": False},
        {"email": EMAIL, "email_verified": "true"},
        {"email": [EMAIL], "email_verified": True},
        {"email": "", "email_verified": True},
        {},
    ],
)
def test_nobody_gets_an_account_by_logging_in(shared, provider, claims):
    """Without an account, or without a word that the address was verified."""
    provider.claims = {"sub": "a stranger", **claims}
    with shared.database.reading() as session:
        before = [row.model_dump() for row in session.scalars(select(AccountRow))]
    assert refused(log_in(shared, provider), 403, "no-account")
    with shared.database.reading() as session:
        assert [row.model_dump() for row in session.scalars(select(AccountRow))] == before


def test_a_deactivated_account_is_not_let_in(world, provider):
    """By its address or by its subject."""
    name_account(world, is_active=False)
    assert refused(log_in(world, provider), 403, "no-account")
    name_account(world, is_active=False, oidc_subject=f"{provider.issuer}|8a6f1c")
    assert refused(log_in(world, provider), 403, "no-account")


LIES = {
    "the nonce of another login": {"nonce": "x"},
    "no nonce": {"nonce": None},
    "another issuer": {"iss": "https://elsewhere.example"},
    "no issuer": {"iss": None},
    "another audience": {"aud": "somebody"},
    "two audiences and no word for whom": {"aud": [CLIENT_ID, "somebody"]},
    "for another party": {"aud": [CLIENT_ID, "somebody"], "azp": "somebody"},
    "no audience": {"aud": None},
    "over": {"exp": STAMP - 61},
    "no end": {"exp": None},
    "from the future": {"iat": STAMP + 3600},
    "no time": {"iat": None},
    "not yet": {"nbf": STAMP + 3600},
    "nobody": {"sub": None},
    "an empty subject": {"sub": ""},
    "a subject that is none": {"sub": ["8a6f1c"]},
    "a subject without end": {"sub": "x" * 300},
    "a subject that nobody can read": {"sub": "x\x00"},
    "another access token": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
}


@pytest.mark.parametrize("claims", LIES.values(), ids=LIES)
def test_a_token_that_does_not_hold_lets_nobody_in(shared, provider, claims):
    """Each claim of it is looked at."""
    provider.claims = {**VERIFIED, **claims}
    assert refused(log_in(shared, provider))
    assert provider.num_tokens == 1


@pytest.mark.parametrize("how", ["by_another_key", "by_nothing", "by_the_public_key", "altered"])
def test_a_signature_that_does_not_hold_lets_nobody_in(shared, provider, how):
    """Nor none, nor one that anybody could have made; and what is no token at all."""
    provider.sign = getattr(provider, how)
    assert refused(log_in(shared, provider))
    provider.sign = lambda claims: "no.token.atall"
    assert refused(log_in(shared, provider))
    provider.sign = lambda claims: None
    assert refused(log_in(shared, provider))


def test_an_honest_token_is_let_in_by_the_same_road(shared, provider):
    """So that the refusals above are for what was wrong, and for nothing else."""
    assert session_of(log_in(shared, provider))
    provider.claims = {**VERIFIED, "aud": [CLIENT_ID], "exp": STAMP - 59}
    assert session_of(log_in(shared, provider))


def test_an_answer_counts_once(shared, provider):
    """Sent again it lets nobody in, nor is the provider asked; 8 at once are one."""
    cookie, url = begin(shared)
    path = there(provider, url)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: back(shared, path, cookie), range(8)))
    assert sorted(answer.status_code for answer in answers) == [303] + [400] * 7
    assert refused(back(shared, path, cookie))
    assert provider.num_tokens == 1


def test_an_answer_counts_in_the_browser_that_was_sent(shared, provider):
    """A link with somebody else's code logs nobody in, nor does another's state."""
    mine, url = begin(shared)
    other, _ = begin(shared)
    path = there(provider, url)
    for cookie in (None, other, "x", ""):
        assert refused(back(shared, path, cookie))
    assert refused(back(shared, path.replace("state=", "state=x"), mine))
    assert refused(back(shared, "/oidc/callback", mine))
    assert provider.num_tokens == 0
    assert session_of(back(shared, path, mine))


def test_an_answer_counts_for_ten_minutes(provider):
    """Later one begins again."""
    with served("sqlite", provider) as world:
        name_account(world)
        cookie, url = begin(world)
        path = there(provider, url)
        world.clock.turn(minutes=10)
        assert refused(back(world, path, cookie))
        assert provider.num_tokens == 0


def test_a_code_of_another_login_does_not_hold(shared, provider):
    """The verifier does not fit: whoever catches a code cannot bring it in."""
    cookie, url = begin(shared)
    _, stolen_url = begin(shared)
    stolen = query_of(there(provider, stolen_url))["code"]
    state = query_of(url)["state"]
    assert refused(back(shared, f"/oidc/callback?code={stolen}&state={state}", cookie))
    assert provider.num_tokens == 0


def test_a_refusal_of_the_provider_lets_nobody_in(shared, provider):
    """It comes back without a code."""
    cookie, url = begin(shared)
    state = query_of(url)["state"]
    path = f"/oidc/callback?error=access_denied&state={state}"
    assert refused(back(shared, path, cookie))


def test_the_session_that_the_browser_had_is_over(world, provider):
    """As with a login by password."""
    name_account(world)
    cookie, url = begin(world)
    old = world.people.firm.session
    answer = back(world, there(provider, url), cookie, f"; yinqi_session={old}")
    assert world.client.get("/me", headers=session_headers(old)).status_code == 401
    new = session_headers(session_of(answer))
    assert world.client.get("/me", headers=new).status_code == 200


def test_claims_besides_count_for_the_same_subject_alone(provider):
    """Where the token has no address it is asked for; of another subject it is not heard."""
    with served("sqlite", provider) as world:
        name_account(world)
        provider.claims = {}
        provider.userinfo = {"sub": "another", **VERIFIED}
        assert refused(log_in(world, provider), 403, "no-account")
        provider.userinfo = {"sub": "8a6f1c", **VERIFIED}
        assert session_of(log_in(world, provider))


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://elsewhere.example"},
        {"authorization_endpoint": None},
        {"token_endpoint": 5},
        {"jwks_uri": None},
    ],
)
def test_a_provider_that_is_none_is_not_gone_to(shared, provider, metadata):
    """Its description is another's, or not whole."""
    provider.metadata = metadata
    answer = shared.client.get("/oidc/login")
    assert answer.status_code == 502
    assert answer.json()["type"] == "urn:yinqi:problem:provider-unreachable"


def test_a_provider_that_is_down_is_told(shared, provider):
    """Before the login or in the middle of it; nothing secret goes over an open road."""
    cookie, url = begin(shared)
    path = there(provider, url)
    provider.metadata = {"token_endpoint": "http://198.51.100.7/token"}
    assert refused(back(shared, path, cookie), 502, "provider-unreachable")
    provider.is_down = True
    assert shared.client.get("/oidc/login").status_code == 502


def test_without_a_provider_there_is_no_such_login():
    """Both ends are not there."""
    with world_on("sqlite") as world:
        for path in ("/oidc/login", "/oidc/callback?code=x&state=y"):
            assert world.client.get(path).status_code == 404


def test_nothing_secret_is_logged(shared, provider, caplog):
    """Not the code, the secret of the client, the tokens or the session."""
    caplog.set_level(logging.DEBUG)
    cookie, url = begin(shared)
    path = there(provider, url)
    token = session_of(back(shared, path, cookie))
    code = query_of(path)["code"]
    logged = [record.getMessage() for record in caplog.records]
    ours = "\n".join(line for line in logged if HOST not in line)  # not our own test's client
    assert f"POST {provider.issuer}/token" in ours
    for secret in (cookie, code, token, CLIENT_SECRET, "an access token"):
        assert secret not in ours
    assert CLIENT_SECRET not in repr(shared.client.app.state.settings)


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        (None, "/me"),
        ("/leads?x=1#y", "/leads?x=1#y"),
        ("https://elsewhere.example", "/me"),
        ("//elsewhere.example", "/me"),
        ("/\\elsewhere.example", "/me"),
        ("/a\nSet-Cookie: x", "/me"),
        ("leads", "/me"),
        ("", "/me"),
        ("/" + "x" * 600, "/me"),
    ],
)
def test_after_a_login_one_stays_here(given, taken):
    """What could lead to another site is not gone to."""
    assert own_path(given) == taken


@pytest.mark.parametrize(
    "given",
    [
        {"oidc_issuer": "https://id.example"},
        {"oidc_client_id": "x"},
        {"oidc_issuer": "http://id.example", "oidc_client_id": "x"},
        {"oidc_issuer": "id.example", "oidc_client_id": "x"},
        {"oidc_issuer": "https://id.example", "oidc_client_id": "x", "oidc_scopes": ("email",)},
    ],
)
def test_a_provider_that_is_not_whole_is_refused_at_the_start(given):
    """Half a provider, an open road, a login that would tell nobody's name."""
    with pytest.raises(InputError, match="oidc_"):
        Settings(**given)


def test_an_account_cannot_have_the_subject_of_another(world, provider):
    """An administrator ties and cuts; one subject lets into one account."""
    admin, subject = world.people.admin, f"{provider.issuer}|8a6f1c"

    def tie(person, value):
        path = f"/accounts/{person.actor.account_id}"
        body = {"oidc_subject": value}
        return world.client.request("PATCH", path, json=body, headers=admin.by_session)

    assert tie(world.people.staff, subject).status_code == 200
    assert tie(world.people.auditor, subject).status_code == 422
    provider.claims = {}
    me = session_headers(session_of(log_in(world, provider)))
    assert world.client.get("/me", headers=me).json()["account"]["login"] == "staff"
    assert tie(world.people.staff, "").json()["oidc_subject"] is None
    assert refused(log_in(world, provider), 403, "no-account")
    with world.database.reading() as session:
        tied = select(AccountRow.login).where(col(AccountRow.oidc_subject).is_not(None))
        assert session.scalars(tied).all() == []
