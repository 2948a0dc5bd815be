"""An agenda as iCalendar files, one for each participant (RFC 5545; METHOD as in RFC 5546).

A meeting keeps its UID in every timetable of an event, and each revision has a higher
SEQUENCE, so that a calendar that reads a later file replaces what it had. What is no longer
held is there once more, as cancelled.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, TimezoneStandard, vCalAddress, vText

from matcher.domain.text import Text
from matcher.files.agenda import Agenda, Entry
from matcher.files.agenda_words import along_text, topics_text

ZONE = "Asia/Shanghai"
_ABOUT = Text("议题：{t}", "About: {t}")
_ALONG = Text("同席：{p}", "Also at the table: {p}")
_UNSAFE = re.compile(r"[^\w.-]+")


def calendar_bytes(agenda: Agenda, participant_id: str) -> bytes:
    """Return one participant's calendar; the same agenda gives the same bytes."""
    return _calendar(agenda, participant_id, "PUBLISH", _events(agenda, participant_id))


def request_bytes(before: Agenda | None, after: Agenda, participant_id: str) -> bytes | None:
    """Return what a participant is asked to come to that is new or changed; None if nothing is.

    Parameters
    ----------
    before
        The agenda that was given out before; None where this is the first.
    """
    old = {} if before is None else _entries(before, participant_id)
    new = _entries(after, participant_id)
    events = [
        _invited(_event(after, participant_id, entry, "CONFIRMED"), after, participant_id)
        for key, entry in new.items()
        if key not in old or _said(after, entry) != _said(before or after, old[key])
    ]
    return _calendar(after, participant_id, "REQUEST", events) if events else None


def cancel_bytes(before: Agenda | None, after: Agenda, participant_id: str) -> bytes | None:
    """Return what a participant was asked to come to and is not any more; None if nothing is.

    It is said as it was in ``before``: slots and tables may be gone since.
    """
    if before is None:
        return None
    new = _entries(after, participant_id)
    head = replace(before.head, revision=after.head.revision)
    told = replace(before, head=head, stamp=after.stamp)
    events = [
        _invited(_event(told, participant_id, entry, "CANCELLED"), told, participant_id)
        for key, entry in _entries(before, participant_id).items()
        if key not in new
    ]
    return _calendar(told, participant_id, "CANCEL", events) if events else None


def _entries(agenda: Agenda, who: str) -> dict[str, Entry]:
    """Return somebody's meetings by their ids; of nobody who was not there, none."""
    return {entry.meeting.meeting_id: entry for entry in agenda.entries.get(who, ())}


def _said(agenda: Agenda, entry: Entry) -> tuple[object, ...]:
    """Return what of a meeting stands in a calendar."""
    place = (agenda.head.place, entry.table.text)
    return (
        entry.slot.start,
        entry.slot.end,
        place,
        entry.partner.text,
        _description(agenda, entry),
    )


def _invited(event: Event, agenda: Agenda, who: str) -> Event:
    """Name who is asked: RFC 5546 wants an attendee; nobody's address is known here."""
    attendee = vCalAddress("invalid:nomail")
    attendee.params["CN"] = vText(agenda.problem.participant[who].text.zh)
    event.add("attendee", attendee, encode=False)
    return event


def _calendar(agenda: Agenda, who: str, method: str, events: Iterable[Event]) -> bytes:
    owner = agenda.problem.participant[who]
    calendar = Calendar()
    calendar.add("prodid", "-//Yinqi//matcher//ZH")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar.add("x-wr-calname", f"{agenda.head.title.zh} · {owner.text.zh}")
    calendar.add("x-wr-timezone", ZONE)
    calendar.add_component(_zone())
    for event in events:
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def file_names(agenda: Agenda) -> dict[str, str]:
    """Return the name of each participant's file: its id, as far as a file can be called so."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for participant in agenda.problem.participants:
        key = participant.participant_id
        name = _UNSAFE.sub("_", key).strip(".")[:80] or "_"
        if name.casefold() in taken or name != key:
            name = f"{name}-{hashlib.sha256(key.encode()).hexdigest()[:8]}"
        taken.add(name.casefold())
        found[key] = f"{name}.ics"
    return found


def _zone() -> Timezone:
    """Return the zone by its rule since 1992, so that no table of zones is needed to read it."""
    zone, standard = Timezone(), TimezoneStandard()
    zone.add("tzid", ZONE)
    standard.add("dtstart", datetime(1991, 9, 15, 1))
    standard.add("tzoffsetfrom", timedelta(hours=8))
    standard.add("tzoffsetto", timedelta(hours=8))
    standard.add("tzname", "CST")
    zone.add_component(standard)
    return zone


def _events(agenda: Agenda, who: str) -> Iterator[Event]:
    for entry in agenda.entries[who]:
        yield _event(agenda, who, entry, "CONFIRMED")
    for item in agenda.off_of(who):
        yield _event(agenda, who, agenda.off_entry(item, who), "CANCELLED")


def _event(agenda: Agenda, who: str, entry: Entry, status: str) -> Event:
    event, zone = Event(), ZoneInfo(ZONE)
    event.add("uid", _uid(agenda.head.event_id, entry.meeting.meeting_id, who))
    event.add("dtstamp", agenda.stamp.astimezone(UTC))
    event.add("sequence", agenda.head.revision)
    event.add("dtstart", entry.slot.start.astimezone(zone))
    event.add("dtend", entry.slot.end.astimezone(zone))
    event.add("summary", str(Text("洽谈：{p}", "Meeting: {p}").format(p=entry.partner.text)))
    table = Text("{p}{t} 桌", "{p}table {t}").format(p=_at(agenda.head.place), t=entry.table.text)
    event.add("location", str(table))
    description = _description(agenda, entry)
    if description:
        event.add("description", description)
    event.add("status", status)
    event.add("transp", "TRANSPARENT" if status == "CANCELLED" else "OPAQUE")
    event.add("organizer", _organiser(agenda), encode=False)
    return event


def _uid(event_id: str, meeting_id: str, who: str) -> str:
    key = "\0".join((event_id, meeting_id, who)).encode()
    return f"{hashlib.sha256(key).hexdigest()[:40]}@yinqi"


def _at(place: Text) -> Text:
    return Text(f"{place.zh} ", f"{place.en}, ") if place.zh else place


def _description(agenda: Agenda, entry: Entry) -> str:
    lines = [agenda.head.title]
    if entry.talk.topics:
        lines.append(_ABOUT.format(t=topics_text(entry)))
    if entry.along:
        lines.append(_ALONG.format(p=along_text(entry)))
    return "\n".join(map(str, lines))


def _organiser(agenda: Agenda) -> vCalAddress:
    """RFC 5546 wants one; without an address it is said to have none."""
    head = agenda.head
    address = vCalAddress(f"mailto:{head.email}" if head.email else "invalid:nomail")
    address.params["CN"] = vText(head.organiser or head.title.zh)
    return address
