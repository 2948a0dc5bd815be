"""Refusals that more than one use case has."""

from __future__ import annotations

from matcher.domain.errors import MatcherError
from matcher.domain.text import Text


class ConflictError(MatcherError):
    """What is asked does not go with what is there: an id in use, a state."""


class StaleError(MatcherError):
    """The record was changed since whoever asks read it."""

    def __init__(self) -> None:
        super().__init__(
            Text("记录已被他人修改，请重新读取", "it was changed meanwhile: read it again")
        )


class NotAllowedError(MatcherError):
    """Others of the role may do it, and not this person."""
