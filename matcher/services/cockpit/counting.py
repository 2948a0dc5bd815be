"""What a group of needs adds up to."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from statistics import median

from matcher.domain.text import Text
from matcher.services.cockpit.facts import NeedFact
from matcher.services.statistics import Line, Unit, ratio


def lines_of(needs: Sequence[NeedFact]) -> tuple[Line, ...]:
    """Return the figures of some needs, always the same ones in the same order."""
    matched = [need for need in needs if need.leads]
    paid = [need for need in needs if need.paid]
    money = sum(amount for need in needs for _, amount in need.paid)
    share, waits = ratio(len(matched), len(needs)), [need.days_to_cash for need in paid]
    days = [day for day in waits if day is not None]
    return (
        Line("num_needs", Text("需求数", "needs"), len(needs)),
        Line("asked", Text("需求金额", "asked"), sum(n.amount_fen for n in needs), Unit.FEN),
        Line("num_matched", Text("已匹配", "matched"), len(matched)),
        Line("matched_share", Text("匹配率", "share matched"), share, Unit.RATE),
        Line("num_paid", Text("已到账", "paid out"), len(paid)),
        Line("paid", Text("到账金额", "money paid out"), money, Unit.FEN),
        Line("days", Text("到账天数（中位）", "days to cash (median)"), _median(days), Unit.NUMBER),
    )


def _median(values: Sequence[int]) -> int | Decimal | None:
    if not values:
        return None
    found = median(values)
    return int(found) if found == int(found) else Decimal(str(found))
