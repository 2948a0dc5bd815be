"""The states of a case and the moves between them, as one table."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from matcher.domain.choices import Choice


class CaseStatus(Choice):
    """How far a case has come."""

    PROPOSED = "proposed", "已推送"
    ACCEPTED = "accepted", "已受理"
    CONTACTED = "contacted", "已联系"
    VISITED = "visited", "已走访"
    DUE_DILIGENCE = "due_diligence", "尽职调查"
    APPROVED = "approved", "已批准"
    SIGNED = "signed", "已签约"
    DISBURSED = "disbursed", "已放款"
    REPAID = "repaid", "已还清"
    CLOSED = "closed", "已办结"
    DECLINED = "declined", "已婉拒"
    EXPIRED = "expired", "已过期"
    REJECTED = "rejected", "已否决"
    WITHDRAWN = "withdrawn", "企业撤回"
    CANCELLED = "cancelled", "已取消"


class CaseAction(Choice):
    """What somebody does with a case."""

    ACCEPT = "accept", "受理"
    DECLINE = "decline", "婉拒"
    EXPIRE = "expire", "过期"
    CONTACT = "contact", "联系企业"
    VISIT = "visit", "走访"
    INVESTIGATE = "investigate", "开展尽调"
    APPROVE = "approve", "批准"
    REJECT = "reject", "否决"
    SIGN = "sign", "签约"
    DISBURSE = "disburse", "放款"
    REPAY = "repay", "还清"
    CLOSE = "close", "办结"
    WITHDRAW = "withdraw", "撤回"
    CANCEL = "cancel", "取消"


class Role(Choice):
    """Who acted. The services decide who may; the record says who did."""

    INSTITUTION = "institution", "金融机构"
    ENTERPRISE = "enterprise", "企业"
    ORGANISER = "organiser", "主办方"
    SYSTEM = "system", "系统"


class PartStatus(Choice):
    """How far a companion product of a case has come."""

    PENDING = "pending", "待审"
    APPROVED = "approved", "已批准"
    REJECTED = "rejected", "已否决"


_S, _A = CaseStatus, CaseAction

_MOVES: dict[CaseStatus, dict[CaseAction, CaseStatus]] = {
    _S.PROPOSED: {_A.ACCEPT: _S.ACCEPTED, _A.DECLINE: _S.DECLINED, _A.EXPIRE: _S.EXPIRED},
    _S.ACCEPTED: {_A.CONTACT: _S.CONTACTED, _A.REJECT: _S.REJECTED},
    # A product that is sold without a visit goes from the call to the papers.
    _S.CONTACTED: {
        _A.VISIT: _S.VISITED,
        _A.INVESTIGATE: _S.DUE_DILIGENCE,
        _A.REJECT: _S.REJECTED,
    },
    _S.VISITED: {_A.INVESTIGATE: _S.DUE_DILIGENCE, _A.REJECT: _S.REJECTED},
    _S.DUE_DILIGENCE: {_A.APPROVE: _S.APPROVED, _A.REJECT: _S.REJECTED},
    _S.APPROVED: {_A.SIGN: _S.SIGNED},
    _S.SIGNED: {_A.DISBURSE: _S.DISBURSED},
    # Repaid is what becomes of a loan, closed of what nobody pays back (grant, equity, service).
    _S.DISBURSED: {_A.REPAY: _S.REPAID, _A.CLOSE: _S.CLOSED},
}

SERVED = frozenset({_S.APPROVED, _S.SIGNED, _S.DISBURSED, _S.REPAID, _S.CLOSED})
"""The need of such a case has an offer in hand or has its money."""

_FALL_OUTS = {_A.WITHDRAW: _S.WITHDRAWN, _A.CANCEL: _S.CANCELLED}
"""Open to every case whose money has not been paid."""

TRANSITIONS: Mapping[tuple[CaseStatus, CaseAction], CaseStatus] = MappingProxyType(
    {
        (status, action): after
        for status, moves in _MOVES.items()
        for action, after in (moves if status is _S.DISBURSED else moves | _FALL_OUTS).items()
    }
)
"""Every move there is: (status, action) → the status after it. All else is refused."""

FINAL = frozenset(CaseStatus) - {status for status, _ in TRANSITIONS}
"""The statuses that nothing leads out of."""

NEEDS_REASON = frozenset({_A.DECLINE, _A.REJECT, _A.WITHDRAW, _A.CANCEL})
"""The actions that somebody must give a reason for."""


def allowed_actions(status: CaseStatus) -> tuple[CaseAction, ...]:
    """Return what can be done in a status, in the order of the table."""
    return tuple(action for before, action in TRANSITIONS if before is status)


PART_DECISIONS: Mapping[CaseAction, PartStatus] = MappingProxyType(
    {_A.APPROVE: PartStatus.APPROVED, _A.REJECT: PartStatus.REJECTED}
)
"""What decides on a companion product, and how."""

REVIEWING = frozenset({_S.ACCEPTED, _S.CONTACTED, _S.VISITED, _S.DUE_DILIGENCE, _S.APPROVED})
"""The statuses in which a companion product with a review of its own can be decided on."""
