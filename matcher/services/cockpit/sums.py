"""What a group of needs adds up to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from statistics import median

from matcher.domain.text import Text
from matcher.services.statistics import Line, Unit, ratio

DAY_SECONDS = 86_400


@dataclass(slots=True)
class Sums:
    """Sums over needs, to be added to.

    Parameters
    ----------
    num_matched, num_paid
        Needs with a match in a plan that went out, and those with money.
    paid_fen
        All payments to them.
    waits
        How many needs waited how many calendar days, from the day they came in to the first
        money; those that do not say when they came in are not in it.
    """

    num_needs: int = 0
    asked_fen: int = 0
    num_matched: int = 0
    num_paid: int = 0
    paid_fen: int = 0
    waits: Counter[int] = field(default_factory=Counter)

    def add(self, other: Sums) -> None:
        """Add the sums of other needs."""
        self.num_needs += other.num_needs
        self.asked_fen += other.asked_fen
        self.num_matched += other.num_matched
        self.num_paid += other.num_paid
        self.paid_fen += other.paid_fen
        if other.waits:
            self.waits.update(other.waits)


@dataclass(frozen=True, slots=True)
class LeadSums:
    """Sums over leads.

    Parameters
    ----------
    response_seconds, cash_seconds
        Whole seconds from the proposal of each lead to its answer, and to its money.
    """

    num_leads: int = 0
    num_accepted: int = 0
    num_declined: int = 0
    num_approved: int = 0
    num_disbursed: int = 0
    disbursed_fen: int = 0
    response_seconds: int = 0
    cash_seconds: int = 0

    @property
    def lines(self) -> tuple[Line, ...]:
        """The figures of an institution, always the same ones in the same order."""
        answered = self.num_accepted + self.num_declined
        response = ratio(self.response_seconds, DAY_SECONDS * answered)
        cash = ratio(self.cash_seconds, DAY_SECONDS * self.num_disbursed)
        return (
            Line("num_leads", Text("线索数", "leads"), self.num_leads),
            Line("num_accepted", Text("受理数", "accepted"), self.num_accepted),
            Line("num_declined", Text("婉拒数", "declined"), self.num_declined),
            Line("num_approved", Text("批准数", "approved"), self.num_approved),
            Line("num_disbursed", Text("放款笔数", "paid out"), self.num_disbursed),
            Line("disbursed", Text("放款金额", "money paid out"), self.disbursed_fen, Unit.FEN),
            Line("response_days", Text("平均回应天数", "days to the answer"), response,
                 Unit.NUMBER),
            Line("cash_days", Text("平均到账天数", "days to the money"), cash, Unit.NUMBER),
        )  # fmt: skip


def total(parts: Iterable[Sums]) -> Sums:
    """Return the sums of several groups that share no need."""
    found = Sums()
    for part in parts:
        found.add(part)
    return found


def lines_of(sums: Sums) -> tuple[Line, ...]:
    """Return the figures of some needs, always the same ones in the same order."""
    share, days = ratio(sums.num_matched, sums.num_needs), _median(sums.waits)
    return (
        Line("num_needs", Text("需求数", "needs"), sums.num_needs),
        Line("asked", Text("需求金额", "asked"), sums.asked_fen, Unit.FEN),
        Line("num_matched", Text("已匹配", "matched"), sums.num_matched),
        Line("matched_share", Text("匹配率", "share matched"), share, Unit.RATE),
        Line("num_paid", Text("已到账", "paid out"), sums.num_paid),
        Line("paid", Text("到账金额", "money paid out"), sums.paid_fen, Unit.FEN),
        Line("days", Text("到账天数（中位）", "days to cash (median)"), days, Unit.NUMBER),
    )


def _median(waits: Counter[int]) -> int | Decimal | None:
    if not waits:
        return None
    found = median(waits.elements())
    return int(found) if found == int(found) else Decimal(str(found))
