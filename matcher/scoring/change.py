"""What a firm could change so that a product would fit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from matcher.domain.enterprise import Need
from matcher.domain.text import Text


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a need set to another value, and the sentence that proposes it."""

    field: str
    value: object
    text: Text


def apply_all(need: Need, changes: Iterable[Change]) -> Need:
    """Return the need after all changes at once."""
    return replace(need, **{c.field: c.value for c in changes})  # type: ignore[arg-type]
