"""A firm's story: from the questionnaire on a phone to an offer, and a consent taken back."""

from __future__ import annotations

from playwright.sync_api import Browser
from sqlmodel import col, select

from matcher.store import Database
from matcher.store.tables import DraftRow, LeadRow, NeedRow
from tests.browser.browsing import WIDTHS, Visitor, visit
from tests.handing_in import publish_live_plan
from tests.service import People


def _go_on(visitor: Visitor) -> None:
    visitor.page.get_by_role("button", name="保存并继续").click()
    visitor.page.wait_for_load_state("networkidle")


def test_a_firm_fills_in_the_questionnaire_and_gets_an_offer(
    browser: Browser, address: str, database: Database, people: People
) -> None:
    """On a phone: kept as it is typed, faults by name, handed in, planned, offered, withdrawn."""
    visitor = visit(browser, address, WIDTHS["phone"])
    page = visitor.page
    visitor.log_in("firm")
    visitor.go("/ui/questionnaire")
    page.get_by_role("link", name="开始填写").click()

    # What is wrong is said by the name of the field, and what was typed is still there.
    page.locator("#f-amount_fen").fill("很多")
    _go_on(visitor)
    assert "融资金额（万元）" in visitor.text(".faults")
    assert page.locator("#f-amount_fen").input_value() == "很多"

    # It is kept while it is filled in, before anybody presses a button.
    page.locator("#f-amount_fen").fill("65")
    page.locator("#f-needed_by").fill("2026-06-30")
    page.locator("#f-needed_by").blur()
    page.locator("[data-keep-says]", has_text="已保存 2026").wait_for()
    with database.reading() as session:
        drafts = session.scalars(select(DraftRow.document)).all()
    assert any('"融资金额(万元)": "65"' in document for document in drafts)
    page.get_by_label("贷款", exact=True).check()
    _go_on(visitor)

    page.locator("#f-term_months").fill("12")
    page.get_by_label("种类 1").select_option("receivables")
    page.get_by_label("价值（万元） 1").fill("120")
    _go_on(visitor)
    for _ in range(2):  # the firm and its figures: what is known is not asked again
        _go_on(visitor)
    page.get_by_label("所有参与机构").check()
    _go_on(visitor)

    assert "65万元" in visitor.text("main")
    assert "应收账款 120万元" in visitor.text("main")
    page.get_by_role("button", name="提交", exact=True).click()
    page.wait_for_url("**/sent/**")
    assert "已提交" in visitor.text("h1")

    publish_live_plan(database, people)
    visitor.go("/ui")
    page.get_by_role("link", name="65万元").click()
    assert "年化综合成本" in visitor.text("main")
    page.wait_for_selector("text=个产品符合")
    page.locator(".offer a").first.click()
    assert "需准备的材料" in visitor.text("main")

    with database.reading() as session:
        query = select(NeedRow).where(NeedRow.amount_fen == 65_000_000)
        need = session.scalars(query.order_by(col(NeedRow.position).desc())).first()
        assert need is not None
        assert session.scalars(select(LeadRow).where(LeadRow.need_id == need.id)).all()
    visitor.go(f"/ui/data/{need.id}")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="全部撤回").click()
    page.wait_for_url("**notice=consent_withdrawn**")
    assert "只有经办部门可见" in visitor.text("main")
    visitor.require_right()
    page.context.close()


def test_a_consent_taken_back_hides_the_lead_from_its_bank_at_once(
    browser: Browser, address: str, people: People
) -> None:
    """The bank sees the firm's lead, the firm takes the consent back, the bank's next look."""
    bank, firm = visit(browser, address), visit(browser, address)
    bank.log_in("bank")
    bank.go("/ui/leads")
    card = bank.page.locator("article", has_text="示例求助企业").filter(has_text="150万元")
    lead = card.locator("h2 a").get_attribute("href")
    assert lead is not None

    firm.log_in("firm")
    firm.go("/ui/data")
    firm.page.locator(".line a", has_text="a1-wages").click()
    firm.page.get_by_role("button", name="撤回 示例银行甲").click()
    firm.page.wait_for_url("**notice=consent_withdrawn**")
    assert "示例银行甲" in firm.text("section:last-of-type")

    bank.go("/ui/leads")
    assert card.count() == 0
    answer = bank.page.goto(bank.address + lead)
    assert answer is not None
    assert answer.status == 404
    for visitor in (bank, firm):
        visitor.require_right()
        visitor.page.context.close()
