"""Where a record comes from, and which of it nobody has stated."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Provenance:
    """The source of a record.

    Parameters
    ----------
    source
        Name of the document, or None for what a user typed in.
    illustrative
        True if no source states the record at all: it is there to make an example work.
    illustrative_fields
        The fields of an otherwise stated record that no source states.
    stated
        (field, words of the source) pairs, for the fields that the source does state.
    """

    source: str | None = None
    illustrative: bool = False
    illustrative_fields: frozenset[str] = frozenset()
    stated: tuple[tuple[str, str], ...] = ()

    def is_illustrative(self, field: str) -> bool:
        """Tell whether ``field`` of the record is illustrative."""
        return self.illustrative or field in self.illustrative_fields


NO_SOURCE = Provenance()
