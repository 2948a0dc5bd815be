"""Between the rows of the lists and `Listing`, whose rules decide."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from matcher.domain.lists import DECISION_DAYS, Listing, ListStage, ListTest
from matcher.domain.workdays import calendar_around
from matcher.services.leads.reasons import reason_json, reason_of_json
from matcher.store.tables import ListingRow

KIND = "listing"
"""What the record calls what happens on the lists."""


def answers_of(row: ListingRow) -> dict[ListTest, bool | None]:
    """Return what was answered of each test; None where nobody has."""
    return {test: getattr(row, test.value) for test in ListTest}


def listing_of(row: ListingRow) -> Listing:
    """Return the listing of a row."""
    answers = answers_of(row)
    return Listing(
        need_id=row.id.hex,
        applied=row.applied,
        passed=frozenset(test for test, said in answers.items() if said is True),
        failed=frozenset(test for test, said in answers.items() if said is False),
        contacted=row.contacted,
        recommended=row.recommended,
        decided=row.decided,
        refusal=None if row.refusal is None else reason_of_json(json.loads(row.refusal)),
    )


def put(row: ListingRow, listing: Listing, now: datetime) -> None:
    """Let a row say what a listing says; its version is another one then."""
    for test in ListTest:
        said = None if test in listing.unknown else test in listing.passed
        setattr(row, test.value, said)
    row.contacted = listing.contacted
    row.recommended = listing.recommended
    row.decided = listing.decided
    refusal = listing.refusal
    row.refusal = (
        None
        if refusal is None
        else json.dumps(reason_json(refusal), ensure_ascii=False, sort_keys=True)
    )
    row.stage = listing.stage.value
    row.decide_by = _decide_by(listing)
    is_owed = row.decide_by is not None and listing.stage is ListStage.RECOMMENDED
    row.due_on = row.decide_by if is_owed and row.decide_by is not None else date.max
    row.version += 1
    row.updated_at = now


def _decide_by(listing: Listing) -> date | None:
    if listing.recommended is None:
        return None
    return DECISION_DAYS.deadline(listing.recommended, calendar_around(listing.recommended)).due


def told(row: ListingRow) -> Mapping[str, Any]:
    """Return what of a listing must be provable, as values of JSON."""
    days = ("applied", "contacted", "recommended", "decided")
    return {
        "tests": {test.value: said for test, said in answers_of(row).items()},
        "stage": row.stage,
        "reason": None if row.refusal is None else json.loads(row.refusal),
        "lead_id": None if row.lead_id is None else row.lead_id.hex,
        **{day: _day(getattr(row, day)) for day in days},
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
