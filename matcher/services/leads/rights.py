"""Who may do what with a case."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from matcher.domain.actor import Role
from matcher.domain.case import CaseAction

_A = CaseAction

_BANK = frozenset(
    {
        _A.ACCEPT, _A.DECLINE, _A.CONTACT, _A.VISIT, _A.INVESTIGATE, _A.APPROVE, _A.REJECT,
        _A.SIGN, _A.DISBURSE, _A.REPAY, _A.CLOSE,
    }
)  # fmt: skip

ALLOWED: Mapping[Role, frozenset[CaseAction]] = MappingProxyType(
    {
        Role.BANK: _BANK,
        Role.ENTERPRISE: frozenset({_A.WITHDRAW}),
        # The office writes down what a bank tells it by telephone; it does not accept for it.
        Role.ORGANISER: (_BANK - {_A.ACCEPT}) | {_A.CANCEL},
        Role.ADMIN: frozenset({_A.CANCEL}),
    }
)
"""Who may do what with a case; expiry is the system's alone."""
