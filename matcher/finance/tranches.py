"""Money paid in tranches, each of them when its milestone is reached."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

from matcher.domain.choices import Choice
from matcher.domain.errors import Fault, Faults, InputError
from matcher.domain.text import Text
from matcher.domain.tranche import (
    Tranche,
    milestone_text,
    parse_milestone,
    require_tranches,
)
from matcher.finance.checks import require_amounts


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
        A product has them as its own: `matcher.domain.institution.Product.tranches`.
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
        some = Text("至少一期", "at least one tranche")
        faults.require(bool(self.tranches), "shares", len(self.tranches), some)
        if self.tranches:
            require_tranches(faults, self.tranches, "shares", "milestones")
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
    def awaits(self) -> tuple[str, ...]:
        """The milestones of which any releases the next tranche; none where no more comes."""
        return self.tranches[self.num_paid].milestones if self.is_open else ()

    def after(self, event: MilestoneEvent) -> Grant:
        """Return the grant after an event: one more tranche paid, or ended.

        Raises
        ------
        InputError
            If the event is not about a milestone that is awaited, naming those, or tells the
            failure of one that is only a further way of being paid.
        """
        milestone = parse_milestone(event.milestone)
        failed = event.outcome is Outcome.FAILED
        if milestone not in (self.awaits[:1] if failed else self.awaits):
            raise InputError([self._unexpected(event)])
        if failed:
            return replace(self, failed_at=milestone)
        return replace(self, num_paid=self.num_paid + 1)

    def after_all(self, events: Iterable[MilestoneEvent]) -> Grant:
        """Return the grant after events in their order."""
        grant = self
        for event in events:
            grant = grant.after(event)
        return grant

    def _unexpected(self, event: MilestoneEvent) -> Fault:
        open_ones = self.awaits[:1] if event.outcome is Outcome.FAILED else self.awaits
        over = Text("已结束，不再接受节点", "no milestone: it has ended")
        expected = Text.join([milestone_text(m) for m in open_ones]) if open_ones else over
        message = Text("不是当前等待的节点", "is not the milestone that is awaited")
        return Fault(message, field="milestone", value=event.milestone, expected=expected)
