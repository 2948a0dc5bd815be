"""One immutable snapshot of a round, by records and by columns."""

from matcher.market.market import Market

__all__ = ["Market"]
