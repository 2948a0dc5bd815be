from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from matcher.store import Database
from tests.browser.browsing import WIDTHS, visit
from tests.service import People
from tests.working import make_worker, working

_SLOW_MS = 60_000


@pytest.fixture(scope="module", autouse=True)
def at_work(database: Database, people: People) -> Iterator[None]:
    """Let a worker do what is asked for."""
    with working(make_worker(database)):
        yield


def test_a_question_becomes_a_comparison_that_a_colleague_sees(
    browser: Browser, address: str
) -> None:
    """What-if → comparison: by forms alone, followed by the page, mended, shared."""
    visitor = visit(browser, address)
    visitor.log_in("staff")
    page = visitor.page
    page.get_by_role("link", name="情景推演").click()
    page.get_by_label("要问什么").fill("线索名额减半")
    page.get_by_role("button", name="新建情景").click()
    page.get_by_role("link", name="按倍数改").click()
    page.locator("#add").get_by_role("link", name="机构", exact=True).click()
    page.get_by_label("全部").check()
    page.get_by_label("哪一项").select_option(label="可接洽数")
    page.get_by_label("倍数").fill("半")
    page.get_by_role("button", name="加入", exact=True).click()
    assert "请先修改" in page.get_by_role("alert").inner_text()
    expect(page.get_by_label("倍数")).to_have_value("半")
    expect(page.get_by_label("全部")).to_be_checked()
    page.get_by_label("倍数").fill("0.5")
    page.get_by_role("button", name="加入", exact=True).click()
    assert "可接洽数 × 0.5" in visitor.text()
    page.get_by_role("link", name="曲线").click()
    page.get_by_label("变化的数").select_option(label="机构线索名额")
    page.get_by_label("归属").fill("bank-a")
    page.get_by_label("从", exact=False).first.fill("2")
    page.locator("#f-sweep_high").fill("6")
    page.locator("#f-sweep_points").fill("2")
    page.get_by_role("button", name="加入问题").click()
    page.get_by_role("button", name="开始计算").click()
    page.wait_for_url("**answered=1**", timeout=_SLOW_MS)
    expect(page.locator("#answers")).to_contain_text("谁得谁失")
    expect(page.locator("#answers .plot .main-svg").first).to_be_visible()
    assert "失去" in visitor.text("#answers table.stacks")
    page.get_by_role("button", name="共享给同事").click()
    link = page.url.partition("?")[0].removeprefix(address)
    visitor.require_right()
    page.context.close()

    colleague = visit(browser, address, WIDTHS["phone"])
    colleague.log_in("organiser")
    colleague.go("/ui/whatif?of=shared")
    colleague.page.get_by_role("link", name="线索名额减半").click()
    assert colleague.page.url.endswith(link)
    colleague.page.get_by_role("button", name="复制").click()
    assert "已复制到我的情景" in colleague.text()
    colleague.require_right()
    colleague.page.context.close()


def test_weights_are_tried_before_anybody_uses_them(browser: Browser, address: str) -> None:
    """Weights → effect on each institution → file, with the worker's progress in between."""
    visitor = visit(browser, address)
    visitor.log_in("staff")
    page = visitor.page
    visitor.go("/ui/whatif")
    page.get_by_role("link", name="评分权重").click()
    page.get_by_label("综合成本").fill("9")
    page.get_by_role("button", name="看看效果").click()
    page.wait_for_url("**answered=1**", timeout=_SLOW_MS)
    expect(page.locator("#answers")).to_contain_text("各机构的得失")
    expect(page.locator("#answers .plot .main-svg").first).to_be_visible()
    page.get_by_text("以表格查看").click()
    assert "占比" in visitor.text("#answers table")
    with page.expect_download() as started:
        page.get_by_role("link", name="下载权重文件").click()
    assert started.value.suggested_filename == "weights.toml"
    visitor.require_right()
    page.context.close()
