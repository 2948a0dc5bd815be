"""What a set of leads adds up to: answers, times, rates, money."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from matcher.domain.case import CaseAction
from matcher.domain.text import Text
from matcher.services.statistics import Line, Unit, ratio
from matcher.services.store_statistics.reading import Traced

_A = CaseAction
_DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Leads in figures.

    Parameters
    ----------
    num_answered
        Accepted or declined.
    response_seconds, decision_seconds, cash_seconds
        Summed from the proposal to the answer, the approval or rejection, and the money.
    """

    num_leads: int
    num_accepted: int
    num_declined: int
    num_expired: int
    num_withdrawn: int
    num_approved: int
    num_rejected: int
    num_signed: int
    num_disbursed: int
    disbursed_fen: int
    response_seconds: int
    decision_seconds: int
    cash_seconds: int

    @property
    def num_answered(self) -> int:
        """Accepted or declined."""
        return self.num_accepted + self.num_declined

    @property
    def num_decided(self) -> int:
        """Approved or rejected."""
        return self.num_approved + self.num_rejected

    @property
    def lines(self) -> tuple[Line, ...]:
        """The figures in the order of a report."""
        response = ratio(self.response_seconds, _DAY_SECONDS * self.num_answered)
        decision = ratio(self.decision_seconds, _DAY_SECONDS * self.num_decided)
        cash = ratio(self.cash_seconds, _DAY_SECONDS * self.num_disbursed)
        closed = self.num_answered + self.num_expired
        return (
            Line("num_leads", Text("线索数", "leads"), self.num_leads),
            Line("num_accepted", Text("受理数", "accepted"), self.num_accepted),
            Line("num_declined", Text("婉拒数", "declined"), self.num_declined),
            Line("num_expired", Text("逾期未回应数", "not answered in time"), self.num_expired),
            Line("num_withdrawn", Text("企业撤回数", "withdrawn by firms"), self.num_withdrawn),
            Line("response_rate", Text("回应率", "share answered"),
                 ratio(self.num_answered, closed), Unit.RATE),
            Line("acceptance_rate", Text("受理率", "share accepted"),
                 ratio(self.num_accepted, self.num_answered), Unit.RATE),
            Line("response_days", Text("平均回应天数", "days to the answer"), response,
                 Unit.NUMBER),
            Line("num_approved", Text("批准数", "approved"), self.num_approved),
            Line("num_rejected", Text("否决数", "rejected"), self.num_rejected),
            Line("approval_rate", Text("批准率", "share approved"),
                 ratio(self.num_approved, self.num_decided), Unit.RATE),
            Line("decision_days", Text("平均审批天数", "days to the decision"), decision,
                 Unit.NUMBER),
            Line("num_signed", Text("签约数", "signed"), self.num_signed),
            Line("num_disbursed", Text("放款笔数", "paid out"), self.num_disbursed),
            Line("disbursed", Text("放款金额", "money paid out"), self.disbursed_fen, Unit.FEN),
            Line("cash_days", Text("平均到账天数", "days to the money"), cash, Unit.NUMBER),
        )  # fmt: skip


def tally(leads: Iterable[Traced]) -> Tally:
    """Count leads; what fell out after it was accepted counts as accepted and as what it became."""
    every = tuple(leads)
    paid = [lead for lead in every if lead.has(_A.DISBURSE)]
    return Tally(
        num_leads=len(every),
        num_accepted=_number(every, _A.ACCEPT),
        num_declined=_number(every, _A.DECLINE),
        num_expired=_number(every, _A.EXPIRE),
        num_withdrawn=_number(every, _A.WITHDRAW),
        num_approved=_number(every, _A.APPROVE),
        num_rejected=_number(every, _A.REJECT),
        num_signed=_number(every, _A.SIGN),
        num_disbursed=len(paid),
        disbursed_fen=sum(lead.offered_fen for lead in paid),
        response_seconds=_seconds(every, _A.ACCEPT, _A.DECLINE),
        decision_seconds=_seconds(every, _A.APPROVE, _A.REJECT),
        cash_seconds=_seconds(every, _A.DISBURSE),
    )


def _number(leads: Sequence[Traced], action: CaseAction) -> int:
    return sum(lead.has(action) for lead in leads)


def _seconds(leads: Sequence[Traced], *actions: CaseAction) -> int:
    """Sum the seconds from the proposal to the first of some actions, where one was done."""
    total = 0
    for lead in leads:
        done: list[datetime] = [lead.moments[a] for a in actions if a in lead.moments]
        if done:
            total += int((min(done) - lead.proposed_at).total_seconds())
    return total
