"""One thing that happened to a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from matcher.domain.case.reason import Reason
from matcher.domain.case.status import NEEDS_REASON, CaseAction, Role
from matcher.domain.errors import Fault, InputError
from matcher.domain.moments import is_aware, naive_fault
from matcher.domain.text import Text


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """One thing that happened to a case.

    Parameters
    ----------
    action, actor
        What was done, and the role that did it.
    at
        When, with its zone.
    reason
        Why, for the actions that need a reason; None for all others.
    part
        The companion product that was decided on; None for the case itself.

    Raises
    ------
    InputError
        If the time has no zone, a reason is missing, or one is given where none belongs.
    """

    action: CaseAction
    at: datetime
    actor: Role
    reason: Reason | None = None
    part: str | None = None

    def __post_init__(self) -> None:
        found = [] if is_aware(self.at) else [naive_fault(self.at, "at")]
        if (self.reason is None) == (self.action in NEEDS_REASON):
            found.append(_reason_fault(self.action, self.reason))
        if found:
            raise InputError(found)


def _reason_fault(action: CaseAction, reason: Reason | None) -> Fault:
    missing = Text("“{a}”须说明原因", "a reason must be given to {a}")
    stray = Text("“{a}”不带原因", "no reason belongs to {a}")
    message = (missing if reason is None else stray).format(a=action.text)
    return Fault(message, field="reason", value=reason and reason.code)
