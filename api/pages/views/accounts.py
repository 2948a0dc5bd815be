"""Accounts as people read and write them: roles by name, whom each speaks for by its id."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from api.pages.page import Form
from matcher.domain.actor import Role
from matcher.domain.errors import Fault, InputError, UnknownIdError
from matcher.domain.text import Lang, Text
from matcher.services.accounts.by_hand import enterprise_named, institution_named
from matcher.services.accounts.managing import AccountDraft
from matcher.store.tables import AccountRow, EnterpriseRow, InstitutionRow

Speaker = InstitutionRow | EnterpriseRow


def names_of(lang: Lang) -> list[tuple[str, str]]:
    """Return the roles to choose from."""
    return [(role.value, role.text.of(lang)) for role in Role]


def whom(session: Session, rows: Collection[AccountRow]) -> Mapping[UUID, Any]:
    """Return the institution or firm that accounts speak for, by the account."""
    banks = _rows(session, InstitutionRow, {row.institution_id for row in rows})
    firms = _rows(session, EnterpriseRow, {row.enterprise_id for row in rows})
    found = {row.id: banks.get(row.institution_id) or firms.get(row.enterprise_id) for row in rows}
    return {account: one for account, one in found.items() if one is not None}


def _rows(
    session: Session, table: type[Any], ids: Collection[UUID | None]
) -> Mapping[UUID | None, Any]:
    wanted = [one for one in ids if one is not None]
    if not wanted:
        return {}
    return {row.id: row for row in session.scalars(select(table).where(col(table.id).in_(wanted)))}


def drafted(session: Session, form: Form) -> AccountDraft:
    """Return the account that a form asks for.

    Raises
    ------
    InputError
        If it names no role, or an institution or firm that is not there.
    """
    role, faults = form.text("role"), list[Fault]()
    if role not in tuple(Role):
        faults.append(Fault(Text("请选择角色", "choose a role")))
    bound: dict[str, UUID | None] = {}
    for name, find in (("institution", institution_named), ("enterprise", enterprise_named)):
        try:
            bound[name] = find(session, form.text(name) or None)
        except UnknownIdError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    return AccountDraft(
        login=form.text("login"),
        name=form.text("name"),
        role=Role(role),
        institution_id=bound["institution"],
        enterprise_id=bound["enterprise"],
    )
