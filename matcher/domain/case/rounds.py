"""What the next round does with the cases of the last: keep, put back, or let go."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from matcher.domain.case.clocks import (
    DECIDING,
    STANDARD,
    CaseRules,
    decision_deadline,
    response_deadline,
)
from matcher.domain.case.record import Case
from matcher.domain.case.status import FINAL, SERVED, CaseStatus
from matcher.domain.text import Text
from matcher.domain.workdays import WorkCalendar

_EXPIRED = Text("机构逾期未回应，需求重新匹配", "no answer in time; the need is matched again")
_NO_ANSWER = Text(
    "机构在 {a}内未回应，需求重新匹配", "no answer within {a}; the need is matched again"
)
_NO_DECISION = Text(
    "第 {n} 天仍无审批结论（时限 {a}），需求重新匹配",
    "no decision by day {n} (allowed: {a}); the need is matched again",
)
_MEND = Text("{s}：{r}；可改进后重新匹配", "{s}: {r}; to be mended and matched again")


def requeue_reason(
    case: Case, today: date, calendar: WorkCalendar, rules: CaseRules = STANDARD
) -> Text | None:
    """Say why the need of a case goes back into the queue; None if it does not.

    It does after a fall-out that can be mended, after an expiry, and when the institution has
    let its time pass: for the response, or for the decision.
    """
    if case.status is CaseStatus.EXPIRED:
        return _EXPIRED
    if case.reason is not None:
        mend = _MEND.format(s=case.status.text, r=case.reason.text)
        return mend if case.reason.mendable else None
    return _late(case, today, calendar, rules) if case.status in DECIDING else None


def _late(case: Case, today: date, calendar: WorkCalendar, rules: CaseRules) -> Text | None:
    decision = decision_deadline(case, calendar, rules)
    if decision.is_overdue(today):
        day = decision.day(today, calendar)
        return _NO_DECISION.format(n=day, a=rules.decision.text)
    is_proposed = case.status is CaseStatus.PROPOSED
    if is_proposed and response_deadline(case, calendar, rules).is_overdue(today):
        return _NO_ANSWER.format(a=rules.response.text)
    return None


@dataclass(frozen=True, slots=True)
class NextRound:
    """The cases of the last round, each in exactly one place, in the order given.

    Parameters
    ----------
    kept
        Confirmed or still within their time, and those that came to a good end.
    requeued
        The cases whose need goes back into the queue, each with the reason.
    ended
        Fell out for good.
    """

    kept: tuple[Case, ...]
    requeued: tuple[tuple[Case, Text], ...]
    ended: tuple[Case, ...]

    @property
    def pins(self) -> tuple[tuple[str, str], ...]:
        """The (need id, product id) pairs that the next plan must keep."""
        return tuple((c.need_id, c.product_id) for c in self.kept if not c.is_final)

    @property
    def bans(self) -> tuple[tuple[str, str], ...]:
        """The (need id, product id) pairs that the next plan must not propose again."""
        return tuple((c.need_id, c.product_id) for c in self.ended)

    @property
    def need_ids(self) -> tuple[str, ...]:
        """The needs to match again: requeued, and not served by another case."""
        served = {c.need_id for c in self.kept if c.status in SERVED}
        needs = dict.fromkeys(c.need_id for c, _ in self.requeued)
        return tuple(n for n in needs if n not in served)


def split_for_next_round(
    cases: Iterable[Case], today: date, calendar: WorkCalendar, rules: CaseRules = STANDARD
) -> NextRound:
    """Sort the cases of a round into kept, requeued and ended."""
    judged = [(case, requeue_reason(case, today, calendar, rules)) for case in cases]
    stays = [case for case, why in judged if why is None]
    return NextRound(
        kept=tuple(case for case in stays if not _fell_out(case)),
        requeued=tuple((case, why) for case, why in judged if why is not None),
        ended=tuple(case for case in stays if _fell_out(case)),
    )


def _fell_out(case: Case) -> bool:
    return case.status in FINAL - SERVED
