"""From a plan's leads and an event file to the problem of its timetable."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Text
from matcher.files.agenda import Talk
from matcher.files.event_sheet import Apart, EventSheet
from matcher.schedule import NeverTogether, Precedence, Problem
from matcher.services.scheduling.companions import Companions, seat_companions
from matcher.services.scheduling.guests import (
    NOBODY,
    GuestList,
    absences_of,
    fault_at,
    make_guest_list,
)
from matcher.services.scheduling.leads import Lead
from matcher.services.scheduling.meetings import Meetings, gather_meetings


@dataclass(frozen=True)
class Built:
    """A problem, and what its solver need not know; see `matcher.files.agenda.Agenda`."""

    problem: Problem
    talks: dict[str, Talk]
    left_out: tuple[Text, ...]


def build_problem(leads: Sequence[Lead], sheet: EventSheet, fairness: int | None = None) -> Built:
    """Join a plan and an event file.

    Parameters
    ----------
    fairness
        Instead of the file's, if given.

    Raises
    ------
    InputError
        With every fault found, each with its place in the event file.
    """
    faults: list[Fault] = []
    guests = make_guest_list(leads, sheet, faults)
    gathered = gather_meetings(leads, sheet, guests, faults)
    apart = [_apart(item, gathered, guests, faults) for item in sheet.apart]
    orders = list(_orders(sheet, gathered, faults))
    if faults:
        raise InputError(fault.at(file=sheet.file) for fault in faults)
    along = seat_companions(gathered, guests, len(sheet.slots))
    limit = sheet.fairness if fairness is None else fairness
    try:
        problem = _problem(sheet, guests, gathered, [*apart, *along.rules], orders, limit)
    except InputError as error:
        raise InputError(fault.at(file=sheet.file) for fault in error.faults) from None
    return Built(problem, _talks(gathered, along), (*gathered.left_out, *along.notes))


def _problem(
    sheet: EventSheet,
    guests: GuestList,
    gathered: Meetings,
    apart: list[NeverTogether],
    orders: list[Precedence],
    fairness: int | None,
) -> Problem:
    return Problem(
        participants=tuple(guests.participants.values()),
        meetings=tuple(gathered.by_pair.values()),
        slots=sheet.slots,
        tables=sheet.tables,
        pauses=sheet.pauses,
        absences=absences_of(guests),
        never_together=tuple(apart),
        precedences=tuple(orders),
        max_run=sheet.max_run,
        fairness=fairness,
    )


def _apart(
    item: Apart, gathered: Meetings, guests: GuestList, faults: list[Fault]
) -> NeverTogether:
    for who in item.guests:
        if who not in guests.participants:
            stays = Text("不参会", "does not come")
            told = stays if who in guests.known else NOBODY
            faults.append(fault_at(item.place, "guests", told, who))
    ids = gathered.ids(item.meetings, item.place, "meetings", faults)
    return NeverTogether(frozenset(item.guests), frozenset(ids))


def _orders(sheet: EventSheet, gathered: Meetings, faults: list[Fault]) -> Iterator[Precedence]:
    for order in sheet.orders:
        before = gathered.ids([order.before], order.place, "before", faults)
        after = gathered.ids([order.after], order.place, "after", faults)
        if before and after:
            yield Precedence(before[0], after[0])


def _talks(gathered: Meetings, along: Companions) -> dict[str, Talk]:
    talks = {}
    for pair, meeting in gathered.by_pair.items():
        own = gathered.leads.get(pair, [])
        others = tuple(along.others.get(pair, ()))
        if own or others:
            needs = tuple(dict.fromkeys(lead.need_id for lead in own))
            topics = tuple(dict.fromkeys(lead.product for lead in own))
            talks[meeting.meeting_id] = Talk(needs, topics, others)
    return talks
