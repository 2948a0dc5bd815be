"""CaDiCaL in a process of its own: proofs on large formulas, stopped when time is up."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any, TypeAlias

from matcher.schedule.formula import Formula

Meanwhile: TypeAlias = Callable[[Callable[[], bool]], bool]
_WORKER = Path(__file__).with_name("cadical_worker.py")


@dataclass
class Levels:
    """What was found about a list of stages, each a list of literals, the best first.

    Attributes
    ----------
    model
        The last assignment found, by variable number (item 0 means nothing); None without.
    reached
        For each finished stage the index of the first literal that can hold, ``len(stage)``
        where none can.
    refuted
        How many literals of the unfinished stage cannot hold.
    infeasible
        Whether it is proved that the formula has no model at all.
    """

    model: list[bool] | None = None
    reached: list[int] = field(default_factory=list)
    refuted: int = 0
    infeasible: bool = False

    @property
    def stages_done(self) -> int:
        return len(self.reached)


def prove_levels(
    formula: Formula,
    stages: Sequence[Sequence[int]],
    deadline: float,
    meanwhile: Meanwhile | None = None,
) -> Levels:
    """Find for each stage the first literal that can hold together with those found before.

    Parameters
    ----------
    deadline
        A reading of ``perf_counter``.
    meanwhile
        Work for this process; it gets a function that tells whether to stop, and tells itself
        whether the proof is no longer needed.
    """
    task = {"kind": "levels", "stages": [list(stage) for stage in stages]}
    found = Levels()
    for word, value in _talk(formula, task, deadline, meanwhile):
        if word == "refuted":
            found.refuted += 1
        elif word == "model":
            found.model = [False, *(bit == "1" for bit in value)]
        elif word == "stage":
            found.reached.append(found.refuted)
            found.refuted = 0
        elif word == "infeasible":
            found.infeasible = True
    return found


def prove_clash(
    formula: Formula, guards: Sequence[int], deadline: float, rounds: int = 2
) -> tuple[list[int] | None, bool]:
    """Return guards that cannot all hold, as few as time allows, and whether none is too many.

    None if they can hold, or if time was up before that was clear.
    """
    task = {"kind": "clash", "guards": list(guards), "rounds": rounds}
    core: list[int] | None = None
    minimal = False
    for word, value in _talk(formula, task, deadline):
        if word == "core":
            core = value
        elif word == "minimal":
            minimal = True
    return core, minimal


def _talk(
    formula: Formula,
    task: dict[str, Any],
    deadline: float,
    meanwhile: Meanwhile | None = None,
) -> Iterator[tuple[str, Any]]:
    """Run the worker until it ends or time is up; yield what it said by then."""
    lines: list[str] = []
    header = json.dumps({**task, "length": len(formula.flat)}).encode() + b"\n"
    command = [sys.executable, "-P", str(_WORKER)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        listener = threading.Thread(target=_converse, args=(process, header, formula, lines))
        listener.start()
        try:
            over = meanwhile is not None and meanwhile(
                lambda: not listener.is_alive() or perf_counter() >= deadline
            )
            if not over:
                listener.join(max(0.0, deadline - perf_counter()))
        finally:
            process.kill()
            listener.join()
    for line in lines:
        word, value = json.loads(line)
        yield word, value


def _converse(
    process: subprocess.Popen[bytes], header: bytes, formula: Formula, lines: list[str]
) -> None:
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(header + formula.flat.tobytes())
        process.stdin.close()
    except OSError:  # it was stopped while it read
        return
    lines.extend(line for raw in process.stdout if (line := raw.decode()).endswith("\n"))
