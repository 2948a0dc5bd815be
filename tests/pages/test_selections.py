"""What a list shows is what its file has; and the leads of a bank, narrowed down."""

from __future__ import annotations

import io
import re
from typing import Any

import openpyxl
import pytest
from sqlmodel import select

from matcher.files.market_cells import read_back
from matcher.files.quantities import Money
from matcher.store import Database
from matcher.store.tables import LeadRow, NeedRow
from tests.api.client import Client
from tests.pages.forms import HOSTILE
from tests.service import People, Person

_KEYS = re.compile(r'<td class="soft">([^<]+)</td>')
_NEXT = re.compile(r'rel="next" href="([^"]+)"')


def listed(client: Client, person: Person, path: str) -> list[str]:
    """Return the ids of all pages of a list."""
    found: list[str] = []
    place: str | None = path
    while place is not None:
        text = client.get(place, headers=person.by_session).text
        found += _KEYS.findall(text)
        more = _NEXT.findall(text)
        place = path.split("?")[0] + more[0].replace("&amp;", "&") if more else None
    return found


def sheet(content: bytes, name: str) -> list[tuple[Any, ...]]:
    """Return the rows of a sheet without its header."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    return list(book[name].iter_rows(min_row=2, values_only=True))


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?instrument=loan&sort=amount&descending=1",
        "?amount_from=100万&amount_to=500万&sort=deadline",
        "?size=small&region=3301",
        "?search=none-such",
    ],
)
def test_the_file_has_the_needs_of_the_list_in_its_order(
    client: Client, people: People, query: str
) -> None:
    """All pages of it and nothing else, each need's firm on the other sheet, once."""
    answer = client.get(f"/ui/needs/export.xlsx{query}", headers=people.staff.by_session)
    assert answer.status_code == 200
    rows = sheet(answer.content, "需求")
    assert [row[0] for row in rows] == listed(client, people.staff, f"/ui/needs{query}")
    firms = [row[0] for row in sheet(answer.content, "企业")]
    assert sorted(firms) == sorted({row[1] for row in rows})


def test_amounts_in_the_file_are_those_of_the_market(
    client: Client, database: Database, people: People
) -> None:
    """Yuan in the cell, fen in the row."""
    answer = client.get("/ui/needs/export.xlsx?instrument=loan", headers=people.admin.by_session)
    with database.reading() as session:
        known = dict(session.execute(select(NeedRow.key, NeedRow.amount_fen)).all())
    for row in sheet(answer.content, "需求"):
        assert read_back(Money(), row[2], None) == known[row[0]]


def test_a_search_that_cannot_be_read_goes_back_to_the_list(client: Client, people: People) -> None:
    """No file of something else: the list says what is wrong."""
    path = "/ui/needs/export.xlsx?amount_from=much"
    answer = client.get(path, headers=people.staff.by_session)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/ui/needs?amount_from=much")


@pytest.mark.parametrize("query", ["", "?instrument=loan", "?search=none-such"])
def test_products_are_exported_as_listed_and_a_bank_takes_its_own(
    client: Client, people: People, query: str
) -> None:
    """For the office and for a bank; of institutions those whose products are in the file."""
    for person in (people.organiser, people.bank):
        answer = client.get(f"/ui/products/export.xlsx{query}", headers=person.by_session)
        rows = sheet(answer.content, "产品")
        assert [row[0] for row in rows] == listed(client, person, f"/ui/products{query}")
        banks = [row[0] for row in sheet(answer.content, "机构")]
        assert sorted(banks) == sorted({row[1] for row in rows})
    assert client.get("/ui/products/export.xlsx", headers=people.firm.by_session).status_code == 403


def test_leads_are_narrowed_down_by_product_and_amount(
    client: Client, database: Database, people: People
) -> None:
    """Those of one product; those of a range of amounts; together what both say."""
    bank = people.bank.actor.institution_id
    with database.reading() as session:
        query = select(LeadRow).where(LeadRow.institution_id == bank, LeadRow.is_alive)
        leads = session.scalars(query).all()
    chosen = leads[0]
    middle = sorted(lead.amount_fen for lead in leads)[len(leads) // 2]
    headers = people.bank.by_session
    for asked, fits in (
        (f"product={chosen.product_id}", lambda one: one.product_id == chosen.product_id),
        (f"amount_from={middle // 100}", lambda one: one.amount_fen >= middle),
        (f"amount_to={middle // 100}", lambda one: one.amount_fen <= middle),
    ):
        text = client.get(f"/ui/leads?{asked}", headers=headers).text
        shown = set(re.findall(r'<h2><a href="/ui/leads/([^"]+)"', text))
        wanted = {str(one.id) for one in leads if fits(one)}
        assert shown == wanted if len(wanted) <= 20 else shown < wanted
    other = client.get(f"/ui/leads?product={people.bank.actor.account_id}", headers=headers).text
    assert len(re.findall("<article", other)) == min(20, len(leads))


def test_an_amount_that_is_none_is_told_as_text(client: Client, people: People) -> None:
    """What was typed comes back escaped, with what is wrong."""
    answer = client.get(
        "/ui/leads", params={"amount_from": HOSTILE}, headers=people.bank.by_session
    )
    assert 'class="faults"' in answer.text
    assert HOSTILE not in answer.text
