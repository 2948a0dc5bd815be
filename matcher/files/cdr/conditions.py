"""What a publisher asks of a borrower: a rule where it is a number, else the words as they are."""

from __future__ import annotations

import re
from decimal import Decimal

from matcher.domain.choices import Purpose
from matcher.domain.criteria import Criterion, OneOf, Prose, Range
from matcher.files.cdr.figures import read_fen
from matcher.files.cdr.payload import Clause, Published

SECURITY = Prose(
    "押品要求只见于文字，须向机构核实 / security is asked for in words only: check them"
)
"""Stands for the collateral that no structured field states."""

_SECURED = re.compile(r"\b(secured|security|securities|mortgages?|property|lvr)\b", re.I)
_UNSECURED = re.compile(r"\bunsec(ured)?\b|\bnon mtge\b", re.I)

# Types whose words need their name before them; those of BUSINESS and OTHER speak for themselves.
_LABELS = {
    "MIN_AGE": "Minimum age",
    "MAX_AGE": "Maximum age",
    "MIN_INCOME": "Minimum income",
    "MIN_TURNOVER": "Minimum turnover",
    "RESIDENCY_STATUS": "Residency",
    "EMPLOYMENT_STATUS": "Employment",
    "PENSION_RECIPIENT": "Pension recipients",
    "STUDENT": "Students",
    "STAFF": "Staff",
    "MIN_LIMIT": "Minimum limit",
    "MAX_LIMIT": "Maximum limit",
}
_NO_WORDS = ("", "Y")


def read_criteria(published: Published, exchange_rate: Decimal) -> tuple[Criterion, ...]:
    """Return every condition of a product once, rules first, then prose as published.

    - A least turnover with a number is a range of the revenue; its words are kept besides.
    - All other eligibility is prose: nothing is decided from it.
    - Words on a limit count where several limits of its kind stand, or where they speak of
      security ("Maximum LVR 75%").
    - A lease pays for equipment only.
    - Security in the words of a product that does not call itself unsecured is `SECURITY`.
    """
    turnovers = _turnovers(published.eligibility, exchange_rate)
    clauses = [
        Clause("", "", clause.info) if clause in turnovers else clause
        for clause in (*published.eligibility, *_conditional_limits(published.constraints))
    ]
    found: list[Criterion] = []
    if published.category == "LEASES":
        found.append(OneOf("purpose", frozenset({Purpose.EQUIPMENT.value})))
    found += [Range("revenue", low=fen) for fen in turnovers.values()]
    found += [Prose(words) for clause in clauses if (words := words_of(clause))]
    if asks_security(published):
        found.append(SECURITY)
    return tuple(dict.fromkeys(found))


def words_of(clause: Clause) -> str:
    """Return the words of a condition, its type in front where they need it; empty if none.

    Examples
    --------
    >>> words_of(Clause("MIN_AGE", "18", ""))
    'Minimum age: 18'
    >>> words_of(Clause("BUSINESS", "", "Must be a primary producer"))
    'Must be a primary producer'
    """
    value = "" if clause.value in _NO_WORDS else clause.value.removesuffix(":")
    parts = (_LABELS.get(clause.kind, ""), value, clause.info)
    return ": ".join(dict.fromkeys(part for part in parts if part))


def asks_security(published: Published) -> bool:
    """Tell whether the published words speak of security that no field of the data states."""
    clauses = (*published.eligibility, *published.constraints)
    words = [published.name, published.description]
    words += [text for c in clauses for text in (c.value, c.info)]
    words += [text for rate in published.rates for text in (rate.info, rate.tiers)]
    name = published.name
    is_unsecured = bool(_UNSECURED.search(name)) and not _SECURED.search(name)
    return not is_unsecured and any(_SECURED.search(w) for w in words)


def _turnovers(eligibility: tuple[Clause, ...], exchange_rate: Decimal) -> dict[Clause, int]:
    """Return the least turnovers that are numbers, in fen."""
    asked = [c for c in eligibility if c.kind == "MIN_TURNOVER"]
    read = [(clause, read_fen(clause.value, exchange_rate)) for clause in asked]
    return {clause: fen for clause, fen in read if fen is not None}


def _conditional_limits(constraints: tuple[Clause, ...]) -> list[Clause]:
    """Return the limits whose words are a condition and not the number once more."""
    limits = [c for c in constraints if c.kind in ("MIN_LIMIT", "MAX_LIMIT") and c.info]
    kinds = [c.kind for c in constraints]
    return [c for c in limits if kinds.count(c.kind) > 1 or _SECURED.search(c.info)]
