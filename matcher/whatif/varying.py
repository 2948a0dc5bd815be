"""A record with other values: hypothetical, and marked so."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from matcher.domain.provenance import Provenance
from matcher.domain.records import ID_FIELDS


def fields_of(record: type[Any]) -> list[str]:
    """Return the names of the fields that a change may set: all but ids and provenance.

    References to records of other tables (an institution of a product) can be set.
    """
    own = next((key for key in ID_FIELDS.values() if key == fields(record)[0].name), None)
    return [f.name for f in fields(record) if f.name not in ("provenance", own)]


def varied(record: Any, **values: Any) -> Any:
    """Return a record with other values of some fields.

    What a source stated of them no longer holds: those fields become illustrative.

    Raises
    ------
    InputError
        If the record cannot have such values.
    """
    changed = {name for name, value in values.items() if getattr(record, name) != value}
    if not changed:
        return record
    known: Provenance = record.provenance
    provenance = known
    if not known.illustrative:
        provenance = replace(
            known,
            illustrative_fields=known.illustrative_fields | changed,
            stated=tuple(pair for pair in known.stated if pair[0] not in changed),
        )
    return replace(record, **values, provenance=provenance)
