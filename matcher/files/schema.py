"""The JSON Schema of a market, as `write_json` writes it; for the API's OpenAPI document."""

from __future__ import annotations

from typing import Any

from matcher.files.columns import Column, Table
from matcher.files.kinds import Kind
from matcher.files.quantities import Whole
from matcher.files.tables import TABLES


def json_schema() -> dict[str, Any]:
    """Return the schema (draft 2020-12) of the object with the six tables."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Market",
        "type": "object",
        "properties": {
            table.name: {
                "type": "array",
                "description": str(table.text),
                "items": {"$ref": f"#/$defs/{table.record.__name__}"},
            }
            for table in TABLES
        },
        "required": [table.name for table in TABLES if table.required],
        "additionalProperties": False,
        "$defs": {table.record.__name__: record_schema(table) for table in TABLES},
    }


def record_schema(table: Table) -> dict[str, Any]:
    """Return the schema of one row of a table."""
    schema: dict[str, Any] = {"type": "object", "properties": {}, "additionalProperties": False}
    schema["required"] = [
        c.wire_name(c.kind) for c in table.columns if c.required and not c.resolve
    ]
    for column in table.columns:
        names = {column.wire_name(kind): kind for kind in _kinds(column)}
        schema["properties"] |= {name: _property(column, kind) for name, kind in names.items()}
        if column.required and column.resolve:
            schema["oneOf"] = [{"required": [name]} for name in names]
    return schema


def _kinds(column: Column) -> tuple[Kind, ...]:
    """Return every kind that a column may have: a pool's capacity is money or places."""
    return (column.kind, Whole()) if column.resolve else (column.kind,)


def _property(column: Column, kind: Kind) -> dict[str, Any]:
    text = f"{column.text}. {column.note}"
    return {"title": str(column.text), "description": text, **kind.schema}
