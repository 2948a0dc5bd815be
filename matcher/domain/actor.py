"""Who asks: an account in one role, and the one institution or firm that it speaks for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from matcher.domain.errors import Faults
from matcher.domain.text import Text


class Role(StrEnum):
    """What an account may be; one account has one role."""

    ENTERPRISE = "enterprise"
    BANK = "bank"
    ORGANISER = "organiser"
    STAFF = "staff"
    AUDITOR = "auditor"
    ADMIN = "admin"

    @property
    def text(self) -> Text:
        """The role's name."""
        return _TEXTS[self]


_TEXTS = {
    Role.ENTERPRISE: Text("企业", "enterprise"),
    Role.BANK: Text("银行", "bank"),
    Role.ORGANISER: Text("组织方", "organiser"),
    Role.STAFF: Text("分析人员", "staff"),
    Role.AUDITOR: Text("审计", "auditor"),
    Role.ADMIN: Text("管理员", "administrator"),
}

OFFICE = frozenset({Role.ORGANISER, Role.STAFF, Role.AUDITOR, Role.ADMIN})
"""Roles of the office: they see all records of the market."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Somebody who was let in.

    Parameters
    ----------
    account_id
        The account that every record of what was done names.
    institution_id
        The institution that a bank's account speaks for, by its row's id; None for all others.
    enterprise_id
        The firm that an enterprise's account speaks for, by its row's id; None for all others.
    scopes
        What an API key may do; None where a person is logged in, who may do all of the role.

    Raises
    ------
    InputError
        If a bank has no institution, a firm no enterprise, or another role has either.
    """

    account_id: UUID
    role: Role
    institution_id: UUID | None = None
    enterprise_id: UUID | None = None
    scopes: frozenset[str] | None = None

    def __post_init__(self) -> None:
        faults = Faults()
        for name, role in (("institution_id", Role.BANK), ("enterprise_id", Role.ENTERPRISE)):
            given = getattr(self, name)
            holds = (given is not None) == (self.role is role)
            faults.require(holds, name, given, Text("与角色一致", "what the role asks for"))
        faults.raise_if_any()

    @property
    def is_office(self) -> bool:
        """Whether all records of the market may be seen."""
        return self.role in OFFICE
