from __future__ import annotations

from uuid import uuid4

import pytest
from sqlmodel import select

from matcher.domain.actor import Actor, Role
from matcher.domain.errors import InputError, UnknownIdError
from matcher.domain.run import IMPORT, PLAN, SCENARIO, RunState
from matcher.store import Database
from matcher.store.paging import Page
from matcher.store.repositories.runs import Runs
from matcher.store.tables import AccountRow, RunRow
from tests.service import NOW

KINDS = (PLAN, SCENARIO, IMPORT)


def actor(role: Role, account_id=None) -> Actor:
    """Return somebody in a role."""
    return Actor(
        account_id=account_id or uuid4(),
        role=role,
        institution_id=uuid4() if role is Role.BANK else None,
        enterprise_id=uuid4() if role is Role.ENTERPRISE else None,
    )


@pytest.fixture
def runs(database: Database):
    """Return the ids of a run of each kind, of staff and of an organiser."""
    found, number = {}, 0
    with database.writing() as session:
        for role in (Role.STAFF, Role.ORGANISER):
            account = AccountRow(login=role.value, name=role.value, role=role, created_at=NOW)
            session.add(account)
            session.flush()
            for kind in KINDS:
                number += 1
                row = RunRow(
                    kind=kind,
                    state=RunState.QUEUED,
                    number=number,
                    account_id=account.id,
                    request="{}",
                    created_at=NOW,
                )
                session.add(row)
                found[role, kind] = row.id
    return found


def test_runs_are_the_offices_and_staff_see_plans_and_their_own(database: Database, runs) -> None:
    """Whatever is not visible is not found either, and the list and the single one agree."""
    with database.reading() as session:
        accounts = {row.login: row.id for row in session.scalars(select(AccountRow))}
        for role in Role:
            who = actor(role, accounts.get(role.value))
            listed = {row.id for row in Runs(session, who).page(Page(limit=100)).rows}
            for (owner, kind), run_id in runs.items():
                is_plan_or_own = kind == PLAN or owner is Role.STAFF
                sees = is_plan_or_own if role is Role.STAFF else who.is_office
                assert (run_id in listed) == sees, (role, owner, kind)
                if sees:
                    assert Runs(session, who).find(run_id).id == run_id
                else:
                    with pytest.raises(UnknownIdError):
                        Runs(session, who).find(run_id)


def test_the_newest_come_first_and_a_cursor_goes_on(database: Database, runs) -> None:
    """Pages of two join to the whole; a cursor of another list is refused."""
    with database.reading() as session:
        repository = Runs(session, actor(Role.AUDITOR))
        found, after = [], None
        while True:
            page = repository.page(Page(limit=2, after=after))
            found += [row.number for row in page.rows]
            after = page.next
            if after is None:
                break
        assert found == [6, 5, 4, 3, 2, 1]
        with pytest.raises(InputError):
            repository.page(Page(after="bm9uc2Vuc2U"))
