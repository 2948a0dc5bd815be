"""A small market as sheets, the ways to write it, and strategies of whole ones."""

from __future__ import annotations

import copy
import csv
import io
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from openpyxl import Workbook

from matcher.domain.choices import Benefit, Instrument, parse_indicator
from matcher.domain.errors import Fault, InputError
from matcher.domain.expression import parse, unparse
from matcher.domain.policy import Policy
from matcher.domain.provenance import Provenance
from matcher.domain.records import Records
from matcher.files import read_market
from tests import strategies as whole

Sheets = dict[str, list[dict[str, Any]]]

LEAST: Sheets = {
    "企业": [{"企业编号": "E1", "企业名称": "甲公司"}],
    "需求": [{"需求编号": "N1", "企业编号": "E1", "融资金额(万元)": 150}],
    "机构": [{"机构编号": "B1", "机构名称": "甲银行"}],
    "产品": [{"产品编号": "P1", "机构编号": "B1", "产品名称": "甲贷"}],
}


def least(**changes: list[dict[str, Any]]) -> Sheets:
    """Return the least market with whole sheets replaced or added."""
    return {**copy.deepcopy(LEAST), **changes}


def with_cell(sheet: str, header: str, value: object, row: int = 0) -> Sheets:
    """Return the least market with one cell set; pools and policies are added as needed."""
    more = {
        "资源池": [{"编号": "R1", "名称": "池", "计量单位": "元", "容量": "500万"}],
        "政策": [{"编号": "G1", "名称": "贴息"}],
    }
    sheets = least(**({sheet: more[sheet]} if sheet in more else {}))
    sheets[sheet][row][header] = value
    return sheets


def grid(rows: list[dict[str, Any]]) -> list[list[Any]]:
    """Return the header row and the cells below it."""
    headers = list(dict.fromkeys(name for row in rows for name in row))
    return [headers, *([row.get(name) for name in headers] for row in rows)]


def write_workbook(path: Path, sheets: Sheets) -> Path:
    """Write sheets as a workbook."""
    book = Workbook()
    del book["Sheet"]
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for cells in grid(rows):
            sheet.append(cells)
    book.save(path)
    return path


def write_csv(folder: Path, sheets: Sheets, encoding: str) -> Path:
    """Write sheets as a folder of CSV files."""
    folder.mkdir()
    for name, rows in sheets.items():
        text = io.StringIO(newline="")
        csv.writer(text).writerows(grid(rows))
        (folder / f"{name}.csv").write_bytes(text.getvalue().encode(encoding))
    return folder


def faults_of(path: Path) -> tuple[Fault, ...]:
    """Read a market that has faults and return them."""
    with pytest.raises(InputError) as raised:
        read_market(path)
    return raised.value.faults


def only_fault(path: Path) -> Fault:
    """Read a market that has one fault and return it."""
    found = faults_of(path)
    assert len(found) == 1, [f.sentence("en") for f in found]  # type: ignore[arg-type]
    return found[0]


def _plain_rules(rules: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the rules that text can say, as text says them."""
    return tuple(parse(unparse(rule)) for rule in rules if " " in unparse(rule) and _says(rule))


def _says(rule: Any) -> bool:
    try:
        parse(unparse(rule))
    except ValueError:
        return False
    return True


words = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=20
).filter(lambda text: text == text.strip() and bool(text))


def provenances(field: str) -> st.SearchStrategy[Provenance]:
    """Return sources of a record that has ``field``."""
    whole_record = st.builds(Provenance, source=st.none() | words, illustrative=st.booleans())
    by_field = st.builds(
        Provenance,
        illustrative_fields=st.frozensets(st.just(field)),
        stated=st.sampled_from([(), ((field, "甲方: “称”"),)]),
    )
    return whole_record | by_field


policies = st.builds(
    Policy,
    policy_id=st.just("G1"),
    name=words,
    issuer=st.none() | words,
    benefit=st.sampled_from(Benefit),
    rate=st.none() | st.integers(0, 100).map(lambda n: Decimal(n) / 100),
    cap_fen=st.none() | st.integers(0, 10**15),
    instruments=st.frozensets(st.sampled_from(Instrument)),
    criteria=st.lists(whole.criteria(), max_size=2).map(tuple).map(_plain_rules),
    provenance=provenances("name"),
)

_indicators = st.dictionaries(
    words.map(parse_indicator), st.decimals(-(10**6), 10**6, allow_nan=False, places=4), max_size=2
).map(lambda figures: tuple(sorted(figures.items())))


@st.composite
def markets(draw: st.DrawFn) -> Records:
    """Draw records with any names, figures and provenance, and rules that text can say."""
    drawn = draw(whole.records(max_needs=3, max_products=3))
    firms = [
        replace(
            firm,
            name=draw(words),
            indicators=draw(_indicators),
            provenance=draw(provenances("name")),
        )
        for firm in drawn.enterprises
    ]
    products = [
        replace(p, criteria=_plain_rules(p.criteria), preferences=_plain_rules(p.preferences))
        for p in drawn.products
    ]
    return replace(
        drawn,
        enterprises=tuple(firms),
        needs=tuple(replace(n, provenance=draw(provenances("priority"))) for n in drawn.needs),
        products=tuple(products),
        policies=tuple(draw(st.lists(policies, max_size=1))),
    )
