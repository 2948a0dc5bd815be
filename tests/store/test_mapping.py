"""The live market keeps every record, whatever it holds, on both databases."""

from __future__ import annotations

from datetime import datetime

from hypothesis import HealthCheck, given, settings

from matcher.domain.records import Records
from matcher.market import Market
from matcher.services.planning import market_bytes
from matcher.services.records import market_bytes_of, market_records, replace_market
from matcher.store import Database
from matcher.store.types import SHANGHAI
from tests.files.markets import markets
from tests.strategies import AS_OF

NOW = datetime(2022, 5, 25, 9, 0, tzinfo=SHANGHAI)

here = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    max_examples=max(12, settings.default.max_examples // 8),  # each writes on a real database
)


@here
@given(records=markets())
def test_what_is_put_in_comes_out(database: Database, records: Records) -> None:
    """A market replaced again and again comes out equal, and byte for byte as a file."""
    with database.writing() as session:
        replace_market(session, records, AS_OF, NOW)
    with database.reading() as session:
        assert market_records(session) == records
        assert market_bytes_of(session) == market_bytes(Market.from_records(records, AS_OF))
