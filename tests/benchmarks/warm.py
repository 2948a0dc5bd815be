"""Warm against cold: one limit changes and the earlier result is where to begin.

    python -m tests.benchmarks.warm
    python -m tests.benchmarks.warm growth-1m --methods auction --repeat 9 --json warm.json

The most wanted option gets one place less or more, or a tenth; then the most wanted group. Cold
and warm solve the same changed problem in the same run, each ``--repeat`` times; the table shows
medians. ``cold s`` and ``warm s`` are wall clock from the arrays and the changed limit to the
answer: cold reads the arrays, warm is told what is new in the problem that was solved. ``solve`` is
the ratio where both begin with a problem that is read already, and ``CPU`` that of processor time.
Compilation is done before, on a tiny instance.

Every warm solve is of a new variant of the problem that was solved first, as when somebody asks for
the first time. Variants share what was found out about their edges (`EdgeMemo`), as questions about
one pool come in rows: ``again`` is the wall clock of asking once more, as in ``solve``.
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections.abc import Callable, Iterator
from dataclasses import fields
from itertools import groupby
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import numpy as np

from matcher.assign import Problem, Result, solve
from tests.benchmarks.instances import RECIPES, Recipe, make
from tests.benchmarks.instances_general import GENERAL, GeneralRecipe, make_general

_NAMES = {"auction": ["growth-1m", "middle", "large"], "dual": ["small", "middle"]}
_HEADER = (
    "instance         method   change             cold s   warm s    ratio    solve      CPU"
    "    again   cold gap   warm gap"
)
_GROUP = 10
"""Options of a group."""


def counted(recipe: Recipe) -> Problem:
    """Return an instance of unit limits, groups with nine tenths of the places of their options."""
    instance = make(recipe)
    group = np.arange(recipe.num_options) // _GROUP
    limit = np.bincount(group, instance.option_limit) * 0.9
    return Problem.from_arrays(
        **instance.arguments(), group=group, group_limit=limit.astype(np.int64)
    )


def plain(recipe: Recipe) -> Problem:
    """Return an instance of unit limits of options alone."""
    return Problem.from_arrays(**make(recipe).arguments())


def general(recipe: GeneralRecipe) -> Problem:
    """Return an instance with general pools."""
    return Problem.from_arrays(**make_general(recipe))


def changes(problem: Problem, result: Result) -> Iterator[tuple[str, str, Any]]:
    """Yield other limits of options, then groups: that of the dearest is changed."""
    for kind in ("option_limit", "group_limit"):
        limits = getattr(problem, kind)
        if limits is None:
            continue
        rows = [r for r, label in enumerate(problem.rows.labels) if label[0] == kind]
        dearest = problem.row_label(max(rows, key=lambda r: result.multipliers[r]))[1]
        tenth = max(1, int(limits[dearest]) // 10)
        for more in (-1, 1, -tenth, tenth):
            changed = limits.copy()
            changed[dearest] += more
            yield f"{kind.split('_')[0]} {more:+d}", kind, changed


def timed(
    repeat: int, run: Callable[[Any], Result], ready: Callable[[], Any] = lambda: None
) -> tuple[Result, float, float]:
    """Return the result of ``run(ready())``, and the medians of wall clock and processor time.

    What ``ready`` does is not timed.
    """
    wall, cpu = [], []
    for _ in range(repeat):
        given = ready()
        begun, used = perf_counter(), process_time()
        result = run(given)
        wall.append(perf_counter() - begun)
        cpu.append(process_time() - used)
    return result, statistics.median(wall), statistics.median(cpu)


def compare(name: str, method: str, problem: Problem, args: Any) -> Iterator[dict[str, Any]]:
    """Yield one line for each change."""
    first = solve(problem, method, gap=args.gap, time_limit=600.0)
    for change, kind, limits in changes(problem, first):
        arrays = arguments(problem) | {kind: limits}

        def run(start: Result | None, changed: Problem) -> Result:
            return solve(changed, method, gap=args.gap, time_limit=600.0, warm_start=start)

        def variant(kind: str = kind, limits: Any = limits) -> Problem:
            other = problem.replace(**{kind: limits})
            _ = other.in_order, other.rows, other.all_free
            return other

        def forget() -> None:
            problem.memo.edges.clear()

        def afresh(variant: Any = variant) -> Problem:
            forget()
            return variant()

        def read(_: None, arrays: Any = arrays) -> Result:
            return run(None, Problem.from_arrays(**arrays))

        def told(_: None, kind: str = kind, limits: Any = limits) -> Result:
            return run(first, problem.replace(**{kind: limits}))

        cold, cold_s, _ = timed(args.repeat, read)
        warm, warm_s, _ = timed(args.repeat, told, forget)
        _, cold_solve, cold_cpu = timed(args.repeat, lambda p: run(None, p), variant)
        _, warm_solve, warm_cpu = timed(args.repeat, lambda p: run(first, p), afresh)
        _, again, _ = timed(args.repeat, lambda p: run(first, p), variant)
        yield {
            "instance": name, "method": method, "change": change, "edges": problem.num_edges,
            "cold_s": cold_s, "warm_s": warm_s, "ratio": warm_s / cold_s,
            "cold_solve_s": cold_solve, "warm_solve_s": warm_solve,
            "solve_ratio": warm_solve / cold_solve, "cpu_ratio": warm_cpu / cold_cpu,
            "again_ratio": again / cold_solve, "cold_gap": cold.gap, "warm_gap": warm.gap,
        }  # fmt: skip


def arguments(problem: Problem) -> dict[str, Any]:
    """Return the arrays that a problem was read from, as `Problem.from_arrays` takes them."""
    return {field.name: getattr(problem, field.name) for field in fields(problem) if field.init}


def run_all(args: Any) -> Iterator[dict[str, Any]]:
    """Yield every line of the table."""
    for method in args.methods:
        kinds: dict[str, list[tuple[Any, Any, str]]] = {
            "auction": [(plain, RECIPES, ""), (counted, RECIPES, "+groups")],
            "dual": [(general, GENERAL, "")],
        }
        for build, recipes, suffix in kinds[method]:
            _compile(build, method)
            for name in args.names or _NAMES[method]:
                yield from compare(name + suffix, method, build(recipes[name]), args)


def _compile(build: Any, method: str) -> None:
    recipe = Recipe(3_000, 20, 8)
    problem = build(GeneralRecipe(recipe) if build is general else recipe)
    first = solve(problem, method)
    for _, kind, limits in changes(problem, first):
        solve(problem.replace(**{kind: limits}), method, warm_start=first)


def row(line: dict[str, Any]) -> str:
    """Return a line of the table."""
    return (
        f"{line['instance']:16} {line['method']:8} {line['change']:14} {line['cold_s']:10.4f} "
        f"{line['warm_s']:8.4f} {line['ratio']:8.3f} {line['solve_ratio']:8.3f} "
        f"{line['cpu_ratio']:8.3f} {line['again_ratio']:8.3f} "
        f"{line['cold_gap']:10.1e} {line['warm_gap']:10.1e}"
    )


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--methods", nargs="+", choices=list(_NAMES), default=list(_NAMES))
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--gap", type=float, default=1e-4)
    parser.add_argument("--json", type=Path, help="write every number here")
    args = parser.parse_args()
    print(_HEADER)
    lines = []
    for instance, group in groupby(run_all(args), key=lambda line: line["instance"]):
        of_instance = []
        for line in group:
            of_instance.append(line)
            print(row(line), flush=True)
        ratios = [line["ratio"] for line in of_instance]
        print(
            f"{instance:16} median ratio {statistics.median(ratios):.3f}, worst {max(ratios):.3f}"
        )
        lines += of_instance
    if args.json:
        args.json.write_text(json.dumps(lines, indent=1))


if __name__ == "__main__":
    main()
