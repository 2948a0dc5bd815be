"""Published timetables: solve() beside a plain CP-SAT model and the paper's MaxSAT solver.

    python -m tests.benchmarks.schedule                       all instances
    python -m tests.benchmarks.schedule forum-13 --plain 60   those whose name begins so
    python -m tests.benchmarks.schedule --variants 2          two variants of each original
    python -m tests.benchmarks.schedule --fair                300 firms, 40 banks, 24 slots
    python -m tests.benchmarks.schedule --json numbers.json   the published ones' numbers as well

Every run is a process of its own. The data lies where ``YINQI_DATA`` says.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from time import perf_counter
from typing import Any

from ortools.sat.python import cp_model

from matcher.schedule import Problem, check, read_dzn, solve
from tests.benchmarks.schedule_fair import fair
from tests.benchmarks.schedule_variants import variant

DATA = Path(os.environ.get("YINQI_DATA", "../shared/data")) / "b2bsp"
LIMIT = 180.0


def plain_cpsat(problem: Problem, limit: float) -> tuple[str, int | None, float]:
    """Solve by the model one writes first: x[meeting, slot] and a direct count of breaks.

    Two workers, as the published comparison allows two cores. Returns status, objective and
    seconds.
    """
    started = perf_counter()
    model = cp_model.CpModel()
    x = [[model.new_bool_var("") for _ in problem.slots] for _ in problem.meetings]
    slots = range(len(problem.slots))
    number = {m.meeting_id: i for i, m in enumerate(problem.meetings)}
    place = {s.slot_id: t for t, s in enumerate(problem.slots)}
    away = {(a.participant_id, place[s]) for a in problem.absences for s in a.slots}
    for i, m in enumerate(problem.meetings):
        model.add_exactly_one(x[i])
        for t, slot in enumerate(problem.slots):
            wrong = m.wish not in (None, slot.session) or m.slot not in (None, slot.slot_id)
            if wrong or any((who, t) in away for who in m.pair):
                model.add(x[i][t] == 0)
    for t in slots:
        model.add(sum(x[i][t] for i in range(len(x))) <= len(problem.tables))
    start = [sum(t * x[i][t] for t in slots) for i in range(len(x))]
    for order in problem.precedences:
        model.add(start[number[order.before]] + 1 <= start[number[order.after]])
    breaks = [
        _plain_breaks(model, [[x[number[m.meeting_id]][t] for m in own] for t in slots])
        for own in problem.meetings_of.values()
    ]
    if problem.fairness is not None:
        low, high = (model.new_int_var(0, len(slots), "") for _ in range(2))
        for count in breaks:
            model.add(low <= count)
            model.add(count <= high)
        model.add(high - low <= problem.fairness)
    model.minimize(sum(breaks))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 2
    solver.parameters.max_time_in_seconds = limit
    status = solver.solve(model)
    has_one = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    objective = round(solver.objective_value) if has_one else None
    return solver.status_name(status).lower(), objective, perf_counter() - started


def _plain_breaks(model: cp_model.CpModel, held: list[list[Any]]) -> Any:
    """Count the starts of runs, less one where there is a meeting at all."""
    starts = []
    last: Any = 0
    for here in held:
        model.add(sum(here) <= 1)
        start = model.new_bool_var("")
        model.add(start >= sum(here) - last)
        starts.append(start)
        last = sum(here)
    return sum(starts) - 1 if any(held) else 0


def run_one(problem: Problem, limit: float, plain: float) -> dict[str, Any]:
    """Solve one instance by both; everything that `show` prints."""
    before = _cpu_seconds()
    result = solve(problem, time_limit=limit)
    cpu = _cpu_seconds() - before
    check(problem, result)
    row: dict[str, Any] = {
        "status": result.status.value,
        "objective": result.objective,
        "bound": result.bound,
        "seconds": result.seconds,
        "cpu": cpu,
    }
    if plain:
        row["plain"] = plain_cpsat(problem, plain)
    return row


def _cpu_seconds() -> float:
    """Return processor time of this process and its ended children: fairer on a busy machine."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def published(starts: list[str], variants: list[str]) -> list[dict[str, str]]:
    """Return the rows of the paper for the instances that were asked for."""
    with (DATA / "best_known.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [
        row
        for row in rows
        if (not starts or any(row["file"].startswith(start) for start in starts))
        and row["variant"] in variants
    ]


def show(row: dict[str, str], found: dict[str, Any]) -> bool:
    """Print one line; tell whether the paper's optimum, or its proof of none, was reached."""
    best = row["optimum_or_status"]
    proven = "UNSAT" if found["status"] == "infeasible" else str(found["objective"])
    reached = found["status"] in ("optimal", "infeasible") and proven == best
    line = f"{row['instance'] + '.' + row['variant']:28} {found['status']:10}"
    line += f" {found['objective']!s:>5} {best:>6} {found['seconds']:8.1f} {found['cpu']:7.1f}"
    line += f" {row['maxsat_s']:>7}"
    if "plain" in found:
        status, objective, seconds = found["plain"]
        more = "" if status in ("optimal", "infeasible") else "≥ "
        line += f"   {status:10} {objective!s:>5} {seconds:8.1f}"
        line += f" {more}{seconds / max(found['seconds'], 1e-3):.1f}×"
    print(line if reached else line + "   NOT REACHED", flush=True)
    return reached


def show_variant(name: str, found: dict[str, Any]) -> bool:
    """Print one line; tell whether it ended with a proof that the plain model does not deny."""
    ended = found["status"] in ("optimal", "infeasible")
    line = f"{name:36} {found['status']:10} {found['objective']!s:>5} {found['bound']!s:>5}"
    line += f" {found['seconds']:8.1f} {found['cpu']:7.1f}"
    if "plain" in found:
        status, objective, seconds = found["plain"]
        line += f"   {status:10} {objective!s:>5} {seconds:8.1f}"
        if ended and status in ("optimal", "infeasible"):
            ended = (status, objective) == (found["status"], found["objective"])
    print(line if ended else line + "   NOT PROVED, OR NOT THE SAME", flush=True)
    return ended


def run_variants(options: argparse.Namespace) -> int:
    """Run variants of the originals; the plain model has to agree where it proves anything."""
    held, runs = 0, 0
    for index, row in enumerate(published(options.starts, ["original"])):
        for number in range(index, index + options.variants):
            found = _apart(options, row, number)
            held += show_variant(found.pop("name"), found)
            runs += 1
    print(f"{held} of {runs} variants end with a proof")
    return 0 if held == runs else 1


def run_fair(options: argparse.Namespace) -> int:
    """Schedule a fair within a minute; print value, gaps, their bounds and the time."""
    problem = fair()
    started = perf_counter()
    result = solve(problem, time_limit=min(options.limit, 55.0))
    check(problem, result)
    print(f"{problem!r}: {result.status.value} in {perf_counter() - started:.1f} s, checked")
    for level in result.levels:
        print(f"  {level.name.value:14} {level.value:>8} bound {level.bound:>8}")
    print(f"  {len(result.unplaced)} of {len(problem.meetings)} meetings have no place")
    return 0 if result.timetable is not None else 1


def _apart(options: argparse.Namespace, row: dict[str, str], number: int = -1) -> dict[str, Any]:
    """Run one instance in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.schedule"]
    command += ["--limit", str(options.limit), "--plain", str(options.plain)]
    command += ["--one", str(DATA / row["file"]), row["fairness_d"], str(number)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def _one(options: argparse.Namespace) -> int:
    path, fairness, number = options.one
    name, problem = Path(path).name.split(".")[0], read_dzn(path, int(fairness))
    if int(number) >= 0:
        name, problem = variant(name, problem, int(number))
    print(json.dumps({"name": name, **run_one(problem, options.limit, options.plain)}))
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("starts", nargs="*", help="how the file names begin; all without")
    parser.add_argument(
        "--variant", action="append", help="original, forb0003, … (default: the 80)"
    )
    parser.add_argument("--limit", type=float, default=LIMIT)
    parser.add_argument("--plain", type=float, default=0.0, help="seconds for the plain model")
    parser.add_argument("--variants", type=int, default=0, help="generated ones of each original")
    parser.add_argument("--json", type=Path, help="write the numbers of the published ones here")
    parser.add_argument("--fair", action="store_true", help="the fair of 300 firms and 40 banks")
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    return parser.parse_args()


def main() -> int:
    """Run the chosen instances one after the other."""
    options = _options()
    if options.one:
        return _one(options)
    if not options.fair and not DATA.is_dir():
        sys.exit(f"no published instances at {DATA}: set YINQI_DATA")
    print(f"load at the start: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    if options.fair:
        return run_fair(options)
    return run_variants(options) if options.variants else run_published(options)


def run_published(options: argparse.Namespace) -> int:
    """Run the published instances, and hold them against the paper."""
    variants = options.variant or ["original", "forb0003", "fixed020-Forb", "prec15"]
    heading = f"{'instance':28} {'status':10} {'found':>5} {'best':>6} {'seconds':>8}"
    heading += f" {'cpu':>7} {'maxsat':>7}"
    print(heading + ("   plain CP-SAT" if options.plain else ""))
    reached, seconds, cpu, theirs, rows = 0, 0.0, 0.0, 0.0, published(options.starts, variants)
    numbers: list[dict[str, Any]] = []
    for row in rows:
        found = _apart(options, row)
        numbers.append({**row, **found})
        reached += show(row, found)
        seconds += found["seconds"]
        cpu += found["cpu"]
        theirs += float(row["maxsat_s"])
    print(
        f"{reached} of {len(rows)} as published; {seconds:.1f} s ({cpu:.1f} s of processor), "
        f"the paper's MaxSAT {theirs:.1f} s; load at the end: {os.getloadavg()[0]:.1f}"
    )
    if options.json:
        options.json.write_text(json.dumps(numbers, indent=1), encoding="utf-8")
    return 0 if reached == len(rows) else 1


if __name__ == "__main__":
    sys.exit(main())
