"""Imports for tests of pages: stored as runs that are over, without a file being read."""

from __future__ import annotations

import json

from matcher.domain.run import RunState
from matcher.services.imports import Mode, ask_import
from matcher.services.work.settings import WorkSettings
from matcher.store import Database
from matcher.store.tables import RunRow
from tests.service import NOW, People

GONE = [f"gone-{n}" for n in range(12)]
HOSTILE = "<img src=x onerror=alert(1)>.xlsx"
"""What somebody calls a file."""


def previewed(database: Database, people: People, name: str = HOSTILE) -> RunRow:
    """Store a preview that found a file sound."""
    counts = {"new": 1, "changed": 2, "removed": 13, "unchanged": 100}
    with database.writing() as session:
        actor = people.organiser.actor
        row = ask_import(session, actor, name, b"{}", Mode.REPLACE, True, WorkSettings(), NOW)
        row.state = RunState.DONE
        row.finished_at = NOW
        row.summary = json.dumps(
            {
                "as_of": "2022-05-25",
                "ignored": ["<b>Notes</b>"],
                "counts": {"needs": counts},
                "kept_consents": ["need-1"],
                "named": {
                    "needs": {"new": ["need-1"], "removed": [f"gone-{n}" for n in range(12)]}
                },
            }
        )
    return row
