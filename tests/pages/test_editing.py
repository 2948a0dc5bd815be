"""A need and a product changed in a form: what was touched changes, and nothing else does."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from sqlmodel import col, select

from api.pages.views.editing import content_of_form, form_of
from api.pages.views.editing_groups import GROUPS
from matcher.domain.text import Lang
from matcher.files.tables import table_named
from matcher.files.writing import fields_of
from matcher.store import Database
from matcher.store.mapping import read_documents
from matcher.store.mapping.documents import content_of
from matcher.store.tables import NeedRow, ProductRow
from tests.api.client import Client
from tests.pages.forms import HOSTILE, post
from tests.service import People

_ROWS: dict[str, Any] = {"needs": NeedRow, "products": ProductRow}
_NOT_ON_IT = {
    "needs": {"need_id", "enterprise_id", "consent", "illustrative", "stated"},
    "products": {"product_id", "institution_id", "illustrative", "stated"},
}


def first(database: Database, table: str) -> Any:
    """Return the first record of a table."""
    row = _ROWS[table]
    with database.reading() as session:
        return session.scalars(select(row).order_by(col(row.position))).first()


def filled_in(client: Client, people: People, path: str) -> dict[str, str]:
    """Return the fields of a form as a browser would send them untouched."""
    text = client.get(path, headers=people.organiser.by_session).text
    form = text[text.index('name="tag"') - 40 :]
    found = dict(re.findall(r'<input[^>]* name="(\w+)"[^>]* value="([^"]*)"', form))
    found |= dict(re.findall(r'<textarea[^>]* name="(\w+)"[^>]*>([^<]*)<', form))
    for name, options in re.findall(r'<select[^>]* name="(\w+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.findall(r'value="([^"]*)" selected', options)
        found[name] = chosen[0] if chosen else ""
    return {name: html.unescape(value) for name, value in found.items()}


@pytest.mark.parametrize("table", ["needs", "products"])
def test_the_form_has_every_column_but_ids_and_what_is_not_the_offices(table: str) -> None:
    """A column that the workbook gets is on the form too, once."""
    columns = table_named(table)
    assert columns is not None
    shown = [name for _, names in GROUPS[table] for name in names]
    assert len(shown) == len(set(shown))
    assert set(shown) == {c.field for c in columns.columns} - _NOT_ON_IT[table]


@pytest.mark.parametrize("table", ["needs", "products"])
def test_what_nobody_touches_stays_letter_by_letter(
    client: Client, database: Database, people: People, table: str
) -> None:
    """Sent back as it was shown, each record of the market is what it was."""
    row = _ROWS[table]
    with database.reading() as session:
        documents = session.scalars(select(row.document)).all()
    for document in documents:
        content = content_of(document)
        for lang in Lang:
            groups, faults = form_of(table, content, lang)
            values = {one.name: one.value for group in groups for one in group.fields}
            assert faults == ()
            assert content_of_form(table, content, lang, values.__getitem__) == content
    one = first(database, table)
    path = f"/ui/{table}/{one.id}/edit"
    answer = post(client, people.organiser, path, **filled_in(client, people, path))
    assert answer.status_code == 303, answer.text
    assert first(database, table).document == one.document


def test_every_cell_of_the_form_reads_back_as_what_it_shows(database: Database) -> None:
    """Each field typed anew as it is shown gives the record's own value again."""
    for table, row in _ROWS.items():
        with database.reading() as session:
            documents = session.scalars(select(row.document)).all()
        columns = table_named(table)
        assert columns is not None
        for document in documents:
            (record,) = read_documents(table, [document])
            forms = (form_of(table, content_of(document), lang)[0] for lang in Lang)
            for one in (one for groups in forms for g in groups for one in g.fields if one.value):
                read = columns.column(one.name).kind.read(one.value, None)
                values = fields_of(columns, record)
                assert read == values[one.name], (one.name, one.value)


def test_a_need_is_changed_and_only_where_it_was_touched(
    client: Client, database: Database, people: People
) -> None:
    """An amount as people write it; the page of the need says so."""
    need = first(database, "needs")
    path = f"/ui/needs/{need.id}/edit"
    fields = filled_in(client, people, path) | {"amount_fen": "123.5万", "amount_min_fen": ""}
    answer = post(client, people.organiser, path, **fields)
    assert answer.status_code == 303, answer.text
    changed = first(database, "needs")
    assert changed.amount_fen == 123_500_000
    before = content_of(need.document) | {"amount_fen": 123_500_000}
    before.pop("amount_min_fen", None)
    assert content_of(changed.document) == before


def test_what_is_wrong_stands_at_its_field_and_nothing_changes(
    client: Client, database: Database, people: People
) -> None:
    """Two faults at once, each below its field, with what was typed, as text."""
    product = first(database, "products")
    path = f"/ui/products/{product.id}/edit"
    fields = filled_in(client, people, path) | {"amount_max_fen": HOSTILE, "criteria": "region ~"}
    answer = post(client, people.organiser, path, **fields)
    assert answer.status_code == 422
    for name in ("amount_max_fen", "criteria"):
        part = answer.text[answer.text.index(f'id="h-{name}"') :][:400]
        assert "wrong-words" in part, name
    assert answer.text.count('aria-invalid="true"') == 2
    assert HOSTILE not in answer.text
    assert html.escape(HOSTILE, quote=False).split("'")[0] in answer.text
    assert first(database, "products").document == product.document


def test_whoever_is_slower_is_told_what_stands_now(
    client: Client, database: Database, people: People
) -> None:
    """The second of two forms is refused, says what the first put in, and may then go through."""
    need = first(database, "needs")
    path = f"/ui/needs/{need.id}/edit"
    fields = filled_in(client, people, path)
    assert post(client, people.admin, path, **fields | {"contacts": "6"}).status_code == 303
    answer = post(client, people.organiser, path, **fields | {"contacts": "2"})
    assert answer.status_code == 422
    assert "现为： 6" in answer.text
    assert content_of(first(database, "needs").document)["contacts"] == 6
    (tag,) = re.findall(r'name="tag" value="([^"]+)"', answer.text)
    again = fields | {"contacts": "2", "tag": tag}
    assert post(client, people.organiser, path, **again).status_code == 303
    assert content_of(first(database, "needs").document)["contacts"] == 2
    untagged = fields | {"contacts": "3", "tag": ""}
    assert post(client, people.organiser, path, **untagged).status_code == 422


def test_staff_and_auditors_are_shown_no_way_to_change(
    client: Client, database: Database, people: People
) -> None:
    """No button on the page of a need or a product."""
    for table in _ROWS:
        path = f"/ui/{table}/{first(database, table).id}"
        for person in (people.staff, people.auditor):
            assert "/edit" not in client.get(path, headers=person.by_session).text
        assert "/edit" in client.get(path, headers=people.organiser.by_session).text
