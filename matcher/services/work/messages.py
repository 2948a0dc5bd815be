"""What a worker and the process that computes for it say to each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from matcher.domain.errors import MatcherError
from matcher.domain.text import Text
from matcher.services.work.kinds import Job, Progress, Result


@dataclass(frozen=True, slots=True)
class Task:
    """Compute this: a function of a module, which crosses by its name, and its job."""

    compute: Callable[[Job, Progress], Result]
    job: Job


@dataclass(frozen=True, slots=True)
class Staged:
    """A stage begins."""

    text: Text


@dataclass(frozen=True, slots=True)
class Shared:
    """How far it is."""

    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Finished:
    """It is computed."""

    result: Result


@dataclass(frozen=True, slots=True)
class Failed:
    """It cannot be computed, for these faults."""

    error: MatcherError


@dataclass(frozen=True, slots=True)
class Broke:
    """A bug: where in the code, without a word of the data."""

    frames: str


Message = Staged | Shared | Finished | Failed | Broke
