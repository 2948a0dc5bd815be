"""Packages, policies and LPR on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from matcher.services.planning import market_bytes
from tests.cli.shell import Shell
from tests.package_examples import package_market

TABLE = "date,1y,5y\n2022-04-20,3.70%,4.60%\n2022-05-20,3.70%,4.45%\n"


@pytest.fixture
def market(tmp_path: Path) -> Path:
    """Write the market of packages, its LPR product without a rate."""
    path = tmp_path / "market.json"
    path.write_bytes(market_bytes(package_market(with_lpr=False)))
    return path


@pytest.fixture
def lpr(tmp_path: Path) -> Path:
    """Write a table of LPR."""
    path = tmp_path / "lpr.csv"
    path.write_text(TABLE)
    return path


def test_a_plan_shows_packages_with_their_policies(shell: Shell, market: Path, lpr: Path) -> None:
    """Lead + guarantee, what policies pay, and who waits in which place."""
    done = shell.run("plan", "--market", market, "--lpr", lpr, "--lang", "zh")
    assert done.code == 0, done.err
    assert "第二银行 · LPR 订单贷 + 示例担保 · 见贷即保 + 示例保险 · 履约保险*" in done.out
    assert "政策：利率优惠 2,000元；贷款贴息 7,000元；担保费补贴 6,000元" in done.out
    assert "排队第 2 位" in done.out
    assert "14 对可行" in done.out
    assert "1 个产品按 LPR 加点计价：1年期 3.70%" in done.out


def test_lpr_prices_products_and_the_plan_verifies(
    shell: Shell, market: Path, lpr: Path, tmp_path: Path
) -> None:
    """The table is recorded as a file, and the plan holds beside the files and the market."""
    out = tmp_path / "out"
    document = shell.document("plan", "--market", market, "--lpr", lpr, "--out", out)
    assert {f["name"] for f in document["input"]["files"]} == {"market.json", "lpr.csv"}
    written = json.loads((out / "market.json").read_text())
    (priced,) = [p for p in written["products"] if p["product_id"] == "P3"]
    assert (priced["rate"], priced["rate_max"]) == ("0.0395", "0.0430")
    plan = out / "plan.json"
    for given in (("--input", out / "market.json"), ("--input", market, "--input", lpr)):
        assert shell.run("verify", plan, *given).code == 0
    assert shell.run("verify", plan, "--input", market).code == 1


def test_without_a_table_the_rate_is_not_known_and_a_note_says_so(
    shell: Shell, market: Path
) -> None:
    """The product is planned all the same."""
    document = shell.document("plan", "--market", market)
    notes = [note["en"] for note in document["input"]["notes"]]
    assert any("(--lpr) the rate is not known: P3" in note for note in notes)
    costs = {m["product"]: m["all_in_low"] for m in document["matches"]}
    assert costs["P3"] is None
    assert costs["P1"] is not None


@pytest.mark.parametrize(
    ("table", "field"),
    [("date,1y\n2022-05-26,3.70%\n", "P3.date"), ("date,5y\n2022-05-20,4.45%\n", "P3.tenor")],
)
def test_a_table_that_does_not_reach_names_what_it_lacks(
    shell: Shell, market: Path, lpr: Path, table: str, field: str
) -> None:
    """A figure after the day, or of another tenor, is none."""
    lpr.write_text(table)
    (fault,) = shell.faults("plan", "--market", market, "--lpr", lpr)
    assert fault["field"] == field


def test_a_table_that_cannot_be_read_is_named(shell: Shell, market: Path, tmp_path: Path) -> None:
    """Whether it is not there or is no table."""
    (fault,) = shell.faults("explain", "N1", "P3", "--market", market, "--lpr", tmp_path / "no.csv")
    assert fault["file"] == "no.csv"
    assert {fault["file"] for fault in shell.faults("demo", "--lpr", market)} == {"market.json"}


def test_explain_compares_the_cost_with_and_without_policies(shell: Shell, market: Path) -> None:
    """The plain offer first, then the cheapest; verdicts of parts bear the part's name."""
    done = shell.run("explain", "N1", "P1", "--market", market, "--lang", "zh")
    assert "示例银行 · 担保贷 + 示例担保 · 见贷即保" in done.out
    assert "见贷即保 · 融资金额" in done.out
    order = [done.out.index(cost) for cost in ("4.86%–5.36%", "3.36%–3.85%", "3.96%–4.45%")]
    assert order == sorted(order)
    found = shell.document("explain", "N1", "P1", "--market", market)
    assert [c["product"] for c in found["companions"]] == ["P2"]
    claims = [[c["policy"] for c in offer["claims"]] for offer in found["offers"]]
    assert claims == [[], ["S4", "S2", "S1"], ["S4", "S2"]]
    assert found["offers"][1]["claims"][2]["pool"] == "F1"


def test_explain_says_why_a_cost_is_not_known(shell: Shell, market: Path, lpr: Path) -> None:
    """A product quoted from LPR asks for the table, and has a cost with it."""
    told = shell.run("explain", "N1", "P3", "--market", market, "--lang", "en")
    assert "Order loan at LPR (quoted from LPR: give --lpr)" in told.out
    assert shell.document("explain", "N1", "P3", "--market", market)["offers"] == []
    words = ("explain", "N1", "P3", "--market", market, "--lpr", lpr)
    assert len(shell.document(*words)["offers"]) == 3


def test_convene_and_demo_take_a_table_too(shell: Shell, market: Path, lpr: Path) -> None:
    """The guarantor of a package is named beside the bank."""
    done = shell.run("convene", "N1", "--market", market, "--lpr", lpr, "--lang", "zh")
    assert done.code == 0, done.err
    assert "示例担保" in done.out
    assert shell.run("demo", "--lpr", lpr, "--method", "greedy").code == 0
