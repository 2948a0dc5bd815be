"""The times of an event: rows of slots laid around breaks, and the slots that a time names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from matcher.domain.moments import CHINA
from matcher.schedule import Pause, Session, Slot

NOON = time(12)


@dataclass(frozen=True, slots=True)
class When:
    """A time of day, on one day or (None) on any."""

    day: date | None
    clock: time

    def on(self, days: Iterable[date]) -> list[datetime]:
        """Return the moments that it names on China's clock."""
        return [at(day, self.clock) for day in ([self.day] if self.day else days)]


def at(day: date, clock: time) -> datetime:
    """Return a moment on China's clock."""
    return datetime.combine(day, clock, CHINA)


def slot_id(start: datetime) -> str:
    """Return the id that a slot gets from its start, as in ``0618-0900``."""
    return f"{start:%m%d-%H%M}"


def make_slot(start: datetime, end: datetime, session: Session | None = None) -> Slot:
    """Return a slot, of the half of the day that it starts in unless that is said."""
    half = Session.MORNING if start.time() < NOON else Session.AFTERNOON
    return Slot(slot_id(start), start, end, session or half)


@dataclass(frozen=True, slots=True)
class SlotRow:
    """A row of slots: from a start, each so long, with so much between, so many or until.

    Parameters
    ----------
    number
        How many; None: as many as end by ``until``.
    """

    start: time
    length: timedelta
    between: timedelta
    number: int | None
    until: time | None

    def lay(self, day: date, pauses: Sequence[Pause]) -> list[Slot]:
        """Return the slots of one day; what would run into a pause comes after it."""
        slots: list[Slot] = []
        start, last = at(day, self.start), at(day, self.until or time(23, 59))
        while len(slots) < (10_000 if self.number is None else self.number):
            start = _after_pauses(start, start + self.length, pauses)
            if start.date() != day or start + self.length > last:
                break
            slots.append(make_slot(start, start + self.length))
            start += self.length + self.between
        return slots


def _after_pauses(start: datetime, end: datetime, pauses: Sequence[Pause]) -> datetime:
    length = end - start
    for pause in sorted(pauses, key=lambda p: p.start):
        if start < pause.end and pause.start < start + length:
            start = pause.end
    return start


def missed(
    slots: Iterable[Slot], until: Sequence[datetime] = (), since: Sequence[datetime] = ()
) -> frozenset[str]:
    """Return the slots that one misses who comes at ``until`` or goes at ``since`` that day."""
    came = {moment.date(): moment for moment in until}
    went = {moment.date(): moment for moment in since}
    return frozenset(
        slot.slot_id
        for slot in slots
        if (slot.day in came and slot.start < came[slot.day])
        or (slot.day in went and slot.end > went[slot.day])
    )


def missed_between(slots: Iterable[Slot], start: datetime, end: datetime) -> frozenset[str]:
    """Return the slots that somebody misses who is away from one moment to another."""
    return frozenset(s.slot_id for s in slots if s.start < end and start < s.end)


def starting(slots: Iterable[Slot], when: When) -> list[Slot]:
    """Return the slots that start at a time."""
    return [
        s
        for s in slots
        if s.start.astimezone(CHINA).time() == when.clock and when.day in (None, s.day)
    ]
