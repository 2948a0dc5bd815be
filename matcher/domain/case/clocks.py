"""The clocks of a case: how long it has run, and by when the institution must answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from matcher.domain.case.record import Case
from matcher.domain.case.status import CaseStatus
from matcher.domain.clock import Allowance, DayUnit, Deadline, Elapsed, elapsed
from matcher.domain.moments import china_day
from matcher.domain.workdays import WorkCalendar

DECIDING = frozenset(
    {
        CaseStatus.PROPOSED,
        CaseStatus.ACCEPTED,
        CaseStatus.CONTACTED,
        CaseStatus.VISITED,
        CaseStatus.DUE_DILIGENCE,
    }
)
"""The statuses in which the institution still owes a decision."""

RESPONSE = Allowance(3, DayUnit.WORKDAYS)
DECISION = Allowance(30, DayUnit.CALENDAR_DAYS)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRules:
    """How long an institution may take; every figure is a setting.

    Parameters
    ----------
    response
        For accepting or declining a lead (house convention: 3 workdays).
    decision
        For approving or rejecting it (30 days, 小微企业融资协调机制, October 2024).
    cut_off
        A lead that is proposed after this time of day, or on a day off, counts from the next
        workday for the response (house convention: 16:00).
    """

    response: Allowance = RESPONSE
    decision: Allowance = DECISION
    cut_off: time = time(16)


STANDARD = CaseRules()


@dataclass(frozen=True, slots=True)
class CaseClock:
    """The clock of a case on one day.

    Parameters
    ----------
    today
        The day that the clock is read on.
    elapsed
        From the start of the case to today, or to its last event if nothing more can happen or
        the money is paid.
    deadline
        The answer that the institution owes now, None if it owes none.
    """

    today: date
    elapsed: Elapsed
    deadline: Deadline | None

    @property
    def is_overdue(self) -> bool:
        """Whether an answer is owed and late."""
        return self.deadline is not None and self.deadline.is_overdue(self.today)


def case_clock(
    case: Case, today: date, calendar: WorkCalendar, rules: CaseRules = STANDARD
) -> CaseClock:
    """Read the clock of a case.

    Raises
    ------
    InputError
        If ``today`` lies before the start of the case.
    """
    has_stopped = case.is_final or case.status is CaseStatus.DISBURSED
    end = china_day(case.history[-1].at) if has_stopped else today
    passed = elapsed(china_day(case.started_at), end, calendar)
    return CaseClock(today, passed, owed(case, calendar, rules))


def owed(case: Case, calendar: WorkCalendar, rules: CaseRules = STANDARD) -> Deadline | None:
    """Return the deadline of the answer owed now: the response first, then the decision."""
    if case.status is CaseStatus.PROPOSED:
        return response_deadline(case, calendar, rules)
    return decision_deadline(case, calendar, rules) if case.status in DECIDING else None


def response_deadline(case: Case, calendar: WorkCalendar, rules: CaseRules) -> Deadline:
    """Return by when the lead must be accepted or declined."""
    day_zero = calendar.received(case.proposed_at, rules.cut_off)
    return rules.response.deadline(day_zero, calendar)


def decision_deadline(case: Case, calendar: WorkCalendar, rules: CaseRules) -> Deadline:
    """Return by when the case must be approved or rejected, from the day of the proposal."""
    return rules.decision.deadline(china_day(case.proposed_at), calendar)
