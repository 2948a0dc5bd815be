"""A market as a workbook reads back as the same market, whatever its words begin with."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import event, given

import seeds
from matcher.domain.errors import InputError
from matcher.domain.provenance import Provenance
from matcher.domain.records import Records
from matcher.files.market_excel import market_workbook
from matcher.files.reading import read_market_content
from tests.files.markets import markets

DAY = date(2022, 5, 25)


def _without_words(records: Records) -> Records:
    """Return records without the words of their sources, which no sheet has."""
    tables = {
        name: tuple(replace(one, provenance=_unsaid(one.provenance)) for one in rows)
        for name, rows in _tables(records).items()
    }
    return Records(**tables)


def _tables(records: Records) -> dict:
    names = ("enterprises", "needs", "institutions", "products", "pools", "policies")
    return {name: getattr(records, name) for name in names}


def _unsaid(provenance: Provenance) -> Provenance:
    return replace(provenance, stated=())


def _read(content: bytes) -> Records:
    return read_market_content(content, "market.xlsx").records


def test_the_seeds_read_back_from_a_workbook():
    """Every amount, rate, rule, package and budget of the seeds arrives."""
    records = seeds.load()
    assert _read(market_workbook(records, DAY)) == _without_words(records)


@given(records=markets())
def test_any_market_reads_back_or_is_refused(records: Records):
    """A workbook is never another market than the one it was made of."""
    try:
        content = market_workbook(records, DAY)
    except InputError:
        event("refused")
        return
    assert _read(content) == _without_words(records)


def test_the_same_market_gives_the_same_bytes():
    """Nothing of the clock is in a workbook."""
    records = seeds.load()
    assert market_workbook(records, DAY) == market_workbook(records, DAY)


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("x")', "#N/A"])
def test_text_that_looks_like_a_formula_is_text(name: str):
    """A firm called =1+1 is called =1+1 again, and no sheet computes it."""
    records = seeds.load()
    firm = replace(records.enterprises[0], name=name)
    changed = replace(records, enterprises=(firm, *records.enterprises[1:]))
    assert _read(market_workbook(changed, DAY)).enterprises[0].name == name


def test_what_a_sheet_cannot_say_is_refused_by_name():
    """An id with a comma would be two ids in a list: the cell is named, nothing is written."""
    records = seeds.load()
    first, *rest = records.institutions
    odd = replace(first, institution_id="a,b")
    firm = replace(records.enterprises[0], banks=frozenset({"a,b"}))
    changed = replace(
        records,
        institutions=(odd, *rest),
        products=tuple(p for p in records.products if p.institution_id != first.institution_id),
        enterprises=(firm, *records.enterprises[1:]),
    )
    with pytest.raises(InputError, match="export JSON") as caught:
        market_workbook(changed, DAY)
    assert [fault.row for fault in caught.value.faults] == [2]
