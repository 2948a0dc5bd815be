"""What came of an event: its guests, and the cases of the leads that its meetings were about."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from matcher.domain.case import SERVED, CaseStatus
from matcher.services.leads.cases import is_taken
from matcher.services.meetings.reading import agenda_of, live_timetable
from matcher.store.tables import AttendanceRow, EventRow, InstitutionRow, LeadRow, NeedRow

_SIGNED = SERVED - {CaseStatus.APPROVED}
_PAID = _SIGNED - {CaseStatus.SIGNED}
_AT_ONCE = 1000
"""So many needs are asked for in one question."""

Topic = tuple[str, str]
"""The keys of a need and of the institution that it was talked about with."""


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
    topics: set[Topic] = set()
    if agenda is not None:
        for meeting_id in held:
            meeting = agenda.problem.meeting[meeting_id]
            topics |= {(need, meeting.first) for need in agenda.talk(meeting_id).needs}
    leads = _leads(session, event, topics)
    counts, amounts = Counter[str](), Counter[str]()
    for status, offered_fen in leads:
        for name, statuses in (("served", SERVED), ("signed", _SIGNED), ("paid", _PAID)):
            if status in statuses:
                counts[name] += 1
                amounts[name] += offered_fen
    num_expected, num_present = _guests(session, event.id)
    return Followed(
        timetable_id=None if live is None else live.id,
        num_expected=num_expected,
        num_present=num_present,
        num_meetings=len(held),
        num_leads=len(leads),
        num_accepted=sum(is_taken(status) for status, _ in leads),
        num_deals=counts["signed"],
        promised_fen=amounts["served"],
        disbursed_fen=amounts["paid"],
    )


def _leads(session: Session, event: EventRow, topics: set[Topic]) -> list[tuple[str, int]]:
    """Return status and amount of the leads of the round whose need and institution met."""
    if event.round_id is None or not topics:
        return []
    needs = sorted({need for need, _ in topics})
    columns: Any = (LeadRow.status, LeadRow.offered_fen, NeedRow.key, InstitutionRow.key)
    query = (
        select(*columns)
        .select_from(NeedRow)
        .join(LeadRow, col(LeadRow.need_id) == col(NeedRow.id))
        .join(InstitutionRow, col(InstitutionRow.id) == col(LeadRow.institution_id))
        .where(LeadRow.round_id == event.round_id)
    )
    found = []
    for first in range(0, len(needs), _AT_ONCE):
        some = query.where(col(NeedRow.key).in_(needs[first : first + _AT_ONCE]))
        for status, offered_fen, need, institution in session.execute(some):
            if (need, institution) in topics:
                found.append((status, offered_fen))
    return found


def _guests(session: Session, event_id: UUID) -> tuple[int, int]:
    present = func.count(col(AttendanceRow.checked_in_at))
    expected = func.count().filter(col(AttendanceRow.is_expected))
    query = select(expected, present).where(col(AttendanceRow.event_id) == event_id)
    num_expected, num_present = session.execute(query).one()
    return num_expected, num_present
