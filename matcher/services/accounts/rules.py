"""What an account has to be; each rule notes what breaks it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from matcher.domain.actor import Role
from matcher.domain.errors import Faults
from matcher.domain.text import Text
from matcher.store.tables import AccountRow, EnterpriseRow, InstitutionRow

MAX_NAME = 200
MAX_SUBJECT = 512


def require_name(faults: Faults, name: str) -> None:
    """Note a fault if nobody could read a name."""
    holds = 0 < len(name.strip()) <= MAX_NAME and name.isprintable()
    expected = Text("1 到 {n} 个可见字符", "1 to {n} visible characters")
    faults.require(holds, "name", name, expected.format(n=MAX_NAME))


def require_free(
    faults: Faults, session: Session, field: str, same: ColumnElement[bool], value: str
) -> None:
    """Note a fault if an account has this already."""
    taken = session.scalar(select(AccountRow.id).where(same)) is not None
    faults.require(not taken, field, value, Text("尚无账号使用", "one that no account has"))


def require_subject(faults: Faults, session: Session, subject: str | None) -> None:
    """Note a fault if a subject is none of an identity provider, or another account's."""
    if subject is None:
        return
    issuer, bar, identity = subject.partition("|")
    holds = bool(issuer and bar and identity) and len(subject) <= MAX_SUBJECT
    holds = holds and subject.isprintable()
    faults.require(holds, "oidc_subject", subject, Text.same("https://issuer|subject"))
    if holds:
        same = col(AccountRow.oidc_subject) == subject
        require_free(faults, session, "oidc_subject", same, subject)


def require_bound(
    faults: Faults,
    session: Session,
    role: Role,
    institution_id: UUID | None,
    enterprise_id: UUID | None,
) -> None:
    """Note a fault unless a bank has an institution, a firm an enterprise, and no other any."""
    bounds: tuple[tuple[str, UUID | None, type[Any], Role], ...] = (
        ("institution_id", institution_id, InstitutionRow, Role.BANK),
        ("enterprise_id", enterprise_id, EnterpriseRow, Role.ENTERPRISE),
    )
    for field_name, given, row, of_role in bounds:
        shown = None if given is None else str(given)
        if role is of_role:
            holds = given is not None and session.get(row, given) is not None
            expected = Text("市场中的一个编号", "an id of the live market")
        else:
            holds = given is None
            expected = Text("此角色不填", "nothing for this role")
        faults.require(holds, field_name, shown, expected)


def require_another_admin(faults: Faults, session: Session, row: AccountRow) -> None:
    """Note a fault if no active administrator but this one is there."""
    if Role(row.role) is not Role.ADMIN or not row.is_active:
        return
    others = session.scalar(
        select(AccountRow.id)
        .where(col(AccountRow.role) == Role.ADMIN.value, col(AccountRow.is_active))
        .where(col(AccountRow.id) != row.id)
        .limit(1)
    )
    expected = Text("至少保留一名管理员", "one administrator has to stay")
    faults.require(others is not None, "is_active", False, expected)
