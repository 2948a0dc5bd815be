"""The record of one case: what was proposed, and everything that happened since."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import reduce
from itertools import pairwise

from matcher.domain.case.event import CaseEvent
from matcher.domain.case.reason import Reason
from matcher.domain.case.state import CasePart, CaseState
from matcher.domain.case.status import FINAL, CaseAction, CaseStatus, PartStatus, Role
from matcher.domain.enterprise import require_id
from matcher.domain.errors import Fault, Faults
from matcher.domain.moments import is_aware, naive_fault
from matcher.domain.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A proposed match and its history; where it stands follows from these alone.

    Parameters
    ----------
    product_id
        The product that leads: its institution has the case.
    proposed_at
        When the lead was put before the institution.
    received_at
        When the need came in, where the clock of the whole case starts; None for the proposal.
    companions
        The products that go with it, all of them pending at the start.
    history
        What happened since, in order. It only grows.

    Raises
    ------
    InputError
        If ids cannot be used, a product stands twice, times have no zone or run backwards.
    CaseError
        If the history makes a move that the table does not have.
    """

    case_id: str
    need_id: str
    product_id: str
    proposed_at: datetime
    received_at: datetime | None = None
    companions: tuple[CasePart, ...] = ()
    history: tuple[CaseEvent, ...] = ()
    state: CaseState = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        faults = Faults()
        for name in ("case_id", "need_id", "product_id"):
            require_id(faults, name, getattr(self, name))
        _check_companions(faults, self)
        faults.found += _time_faults(self)
        faults.raise_if_any()
        start = CaseState(CaseStatus.PROPOSED, self.companions)
        object.__setattr__(self, "state", reduce(CaseState.after, self.history, start))

    @property
    def status(self) -> CaseStatus:
        """Where the moves of the history lead."""
        return self.state.status

    @property
    def parts(self) -> tuple[CasePart, ...]:
        """The companion products as they stand now."""
        return self.state.parts

    @property
    def allowed(self) -> tuple[CaseAction, ...]:
        """What can be done with the case itself now, in the order of the table."""
        return self.state.allowed

    @property
    def is_final(self) -> bool:
        """Whether nothing more can happen."""
        return self.status in FINAL

    @property
    def reason(self) -> Reason | None:
        """Why the case fell out, None if it did not."""
        return self.history[-1].reason if self.is_final else None

    @property
    def started_at(self) -> datetime:
        """When the clock of the whole case starts."""
        return self.received_at or self.proposed_at

    def moment(self, action: CaseAction) -> datetime | None:
        """Return when an action was done to the case itself, None if it was not."""
        return next((e.at for e in self.history if e.action is action and e.part is None), None)

    def apply(
        self, action: CaseAction, at: datetime, actor: Role, reason: Reason | None = None
    ) -> Case:
        """Return the case after one action; this one stays as it was.

        Raises
        ------
        CaseError
            If the action is not open now; it names the status and what is allowed.
        InputError
            If the time has no zone or runs backwards, or a reason is missing.
        """
        self.state.require(action)
        return self._grown(CaseEvent(action, at, actor, reason))

    def decide_part(
        self,
        product_id: str,
        action: CaseAction,
        at: datetime,
        actor: Role,
        reason: Reason | None = None,
    ) -> Case:
        """Return the case after the review of one companion product: approve or reject.

        Raises
        ------
        CaseError
            If there is no such part, it travels with the case or was decided on already, or
            the case is not under review.
        InputError
            As for `apply`.
        """
        self.state.require(action, product_id)
        return self._grown(CaseEvent(action, at, actor, reason, product_id))

    def _grown(self, event: CaseEvent) -> Case:
        return replace(self, history=(*self.history, event))


def _check_companions(faults: Faults, case: Case) -> None:
    """Note companions that cannot be used, stand twice, or come with a decision."""
    seen = {case.product_id}
    once = Text("每个产品一次", "each product once")
    pending = Text("开始时待审，由事件决定", "pending at the start; events decide")
    for part in case.companions:
        require_id(faults, "companions", part.product_id)
        faults.require(part.product_id not in seen, "companions", part.product_id, once)
        is_pending = part.status is PartStatus.PENDING
        faults.require(is_pending, "companions", f"{part.product_id}={part.status}", pending)
        seen.add(part.product_id)


def _time_faults(case: Case) -> list[Fault]:
    """Return the fault of each time that has no zone or lies before the one ahead of it."""
    times = [("proposed_at", case.proposed_at)]
    if case.received_at is not None:
        times.insert(0, ("received_at", case.received_at))
    naive = [naive_fault(at, name) for name, at in times if not is_aware(at)]
    times += [("at", event.at) for event in case.history]
    return naive or [
        _backwards(name, at, before) for (_, before), (name, at) in pairwise(times) if at < before
    ]


def _backwards(field_name: str, at: datetime, before: datetime) -> Fault:
    expected = Text("不早于 {b}", "not before {b}").format(b=before.isoformat())
    message = Text("时间倒退", "time runs backwards")
    return Fault(message, field=field_name, value=at.isoformat(), expected=expected)
