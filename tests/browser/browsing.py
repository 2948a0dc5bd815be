"""A browser on a served app, in which anything that should not happen fails the test.

Chromium is Debian's (`MATCHER_CHROMIUM` names another). Errors on the console, requests to other
hosts and breaches of the Content-Security-Policy are collected and asserted to be none.
"""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

from tests.service import PASSWORD

PATIENCE_SECONDS = 30.0
WIDTHS = {"wide": 1440, "middle": 1024, "phone": 390}
EXPECTED_STATUS_ERRORS = "Failed to load resource: the server responded with a status of 4"


def chromium() -> str:
    """Return where Chromium is; skip, or fail in CI, where there is none."""
    named = os.environ.get("MATCHER_CHROMIUM")
    found = named or shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium: .ci/run has to install it")
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    return found


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """Serve an app on a free port of this machine and give its address."""
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(PATIENCE_SECONDS)


@dataclass
class Visitor:
    """Somebody at a browser.

    Parameters
    ----------
    wrongs
        What happened that should not.
    """

    page: Page
    address: str
    wrongs: list[str] = field(default_factory=list)

    def log_in(self, login: str, password: str = PASSWORD) -> None:
        """Log in by the form, as a person does."""
        self.go("/ui/login")
        self.page.locator("#f-login").fill(login)
        self.page.locator("#f-password").fill(password)
        self.page.locator("main button").click()
        self.page.wait_for_url(lambda url: "/login" not in url)

    def go(self, path: str) -> None:
        """Open a page of the app."""
        self.page.goto(self.address + path)

    def text(self, selector: str = "main") -> str:
        """Return what stands in a part of the page."""
        return self.page.locator(selector).first.inner_text()

    def require_right(self) -> None:
        """Fail if anything happened that should not."""
        assert self.wrongs == []


def visit(browser: Browser, address: str, width: int = 1440, lang: str = "zh-CN") -> Visitor:
    """Open a browser window of a width, in a language, without cookies."""
    context: BrowserContext = browser.new_context(
        viewport={"width": width, "height": 900}, locale=lang, timezone_id="Asia/Shanghai"
    )
    context.add_init_script(
        "document.addEventListener('securitypolicyviolation',"
        " (e) => console.error('CSP: ' + e.violatedDirective + ' ' + e.blockedURI))"
    )
    visitor = Visitor(context.new_page(), address)

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(EXPECTED_STATUS_ERRORS):
            visitor.wrongs.append(message.text)

    def on_request(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws", "wss") and f"//{parts.netloc}" not in address:
            visitor.wrongs.append(f"request to {parts.netloc}")

    visitor.page.on("console", on_console)
    visitor.page.on("pageerror", lambda error: visitor.wrongs.append(str(error)))
    visitor.page.on("request", on_request)
    return visitor
