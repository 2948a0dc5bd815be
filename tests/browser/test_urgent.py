from __future__ import annotations

from playwright.sync_api import Browser

from tests.browser.browsing import WIDTHS, visit


def test_a_firm_calls_and_the_convening_list_stands_on_the_next_page(
    browser: Browser, address: str
) -> None:
    """Urgent call → offers → convening list: by the form, then everything on one page."""
    visitor = visit(browser, address)
    visitor.log_in("organiser")
    page = visitor.page
    page.get_by_role("link", name="紧急求助").click()
    page.locator("#f-firm").fill("某某软件有限公司")
    page.locator("#f-amount").fill("150万")
    page.locator("#f-needed_by").fill("2026-03-12")
    page.get_by_text("其他已知情况").click()
    page.locator("#f-region").fill("330106")
    page.locator("#f-staff").fill("many")
    page.get_by_role("button", name="谁能按期帮上忙").click()
    assert "职工人数" in visitor.text(".faults")
    assert page.locator("#f-firm").input_value() == "某某软件有限公司"
    page.locator("#f-staff").fill("60")
    page.get_by_role("button", name="谁能按期帮上忙").click()
    page.wait_for_url("**/ui/urgent/*-*")
    assert "某某软件有限公司" in visitor.text("h1")
    assert "个工作日" in visitor.text(".tiles")
    banks = page.get_by_role("region", name="召集名单").locator("tbody strong").all_inner_texts()
    assert len(banks) >= 4
    offers = page.get_by_role("region", name="能按期到账的产品").locator("tbody tr")
    assert offers.count() >= 4
    assert "%" in offers.first.inner_text()
    assert page.locator("ol.timeline li").count() >= 5
    page.locator(".js-plotly-plot .bars path").first.wait_for()
    with page.expect_download() as download:
        page.get_by_role("link", name="下载 Excel").click()
    assert download.value.suggested_filename.endswith(".xlsx")
    visitor.require_right()


def test_on_a_phone_the_tables_are_cards(browser: Browser, address: str) -> None:
    """No table of the case is wider than a phone; each value has its label beside it."""
    visitor = visit(browser, address, WIDTHS["phone"])
    visitor.log_in("organiser")
    visitor.go("/ui/urgent")
    visitor.page.locator("#f-firm").fill("手机上的公司")
    visitor.page.locator("#f-amount").fill("80万")
    visitor.page.locator("#f-needed_by").fill("2026-03-20")
    visitor.page.get_by_role("button", name="谁能按期帮上忙").click()
    visitor.page.wait_for_url("**/ui/urgent/*-*")
    tables = "[...document.querySelectorAll('.scroll:has(table)')]"
    wide = f"{tables}.filter(s => s.scrollWidth > s.clientWidth + 1)"
    assert visitor.page.evaluate(f"{wide}.length") == 0
    visitor.require_right()
