"""A few pages look as they looked: small grey pictures, compared with a tolerance.

They show that a page lost its layout or its words, and forgive another version of the browser or
of its fonts. After a change that is meant: ``MATCHER_GOLDEN=write python -m pytest
tests/browser/test_golden.py``, then look at the pictures before they are committed.
"""

from __future__ import annotations

import io
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser

from matcher.store import Database
from tests.browser.browsing import WIDTHS, visit
from tests.pages.samples import SAMPLES

GOLDEN = Path(__file__).parent / "golden"
_WIDTH, _HEIGHT = 160, 200
_MEAN, _SHARE, _FAR = 2.5, 0.02, 60
"""Grey levels on the mean; the share of points that may differ by more than `_FAR` levels."""

_PAGES = [
    ("login", None, "/ui/login"),
    ("needs", "organiser", "/ui/needs"),
    ("product", "bank", "/ui/products/{product_id}"),
    ("lead", "bank", "/ui/leads/{lead_id}"),
    ("round", "organiser", "/ui/rounds"),
]


def _picture(data: bytes) -> Image.Image:
    whole = Image.open(io.BytesIO(data)).convert("L")
    height = min(whole.height, whole.width * _HEIGHT // _WIDTH)
    return whole.crop((0, 0, whole.width, height)).resize((_WIDTH, _HEIGHT), Image.Resampling.BOX)


@pytest.mark.parametrize("width", ["wide", "phone"])
@pytest.mark.parametrize(("name", "login", "route"), _PAGES, ids=[name for name, *_ in _PAGES])
def test_a_page_looks_as_it_looked(
    browser: Browser,
    address: str,
    database: Database,
    name: str,
    login: str | None,
    route: str,
    width: str,
) -> None:
    """The picture is that which was kept, point by point, within the tolerance."""
    visitor = visit(browser, address, WIDTHS[width])
    if login is not None:
        visitor.log_in(login)
    path = route
    if "{" in route:
        with database.reading() as session:
            path = next(one for one in SAMPLES if one.route == route).path(session)
    visitor.go(path)
    visitor.page.wait_for_load_state("networkidle")
    found = _picture(visitor.page.screenshot(full_page=True))
    kept = GOLDEN / f"{name}-{width}.png"
    if os.environ.get("MATCHER_GOLDEN") == "write":
        found.save(kept, optimize=True)
    apart = np.abs(np.asarray(found, np.int16) - np.asarray(Image.open(kept), np.int16))
    assert apart.mean() <= _MEAN
    assert (apart > _FAR).mean() <= _SHARE
    visitor.page.context.close()


def test_another_page_is_told_apart() -> None:
    """The tolerance is no blank cheque: each kept picture is far from every other of its width."""
    for width in ("wide", "phone"):
        pictures = [
            np.asarray(Image.open(GOLDEN / f"{name}-{width}.png"), np.int16) for name, *_ in _PAGES
        ]
        for one, first in enumerate(pictures):
            for second in pictures[one + 1 :]:
                apart = np.abs(first - second)
                assert apart.mean() > _MEAN or (apart > _FAR).mean() > _SHARE
