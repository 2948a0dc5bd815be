"""One process of CaDiCaL: questions to it and answers from it."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from matcher.schedule.formula import Formula

_WORKER = Path(__file__).with_name("cadical_worker.py")


class Silent(Exception):
    """The process has ended, or could not be started: there will be no answer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What it said; see `matcher.schedule.cadical_worker`."""

    word: str
    value: Any = None


class Process:
    """A formula in a process of its own.

    Parameters
    ----------
    order
        0: the clauses as they are; another number: in a random order, the same for each number.
    """

    def __init__(self, formula: Formula, order: int = 0) -> None:
        self._asked = 0
        command = [sys.executable, "-P", str(_WORKER)]
        pipe = subprocess.PIPE
        try:
            self._process = subprocess.Popen(
                command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL
            )
        except OSError as error:
            raise Silent from error
        header = {"length": len(formula.flat), "implied": formula.implied, "order": order}
        self._opening = json.dumps(header).encode() + b"\n" + formula.flat.tobytes()

    def __enter__(self) -> Process:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                _close(pipe)
        self._process.wait()

    def stop(self) -> None:
        """End it, whatever it does."""
        self._process.kill()

    def send(self, question: dict[str, Any]) -> None:
        """Ask, without waiting for the answer."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(self._opening + json.dumps(question).encode() + b"\n")
            self._process.stdin.flush()
        except OSError as error:
            raise Silent from error
        self._opening = b""
        self._asked += 1

    def ask(self, assume: list[int], budget: int, *, whole: bool = False, fresh: int = 0) -> None:
        """Ask whether the literals can hold together, within a budget of conflicts.

        Parameters
        ----------
        whole
            Whether, when it begins, it begins with what is implied as well.
        fresh
            Above 0: the number of a try that begins anew, with an order of the clauses of its
            own; 0: with all that was learnt before.
        """
        self.send({"assume": assume, "budget": budget, "whole": whole, "fresh": fresh})

    def answer(self) -> Answer:
        """Wait for the next answer."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line.endswith(b"\n"):
            raise Silent
        self._asked -= 1
        return Answer(*json.loads(line))

    def catch_up(self) -> Answer:
        """Wait for the answer to the last question."""
        while self._asked > 1:
            self.answer()
        return self.answer()


def _close(pipe: Any) -> None:
    try:
        pipe.close()
    except OSError:  # what was to be written to it is lost with the process
        return
