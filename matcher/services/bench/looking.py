"""What-ifs as somebody sees them: one's own, and those that colleagues share."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlmodel import Session, col

from matcher.domain.actor import Actor
from matcher.domain.errors import Fault
from matcher.domain.run import RunState
from matcher.domain.text import Text
from matcher.services.errors import NotAllowedError, StaleError
from matcher.services.whatif_asking import Questions
from matcher.store.paging import Page, Slice
from matcher.store.repositories.what_ifs import WhatIfs
from matcher.store.tables import AccountRow, RunRow, WhatIfRow

_NOT_YOURS = Text("这是同事的情景，请先复制再修改", "it is a colleague's: copy it first")


class Whose(StrEnum):
    """Which what-ifs a list has."""

    ALL = ""
    OWN = "own"
    SHARED = "shared"


@dataclass(frozen=True, slots=True)
class BenchChange:
    """A change with the sentence that says it."""

    data: Mapping[str, Any]
    text: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Bench:
    """A what-if as somebody sees it.

    Parameters
    ----------
    owner
        The name of whoever works on it.
    run
        The run that was asked of it last.
    """

    row: WhatIfRow
    owner: str
    is_own: bool
    changes: tuple[BenchChange, ...]
    questions: Questions
    run: RunRow | None

    @property
    def state(self) -> RunState | None:
        """Where its run stands; None if none was asked."""
        return None if self.run is None else RunState(self.run.state)

    @property
    def is_stale(self) -> bool:
        """Whether it has changed since its run was asked."""
        return self.run is not None and self.row.asked_version != self.row.version

    @property
    def asks_anything(self) -> bool:
        """Whether there is anything to compute."""
        return bool(self.changes) or not self.questions.is_empty


def list_benches(
    session: Session, actor: Actor, page: Page, whose: Whose = Whose.ALL
) -> Slice[Bench]:
    """Return a page of an analyst's what-ifs and those that colleagues share, the newest first.

    Raises
    ------
    InputError
        If the cursor is none of this list.
    """
    own = col(WhatIfRow.account_id) == actor.account_id
    where = {Whose.ALL: (), Whose.OWN: (own,), Whose.SHARED: (~own,)}[whose]
    return WhatIfs(session, actor).page(page, *where).map(lambda row: _bench(session, actor, row))


def find_bench(session: Session, actor: Actor, bench_id: UUID) -> Bench:
    """Return one what-if.

    Raises
    ------
    UnknownIdError
        If there is none, or it is not for this actor.
    """
    return _bench(session, actor, WhatIfs(session, actor).find(bench_id))


def own_bench(
    session: Session, actor: Actor, bench_id: UUID, version: int | None = None
) -> WhatIfRow:
    """Return a what-if of the actor's own, so that nobody else changes it meanwhile.

    Raises
    ------
    UnknownIdError
        If there is none, or it is not for this actor.
    NotAllowedError
        If a colleague shares it.
    StaleError
        If it has changed since the version that was looked at.
    """
    row = WhatIfs(session, actor).find(bench_id, lock=True)
    if row.account_id != actor.account_id:
        raise NotAllowedError([Fault(_NOT_YOURS)])
    if version is not None and version != row.version:
        raise StaleError
    return row


def _bench(session: Session, actor: Actor, row: WhatIfRow) -> Bench:
    return Bench(
        row,
        session.get_one(AccountRow, row.account_id).name,
        row.account_id == actor.account_id,
        tuple(BenchChange(one["data"], one["text"]) for one in json.loads(row.changes)),
        questions_of(row),
        None if row.run_id is None else session.get_one(RunRow, row.run_id),
    )


def questions_of(row: WhatIfRow) -> Questions:
    """Return what is asked beside the changes."""
    found = json.loads(row.questions)
    return Questions(
        tuple(found["sweeps"]),
        found["front"],
        tuple(found["least"]),
        found["displace"],
        found["advice"],
    )
