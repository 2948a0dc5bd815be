"""Slots without tables: what an earlier timetable leaves of them, and the gaps in them."""

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


def gaps_in(frame: Frame, slots: Slots) -> list[int]:
    """Return the idle gaps of each participant."""
    found = []
    for own in frame.own:
        busy = {slots[meeting] for meeting in own}
        marks = ["".join("x" if t in busy else " " for t in day) for day in frame.days]
        found.append(sum(max(0, len(day.split()) - 1) for day in marks))
    return found
