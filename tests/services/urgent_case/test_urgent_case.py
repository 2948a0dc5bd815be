"""An urgent case shows what the whole market shows of its need; its steps keep the calendar."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlmodel import select

import seeds
from matcher.domain.choices import Instrument, Purpose
from matcher.domain.errors import InputError
from matcher.domain.workdays import calendar_around
from matcher.market import Market
from matcher.scoring.graph import ScoringGraph
from matcher.scoring.weights import default_weights
from matcher.services.convening import convene_in, convene_need
from matcher.services.urgent_case.calling import Call, take_call
from matcher.services.urgent_case.case import UrgentCase, open_case
from matcher.services.urgent_case.promising import products_of_one
from matcher.services.urgent_case.steps import StepKind
from matcher.store import Database, open_database
from matcher.store.tables import EnterpriseRow, NeedRow, QuestionnaireRow
from matcher.store.types import SHANGHAI
from tests.benchmarks.candidates_market import AS_OF, make_records
from tests.databases import current_url
from tests.service import NOW, People, load_seeds, make_accounts

CALL = Call(
    firm="某某软件有限公司",
    amount_fen=150_000_000,
    needed_by=date(2026, 3, 12),
    purpose=Purpose.WAGES,
    instruments=frozenset({Instrument.LOAN, Instrument.GUARANTEE}),
    agrees=False,
)


@pytest.fixture
def database() -> Iterator[Database]:
    """Return a database with the seeds."""
    with current_url("sqlite") as url:
        found = open_database(url)
        load_seeds(found)
        yield found
        found.close()


@pytest.fixture
def people(database: Database) -> People:
    """Return accounts of every role."""
    return make_accounts(database)


def _opened(database: Database, people: People, key: str, now: datetime = NOW) -> UrgentCase:
    with database.reading() as session:
        need_id = session.scalars(select(NeedRow.id).where(NeedRow.key == key)).one()
        return open_case(session, people.organiser.actor, need_id, default_weights(), now)


def test_a_case_is_what_the_whole_market_shows_of_its_need(
    database: Database, people: People
) -> None:
    """Convening list and urgency of needs of the seeds are those of `matcher convene` on all."""
    records = seeds.load()
    open_to_all = tuple(replace(need, consent=None) for need in records.needs)
    market = Market.from_records(replace(records, needs=open_to_all), NOW.date())
    graph = ScoringGraph.build(market, default_weights())
    for need_idx in range(0, market.num_needs, 1 + market.num_needs // 12):
        need = market.needs[need_idx]
        whole = convene_in(graph, need_idx)
        case = _opened(database, people, need.need_id)
        assert case.waiting.urgency == whole.urgency
        assert case.table.parties == whole.table.parties
        assert case.table.too_slow == whole.table.too_slow


def test_leaving_out_what_is_hopeless_changes_nothing() -> None:
    """On a market made at random: list, urgency and reasons of each need stay as they are."""
    records = make_records(8, 60, seed=3)
    for need in records.needs:
        firm = next(f for f in records.enterprises if f.enterprise_id == need.enterprise_id)
        alone = replace(records, needs=(replace(need, consent=None),), enterprises=(firm,))
        whole = Market.from_records(alone, AS_OF)
        kept = products_of_one(whole)
        few = tuple(p for p in records.products if p.product_id in kept)
        part = Market.from_records(replace(alone, products=few), AS_OF)
        expected = convene_need(whole, default_weights(), need.need_id)
        found = convene_need(part, default_weights(), need.need_id)
        assert found.urgency == expected.urgency
        assert found.table.parties == expected.table.parties
        assert found.table.reserves == expected.table.reserves
        assert found.table.too_slow == expected.table.too_slow
        told = [
            [one.sentence for one in table.uncovered] for table in (found.table, expected.table)
        ]
        assert told[0] == told[1]


def test_the_offers_are_in_time_and_the_soonest_comes_first(
    database: Database, people: People
) -> None:
    """Each pays on or before the deadline by a calendar that is counted day by day."""
    with database.writing() as session:
        need_id = take_call(session, people.organiser.actor, CALL, NOW).need_id
    with database.reading() as session:
        case = open_case(session, people.organiser.actor, need_id, default_weights(), NOW)
    calendar = calendar_around(NOW.date())
    assert case.offers
    days = [offer.cash_date for offer in case.offers if offer.cash_date is not None]
    assert days == sorted(days)
    for offer in case.offers:
        assert offer.pair.product.instrument in CALL.instruments
        if offer.cash_date is not None:
            assert offer.cash_date <= CALL.needed_by
            between = (CALL.needed_by - offer.cash_date).days
            each = [offer.cash_date + timedelta(days=n + 1) for n in range(between)]
            assert offer.slack_workdays == sum(calendar.is_workday(day) for day in each)
        if offer.cost_low is not None and offer.cost_high is not None:
            assert 0 <= offer.cost_low <= offer.cost_high


@pytest.mark.parametrize(
    ("called", "together"),
    [
        (datetime(2022, 5, 24, 22, 0, tzinfo=SHANGHAI), datetime(2022, 5, 25, 11, 0)),
        (datetime(2022, 5, 25, 8, 0, tzinfo=SHANGHAI), datetime(2022, 5, 25, 11, 0)),
        (datetime(2022, 5, 25, 10, 20, 5, tzinfo=SHANGHAI), datetime(2022, 5, 25, 12, 20)),
        (datetime(2022, 5, 27, 16, 30, tzinfo=SHANGHAI), datetime(2022, 5, 30, 11, 0)),
        (datetime(2022, 5, 28, 9, 0, tzinfo=SHANGHAI), datetime(2022, 5, 30, 11, 0)),
    ],
)
def test_all_sit_together_within_two_hours_of_office_time(
    database: Database, people: People, called: datetime, together: datetime
) -> None:
    """As in May 2022: called at ten at night, at one table at eleven the next morning."""
    call = replace(CALL, needed_by=date(2022, 6, 30), instruments=frozenset(Instrument))
    with database.writing() as session:
        need_id = take_call(session, people.organiser.actor, call, called).need_id
    with database.reading() as session:
        case = open_case(session, people.organiser.actor, need_id, default_weights(), called)
    steps = {step.kind: step for step in case.steps}
    first = steps[StepKind.CONVENE]
    assert first.at is not None
    assert datetime.combine(first.day, first.at) == together
    calendar = calendar_around(called.date())
    order = [StepKind.CONVENE, StepKind.VISIT, StepKind.DILIGENCE]
    assert [steps[kind].day for kind in order] == sorted(steps[kind].day for kind in order)
    assert all(calendar.is_workday(steps[kind].day) for kind in order)
    assert steps[StepKind.DEADLINE].day == call.needed_by


def test_a_call_makes_a_need_once(database: Database, people: People) -> None:
    """The same call twice is one need; a new firm gets an id of its own, and nobody sees it."""
    actor = people.organiser.actor
    with database.writing() as session:
        first = take_call(session, actor, CALL, NOW)
    with database.writing() as session:
        told = replace(CALL, firm_facts={"region": "330106"})
        again = take_call(session, actor, told, NOW)
        other = take_call(session, actor, replace(CALL, firm="另一家公司", agrees=True), NOW)
    assert first.is_new
    assert not again.is_new
    assert again.need_id == first.need_id
    with database.reading() as session:
        need, open_need = (
            session.get_one(NeedRow, first.need_id),
            session.get_one(NeedRow, other.need_id),
        )
        assert not need.consents_to_all
        assert open_need.consents_to_all
        firm = session.get_one(EnterpriseRow, need.enterprise_id)
        assert firm.name == CALL.firm
        assert firm.region == "330106"
        assert firm.key != session.get_one(EnterpriseRow, open_need.enterprise_id).key
        words = session.scalars(select(QuestionnaireRow.document)).all()
        assert len(words) == 2
        assert all(word.startswith("{") for word in words)


def test_a_firm_that_is_known_keeps_its_id(database: Database, people: People) -> None:
    """It is found by its name, its id or its credit code."""
    with database.reading() as session:
        firm = session.scalars(select(EnterpriseRow).order_by(EnterpriseRow.position)).first()  # type: ignore[arg-type]
        assert firm is not None
        named = [name for name in (firm.name, firm.key, firm.credit_code) if name]
    for number, name in enumerate(named):
        call = replace(CALL, firm=name, amount_fen=100 + number)
        with database.writing() as session:
            taken = take_call(session, people.organiser.actor, call, NOW)
            assert session.get_one(NeedRow, taken.need_id).enterprise_id == firm.id


def test_what_cannot_be_read_leaves_nothing_behind(database: Database, people: People) -> None:
    """A fact that is no fact is a fault; no firm and no need is added."""
    call = replace(CALL, firm_facts={"staff": "x"}, need_facts={"term_months": "-1"})
    with pytest.raises(InputError) as caught, database.writing() as session:
        take_call(session, people.organiser.actor, call, NOW)
    assert len(caught.value.faults) == 2
    with database.reading() as session:
        assert (
            session.scalars(select(EnterpriseRow).where(EnterpriseRow.name == CALL.firm)).all()
            == []
        )
