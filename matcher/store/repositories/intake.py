"""Questionnaires and consents as an actor may see them: the office's, and a firm's own."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import ColumnElement
from sqlmodel import col

from matcher.domain.actor import Actor, Role
from matcher.store.paging import Order, moment
from matcher.store.repositories.base import EVERYTHING, NOTHING, Repository
from matcher.store.tables import QuestionnaireRow


class Questionnaires(Repository[QuestionnaireRow]):
    """What firms handed in; no bank sees the words of a firm."""

    row: ClassVar[type[Any]] = QuestionnaireRow
    order = Order(
        col(QuestionnaireRow.received_at),  # type: ignore[arg-type]
        col(QuestionnaireRow.id),  # type: ignore[arg-type]
        moment,
        descending=True,
    )

    def visible_to(self, actor: Actor) -> ColumnElement[bool]:
        """Return the condition on a questionnaire."""
        if actor.is_office:
            return EVERYTHING
        if actor.role is Role.ENTERPRISE:
            return self.row.enterprise_id == actor.enterprise_id  # type: ignore[no-any-return]
        return NOTHING
