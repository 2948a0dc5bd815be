"""Money paid in tranches, each of them when its milestone is reached."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from matcher.domain.choices import Choice
from matcher.domain.errors import Fault, Faults, InputError
from matcher.domain.text import Text
from matcher.finance.checks import is_rate, require_amounts


@dataclass(frozen=True, slots=True)
class Tranche:
    """A share of the whole, as a fraction, and the id of the milestone that releases it."""

    share: Decimal
    milestone: str


class Outcome(Choice):
    """What became of a milestone."""

    REACHED = "reached", "达成"
    FAILED = "failed", "未达成"


@dataclass(frozen=True, slots=True)
class MilestoneEvent:
    """A milestone that was reached or failed."""

    milestone: str
    outcome: Outcome = Outcome.REACHED


@dataclass(frozen=True, slots=True)
class Grant:
    """A promise in tranches, and how far it has come; every event makes a new one.

    Parameters
    ----------
    amount_fen
        The whole, above 0, in fen.
    tranches
        In the order of payment; the shares add up to 1 exactly, each milestone stands once.
    num_paid
        How many of them are paid.
    failed_at
        The milestone whose failure ended it; None while it goes on.
    """

    amount_fen: int
    tranches: tuple[Tranche, ...]
    num_paid: int = 0
    failed_at: str | None = None

    def __post_init__(self) -> None:
        faults = Faults()
        require_amounts(faults, amount_fen=self.amount_fen)
        _check_shares(faults, self.tranches)
        names = [t.milestone for t in self.tranches]
        unique = len(set(names)) == len(names) and all(n.strip() for n in names)
        expected = Text("非空且不重复的名称", "names, none of them empty or twice")
        faults.require(unique, "milestones", ", ".join(names), expected)
        faults.raise_if_any()

    @property
    def amounts_fen(self) -> tuple[int, ...]:
        """The tranches in fen: ⌊amount × share⌋, the last one with what rounding left over."""
        parts = [int(self.amount_fen * Fraction(t.share)) for t in self.tranches[:-1]]
        return (*parts, self.amount_fen - sum(parts))

    @property
    def paid_fen(self) -> int:
        """What has been paid."""
        return sum(self.amounts_fen[: self.num_paid])

    @property
    def unpaid_fen(self) -> int:
        """What has not been paid: due later, or never where it has failed."""
        return self.amount_fen - self.paid_fen

    @property
    def is_open(self) -> bool:
        """Whether a milestone is still to come."""
        return self.failed_at is None and self.num_paid < len(self.tranches)

    @property
    def awaits(self) -> str | None:
        """The milestone that releases the next tranche; None where nothing more comes."""
        return self.tranches[self.num_paid].milestone if self.is_open else None

    def after(self, event: MilestoneEvent) -> Grant:
        """Return the grant after an event: one more tranche paid, or ended.

        Raises
        ------
        InputError
            If the event is not about the milestone that is awaited, naming that.
        """
        if self.awaits is None or event.milestone != self.awaits:
            raise InputError([self._unexpected(event)])
        if event.outcome is Outcome.FAILED:
            return replace(self, failed_at=event.milestone)
        return replace(self, num_paid=self.num_paid + 1)

    def after_all(self, events: Iterable[MilestoneEvent]) -> Grant:
        """Return the grant after events in their order."""
        grant = self
        for event in events:
            grant = grant.after(event)
        return grant

    def _unexpected(self, event: MilestoneEvent) -> Fault:
        over = Text("已结束，不再接受节点", "no milestone: it has ended")
        expected = over if self.awaits is None else Text.same(self.awaits)
        message = Text("不是当前等待的节点", "is not the milestone that is awaited")
        return Fault(message, field="milestone", value=event.milestone, expected=expected)


def _check_shares(faults: Faults, tranches: tuple[Tranche, ...]) -> None:
    shares = [t.share for t in tranches]
    shown = " + ".join(map(str, shares))
    in_range = all(is_rate(share) and share > 0 for share in shares)
    above_zero = Text("大于 0 且不大于 1 的比例", "fractions above 0 and at most 1")
    faults.require(in_range, "shares", shown, above_zero)
    if in_range:
        total = sum(map(Fraction, shares), Fraction())
        faults.require(total == 1, "shares", shown, Text("合计恰为 100%", "exactly 1 in all"))
