"""The figures of the cockpit against a count over the rows, need by need, and sums of SQL."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, col, func, select

from matcher.domain.case import CaseAction
from matcher.services.cockpit.choosing import Chosen
from matcher.services.cockpit.cockpit import Cockpit, make_cockpit
from matcher.services.cockpit.counting import count_chosen
from matcher.services.cockpit.keeping import KeptCockpits
from matcher.services.cockpit.pools import pools_in_use
from matcher.services.cockpit.sums import total
from matcher.services.leads.cases import act
from matcher.services.record import begin
from matcher.services.reporting.report import Grid, Period
from matcher.store import Database, open_database, upgrade
from matcher.store.schema import downgrade
from matcher.store.tables import CapacityRow, CaseEventRow, InstitutionRow, LeadRow, NeedRow
from tests.databases import KINDS, current_url
from tests.progress import leads_on_their_way
from tests.service import NOW, People, load_seeds, make_accounts
from tests.services.cockpit.by_rows import Facts, chosen_of, grids_of, lines_of, read_facts

NO_POOLS = Grid(None, (), ())  # type: ignore[arg-type]


@pytest.fixture(scope="module", params=KINDS)
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """Return a database whose leads have come some way."""
    with current_url(request.param) as url:
        found = open_database(url)
        load_seeds(found)
        yield found
        found.close()


@pytest.fixture(scope="module", autouse=True)
def people(database: Database) -> People:
    """Return accounts of every role, and let leads go their way."""
    found = make_accounts(database)
    leads_on_their_way(database, found)
    return found


@pytest.fixture(scope="module")
def facts(database: Database, people: People) -> Facts:
    """Return what the rows say."""
    with database.reading() as session:
        return read_facts(session, people.staff.actor)


def _value(cockpit: Cockpit, key: str) -> object:
    return next(line.value for line in cockpit.lines if line.key == key)


def _sum(grid: Grid, key: str) -> int:
    return sum(int(line.value or 0) for _, row in grid.rows for line in row if line.key == key)


def _counted(session: Session, chosen: Chosen) -> Cockpit:
    return make_cockpit(count_chosen(session, chosen), chosen, NO_POOLS)


def _assert_as_the_rows(cockpit: Cockpit, facts: Facts) -> None:
    needs = chosen_of(cockpit.chosen, facts)
    assert cockpit.lines == lines_of(needs)
    for key, grid in grids_of(needs).items():
        assert cockpit.grids[key] == grid, (key, cockpit.chosen)


def test_the_totals_are_those_of_the_rows(database: Database) -> None:
    """Needs, money, matches and payments as SQL counts them."""
    with database.reading() as session:
        cockpit = _counted(session, Chosen())
        num, asked = session.execute(select(func.count(), func.sum(NeedRow.amount_fen))).one()
        matched = session.scalars(select(func.count(func.distinct(LeadRow.need_id)))).one()
        paid = select(func.count(func.distinct(LeadRow.need_id)), func.sum(LeadRow.offered_fen))
        needs, money = session.execute(paid.where(LeadRow.status == "disbursed")).one()
    assert needs > 3
    found = [
        _value(cockpit, key) for key in ("num_needs", "asked", "num_matched", "num_paid", "paid")
    ]
    assert found == [num, asked, matched, needs, money]


_BOUNDS = st.none() | st.dates(date(2021, 12, 1), date(2022, 7, 1))
_PERIODS = st.tuples(_BOUNDS, _BOUNDS).map(
    lambda two: Period(*(sorted(two) if None not in two else two))  # type: ignore[type-var]
)
_CHOICES = st.builds(
    Chosen,
    _PERIODS,
    st.sampled_from([None, None, "micro", "small", "medium", "huge"]),
    st.sampled_from([None, None, "C", "F", "I", "T"]),
    st.sampled_from([None, None, "33", "3301", "330108", "99"]),
    st.sampled_from([None, None, "bank-a", "bank-b", "bank-d", "nobody"]),
)


@given(chosen=_CHOICES)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_database_counts_what_a_walk_over_the_rows_counts(
    database: Database, facts: Facts, chosen: Chosen
) -> None:
    """Every figure of every table, of any choice of needs, on both databases."""
    with database.reading() as session:
        cockpit = _counted(session, chosen)
    _assert_as_the_rows(cockpit, facts)


def test_so_it_does_with_no_choice_and_with_each_alone(database: Database, facts: Facts) -> None:
    """All needs, and one condition at a time; something is left of all but the last."""
    choices = (
        Chosen(),
        Chosen(size="small"),
        Chosen(sector="C"),
        Chosen(region="3301"),
        Chosen(institution="bank-a"),
        Chosen(Period(since=date(2022, 1, 1), until=date(2026, 12, 31)), size="micro"),
        Chosen(institution="nobody"),
    )
    with database.reading() as session:
        found = [_counted(session, chosen) for chosen in choices]
    for cockpit in found:
        _assert_as_the_rows(cockpit, facts)
    assert [bool(_value(cockpit, "num_needs")) for cockpit in found] == [True] * 6 + [False]


def test_a_day_is_that_of_china_and_a_second_is_not_rounded(
    database: Database, people: People
) -> None:
    """Money half a millisecond before midnight in China is of that day, and the wait whole."""
    with database.writing() as session:
        paid = select(LeadRow).where(LeadRow.status == "disbursed").order_by(col(LeadRow.id))
        lead = session.scalars(paid.limit(1)).one()
        before = lead.disbursed_at
        lead.disbursed_at = datetime(2026, 3, 31, 23, 59, 59, 999_600, tzinfo=NOW.tzinfo)
        lead.proposed_at, asked = NOW + timedelta(microseconds=700), lead.proposed_at
        session.flush()
        bank = session.get_one(InstitutionRow, lead.institution_id).key
        counted = count_chosen(session, Chosen(institution=bank))
        assert date(2026, 4, 1) not in counted.months.paid
        assert counted.months.paid[date(2026, 3, 1)] >= 1
        paid_leads = session.scalars(
            paid.where(LeadRow.institution_id == lead.institution_id).order_by(None)
        )
        seconds = [
            int((one.disbursed_at - one.proposed_at).total_seconds())
            for one in paid_leads
            if one.disbursed_at is not None
        ]
        assert counted.institutions[bank][1].cash_seconds == sum(seconds)
        lead.disbursed_at, lead.proposed_at = before, asked


@pytest.mark.parametrize("chosen", [Chosen(), Chosen(size="small"), Chosen(sector="C")], ids=str)
def test_every_table_adds_up_to_the_totals(database: Database, chosen: Chosen) -> None:
    """Each need is in one group of a table; each month has what happened in it."""
    with database.reading() as session:
        cockpit = _counted(session, chosen)
    for key in ("size", "sector", "region"):
        for line in ("num_needs", "asked", "num_matched", "num_paid", "paid"):
            assert _sum(cockpit.grids[key], line) == _value(cockpit, line), (key, line)
    months = cockpit.grids["month"]
    assert _sum(months, "num_matched") == _value(cockpit, "num_matched")
    assert _sum(months, "paid") == _value(cockpit, "paid")
    names = [name.en for name, _ in months.rows]
    assert names == sorted(set(names))
    assert _sum(cockpit.grids["institution"], "disbursed") == _value(cockpit, "paid")


def test_a_need_without_a_day_is_in_no_period(database: Database) -> None:
    """Two periods that meet hold each need that says its day once, and no other."""
    with database.reading() as session:
        days = session.scalars(
            select(NeedRow.received).where(col(NeedRow.received).is_not(None))
        ).all()
        middle = sorted(day for day in days if day)[len(days) // 2]
        before = _counted(session, Chosen(Period(until=middle - timedelta(days=1))))
        after = _counted(session, Chosen(Period(since=middle)))
    parts = [_value(cockpit, "num_needs") for cockpit in (before, after)]
    assert all(parts)
    assert sum(int(str(part)) for part in parts) == len(days)


def test_days_to_cash_are_counted_from_the_day_a_need_came_in(database: Database) -> None:
    """As the record of the payment has it."""
    with database.reading() as session:
        told = session.execute(
            select(LeadRow.need_id, CaseEventRow.at, NeedRow.received)
            .join(CaseEventRow, col(CaseEventRow.subject_id) == col(LeadRow.id))
            .join(NeedRow, col(NeedRow.id) == col(LeadRow.need_id))
            .where(col(CaseEventRow.content).contains(f'"action":"{CaseAction.DISBURSE}"'))
        ).all()
        counted = count_chosen(session, Chosen())
    expected: dict[object, int] = {}
    for need_id, at, received in told:
        if received is not None:
            days = (at.astimezone(NOW.tzinfo).date() - received).days
            expected[need_id] = min(days, expected.get(need_id, days))
    assert expected
    assert total(counted.groups.values()).waits == Counter(expected.values())


def test_leads_of_an_older_database_get_their_moments_from_the_record(database: Database) -> None:
    """A schema without them, upgraded, has those that were there before."""
    steps: Any = (LeadRow.accepted_at, LeadRow.declined_at, LeadRow.approved_at)
    query: Any = select(*(LeadRow.id, *steps, LeadRow.disbursed_at)).order_by(col(LeadRow.id))
    with database.reading() as session:
        before = session.execute(query).all()
    downgrade(database, "0004")
    upgrade(database)
    with database.reading() as session:
        after = session.execute(query).all()
    assert all(any(row[place] for row in before) for place in range(1, 5))
    assert after == before


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


def test_what_was_counted_is_kept_until_anything_changes(
    database: Database, people: People
) -> None:
    """A lead that moves and a market that changes make it anew, with the figures of then."""
    kept, actor = KeptCockpits(), people.staff.actor
    with database.reading() as session:
        first = kept.of(session, actor, Chosen())
        assert kept.of(session, actor, Chosen()) is first
        assert kept.of(session, actor, Chosen(size="micro")).lines != first.lines
    for change in (_let_one_go_on, lambda database, _: load_seeds(database)):
        change(database, people)
        with database.reading() as session:
            now = kept.of(session, actor, Chosen())
            facts = read_facts(session, actor)
        assert now is not first
        _assert_as_the_rows(now, facts)
        first = now


def _let_one_go_on(database: Database, people: People) -> None:
    with database.writing() as session:
        begin(session)
        query = select(LeadRow).where(LeadRow.status == "accepted").order_by(col(LeadRow.id))
        lead = session.scalars(query.limit(1)).one()
        act(session, lead, CaseAction.CONTACT, people.organiser.actor, NOW + timedelta(days=9))
