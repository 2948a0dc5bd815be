"""Which method ``auto`` takes and why, and what a warm start and a progress callback do."""

from __future__ import annotations

import numpy as np
import pytest

from matcher.assign import Problem, Result, check, solve
from matcher.assign.solve import FEW


def market(num_needs: int, quota: int | None, seed: int = 5) -> Problem:
    """Return a seeded problem of ten options a need, places (or money) for six in ten."""
    rng = np.random.default_rng(seed)
    need = np.repeat(np.arange(num_needs), 10)
    option = rng.integers(0, 60, len(need))
    places = np.full(60, num_needs * 6 // 600)
    money = {} if quota is None else {
        "amount": rng.integers(1, 100, len(need)),
        "option_quota": np.full(60, quota),
    }  # fmt: skip
    return Problem.from_arrays(need, option, rng.random(len(need)), num_needs, 60,
                               option_limit=places, **money)  # fmt: skip


@pytest.mark.parametrize(
    ("num_needs", "quota", "method"),
    [(FEW // 10, None, "milp"), (FEW // 10 + 1, None, "auction"), (FEW // 10 + 1, 600, "dual")],
)
def test_auto_takes_the_exact_method_while_it_is_quick_then_the_one_that_fits(
    num_needs, quota, method
):
    """The reason names the method, and the plan is checked whichever it was."""
    problem = market(num_needs, quota)
    result = solve(problem, gap=6e-3)
    check(problem, result)
    assert result.method == method
    assert method in result.reason.en
    assert result.gap is not None
    assert result.gap <= 6e-3


def test_a_warm_start_begins_at_earlier_prices_and_plan():
    """Begun where it ended, the first reading proves the plan; a better plan is never lost."""
    problem = market(3_000, 800)
    first = solve(problem, method="dual", gap=6e-3)
    assert first.gap is not None
    seen: list[float | None] = []

    def told(worth: float | None, bound: float) -> bool:
        seen.append(worth)
        return True

    again = solve(problem, method="dual", gap=first.gap * 1.01, warm_start=first, progress=told)
    check(problem, again)
    assert again.objective is not None
    assert first.objective is not None
    assert again.objective >= first.objective - 1e-9
    assert seen[0] == pytest.approx(first.objective, rel=1e-6)


def test_progress_sees_a_bound_that_holds_and_can_stop_the_search():
    """Told to stop at the first plan, dual returns it with its certificate."""
    problem = market(3_000, 800)
    seen: list[tuple[float | None, float]] = []

    def told(worth: float | None, bound: float) -> bool:
        seen.append((worth, bound))
        return worth is None

    result: Result = solve(problem, method="dual", gap=0.0, progress=told)
    check(problem, result)
    best = solve(problem, method="dual", gap=6e-3)
    assert best.objective is not None
    assert all(bound >= best.objective - 1e-6 for _, bound in seen)
    assert sum(worth is not None for worth, _ in seen) == 1


def test_prices_of_other_rows_are_not_taken():
    """A result of a problem with more rows gives its plan only, and nothing breaks."""
    problem = market(3_000, 800)
    first = solve(problem, method="dual", gap=6e-3)
    fewer = problem.replace(option_limit=None)
    result = solve(fewer, method="dual", gap=6e-3, warm_start=first)
    check(fewer, result)
    assert result.objective is not None
    assert first.objective is not None
    assert result.objective >= first.objective - 1e-9
