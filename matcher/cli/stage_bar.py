"""The progress bar of planning; apart from `output`, which commands without an engine use."""

from __future__ import annotations

from rich.progress import Progress

from matcher.domain.text import Lang, Text
from matcher.planning.make import STAGES


class StageBar:
    """Moves a progress bar from stage to stage of planning."""

    def __init__(self, bar: Progress, lang: Lang) -> None:
        self.bar = bar
        self.lang = lang
        self.task = bar.add_task("…", total=len(STAGES))

    def __call__(self, stage: Text) -> None:
        """Show that a stage begins."""
        done = STAGES.index(stage)
        self.bar.update(self.task, description=stage.of(self.lang), completed=done)
