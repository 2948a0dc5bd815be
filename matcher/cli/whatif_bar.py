"""The progress of what-if: stages, then steps of a question that solves many times."""

from __future__ import annotations

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
