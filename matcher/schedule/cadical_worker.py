"""A process of its own that lets CaDiCaL decide formulas, so that it can be stopped at any time.

It is run as a file and imports nothing of the project. It reads one JSON line (see
`matcher.schedule.cadical`), then the literals as 32-bit integers, then one question a line, and
prints one answer for each.
"""

from __future__ import annotations

import json
import sys
from array import array
from random import Random
from typing import Any

from pysat.solvers import Cadical195


class _Asked:
    """One formula: a solver that learns from question to question, and fresh ones for a try."""

    def __init__(self, literals: list[int], implied: list[tuple[int, int]], order: int) -> None:
        self._literals, self._implied, self._order = literals, implied, order
        self._solver: Any = None

    def decide(self, assume: list[int], budget: int, whole: bool, fresh: int) -> None:
        """Answer "sat" with a model, "unsat" with whether the formula is so anyway, "open"."""
        if fresh or self._solver is None:
            self._renew(whole, fresh + self._order)
        solver = self._solver
        if budget:
            solver.conf_budget(budget)
            holds = solver.solve_limited(assumptions=assume)
        else:
            holds = solver.solve(assumptions=assume)
        if holds is None:
            _say("open")
        elif holds:
            _say("sat", "".join("1" if v > 0 else "0" for v in solver.get_model()))
        else:
            _say("unsat", not solver.get_core())

    def clash(self, guards: list[int], rounds: int) -> None:
        """Print ever smaller sets of guards that cannot hold together, then "minimal"."""
        self._renew(whole=True)
        _clash(self._solver, guards, rounds)

    def _renew(self, whole: bool, order: int = 0) -> None:
        """Begin anew, with the clauses in one of many orders."""
        if self._solver is not None:
            self._solver.delete()
        literals = self._literals if whole else _without(self._literals, self._implied)
        clauses = _split(literals)
        if order:
            Random(order).shuffle(clauses)
        self._solver = Cadical195(bootstrap_with=clauses)


def main() -> None:
    """Read the formula from standard input and answer question after question."""
    header = json.loads(sys.stdin.buffer.readline())
    flat = array("i")
    flat.frombytes(sys.stdin.buffer.read(4 * header["length"]))
    asked = _Asked(flat.tolist(), header["implied"], header["order"])
    for line in sys.stdin.buffer:
        question = json.loads(line)
        if "guards" in question:
            asked.clash(question["guards"], question["rounds"])
        else:
            asked.decide(**question)


def _without(literals: list[int], ranges: list[tuple[int, int]]) -> list[int]:
    left, last = [], 0
    for start, end in ranges:
        left += literals[last:start]
        last = end
    return left + literals[last:]


def _split(literals: list[int]) -> list[list[int]]:
    clauses, start = [], 0
    while start < len(literals):
        end = literals.index(0, start)
        clauses.append(literals[start:end])
        start = end + 1
    return clauses


def _say(word: str, value: Any = None) -> None:
    print(json.dumps([word, value]), flush=True)


def _clash(solver: Any, guards: list[int], rounds: int) -> None:
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
    _say("done")


def _shrunk(solver: Any, core: list[int]) -> list[int]:
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
