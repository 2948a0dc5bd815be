"""What is wrong is said by the label of the form, in the reader's language; terms have units."""

from __future__ import annotations

import json

import pytest

from api.pages.views.faults import LABELS, show_fault
from api.pages.views.products import amount_of, rate_of
from matcher.domain.errors import Fault
from matcher.domain.text import Lang, Text
from matcher.store.tables import ProductRow
from tests.api.client import Client
from tests.pages.forms import post
from tests.service import People

_WRONG, _DAY = Text("无法读取：", "cannot be read:"), Text("日期", "a day")


@pytest.mark.parametrize(
    ("fault", "zh", "en"),
    [
        (Fault(_WRONG, "day", "x", _DAY), "日期：无法读取：“x”；应为：日期",
         'Day: cannot be read: "x"; expected: a day'),
        (Fault(_WRONG, "day", "", _DAY), "日期：还没有填写", "Day: is not filled in"),
        (Fault(_WRONG, value=7), "无法读取：7", "cannot be read: 7"),
        (Fault(_WRONG, "day", 7, row=3), "#3 · day：无法读取：7", "#3 · day: cannot be read: 7"),
        (Fault(_WRONG, "x" * 9, "y" * 70), f"xxxxxxxxx：无法读取：“{'y' * 59}…”", None),
    ],
)  # fmt: skip
def test_a_fault_names_the_field_as_its_form_does(fault: Fault, zh: str, en: str | None) -> None:
    """Not the name in the code; what stands in a file keeps the place in the file."""
    assert show_fault(fault, Lang.ZH) == zh
    assert en is None or show_fault(fault, Lang.EN) == en


def test_every_label_is_chinese_and_english() -> None:
    """No code name is left in a label."""
    assert all(any("一" <= c <= "鿿" for c in one.zh) for one in LABELS.values())
    assert all("_" not in one.en and one.en.isascii() for one in LABELS.values())


def test_an_event_without_a_day_is_told_so_in_chinese(client: Client, people: People) -> None:
    """The page has the label, and no word of the code."""
    answer = post(client, people.organiser, "/ui/events", name="会", kind="matchmaking")
    assert answer.status_code == 422
    assert "<li>日期：还没有填写</li>" in answer.text


@pytest.mark.parametrize(
    ("terms", "amount", "rate"),
    [
        ({"amount_min_fen": 10_000_000, "amount_max_fen": 100_000_000, "rate": "0.0365"},
         "10万元 – 100万元", "3.65%"),
        ({"amount_max_fen": 100_000_000, "rate": "0.03", "rate_max": "0.04"}, "至多 100万元",
         "3.00% – 4.00%"),
        ({"amount_min_fen": 100_000_000, "lpr": "1y", "spread_bp": -20}, "100万元 起",
         "1年期 LPR -20 个基点"),
        ({"rate": "0.00", "fee_yearly_rate": "0.01"}, "–", "费率每年 1.00%"),
        ({"rate": "0"}, "–", "0.00%"),
        ({"rate": "0", "instrument": "grant"}, "–", "–"),
        ({}, "–", "–"),
    ],
)  # fmt: skip
def test_a_list_of_products_says_amounts_and_rates_with_their_units(
    terms: dict[str, object], amount: str, rate: str
) -> None:
    """A range, a bound or nothing; a rate, a spread or, where there is no rate, the fee."""
    row = ProductRow(document=json.dumps(terms))
    assert amount_of(row).zh == amount
    assert rate_of(row).zh == rate
