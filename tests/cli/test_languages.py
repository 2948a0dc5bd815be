"""What English readers get of the seeds, whose own language is Chinese."""

from __future__ import annotations

import re

import pytest

import seeds
from tests.cli.shell import Shell


@pytest.mark.parametrize(
    "words",
    [
        ("policies", "--need", "binjiang-a1-wages"),
        ("similar", "binjiang-a1"),
        ("explain", "lucheng-01-a", "lucheng-grant"),
        ("convene", "binjiang-a1-wages"),
        ("report", seeds.report_dir()),
    ],
    ids=lambda words: words[0],
)
def test_english_has_no_chinese_in_it(shell: Shell, words: tuple[object, ...]) -> None:
    """Names, issuers, figures, milestones and reasons of the seeds are all in English."""
    done = shell.run(*words, "--lang", "en")
    assert done.code == 0
    assert re.findall(r"[一-鿿]+", done.out) == []
    assert re.findall(r"[一-鿿]+", shell.run(*words, "--lang", "zh").out)


def test_a_grant_is_explained_with_its_tranches(shell: Shell) -> None:
    """Row B8: 40/40/20 of what could be given, and either of two milestones for the second."""
    found = shell.document("explain", "lucheng-01-a", "lucheng-grant")
    tranches = [(t["share"], t["milestones"], t["amount_fen"]) for t in found["tranches"]]
    assert tranches == [
        ("0.4", ["private_money"], 320_000_000),
        ("0.4", ["review", "new_financing"], 320_000_000),
        ("0.2", ["acceptance"], 160_000_000),
    ]
    assert "a new round of financing" in shell.run(
        "explain", "lucheng-01-a", "lucheng-grant", "--lang", "en"
    ).out.replace("\n", " ")
