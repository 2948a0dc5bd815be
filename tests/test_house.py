"""The house itself: layers, types, style, packaging, and names that others rely on."""

from __future__ import annotations

import inspect
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TOP_LEVEL = {
    "matcher", "api", "seeds", "tests", "pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md",
}  # fmt: skip


def run(*words: str) -> subprocess.CompletedProcess[str]:
    """Run a tool of this environment at the root."""
    return subprocess.run(
        [sys.executable, "-m", *words], cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    "words",
    [
        ("ruff", "check", "."),
        ("ruff", "format", "--check", "."),
        ("mypy",),
    ],
    ids=lambda words: " ".join(words),
)
def test_the_tools_find_nothing(words: tuple[str, ...]) -> None:
    """Style and types are clean."""
    done = run(*words)
    assert done.returncode == 0, done.stdout + done.stderr


def test_imports_run_downwards_only() -> None:
    """The layers of pyproject.toml are kept."""
    code = "import sys; from importlinter.cli import lint_imports_command as c; c(sys.argv[1:])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_nothing_else_stands_at_the_top() -> None:
    """Only the agreed folders and files, and dotfiles, are tracked at the top level."""
    done = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        pytest.skip("not a git checkout")
    names = {Path(line).parts[0] for line in done.stdout.splitlines()}
    assert {n for n in names if not n.startswith(".")} <= TOP_LEVEL


def test_every_dependency_is_bounded_on_both_sides() -> None:
    """A new major version of a library cannot break an installation silently."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    needed = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    assert all(">=" in word and "<" in word for word in needed)


def test_the_fixed_names_are_there() -> None:
    """Benchmarks are written against these names."""
    from matcher.assign import Pool, Problem, Result, check, solve

    arrays = list(inspect.signature(Problem.from_arrays).parameters)
    assert arrays == [
        "need", "option", "weight", "num_needs", "num_options", "need_limit", "option_limit",
        "amount", "option_quota", "group", "group_limit", "group_quota", "one_per_group",
        "pools", "fixed", "floors",
    ]  # fmt: skip
    assert list(inspect.signature(solve).parameters) == [
        "problem", "method", "gap", "time_limit", "seed", "warm_start", "progress",
    ]  # fmt: skip
    for name in ("status", "chosen", "objective", "bound", "gap", "multipliers", "runtime"):
        assert name in Result.__dataclass_fields__
    assert {"options", "capacity", "unit"} <= set(inspect.signature(Pool).parameters)
    assert list(inspect.signature(check).parameters) == ["problem", "result"]


def test_importing_the_package_creates_nothing() -> None:
    """No settings, engines, handlers or threads exist because something was imported."""
    code = (
        "import logging, threading, matcher.cli, api\n"
        "assert threading.active_count() == 1\n"
        "assert not logging.getLogger().handlers\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
