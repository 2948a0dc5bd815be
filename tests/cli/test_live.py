"""`matcher import` and `matcher export`: a market into a database and out again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import seeds
from matcher.files import read_market
from matcher.market import Market
from matcher.services.planning import market_bytes
from tests.cli.shell import Shell

NEEDS = "需求编号,企业编号,融资金额(元)\n{key},binjiang-a1,500000\n"


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Return the address of a database that is not there yet."""
    return f"sqlite:///{tmp_path / 'live.db'}"


def test_the_seeds_go_in_and_come_out_byte_for_byte(shell: Shell, url: str, tmp_path: Path) -> None:
    """The embedded database is made on the way; the JSON is the canonical market file."""
    counts = shell.document("import", "--seeds", "--database", url)["counts"]
    records = seeds.load()
    assert counts["needs"] == {
        "new": len(records.needs),
        "changed": 0,
        "removed": 0,
        "unchanged": 0,
    }
    out = tmp_path / "market.json"
    assert shell.run("export", "--database", url, "--out", out).code == 0
    assert out.read_bytes() == market_bytes(Market.from_records(records, seeds.SEED_DATE))
    sheet = tmp_path / "market.xlsx"
    assert shell.run("export", "--database", url, "--out", sheet).code == 0
    assert len(read_market(sheet).records.products) == len(records.products)


def test_a_table_is_previewed_and_merged(shell: Shell, url: str, tmp_path: Path) -> None:
    """A preview writes nothing; merging adds one need and leaves the rest."""
    shell.run("import", "--seeds", "--database", url)
    file = tmp_path / "needs.csv"
    file.write_text(NEEDS.format(key="new-1"))
    for _ in range(2):
        told = shell.document("import", file, "--merge", "--preview", "--database", url)
        assert told["counts"]["needs"]["new"] == 1
    assert shell.document("import", file, "--merge", "--database", url) == told
    out = tmp_path / "market.json"
    shell.run("export", "--database", url, "--out", out)
    keys = [need["need_id"] for need in json.loads(out.read_text())["needs"]]
    assert len(keys) == len(seeds.load().needs) + 1
    assert "new-1" in keys


def test_what_cannot_be_taken_is_refused_whole(shell: Shell, url: str, tmp_path: Path) -> None:
    """A reference into the void, no file, both a file and the seeds, another ending."""
    shell.run("import", "--seeds", "--database", url)
    file = tmp_path / "needs.csv"
    file.write_text(NEEDS.format(key="x").replace("binjiang-a1", "nobody"))
    (fault,) = shell.faults("import", file, "--merge", "--database", url)
    assert (fault["field"], fault["value"]) == ("enterprise_id", "nobody")
    assert shell.faults("import", "--database", url)[0]["field"] == "FILE"
    assert shell.faults("import", file, "--seeds", "--database", url)[0]["field"] == "FILE"
    assert shell.run("export", "--database", url, "--out", tmp_path / "m.csv").code == 2
