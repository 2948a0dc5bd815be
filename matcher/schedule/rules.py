"""What an organiser may ask beyond who meets whom: absences, order, and keeping apart."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Absence:
    """A participant cannot meet anyone in these slots (ids)."""

    participant_id: str
    slots: frozenset[str]


@dataclass(frozen=True, slots=True)
class Precedence:
    """One meeting comes in an earlier slot than another, where both take place."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class NeverTogether:
    """In no slot are two of these busy.

    Parameters
    ----------
    participants
        Ids of participants of whom no two are in meetings in the same slot.
    meetings
        Ids of meetings of which no two are in the same slot.
    """

    participants: frozenset[str] = frozenset()
    meetings: frozenset[str] = frozenset()
