"""The live market: the six tables of records, each row with the record as a market file has it.

The columns beside the document are those that lists are searched, sorted and filtered by; the
document is the record, and the mappers write both from it.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlmodel import Field

from matcher.store.tables.base import Row
from matcher.store.tables.columns import document, fen, moment

_KEY_LENGTH = 64


class EnterpriseRow(Row, table=True):
    """A firm."""

    __tablename__ = "enterprise"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    key: str = Field(unique=True, max_length=_KEY_LENGTH)
    position: int = Field(index=True)
    name: str = Field(index=True, max_length=500)
    credit_code: str | None = Field(default=None, index=True, max_length=18)
    region: str | None = Field(default=None, index=True, max_length=6)
    industry: str | None = Field(default=None, index=True, max_length=5)
    size: str | None = Field(default=None, index=True, max_length=8)
    document: str = document()
    updated_at: datetime = moment()


class InstitutionRow(Row, table=True):
    """A bank, guarantor, insurer, fund or office."""

    __tablename__ = "institution"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    key: str = Field(unique=True, max_length=_KEY_LENGTH)
    position: int = Field(index=True)
    name: str = Field(index=True, max_length=500)
    kind: str = Field(index=True, max_length=16)
    region: str | None = Field(default=None, max_length=6)
    document: str = document()
    updated_at: datetime = moment()


class ProductRow(Row, table=True):
    """A product of an institution."""

    __tablename__ = "product"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    key: str = Field(unique=True, max_length=_KEY_LENGTH)
    position: int = Field(index=True)
    institution_id: UUID = Field(foreign_key="institution.id", index=True)
    name: str = Field(index=True, max_length=500)
    instrument: str = Field(index=True, max_length=16)
    document: str = document()
    updated_at: datetime = moment()


class PoolRow(Row, table=True):
    """A shared capacity."""

    __tablename__ = "pool"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    key: str = Field(unique=True, max_length=_KEY_LENGTH)
    position: int = Field(index=True)
    name: str = Field(index=True, max_length=500)
    document: str = document()
    updated_at: datetime = moment()


class PolicyRow(Row, table=True):
    """A benefit with criteria."""

    __tablename__ = "policy"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    key: str = Field(unique=True, max_length=_KEY_LENGTH)
    position: int = Field(index=True)
    name: str = Field(index=True, max_length=500)
    document: str = document()
    updated_at: datetime = moment()


class NeedRow(Row, table=True):
    """What one firm asks for.

    Parameters
    ----------
    deadline_order, received_order
        ``needed_by`` and ``received`` to sort by: without one, the last day that there is.
    instruments
        The instruments accepted, each between spaces.
    consents_to_all
        Whether every institution may see it; otherwise those of the consents that stand.
    consents_stated
        Whether consent was given or taken back here, and not by a file: then no file changes it.
    is_anonymous
        Whether the firm wants its name kept back until an institution has accepted.
    """

    __tablename__ = "need"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    key: str = Field(unique=True, max_length=_KEY_LENGTH)
    position: int = Field(index=True)
    enterprise_id: UUID = Field(foreign_key="enterprise.id", index=True)
    amount_fen: int = fen(index=True)
    needed_by: date | None = None
    received: date | None = None
    deadline_order: date = Field(default=date.max, index=True)
    received_order: date = Field(default=date.max, index=True)
    priority: int = Field(index=True)
    instruments: str = Field(default="", max_length=200)
    consents_to_all: bool = True
    consents_stated: bool = False
    is_anonymous: bool = False
    document: str = document()
    updated_at: datetime = moment()
