"""Many at once: every questionnaire becomes a need of its own, and no consent comes back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlmodel import select

import seeds
from matcher.services.intake_online import hand_in
from matcher.services.records import market_records, replace_market
from matcher.services.records.consents import withdraw_consent
from matcher.store import Database, open_database
from matcher.store.tables import InstitutionRow, NeedRow
from tests.databases import KINDS, current_url
from tests.service import NOW, People, load_seeds, make_accounts

MANY = 8
FORM = {
    "enterprise": {"name": "某某公司"},
    "need": {"amount_fen": 5_000_000, "needed_by": "2026-05-01"},
    "consent": "all",
}


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest) -> Iterator[tuple[Database, People]]:
    """Return a database with the seeds and people, of each kind in turn."""
    with current_url(request.param) as url:
        database = open_database(url)
        load_seeds(database)
        yield database, make_accounts(database)
        database.close()


def test_questionnaires_at_the_same_moment_are_needs_one_by_one(
    place: tuple[Database, People],
) -> None:
    """Eight of one firm on one day: eight needs with ids and places of their own."""
    database, people = place

    def send(_: int) -> str:
        with database.writing() as session:
            return hand_in(session, people.firm.actor, FORM, json.dumps(FORM), NOW).need.key

    with ThreadPoolExecutor(MANY) as pool:
        keys = list(pool.map(send, range(MANY)))
    assert len(set(keys)) == MANY
    with database.reading() as session:
        positions = session.scalars(select(NeedRow.position)).all()
        assert len(set(positions)) == len(positions) == len(seeds.load().needs) + MANY
        assert {need.need_id for need in market_records(session).needs} >= set(keys)


def test_a_consent_taken_back_while_a_file_comes_in_stays_back(
    place: tuple[Database, People],
) -> None:
    """Whichever is first: at the end no institution sees what was taken from it."""
    database, people = place
    with database.reading() as session:
        banks = session.scalars(select(InstitutionRow.id)).all()[:MANY]
        firm = people.firm.actor
        of_firm = select(NeedRow.id, NeedRow.key).where(NeedRow.enterprise_id == firm.enterprise_id)
        need_id, key = session.execute(of_firm).first()

    def act(turn: int) -> None:
        with database.writing() as session:
            if turn % 2:
                replace_market(session, seeds.load(), date(2022, 5, 25), NOW)
            else:
                withdraw_consent(session, firm, need_id, banks[turn // 2], NOW)

    with ThreadPoolExecutor(MANY) as pool:
        list(pool.map(act, range(MANY)))
    with database.reading() as session:
        (need,) = [one for one in market_records(session).needs if one.need_id == key]
        gone = session.scalars(
            select(InstitutionRow.key).where(InstitutionRow.id.in_(banks[: MANY // 2]))
        ).all()
    assert len(need.consent) == len(seeds.load().institutions) - MANY // 2
    assert not need.consent & set(gone)
