"""Who is asked to an event: the lists of its needs one by one, put together."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time

import pytest
from sqlmodel import Session, col, select

import seeds
from matcher.domain.event import EventKind
from matcher.scoring.weights import default_weights
from matcher.services.meetings.convening import (
    MOST_NEEDS,
    SOON,
    KeptParties,
    convene_event,
    needs_of_event,
)
from matcher.services.meetings.register import EventAsked, enter_event
from matcher.services.urgent_case.case import open_case
from matcher.store import Database, open_database
from matcher.store.tables import EventRow, NeedRow
from matcher.store.types import SHANGHAI
from tests.databases import current_url
from tests.meetings import FIRMS, hall
from tests.service import People, load_seeds, make_accounts

THEN = datetime.combine(seeds.SEED_DATE, time(9), SHANGHAI)


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    """Return a database with the seeds."""
    with current_url("sqlite") as url:
        found = open_database(url)
        load_seeds(found, THEN)
        yield found
        found.close()


@pytest.fixture(scope="module")
def people(database: Database) -> People:
    """Return accounts of every role."""
    return make_accounts(database, THEN)


def entered(session: Session, people: People, description: str | None) -> EventRow:
    """Enter a relief meeting."""
    asked = EventAsked(
        kind=EventKind.RELIEF_MEETING,
        name="纾困专题沟通会",
        day=seeds.SEED_DATE,
        place="会议室",
        round_id=None,
        description=description,
    )
    return enter_event(session, people.organiser.actor, asked, THEN)


def test_the_list_is_that_of_each_need_put_together(database: Database, people: People) -> None:
    """Need by need it is the list of the urgent case; nobody else is asked, nobody left out."""
    actor, weights = people.organiser.actor, default_weights()
    with database.writing() as session:
        event = entered(session, people, hall())
        found = convene_event(session, actor, event, weights, THEN)
        alone = {
            one.need.key: {
                party.institution.institution_id
                for party in open_case(session, actor, one.need.id, weights, THEN).table.parties
            }
            for one in found.about.needs
        }
    together: dict[str, set[str]] = {key: set() for key in alone}
    for invited in found.invited:
        for reason in invited.reasons:
            together[reason.listed.need.key].add(invited.institution.institution_id)
    assert found.invited
    assert together == alone
    assert {one.need.key for one in found.helpless} == {k for k, who in alone.items() if not who}
    wanted = [len(one.reasons) for one in found.invited]
    assert wanted == sorted(wanted, reverse=True)


def test_who_asks_again_and_again_gets_the_whole_list(database: Database, people: People) -> None:
    """One need further each time, then all; nothing is kept of how things were before a change."""
    actor, weights, kept = people.organiser.actor, default_weights(), KeptParties()
    with database.writing() as session:
        event = entered(session, people, hall())
        whole = convene_event(session, actor, event, weights, THEN)
        count = len(whole.about.needs)
        assert count > 2
        for waiting in range(count - 1, -1, -1):
            found = convene_event(session, actor, event, weights, THEN, kept, 1)
            assert found.num_waiting == waiting
            assert (found == whole) == (waiting == 0)
        assert convene_event(session, actor, event, weights, THEN, kept, 0) == whole
        entered(session, people, hall())  # which the record tells of
        again = convene_event(session, actor, event, weights, THEN, kept, 1)
        assert again.num_waiting == count - 1


def test_it_is_about_the_firms_that_the_event_names(database: Database, people: People) -> None:
    """Their open needs, those due first, so many and how many more."""
    with database.writing() as session:
        event = entered(session, people, hall())
        about = needs_of_event(session, people.organiser.actor, event, seeds.SEED_DATE)
    own = [n for n in seeds.load().needs if n.enterprise_id in FIRMS]
    open_ones = [n for n in own if n.needed_by is None or n.needed_by >= seeds.SEED_DATE]
    assert about.by_firms
    assert len(about.needs) + about.num_more == len(open_ones)
    assert len(about.needs) == min(MOST_NEEDS, len(open_ones))
    assert {one.enterprise.key for one in about.needs} <= set(FIRMS)
    days = [one.need.deadline_order for one in about.needs]
    assert days == sorted(days)


def test_an_event_without_firms_is_about_what_is_due_soon(
    database: Database, people: People
) -> None:
    """The soonest of the market, none past, none later than ten days."""
    with database.writing() as session:
        event = entered(session, people, None)
        about = needs_of_event(session, people.organiser.actor, event, seeds.SEED_DATE)
        last = seeds.SEED_DATE + SOON
        query = select(NeedRow.key).where(col(NeedRow.needed_by).between(seeds.SEED_DATE, last))
        known = set(session.scalars(query))
    assert not about.by_firms
    assert {one.need.key for one in about.needs} <= known
    assert len(about.needs) == min(MOST_NEEDS, len(known)) > 0
