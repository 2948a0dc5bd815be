"""Runs as their readers see them: listed, followed, cancelled, with what they read and left."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col

from matcher.domain.actor import Actor, Role
from matcher.domain.errors import MatcherError
from matcher.domain.run import RunState
from matcher.domain.text import Text
from matcher.services.work import queue
from matcher.services.work.errors import RunNotDoneError, RunOverError, error_of
from matcher.store import blobs
from matcher.store.paging import Page, Slice
from matcher.store.repositories import not_found
from matcher.store.repositories.runs import Runs
from matcher.store.tables import RunRow

_NOT_DONE = Text("尚未完成，现为 {s}", "it is not done: it is {s}")
_OVER = Text("已结束，现为 {s}", "it is over: it is {s}")


def list_runs(
    session: Session, actor: Actor, kind: str, page: Page, state: RunState | None = None
) -> Slice[RunRow]:
    """Return a page of the runs of a kind that an actor may see, the newest first.

    Raises
    ------
    InputError
        If the cursor is none of this list.
    """
    where = [col(RunRow.kind) == kind]
    where += [] if state is None else [col(RunRow.state) == state]
    return Runs(session, actor).page(page, *where)


def find_run(session: Session, actor: Actor, kind: str, run_id: UUID) -> RunRow:
    """Return one run of a kind.

    Raises
    ------
    UnknownIdError
        If there is none of this kind, or it is not for this actor.
    """
    row = Runs(session, actor).find(run_id)
    if row.kind != kind:
        raise not_found()
    return row


def cancel_run(session: Session, actor: Actor, kind: str, run_id: UUID, now: datetime) -> None:
    """Say that nobody wants a run any more; one that is cancelled already stays so.

    Staff cancel their own: of others they may read plans, and to be cancelled these are not
    there.

    Raises
    ------
    UnknownIdError
        As `find_run`.
    RunOverError
        If it is done, or failed.
    """
    row = find_run(session, actor, kind, run_id)
    if actor.role is Role.STAFF and row.account_id != actor.account_id:
        raise not_found()
    if queue.cancel(session, run_id, now) or row.state == RunState.CANCELLED:
        return
    session.refresh(row)
    raise RunOverError(_OVER.format(s=RunState(row.state).text))


def outcome_of(session: Session, row: RunRow) -> bytes:
    """Return what a run left, byte for byte.

    Raises
    ------
    RunNotDoneError
        If it left nothing (yet).
    """
    return blobs.fetch(session, require_done(row))


def require_done(row: RunRow) -> str:
    """Return the hash of what a run left.

    Raises
    ------
    RunNotDoneError
        If it left nothing (yet).
    """
    if row.outcome_sha256 is None:
        raise RunNotDoneError(_NOT_DONE.format(s=RunState(row.state).text))
    return row.outcome_sha256


def weights_file_of(row: RunRow) -> str:
    """Return the text of the file of weights that a plan is made with; empty for the usual ones."""
    found: str = json.loads(row.request).get("weights", "")
    return found


def input_of(session: Session, row: RunRow) -> bytes:
    """Return what a run is computed from, byte for byte.

    Raises
    ------
    RunNotDoneError
        If nobody took it up yet.
    """
    if row.input_sha256 is None:
        raise RunNotDoneError(_NOT_DONE.format(s=RunState(row.state).text))
    return blobs.fetch(session, row.input_sha256)


def stage_of(row: RunRow) -> Text | None:
    """Return what is being done."""
    return None if row.stage is None else Text(**json.loads(row.stage))


def progress_of(row: RunRow) -> dict[str, Any] | None:
    """Return how far it is."""
    found: dict[str, Any] | None = None if row.progress is None else json.loads(row.progress)
    return found


def summary_of(row: RunRow) -> dict[str, Any] | None:
    """Return what lists show of the outcome."""
    found: dict[str, Any] | None = None if row.summary is None else json.loads(row.summary)
    return found


def request_of(row: RunRow) -> dict[str, Any]:
    """Return what was asked for."""
    found: dict[str, Any] = json.loads(row.request)
    return found


def problem_of(row: RunRow) -> MatcherError | None:
    """Return why there is no outcome."""
    return None if row.problem is None else error_of(row.problem)
