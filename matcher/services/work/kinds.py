"""What a kind of work is: how its input is taken, what is computed, and what is written of it.

A kind has three parts, and each runs where it can do no harm. `prepare` reads the database and
writes nothing; what it gives is kept before anything is computed, so that a second attempt
computes from the very same bytes. `compute` runs in a process of its own that has no database
and can be ended at any moment. `apply` runs in the transaction that marks the run done: both
happen, once, or neither does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from matcher.domain.text import Text

if TYPE_CHECKING:  # a process that computes has no database, and starts sooner without it
    from sqlmodel import Session

JSON_TYPE = "application/json"


class UnwantedError(Exception):
    """The run was cancelled meanwhile: whoever works at it may drop it."""


@dataclass(frozen=True, slots=True)
class Job:
    """A run as those see it who work at it.

    Parameters
    ----------
    kind
        Name of its kind.
    account_id
        Who asked for it.
    request
        What was asked for: the values of JSON.
    content
        Its input; None where it has none, or before `Kind.prepare` gave it.
    """

    run_id: UUID
    kind: str
    account_id: UUID
    request: Mapping[str, Any]
    content: bytes | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What was computed; it crosses from one process into another.

    Parameters
    ----------
    content
        The outcome, kept as it is; None where there is none to keep.
    summary
        What lists show of it: values of JSON, small.
    """

    content: bytes | None
    media_type: str = JSON_TYPE
    summary: Mapping[str, Any] = field(default_factory=dict)


class Progress(Protocol):
    """Where `Kind.compute` tells how far it is; each call may end it."""

    def stage(self, text: Text) -> None:
        """Say what begins; raise `UnwantedError` if nobody wants it any more."""

    def share(self, values: Mapping[str, Any]) -> None:
        """Say how far it is, as values of JSON; raise `UnwantedError` likewise."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of work.

    Parameters
    ----------
    prepare
        Gives the input of a job that has none, from a session that reads one state of the
        database. Called once; a `MatcherError` ends the run as failed.
    compute
        The work, in a process of its own; a function of a module, so that the process can find
        it. A `MatcherError` ends the run as failed, with its faults.
    apply
        Writes what came of it, at the moment given, in the transaction that marks the run done,
        and returns the outcome that is kept: the one it was given, or with more in its summary
        (how many records an import changed). A `MatcherError` takes all of it back and ends the
        run as failed.
    """

    name: str
    prepare: Callable[[Session, Job], bytes | None]
    compute: Callable[[Job, Progress], Result]
    apply: Callable[[Session, Job, Result, datetime], Result]


def no_input(session: Session, job: Job) -> None:
    """Prepare nothing: the request says it all, or the input came with it."""


def apply_nothing(session: Session, job: Job, result: Result, now: datetime) -> Result:
    """Apply nothing: the outcome is all there is."""
    return result
