from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser.browsing import WIDTHS, visit


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS.keys())
def test_somebody_logs_in_changes_the_language_and_logs_out(
    browser: Browser, address: str, width: int
) -> None:
    """By the forms, on every width; nothing is wrong on the console."""
    visitor = visit(browser, address, width)
    visitor.log_in("organiser")
    assert "今日待办" in visitor.text("h1")
    visitor.page.get_by_role("button", name="English").click()
    assert visitor.page.locator("html").get_attribute("lang") == "en"
    visitor.page.get_by_role("button", name="Log out").click()
    assert "logged out" in visitor.text()
    visitor.require_right()


def test_a_wrong_password_says_so_and_keeps_the_name(browser: Browser, address: str) -> None:
    """The form comes back with what was wrong, the login still in it."""
    visitor = visit(browser, address)
    visitor.go("/ui/login")
    visitor.page.locator("#f-login").fill("organiser")
    visitor.page.locator("#f-password").fill("nonsense nonsense")
    visitor.page.locator("main button").click()
    assert "不正确" in visitor.text(".faults")
    assert visitor.page.locator("#f-login").input_value() == "organiser"
    visitor.require_right()


def test_whoever_is_not_logged_in_comes_back_to_where_they_wanted(
    browser: Browser, address: str
) -> None:
    """A link to a page leads over the login to that page."""
    visitor = visit(browser, address)
    visitor.go("/ui?notice=saved")
    assert "/ui/login" in visitor.page.url
    visitor.page.locator("#f-login").fill("staff")
    visitor.page.locator("#f-password").fill("correct horse 正确")
    visitor.page.locator("main button").click()
    visitor.page.wait_for_url("**/ui?notice=saved")
    visitor.require_right()
