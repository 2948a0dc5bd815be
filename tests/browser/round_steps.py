"""What an organiser, an admin and a bank's officer do on the way from a file to a lead accepted."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.browsing import Visitor

PATIENCE_MS = 120_000
"""A file or a plan may take so long on a busy machine."""


def make_account(admin: Visitor, login: str, role: str, institution: str = "") -> str:
    """Let an admin make an account on the page; return the password that is shown once."""
    admin.go("/ui/accounts")
    admin.page.locator("summary", has_text="新建账号").click()
    admin.page.locator("#f-login").fill(login)
    admin.page.locator("#f-name").fill(f"账号 {login}")
    admin.page.locator("#f-role").select_option(role)
    admin.page.locator("#f-institution").fill(institution)
    admin.page.get_by_role("button", name="新建账号").click()
    return admin.page.locator("code.secret").inner_text()


def send_file(visitor: Visitor, path: Path) -> None:
    """Send a file in, to be looked at first."""
    visitor.go("/ui/imports")
    visitor.page.locator("#f-file").set_input_files(path)
    visitor.page.get_by_role("button", name="预览改动").click()
    visitor.page.wait_for_url("**/ui/imports/*-*")


def apply_file(visitor: Visitor) -> str:
    """Apply what was looked at; return what the preview said."""
    apply = visitor.page.get_by_role("button", name="应用这些改动")
    expect(apply).to_be_visible(timeout=PATIENCE_MS)
    changes = visitor.text()
    apply.click()
    expect(visitor.page.get_by_text("数据已更新")).to_be_visible(timeout=PATIENCE_MS)
    return changes


def open_round(visitor: Visitor, name: str, day: str) -> None:
    """Open a round."""
    visitor.go("/ui/rounds")
    visitor.page.locator("#f-name").fill(name)
    visitor.page.locator("#f-as_of").fill(day)
    visitor.page.get_by_role("button", name="开启").click()


def make_plan(visitor: Visitor) -> None:
    """Ask for a plan as the form stands, wait for it and take it as a draft."""
    visitor.page.get_by_role("button", name="生成方案").click()
    take = visitor.page.get_by_role("button", name="登记为草案并校验")
    take.click(timeout=PATIENCE_MS)
    visitor.page.wait_for_url("**/plans/*")


def propose_plan(visitor: Visitor) -> None:
    """Want the plan that is shown out; the same person cannot confirm it."""
    visitor.page.get_by_role("button", name="提请发布").click()
    expect(visitor.page.get_by_text("须由提请人以外的人确认发布")).to_be_visible()
    assert visitor.page.get_by_role("button", name="确认发布").count() == 0


def confirm_plan(visitor: Visitor, name: str) -> None:
    """Go from one's first page to the plan of a round that waits, and let it out."""
    visitor.page.once("dialog", lambda dialog: dialog.accept())
    visitor.page.get_by_role("link", name=name).first.click()
    visitor.page.get_by_role("button", name="确认发布").click()
    expect(visitor.page.get_by_text("线索已下发")).to_be_visible(timeout=PATIENCE_MS)


def accept_first_lead(bank: Visitor) -> None:
    """Open the best of today's leads and accept it."""
    bank.page.get_by_role("link", name="查看").first.click()
    bank.page.get_by_role("button", name="受理", exact=True).click()
    expect(bank.page.get_by_text("已受理").first).to_be_visible()
