"""The live market in the store: loaded, compared with what came in, changed, listed.

A row keeps its id as long as a record of its key is there, so that accounts, consents and links
stay good when a workbook is read again.
"""

from matcher.services.records.loading import market_bytes_of, market_day, market_records
from matcher.services.records.replacing import merge_market, replace_market

__all__ = ["market_bytes_of", "market_day", "market_records", "merge_market", "replace_market"]
