"""Whoever sends a form and waits longer than a moment is told that the answer is on its way."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.browser.browsing import visit

NOTE_WHAT_IS_SHOWN = """
    const sign = document.querySelector("[data-busy]");
    const note = () => { if (!sign.hidden) sessionStorage.shown = sign.innerText; };
    new MutationObserver(note).observe(sign, { attributes: true });
"""


@pytest.mark.parametrize(("lang", "words"), [("zh-CN", "请稍候"), ("en", "One moment")])
def test_a_slow_answer_is_announced_until_it_is_there(
    browser: Browser, address: str, lang: str, words: str
) -> None:
    """While the record is verified the sign stands there in words; it goes with the answer."""
    visitor = visit(browser, address, 390, lang)
    visitor.log_in("auditor")
    visitor.go("/ui/record")
    sign = visitor.page.locator("[data-busy]")
    expect(sign).to_be_hidden()

    held: list[Route] = []
    visitor.page.route(
        re.compile("/ui/record"),
        lambda route: held.append(route) if route.request.method == "POST" else route.continue_(),
    )
    # The browser answers no questions while a page is on its way, so the page notes what it shows.
    visitor.page.evaluate(NOTE_WHAT_IS_SHOWN)
    button = visitor.page.locator('form[action="/ui/record"][method="post"] button')
    button.click(no_wait_after=True)
    visitor.page.wait_for_timeout(1200)
    held[0].continue_()
    expect(visitor.page.locator(".notice").first).to_be_visible()
    assert words in visitor.page.evaluate("sessionStorage.shown")
    expect(sign).to_be_hidden()
    visitor.require_right()


def test_a_form_that_was_not_sent_is_not_waited_for(browser: Browser, address: str) -> None:
    """Whoever says no to the question whether to go on sees no sign."""
    visitor = visit(browser, address)
    visitor.log_in("organiser")
    visitor.go("/ui/rounds")
    visitor.page.evaluate("document.querySelector('main form').dataset.confirm = '?'")
    visitor.page.on("dialog", lambda dialog: dialog.dismiss())
    visitor.page.evaluate(
        "document.querySelector('main form').dispatchEvent("
        "new Event('submit', {bubbles: true, cancelable: true}))"
    )
    visitor.page.wait_for_timeout(900)
    expect(visitor.page.locator("[data-busy]")).to_be_hidden()
    visitor.require_right()
