"""What-ifs as an actor may see them: one's own, and those that colleagues share."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import ColumnElement, or_
from sqlmodel import col

from matcher.domain.actor import Actor, Role
from matcher.store.paging import Order, moment
from matcher.store.repositories.base import NOTHING, Repository
from matcher.store.tables import WhatIfRow

ANALYSTS = frozenset({Role.ORGANISER, Role.STAFF, Role.ADMIN})


class WhatIfs(Repository[WhatIfRow]):
    """An analyst's own and the shared ones; nobody else's business."""

    row: ClassVar[type[Any]] = WhatIfRow
    order = Order(WhatIfRow.created_at, WhatIfRow.id, moment, descending=True)  # type: ignore[arg-type]

    def visible_to(self, actor: Actor) -> ColumnElement[bool]:
        """Return the condition on a what-if."""
        if actor.role not in ANALYSTS:
            return NOTHING
        return or_(self.row.account_id == actor.account_id, col(self.row.is_shared))
