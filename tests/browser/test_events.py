"""An organiser's day: an event entered, its hall timetabled, meetings moved, guests checked in."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect
from sqlmodel import col, select

from matcher.domain.run import TIMETABLE
from matcher.store import Database
from matcher.store.tables import RunRow
from tests.browser.browsing import visit
from tests.browser.event_steps import (
    ask_for_replan,
    ask_for_timetable,
    check_in_all_but_one,
    describe_hall,
    downloaded,
    enter_event,
    publish_timetable,
    see_grid,
)
from tests.service import People
from tests.working import make_worker


def test_an_event_from_its_entry_to_a_replan_on_the_day(
    browser: Browser, address: str, database: Database, people: People
) -> None:
    """By forms, keys and the mouse; a move that breaks a rule is refused with the reason."""
    visitor = visit(browser, address)
    visitor.log_in("organiser")
    page = visitor.page
    visitor.go("/ui/events")
    enter_event(page)
    refuse_hall(page)
    describe_hall(page)
    ask_for_timetable(page)
    expect(page.locator("#timetable")).to_contain_text("编排中")
    make_worker(database).work(once=True)
    see_grid(page)
    move_by_keys(page)
    move_by_mouse(page)
    refuse(page)
    publish_timetable(page)
    check_in_all_but_one(page)
    ask_for_replan(page)
    expect(page.locator("#timetable")).to_contain_text("编排中")
    make_worker(database).work(once=True)
    see_grid(page)
    see_what_is_new(page, database)
    visitor.require_right()
    assert downloaded(visitor, "timetable.xlsx")[:2] == b"PK"
    assert downloaded(visitor, "agenda.pdf")[:2] == b"%P"
    assert downloaded(visitor, "calendars.zip")[:2] == b"PK"
    page.context.close()


def refuse_hall(page: Page) -> None:
    """An event file that cannot be used comes back with its faults and its text."""
    page.locator("#f-toml").fill("[[slots]]\nstart = 'noon'")
    page.get_by_role("button", name="保存会场").click()
    expect(page.locator(".faults")).to_contain_text("start")
    if not page.locator("#f-toml").is_visible():
        page.get_by_text("会场与时段").click()
    expect(page.locator("#f-toml")).to_have_value("[[slots]]\nstart = 'noon'")


def place_of(page: Page, meeting: str) -> tuple[str | None, str | None]:
    """Return slot and table of a meeting."""
    cell = page.locator(f'td[data-slot]:has([data-meeting="{meeting}"])')
    return cell.get_attribute("data-slot"), cell.get_attribute("data-table")


def move_by_keys(page: Page) -> None:
    """Choose a meeting with Enter, go a table to the right, and put it there."""
    card = page.locator("td[data-slot] button.meeting").first
    meeting = card.get_attribute("data-meeting") or ""
    slot, table = place_of(page, meeting)
    card.focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-status]")).to_contain_text("已选中")
    page.keyboard.press("Escape")
    expect(page.locator("[data-status]")).to_contain_text("已放回")
    page.keyboard.press("Enter")
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator("[data-status]")).to_contain_text("已调整")
    assert place_of(page, meeting) == (slot, "A6")
    assert table != "A6"
    focused = page.evaluate("document.activeElement.dataset.meeting")
    assert focused == meeting


def move_by_mouse(page: Page) -> None:
    """Drag it back to where it was."""
    card = page.locator('td[data-table="A6"] button.meeting').first
    meeting = card.get_attribute("data-meeting") or ""
    slot, _ = place_of(page, meeting)
    card.drag_to(page.locator(f'td[data-slot="{slot}"][data-table="A5"]'))
    expect(page.locator("[data-status]")).to_contain_text("已调整")
    assert place_of(page, meeting) == (slot, "A5")


def refuse(page: Page) -> None:
    """A firm is at one table at a time: its second meeting cannot join the first's slot."""
    cards = page.locator("td[data-slot] button.meeting")
    ids = [cards.nth(n).get_attribute("data-meeting") or "" for n in range(cards.count())]
    firms = [one.split("~")[0] for one in ids]
    first = next(n for n, firm in enumerate(firms) if firms.count(firm) > 1)
    second = firms.index(firms[first], first + 1)
    slot, _ = place_of(page, ids[first])
    before = place_of(page, ids[second])
    free = page.locator(f'td[data-slot="{slot}"]:not(:has(.meeting))').last
    page.locator(f'[data-meeting="{ids[second]}"]').click()
    free.click()
    expect(page.locator("#timetable .faults")).to_contain_text("同时最多 1 场")
    assert place_of(page, ids[second]) == before


def see_what_is_new(page: Page, database: Database) -> None:
    """The rest of the day was planned anew; the draft says whom it concerns."""
    with database.reading() as session:
        query = select(RunRow.state).where(RunRow.kind == TIMETABLE)
        assert session.scalars(query.order_by(col(RunRow.number).desc())).first() == "done"
    expect(page.locator("#timetable")).to_contain_text("草案")
    expect(page.locator("#timetable")).to_contain_text("各方变动")
