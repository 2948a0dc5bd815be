"""Markets put over markets: what changes is counted, what stays keeps its id, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

import seeds
from matcher.domain.errors import InputError
from matcher.domain.records import ID_FIELDS, Records
from matcher.services.records import market_records, merge_market, replace_market
from matcher.services.records.keeping import HOLDERS
from matcher.store import Database, open_database
from matcher.store.mapping import TABLE_ROWS
from matcher.store.tables import METADATA, ConsentRow, NeedRow
from matcher.store.types import SHANGHAI
from tests import strategies
from tests.databases import KINDS, current_url
from tests.strategies import AS_OF

NOW = datetime(2022, 5, 25, 9, 0, tzinfo=SHANGHAI)
LATER = NOW + timedelta(days=1)
here = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    max_examples=max(12, settings.default.max_examples // 8),  # each writes on a real database
)


@pytest.fixture(scope="module", params=KINDS)
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """Return a database of each kind in turn; every test replaces what is in it."""
    with current_url(request.param) as url:
        found = open_database(url)
        yield found
        found.close()


markets = strategies.records().map(lambda found: replace(found, products=(), policies=()))


def _keys(records: Records, table: str) -> list[str]:
    return [getattr(record, ID_FIELDS[table]) for record in getattr(records, table)]


def _ids(database: Database) -> dict[tuple[str, str], UUID]:
    with database.reading() as session:
        return {
            (table.name, key): row_id
            for table in TABLE_ROWS
            for key, row_id in session.execute(select(table.row.key, table.row.id))
        }


def _counted(before: Records, after: Records) -> dict[str, dict[str, int]]:
    """Count by sets and equality of records, another way than by documents of rows."""
    counts = {}
    for one in fields(Records):
        old = dict(zip(_keys(before, one.name), getattr(before, one.name), strict=True))
        new = dict(zip(_keys(after, one.name), getattr(after, one.name), strict=True))
        both = old.keys() & new.keys()
        counts[one.name] = {
            "new": len(new.keys() - old.keys()),
            "changed": sum(old[key] != new[key] for key in both),
            "removed": len(old.keys() - new.keys()),
            "unchanged": sum(old[key] == new[key] for key in both),
        }
    return counts


@here
@given(first=markets, second=markets)
def test_a_market_over_another_is_counted_and_keeps_ids(
    database: Database, first: Records, second: Records
) -> None:
    """Counts are those of sets of records; a row whose key stays keeps its id; order is kept."""
    with database.writing() as session:
        replace_market(session, first, AS_OF, NOW)
    before = _ids(database)
    with database.writing() as session:
        told = replace_market(session, second, AS_OF, NOW, preview=True)
    assert _ids(database) == before
    with database.writing() as session:
        done = replace_market(session, second, AS_OF, NOW)
    assert told == done
    assert done.counts == _counted(first, second)
    after = _ids(database)
    assert all(before[key] == after[key] for key in before.keys() & after.keys())
    with database.reading() as session:
        assert market_records(session) == second


@here
@given(first=markets, second=markets)
def test_merging_is_what_a_dictionary_does(
    database: Database, first: Records, second: Records
) -> None:
    """Later records win under their keys, in the place of the earlier ones; new ones follow."""
    with database.writing() as session:
        replace_market(session, first, AS_OF, NOW)
    expected = {}
    for one in fields(Records):
        known = dict(zip(_keys(first, one.name), getattr(first, one.name), strict=True))
        known |= dict(zip(_keys(second, one.name), getattr(second, one.name), strict=True))
        expected[one.name] = tuple(known.values())
    with database.writing() as session:
        done = merge_market(session, second, None, NOW)
    assert done.counts == _counted(first, Records(**expected))
    with database.reading() as session:
        assert market_records(session) == Records(**expected)


def test_a_market_that_does_not_hold_together_changes_nothing(database: Database) -> None:
    """Every id twice and every reference into the void is named, with its table."""
    records = seeds.load()
    with database.writing() as session:
        replace_market(session, records, AS_OF, NOW)
    need = replace(records.needs[0], enterprise_id="nobody", consent=frozenset({"no-bank"}))
    wrong = replace(records, needs=(need, need))
    for put in (replace_market, merge_market):
        with pytest.raises(InputError) as caught, database.writing() as session:
            put(session, wrong, AS_OF, NOW)
        assert {fault.sheet for fault in caught.value.faults} == {"needs"}
    with database.reading() as session:
        assert market_records(session) == records


def test_rows_that_stay_are_not_touched(database: Database) -> None:
    """The time of change is that of the last change, and not of the last import."""
    records = seeds.load()
    with database.writing() as session:
        replace_market(session, Records(), None, NOW)
        replace_market(session, records, AS_OF, NOW)
    first, *rest = records.needs
    changed = replace(records, needs=(*rest, replace(first, amount_fen=first.amount_fen + 1)))
    with database.writing() as session:
        replace_market(session, changed, AS_OF, LATER)
    with database.reading() as session:
        times = dict(session.execute(select(NeedRow.key, NeedRow.updated_at)).all())
    assert [key for key, time in times.items() if time == LATER] == [first.need_id]


def test_consents_of_a_file_are_those_of_the_file(database: Database) -> None:
    """By file consent widens and narrows, as long as nobody stated it here."""
    records = seeds.load()
    need, bank = records.needs[0], records.institutions[0].institution_id
    for consent in (frozenset({bank}), frozenset(), None, frozenset({bank})):
        changed = replace(records, needs=(replace(need, consent=consent), *records.needs[1:]))
        with database.writing() as session:
            replace_market(session, changed, AS_OF, NOW)
        with database.reading() as session:
            assert market_records(session).needs[0].consent == consent
    with database.writing() as session:
        replace_market(session, Records(), None, NOW)
        assert session.scalars(select(ConsentRow)).all() == []


@given(st.text(min_size=501, max_size=600, alphabet="名称abc"))
@here
def test_long_names_are_kept_whole(database: Database, name: str) -> None:
    """A list shows the beginning; the record has all of it."""
    firm = replace(seeds.load().enterprises[0], name=name)
    records = Records(enterprises=(replace(firm, banks=None, conflicts=frozenset()),))
    with database.writing() as session:
        replace_market(session, records, AS_OF, NOW)
    with database.reading() as session:
        assert market_records(session) == records


def test_whatever_refers_to_the_market_holds_it() -> None:
    """Each foreign key from outside is asked about, so that no removal breaks in the database."""
    inside = {table.row.__tablename__ for table in TABLE_ROWS} | {"consent", "listing"}
    keys = {
        f"{table.name}.{key.parent.name}"
        for table in METADATA.tables.values()
        for key in table.foreign_keys
        if table.name not in inside and key.column.table.name in inside
    }
    held = {str(holder.column) for holder in HOLDERS}
    assert held == keys
    assert {"account.institution_id", "questionnaire.need_id", "lead.product_id"} <= held
