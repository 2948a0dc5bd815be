"""axe-core's rules on every page, wide and narrow, light and dark; nothing is wrong on any."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from matcher.domain.actor import Role
from matcher.store import Database
from tests.browser.browsing import WIDTHS, Visitor, visit
from tests.pages.samples import SAMPLES
from tests.service import People
from tests.whatifs import answered_what_if

_LOGINS = {Role.ENTERPRISE: "firm", Role.BANK: "bank"}
_SERIOUS = ("serious", "critical")


@pytest.fixture(scope="module", autouse=True)
def what_if(database: Database, people: People) -> None:
    """Let there be a what-if with answers that colleagues share."""
    answered_what_if(database, people)


def _violations(visitor: Visitor) -> list[str]:
    found = Axe().run(visitor.page).response["violations"]
    return [
        f"{one['id']}: {node['html'][:160]}"
        for one in found
        if one["impact"] in _SERIOUS
        for node in one["nodes"][:3]
    ]


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize(("width", "scheme"), [("wide", "light"), ("phone", "dark")])
def test_every_page_can_be_used_by_everybody(
    browser: Browser, address: str, database: Database, role: Role, width: str, scheme: str
) -> None:
    """No serious or critical violation, no error on the console, nothing from elsewhere.

    On a phone no page is wider than the screen.
    """
    visitor = visit(browser, address, WIDTHS[width])
    visitor.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    visitor.go("/ui/login")
    assert _violations(visitor) == []
    visitor.log_in(_LOGINS.get(role, role.value))
    with database.reading() as session:
        paths = [sample.path(session) for sample in SAMPLES if role in sample.roles]
    for path in paths:
        visitor.go(path)
        visitor.page.wait_for_load_state("networkidle")
        assert _violations(visitor) == [], path
        overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert visitor.page.evaluate(overflow) <= 0, path
    visitor.require_right()
    visitor.page.context.close()
