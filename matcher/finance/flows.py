"""Dated cash flows, seen from the borrower: money received positive, money paid negative."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from matcher.domain.text import Text

DRAWN = Text("放款", "loan paid out")
PRINCIPAL = Text("归还本金", "principal")
INTEREST = Text("利息", "interest")
FEE = Text("手续费", "fee")
GUARANTEE_FEE = Text("担保费", "guarantee fee")
PREMIUM = Text("保险费", "insurance premium")
SUBSIDY = Text("补贴", "subsidy")


@dataclass(frozen=True, slots=True)
class CashFlow:
    """Money that moves on one day.

    Parameters
    ----------
    amount_fen
        In fen; above 0 what the borrower receives, below 0 what it pays.
    kind
        What it is, for people: `DRAWN`, `INTEREST`, …
    """

    day: date
    amount_fen: int
    kind: Text


def paid(day: date, amount_fen: int, kind: Text) -> CashFlow:
    """Return the flow of paying a positive amount."""
    return CashFlow(day, -amount_fen, kind)


def in_order(flows: Iterable[CashFlow]) -> tuple[CashFlow, ...]:
    """Return the flows by day, those of one day as given, without those of nothing."""
    return tuple(sorted((f for f in flows if f.amount_fen), key=lambda f: f.day))


def net_by_day(flows: Iterable[CashFlow]) -> list[tuple[date, int]]:
    """Return the days on which money moves on balance, and how much, in fen."""
    totals: defaultdict[date, int] = defaultdict(int)
    for flow in flows:
        totals[flow.day] += flow.amount_fen
    return sorted((day, fen) for day, fen in totals.items() if fen)


def total_of(flows: Iterable[CashFlow], kind: Text) -> int:
    """Return what was received (above 0) or paid (below 0) of one kind, in fen."""
    return sum(f.amount_fen for f in flows if f.kind == kind)
