"""A bank's story: today's leads, one accepted and followed to the money, one declined."""

from __future__ import annotations

from playwright.sync_api import Browser

from tests.browser.browsing import visit


def test_a_bank_accepts_a_lead_and_reports_it_to_the_money(browser: Browser, address: str) -> None:
    """Best first, with reasons; every stage by its button; the statistics count it."""
    visitor = visit(browser, address)
    page = visitor.page
    visitor.log_in("bank")
    assert "今日线索" in visitor.text("h1")
    assert "很好" in visitor.text("article")
    page.locator("article h2 a").first.click()
    for step in ("受理", "联系企业", "开展尽调", "批准", "签约", "放款"):
        page.get_by_role("button", name=step, exact=True).click()
        page.wait_for_url("**notice=saved")
    assert "已放款" in visitor.text(".head")
    assert page.locator("ol li").count() == 7
    visitor.go("/ui/statistics")
    figures = visitor.text(".figures")
    assert "放款笔数\n1" in figures
    page.get_by_text("以表格查看").click()
    assert "放款笔数" in visitor.text(".chart table")
    visitor.require_right()
    page.context.close()


def test_a_bank_declines_with_a_reason_that_the_firm_reads(browser: Browser, address: str) -> None:
    """The reason and what would mend it stand in the history; the lead is over."""
    visitor = visit(browser, address)
    page = visitor.page
    visitor.log_in("bank")
    page.locator("article h2 a").nth(2).click()
    page.get_by_text("婉拒", exact=True).first.click()
    page.locator("#f-reason").select_option("collateral_short")
    page.locator("#f-how_to_mend").fill("补充 <b>应收账款</b> 质押")
    page.get_by_role("button", name="婉拒").click()
    page.wait_for_url("**notice=saved")
    assert "补充 <b>应收账款</b> 质押" in visitor.text("ol")
    assert "已婉拒" in visitor.text(".head")
    visitor.require_right()
    page.context.close()


def test_a_bank_makes_a_key_that_is_shown_once(browser: Browser, address: str) -> None:
    """The secret stands on the answer alone; a key that is revoked says so."""
    visitor = visit(browser, address)
    page = visitor.page
    visitor.log_in("bank")
    visitor.go("/ui/access")
    page.locator("#f-name").fill("核心系统")
    page.get_by_label("读取线索").check()
    page.get_by_role("button", name="新建密钥").click()
    assert visitor.text("code.secret").startswith("yq_")
    visitor.go("/ui/access")
    assert page.locator("code.secret").count() == 0
    page.on("dialog", lambda dialog: dialog.accept())
    row = page.locator("li", has_text="核心系统")
    row.get_by_role("button", name="吊销").click()
    page.wait_for_url("**notice=revoked")
    assert "已吊销" in page.locator("li", has_text="核心系统").inner_text()
    visitor.require_right()
    page.context.close()
