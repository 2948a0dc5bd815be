"""Certificates: what it takes to check a result beside what it took to find it.

    python -m tests.benchmarks.certificates

``pass`` is the time of one look at all edges, the least that any check of the bound needs: what
all needs gain at the prices, on two threads. ``check`` is the independent checker.
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from matcher.assign import Problem, bound, check, solve
from tests.benchmarks.instances import RECIPES, Recipe, make
from tests.benchmarks.instances_general import GENERAL, make_general


def timed(repeat: int, run: Callable[[], object]) -> tuple[float, float]:
    """Return the medians of wall clock and of processor time."""
    wall, cpu = [], []
    for _ in range(repeat):
        begun, used = perf_counter(), process_time()
        run()
        wall.append(perf_counter() - begun)
        cpu.append(process_time() - used)
    return statistics.median(wall), statistics.median(cpu)


def measure(name: str, method: str, repeat: int) -> dict[str, Any]:
    """Return the times of solving, of one pass and of checking."""
    given = make(RECIPES[name]).arguments() if method == "auction" else make_general(GENERAL[name])
    problem = Problem.from_arrays(**given)
    _ = problem.in_order, problem.rows
    result = solve(problem, method, time_limit=600.0)
    times = {
        "solve": timed(repeat, lambda: solve(problem, method, time_limit=600.0)),
        "pass": timed(repeat, lambda: bound(problem, result.multipliers)),
        "check": timed(1, lambda: check(problem, result)),
    }
    line: dict[str, Any] = {"instance": name, "method": method, "edges": problem.num_edges}
    for what, (wall, cpu) in times.items():
        line |= {f"{what}_s": wall, f"{what}_cpu_s": cpu}
    return {**line, "check_over_solve": line["check_cpu_s"] / line["solve_cpu_s"]}


def main() -> None:
    """Print a line for each instance."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--auction", nargs="*", default=["small", "middle"])
    parser.add_argument("--dual", nargs="*", default=["small", "middle"])
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--json", type=Path, help="write every number here")
    args = parser.parse_args()
    solve(Problem.from_arrays(**make(Recipe(30_000, 10, 8)).arguments()), "auction")
    solve(Problem.from_arrays(**make_general(GENERAL["tiny"])), "dual")
    print("instance   method       edges  solve CPU s  pass CPU s  check CPU s  check/solve")
    lines = []
    for method, names in (("auction", args.auction), ("dual", args.dual)):
        for name in names:
            line = measure(name, method, args.repeat)
            lines.append(line)
            print(
                f"{name:10} {method:8} {line['edges']:10,} {line['solve_cpu_s']:12.3f} "
                f"{line['pass_cpu_s']:11.4f} {line['check_cpu_s']:12.3f} "
                f"{line['check_over_solve']:12.2f}",
                flush=True,
            )
    if args.json:
        args.json.write_text(json.dumps(lines, indent=1))


if __name__ == "__main__":
    main()
