"""The questionnaire as JSON Schema, made of the tables of a market."""

from __future__ import annotations

from typing import Any

from matcher.files.questionnaire.fields import CREDIT_CODE, ENTERPRISE, NEED, SECTIONS, TITLE
from matcher.files.schema import record_schema


def questionnaire_schema() -> dict[str, Any]:
    """Return the schema (draft 2020-12) of one answer: ``{"enterprise": …, "need": …}``.

    Titles and descriptions are in both languages. Amounts are whole fen, rates text, as
    everywhere in JSON. Who is given an ``enterprise_id`` need not have a credit code.
    """
    parts = {s.table.record.__name__: record_schema(s.table) for s in SECTIONS}
    ways = [{"required": [name]} for name in (CREDIT_CODE, "enterprise_id")]
    parts["Enterprise"]["anyOf"] = ways
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": str(TITLE),
        "type": "object",
        "properties": {
            "enterprise": {"$ref": "#/$defs/Enterprise", "description": str(ENTERPRISE.text)},
            "need": {"$ref": "#/$defs/Need", "description": str(NEED.text)},
        },
        "required": ["enterprise", "need"],
        "additionalProperties": False,
        "$defs": parts,
    }
