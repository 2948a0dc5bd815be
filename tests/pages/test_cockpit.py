"""The cockpit as a page: what it is asked for, and its downloads."""

from __future__ import annotations

import io
import json
import re

import pytest
from openpyxl import load_workbook

from matcher.store import Database
from tests.api.client import Client
from tests.progress import leads_on_their_way
from tests.service import People


@pytest.fixture(scope="module", autouse=True)
def moved(database: Database, people: People) -> None:
    """Let leads go their way."""
    leads_on_their_way(database, people)


def test_every_chart_is_a_table_and_a_download(client: Client, people: People) -> None:
    """The JSON of each figure stands in the page, its table beside it, a workbook behind it."""
    headers = people.staff.by_session
    page = client.get("/ui/cockpit", headers=headers).text
    figures = re.findall(r'<script type="application/json" id="p-[^"]+">(.*?)</script>', page)
    assert len(figures) == page.count("<figure") >= 7
    assert all(json.loads(figure)["data"] for figure in figures)
    assert page.count("以表格查看") == len(figures)
    links = set(re.findall(r'href="(/ui/cockpit/figures.xlsx\?table=[^"]+)"', page))
    assert len(links) >= 6
    for link in sorted(links):
        book = load_workbook(io.BytesIO(client.get(link, headers=headers).content))
        assert len(book.worksheets) == 2, link
    whole = client.get("/ui/cockpit/figures.xlsx", headers=headers).content
    assert len(load_workbook(io.BytesIO(whole)).worksheets) >= 7


def test_what_cannot_be_read_is_told_and_everything_is_shown(
    client: Client, people: People
) -> None:
    """A day that is none, an end before the beginning, a region of letters; hostile words too."""
    headers = people.auditor.by_session
    query = "since=2026-02-30&region=%3Cb%3E&size=huge&institution=%3Ci%3Ex"
    answer = client.get(f"/ui/cockpit?{query}", headers=headers)
    assert answer.status_code == 422
    assert "<li>提出日期起" in answer.text
    assert "<li>地区" in answer.text
    assert "<b>" not in answer.text
    answer = client.get("/ui/cockpit?since=2026-02-02&until=2026-02-01", headers=headers)
    assert answer.status_code == 422
    assert "<li>提出日期起" in answer.text


def test_nothing_that_fits_says_what_to_do(client: Client, people: People) -> None:
    """An institution that is not there leaves no need; the page says so and leads back."""
    answer = client.get("/ui/cockpit?institution=nobody", headers=people.staff.by_session)
    assert answer.status_code == 200
    assert "没有符合条件的需求" in answer.text
