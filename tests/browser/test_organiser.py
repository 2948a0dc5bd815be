"""An organiser's story in a browser: a file comes in, a plan is made, two people let it out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

import seeds
from matcher.files import write_json
from matcher.files.guard import stop_reading
from matcher.store import Database
from tests.browser.browsing import Visitor, visit
from tests.service import People, make_accounts
from tests.working import make_worker, working

_PATIENCE_MS = 120_000
_HOSTILE = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def people(database: Database) -> People:
    """Return accounts of every role; nothing has been planned yet."""
    return make_accounts(database)


@pytest.fixture(scope="module", autouse=True)
def at_work(database: Database, people: People) -> Iterator[None]:
    """Let a worker do what is asked for."""
    with working(make_worker(database)):
        yield
    stop_reading()


def _market(path: Path, **changes: object) -> Path:
    """Write the seeds as a market file with something of the first need changed and one new."""
    records = seeds.load()
    first, *rest = records.needs
    fresh = replace(first, need_id="new-need")
    written = write_json(replace(records, needs=(first, *rest, fresh)))
    needs = written["needs"]
    needs[0] |= changes
    path.write_text(json.dumps({"as_of": "2022-05-25", **written}))
    return path


def _send(visitor: Visitor, path: Path) -> None:
    visitor.go("/ui/imports")
    visitor.page.locator("#f-file").set_input_files(path)
    visitor.page.get_by_role("button", name="预览改动").click()
    visitor.page.wait_for_url("**/ui/imports/*-*")


def _plan(visitor: Visitor) -> None:
    """Ask for a plan as the form stands, wait for it and take it as a draft."""
    visitor.page.get_by_role("button", name="生成方案").click()
    take = visitor.page.get_by_role("button", name="登记为草案并校验")
    take.click(timeout=_PATIENCE_MS)
    visitor.page.wait_for_url("**/plans/*")


def test_an_organiser_imports_plans_and_publishes_with_a_second_person(
    browser: Browser, address: str, tmp_path: Path
) -> None:
    """Import with faults, then without; plan, rule a pair out, compare; publish; a bank accepts."""
    organiser = visit(browser, address)
    organiser.log_in("organiser")
    assert "今日待办" in organiser.text("h1")

    _send(organiser, _market(tmp_path / "bad.json", amount_fen=-5, purpose=_HOSTILE))
    faults = organiser.page.get_by_role("region", name="错误")
    expect(faults).to_be_visible(timeout=_PATIENCE_MS)
    assert "-5" in faults.inner_text()
    assert organiser.page.get_by_role("button", name="应用这些改动").count() == 0

    _send(organiser, _market(tmp_path / "good.json", priority=1))
    apply = organiser.page.get_by_role("button", name="应用这些改动")
    expect(apply).to_be_visible(timeout=_PATIENCE_MS)
    changes = organiser.text()
    assert "new-need" in changes
    assert "binjiang-a1-wages" in changes
    apply.click()
    expect(organiser.page.get_by_text("数据已更新")).to_be_visible(timeout=_PATIENCE_MS)

    organiser.go("/ui/rounds")
    organiser.page.locator("#f-name").fill(f"六月 {_HOSTILE}")
    organiser.page.locator("#f-as_of").fill("2022-05-25")
    organiser.page.get_by_role("button", name="开启").click()
    _plan(organiser)
    assert _HOSTILE in organiser.text("h1")

    organiser.page.locator("summary", has_text="下一方案").first.click()
    organiser.page.get_by_role("link", name="排除").first.click()
    assert organiser.page.locator("#f-kind").input_value() == "ban"
    organiser.page.locator("#f-why").fill("企业不愿与其往来")
    _plan(organiser)
    assert "企业不愿与其往来" in organiser.text()
    second = organiser.page.url
    organiser.page.get_by_role("link", name=_HOSTILE).click()
    organiser.page.get_by_role("link", name="对比两个方案").click()
    expect(organiser.page.get_by_role("region", name="结果有变的需求")).to_be_visible()

    organiser.page.goto(second)
    organiser.page.get_by_role("button", name="提请发布").click()
    expect(organiser.page.get_by_text("须由提请人以外的人确认发布")).to_be_visible()
    assert organiser.page.get_by_role("button", name="确认发布").count() == 0
    organiser.require_right()

    admin = visit(browser, address)
    admin.log_in("admin")
    admin.page.on("dialog", lambda dialog: dialog.accept())
    admin.page.get_by_role("link", name=_HOSTILE).first.click()
    admin.page.get_by_role("button", name="确认发布").click()
    expect(admin.page.get_by_text("线索已下发")).to_be_visible(timeout=_PATIENCE_MS)
    admin.require_right()

    bank = visit(browser, address)
    bank.log_in("bank")
    bank.page.get_by_role("link", name="查看").first.click()
    bank.page.get_by_role("button", name="受理", exact=True).click()
    expect(bank.page.get_by_text("已受理").first).to_be_visible()
    bank.require_right()
