"""Questionnaires that were handed in, with the firm and the need of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from sqlmodel import Session, select

from matcher.domain.actor import Actor
from matcher.store.paging import Page, Slice
from matcher.store.repositories.intake import Questionnaires
from matcher.store.tables import EnterpriseRow, NeedRow, QuestionnaireRow

R = TypeVar("R", EnterpriseRow, NeedRow)


@dataclass(frozen=True, slots=True)
class ListedQuestionnaire:
    """A questionnaire with its firm and the need that it became."""

    row: QuestionnaireRow
    enterprise: EnterpriseRow
    need: NeedRow


def list_questionnaires(session: Session, actor: Actor, page: Page) -> Slice[ListedQuestionnaire]:
    """Return a page of the questionnaires that an actor may see, the newest first.

    Raises
    ------
    InputError
        If the cursor is none of this list.
    """
    found = Questionnaires(session, actor).page(page)
    firms = _rows(session, EnterpriseRow, (row.enterprise_id for row in found.rows))
    needs = _rows(session, NeedRow, (row.need_id for row in found.rows))
    return found.map(
        lambda row: ListedQuestionnaire(row, firms[row.enterprise_id], needs[row.need_id])
    )


def find_questionnaire(session: Session, actor: Actor, row_id: UUID) -> ListedQuestionnaire:
    """Return one questionnaire.

    Raises
    ------
    UnknownIdError
        If there is none, or it is not for this actor.
    """
    row = Questionnaires(session, actor).find(row_id)
    firms = _rows(session, EnterpriseRow, [row.enterprise_id])
    needs = _rows(session, NeedRow, [row.need_id])
    return ListedQuestionnaire(row, firms[row.enterprise_id], needs[row.need_id])


def _rows(session: Session, table: type[R], ids: Iterable[UUID]) -> dict[UUID, R]:
    column: Any = table.id
    return {row.id: row for row in session.scalars(select(table).where(column.in_(set(ids))))}
