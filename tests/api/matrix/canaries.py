"""A market in which every private field holds something that stands nowhere else.

Words are searched as they are, numbers by their digits: 73100137 fen are also 73.100137 and
731,001.37. Each canary names all who may come upon it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from matcher.domain.codes import credit_check_char

OFFICE = frozenset({"organiser", "staff", "auditor", "admin"})
FIRMS = frozenset({"firm", "other_firm"})
BANKS = frozenset({"bank", "other_bank"})
NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Canary:
    """Something that may be read by some and by nobody else."""

    place: str
    token: str
    readers: frozenset[str]


@dataclass(slots=True)
class Cage:
    """Makes canaries and remembers them."""

    found: list[Canary] = field(default_factory=list)
    _numbers: Any = field(default_factory=lambda: count(1))

    def word(self, place: str, readers: Iterable[str]) -> str:
        """Return a word that stands nowhere else."""
        return self.keep(place, f"canary{next(self._numbers):03}x", readers)

    def number(self, place: str, readers: Iterable[str]) -> int:
        """Return a number of eight digits that stand nowhere else."""
        return int(self.keep(place, f"7310{next(self._numbers):03}9", readers))

    def credit_code(self, place: str, readers: Iterable[str]) -> str:
        """Return a unified social credit code that is nobody else's."""
        body = f"91330108MA2{next(self._numbers):06}"
        return self.keep(place, body + credit_check_char(body), readers)

    def keep(self, place: str, token: str, readers: Iterable[str]) -> str:
        """Remember who may read something."""
        self.found.append(Canary(place, token, frozenset(readers)))
        return token


def market(cage: Cage) -> dict[str, Any]:
    """Return a market of two firms and two banks, as JSON values of a market file."""
    return {
        "enterprises": [_enterprise(cage, who) for who in ("firm", "other_firm")],
        "needs": [_need(cage, who) for who in ("firm", "other_firm")],
        "institutions": [_institution(cage, who) for who in ("bank", "other_bank")],
        "products": [_product(cage, who) for who in ("bank", "other_bank")],
        "pools": [_pool(cage, who) for who in ("bank", "other_bank")],
        "policies": [_policy(cage)],
    }


def _enterprise(cage: Cage, who: str) -> dict[str, Any]:
    readers, place = OFFICE | {who}, f"{who}'s firm"
    # Both are proposed to both banks; the other firm wants to stay unknown until then.
    named = readers | (BANKS if who == "firm" else NOBODY)
    return {
        "enterprise_id": cage.word(f"{place} id", readers),
        "name": cage.word(f"{place} name", named),
        "name_en": cage.word(f"{place} name_en", named),
        "credit_code": cage.credit_code(f"{place} credit_code", named),
        "region": "330108",
        "industry": "I651",
        "revenue_fen": cage.number(f"{place} revenue", readers),
        "assets_fen": cage.number(f"{place} assets", readers),
        "tags": [cage.word(f"{place} tag", readers)],
        "indicators": {
            cage.word(f"{place} indicator", readers): cage.number(
                f"{place} indicator's value", readers
            )
        },
        "source": cage.word(f"{place} source", readers),
    }


def _need(cage: Cage, who: str) -> dict[str, Any]:
    readers, place = OFFICE | {who}, f"{who}'s need"
    least = cage.number(f"{place} least amount", readers)
    return {
        "need_id": cage.word(f"{place} id", readers),
        "enterprise_id": next(c.token for c in cage.found if c.place == f"{who}'s firm id"),
        "amount_fen": cage.number(f"{place} amount", readers | BANKS),
        "amount_min_fen": least,
        "term_months": 12,
        "purpose": "wages",
        "instruments": ["loan"],
        "collateral_fen": {"real_estate": cage.number(f"{place} collateral", readers | BANKS)},
        "needed_by": "2026-06-30",
        "contacts": 2,
        "source": cage.word(f"{place} source", readers),
    }


def _institution(cage: Cage, who: str) -> dict[str, Any]:
    own, place = OFFICE | {who}, f"{who}'s institution"
    published = own | FIRMS
    return {
        "institution_id": cage.word(f"{place} id", published),
        "name": cage.word(f"{place} name", published),
        "name_en": cage.word(f"{place} name_en", published),
        "kind": "bank",
        "region": "3301",
        "leads": 5,
        "quota_fen": cage.number(f"{place} quota", own) + 100_000_000_000,
        "source": cage.word(f"{place} source", own),
    }


def _product(cage: Cage, who: str) -> dict[str, Any]:
    own, place = OFFICE | {who}, f"{who}'s product"
    published = own | FIRMS
    return {
        "product_id": cage.word(f"{place} id", published),
        "institution_id": next(c.token for c in cage.found if c.place == f"{who}'s institution id"),
        "name": cage.word(f"{place} name", published),
        "name_en": cage.word(f"{place} name_en", published),
        "instrument": "loan",
        "amount_max_fen": 300_000_000,
        "rate": "0.0365",
        "cash_workdays": 3,
        "quota_fen": cage.number(f"{place} quota", own) + 100_000_000_000,
        "preferences": [f"tags has {cage.word(f'{place} preference', own)}"],
        "pools": [cage.word(f"{who}'s pool id", own)],
        "note": cage.word(f"{place} note", own),
        "source": cage.word(f"{place} source", own),
    }


def _pool(cage: Cage, who: str) -> dict[str, Any]:
    place = f"{who}'s pool"
    return {
        "pool_id": next(c.token for c in cage.found if c.place == f"{place} id"),
        "name": cage.word(f"{place} name", OFFICE),
        "unit": "fen",
        "capacity_fen": cage.number(f"{place} capacity", OFFICE) + 200_000_000_000,
        "source": cage.word(f"{place} source", OFFICE),
    }


def _policy(cage: Cage) -> dict[str, Any]:
    everybody = OFFICE | FIRMS | BANKS
    return {
        "policy_id": cage.word("policy id", everybody),
        "name": cage.word("policy name", everybody),
        "issuer": cage.word("policy issuer", everybody),
        "benefit": "interest_subsidy",
        "rate": "0.01",
        "cap_fen": 1_000_000,
        "instruments": ["loan"],
        "pool_id": next(c.token for c in cage.found if c.place == "bank's pool id"),
        "source": cage.word("policy source", OFFICE),
    }
