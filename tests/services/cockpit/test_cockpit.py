"""The figures of the cockpit against sums over the rows themselves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlmodel import col, func, select

from matcher.domain.case import CaseAction
from matcher.services.cockpit.choosing import Chosen
from matcher.services.cockpit.cockpit import Cockpit, make_cockpit
from matcher.services.cockpit.facts import Facts, read_facts
from matcher.services.cockpit.keeping import KeptCockpits
from matcher.services.cockpit.pools import pools_in_use
from matcher.services.reporting.report import Grid, Period
from matcher.store import Database, open_database
from matcher.store.tables import CapacityRow, CaseEventRow, EnterpriseRow, LeadRow, NeedRow
from tests.databases import current_url
from tests.progress import leads_on_their_way
from tests.service import NOW, People, load_seeds, make_accounts

NO_POOLS = Grid(None, (), ())  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    """Return a database whose leads have come some way."""
    with current_url("sqlite") as url:
        found = open_database(url)
        load_seeds(found)
        yield found
        found.close()


@pytest.fixture(scope="module")
def people(database: Database) -> People:
    """Return accounts of every role, and let leads go their way."""
    found = make_accounts(database)
    leads_on_their_way(database, found)
    return found


@pytest.fixture(scope="module")
def facts(database: Database, people: People) -> Facts:
    """Return what the cockpit counts."""
    with database.reading() as session:
        return read_facts(session, people.staff.actor)


def _value(cockpit: Cockpit, key: str) -> object:
    return next(line.value for line in cockpit.lines if line.key == key)


def _sum(grid: Grid, key: str) -> int:
    return sum(int(line.value or 0) for _, row in grid.rows for line in row if line.key == key)


def test_the_totals_are_those_of_the_rows(database: Database, facts: Facts) -> None:
    """Needs, money, matches and payments as SQL counts them."""
    cockpit = make_cockpit(facts, Chosen(), NO_POOLS)
    with database.reading() as session:
        num, asked = session.execute(select(func.count(), func.sum(NeedRow.amount_fen))).one()
        matched = session.scalars(select(func.count(func.distinct(LeadRow.need_id)))).one()
        paid = select(func.count(func.distinct(LeadRow.need_id)), func.sum(LeadRow.offered_fen))
        needs, money = session.execute(paid.where(LeadRow.status == "disbursed")).one()
    assert needs > 3
    found = [
        _value(cockpit, key) for key in ("num_needs", "asked", "num_matched", "num_paid", "paid")
    ]
    assert found == [num, asked, matched, needs, money]


@pytest.mark.parametrize(
    "chosen",
    [
        Chosen(),
        Chosen(size="small"),
        Chosen(sector="C"),
        Chosen(region="3301"),
        Chosen(period=Period(since=date(2022, 1, 1), until=date(2026, 12, 31)), size="micro"),
    ],
    ids=str,
)
def test_every_table_adds_up_to_the_totals(facts: Facts, chosen: Chosen) -> None:
    """Each need is in one group of a table; each month has what happened in it."""
    cockpit = make_cockpit(facts, chosen, NO_POOLS)
    for key in ("size", "sector", "region"):
        for line in ("num_needs", "asked", "num_matched", "num_paid", "paid"):
            assert _sum(cockpit.grids[key], line) == _value(cockpit, line), (key, line)
    months = cockpit.grids["month"]
    assert _sum(months, "num_matched") == _value(cockpit, "num_matched")
    assert _sum(months, "paid") == _value(cockpit, "paid")
    names = [name.en for name, _ in months.rows]
    assert names == sorted(set(names))
    banks = cockpit.grids["institution"]
    assert _sum(banks, "disbursed") == _value(cockpit, "paid")


def test_what_is_chosen_is_what_is_counted(database: Database, facts: Facts) -> None:
    """A region, a size and a bank each leave the rows that SQL leaves."""
    with database.reading() as session:
        join = select(func.count()).select_from(NeedRow).join(EnterpriseRow)  # type: ignore[arg-type]
        by_region = session.scalars(join.where(col(EnterpriseRow.region).startswith("3301"))).one()
        by_size = session.scalars(join.where(EnterpriseRow.size == "micro")).one()
    assert _value(make_cockpit(facts, Chosen(region="3301"), NO_POOLS), "num_needs") == by_region
    assert _value(make_cockpit(facts, Chosen(size="micro"), NO_POOLS), "num_needs") == by_size
    bank = next(lead.institution for need in facts.needs for lead in need.leads)
    own = make_cockpit(facts, Chosen(institution=bank), NO_POOLS)
    assert len(own.grids["institution"].rows) == 1
    assert _value(own, "num_needs") == _value(own, "num_matched")


def test_a_need_without_a_day_is_in_no_period(facts: Facts) -> None:
    """Two periods that meet hold each need that says its day once, and no other."""
    dated = [need for need in facts.needs if need.received is not None]
    middle = sorted(need.received for need in dated if need.received)[len(dated) // 2]
    before = Chosen(Period(until=middle - timedelta(days=1))).of(facts)
    after = Chosen(Period(since=middle)).of(facts)
    assert len(before) + len(after) == len(dated)


def test_days_to_cash_are_counted_from_the_day_a_need_came_in(
    database: Database, facts: Facts
) -> None:
    """As the record of the payment has it."""
    with database.reading() as session:
        told = session.execute(
            select(LeadRow.need_id, CaseEventRow.at, NeedRow.received)
            .join(CaseEventRow, col(CaseEventRow.subject_id) == col(LeadRow.id))
            .join(NeedRow, col(NeedRow.id) == col(LeadRow.need_id))
            .where(col(CaseEventRow.content).contains(f'"action":"{CaseAction.DISBURSE}"'))
        ).all()
    expected: dict[object, int] = {}
    for need_id, at, received in told:
        if received is not None:
            days = (at.astimezone(NOW.tzinfo).date() - received).days
            expected[need_id] = min(days, expected.get(need_id, days))
    found = {n.need_id: n.days_to_cash for n in facts.needs if n.days_to_cash is not None}
    assert expected
    assert found == expected
    waits = make_cockpit(facts, Chosen(), NO_POOLS).grids["wait"]
    assert _sum(waits, "num_needs") == len(expected)


def test_pools_show_what_is_taken_the_fullest_first(database: Database, people: People) -> None:
    """Capacity, used and left of every shared capacity of a plan that is out."""
    with database.reading() as session:
        grid = pools_in_use(session, people.staff.actor)
        rows = session.scalars(select(CapacityRow).where(col(CapacityRow.name).startswith("pool:")))
        some = {(row.capacity, row.used) for row in rows if row.capacity}
    shares = [float(line.value or 0) for _, row in grid.rows for line in row if line.key == "share"]
    assert shares == sorted(shares, reverse=True)
    shown = {(int(row[0].value or 0), int(row[1].value or 0)) for _, row in grid.rows}
    assert shown
    assert some <= shown or len(grid.rows) == 40


def test_facts_are_read_again_once_anything_has_changed(
    database: Database, people: People, facts: Facts
) -> None:
    """What was read is kept until a lead moves or the market changes."""
    kept, actor = KeptCockpits(), people.staff.actor
    with database.reading() as session:
        first = kept.of(session, actor, Chosen())
        assert kept.of(session, actor, Chosen()) is first
        assert kept.of(session, actor, Chosen(size="micro")).lines != first.lines
    assert first.lines == make_cockpit(facts, Chosen(), NO_POOLS).lines
    load_seeds(database)
    with database.reading() as session:
        assert kept.of(session, actor, Chosen()) is not first
