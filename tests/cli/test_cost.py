"""`matcher cost …` as its users type it: figures, exit codes, faults, both languages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from matcher.cli import main
from tests.cli.runner import matcher

LOAN = ("loan", "--amount", "100万", "--start", "2026-01-15", "--months", "12")
LPR = "date,1y,5y\n2026-02-20,3.00%,3.50%\n2026-01-20,3.10%,3.60%\n"


class Shell:
    """Runs commands in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys = capsys

    def run(self, *words: object) -> tuple[int, str, str]:
        """Return exit code, stdout and stderr of ``matcher cost`` with these words."""
        with pytest.raises(SystemExit) as caught:
            main(["cost", *map(str, words)])
        out, err = self.capsys.readouterr()
        return int(caught.value.code or 0), out, err

    def figures(self, *words: object) -> dict[str, Any]:
        """Return the document of a command that succeeds."""
        code, out, err = self.run(*words, "--json")
        assert code == 0, err
        return dict(json.loads(out))

    def refused(self, *words: object) -> set[str]:
        """Return the options that a command is refused for."""
        code, out, err = self.run(*words, "--json")
        assert code == 2
        assert err
        return {fault["field"] for fault in json.loads(out)["error"]}


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str]) -> Shell:
    """Return a shell."""
    return Shell(capsys)


ROLLOVER = ("rollover", "--amount", "20000000", "--days", "10", "--monthly-fee")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((*ROLLOVER, "0.006"), {"fee_fen": 4_000_000, "month_days": 30}),
        ((*ROLLOVER, "8‰"), {"fee_fen": 5_333_333}),
        ((*ROLLOVER, "0.6%", "--halved"), {"fee_fen": 2_000_000, "reduction_fen": 2_000_000}),
        ((*ROLLOVER, "0.006", "--month-days", "31"), {"fee_fen": 3_870_968}),
        (
            ("guarantee", "--amount", "500000", "--rate", "0.005", "--days", "182"),
            {"daily_fen": 685, "used_fen": 124_658, "upfront_fen": 250_000, "saved_fen": 125_342},
        ),
        (
            ("guarantee", "--amount", "50万", "--rate", "0.5%", "--days", "182",
             "--day-count", "ACT/360"),
            {"daily_fen": 694, "used_fen": 126_389},
        ),
        (
            ("premium", "--premium", "10万", "--subsidy", "90%"),
            {"pays_fen": 1_000_000, "subsidy_fen": 9_000_000},
        ),
        (("premium", "--premium", "10万", "--subsidy", "60%"), {"pays_fen": 4_000_000}),
        (
            ("premium", "--premium", "10万", "--subsidy", "90%", "--cap", "8万"),
            {"pays_fen": 2_000_000},
        ),
        (
            ("subsidy", "--amount", "990万", "--rate", "2.65%"),
            {"interest_fen": 26_235_000, "net_rate": "0.0265"},
        ),
        (
            ("subsidy", "--amount", "990万", "--rate", "2.95%", "--cut", "0.3%",
             "--authority", "0.2%", "--points", "0.1%", "--most-loan", "1000万"),
            {"rate": "0.0275", "cut_refused": "0.001", "subsidy_fen": 990_000,
             "pays_fen": 26_235_000, "net_rate": "0.0265"},
        ),
        (
            ("savings", "--loans", "28", "--book", "2824.5万", "--saved", "91.5万",
             "--fall", "54%"),
            {"mean_loan_fen": 100_875_000, "share_of_book": "0.03239511418",
             "rate_before": "0.059990952184", "rate_after": "0.027595838005"},
        ),
        (
            ("tranches", "--amount", "300万", "--shares", "40/40/20",
             "--reached", "1", "--failed", "2"),
            {"paid_fen": 120_000_000, "unpaid_fen": 180_000_000, "failed_at": "2", "awaits": []},
        ),
        (
            ("tranches", "--amount", "300万", "--shares", "40%/0.4/20%", "--milestone", "a",
             "--milestone", "b", "--milestone", "c", "--reached", "a"),
            {"paid_fen": 120_000_000, "awaits": ["b"]},
        ),
        (
            ("tranches", "--amount", "300万", "--shares", "40/40/20", "--milestone",
             "private_money", "--milestone", "review/new_financing", "--milestone", "项目验收",
             "--reached", "社会资本到位", "--reached", "new_financing"),
            {"paid_fen": 240_000_000, "awaits": ["acceptance"]},
        ),
        (
            ("revolving", "--use", "50万@2026-01-01..2026-07-02", "--rate", "4%",
             "--guarantee-rate", "0.5%", "--limit", "50万"),
            {"interest_fen": 997_260, "guarantee_fen": 124_658, "most_used_fen": 50_000_000},
        ),
        (
            (*LOAN, "--rate", "4%", "--every", "12"),
            {"effective": "0.04", "simple": "0.04", "interest_fen": 4_000_000},
        ),
        (
            (*LOAN, "--rate", "4%", "--fee-once", "1%", "--fee-fixed", "100", "--fee-monthly",
             "0.1%", "--guarantee-rate", "0.5%", "--guarantee-mode", "yearly", "--premium", "2000",
             "--subsidy", "1万@2026-06-30", "--subsidy", "5000@2027-03-01"),
            {"fees_fen": 2_210_000, "guarantee_fen": 500_000, "premium_fen": 200_000,
             "subsidy_fen": 1_500_000, "net_cost_fen": 5_409_999, "end": "2027-01-15"},
        ),
    ],
)  # fmt: skip
def test_the_figures_of_each_calculator(
    shell: Shell, words: tuple[str, ...], expected: dict[str, Any]
) -> None:
    """The figures of the sources, and neighbours; twelve months of interest lose one fen."""
    found = shell.figures(*words)
    assert {key: found[key] for key in expected} == expected


@pytest.mark.parametrize("plan", ["bullet", "instalments", "principal", "等额本息"])
def test_every_plan_is_paid_off_in_the_document(shell: Shell, plan: str) -> None:
    """Payments and flows are listed, and principal adds up to the amount."""
    found = shell.figures(*LOAN, "--rate", "4.35%", "--plan", plan, "--day-count", "30/360")
    assert sum(p["principal_fen"] for p in found["payments"]) == 100_000_000
    assert len(found["payments"]) == 12
    assert -sum(f["amount_fen"] for f in found["flows"]) == found["net_cost_fen"]


def test_a_rate_may_come_from_the_users_lpr_table(shell: Shell, tmp_path: Path) -> None:
    """The figure of the first day, or the last before it, with the spread."""
    table = tmp_path / "lpr.csv"
    table.write_text(LPR, encoding="utf-8")
    words = ("loan", "--amount", "100万", "--months", "12", "--lpr", table, "--spread-bp", "-45")
    assert shell.figures(*words, "--start", "2026-02-19")["rate"] == "0.0265"
    longer = shell.figures(*words, "--start", "2026-02-20", "--tenor", "5y")
    assert longer["rate"] == "0.0305"


def test_a_day_without_lpr_is_an_error_that_names_it(shell: Shell, tmp_path: Path) -> None:
    """And so are a missing file, and a table with a broken row."""
    table = tmp_path / "lpr.csv"
    table.write_text(LPR, encoding="utf-8")
    words = ("loan", "--amount", "100万", "--months", "12", "--lpr")
    code, _, err = shell.run(*words, table, "--start", "2026-01-19", "--lang", "en")
    assert code == 2
    assert "2026-01-19" in err
    assert shell.refused(*words, tmp_path / "none.csv", "--start", "x") == {"--lpr", "--start"}
    table.write_text("date,1y\n2026-01-20,3.10\n", encoding="utf-8")
    code, _, err = shell.run(*words, table, "--start", "2026-01-20", "--lang", "en")
    assert code == 2
    assert "lpr.csv · #2 · 1y" in err


@pytest.mark.parametrize(
    ("words", "options"),
    [
        (
            ("rollover", "--amount", "0", "--days", "-1", "--monthly-fee", "300%",
             "--month-days", "0"),
            {"--amount", "--days", "--monthly-fee", "--month-days"},
        ),
        (
            ("rollover", "--amount", "abc", "--days", "1.5", "--monthly-fee", "NaN"),
            {"--amount", "--days", "--monthly-fee"},
        ),
        (
            ("guarantee", "--amount", "x", "--rate", "3", "--days", "1", "--day-count", "ACT/1"),
            {"--amount", "--rate", "--day-count"},
        ),
        (("premium", "--premium", "0", "--subsidy", "101%", "--cap", "?"),
         {"--premium", "--subsidy", "--cap"}),
        (("tranches", "--amount", "1万", "--shares", "40/40/21"), {"--shares"}),
        (("tranches", "--amount", "0", "--shares", "x"), {"--amount", "--shares"}),
        (("tranches", "--amount", "1万", "--shares", "50/50", "--milestone", "a"),
         {"--milestone"}),
        (("tranches", "--amount", "1万", "--shares", "50/50", "--reached", "2"), {"--reached"}),
        (("tranches", "--amount", "1万", "--shares", "50/50", "--failed", "2"), {"--failed"}),
        (("tranches", "--amount", "1万", "--shares", "50/50", "--reached", "1", "--failed", "1"),
         {"--failed"}),
        (
            ("subsidy", "--amount", "1001万", "--rate", "2%", "--most-loan", "1000万",
             "--months", "-1", "--cut", "NaN"),
            {"--amount", "--months", "--cut"},
        ),
        (("subsidy", "--amount", "1000万", "--rate", "2%", "--most-loan", "1000万",
          "--most-excluded"), {"--amount"}),
        (("savings", "--loans", "0", "--book", "x", "--saved", "1万", "--fall", "0"),
         {"--loans", "--book", "--fall"}),
        ((*LOAN[:-1], "0", "--rate", "300%", "--plan", "x", "--subsidy", "5", "--premium", "-1"),
         {"--months", "--rate", "--plan", "--subsidy", "--premium"}),
        ((*LOAN, "--rate", "4%", "--subsidy", "5@2026-01-14"), {"--subsidy"}),
        (LOAN, {"--rate, --lpr"}),
        (
            ("revolving", "--use", "1万@2026-01-02..2026-01-02", "--use", "x", "--rate", "4"),
            {"--use 1万@2026-01-02..2026-01-02", "--use", "--rate"},
        ),
    ],
)  # fmt: skip
def test_bad_input_names_every_option_and_leaves_with_2(
    shell: Shell, words: tuple[str, ...], options: set[str]
) -> None:
    """Slips of words and of figures are told together, under the names as typed."""
    assert shell.refused(*words) == options


def test_a_fault_shows_the_word_as_it_was_typed(shell: Shell) -> None:
    """Not the fen or the Decimal that was made of it."""
    _, _, err = shell.run("subsidy", "--amount", "1001万", "--rate", "2%", "--most-loan", "1000万")
    assert "--amount：取值不可用 '1001万'；应为：不大于 1,000万元" in err


def test_a_shell_gets_one_document_and_people_their_table() -> None:
    """As a process of its own: JSON alone on stdout, the table in Chinese on stderr."""
    done = matcher("cost", "guarantee", "--amount", "500000", "--rate", "0.005", "--days", "182",
                   "--json")  # fmt: skip
    assert json.loads(done.out)["used_fen"] == 124_658
    assert "1,246.58元" in done.err
    assert "2,500.00元" in done.err


def test_the_table_of_a_guarantee_is_in_english_on_demand(shell: Shell) -> None:
    """With the sentence on rounding."""
    words = ("guarantee", "--amount", "500000", "--rate", "0.005", "--days", "182")
    _, english, _ = shell.run(*words, "--lang", "en")
    assert "1,246.58 yuan" in english
    assert "rounded once" in english


def test_people_see_the_plan_of_a_loan_and_a_long_one_is_cut_short(shell: Shell) -> None:
    """A plan of 36 payments shows the first 24 and the last."""
    words = ("loan", "--amount", "100万", "--start", "2026-01-15", "--months", "36")
    _, out, _ = shell.run(*words, "--rate", "4%", "--plan", "principal", "--lang", "en")
    assert "2028-01-15" in out
    assert "2028-02-15" not in out
    assert "2029-01-15" in out
    assert "all-in yearly cost" in out


@pytest.mark.parametrize(
    "words",
    [
        ("tranches", "--amount", "300万", "--shares", "40/40/20", "--reached", "1"),
        ("subsidy", "--amount", "990万", "--rate", "2.65%"),
        ("savings", "--loans", "28", "--book", "2824.5万", "--saved", "91.5万"),
        ("premium", "--premium", "10万", "--subsidy", "90%"),
        (*ROLLOVER, "0.006"),
    ],
)
def test_every_calculator_speaks_both_languages(shell: Shell, words: tuple[str, ...]) -> None:
    """No Chinese in the English table, and Chinese in the Chinese one."""
    _, english, _ = shell.run(*words, "--lang", "en")
    _, chinese, _ = shell.run(*words, "--lang", "zh")
    assert not any("一" <= c <= "鿿" for c in english)
    assert any("一" <= c <= "鿿" for c in chinese)
