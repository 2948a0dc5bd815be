"""Dual against HiGHS' relaxation and greedy on general pools: a table, and JSON.

``python -m tests.benchmarks.general [--json FILE] [--lp-limit SECONDS] [NAME ...]``

Each method runs in a process of its own, so that its peak memory is its own. The relaxation
only bounds, and where time was up it has not even that; dual also has a plan. Greedy's gap is
taken to dual's bound. A first run compiles the kernels; they are compiled on a tiny instance
before anything is timed.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from matcher.assign import Problem, bound, solve
from matcher.assign.relaxation import lp_multipliers
from tests.benchmarks.instances_general import GENERAL, make_general

METHODS = ("dual", "relaxation", "greedy")
_NAMES = ("tiny", "district", "small")
_HEADER = (
    "instance         method        seconds   x dual    CPU s  CPU x  peak MB     objective"
    "         bound      gap"
)


def measure(name: str, method: str, gap: float, limit: float) -> dict[str, Any]:
    """Solve one instance in this process; seconds are from arrays to answer."""
    if method == "dual":
        solve(Problem.from_arrays(**make_general(GENERAL["tiny"])), "dual")
    problem = Problem.from_arrays(**make_general(GENERAL[name]))
    before = _peak_mb()
    started, used = perf_counter(), process_time()
    if method == "relaxation":
        prices = lp_multipliers(problem, limit)
        seconds = perf_counter() - started
        found = {"bound": None if prices is None else bound(problem, *prices)}
    else:
        result = solve(problem, method, gap=gap, time_limit=limit)
        seconds = perf_counter() - started
        found = {"objective": result.objective, "bound": result.bound, "gap": result.gap}
    cpu = process_time() - used
    memory = {"peak_mb": _peak_mb(), "peak_mb_before": before}
    return {"instance": name, "method": method, "seconds": seconds, "cpu": cpu, **found, **memory}


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _in_own_process(name: str, method: str, gap: float, limit: float) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.benchmarks.general", "--one", name, method]
    command += ["--gap", str(gap), "--lp-limit", str(limit)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def _row(found: dict[str, Any], dual: dict[str, Any]) -> str:
    gap = found.get("gap")
    if found["method"] == "greedy":
        gap = 1 - found["objective"] / dual["bound"]
    shown = ["-" if value is None else f"{value:.9g}" for value in _values(found)]
    told = "-" if gap is None else f"{gap:.1e}"
    times, cpu_times = found["seconds"] / dual["seconds"], found["cpu"] / dual["cpu"]
    more = ">" if found["method"] == "relaxation" and found["bound"] is None else ""
    return (
        f"{found['instance']:16} {found['method']:11} {found['seconds']:9.2f} "
        f"{f'{more}{times:.1f}':>8} {found['cpu']:8.2f} {f'{more}{cpu_times:.1f}':>6} "
        f"{found['peak_mb']:8.0f} {shown[0]:>13} {shown[1]:>13} {told:>8}"
    )


def _values(found: dict[str, Any]) -> tuple[float | None, float | None]:
    # Greedy's own multipliers prove next to nothing; its gap is taken to dual's bound.
    limit = None if found["method"] == "greedy" else found["bound"]
    return found.get("objective"), limit


def main() -> None:
    """Print one row for each instance and method."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=list(_NAMES), metavar="NAME")
    parser.add_argument("--methods", nargs="+", choices=METHODS, default=list(METHODS))
    parser.add_argument("--gap", type=float, default=1e-4)
    parser.add_argument("--lp-limit", type=float, default=300.0)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        print(json.dumps(measure(given.one[0], given.one[1], given.gap, given.lp_limit)))
        return
    print(_HEADER)
    rows = []
    for name in given.names:
        found = [_in_own_process(name, m, given.gap, given.lp_limit) for m in given.methods]
        rows += found
        for one in found:
            print(_row(one, found[0]), flush=True)
    if given.json:
        given.json.write_text(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
