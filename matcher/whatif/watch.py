"""Who waits for an answer: told how far it is, and free to withdraw the question."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from matcher.domain.errors import MatcherError
from matcher.domain.text import Text

OnStage = Callable[[Text], None]
OnStep = Callable[[int, int], None]
OnFound = Callable[[float | None, float], None]

_WITHDRAWN = Text("问题已撤回，没有答案", "the question was withdrawn: there is no answer")


class WithdrawnError(MatcherError):
    """Nobody wants the answer any more; what was found so far is no answer and is dropped."""

    def __init__(self, *_: object) -> None:
        super().__init__(_WITHDRAWN)


def _nothing(*_: object) -> None:
    """Listen to nothing."""


def _always() -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Watch:
    """Callbacks of whoever waits; those of a question that is solved in threads come from these.

    Parameters
    ----------
    on_stage
        Told the name of each stage as it begins.
    on_step
        Told how many of how many steps are done.
    on_found
        Told, inside one long solve, the worth of the best plan so far (None before there is
        one) and the certified bound. The exact method, which small rounds take, tells nothing.
    is_wanted
        Asked at every chance whether to go on; where not, `WithdrawnError` is raised. Only the
        exact method cannot be asked: it ends by its time limit.
    """

    on_stage: OnStage = _nothing
    on_step: OnStep = _nothing
    on_found: OnFound = _nothing
    is_wanted: Callable[[], bool] = _always

    def check(self) -> None:
        """Raise `WithdrawnError` if the question was withdrawn."""
        if not self.is_wanted():
            raise WithdrawnError

    def stage(self, name: Text) -> None:
        """Tell of a stage."""
        self.check()
        self.on_stage(name)

    def step(self, done: int, total: int) -> None:
        """Tell of a step."""
        self.check()
        self.on_step(done, total)

    def progress(self, best: float | None, bound: float) -> bool:
        """Listen to a solve; see `matcher.assign.method.Progress`."""
        self.check()
        self.on_found(best, bound)
        return True

    def of_many(self, is_wanted: Callable[[], bool]) -> Watch:
        """Return the watch of one of several solves at once: no incumbents, and one more who asks.

        The incumbents of several solves side by side would only flicker.
        """
        return replace(self, on_found=_nothing, is_wanted=lambda: self.is_wanted() and is_wanted())


UNWATCHED = Watch()
"""Nobody waits."""
