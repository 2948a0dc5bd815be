"""Who comes: the people of a plan, with what the event file says of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from matcher.domain.errors import Fault
from matcher.domain.text import Text
from matcher.files.event_sheet import EventSheet, Guest, Place
from matcher.schedule import Absence, Participant, ParticipantKind, Session
from matcher.services.scheduling.leads import Lead, Party


@dataclass(frozen=True)
class GuestList:
    """Everybody who comes.

    Parameters
    ----------
    known
        Ids of all who are in the plan or the file, whether they come or not.
    """

    participants: dict[str, Participant]
    wishes: dict[str, Session]
    absences: dict[str, frozenset[str]]
    known: frozenset[str]


def fault_at(place: Place, field: str, message: Text, value: object = None) -> Fault:
    """Return a fault of one field of an event file."""
    return Fault(message, field, value, sheet=place.section, row=place.row, column=field)


def make_guest_list(leads: Sequence[Lead], sheet: EventSheet, faults: list[Fault]) -> GuestList:
    """Join plan and file; whom the file names and nobody knows is a fault."""
    planned = {party.party_id: (party, kind) for party, kind in _parties(leads)}
    listed = {guest.guest_id: guest for guest in sheet.guests}
    coming = {
        party_id: _planned(party, kind)
        for party_id, (party, kind) in planned.items()
        if party_id in listed or kind not in sheet.only_listed
    }
    for guest in sheet.guests:
        known = planned.get(guest.guest_id)
        faults += _guest_faults(guest, None if known is None else known[1])
        coming[guest.guest_id] = _told(coming.get(guest.guest_id), guest)
    return GuestList(
        participants=coming,
        wishes={g.guest_id: g.wish for g in sheet.guests if g.wish is not None},
        absences=_absences(sheet, coming, planned, faults),
        known=frozenset(planned) | frozenset(listed),
    )


def _parties(leads: Sequence[Lead]) -> Iterator[tuple[Party, ParticipantKind]]:
    """Yield everybody in the plan; a firm that is also an institution counts as the latter."""
    yield from ((lead.firm, ParticipantKind.FIRM) for lead in leads)
    for lead in leads:
        yield lead.institution, ParticipantKind.INSTITUTION
        yield from ((party, ParticipantKind.INSTITUTION) for party in lead.companions)


def _planned(party: Party, kind: ParticipantKind) -> Participant:
    return Participant(party.party_id, party.name.zh, party.name.en, kind)


def _guest_faults(guest: Guest, kind: ParticipantKind | None) -> Iterator[Fault]:
    if kind is None and not guest.name:
        told = Text(
            "方案中没有此编号；新增参会方请写明 name",
            "the plan has no such id; give the name of somebody who is not in it",
        )
        yield fault_at(guest.place, "id", told, guest.guest_id)
    if kind not in (None, guest.kind):
        told = Text("此编号属于另一类参会方", "this id is of the other kind of participant")
        yield fault_at(guest.place, "id", told, guest.guest_id)


def _told(planned: Participant | None, guest: Guest) -> Participant:
    base = planned or Participant(guest.guest_id, kind=guest.kind)
    return replace(
        base,
        name=guest.name or base.name,
        name_en=guest.name_en or (guest.name if guest.name else base.name_en),
        officers=guest.officers,
        tables=guest.tables,
        max_run=guest.max_run,
    )


def _absences(
    sheet: EventSheet,
    coming: dict[str, Participant],
    planned: dict[str, tuple[Party, ParticipantKind]],
    faults: list[Fault],
) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for away in sheet.away:
        if away.who in coming:
            found[away.who] = found.get(away.who, frozenset()) | away.slots
        elif away.who not in planned:  # who is planned and does not come is away anyway
            faults.append(fault_at(away.place, "who", NOBODY, away.who))
    return found


def absences_of(guests: GuestList) -> tuple[Absence, ...]:
    """Return who is away when, for the engine."""
    return tuple(Absence(who, slots) for who, slots in guests.absences.items())


NOBODY = Text("没有此参会方", "there is no such participant")
