"""What an earlier timetable still says of a problem that may have changed."""

from __future__ import annotations

from matcher.schedule.frame import Frame
from matcher.schedule.timetable import Timetable

Slots = list[int | None]
"""The slot of each meeting; None where it is not held."""


def still_allowed(frame: Frame, timetable: Timetable) -> Slots:
    """Return each meeting's slot where the problem still allows it, else None."""
    slots: Slots = [None] * len(frame.pairs)
    for placement in timetable.placements:
        meeting = frame.meeting_at.get(placement.meeting_id)
        slot = frame.slot_at.get(placement.slot_id)
        if meeting is not None and slot in frame.domain[meeting]:
            slots[meeting] = slot
    return slots
