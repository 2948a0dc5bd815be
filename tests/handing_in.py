"""Questionnaires for tests: one that a firm has handed in, and the plan that it comes into."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from matcher.domain.actor import Actor
from matcher.services.intake_online import HandedIn, hand_in
from matcher.store import Database
from tests.service import NOW

FORM: dict[str, Any] = {
    "enterprise": {"name": "示例求助企业(滨江)"},
    "need": {
        "amount_fen": 80_000_000,
        "needed_by": "2026-06-30",
        "term_months": 12,
        "purpose": "working_capital",
        "instruments": ["loan"],
    },
    "consent": "all",
}


def handed_in(
    database: Database, actor: Actor, form: dict[str, Any] = FORM, now: datetime = NOW
) -> HandedIn:
    """Hand a questionnaire in."""
    with database.writing() as session:
        return hand_in(session, actor, form, json.dumps(form, ensure_ascii=False), now)
