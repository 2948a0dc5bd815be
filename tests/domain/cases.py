"""Cases for the tests: one made quickly, and its moves."""

from __future__ import annotations

from datetime import datetime, timedelta

from matcher.domain.case import NEEDS_REASON, REASONS, Case, CaseAction, CasePart, Role
from matcher.domain.moments import CHINA
from matcher.domain.workdays import chinese_calendar

CALENDAR = chinese_calendar(2021, 2026)
START = datetime(2022, 5, 25, 9, 0, tzinfo=CHINA)
HOUR = timedelta(hours=1)
MENDABLE, LASTING = REASONS["papers_missing"], REASONS["bad_credit"]
TO_CASH = ("accept", "contact", "visit", "investigate", "approve", "sign", "disburse")

# How to come to each status, by the shortest road.
ROADS = {
    "proposed": (),
    "accepted": TO_CASH[:1],
    "contacted": TO_CASH[:2],
    "visited": TO_CASH[:3],
    "due_diligence": TO_CASH[:4],
    "approved": TO_CASH[:5],
    "signed": TO_CASH[:6],
    "disbursed": TO_CASH,
    "repaid": (*TO_CASH, "repay"),
    "closed": (*TO_CASH, "close"),
    "declined": ("decline",),
    "expired": ("expire",),
    "rejected": ("accept", "reject"),
    "withdrawn": ("withdraw",),
    "cancelled": ("cancel",),
}


def proposed(need="n1", product="p1", at=START, parts=(), **more):
    """Return a case that has only been proposed."""
    companions = tuple(CasePart(p, travels) for p, travels in parts)
    return Case(
        case_id=f"{need}-{product}",
        need_id=need,
        product_id=product,
        proposed_at=at,
        companions=companions,
        **more,
    )


def do(case, *actions, at=None, reason=MENDABLE):
    """Apply actions by their names, all at one moment (by default an hour after the last)."""
    for name in actions:
        action = CaseAction(name)
        last = case.history[-1].at if case.history else case.proposed_at
        why = reason if action in NEEDS_REASON else None
        case = case.apply(action, at or last + HOUR, Role.INSTITUTION, why)
    return case


def come_to(status, reason=MENDABLE, **more):
    """Return a case in a status."""
    return do(proposed(**more), *ROADS[status], reason=reason)
