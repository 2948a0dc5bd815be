"""The organiser's whole story in one market, from an empty database to the report.

Nothing is put into the database but the first admin: every other step is made on the pages, by
whoever makes it in an office, and a worker does what is asked for.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, expect
from sqlmodel import func, select

import seeds
from api import Settings, create_app
from matcher.domain.actor import Role
from matcher.files.guard import stop_reading
from matcher.files.market_excel import market_workbook
from matcher.store import Database, open_database
from matcher.store.tables import NeedRow
from tests.browser.browsing import Visitor, served, visit
from tests.browser.event_steps import (
    ask_for_timetable,
    check_in_all_but_one,
    describe_hall,
    downloaded,
    enter_event,
    publish_timetable,
    see_grid,
)
from tests.browser.round_steps import (
    accept_first_lead,
    apply_file,
    confirm_plan,
    make_account,
    make_plan,
    open_round,
    propose_plan,
    send_file,
)
from tests.databases import current_url
from tests.meetings import BANKS
from tests.service import NOW, make_person
from tests.working import make_worker, working

_EVENT = "六月对接会"
_MOST_STEPS = 12


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    """Return a database with nothing in it but the first admin; a worker is at work."""
    with current_url("sqlite") as url:
        found = open_database(url)
        with found.writing() as session:
            make_person(session, "admin", Role.ADMIN, NOW)
        with working(make_worker(found)):
            yield found
        stop_reading()
        found.close()


@pytest.fixture(scope="module")
def address(database: Database) -> Iterator[str]:
    """Return where the app is served; its clock stands still."""
    url = database.engine.url.render_as_string(hide_password=False)
    settings = Settings(database_url=url, requests_per_minute=100_000)
    with served(create_app(settings, clock=lambda: NOW)) as found:
        yield found


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the seeds as an Excel workbook."""
    path = tmp_path_factory.mktemp("story") / "六月.xlsx"
    path.write_bytes(market_workbook(seeds.load(), seeds.SEED_DATE))
    return path


def test_from_an_empty_database_to_the_report(
    browser: Browser, address: str, database: Database, workbook: Path
) -> None:
    """Import, plan, publish by two; a lead accepted; timetable, check-in; money; the report."""
    admin, organiser, bank = (visit(browser, address) for _ in range(3))
    admin.log_in("admin")
    organiser.log_in("organiser", make_account(admin, "organiser", "organiser"))

    send_file(organiser, workbook)
    apply_file(organiser)
    with database.reading() as session:
        num_needs = session.scalars(select(func.count()).select_from(NeedRow)).one()
    assert num_needs == len(seeds.load().needs)

    open_round(organiser, "六月", seeds.SEED_DATE.isoformat())
    make_plan(organiser)
    propose_plan(organiser)
    admin.go("/ui")
    confirm_plan(admin, "六月")

    bank.log_in("officer", make_account(admin, "officer", "bank", BANKS[0]))
    accept_first_lead(bank)

    _hold_event(organiser)
    _pay_out(bank)
    _read_report(organiser, num_needs)
    for visitor in (admin, organiser, bank):
        visitor.require_right()
        visitor.page.context.close()


def _hold_event(organiser: Visitor) -> None:
    """Enter an event, have its hall timetabled, give that out, check guests in, say what came."""
    page = organiser.page
    organiser.go("/ui/events")
    enter_event(page, _EVENT)
    describe_hall(page)
    ask_for_timetable(page)
    see_grid(page)
    publish_timetable(page)
    assert downloaded(organiser, "agenda.pdf")[:2] == b"%P"
    check_in_all_but_one(page)
    page.get_by_text("会后成效").click()
    page.locator("#f-problems_solved").fill("3")
    page.locator("form[action$=outcome] button").click()
    expect(page.locator("h1")).to_have_text(_EVENT)


def _pay_out(bank: Visitor) -> None:
    """Report stage after stage of the lead that is open, until its money is paid out."""
    steps = bank.page.locator("main form.inline button.primary")
    for _ in range(_MOST_STEPS):
        step = steps.first.inner_text()
        steps.first.click()
        bank.page.wait_for_load_state()
        if step == "放款":
            break
    expect(bank.page.locator(".head .badge").first).to_have_text("已放款")


def _read_report(organiser: Visitor, num_needs: int) -> None:
    """The figures of the event, of the cockpit and of the report are those of what happened."""
    page = organiser.page
    organiser.go("/ui/events")
    page.get_by_role("link", name=_EVENT).click()
    expect(page.locator("h1")).to_have_text(_EVENT)
    figures = page.locator(".figures .figure").all_inner_texts()
    present, expected = figures[0].split("/")
    assert int(present) == int(expected) - 1 > 1

    organiser.go("/ui/cockpit")
    tiles = dict(
        zip(page.locator("dl.tiles dt").all_inner_texts(),
            page.locator("dl.tiles dd").all_inner_texts(), strict=True)
    )  # fmt: skip
    assert (tiles["需求数"], tiles["已到账"]) == (str(num_needs), "1")
    assert downloaded(organiser, "/ui/cockpit/figures.xlsx")[:2] == b"PK"
    assert downloaded(organiser, "/reports/statistics.pdf")[:2] == b"%P"
    said = _said(downloaded(organiser, "/reports/statistics.xlsx"))
    assert said["线索与审批", "受理数"] == said["线索与审批", "放款笔数"] == 1
    assert said["活动", "活动场次"] == 1
    assert said["活动", "解决难题数"] == 3
    assert 0 < said["活动", "参加企业家次"] < int(expected)


def _said(workbook: bytes) -> dict[tuple[object, object], float]:
    """Return the figures of a report, by its part and their names."""
    sheet = load_workbook(io.BytesIO(workbook), read_only=True).worksheets[0]
    rows = sheet.iter_rows(min_row=2, max_col=3, values_only=True)
    return {(part, name): value for part, name, value in rows if isinstance(value, int | float)}
