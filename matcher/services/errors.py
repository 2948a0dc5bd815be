"""Refusals that more than one use case has."""

from __future__ import annotations

from matcher.domain.errors import MatcherError


class ConflictError(MatcherError):
    """What stands now does not allow it: somebody else was quicker, or it is not its time."""


class NotAllowedError(MatcherError):
    """Others of the role may do it, and not this person."""
