"""Figures that cannot be, in calculators and in files: exit 2, and every fault with its field."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.shell import Shell

GUARANTEE = ("guarantee", "--amount", "500000")
REVOLVING = ("revolving", "--rate", "4%")


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (("rollover", "--amount", "1万", "--days", "-10", "--monthly-fee", "6‰"), "--days"),
        ((*GUARANTEE, "--rate", "0.5%", "--days", "-1"), "--days"),
        ((*GUARANTEE, "--rate", "300%", "--days", "182"), "--rate"),
        ((*GUARANTEE, "--rate", "3", "--days", "182"), "--rate"),
        ((*GUARANTEE, "--rate", "0.5%", "--days", "9", "--day-count", "ACT/366"), "--day-count"),
        ((*REVOLVING, "--use", "50万@2022-06-01..2022-05-01"), "--use 50万@2022-06-01..2022-05-01"),
        (("tranches", "--amount", "300万", "--shares", "40/40/30"), "--shares"),
    ],
)
def test_a_calculator_names_the_option(shell: Shell, words: tuple[str, ...], field: str) -> None:
    """Negative days, 300 %, an end before the start, shares of 110 %, an unknown day count."""
    (fault,) = shell.faults("cost", *words)
    assert fault["field"] == field


def market_with(**product: Any) -> dict[str, Any]:
    """Return a market of two products, the first of them with these cells."""
    firm = {"enterprise_id": "E", "name": "甲"}
    need = {"need_id": "N", "enterprise_id": "E", "amount": "10万"}
    base = {"institution_id": "B", "name": "产品"}
    return {
        "enterprises": [firm],
        "needs": [need],
        "institutions": [{"institution_id": "B", "name": "乙"}],
        "products": [
            {"product_id": "P1", **base, **product},
            {"product_id": "P2", **base, "requires": ["P1"]},
        ],
    }


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"cash_workdays": -3}, "cash_workdays"),
        ({"rate": "300%"}, "rate"),
        ({"valid_from": "2022-06-01", "valid_to": "2022-05-01"}, "valid_from"),
        ({"acceptance_workdays": 5, "cash_workdays": 3}, "acceptance_workdays"),
        ({"tranches": "40%=a; 40%=b; 30%=c"}, "tranches"),
        ({"requires": ["P1"]}, "requires"),
        ({"requires": ["P2"]}, "requires"),
    ],
)
def test_a_file_of_a_market_names_the_column(
    shell: Shell, tmp_path: Path, cells: dict[str, Any], column: str
) -> None:
    """The same slips in a product, and packages that lead back to where they begin."""
    path = tmp_path / "market.json"
    path.write_text(json.dumps(market_with(**cells)))
    faults = shell.faults("plan", "--market", path)
    assert {fault["field"] for fault in faults} == {column}
    assert all(fault["expected"] or fault["message"] for fault in faults)
