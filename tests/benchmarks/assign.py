"""Side by side: the auction, OR-Tools' minimum-cost flow, HiGHS and greedy on the same arrays.

    python -m tests.benchmarks.assign                        # the instances of the issue
    python -m tests.benchmarks.assign small middle-ties --repeat 5 --json times.json
    python -m tests.benchmarks.assign growth-1m growth-20m --methods auction --cores 1

Every method runs in a process of its own, from arrays to answer, ``--repeat`` times; the table
shows medians. Compilation is done before, on a tiny instance, and its time is reported.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import numpy as np

from tests.benchmarks.instances import RECIPES, Instance, Recipe, make

_ISSUE = [name for name in RECIPES if name.startswith(("small", "middle", "large"))]
_SMALL_ONLY = ("highs", "greedy")
_COLUMNS = ("instance", "method", "wall s", "CPU s", "times", "gap", "objective", "MB more", "MB")

Answer = dict[str, Any]


def auction(instance: Instance, gap: float) -> Answer:
    """Run ``solve(problem, "auction")``."""
    return _ours(instance, "auction", gap)


def exact(instance: Instance, gap: float) -> Answer:
    """Run the auction with a gap of 0."""
    return _ours(instance, "auction", 0.0)


def greedy(instance: Instance, gap: float) -> Answer:
    """Run ``solve(problem, "greedy")``."""
    return _ours(instance, "greedy", gap)


def highs(instance: Instance, gap: float) -> Answer:
    """Solve the LP relaxation, which is integral here, by scipy's HiGHS."""
    from matcher.assign import Problem, bound
    from matcher.assign.relaxation import lp_multipliers

    problem = Problem.from_arrays(**instance.arguments())
    prices = lp_multipliers(problem, 600.0)
    return {"objective": None if prices is None else bound(problem, *prices), "gap": 0.0}


def ortools(instance: Instance, gap: float) -> Answer:
    """Run SimpleMinCostFlow; scores that are not whole are rounded to 2**-20."""
    from ortools.graph.python import min_cost_flow

    needs, options = instance.num_needs, instance.num_options
    scale = 1 if (instance.weight == np.rint(instance.weight)).all() else 2**20
    cost = -np.rint(instance.weight.astype(np.float64) * scale).astype(np.int64)
    sink = needs + options
    one, none = np.ones(needs, dtype=np.int64), np.zeros(sink, dtype=np.int64)
    flow = min_cost_flow.SimpleMinCostFlow()
    add = flow.add_arcs_with_capacity_and_unit_cost
    add(instance.need, instance.option + needs, np.ones(len(cost), dtype=np.int64), cost)
    add(np.arange(needs), np.full(needs, sink), one, none[:needs])
    add(np.arange(needs, sink), np.full(options, sink), instance.option_limit, none[:options])
    flow.set_nodes_supplies(np.arange(needs), one)
    flow.set_node_supply(sink, -needs)
    status = flow.solve()
    taken = flow.flows(np.arange(len(cost))) > 0
    assert status == flow.OPTIMAL
    return {"objective": float(instance.weight[taken].sum(dtype=np.float64)), "gap": 0.0}


METHODS: dict[str, Callable[[Instance, float], Answer]] = {
    "auction": auction,
    "exact": exact,
    "ortools": ortools,
    "highs": highs,
    "greedy": greedy,
}


def _ours(instance: Instance, method: str, gap: float) -> Answer:
    from matcher.assign import Problem, solve

    problem = Problem.from_arrays(**instance.arguments())
    result = solve(problem, method, gap=gap, time_limit=600.0)
    return {"objective": result.objective, "gap": result.gap, "status": result.status.value}


# --- one method on one instance, in a process of its own ----------------------------------------


def run_one(folder: Path, method: str, repeat: int, gap: float) -> Answer:
    """Run a method on the arrays saved in a folder and return its medians."""
    begun = perf_counter()
    METHODS[method](make(Recipe(3_000, 10, 8)), 1e-9)  # compiles, or loads what was compiled
    if method in ("auction", "exact"):
        METHODS[method](make(Recipe(30_000, 10, 8)), gap)
    warm_up = perf_counter() - begun
    instance = _load(folder)
    before = _memory("VmRSS")
    _forget_peak()
    runs, answer = [], {}
    for turn in range(repeat):
        wall, cpu = perf_counter(), process_time()
        answer = METHODS[method](instance, gap)
        runs.append((perf_counter() - wall, process_time() - cpu))
        if turn == 0:
            peak = _memory("VmHWM")
    return {
        **answer,
        "wall_s": statistics.median(wall for wall, _ in runs),
        "cpu_s": statistics.median(cpu for _, cpu in runs),
        "warm_up_s": warm_up,
        "peak_mb": peak,
        "more_mb": peak - before,
    }


def keep_cores(most: int) -> None:
    """Let this process use no more than so many cores, where the system allows to say so."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:most])


def _load(folder: Path) -> Instance:
    arrays = {path.stem: np.load(path) for path in folder.glob("*.npy")}
    sizes = json.loads((folder / "sizes.json").read_text())
    return Instance(**arrays, **sizes)


def _save(instance: Instance, folder: Path) -> None:
    given = instance.arguments()
    for name, value in given.items():
        if isinstance(value, np.ndarray):
            np.save(folder / f"{name}.npy", value)
    sizes = {name: given[name] for name in ("num_needs", "num_options")}
    (folder / "sizes.json").write_text(json.dumps(sizes))


def _forget_peak() -> None:
    """Let the kernel forget the peak of memory so far, where there is such a kernel."""
    reset = Path("/proc/self/clear_refs")
    if reset.exists():
        reset.write_text("5")


def _memory(name: str) -> float:
    """Return a line of /proc/self/status in MB; elsewhere the peak since the process began."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    line = next(line for line in status.read_text().splitlines() if line.startswith(name))
    return int(line.split()[1]) / 1024


# --- all of them, and the table -----------------------------------------------------------------


def run_all(args: argparse.Namespace) -> list[Answer]:
    """Run every method on every instance and print a line for each as it ends."""
    lines = []
    print(_row(_COLUMNS))
    for name in args.instances:
        with tempfile.TemporaryDirectory() as folder:
            _save(make(RECIPES[name], args.seed), Path(folder))
            mine = [
                _child(folder, name, method, args)
                for method in args.methods
                if name.startswith("small") or method not in _SMALL_ONLY
            ]
        rival = next((line["wall_s"] for line in mine if line["method"] == "ortools"), None)
        for line in mine:
            line["times"] = None if rival is None else rival / line["wall_s"]
            print(_row(_cells(line)), flush=True)
        lines += mine
    return lines


def _child(folder: str, name: str, method: str, args: argparse.Namespace) -> Answer:
    words = ["--one", folder, method, "--repeat", str(args.repeat), "--gap", str(args.gap)]
    words += ["--cores", str(args.cores)]
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.assign", *words],
        stdout=subprocess.PIPE,
        check=True,
    )
    line = {"instance": name, "edges": RECIPES[name].num_edges, "method": method}
    return {**line, **json.loads(done.stdout)}


def _cells(line: Answer) -> tuple[str, ...]:
    times = "" if line["times"] is None else f"{line['times']:.1f}x"
    objective = "" if line["objective"] is None else f"{line['objective']:.3f}"
    seconds = (f"{line['wall_s']:.3f}", f"{line['cpu_s']:.3f}")
    memory = (f"{line['more_mb']:.0f}", f"{line['peak_mb']:.0f}")
    return (line["instance"], line["method"], *seconds, times, f"{line['gap']:.1e}", objective,
            *memory)  # fmt: skip


def _row(cells: tuple[str, ...]) -> str:
    widths = (16, 8, 8, 8, 7, 8, 14, 8, 6)
    left = [cell.ljust(width) for cell, width in zip(cells[:2], widths[:2], strict=True)]
    right = [cell.rjust(width) for cell, width in zip(cells[2:], widths[2:], strict=True)]
    return " ".join([*left, *right])


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("instances", nargs="*", default=_ISSUE, help=", ".join(RECIPES))
    parser.add_argument("--methods", nargs="+", default=["auction", "exact", "ortools"])
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--gap", type=float, default=1e-4)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--cores", type=int, default=2, help="use no more than so many")
    parser.add_argument("--json", type=Path, help="write every number here")
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.one:
        keep_cores(args.cores)
        folder, method = args.one
        print(json.dumps(run_one(Path(folder), method, args.repeat, args.gap)))
        return
    lines = run_all(args)
    if args.json:
        args.json.write_text(json.dumps(lines, indent=1))


if __name__ == "__main__":
    main()
