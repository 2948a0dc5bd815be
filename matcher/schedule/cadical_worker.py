"""A process of its own that lets CaDiCaL decide formulas, so that it can be stopped at any time.

It is run as a file and imports nothing of the project. It reads one JSON line (see
`matcher.schedule.cadical`), then the literals as 32-bit integers, and prints what it finds line
by line.
"""

from __future__ import annotations

import json
import sys
from array import array
from typing import Any

from pysat.solvers import Cadical195


def main() -> None:
    """Read the task from standard input and work it off."""
    task = json.loads(sys.stdin.buffer.readline())
    flat = array("i")
    flat.frombytes(sys.stdin.buffer.read(4 * task["length"]))
    solver = Cadical195()
    start = 0
    literals = flat.tolist()
    while start < len(literals):
        end = literals.index(0, start)
        solver.add_clause(literals[start:end])
        start = end + 1
    if task["kind"] == "levels":
        _levels(solver, task["stages"])
    else:
        _clash(solver, task["guards"], task["rounds"])


def _say(word: str, value: Any = None) -> None:
    print(json.dumps([word, value]), flush=True)


def _levels(solver: Cadical195, stages: list[list[int]]) -> None:
    """In each stage find the first literal that can hold with those of the stages before."""
    kept: list[int] = []
    known: set[int] = set()
    for stage in stages:
        for literal in [*stage, None]:
            if literal in known:
                kept.append(literal)
                break
            tried = kept if literal is None else [*kept, literal]
            if solver.solve(assumptions=tried):
                model = solver.get_model()
                known, kept = set(model), tried
                _say("model", "".join("1" if v > 0 else "0" for v in model))
                break
            if not solver.get_core():
                _say("infeasible")
                return
            _say("refuted")
        _say("stage")
    _say("done")


def _clash(solver: Cadical195, guards: list[int], rounds: int) -> None:
    """Print ever smaller sets of guards that cannot hold together, then "minimal"."""
    if solver.solve(assumptions=guards):
        _say("feasible")
        return
    core = sorted(solver.get_core() or [])
    _say("core", core)
    best: list[int] | None = None
    for turn in range(rounds):
        found = _shrunk(
            solver, core[turn % 2 * len(core) // 2 :] + core[: turn % 2 * len(core) // 2]
        )
        if best is None or len(found) < len(best):
            best = found
            _say("core", best)
        if turn == 0:
            _say("minimal")


def _shrunk(solver: Cadical195, core: list[int]) -> list[int]:
    """Leave out one guard after the other, and keep those without which the clash is gone."""
    kept: list[int] = []
    left = list(core)
    while left:
        guard = left.pop()
        if solver.solve(assumptions=[*kept, *left]):
            kept.append(guard)
        else:
            there = set(solver.get_core() or [])
            left = [g for g in left if g in there]
    return kept


if __name__ == "__main__":
    main()
