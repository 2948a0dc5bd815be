"""What firms hand in, and whom they let see it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from matcher.store.tables.base import Row
from matcher.store.tables.columns import document, moment


class QuestionnaireRow(Row, table=True):
    """A questionnaire as it came in, word for word, and the need that it became."""

    __tablename__ = "questionnaire"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    enterprise_id: UUID = Field(foreign_key="enterprise.id", index=True)
    need_id: UUID = Field(foreign_key="need.id", index=True)
    received_at: datetime = moment(index=True)
    document: str = document()


class DraftRow(Row, table=True):
    """A questionnaire that an account has begun, whatever it holds so far."""

    __tablename__ = "draft"

    account_id: UUID = Field(foreign_key="account.id", primary_key=True)
    document: str = document()
    updated_at: datetime = moment()


class ConsentRow(Row, table=True):
    """A firm lets one institution see one need, until it takes that back.

    Parameters
    ----------
    withdrawn_at
        When it was taken back; the row stays, so that no file gives it again.
    """

    __tablename__ = "consent"
    __table_args__ = (UniqueConstraint("need_id", "institution_id"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    need_id: UUID = Field(foreign_key="need.id", index=True)
    institution_id: UUID = Field(foreign_key="institution.id", index=True)
    given_at: datetime = moment()
    withdrawn_at: datetime | None = moment(default=None, nullable=True)
