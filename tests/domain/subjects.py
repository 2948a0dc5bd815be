"""A firm, its need and the day of a round, with only what a test states; and patience."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any

from hypothesis import settings

from matcher.domain.attributes import Subject
from matcher.domain.enterprise import Enterprise, Need

AS_OF = date(2022, 5, 25)
_OF_NEED = {f.name for f in fields(Need)}


def enterprise(**stated: Any) -> Enterprise:
    """Return a firm of which nobody has said more than ``stated``."""
    return Enterprise(**{"enterprise_id": "E1", "name": "示例企业", **stated})


def need(**stated: Any) -> Need:
    """Return a need for 350万 of which nobody has said more than ``stated``."""
    return Need(**{"need_id": "N1", "enterprise_id": "E1", "amount_fen": 350_000_000, **stated})


def subject(as_of: date = AS_OF, **stated: Any) -> Subject:
    """Return need and firm, each with the fields that it has among ``stated``."""
    mine = {k: v for k, v in stated.items() if k in _OF_NEED}
    theirs = {k: v for k, v in stated.items() if k not in _OF_NEED}
    return Subject(need(**mine), enterprise(**theirs), as_of)


def at_least(examples: int) -> settings:
    """Return settings for a cheap property: more examples than the quick profile asks for."""
    return settings(max_examples=max(examples, settings().max_examples))
