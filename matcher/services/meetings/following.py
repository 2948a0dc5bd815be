"""What came of an event: its guests, and the cases of the leads that its meetings were about."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from matcher.domain.case import SERVED, CaseStatus
from matcher.services.leads.cases import is_taken
from matcher.services.meetings.reading import agenda_of, live_timetable
from matcher.store.tables import AttendanceRow, EventRow, InstitutionRow, LeadRow

_SIGNED = SERVED - {CaseStatus.APPROVED}
_PAID = _SIGNED - {CaseStatus.SIGNED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """An event in figures, as far as the store knows them.

    Parameters
    ----------
    timetable_id
        The one that is out.
    num_expected, num_present
        Guests of that timetable, and those who checked in.
    num_leads
        Leads of the round between two who met, or are to meet.
    num_accepted, num_deals, promised_fen, disbursed_fen
        Those accepted, those signed, and what is approved and paid out, in fen.
    """

    timetable_id: UUID | None
    num_expected: int
    num_present: int
    num_meetings: int
    num_leads: int
    num_accepted: int
    num_deals: int
    promised_fen: int
    disbursed_fen: int


def follow(session: Session, event: EventRow) -> Followed:
    """Count what came of an event."""
    live = live_timetable(session, event.id)
    agenda = None if live is None else agenda_of(live)
    held = set() if agenda is None else {p.meeting_id for p in agenda.timetable.placements}
    topics: set[tuple[str, str]] = set()
    if agenda is not None:
        for meeting_id in held:
            meeting = agenda.problem.meeting[meeting_id]
            topics |= {(need, meeting.first) for need in agenda.talk(meeting_id).needs}
    leads = _leads(session, event, topics)
    counts, amounts = Counter[str](), Counter[str]()
    for lead in leads:
        for name, statuses in (("served", SERVED), ("signed", _SIGNED), ("paid", _PAID)):
            if lead.status in statuses:
                counts[name] += 1
                amounts[name] += lead.offered_fen
    num_expected, num_present = _guests(session, event.id)
    return Followed(
        timetable_id=None if live is None else live.id,
        num_expected=num_expected,
        num_present=num_present,
        num_meetings=len(held),
        num_leads=len(leads),
        num_accepted=sum(is_taken(lead.status) for lead in leads),
        num_deals=counts["signed"],
        promised_fen=amounts["served"],
        disbursed_fen=amounts["paid"],
    )


def _leads(session: Session, event: EventRow, topics: set[tuple[str, str]]) -> list[LeadRow]:
    """Return the leads of the round whose need and institution met."""
    if event.round_id is None or not topics:
        return []
    query = (
        select(LeadRow, InstitutionRow.key)
        .join(InstitutionRow, col(InstitutionRow.id) == col(LeadRow.institution_id))
        .where(LeadRow.round_id == event.round_id)
    )
    found = []
    for lead, key in session.execute(query):
        if (json.loads(lead.document)["need"], key) in topics:
            found.append(lead)
    return found


def _guests(session: Session, event_id: UUID) -> tuple[int, int]:
    present = func.count(col(AttendanceRow.checked_in_at))
    expected = func.count().filter(col(AttendanceRow.is_expected))
    query = select(expected, present).where(col(AttendanceRow.event_id) == event_id)
    num_expected, num_present = session.execute(query).one()
    return num_expected, num_present
