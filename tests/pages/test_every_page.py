"""What holds of every page: who sees it, what its forms ask for, that its links lead somewhere."""

from __future__ import annotations

import re

import pytest

from api import Settings, create_app
from api.access import api_routes
from api.pages.navigation import MENU
from matcher.domain.actor import Role
from matcher.store import Database
from tests.api.client import Client
from tests.pages.samples import PARTS, SAMPLES, WITHOUT_LOGIN, Sample
from tests.service import People, Person
from tests.whatifs import answered_what_if

_LINK = re.compile(r'(?:href|action)="(/[^"?#]*)')


@pytest.fixture(scope="module", autouse=True)
def what_if(database: Database, people: People) -> None:
    """Let there be a what-if with answers that colleagues share."""
    answered_what_if(database, people)


def _person(people: People, role: Role) -> Person:
    return people.firm if role is Role.ENTERPRISE else getattr(people, role.value)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.route)
def test_a_page_is_seen_by_its_roles_and_by_nobody_else(
    client: Client, database: Database, people: People, sample: Sample
) -> None:
    """200 with one heading for its roles, 403 for the others, the login for whoever is nobody."""
    with database.reading() as session:
        path = sample.path(session)
    assert client.get(path).status_code == 303
    for role in Role:
        answer = client.get(path, headers=_person(people, role).by_session)
        assert answer.status_code == (200 if role in sample.roles else 403), role
        if role in sample.roles:
            assert answer.text.count("<h1") == 1
            assert "default-src 'self'" in answer.headers["Content-Security-Policy"]


def test_every_page_is_a_sample() -> None:
    """A page that is not listed would not be looked at by these tests."""
    app = create_app(Settings())
    shown = {r.path for r in api_routes(app) if r.path.startswith("/ui") and "GET" in r.methods}
    listed = {sample.route for sample in SAMPLES} | PARTS | WITHOUT_LOGIN
    assert sorted(shown - listed) == []


def test_every_form_is_refused_without_its_token(client: Client, people: People) -> None:
    """A POST of another site, or one without the token of the session, changes nothing: 403."""
    app = create_app(Settings())
    posts = [r for r in api_routes(app) if r.path.startswith("/ui") and "POST" in r.methods]
    assert posts
    for route in posts:
        if route.path in ("/ui/login", "/ui/language"):
            continue
        path = re.sub(r"\{[^}]*\}", "3f0e7a52-5d5c-4a39-9d5b-1a4c2d6f8b10", route.path)
        for name, person in people:
            if name == "gone":
                continue
            answer = client.request("POST", path, data={"x": "y"}, headers=person.by_session)
            assert answer.status_code == 403, (path, name)


@pytest.mark.parametrize("role", list(Role))
def test_the_menu_and_the_links_of_every_page_lead_somewhere(
    client: Client, database: Database, people: People, role: Role
) -> None:
    """No link of any page that a role sees is answered 404 or 403."""
    headers = _person(people, role).by_session
    with database.reading() as session:
        paths = [s.path(session) for s in SAMPLES if role in s.roles]
    links = {entry.path for entry in MENU[role]}
    for path in paths:
        links |= set(_LINK.findall(client.get(path, headers=headers).text))
    broken = {}
    for link in sorted(links - {"/ui/language", "/ui/logout"}):
        status = client.get(link, headers=headers).status_code
        if status not in (200, 303, 405):
            broken[link] = status
    assert broken == {}


def test_an_error_says_once_what_is_wrong_and_what_to_do(client: Client, people: People) -> None:
    """A page of another role and one that is not there: no code names, a way on."""
    headers = people.firm.by_session | {"Accept-Language": "en"}
    refused = client.get("/ui/accounts", headers=headers)
    assert refused.status_code == 403
    assert refused.text.count("this is not for your role") == 1
    assert "Log in with an account that may" in refused.text
    gone = client.get("/ui/nowhere", headers=headers)
    assert gone.status_code == 404
    assert "Look for it from the home page" in gone.text


def test_a_menu_shows_its_first_entries_and_folds_the_rest(client: Client, people: People) -> None:
    """Whoever is in a folded part sees the fold marked; a lead stands under its home."""
    shown = client.get("/ui/institutions", headers=people.admin.by_session).text
    assert shown.count("data-more") == 1
    assert 'class="current"' in shown
    leads = client.get("/ui/leads", headers=people.bank.by_session).text
    assert "data-more" not in leads
    assert '<a href="/ui" aria-current="page">' in leads
