"""Events with timetables for tests: a small hall, made by the solver in the test itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from matcher.domain.event import EventKind
from matcher.services.meetings.asking import TimetableAsked, ask_timetable
from matcher.services.meetings.publishing import publish_timetable
from matcher.services.meetings.register import EventAsked, enter_event
from matcher.store import Database
from matcher.store.tables import EventRow, PlanRow, TimetableRow
from tests.service import NOW, People
from tests.working import QUICK, make_worker

FIRMS = ("binjiang-a1", *(f"binjiang-{n:02}" for n in range(1, 8)))
BANKS = ("bank-a", "bank-b", "bank-d", "bank-g")
DAY = NOW.date()


def hall(
    start: str = "14:00",
    number: int = 12,
    tables: int = 6,
    firms: Sequence[str] = FIRMS,
    banks: Sequence[str] = BANKS,
) -> str:
    """Return the description of a small hall for some firms and banks, of the seeds by default."""
    listed = "".join(
        f'[[{table}]]\nid = "{who}"\n'
        for table, ids in (("firms", firms), ("institutions", banks))
        for who in ids
    )
    return f"""
[event]
organiser = "区金融办"
only_listed_firms = true
only_listed_institutions = true
[[slots]]
start = "{start}"
minutes = 15
number = {number}
[[tables]]
number = {tables}
prefix = "A"
{listed}"""


def entered(
    session: Session,
    people: People,
    round_id: UUID | None,
    day: date = DAY,
    now: datetime = NOW,
    description: str | None = None,
) -> EventRow:
    """Enter an event with a hall; without one, with that of the seeds."""
    asked = EventAsked(
        kind=EventKind.MATCHMAKING,
        name="银企对接会",
        day=day,
        place="会议中心一楼大厅",
        round_id=round_id,
        description=hall() if description is None else description,
    )
    return enter_event(session, people.organiser.actor, asked, now)


def published_event(
    database: Database, people: People, now: datetime = NOW, description: str | None = None
) -> UUID:
    """Enter an event of the newest plan that is out, have its timetable made, and publish it."""
    who = people.organiser.actor
    with database.writing() as session:
        query = select(PlanRow.round_id).where(PlanRow.state == "published")
        round_id = session.scalars(query.order_by(col(PlanRow.published_at).desc())).first()
        event = entered(session, people, round_id, now=now, description=description)
        row = ask_timetable(session, who, event.id, TimetableAsked(), QUICK, now)
    make_worker(database).work(once=True)
    with database.writing() as session:
        publish_timetable(session, who, row.id, None, now)
    with database.reading() as session:
        assert session.get_one(TimetableRow, row.id).state == "published"
    return event.id
