"""The pages of accounts and institutions: who is made, what is shown once, who is let in after."""

from __future__ import annotations

import re
from typing import Any

from sqlmodel import col, select

from matcher.store import Database
from matcher.store.tables import AccountRow, InstitutionRow, SessionRow
from tests.api.client import HOST, Client
from tests.pages.forms import HOSTILE, post
from tests.service import People

_SECRET = re.compile(r'<code class="secret">([^<]+)</code>')


def account(database: Database, login: str) -> AccountRow:
    """Return an account by its login."""
    with database.reading() as session:
        return session.scalars(select(AccountRow).where(col(AccountRow.login) == login)).one()


def make(client: Client, people: People, **fields: Any) -> Any:
    """Send the form that makes an account."""
    asked = {"login": "clerk", "name": "滨江支行", "role": "staff"} | fields
    return post(client, people.admin, "/ui/accounts", **asked)


def login(client: Client, name: str, password: str) -> int:
    """Return what trying to log in is answered."""
    body = {"login": name, "password": password}
    return client.request("POST", "/login", json=body, headers={"Origin": HOST}).status_code


def test_a_password_is_shown_once_and_lets_in(
    client: Client, database: Database, people: People
) -> None:
    """It stands on the page that answers, which nobody keeps, and on no other; it works."""
    made = make(client, people, login="once")
    assert made.status_code == 200
    (secret,) = _SECRET.findall(made.text)
    assert made.headers["Cache-Control"] == "no-store"
    path = f"/ui/accounts/{account(database, 'once').id}"
    for later in ("/ui/accounts", path):
        assert secret not in client.get(later, headers=people.admin.by_session).text
    assert login(client, "once", secret) == 200


def test_a_reset_ends_what_was_before(client: Client, database: Database, people: People) -> None:
    """The new password lets in, the old one does not, and no session is left."""
    (old,) = _SECRET.findall(make(client, people, login="reset").text)
    row = account(database, "reset")
    login(client, "reset", old)
    answer = post(client, people.admin, f"/ui/accounts/{row.id}/password")
    (new,) = _SECRET.findall(answer.text)
    with database.reading() as session:
        query = select(SessionRow).where(
            col(SessionRow.account_id) == row.id, col(SessionRow.revoked_at).is_(None)
        )
        assert session.scalars(query).all() == []
    assert login(client, "reset", old) == 401
    assert login(client, "reset", new) == 200


def test_an_officer_is_made_for_an_institution_and_stands_on_its_page(
    client: Client, database: Database, people: People
) -> None:
    """By the id of the market; an id that is not there is told and what was typed stays."""
    with database.reading() as session:
        bank = session.get_one(InstitutionRow, people.bank.actor.institution_id)
    refused = make(client, people, login="officer", role="bank", institution="nowhere")
    assert refused.status_code == 422
    assert 'value="officer"' in refused.text
    made = make(client, people, login="officer", role="bank", institution=bank.key)
    assert made.status_code == 200
    path = f"/ui/institutions/{bank.id}"
    assert "officer" in client.get(path, headers=people.auditor.by_session).text
    assert "officer" not in client.get(path, headers=people.organiser.by_session).text


def test_every_fault_is_told_and_hostile_words_are_text(client: Client, people: People) -> None:
    """A login that is none, no role: 422 with both on the page, nothing of it markup."""
    answer = make(client, people, login=HOSTILE, name=HOSTILE, role="king")
    assert answer.status_code == 422
    assert HOSTILE not in answer.text
    assert "&lt;script&gt;" in answer.text
    assert 'class="faults"' in answer.text


def test_closing_shuts_out_and_the_last_administrator_stays(
    client: Client, database: Database, people: People
) -> None:
    """A closed account is let in no more until it is opened again; the only admin cannot go."""
    (secret,) = _SECRET.findall(make(client, people, login="leaver").text)
    path = f"/ui/accounts/{account(database, 'leaver').id}"
    assert post(client, people.admin, path, state="closed").status_code == 303
    assert login(client, "leaver", secret) == 401
    assert post(client, people.admin, path, state="active").status_code == 303
    assert login(client, "leaver", secret) == 200
    own = f"/ui/accounts/{people.admin.actor.account_id}"
    assert post(client, people.admin, own, state="closed").status_code == 422
    assert client.get("/ui", headers=people.admin.by_session).status_code == 200


def test_an_auditor_reads_and_changes_nothing(
    client: Client, database: Database, people: People
) -> None:
    """No form stands on its pages but those of the frame, and each POST is refused."""
    path = f"/ui/accounts/{people.bank.actor.account_id}"
    for shown in ("/ui/accounts", path):
        text = client.get(shown, headers=people.auditor.by_session).text
        assert 'action="/ui/accounts' not in text.replace('method="get" action="/ui/accounts"', "")
    for target in ("/ui/accounts", path, f"{path}/password"):
        assert post(client, people.auditor, target, name="x").status_code == 403


def test_the_list_is_narrowed_down(client: Client, people: People) -> None:
    """By role, by state and by letters."""
    headers = people.admin.by_session
    for query, shown, hidden in (
        ("role=bank", ">bank<", ">organiser<"),
        ("state=closed", ">gone<", ">bank<"),
        ("search=other-f", ">other-firm<", ">bank<"),
    ):
        text = client.get(f"/ui/accounts?{query}", headers=headers).text
        assert shown in text, query
        assert hidden not in text, query
