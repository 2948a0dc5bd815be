"""A case: what really becomes of a match, from the proposal to the money."""

from matcher.domain.case.clocks import CaseClock, CaseRules, case_clock
from matcher.domain.case.durations import Step, days_to_cash, mean_days_to_cash, steps
from matcher.domain.case.event import CaseEvent
from matcher.domain.case.reason import REASONS, Reason
from matcher.domain.case.record import Case
from matcher.domain.case.rounds import NextRound, requeue_reason, split_for_next_round
from matcher.domain.case.state import CaseError, CasePart, CaseState
from matcher.domain.case.status import (
    FINAL,
    NEEDS_REASON,
    SERVED,
    TRANSITIONS,
    CaseAction,
    CaseStatus,
    PartStatus,
    Role,
    allowed_actions,
)

__all__ = [
    "FINAL",
    "NEEDS_REASON",
    "REASONS",
    "SERVED",
    "TRANSITIONS",
    "Case",
    "CaseAction",
    "CaseClock",
    "CaseError",
    "CaseEvent",
    "CasePart",
    "CaseRules",
    "CaseState",
    "CaseStatus",
    "NextRound",
    "PartStatus",
    "Reason",
    "Role",
    "Step",
    "allowed_actions",
    "case_clock",
    "days_to_cash",
    "mean_days_to_cash",
    "requeue_reason",
    "split_for_next_round",
    "steps",
]
