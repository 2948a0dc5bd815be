"""What the office does with the lists: tests answered, first contact, recommended, taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from types import EllipsisType
from uuid import UUID

from sqlmodel import Session, col, select

from matcher.domain.actor import Actor
from matcher.domain.case import SERVED
from matcher.domain.errors import Fault, InputError
from matcher.domain.lists import Listing, ListStage, ListTest, decide
from matcher.domain.text import Text
from matcher.services.errors import ConflictError, StaleError
from matcher.services.listings.listing import passing
from matcher.services.listings.rows import KIND, answers_of, listing_of, put, told
from matcher.services.record import Happening, append, begin
from matcher.store.repositories.listings import Listings
from matcher.store.tables import LeadRow, ListingRow, NeedRow


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingChange:
    """What is to be changed of a listing; what is not named stays.

    Parameters
    ----------
    tests
        What was found out: passed, failed, or (None) not known after all.
    contacted
        The day of the first contact, None to take it back; ``...`` leaves it.
    """

    tests: Mapping[ListTest, bool | None] = field(default_factory=dict)
    contacted: date | EllipsisType | None = ...


def change_listing(
    session: Session,
    actor: Actor,
    need_id: UUID,
    change: ListingChange,
    version: int | None,
    now: datetime,
) -> ListingRow:
    """Answer tests of a need, or say when somebody first spoke with its firm.

    Parameters
    ----------
    version
        The version that was looked at; None to change whatever stands.

    Raises
    ------
    UnknownIdError
        If there is no such need for this actor.
    StaleError
        If it was changed meanwhile.
    ConflictError
        If tests are to change of what is recommended already.
    InputError
        If the day of the contact is still to come.
    """
    row = _found(session, actor, need_id, version)
    before, known = listing_of(row), answers_of(row)
    if any(known[test] is not said for test, said in change.tests.items()):
        _require_stage(before, ListStage.APPLIED)
    after = _answered(before, change.tests)
    if change.contacted is not ...:
        _require_past(change.contacted, now.date())
        after = replace(after, contacted=change.contacted)
    return _keep(session, actor, row, before, after, "answer", now)


def recommend_one(
    session: Session, actor: Actor, need_id: UUID, version: int | None, now: datetime
) -> ListingRow:
    """Move a need that passes the five tests to the second list, today.

    Raises
    ------
    UnknownIdError, StaleError
        As `change_listing`.
    ConflictError
        If a test is failed or not known, each by its name, or it is recommended already.
    """
    row = _found(session, actor, need_id, version)
    listing = listing_of(row)
    _require_stage(listing, ListStage.APPLIED)
    held = listing.held_back_by
    if held is not None:
        message = Text("五项标准未全部通过（{h}）", "not all five tests are passed ({h})")
        raise ConflictError([Fault(message.format(h=held), field="tests")])
    return _recommended(session, actor, row, listing, now)


def recommend_all(session: Session, actor: Actor, now: datetime) -> int:
    """Move all that pass the five tests to the second list, today; return how many."""
    begin(session)
    query = (
        Listings(session, actor)
        .query()
        .where(
            *passing(),
            col(ListingRow.stage) == ListStage.APPLIED.value,
            col(ListingRow.applied) <= now.date(),
        )
        .order_by(col(ListingRow.applied), col(ListingRow.id))
        .with_for_update()
    )
    rows = session.scalars(query).all()
    for row in rows:
        _recommended(session, actor, row, listing_of(row), now)
    return len(rows)


def take_back(
    session: Session, actor: Actor, need_id: UUID, version: int | None, now: datetime
) -> ListingRow:
    """Put a need that nobody has decided on back onto the first list.

    Raises
    ------
    UnknownIdError, StaleError
        As `change_listing`.
    ConflictError
        If it is not on the second list.
    """
    row = _found(session, actor, need_id, version)
    listing = listing_of(row)
    _require_stage(listing, ListStage.RECOMMENDED)
    after = replace(listing, recommended=None)
    return _keep(session, actor, row, listing, after, "take_back", now)


def _recommended(
    session: Session, actor: Actor, row: ListingRow, listing: Listing, now: datetime
) -> ListingRow:
    """Recommend; where a bank had approved before that, this is the decision."""
    after = replace(listing, recommended=now.date())
    _keep(session, actor, row, listing, after, "recommend", now)
    granted = select(LeadRow.id).where(
        col(LeadRow.need_id) == row.id, col(LeadRow.status).in_([one.value for one in SERVED])
    )
    lead_id = session.scalars(granted.order_by(col(LeadRow.updated_at), col(LeadRow.id))).first()
    if lead_id is None:
        return row
    row.lead_id = lead_id
    return _keep(session, actor, row, after, decide(after, now.date()), "decide", now)


def _found(session: Session, actor: Actor, need_id: UUID, version: int | None) -> ListingRow:
    begin(session)
    row = Listings(session, actor).find(need_id, lock=True)
    if version is not None and version != row.version:
        raise StaleError
    return row


def _answered(listing: Listing, tests: Mapping[ListTest, bool | None]) -> Listing:
    passed = (listing.passed - tests.keys()) | _saying(tests, True)
    return replace(
        listing, passed=passed, failed=(listing.failed - tests.keys()) | _saying(tests, False)
    )


def _saying(tests: Mapping[ListTest, bool | None], answer: bool) -> frozenset[ListTest]:
    return frozenset(test for test, said in tests.items() if said is answer)


def _require_stage(listing: Listing, stage: ListStage) -> None:
    if listing.stage is not stage:
        message = Text("当前在“{s}”", "it stands on: {s}").format(s=listing.stage.text)
        raise ConflictError([Fault(message, "stage", listing.stage.value)])


def _require_past(day: date | None, today: date) -> None:
    if day is not None and day > today:
        message = Text("日期尚未到", "the day is still to come")
        raise InputError([Fault(message, "contacted", day.isoformat())])


def _keep(
    session: Session,
    actor: Actor,
    row: ListingRow,
    before: Listing,
    after: Listing,
    action: str,
    now: datetime,
) -> ListingRow:
    """Write what changed, into the row and into the record; nothing where nothing did."""
    if after == before:
        return row
    put(row, after, now)
    session.add(row)
    record_change(session, row, action, actor, now)
    return row


def record_change(
    session: Session, row: ListingRow, action: str, actor: Actor | None, now: datetime
) -> None:
    """Append to the record what stands of a listing now."""
    firm = session.scalars(select(NeedRow.enterprise_id).where(NeedRow.id == row.id)).one()
    append(
        session,
        Happening(
            kind=KIND,
            action=action,
            subject_id=row.id,
            at=now,
            account_id=None if actor is None else actor.account_id,
            enterprise_id=firm,
            details=told(row),
        ),
    )
