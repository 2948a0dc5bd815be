"""What needs attention today, held against all rows read one by one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlmodel import Session, col, select, update

from matcher.domain.run import RunState
from matcher.domain.workdays import calendar_around
from matcher.services.attention import URGENT_WORKDAYS, attention
from matcher.services.plans.publishing import propose
from matcher.store import Database, open_database
from matcher.store.tables import CapacityRow, LeadRow, NeedRow
from tests.databases import KINDS, current_url
from tests.imports import previewed
from tests.rounds import checked_plan, new_round, published_plan
from tests.service import NOW, People, load_seeds, make_accounts

TODAY = NOW.date()


@pytest.fixture(params=KINDS)
def there(request: pytest.FixtureRequest) -> Iterator[tuple[Database, People]]:
    """Return the seeds with a plan that is out, their deadlines spread around today."""
    with current_url(request.param) as url:
        found = open_database(url)
        load_seeds(found)
        people = make_accounts(found)
        published_plan(found, people, new_round(found, people).id)
        with found.writing() as session:
            for number, need in enumerate(session.scalars(select(NeedRow))):
                need.needed_by = TODAY + timedelta(days=number % 60 - 20)
                need.deadline_order = need.needed_by
            for number, lead in enumerate(session.scalars(select(LeadRow))):
                lead.status = ("proposed", "accepted", "declined", "proposed")[number % 4]
                lead.is_alive = lead.status != "declined"
                lead.due_on = TODAY + timedelta(days=number % 7 - 2)
            session.execute(
                update(CapacityRow)
                .where(col(CapacityRow.name).like("option_%"))
                .values(used=col(CapacityRow.capacity))
            )
        yield found, people
        found.close()


def _open_needs(session: Session) -> list[NeedRow]:
    taken = {r.need_id for r in session.scalars(select(LeadRow)) if r.status == "accepted"}
    return [need for need in session.scalars(select(NeedRow)) if need.id not in taken]


def test_what_presses_is_counted_and_told_by_day(there: tuple[Database, People]) -> None:
    """Needs without a taker, answers owed, capacities used up: as many as a loop over all finds."""
    database, people = there
    calendar = calendar_around(TODAY)
    with database.reading() as session:
        found = attention(session, people.organiser.actor, NOW)
        left = [calendar.between(TODAY, n.needed_by) for n in _open_needs(session) if n.needed_by]
        days = [n.needed_by for n in _open_needs(session) if n.needed_by]
        coming = sorted(day for day in days if day >= TODAY)
        assert [one.need.needed_by for one in found.needs.first] == coming[:8]
        pressing = [n for n, day in zip(left, days, strict=True) if day >= TODAY]
        assert found.needs.num_urgent == sum(n <= URGENT_WORKDAYS for n in pressing) > 0
        assert found.needs.num_passed == sum(day < TODAY for day in days) > 0
        leads = [lead for lead in session.scalars(select(LeadRow)) if lead.is_alive]
        assert found.answers.num_overdue == sum(lead.due_on < TODAY for lead in leads) > 0
        assert found.answers.num_unanswered == sum(lead.status == "proposed" for lead in leads)
        assert all(one.is_overdue for one in found.answers.first)
        scarce = [
            row
            for row in session.scalars(select(CapacityRow))
            if not row.name.startswith("need:") and row.capacity > 0 and row.used == row.capacity
        ]
        assert found.capacities.num == len(scarce) > 8
        assert all(one.left == 0 for one in found.capacities.first)
        assert all(":" not in one.name for one in found.capacities.first)


def test_what_waits_for_people_and_machines_is_told(there: tuple[Database, People]) -> None:
    """A plan that was proposed, to its proposer as theirs; runs under way or failed of late."""
    database, people = there
    second = checked_plan(database, people, new_round(database, people).id)
    done, waiting, failed = (previewed(database, people) for _ in range(3))
    with database.writing() as session:
        propose(session, people.organiser.actor, second.id, NOW)
        session.merge(waiting).state = RunState.QUEUED
        session.merge(failed).state = RunState.FAILED
    with database.reading() as session:
        own = attention(session, people.organiser.actor, NOW)
        other = attention(session, people.admin.actor, NOW + timedelta(days=2))
    assert [(plan.plan.id, plan.is_own) for plan in own.plans] == [(second.id, True)]
    assert [(plan.plan.id, plan.is_own) for plan in other.plans] == [(second.id, False)]
    assert {run.row.id for run in own.runs} == {waiting.id, failed.id}
    assert {run.row.id for run in other.runs} == {waiting.id}
    assert done.id not in {run.row.id for run in own.runs}
