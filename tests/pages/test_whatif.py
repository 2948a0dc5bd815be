"""The what-if bench as pages: changes by form, faults, runs, sharing; nothing live is touched."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import pytest
from openpyxl import load_workbook

from matcher.services.bench.kinds import FORMS
from matcher.store import Database
from matcher.whatif.changes import CHANGES, RestoreAims, RestoreRecords
from tests.api.client import Client
from tests.pages.forms import HOSTILE, post
from tests.service import NOW, People, Person
from tests.service_kills.work import live_hash
from tests.working import make_worker

HALVED = {
    "kind": "scale",
    "table": "institutions",
    "way": "all",
    "fields": "leads",
    "factor": "0.5",
}


def begun(client: Client, who: Person, name: str = "名额减半") -> str:
    """Begin a what-if and return its path."""
    answer = post(client, who, "/ui/whatif", name=name)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def changed(client: Client, who: Person, path: str, **fields: str) -> Any:
    """Send the form of a change."""
    return post(client, who, f"{path}/changes", **fields)


def worked(database: Database) -> None:
    """Let a worker compute what is asked."""
    make_worker(database, clock=lambda: NOW).work(once=True)


def text(client: Client, who: Person, path: str) -> str:
    """Return a page."""
    answer = client.get(path, headers=who.by_session)
    assert answer.status_code == 200, answer.text
    return str(answer.text)


@pytest.fixture(scope="module")
def answered(client: Client, database: Database, people: People) -> tuple[str, str]:
    """Return a what-if of staff with every question, answered, and the live hash before it."""
    who, before = people.staff, live_hash(database, besides=("what_if",))
    path = begun(client, who)
    assert changed(client, who, path, **HALVED).status_code == 303
    asked = (
        {"ask": "curve", "sweep_lever": "5", "sweep_id": "cost", "sweep_low": "0"}
        | {"sweep_high": "3", "sweep_points": "3"},
        {"ask": "least", "least_lever": "1", "least_id": "bank-a", "least_share": "10%"}
        | {"least_where": "size = 微型"},
        {"ask": "front", "front": "size"},
        {"ask": "advice", "advice": "2"},
    )
    for fields in asked:
        answer = post(client, who, f"{path}/questions", **fields)
        assert answer.status_code == 303, re.findall(r"<li>(.*?)</li>", answer.text)
    assert post(client, who, f"{path}/run").status_code == 303
    assert "data-refresh" in text(client, who, f"{path}/part")
    worked(database)
    return path, before


def test_the_forms_are_those_of_the_registry() -> None:
    """Every kind of change can be made by form, but for those that only undo."""
    undoing = {RestoreRecords.kind, RestoreAims.kind}
    assert set(FORMS) == {kind for kind in CHANGES} - undoing


def test_what_was_asked_is_answered_with_charts_tables_and_reasons(
    client: Client, people: People, answered: tuple[str, str]
) -> None:
    """Every answer has its chart, table and download; who lost has a reason beside it."""
    path, _ = answered
    page = text(client, people.staff, path)
    figures = re.findall(r'<script type="application/json" id="p-([^"]+)">(.*?)</script>', page)
    assert all(json.loads(figure)["data"] for _, figure in figures)
    assert {"institution", "size", "sector", "region", "pools", "curve-0", "front-0"} <= {
        key for key, _ in figures
    }
    assert page.count("以表格查看") == len(figures) == page.count("<figure")
    for said in ("可证上界", "至少增加", "谁得谁失", "失去", "每个）"):
        assert said in page, said
    losses = re.findall(r"<tr>\s*<td>.*?</tr>", page, re.DOTALL)
    assert any("<li>" in row for row in losses)
    for link in sorted(set(re.findall(r'href="(/ui/whatif/[^"]+xlsx\?table=[^"]+)"', page))):
        book = load_workbook(io.BytesIO(client.get(link, headers=people.staff.by_session).content))
        assert len(book.worksheets) == 2, link
    content = client.get(f"{path}/answers.xlsx", headers=people.staff.by_session).content
    sheets = [sheet.title for sheet in load_workbook(io.BytesIO(content)).worksheets]
    assert any("至少增加多少" in title for title in sheets), sheets
    part = text(client, people.staff, f"{path}/part")
    assert f'data-go="{path}?answered=1#answers"' in part


def test_nothing_live_is_touched_by_any_of_it(
    client: Client, database: Database, people: People, answered: tuple[str, str]
) -> None:
    """A hash over every table but that of runs and of what-ifs is what it was."""
    path, before = answered
    post(client, people.staff, f"{path}/copy")
    assert live_hash(database, besides=("what_if",)) == before


def test_a_faulty_change_is_told_and_what_was_typed_is_still_there(
    client: Client, people: People
) -> None:
    """A factor of letters, an unknown bank, hostile text: 422, nothing is added."""
    who = people.staff
    path = begun(client, who)
    answer = changed(client, who, path, **{**HALVED, "factor": "viel"})
    assert answer.status_code == 422
    assert 'value="viel"' in answer.text
    assert 'value="all" checked' in answer.text
    assert '<option value="leads" selected>' in answer.text
    answer = changed(client, who, path, **{**HALVED, "way": "id", "id": HOSTILE, "label": HOSTILE})
    assert answer.status_code == 422
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert" in answer.text
    assert "还没有。请在下方选择要改什么。" in text(client, who, path)


def test_every_form_answers_whatever_is_left_empty(client: Client, people: People) -> None:
    """An empty form of each kind is a fault and no failure."""
    path = begun(client, people.staff)
    for kind in FORMS:
        page = text(client, people.staff, f"{path}?kind={kind}")
        assert f'name="kind" value="{kind}"' in page
        answer = changed(client, people.staff, path, kind=kind)
        assert answer.status_code == 422, kind
    assert changed(client, people.staff, path, kind="nonsense").status_code == 303
    for ask in ("curve", "least", "front", "advice"):
        assert 'name="ask"' in text(client, people.staff, f"{path}?ask={ask}")


def test_changes_of_every_sort_are_taken_and_told_in_words(client: Client, people: People) -> None:
    """Set, remove, add, weights, floor, fair, pin, demand, day; each is a sentence; one goes."""
    who = people.staff
    path = begun(client, who, "各种改动")
    changes = (
        {"kind": "set", "table": "institutions", "id": "bank-a", "values": "leads", "value": "9"},
        {"kind": "remove", "table": "institutions", "id": "bank-b"},
        {"kind": "weights", "weight-cost": "4", "weight-public": "0.4"},
        {"kind": "floors", "group": "size:micro", "share": "95%"},
        {"kind": "fair", "by": "sector"},
        {"kind": "demand", "way": "all", "factor": "1.2"},
        {"kind": "day", "to": "2022-06-01"},
    )
    for fields in changes:
        answer = changed(client, who, path, **fields)
        assert answer.status_code == 303, (fields, re.findall(r"<li>(.*?)</li>", answer.text))
    page = text(client, who, path)
    assert page.count("/changes/remove") == len(changes)
    for said in ("综合成本 = 4", "公共侧 = 0.4"):
        assert said in page, said
    version = re.findall(r'name="version" value="(\d+)"', page)[0]
    gone = post(client, who, f"{path}/changes/remove", number="2", version=version)
    assert gone.status_code == 303
    assert "综合成本 = 4" not in text(client, who, path)
    late = post(client, who, f"{path}/changes/remove", number="0", version=version)
    assert late.status_code == 422


def test_a_what_if_is_its_owners_until_it_is_shared(
    client: Client, database: Database, people: People
) -> None:
    """Not there for a colleague; shared it is read and copied, and still changed by nobody else."""
    owner, colleague = people.staff, people.organiser
    path = begun(client, owner, "只给自己看")
    changed(client, owner, path, **HALVED)
    absent = "/ui/whatif/3f0e7a52-5d5c-4a39-9d5b-1a4c2d6f8b10"
    for suffix in ("", "/part", "/answers.xlsx"):
        foreign = client.get(path + suffix, headers=colleague.by_session)
        assert foreign.status_code == 404
        assert client.get(absent + suffix, headers=colleague.by_session).status_code == 404
    posts = ("changes", "changes/remove", "questions", "questions/remove", "run", "cancel")
    for action in (*posts, "name", "share", "discard", "copy"):
        fields = HALVED if action == "changes" else {"name": "x"}
        assert post(client, colleague, f"{path}/{action}", **fields).status_code == 404, action
    assert post(client, owner, f"{path}/share", is_shared="1").status_code == 303
    page = text(client, colleague, path)
    assert "复制后即可修改" in page
    assert "丢弃情景" not in page
    assert "丢弃情景" in text(client, owner, path)
    assert "只给自己看" in text(client, colleague, "/ui/whatif?of=shared")
    assert "只给自己看" not in text(client, colleague, "/ui/whatif?of=own")
    for action in (*posts, "name", "share", "discard"):
        fields = HALVED if action == "changes" else {"name": "x"}
        assert post(client, colleague, f"{path}/{action}", **fields).status_code == 403, action
    copy = post(client, colleague, f"{path}/copy").headers["location"].partition("?")[0]
    assert "只给自己看" in text(client, colleague, copy)
    assert post(client, colleague, f"{copy}/discard").status_code == 303
    assert client.get(copy, headers=colleague.by_session).status_code == 404
    assert post(client, owner, f"{path}/share", is_shared="0").status_code == 303
    assert client.get(path, headers=colleague.by_session).status_code == 404


def test_a_run_that_is_cancelled_can_be_asked_again(
    client: Client, database: Database, people: People
) -> None:
    """Cancel leaves the changes; asking anew gives an answer; a change makes it an old one."""
    who = people.staff
    path = begun(client, who, "先停再算")
    assert post(client, who, f"{path}/run").status_code == 422
    changed(client, who, path, **HALVED)
    post(client, who, f"{path}/run")
    assert post(client, who, f"{path}/cancel").headers["location"] == path
    assert "已取消" in text(client, who, path)
    post(client, who, f"{path}/run")
    worked(database)
    assert "总览" in text(client, who, path) or "前后对比" in text(client, who, path)
    post(client, who, f"{path}/name", name="改了名")
    assert "有新改动" not in text(client, who, path)
    changed(client, who, path, kind="remove", table="institutions", id="bank-b")
    page = text(client, who, path)
    assert "有新改动" in page
    assert "改了名" in page


def test_a_plan_is_a_baseline_and_nothing_else_is(
    client: Client, database: Database, people: People
) -> None:
    """The list offers the published plan; any other id is told to be none."""
    who = people.staff
    page = text(client, who, "/ui/whatif")
    (plan,) = re.findall(r'<option value="([0-9a-f-]{36})"', page)[:1]
    answer = post(client, who, "/ui/whatif", name="对照方案", baseline=plan)
    path = answer.headers["location"]
    changed(client, who, path, **HALVED)
    post(client, who, f"{path}/run")
    worked(database)
    assert "前后对比" in text(client, who, path)
    for wrong in ("x", "3f0e7a52-5d5c-4a39-9d5b-1a4c2d6f8b10"):
        answer = post(client, who, "/ui/whatif", name="某名称", baseline=wrong)
        assert answer.status_code == 422
        assert 'value="某名称"' in answer.text


def test_what_only_the_run_can_tell_is_told_by_it_under_the_words_of_the_form(
    client: Client, database: Database, people: People
) -> None:
    """A rule that no need fits fails the run: the change is named, and can be mended."""
    who = people.staff
    path = begun(client, who, "没有这样的需求")
    missing = {"kind": "demand", "way": "where", "where": "region in 9999", "factor": "2"}
    assert changed(client, who, path, **missing).status_code == 303
    post(client, who, f"{path}/run")
    worked(database)
    page = text(client, who, path)
    assert "失败" in page
    assert "需求金额变化 · #1 · 按条件：没有选中任何记录" in page
    assert "开始计算" in page


def test_how_records_are_chosen_is_one_fault(client: Client, people: People) -> None:
    """No way of choosing, whatever the reader notes beside: one line, in words of the form."""
    path = begun(client, people.staff)
    answer = changed(client, people.staff, path, kind="remove", table="products")
    faults = re.findall(r'<div class="faults".*?</div>', answer.text, re.DOTALL)
    assert faults[0].count("<li>") == 1
    assert "请用一种方式选择记录" in faults[0]


def test_forms_are_for_analysts_alone(client: Client, people: People) -> None:
    """Auditors, banks and firms are answered 403, also with the token of their session."""
    path = begun(client, people.staff)
    post(client, people.staff, f"{path}/share", is_shared="1")
    weights = path.replace("whatif", "weights")
    actions = [f"{path}/{action}" for action in ("changes", "questions", "run", "share", "discard")]
    for who in (people.auditor, people.bank, people.firm):
        for target in ("/ui/whatif", "/ui/weights", weights, *actions):
            answer = post(client, who, target, name="x", kind="day", cost="9")
            assert answer.status_code == 403, (who.login, target)
