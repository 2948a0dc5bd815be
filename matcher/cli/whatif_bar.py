"""The progress of what-if: stages, incumbents in a long solve, steps of what solves many times."""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import Progress

from matcher.assign.result import relative_gap
from matcher.domain.text import Lang, Text
from matcher.services.whatif import STAGES
from matcher.whatif.watch import Watch


class WhatIfBar:
    """Moves a progress bar from stage to stage, and from step to step within the last."""

    def __init__(self, bar: Progress, lang: Lang) -> None:
        self.bar = bar
        self.lang = lang
        self.task = bar.add_task("…", total=len(STAGES))
        self._stage = Text.same("…")

    def watch(self, is_wanted: Callable[[], bool]) -> Watch:
        """Return what tells this bar."""
        return Watch(self.stage, self.step, self.found, is_wanted)

    def stage(self, stage: Text) -> None:
        """Show that a stage begins."""
        self._stage = stage
        self._show(stage, STAGES.index(stage), len(STAGES))

    def step(self, done: int, total: int) -> None:
        """Show how far a question is."""
        told = Text("{s} {d}/{t}", "{s} {d}/{t}")
        self._show(told.format(s=self._stage, d=done, t=total), done, total)

    def found(self, best: float | None, bound: float) -> None:
        """Show how good the best plan of a solve is so far, and how good one can be."""
        told = Text("{s}：目标值 {a}，上界 {b}，差距 {g}", "{s}: objective {a}, bound {b}, gap {g}")
        known = math.isfinite(bound)  # infinite before there is one
        text = told.format(
            s=self._stage,
            a="–" if best is None else f"{best:.4f}",
            b=f"{bound:.4f}" if known else "–",
            g=f"{relative_gap(best, bound):.2%}" if best is not None and known else "–",
        )
        self.bar.update(self.task, description=text.of(self.lang))

    def _show(self, text: Text, done: int, total: int) -> None:
        self.bar.update(self.task, description=text.of(self.lang), completed=done, total=total)


@contextmanager
def silent_stdout() -> Iterator[None]:
    """Drop what libraries write to stdout behind Python's back.

    HiGHS prints a line of its own on some problems; solving many times, it would fill a screen.
    """
    sys.stdout.flush()
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)
