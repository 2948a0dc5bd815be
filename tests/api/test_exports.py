"""Exports: what the office and a bank may see, as files that can be read again."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import openpyxl
import pytest

import seeds
from matcher.files.reading import read_market_content
from matcher.market import Market
from matcher.services.planning import market_bytes
from tests.api.market import World, world
from tests.databases import KINDS


@pytest.fixture(scope="module", params=KINDS)
def there(request: pytest.FixtureRequest) -> Iterator[World]:
    """Return a service over the seeds, on each database in turn."""
    with world(request.param) as found:
        yield found


def test_the_json_is_the_market_file_of_a_plan(there: World) -> None:
    """Byte for byte what `matcher plan` writes of the seeds."""
    answer = there.get(there.people.staff, "/exports/market.json")
    assert answer.headers["Content-Type"] == "application/json"
    expected = market_bytes(Market.from_records(seeds.load(), seeds.SEED_DATE))
    assert answer.content == expected


def test_the_workbook_reads_back_but_for_the_words_of_sources(there: World) -> None:
    """Every table of the market is in the workbook."""
    answer = there.get(there.people.auditor, "/exports/market.xlsx")
    assert answer.status_code == 200
    found = read_market_content(answer.content, "market.xlsx").records
    assert _without_words(found.products) == _without_words(seeds.load().products)
    assert found.needs[0].need_id == seeds.load().needs[0].need_id


def _without_words(records: Any) -> list[Any]:
    return [replace(one, provenance=replace(one.provenance, stated=())) for one in records]


def test_a_bank_takes_its_own_products_and_nothing_else(there: World) -> None:
    """No other institution is in a bank's file; the market is not for banks or firms."""
    bank = there.people.bank
    own = {one["key"] for one in there.items(bank, "/products")}
    answer = there.get(bank, "/exports/products.xlsx")
    assert answer.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["机构", "产品"]
    rows = list(book["产品"].iter_rows(min_row=2, values_only=True))
    assert {row[0] for row in rows} == own
    assert book["机构"].max_row == 2
    for who in (bank, there.people.firm):
        for name in ("market.json", "market.xlsx"):
            assert there.get(who, f"/exports/{name}").status_code == 403
    assert there.get(there.people.firm, "/exports/products.xlsx").status_code == 403
