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
from tests.browser.browsing import visit
from tests.browser.round_steps import (
    PATIENCE_MS,
    accept_first_lead,
    apply_file,
    confirm_plan,
    make_plan,
    open_round,
    propose_plan,
    send_file,
)
from tests.service import People, make_accounts
from tests.working import make_worker, working

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


def test_an_organiser_imports_plans_and_publishes_with_a_second_person(
    browser: Browser, address: str, tmp_path: Path
) -> None:
    """Import with faults, then without; plan, rule a pair out, compare; publish; a bank accepts."""
    organiser = visit(browser, address)
    organiser.log_in("organiser")
    assert "今日待办" in organiser.text("h1")

    send_file(organiser, _market(tmp_path / "bad.json", amount_fen=-5, purpose=_HOSTILE))
    faults = organiser.page.get_by_role("region", name="错误")
    expect(faults).to_be_visible(timeout=PATIENCE_MS)
    assert "-5" in faults.inner_text()
    assert organiser.page.get_by_role("button", name="应用这些改动").count() == 0

    send_file(organiser, _market(tmp_path / "good.json", priority=1))
    changes = apply_file(organiser)
    assert "new-need" in changes
    assert "binjiang-a1-wages" in changes

    open_round(organiser, f"六月 {_HOSTILE}", "2022-05-25")
    make_plan(organiser)
    assert _HOSTILE in organiser.text("h1")

    organiser.page.locator("summary", has_text="下一方案").first.click()
    organiser.page.get_by_role("link", name="排除").first.click()
    assert organiser.page.locator("#f-kind").input_value() == "ban"
    organiser.page.locator("#f-why").fill("企业不愿与其往来")
    make_plan(organiser)
    assert "企业不愿与其往来" in organiser.text()
    second = organiser.page.url
    organiser.page.get_by_role("link", name=_HOSTILE).click()
    organiser.page.get_by_role("link", name="对比两个方案").click()
    expect(organiser.page.get_by_role("region", name="结果有变的需求")).to_be_visible()

    organiser.page.goto(second)
    propose_plan(organiser)
    organiser.require_right()

    admin = visit(browser, address)
    admin.log_in("admin")
    confirm_plan(admin, _HOSTILE)
    admin.require_right()

    bank = visit(browser, address)
    bank.log_in("bank")
    accept_first_lead(bank)
    bank.require_right()
