"""Where a case stands, and the one place where its moves are made or refused."""

from __future__ import annotations

from dataclasses import dataclass, replace

from matcher.domain.case.event import CaseEvent
from matcher.domain.case.status import (
    PART_DECISIONS,
    REVIEWING,
    TRANSITIONS,
    CaseAction,
    CaseStatus,
    PartStatus,
    allowed_actions,
)
from matcher.domain.errors import Fault, MatcherError
from matcher.domain.text import Text

_REFUSED = Text("“{s}”状态的申请不能“{a}”", "a case in status '{s}' refuses to '{a}'")
_PARTS_OPEN = Text(
    "“{s}”状态的申请不能“{a}”：{p} 未获批准",
    "a case in status '{s}' refuses to '{a}': {p} is not approved",
)
_PART_REFUSED = Text(
    "“{s}”状态的申请中，配套产品 {p} 不能单独“{a}”",
    "in a case in status '{s}' the part {p} refuses to '{a}' by itself",
)
_NO_PART = Text("{p} 不是该申请的配套产品", "{p} is not a part of the case")


class CaseError(MatcherError):
    """A move that the state of a case does not allow."""


@dataclass(frozen=True, slots=True)
class CasePart:
    """A companion product of a case: the guarantee or insurance that its loan needs.

    Parameters
    ----------
    travels
        Whether the decision on the case is the decision on this part, with no second review
        (见贷即保, "the guarantee follows the loan"). A part that does not travel has a review
        of its own, and nothing is signed before it is approved.
    status
        Where the part stands.
    """

    product_id: str
    travels: bool = False
    status: PartStatus = PartStatus.PENDING


@dataclass(frozen=True, slots=True)
class CaseState:
    """The status of a case and of its parts."""

    status: CaseStatus
    parts: tuple[CasePart, ...]

    @property
    def unapproved(self) -> tuple[CasePart, ...]:
        """The parts that still keep the package from being signed."""
        return tuple(p for p in self.parts if p.status is not PartStatus.APPROVED)

    @property
    def allowed(self) -> tuple[CaseAction, ...]:
        """What can be done with the case itself, in the order of the table."""
        actions = allowed_actions(self.status)
        return tuple(a for a in actions if a is not CaseAction.SIGN or not self.unapproved)

    def require(self, action: CaseAction, part: str | None = None) -> None:
        """Raise `CaseError` unless the action is open to the case, or to the part named."""
        allowed = self.allowed if part is None else self._part_actions(part)
        if action not in allowed:
            raise CaseError([self._refusal(action, allowed, part)])

    def after(self, event: CaseEvent) -> CaseState:
        """Return the state after an event, or raise `CaseError`."""
        self.require(event.action, event.part)
        decided = PART_DECISIONS.get(event.action)
        parts = self.parts if decided is None else self._decided(decided, event.part)
        if event.part is not None:
            return replace(self, parts=parts)
        return CaseState(TRANSITIONS[self.status, event.action], parts)

    def _decided(self, decided: PartStatus, name: str | None) -> tuple[CasePart, ...]:
        """Decide one part by its own review, or (no name) all that travel with the case."""

        def is_meant(part: CasePart) -> bool:
            return part.travels if name is None else part.product_id == name

        return tuple(replace(p, status=decided) if is_meant(p) else p for p in self.parts)

    def _part_actions(self, name: str) -> tuple[CaseAction, ...]:
        """Return what can be decided on one part: nothing, if it travels or was decided."""
        part = next((p for p in self.parts if p.product_id == name), None)
        is_open = part is not None and not part.travels and part.status is PartStatus.PENDING
        return tuple(PART_DECISIONS) if is_open and self.status in REVIEWING else ()

    def _refusal(
        self, action: CaseAction, allowed: tuple[CaseAction, ...], part: str | None
    ) -> Fault:
        names = part or ", ".join(p.product_id for p in self.unapproved)
        if part is not None:
            message = _PART_REFUSED if part in {p.product_id for p in self.parts} else _NO_PART
        else:
            message = _PARTS_OPEN if action in allowed_actions(self.status) else _REFUSED
        said = message.format(s=self.status.text, a=action.text, p=names)
        return Fault(said, field="action", value=action.value, expected=_menu(allowed))


def _menu(allowed: tuple[CaseAction, ...]) -> Text:
    """Name the actions, by their value too, which is what an API is given."""
    words = [Text(f"{action.zh}（{action.value}）", action.value) for action in allowed]
    return Text.join(words) if words else Text("无可用操作", "no action, for none is open")
