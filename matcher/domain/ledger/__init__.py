"""Pools in time: a fund whose money comes back, and a budget that each year begins anew."""

from matcher.domain.ledger.allocation import (
    Allocation,
    Queued,
    Refused,
    RefusedBecause,
    allocate,
)
from matcher.domain.ledger.draw import Draw, FundRequest
from matcher.domain.ledger.revolving import RevolvingPool
from matcher.domain.ledger.yearly import (
    BudgetAllocation,
    BudgetRefusal,
    Grant,
    YearlyBudget,
    allocate_budget,
    level_budget,
)

__all__ = [
    "Allocation",
    "BudgetAllocation",
    "BudgetRefusal",
    "Draw",
    "FundRequest",
    "Grant",
    "Queued",
    "Refused",
    "RefusedBecause",
    "RevolvingPool",
    "YearlyBudget",
    "allocate",
    "allocate_budget",
    "level_budget",
]
