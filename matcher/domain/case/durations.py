"""How long cases took: step by step, and to the money."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from statistics import mean

from matcher.domain.case.record import Case
from matcher.domain.case.status import CaseAction
from matcher.domain.clock import Elapsed, elapsed
from matcher.domain.moments import china_day
from matcher.domain.workdays import WorkCalendar


@dataclass(frozen=True, slots=True)
class Step:
    """One action of a case and the time since what went before it."""

    action: CaseAction
    at: datetime
    since: Elapsed


def steps(case: Case, calendar: WorkCalendar) -> tuple[Step, ...]:
    """Return the actions on the case itself, each with the time since the one before.

    The first is measured from the proposal.
    """
    events = [event for event in case.history if event.part is None]
    befores = [case.proposed_at, *(event.at for event in events)]
    return tuple(
        Step(event.action, event.at, elapsed(china_day(before), china_day(event.at), calendar))
        for before, event in zip(befores, events, strict=False)
    )


def days_to_cash(case: Case) -> int | None:
    """Return the calendar days from the start of the case to its payment, None if unpaid.

    The day of the start is day 0.
    """
    paid = case.moment(CaseAction.DISBURSE)
    return None if paid is None else (china_day(paid) - china_day(case.started_at)).days


def mean_days_to_cash(cases: Iterable[Case]) -> Decimal | None:
    """Return the mean of `days_to_cash` over the cases that were paid, None if none was."""
    taken = [Decimal(days) for case in cases if (days := days_to_cash(case)) is not None]
    return mean(taken) if taken else None
