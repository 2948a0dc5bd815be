"""Timetable: which meeting is when, and at which table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, slots=True, order=True)
class Placement:
    """A meeting takes place in this slot at this table (ids)."""

    meeting_id: str
    slot_id: str
    table_id: str


@dataclass(frozen=True)
class Timetable:
    """The meetings that take place; a meeting of the problem that is not here does not.

    It is no more than a list: only `check` says whether it keeps every rule of a problem.
    """

    placements: tuple[Placement, ...] = ()

    @classmethod
    def of(cls, rows: Iterable[tuple[str, str, str]]) -> Timetable:
        """Make one of (meeting, slot, table) rows."""
        return cls(tuple(Placement(*row) for row in rows))

    @cached_property
    def by_meeting(self) -> dict[str, Placement]:
        """Each placed meeting's placement; of a meeting placed twice the last."""
        return {placement.meeting_id: placement for placement in self.placements}

    def slot_of(self, meeting_id: str) -> str | None:
        """Return the slot of a meeting, None if it does not take place."""
        placement = self.by_meeting.get(meeting_id)
        return None if placement is None else placement.slot_id

    def __len__(self) -> int:
        return len(self.placements)
