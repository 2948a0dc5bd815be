"""The page of a call: read with every fault, taken down once, shown as text."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.api.client import Client
from tests.service import People

_TOKEN = re.compile(r'name="csrf" value="([^"]+)"')
_CALL = {
    "firm": "页面软件有限公司",
    "amount": "150万",
    "needed_by": "2026-03-12",
    "purpose": "wages",
    "instruments": ["loan", "guarantee"],
}


@pytest.fixture
def headers(people: People) -> dict[str, str]:
    """Return the headers of the organiser's browser."""
    return people.organiser.by_session


def _post(client: Client, headers: dict[str, str], **changed: object) -> Any:
    token = _TOKEN.findall(client.get("/ui/urgent", headers=headers).text)[-1]
    return client.request(
        "POST", "/ui/urgent", data={**_CALL, "csrf": token, **changed}, headers=headers
    )


def test_a_call_leads_to_its_case(client: Client, headers: dict[str, str]) -> None:
    """The clock, the convening list, the steps, and offers with their cost, on one page."""
    answer = _post(client, headers)
    assert answer.status_code == 303
    page = client.get(answer.headers["location"], headers=headers).text
    for heading in ("剩余时间", "召集名单", "步骤", "能按期到账的产品"):
        assert f"<h2>{heading}</h2>" in page
    assert "8 <small>个工作日" in page
    assert re.search(r"\d\.\d\d%", page)
    assert "尚未同意" in page
    again = _post(client, headers)
    assert again.headers["location"].split("?")[0] == answer.headers["location"].split("?")[0]


def test_a_call_without_answers_is_told_every_fault(
    client: Client, headers: dict[str, str]
) -> None:
    """Each of the five fields is named; what was typed is still there, hostile words as text."""
    answer = _post(
        client,
        headers,
        firm="<b>x</b>",
        amount="-5",
        needed_by="2026-03-01",
        purpose="party",
        instruments="nothing",
        staff="viele",
    )
    assert answer.status_code == 422
    for label in ("需要金额", "最晚到账日", "用途", "可接受的方式"):
        assert f"<li>{label}" in answer.text
    assert "<b>x</b>" not in answer.text
    assert 'value="&lt;b&gt;x&lt;/b&gt;"' in answer.text
    facts = _post(client, headers, staff="viele", term_months="x")
    assert facts.status_code == 422
    assert "<li>职工人数" in facts.text
    assert 'value="viele"' in facts.text


def test_a_hostile_name_is_text_on_the_case_and_in_the_workbook(
    client: Client, headers: dict[str, str]
) -> None:
    """The name of a firm is no markup and no formula."""
    answer = _post(client, headers, firm='=1+1<img src=x onerror="alert(1)">')
    path = answer.headers["location"].split("?")[0]
    assert "<img src=x" not in client.get(path, headers=headers).text
    book = load_workbook(io.BytesIO(client.get(f"{path}/case.xlsx", headers=headers).content))
    assert book.sheetnames[0] == "召集名单"
    parties = list(book.worksheets[0].iter_rows(min_row=2, values_only=True))
    assert {row[0] for row in parties} >= {"召集"}
