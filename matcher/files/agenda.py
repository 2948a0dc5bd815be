"""An agenda: a timetable with names, read by those who take it home."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from matcher.domain.text import Text
from matcher.files.event_sheet import EventHead
from matcher.schedule import (
    Level,
    Meeting,
    Participant,
    ParticipantKind,
    Problem,
    Slot,
    Status,
    Table,
    Timetable,
)


@dataclass(frozen=True, slots=True)
class Talk:
    """What a meeting is about.

    Parameters
    ----------
    needs
        Ids of the needs.
    topics
        The products that are proposed.
    others
        Ids of participants who sit at the table as well: the guarantor of a package.
    """

    needs: tuple[str, ...] = ()
    topics: tuple[Text, ...] = ()
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Off:
    """A meeting that was in an earlier timetable and is no longer held.

    Parameters
    ----------
    only
        Ids of those for whom it is off, where others still meet; empty: for everybody.
    """

    meeting: Meeting
    slot_id: str
    table_id: str
    only: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One meeting in the agenda of one participant.

    Parameters
    ----------
    partner
        The other side; for one who sits along, the firm.
    along
        Whoever else is at the table, the reader of the agenda left out.
    """

    slot: Slot
    table: Table
    meeting: Meeting
    partner: Participant
    along: tuple[Participant, ...]
    talk: Talk


@dataclass(frozen=True, kw_only=True)
class Agenda:
    """A timetable and all that is printed beside it.

    Parameters
    ----------
    problem
        What the timetable keeps the rules of.
    talks
        What each meeting is about, by its id; not every meeting has an entry.
    left_out
        Pairs of the plan that could not be made meetings, each with its reason.
    off
        What earlier timetables had and this one no longer has.
    stamp
        When it was made, as the event counts: its first day, or the moment of the change.
    """

    head: EventHead
    problem: Problem
    timetable: Timetable
    status: Status
    levels: tuple[Level, ...] = ()
    talks: Mapping[str, Talk] = field(default_factory=dict)
    left_out: tuple[Text, ...] = ()
    off: tuple[Off, ...] = ()
    stamp: datetime

    @cached_property
    def institutions(self) -> tuple[Participant, ...]:
        """The participants who sit at tables."""
        return self._of_kind(ParticipantKind.INSTITUTION)

    @cached_property
    def firms(self) -> tuple[Participant, ...]:
        """The participants who go from table to table."""
        return self._of_kind(ParticipantKind.FIRM)

    def _of_kind(self, kind: ParticipantKind) -> tuple[Participant, ...]:
        return tuple(p for p in self.problem.participants if p.kind is kind)

    @cached_property
    def entries(self) -> Mapping[str, tuple[Entry, ...]]:
        """The meetings of every participant by time, those included where it sits along."""
        found: dict[str, list[Entry]] = {p.participant_id: [] for p in self.problem.participants}
        for placement in self.timetable.placements:
            meeting = self.problem.meeting[placement.meeting_id]
            talk = self.talk(placement.meeting_id)
            for who in (*meeting.pair, *talk.others):
                slot = self.problem.slot[placement.slot_id]
                table = self.problem.table[placement.table_id]
                found[who].append(self._entry(who, slot, table, meeting, talk))
        return {
            who: tuple(sorted(own, key=lambda e: (e.slot.start, e.table.table_id)))
            for who, own in found.items()
        }

    def _entry(self, who: str, slot: Slot, table: Table, meeting: Meeting, talk: Talk) -> Entry:
        first, second = meeting.pair
        everybody = (first, *talk.others, second)
        partner = first if who == second else second
        along = tuple(self.problem.participant[p] for p in everybody if p not in (who, partner))
        return Entry(slot, table, meeting, self.problem.participant[partner], along, talk)

    def off_of(self, who: str) -> tuple[Off, ...]:
        """Return what a participant was to attend and is no longer held."""
        return tuple(
            item for item in self.off if who in (item.only or self._everybody(item.meeting))
        )

    def _everybody(self, meeting: Meeting) -> tuple[str, ...]:
        return (*meeting.pair, *self.talk(meeting.meeting_id).others)

    def talk(self, meeting_id: str) -> Talk:
        """Return what a meeting is about."""
        return self.talks.get(meeting_id, Talk())

    def has_business(self, who: str) -> bool:
        """Tell whether a participant has, or had, any meeting."""
        return bool(self.entries[who] or self.off_of(who))

    def off_entry(self, off: Off, who: str) -> Entry:
        """Return what was in a participant's agenda before a meeting went off."""
        slot, table = self.problem.slot[off.slot_id], self.problem.table[off.table_id]
        talk = self.talk(off.meeting.meeting_id)
        return self._entry(who, slot, table, off.meeting, talk)

    @property
    def unplaced(self) -> tuple[Meeting, ...]:
        """The meetings of the problem that are not held."""
        held = self.timetable.by_meeting
        return tuple(m for m in self.problem.meetings if m.meeting_id not in held)

    def pair_text(self, meeting: Meeting) -> Text:
        """Name the two who meet: the firm, then the institution."""
        first, second = (self.problem.participant[p].text for p in meeting.pair)
        return Text("{b} — {a}", "{b} — {a}").format(a=first, b=second)


def names(participants: tuple[Participant, ...]) -> Text:
    """Join the names of participants."""
    return Text.join([p.text for p in participants])
