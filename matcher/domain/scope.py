"""What a key may do: an area of the API, read or write; a key only ever narrows a role."""

from __future__ import annotations

from enum import StrEnum

from matcher.domain.actor import Role


class Area(StrEnum):
    """A part of the API that keys may be given; its routes bear it as their tag."""

    LEADS = "leads"
    ROUNDS = "rounds"
    CONFLICTS = "conflicts"
    WEBHOOKS = "webhooks"
    RECORD = "record"
    CASES = "cases"
    EVENTS = "events"
    PRODUCTS = "products"
    INSTITUTIONS = "institutions"
    ENTERPRISES = "enterprises"
    NEEDS = "needs"
    POOLS = "pools"
    POLICIES = "policies"
    CONSENTS = "consents"
    QUESTIONNAIRES = "questionnaires"
    IMPORTS = "imports"
    EXPORTS = "exports"
    PLANS = "plans"
    SCENARIOS = "scenarios"
    STATISTICS = "statistics"
    METRICS = "metrics"


def reading(area: str) -> str:
    """Return the scope that lets a key read an area."""
    return f"{area}:read"


def writing(area: str) -> str:
    """Return the scope that lets a key change an area."""
    return f"{area}:write"


_OF_BANKS = (Area.PRODUCTS, Area.INSTITUTIONS, Area.POLICIES, Area.STATISTICS, Area.EXPORTS)
_WRITTEN_BY_BANKS = (Area.LEADS, Area.CASES, Area.EVENTS, Area.CONFLICTS, Area.WEBHOOKS)
_ALL_READ = frozenset(reading(area) for area in Area)
_ALL = _ALL_READ | {writing(area) for area in Area}

SCOPES_OF: dict[Role, frozenset[str]] = {
    # A firm is a person at a browser; nothing of its own asks in its name.
    Role.ENTERPRISE: frozenset(),
    Role.BANK: frozenset(
        [reading(area) for area in (*_OF_BANKS, *_WRITTEN_BY_BANKS)]
        + [writing(area) for area in _WRITTEN_BY_BANKS]
    ),
    Role.ORGANISER: _ALL,
    Role.STAFF: _ALL_READ | {writing(Area.PLANS), writing(Area.SCENARIOS)},
    Role.AUDITOR: _ALL_READ,
    Role.ADMIN: _ALL,
}
"""The scopes that a key of each role may have; what the role may not do, no scope lets it do."""
