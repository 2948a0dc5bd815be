"""What a timetable needs of a plan: who is to meet whom, about what, and what it is worth."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Text
from matcher.planning.plan import Match
from matcher.verify.plan_file import verify_plan


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody in a plan, by id and name."""

    party_id: str
    name: Text


@dataclass(frozen=True, slots=True)
class Lead:
    """One match of a plan.

    Parameters
    ----------
    companions
        The institutions whose guarantee, insurance, … goes with the product.
    """

    need_id: str
    firm: Party
    institution: Party
    product: Text
    score: Decimal
    companions: tuple[Party, ...] = ()


def leads_of(matches: Iterable[Match]) -> tuple[Lead, ...]:
    """Return the matches of a plan that was just made."""
    return tuple(
        Lead(
            need_id=match.need.need_id,
            firm=Party(match.enterprise.enterprise_id, match.enterprise.text),
            institution=Party(match.institution.institution_id, match.institution.text),
            product=match.product.text,
            score=Decimal(str(match.score)),
            companions=tuple(
                Party(part.institution.institution_id, part.institution.text)
                for part in match.companions
            ),
        )
        for match in matches
    )


def read_leads(path: Path) -> tuple[Lead, ...]:
    """Read the matches of a plan file, which has to pass the checker first.

    Raises
    ------
    InputError
        With every finding of the checker.
    """
    findings = verify_plan(path)
    if findings:
        raise InputError(Fault(Text(f.zh, f.en), field=f.code, file=path.name) for f in findings)
    document = json.loads(path.read_bytes(), parse_float=Decimal)
    return tuple(lead_of(entry) for entry in document["matches"])


def lead_of(entry: dict[str, Any]) -> Lead:
    """Return an entry of ``matches`` of a plan file as a lead; its score is a Decimal."""
    return Lead(
        need_id=entry["need"],
        firm=Party(entry["enterprise"], Text(**entry["enterprise_name"])),
        institution=_institution(entry),
        product=Text(**entry["product_name"]),
        score=Decimal(entry["score"]),
        companions=tuple(_institution(part) for part in entry["companions"]),
    )


def _institution(entry: dict[str, Any]) -> Party:
    return Party(entry["institution"], Text(**entry["institution_name"]))
