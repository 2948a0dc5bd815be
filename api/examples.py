"""Examples for the OpenAPI document, put together of those that the fields of a schema have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_REF = "#/components/schemas/"
_OF_FORMAT = {
    "uuid": "3f0e7a52-5d5c-4a39-9d5b-1a4c2d6f8b10",
    "date": "2022-06-17",
    "date-time": "2022-06-17T09:00:00+08:00",
    "binary": "…",
    "password": "a long pass phrase",
}
_MAX_DEPTH = 12
"""A schema that holds itself ends here, with as few parts as it allows."""


class Examples:
    """Makes a value for any schema of a document.

    Parameters
    ----------
    schemas
        The components that references lead to.
    """

    def __init__(self, schemas: Mapping[str, Any]) -> None:
        self._schemas = schemas

    def of(self, schema: Mapping[str, Any], depth: int = 0) -> Any:
        """Return a value that the schema allows: its own example, or one made of its parts."""
        for found in _own(schema):
            return found
        if "$ref" in schema:
            return self.of(self._schemas[schema["$ref"].removeprefix(_REF)], depth + 1)
        for several in ("anyOf", "oneOf", "allOf"):
            if several in schema:
                return self.of(_first(schema[several]), depth + 1)
        return self._of_type(schema, depth)

    def _of_type(self, schema: Mapping[str, Any], depth: int) -> Any:
        kind = schema.get("type")
        if isinstance(kind, list):
            kind = kind[0]
        if kind == "object" or "properties" in schema:
            return self._object(schema, depth)
        if kind == "array":
            return self._array(schema, depth)
        if kind in ("integer", "number"):
            return schema.get("minimum", schema.get("exclusiveMinimum", 0) or 1)
        if kind == "boolean":
            return False
        if kind == "string":
            least = "x" * max(1, schema.get("minLength", 1))
            return _OF_FORMAT.get(schema.get("format", ""), least)
        return None

    def _object(self, schema: Mapping[str, Any], depth: int) -> dict[str, Any]:
        fields = schema.get("properties", {})
        if depth > _MAX_DEPTH:
            fields = {name: fields[name] for name in schema.get("required", ())}
        return {name: self.of(part, depth + 1) for name, part in fields.items()}

    def _array(self, schema: Mapping[str, Any], depth: int) -> list[Any]:
        if "prefixItems" in schema:
            return [self.of(part, depth + 1) for part in schema["prefixItems"]]
        if depth > _MAX_DEPTH or "items" not in schema:
            return []
        return [self.of(schema["items"], depth + 1)]


def _own(schema: Mapping[str, Any]) -> list[Any]:
    """Return the first example that a schema itself has."""
    if schema.get("examples"):
        return [schema["examples"][0]]
    for name in ("example", "const", "default"):
        if name in schema:
            return [schema[name]]
    return schema["enum"][:1] if "enum" in schema else []


def _first(schemas: list[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return the first alternative that is not null."""
    return next((one for one in schemas if one.get("type") != "null"), schemas[0])
