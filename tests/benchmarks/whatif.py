"""What-if: one pool changed and solved warm against cold, and a sweep on one core and on two.

    python -m tests.benchmarks.whatif
    python -m tests.benchmarks.whatif --methods dual --repeat 3 --json whatif.json
    python -m tests.benchmarks.whatif --parts questions

``pool``: at 1 M edges the dearest limit in places (``auction``) or quota of money (``dual``) holds
a tenth more or less; cold and warm solve the same changed problem in the same run, medians of
``--repeat``. Warm begins at the baseline's matches and multipliers and has to prove the same gap.
``questions``: the seed market, as staff ask it, by wall clock: a scenario with its comparison, and
a curve of ten points in one process and in two.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

import seeds
from matcher.assign import Problem, Result, solve
from matcher.market import Market
from matcher.planning.effort import Effort
from matcher.scoring.weights import default_weights
from matcher.whatif.compare import compare
from matcher.whatif.lever import Lever
from matcher.whatif.scenario import Scenario
from matcher.whatif.setting import Setting
from matcher.whatif.solving import solve_setting
from matcher.whatif.sweep import sweep
from tests.benchmarks.instances import RECIPES, Recipe, make
from tests.benchmarks.instances_general import GeneralRecipe, make_general
from tests.benchmarks.warm import timed

_ONE_MILLION = Recipe(50_000, 1_000, 20, skew=0.5)
_TINY = Recipe(3_000, 20, 8)
_HEADER = (
    "method   change            edges     cold s   warm s    ratio  CPU ratio   cold gap   warm gap"
)


def _auction(recipe: Recipe) -> Problem:
    return Problem.from_arrays(**make(recipe).arguments())


def _dual(recipe: Recipe) -> Problem:
    return Problem.from_arrays(**make_general(GeneralRecipe(recipe)))


BUILD = {"auction": _auction, "dual": _dual}


def changed_pools(problem: Problem, result: Result) -> Iterator[tuple[str, str, Any]]:
    """Yield other quotas of money, or of places: the dearest is a tenth off."""
    kind = "option_limit" if problem.option_quota is None else "option_quota"
    rows = [r for r, label in enumerate(problem.rows.labels) if label[0] == kind]
    worth = result.multipliers * problem.row_capacity
    index = problem.row_label(max(rows, key=lambda r: float(worth[r])))[1]
    for tenths in (9, 11):
        limits = np.array(getattr(problem, kind))
        limits[index] = -(-int(limits[index]) * tenths // 10)
        yield f"{kind} × {tenths / 10}", kind, limits


def warm_and_cold(method: str, recipe: Recipe, args: Any) -> Iterator[dict[str, Any]]:
    """Yield a line for each change of one method."""
    problem = BUILD[method](recipe)
    first = solve(problem, method, gap=args.gap, time_limit=60.0)
    for change, kind, limits in changed_pools(problem, first):

        def run(start: Result | None, changed: Problem) -> Result:
            return solve(changed, method, gap=args.gap, time_limit=60.0, warm_start=start)

        def variant(kind: str = kind, limits: Any = limits) -> Problem:
            problem.memo.edges.clear()
            other = problem.replace(**{kind: limits})
            _ = other.in_order, other.rows, other.all_free
            return other

        cold, cold_s, cold_cpu = timed(args.repeat, lambda p: run(None, p), variant)
        warm, warm_s, warm_cpu = timed(args.repeat, lambda p: run(first, p), variant)
        yield {
            "method": method, "change": change, "edges": problem.num_edges, "cold_s": cold_s,
            "warm_s": warm_s, "ratio": warm_s / cold_s, "cpu_ratio": warm_cpu / cold_cpu,
            "cold_gap": cold.gap, "warm_gap": warm.gap,
        }  # fmt: skip


def row(line: dict[str, Any]) -> str:
    """Return a line of the table."""
    return (
        f"{line['method']:8} {line['change']:16} {line['edges']:9,} {line['cold_s']:9.3f} "
        f"{line['warm_s']:8.3f} {line['ratio']:8.3f} {line['cpu_ratio']:10.3f} "
        f"{line['cold_gap']:10.1e} {line['warm_gap']:10.1e}"
    )


def questions() -> Iterator[dict[str, Any]]:
    """Yield how long the questions about the seed market take."""
    market = Market.from_records(seeds.load(), seeds.SEED_DATE)
    setting, effort = Setting(market, default_weights()), Effort()
    begun = perf_counter()
    baseline = solve_setting(setting, effort)
    yield {"question": "baseline", "s": perf_counter() - begun}
    pool = max(market.pools, key=lambda p: (p.revolving, p.capacity))
    lever = Lever("pools", pool.pool_id, "capacity")
    begun = perf_counter()
    scenario = Scenario("twice", (lever.change(2 * pool.capacity),))
    after = scenario.apply(setting).after
    warm = solve_setting(after, effort, baseline.earlier, like=baseline.graph)
    yield {"question": "one pool, solved", "s": perf_counter() - begun}
    begun = perf_counter()
    compare(baseline, warm)
    yield {"question": "two plans compared", "s": perf_counter() - begun}
    values = [pool.capacity * k // 5 for k in range(1, 11)]
    for workers in (1, 2):
        begun = perf_counter()
        sweep(setting, lever, values, effort, baseline.earlier, baseline.graph, workers)
        name = f"curve of 10 points, {workers} process(es)"
        yield {"question": name, "s": perf_counter() - begun}


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--methods", nargs="+", choices=list(BUILD), default=list(BUILD))
    parser.add_argument("--parts", nargs="+", default=["pool", "questions"])
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--gap", type=float, default=1e-4)
    parser.add_argument("--json", type=Path, help="write every number here")
    args = parser.parse_args()
    lines: list[dict[str, Any]] = []
    if "pool" in args.parts:
        print(_HEADER)
        for method in args.methods:
            _ = list(warm_and_cold(method, _TINY, argparse.Namespace(repeat=1, gap=args.gap)))
            recipe = RECIPES["growth-1m"] if method == "auction" else _ONE_MILLION
            for line in warm_and_cold(method, recipe, args):
                lines.append(line)
                print(row(line), flush=True)
    if "questions" in args.parts:
        for line in questions():
            lines.append(line)
            print(f"{line['question']:36} {line['s']:8.2f} s", flush=True)
    if args.json:
        args.json.write_text(json.dumps(lines, indent=1))


if __name__ == "__main__":
    main()
