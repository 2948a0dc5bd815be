"""A repository shows an actor the rows that are theirs, and of the others not even that they are.

Each has one `visible_to`; nothing reads a row but through it. A foreign id raises the same error
as one that does not exist.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, true
from sqlmodel import Session, select

from matcher.domain.actor import Actor
from matcher.domain.errors import UnknownIdError
from matcher.domain.text import Text
from matcher.store.paging import Order, Page, Slice
from matcher.store.tables.base import Row

R = TypeVar("R", bound=Row)
EVERYTHING = true()
NOTHING = false()


def not_found() -> UnknownIdError:
    """Return the error for what is not there, or not for whoever asks."""
    return UnknownIdError(Text("没有找到", "there is no such thing here"))


class Repository(ABC, Generic[R]):
    """Rows of one table, as one actor may see them.

    Parameters
    ----------
    session
        The transaction that it reads and writes in.
    actor
        Who asks.
    """

    row: ClassVar[type[Any]]
    order: ClassVar[Order]

    def __init__(self, session: Session, actor: Actor) -> None:
        self.session = session
        self.actor = actor

    @abstractmethod
    def visible_to(self, actor: Actor) -> ColumnElement[bool]:
        """Return the condition on a row under which an actor may see it."""

    def query(self) -> Select[Any]:
        """Return the query for all rows that the actor may see."""
        return select(self.row).where(self.visible_to(self.actor))

    def find(self, identity: UUID, lock: bool = False) -> R:
        """Return one row.

        Parameters
        ----------
        lock
            Whether nobody else may change it before this transaction ends.

        Raises
        ------
        UnknownIdError
            If there is none, or it is not for this actor.
        """
        query = self.query().where(self.row.id == identity)
        if lock:  # what was read before the wait may have been changed meanwhile
            query = query.with_for_update().execution_options(populate_existing=True)
        found: R | None = self.session.scalars(query).one_or_none()
        if found is None:
            raise not_found()
        return found

    def page(self, page: Page, *where: ColumnElement[bool], order: Order | None = None) -> Slice[R]:
        """Return a page of the rows, narrowed down by conditions.

        Parameters
        ----------
        order
            What they are sorted by, if not as all lists of these rows are.

        Raises
        ------
        InputError
            If the cursor is none of this list.
        """
        chosen = order or self.order
        query = chosen.apply(self.query().where(*where), page)
        return chosen.slice(self.session.scalars(query).all(), page)
