"""The agenda of one guest: a bank's or a firm's own, out of the timetable that is out.

A bank is shown a firm only as long as the firm lets it see a need that they meet about.
"""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from sqlmodel import Session, col, select

from matcher.domain.actor import Actor, Role
from matcher.files.agenda import Agenda, Entry, Off
from matcher.services.meetings.reading import agenda_of, live_timetable
from matcher.store.repositories.base import not_found
from matcher.store.repositories.market import seen_by
from matcher.store.repositories.meetings import Events, Guests
from matcher.store.tables import AttendanceRow, EventRow, NeedRow


def own_agenda(session: Session, actor: Actor, event_id: UUID) -> tuple[EventRow, str, Agenda]:
    """Return an event, who the actor is at it, and the agenda with no more than is theirs to see.

    Raises
    ------
    UnknownIdError
        If there is no such event for this actor, or no timetable of it is out.
    """
    event = Events(session, actor).find(event_id)
    guest = session.scalars(
        Guests(session, actor).query().where(col(AttendanceRow.event_id) == event_id)
    ).first()
    live = live_timetable(session, event_id)
    if guest is None or live is None:
        raise not_found()
    agenda = agenda_of(live)
    who: str = guest.participant
    if who not in agenda.entries:
        raise not_found()
    return event, who, narrowed(session, actor, agenda, who)


def narrowed(session: Session, actor: Actor, agenda: Agenda, who: str) -> Agenda:
    """Leave out of an agenda what is not its reader's."""
    own, off = agenda.entries.get(who, ()), agenda.off_of(who)
    if actor.role is Role.BANK:
        assert actor.institution_id is not None
        keys = {key for e in own for key in e.talk.needs}
        keys |= {key for item in off for key in agenda.talk(item.meeting.meeting_id).needs}
        query = select(NeedRow.key).where(
            col(NeedRow.key).in_(sorted(keys)), seen_by(actor.institution_id)
        )
        seen = set(session.scalars(query))
        own = tuple(entry for entry in own if _is_seen(entry.talk.needs, seen))
        off = tuple(i for i in off if _is_seen(agenda.talk(i.meeting.meeting_id).needs, seen))
    return _of(agenda, own, off)


def _is_seen(needs: tuple[str, ...], seen: set[str]) -> bool:
    # A meeting that the organiser asked for, about no need of the market, is between the two.
    return not needs or any(key in seen for key in needs)


def _of(agenda: Agenda, own: tuple[Entry, ...], off: tuple[Off, ...]) -> Agenda:
    mine = {entry.meeting.meeting_id for entry in own}
    placements = tuple(p for p in agenda.timetable.placements if p.meeting_id in mine)
    return replace(
        agenda,
        timetable=replace(agenda.timetable, placements=placements),
        off=off,
        left_out=(),
        levels=(),
    )
