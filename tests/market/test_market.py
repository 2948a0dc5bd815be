from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from datetime import date

import pytest
from hypothesis import given

from matcher.domain.enterprise import Enterprise, Need
from matcher.domain.errors import InputError, UnknownIdError
from matcher.domain.records import Records
from matcher.market import Market
from tests.planning.small import small_market
from tests.strategies import AS_OF, markets, records


@given(records())
def test_rows_are_sorted_and_indexed_by_id(found: Records) -> None:
    """Every id leads to its record, whatever the order in the file."""
    market = Market.from_records(found, AS_OF)
    for index, need in enumerate(market.needs):
        assert market.index("needs", need.need_id) == index
    assert [n.need_id for n in market.needs] == sorted(n.need_id for n in found.needs)


@given(markets())
def test_columns_hold_what_the_records_say(market: Market) -> None:
    """Ticks, words and sets of each attribute are those of the one-row reading."""
    from matcher.domain.attributes import ATTRIBUTES, Kind

    for name, attribute in ATTRIBUTES.items():
        values = [attribute.get(s) for s in market.subjects]
        if attribute.kind.is_ordered:
            column = market.ordered(name)
            assert column.known.tolist() == [v is not None for v in values]
            known = [attribute.ticks(v) for v in values if v is not None]
            assert column.ticks[column.known].tolist() == known
        elif attribute.kind is Kind.SET:
            sets = market.sets(name)
            for row, value in enumerate(values):
                members = {
                    w for w, is_in in zip(sets.words, sets.member[row], strict=True) if is_in
                }
                assert members == {str(v) for v in value or ()}
        else:
            words = market.words(name)
            assert (words.codes == -1).tolist() == [v is None for v in values]


def test_a_variant_leaves_the_market_as_it_was() -> None:
    """replace() makes a new snapshot; the old one still has its tables and its day."""
    market = small_market()
    before = market.records
    fewer = market.replace(needs=market.needs[:1], as_of=date(2022, 5, 26))
    assert (fewer.num_needs, fewer.as_of) == (1, date(2022, 5, 26))
    assert (market.records, market.as_of) == (before, date(2022, 5, 25))
    with pytest.raises(FrozenInstanceError):
        market.as_of = date(2022, 5, 27)  # type: ignore[misc]


def test_a_market_refuses_records_that_do_not_fit_together() -> None:
    """Double ids and dangling references are all named in one error."""
    market = small_market()
    need = Need(need_id="x", enterprise_id="nobody", amount_fen=1)
    with pytest.raises(InputError) as caught:
        market.replace(needs=[need, need])
    values = [f.value for f in caught.value.faults]
    assert sorted(values) == ["nobody", "nobody", "x"]


def test_an_unknown_id_is_an_error_that_names_it() -> None:
    """Asking for a record that is not there does not give another one."""
    with pytest.raises(UnknownIdError, match="nobody"):
        small_market().index("needs", "nobody")


def test_a_deadline_beyond_the_calendar_still_counts() -> None:
    """A slip such as the year 2922 gives many workdays, not a crash."""
    market = small_market()
    needs = [replace(market.needs[0], needed_by=date(2922, 1, 1))]
    far = market.replace(needs=needs)
    assert far.need_columns.workdays_left[0] > 2000
    early = [replace(market.needs[0], needed_by=date(1922, 1, 1))]
    assert market.replace(needs=early).need_columns.workdays_left[0] < 0


def test_a_need_without_columns_of_its_own_firm_is_not_possible() -> None:
    """Each need finds the enterprise that it names."""
    market = small_market()
    other = Enterprise(enterprise_id="aaa", name="first in order")
    grown = market.replace(enterprises=[*market.records.enterprises, other])
    assert {e.enterprise_id for e in grown.enterprise_of} == {"firm"}
