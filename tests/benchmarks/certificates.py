"""Certificates: what it takes to check a result beside what it took to find it.

    python -m tests.benchmarks.certificates

``solve`` is from arrays to answer. ``pass`` is one look at all edges, the least that any check of
the bound needs: what all needs gain at the prices. ``check`` is the independent checker, ``numpy``
the same without its compiled look at the edges. ``check/solve`` is of wall clock first,
of processor time after that: the checker looks with two threads.
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
from matcher.verify import audit_quick
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
    result = solve(problem, method, time_limit=600.0)

    def one_pass() -> None:
        problem.memo.gains = None
        bound(problem, result.multipliers)

    def by_numpy() -> None:
        compiled, audit_quick.LARGE = audit_quick.LARGE, problem.num_edges + 1
        check(problem, result)
        audit_quick.LARGE = compiled

    check(problem, result)  # compiles, or loads what was compiled
    times = {
        "solve": timed(
            repeat if method == "auction" else 1,
            lambda: solve(Problem.from_arrays(**given), method, time_limit=600.0),
        ),
        "pass": timed(repeat, one_pass),
        "check": timed(repeat, lambda: check(problem, result)),
        "numpy": timed(1, by_numpy),
    }
    line: dict[str, Any] = {"instance": name, "method": method, "edges": problem.num_edges}
    for what, (wall, cpu) in times.items():
        line |= {f"{what}_s": wall, f"{what}_cpu_s": cpu}
    for what in ("pass", "check", "numpy"):
        line[f"{what}_over_solve"] = line[f"{what}_cpu_s"] / line["solve_cpu_s"]
    return line


def main() -> None:
    """Print a line for each instance."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--auction", nargs="*", default=["middle", "growth-20m", "large"])
    parser.add_argument("--dual", nargs="*", default=["small", "middle", "large"])
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--json", type=Path, help="write every number here")
    args = parser.parse_args()
    solve(Problem.from_arrays(**make(Recipe(30_000, 10, 8)).arguments()), "auction")
    solve(Problem.from_arrays(**make_general(GENERAL["tiny"])), "dual")
    print(
        "instance   method        edges    solve s    check s  check/solve"
        "   processor time: solve s    check s  pass/solve  check/solve  numpy/solve"
    )
    lines = []
    for method, names in (("auction", args.auction), ("dual", args.dual)):
        for name in names:
            line = measure(name, method, args.repeat)
            lines.append(line)
            print(
                f"{name:10} {method:8} {line['edges']:10,} {line['solve_s']:10.3f} "
                f"{line['check_s']:10.4f} {line['check_s'] / line['solve_s']:12.3f} "
                f"{line['solve_cpu_s']:25.3f} {line['check_cpu_s']:10.4f} "
                f"{line['pass_over_solve']:11.3f} {line['check_over_solve']:12.3f} "
                f"{line['numpy_over_solve']:12.3f}",
                flush=True,
            )
    if args.json:
        args.json.write_text(json.dumps(lines, indent=1))


if __name__ == "__main__":
    main()
