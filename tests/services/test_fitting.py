"""What fits one need alone agrees with the engine that judges whole markets pair by pair."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlmodel import col, select

import seeds
from matcher.domain.actor import Role
from matcher.domain.choices import Instrument
from matcher.market import Market
from matcher.scoring.columns import FAIL
from matcher.scoring.eligibility import Eligibility
from matcher.scoring.explain import explain
from matcher.scoring.weights import default_weights
from matcher.services.fitting import (
    MAX_OTHERS,
    Fittings,
    day_of,
    fitting,
    sort_out,
)
from matcher.services.offers.others import why_not
from matcher.services.records.consents import withdraw_all
from matcher.store import Database, open_database
from matcher.store.tables import NeedRow
from tests.databases import current_url
from tests.service import NOW, load_seeds, make_person


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    """Return a database with the seeds."""
    with current_url("sqlite") as url:
        found = open_database(url)
        load_seeds(found)
        yield found
        found.close()


def test_what_fits_and_what_not_is_as_the_whole_market_judges(database: Database) -> None:
    """Each product of an accepted kind is explained pair by pair in the market of all needs."""
    market = Market.from_records(seeds.load(), seeds.SEED_DATE)
    with database.reading() as session:
        rows = session.scalars(select(NeedRow).order_by(col(NeedRow.position)).limit(60)).all()
        for row in rows[::12]:
            found = fitting(session, row, seeds.SEED_DATE)
            need_idx = market.index("needs", row.key)
            kinds = market.needs[need_idx].instruments
            judged = {
                p.product_id: explain(market, default_weights(), need_idx, idx)
                for idx, p in enumerate(market.products)
                if p.instrument in kinds
            }
            assert {f.product.product_id for f in found.fits} == {
                name for name, one in judged.items() if one.eligible
            }
            assert found.num_others == sum(not one.eligible for one in judged.values())
            assert len(found.others) == min(found.num_others, MAX_OTHERS)
            for one in found.others:
                known = judged[one.product.product_id]
                assert (one.failing, one.changes) == (known.failing, known.changes)
            costs = [f.high for f in found.fits if f.high is not None]
            assert costs == sorted(costs)


@pytest.mark.parametrize("most", [0, 1, 5, 500])
def test_those_that_fail_fewest_rules_are_found_without_asking_all_what_they_cost(most) -> None:
    """As counting the failing rules of every product, for needs with and without a highest cost."""
    records = seeds.load()
    needs = sorted(records.needs, key=lambda n: (n.max_rate is None, n.need_id))
    for need in (*needs[:4], *needs[-4:]):
        alone = replace(records, needs=(replace(need, instruments=frozenset(Instrument)),))
        market = Market.from_records(alone, seeds.SEED_DATE)
        eligibility = Eligibility(market)
        products = range(market.num_products)
        failed = {
            k: int((eligibility.states(eligibility.block(k))[:, 0] == FAIL).sum()) for k in products
        }
        fits, nearest = sort_out(eligibility, products, most)
        others = sorted((number, k) for k, number in failed.items() if number)
        assert sorted(fits) == [k for k, number in failed.items() if not number]
        assert nearest == [k for _, k in others[:most]]


def test_a_need_that_was_due_is_judged_on_the_day_of_its_round(database: Database) -> None:
    """Today for what is due later; the market's own day for what is past."""
    with database.reading() as session:
        row = session.scalars(select(NeedRow).where(col(NeedRow.needed_by).is_not(None))).first()
        assert row is not None
        assert row.needed_by is not None
        assert day_of(session, row, NOW.date()) == seeds.SEED_DATE
        assert day_of(session, row, row.needed_by) == row.needed_by


def test_what_was_reckoned_is_kept_until_the_market_changes(database: Database) -> None:
    """The same answer again, and another after a consent was taken back from all."""
    kept = Fittings()
    with database.reading() as session:
        need = session.scalars(select(NeedRow).order_by(col(NeedRow.position))).first()
        assert need is not None
        before = kept.of(session, need, seeds.SEED_DATE)
        assert kept.of(session, need, seeds.SEED_DATE) is before
        assert before.fits
        need_id = need.id
    with database.writing() as session:
        organiser = make_person(session, "organiser", Role.ORGANISER, NOW).actor
        withdraw_all(session, organiser, need_id, NOW)
    with database.reading() as session:
        need = session.get_one(NeedRow, need_id)
        assert kept.of(session, need, seeds.SEED_DATE).fits == ()


def test_the_api_and_the_page_say_the_same_of_every_product(database: Database) -> None:
    """Rules that fail, the change that helps, and the day: product by product, of four needs."""
    with database.writing() as session:
        actor = make_person(session, "asker", Role.ORGANISER, NOW).actor
    with database.reading() as session:
        rows = session.scalars(select(NeedRow).order_by(col(NeedRow.position)).limit(40)).all()
        for row in rows[::10]:
            page = Fittings().of(session, row, day_of(session, row, NOW.date()))
            api = why_not(session, actor, row.id, NOW, most=10_000).products
            told = {one.product.key: one for one in api}
            fitted = {one.product.product_id for one in page.fits}
            assert {key for key, one in told.items() if not one.failing} == fitted
            assert len(told) - len(fitted) == page.num_others
            for one in page.others:
                other = told[one.product.product_id]
                assert (other.failing, other.changes) == (one.failing, one.changes)
                assert other.missing == one.missing
            nearest = [one.product.product_id for one in page.others]
            assert [key for key in told if key in nearest] == nearest
