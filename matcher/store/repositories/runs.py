"""Runs as an actor may see them: plans and what-ifs are the office's, and no bank's or firm's."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import ColumnElement, or_

from matcher.domain.actor import Actor, Role
from matcher.domain.run import PLAN
from matcher.store.paging import Order, whole_number
from matcher.store.repositories.base import EVERYTHING, NOTHING, Repository
from matcher.store.tables import RunRow


class Runs(Repository[RunRow]):
    """All for organisers, auditors and administrators; plans and their own for staff."""

    row: ClassVar[type[Any]] = RunRow
    order = Order(RunRow.number, RunRow.id, whole_number, descending=True)  # type: ignore[arg-type]

    def visible_to(self, actor: Actor) -> ColumnElement[bool]:
        """Return the condition on a run."""
        if actor.role is Role.STAFF:
            own = self.row.account_id == actor.account_id
            return or_(self.row.kind == PLAN, own)
        return EVERYTHING if actor.is_office else NOTHING
