"""The progress of what-if: stages, then steps of a question that solves many times."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import Progress

from matcher.domain.text import Lang, Text
from matcher.services.whatif import ASKING, STAGES


class WhatIfBar:
    """Moves a progress bar from stage to stage, and from step to step within the last."""

    def __init__(self, bar: Progress, lang: Lang) -> None:
        self.bar = bar
        self.lang = lang
        self.task = bar.add_task("…", total=len(STAGES))

    def stage(self, stage: Text) -> None:
        """Show that a stage begins."""
        done = STAGES.index(stage)
        self.bar.update(
            self.task, description=stage.of(self.lang), completed=done, total=len(STAGES)
        )

    def step(self, done: int, total: int) -> None:
        """Show how far a question is."""
        name = ASKING.of(self.lang)
        self.bar.update(
            self.task, description=f"{name} {done}/{total}", completed=done, total=total
        )


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
