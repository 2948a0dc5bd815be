"""What an organiser does from the entry of an event to its day and after."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.browsing import Visitor
from tests.meetings import hall
from tests.service import NOW

PATIENCE_MS = 60_000


def enter_event(page: Page, name: str = "对接会（浏览器）") -> None:
    """Enter an event of today, of the first round there is, from the list of events."""
    page.get_by_role("link", name="登记活动").first.click()
    page.locator("#f-name").fill(name)
    page.locator("#f-day").fill(NOW.date().isoformat())
    page.locator("#f-place").fill("<b>一楼</b>")
    page.locator("#f-round_id").select_option(index=1)
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.locator("h1")).to_have_text(name)
    expect(page.locator("main")).to_contain_text("<b>一楼</b>")


def describe_hall(page: Page) -> None:
    """Paste an event file with a small hall for some firms and banks of the seeds."""
    if not page.locator("#f-toml").is_visible():
        page.get_by_text("会场与时段").click()
    page.locator("#f-toml").fill(hall())
    page.get_by_role("button", name="保存会场").click()
    expect(page.locator("main")).to_contain_text("会场已设置")


def ask_for_timetable(page: Page) -> None:
    """Have a timetable made."""
    page.get_by_role("button", name="编排时间表").click()


def see_grid(page: Page) -> None:
    """Wait until a timetable stands there as a grid."""
    expect(page.locator("#timetable .hall")).to_be_visible(timeout=PATIENCE_MS)


def publish_timetable(page: Page) -> None:
    """Give the timetable that is shown out."""
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="发布").click()
    expect(page.locator("#timetable")).to_contain_text("已发布")


def check_in_all_but_one(page: Page) -> None:
    """Check the guests in, one by one, all but the last; a slip is taken back."""
    check_in = page.locator("#guests").get_by_role("button", name="签到", exact=True)
    here = page.locator("#guests .badge.good")
    for _ in range(2):
        check_in.first.click()
    expect(here).to_have_count(2)
    page.locator("#guests").get_by_role("button", name="撤销").first.click()
    expect(here).to_have_count(1)
    while check_in.count() > 1:
        check_in.first.click()
        page.wait_for_load_state()


def ask_for_replan(page: Page) -> None:
    """Have the rest of the day planned without the one who is missing."""
    page.get_by_role("button", name=re.compile("按 1 家缺席重排")).click()


def downloaded(visitor: Visitor, name: str) -> bytes:
    """Return a file that the page offers by the end of its address."""
    href = visitor.page.locator(f'a[href*="{name}"]').first.get_attribute("href")
    answer = visitor.page.request.get(visitor.address + (href or ""))
    assert answer.ok
    return answer.body()
