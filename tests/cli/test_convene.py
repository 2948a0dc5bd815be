"""`matcher convene` as its users type it."""

from __future__ import annotations

import json

import pytest

from matcher.cli import main
from tests.cli.runner import Done, matcher_here

A1 = "binjiang-a1-wages"


@pytest.fixture(scope="module")
def a1() -> Done:
    """Return one run for the firm of row A1."""
    return matcher_here("convene", A1, "--json", "--lang", "en")


def test_the_table_of_row_a1_is_one_json_document(a1: Done) -> None:
    """Being urgent, the need gets four banks without asking; people's text goes to stderr."""
    assert a1.code == 0, a1.err
    document = json.loads(a1.out)
    assert (document["urgency"]["class"], document["least_banks"]) == ("urgent", 4)
    assert document["num_banks"] == 4
    assert document["covered"] == ["guarantee", "loan", "service"]
    parts = [part for party in document["parties"] for part in party["parts"]]
    assert all(part["cash_date"] <= "2022-06-03" for part in parts)
    assert all(party["needed_for"] or party["needed_as_bank"] for party in document["parties"])
    late = {s["product"]: s["text"]["en"] for s in document["too_slow"]}
    assert late["bank-h-credit"] == "too slow by 4 workdays"


def test_people_read_who_comes_and_what_would_be_missing(a1: Done) -> None:
    """The table names parties, papers, slack and the reason for each seat."""
    for words in ("Example Guarantor A", "no guarantee", "too few banks", "too slow by 2 workdays"):
        assert words in a1.err
    assert "6 parties are the fewest (4 of them banks)" in a1.err


def test_the_number_of_banks_can_be_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a least number of banks three parties do."""
    code, out = run(capsys, A1, "--least-banks", "0", "--lang", "zh")
    assert code == 0
    assert "至少需要 3 家机构（其中银行 1 家），覆盖：担保、贷款、服务" in out


def test_a_need_that_nobody_can_help_exits_with_1(capsys: pytest.CaptureFixture[str]) -> None:
    """The nearest product and the smallest change are named all the same."""
    code, out = run(capsys, "binjiang-16-b", "--json")
    assert code == 1
    document = json.loads(out)
    assert document["parties"] == document["reserves"] == []
    assert document["urgency"]["class"] == "lost"
    (loan,) = document["uncovered"]
    assert (loan["nearest"], loan["changes"][0]["field"]) == ("bank-a-flow", "needed_by")


@pytest.mark.parametrize(
    ("words", "field"), [(["nobody"], "need_id"), ([A1, "--least-banks", "-1"], "least_banks")]
)
def test_bad_input_exits_with_2_and_names_the_field(
    capsys: pytest.CaptureFixture[str], words: list[str], field: str
) -> None:
    """An unknown need and a negative number of banks are faults of the input."""
    code, out = run(capsys, *words, "--json")
    assert code == 2
    assert [fault["field"] for fault in json.loads(out)["error"]] == [field]


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    """Run the command in this process and return its exit code and stdout."""
    with pytest.raises(SystemExit) as left:
        main(["convene", *words])
    assert isinstance(left.value.code, int)
    return left.value.code, capsys.readouterr().out
