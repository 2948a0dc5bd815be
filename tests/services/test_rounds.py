"""How a round is loaded: which day it is of, and what the reader is told."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from matcher.domain.errors import InputError
from matcher.services.rounds import load_round, read_lpr

TODAY = date(2026, 11, 22)

CDR = {
    "dataHolderBrandId": "b",
    "dataHolderBrandName": "Example Bank",
    "abn": "1",
    "x-v": 4,
    "product": {
        "productId": "p",
        "lastUpdated": "2024-01-01T00:00:00Z",
        "productCategory": "BUSINESS_LOANS",
        "name": "Business Loan",
        "description": "For business.",
        "brand": "Example",
        "isTailored": False,
        "constraints": [{"constraintType": "MAX_LIMIT", "additionalValue": "1000.00"}],
    },
}


def market(tmp_path: Path, **more: Any) -> Path:
    """Write a market of one need and one product."""
    need = {"need_id": "N", "enterprise_id": "E", "amount_fen": 100, **more.pop("need", {})}
    tables = {
        "enterprises": [{"enterprise_id": "E", "name": "e"}],
        "needs": [need],
        "institutions": [{"institution_id": "B", "name": "b"}],
        "products": [{"product_id": "P", "institution_id": "B", "name": "p"}],
        **more,
    }
    path = tmp_path / "market.json"
    path.write_text(json.dumps(tables))
    return path


def test_the_day_given_counts_before_all_else(tmp_path: Path) -> None:
    """Then the day that the file says, then the latest receipt, then today with a note."""
    path = market(tmp_path, as_of="2022-05-25", need={"received": "2022-05-24"})
    assert load_round(path, today=TODAY, as_of=date(2022, 5, 26)).market.as_of.day == 26
    assert load_round(path, today=TODAY).market.as_of.day == 25
    path = market(tmp_path, need={"received": "2022-05-24"})
    assert load_round(path, today=TODAY).market.as_of.day == 24
    loaded = load_round(market(tmp_path), today=TODAY)
    assert loaded.market.as_of == TODAY
    assert any("2026-11-22" in note.en for note in loaded.notes)


def test_the_files_read_are_stamped(tmp_path: Path) -> None:
    """Name, hash and size go into the plan, catalogue included."""
    import hashlib

    path, catalogue = market(tmp_path), tmp_path / "c.jsonl"
    catalogue.write_text(json.dumps(CDR))
    loaded = load_round(path, today=TODAY, catalogue=catalogue)
    assert [f.name for f in loaded.files] == ["market.json", "c.jsonl"]
    for stamp, file in zip(loaded.files, (path, catalogue), strict=True):
        assert stamp.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
        assert stamp.num_bytes == len(file.read_bytes())


def test_a_catalogue_joins_the_products_at_its_exchange_rate(tmp_path: Path) -> None:
    """1,000 dollars at 4.7 are 4,700 yuan; at the default rate the note says so."""
    catalogue = tmp_path / "c.jsonl"
    catalogue.write_text(json.dumps(CDR))
    path = market(tmp_path)
    loaded = load_round(path, today=TODAY, catalogue=catalogue, exchange_rate=Decimal("4.7"))
    assert {p.amount_max_fen for p in loaded.market.products} == {None, 470_000}
    plain = load_round(path, today=TODAY, catalogue=catalogue)
    assert any("Australian dollars" in note.en for note in plain.notes)


def test_refused_products_of_a_catalogue_are_told_with_their_reason(tmp_path: Path) -> None:
    """What was not taken is in the notes, and so in the plan."""
    personal = json.loads(json.dumps(CDR))
    personal["product"] |= {"productCategory": "RESIDENTIAL_MORTGAGES", "name": "Home Loan"}
    catalogue = tmp_path / "c.jsonl"
    catalogue.write_text(json.dumps(personal))
    loaded = load_round(market(tmp_path), today=TODAY, catalogue=catalogue)
    (note,) = [n for n in loaded.notes if n.en.startswith("not taken from the catalogue")]
    assert "Home Loan" in note.en
    assert [p.product_id for p in loaded.market.products] == ["P"]


def test_with_a_catalogue_the_sheet_needs_no_products_of_its_own(tmp_path: Path) -> None:
    """Without one it does."""
    path = tmp_path / "needs.json"
    tables = {
        "enterprises": [{"enterprise_id": "E", "name": "e"}],
        "needs": [{"need_id": "N", "enterprise_id": "E", "amount_fen": 100}],
    }
    path.write_text(json.dumps(tables))
    catalogue = tmp_path / "c.jsonl"
    catalogue.write_text(json.dumps(CDR))
    assert load_round(path, today=TODAY, catalogue=catalogue).market.num_products == 1
    with pytest.raises(InputError, match="products"):
        load_round(path, today=TODAY)


def test_a_year_without_announced_make_up_days_is_noted(tmp_path: Path) -> None:
    """The deadline lies in a year whose working Saturdays nobody knows yet."""
    path = market(tmp_path, as_of="2022-05-25", need={"needed_by": "2031-03-01"})
    (note,) = load_round(path, today=TODAY).notes
    assert "2031" in note.en


def test_days_announced_late_come_from_a_calendar_file(tmp_path: Path) -> None:
    """A working Saturday gives one more workday, the warning goes, and the file is stamped."""
    path = market(tmp_path, as_of="2031-02-28", need={"needed_by": "2031-03-03"})
    before = load_round(path, today=TODAY)
    days = tmp_path / "days.toml"
    days.write_text("workdays = [2031-03-01]\nyears = [2031]")
    after = load_round(path, today=TODAY, calendar=days)
    assert [len(before.notes), len(after.notes)] == [1, 0]
    left = [r.market.need_columns.workdays_left.tolist() for r in (before, after)]
    assert left == [[1], [2]]
    assert [f.name for f in after.files] == ["market.json", "days.toml"]
    assert after.market.replace(needs=[]).calendar.knows(2031)


def test_a_calendar_that_cannot_be_read_is_an_input_error(tmp_path: Path) -> None:
    """A missing file and a wrong one are named."""
    with pytest.raises(InputError, match="none"):
        load_round(market(tmp_path), today=TODAY, calendar=tmp_path / "none.toml")
    (tmp_path / "bad.toml").write_text("holidays = 3")
    with pytest.raises(InputError, match="holidays"):
        load_round(market(tmp_path), today=TODAY, calendar=tmp_path / "bad.toml")


@pytest.mark.parametrize("day", [date(1, 1, 1), date(1949, 12, 31), date(2190, 1, 1), date.max])
def test_a_day_that_no_calendar_knows_is_refused(tmp_path: Path, day: date) -> None:
    """The year 1 and the year 9999 are slips, not rounds."""
    with pytest.raises(InputError, match="outside the calendar"):
        load_round(market(tmp_path), today=TODAY, as_of=day)


LPR_TABLE = "date,1y,5y\n2022-05-20,3.70%,4.45%\n"


def lpr_file(tmp_path: Path, text: str = LPR_TABLE) -> Path:
    """Write a table of LPR."""
    path = tmp_path / "lpr.csv"
    path.write_text(text)
    return path


def quoted(**more: Any) -> list[dict[str, Any]]:
    """Return one product quoted from LPR."""
    return [{"product_id": "P", "institution_id": "B", "name": "p", "lpr": "5y",
             "spread_bp": -20, **more}]  # fmt: skip


def test_products_quoted_from_lpr_take_the_rate_of_the_day(tmp_path: Path) -> None:
    """The file of the table is one of the round's, and a note says which rate it gave."""
    path = market(tmp_path, products=quoted(spread_max_bp=30))
    table = read_lpr(lpr_file(tmp_path))
    loaded = load_round(path, today=TODAY, as_of=date(2022, 5, 25), lpr=table)
    (product,) = loaded.market.products
    assert (product.rate, product.rate_max) == (Decimal("0.0425"), Decimal("0.0475"))
    assert [f.name for f in loaded.files] == ["market.json", "lpr.csv"]
    assert any("4.45%" in note.en for note in loaded.notes)


def test_without_a_table_their_rate_is_not_known(tmp_path: Path) -> None:
    """A rate that the file states itself is kept."""
    loaded = load_round(market(tmp_path, products=quoted()), today=TODAY)
    assert loaded.market.products[0].rate is None
    assert any("not known: P" in note.en for note in loaded.notes)
    loaded = load_round(market(tmp_path, products=quoted(rate="0.04")), today=TODAY)
    assert loaded.market.products[0].rate == Decimal("0.04")
    assert not any("--lpr" in note.en for note in loaded.notes)


def test_a_table_that_begins_too_late_is_refused(tmp_path: Path) -> None:
    """The fault names the product and the day."""
    path, table = market(tmp_path, products=quoted()), read_lpr(lpr_file(tmp_path))
    with pytest.raises(InputError, match=r"P\.date.*2022-05-19|2022-05-19"):
        load_round(path, today=TODAY, as_of=date(2022, 5, 19), lpr=table)
