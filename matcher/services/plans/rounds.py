"""Rounds: opened with a committed seed, so that nobody can choose how ties are broken."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from matcher.domain.actor import Actor
from matcher.domain.case.clocks import CaseRules
from matcher.domain.clock import Allowance, DayUnit
from matcher.domain.errors import Faults
from matcher.domain.text import Text
from matcher.services.record import Happening, append
from matcher.store.tables import RoundRow

MAX_SEED = 2**31 - 1
MAX_DAYS = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundAsked:
    """A round that somebody wants to open.

    Parameters
    ----------
    as_of
        Its day.
    is_open
        Whether the first institution that accepts a need has it (抢单).
    is_recommended_only
        Whether it takes needs of the recommended list alone.
    response_workdays, decision_days
        How long an institution may take: workdays to answer, calendar days to decide.
    """

    name: str
    as_of: date
    is_open: bool = False
    is_recommended_only: bool = False
    response_workdays: int = 3
    decision_days: int = 30

    def __post_init__(self) -> None:
        faults = Faults()
        faults.require(bool(self.name.strip()), "name", self.name, Text("非空名称", "a name"))
        for name in ("response_workdays", "decision_days"):
            value = getattr(self, name)
            faults.require(1 <= value <= MAX_DAYS, name, value, Text.same(f"1 – {MAX_DAYS}"))
        faults.raise_if_any()


def open_round(session: Session, actor: Actor, asked: RoundAsked, now: datetime) -> RoundRow:
    """Open a round; its seed is drawn now, and only its commitment is shown until a plan is out."""
    seed, salt = secrets.randbelow(MAX_SEED), secrets.token_hex(16)
    row = RoundRow(
        name=asked.name.strip(),
        as_of=asked.as_of,
        is_open=asked.is_open,
        seed=seed,
        seed_salt=salt,
        seed_commitment=commitment(seed, salt),
        rules=json.dumps(_rules_json(asked), sort_keys=True),
        created_by=actor.account_id,
        created_at=now,
    )
    session.add(row)
    session.flush()
    append(
        session,
        Happening(
            kind="round",
            action="open",
            subject_id=row.id,
            at=now,
            account_id=actor.account_id,
            details={"seed_commitment": row.seed_commitment, "is_open": row.is_open},
        ),
    )
    return row


def commitment(seed: int, salt: str) -> str:
    """Return what is shown of a seed beforehand; with the salt it can be checked afterwards."""
    return hashlib.sha256(f"{seed}:{salt}".encode()).hexdigest()


def rules_of(row: RoundRow) -> CaseRules:
    """Return how long institutions may take in a round."""
    rules = json.loads(row.rules)
    return CaseRules(
        response=Allowance(rules["response_workdays"], DayUnit.WORKDAYS),
        decision=Allowance(rules["decision_days"], DayUnit.CALENDAR_DAYS),
    )


def takes_recommended_only(row: RoundRow) -> bool:
    """Tell whether a round takes needs of the recommended list alone."""
    return bool(json.loads(row.rules).get("recommended_only"))


def _rules_json(asked: RoundAsked) -> dict[str, Any]:
    return {
        "response_workdays": asked.response_workdays,
        "decision_days": asked.decision_days,
        "recommended_only": asked.is_recommended_only,
    }
