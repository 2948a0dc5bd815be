"""Events: the register, and for each its hall, its timetable as a grid, its guests, its outcome."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session
from starlette.responses import Response

from api.clock import ClockDep
from api.database import ReadSession, WriteSession
from api.deps import IdPath, SettingsDep
from api.pages.page import (
    Form,
    OfficePage,
    OrganiserPage,
    Page,
    PostedForm,
    actor_of,
    go,
    page_router,
)
from api.pages.views.event_forms import (
    change_asked,
    event_asked,
    hall_asked,
    identity_of,
    outcome_asked,
)
from api.pages.views.event_timetable import timetable_values
from api.pages.views.events import STATE_KINDS
from api.paging import PageDep
from matcher.domain.actor import Actor, Role
from matcher.domain.errors import InputError
from matcher.domain.event import EventKind
from matcher.domain.moments import china_day
from matcher.domain.timetable_state import TimetableState
from matcher.services.errors import ConflictError, StaleError
from matcher.services.meetings.asking import (
    ReplanAsked,
    TimetableAsked,
    ask_replan,
    ask_timetable,
)
from matcher.services.meetings.attendance import check_in, list_guests, undo_check_in
from matcher.services.meetings.changing import ChangeKind
from matcher.services.meetings.describing import kept_description
from matcher.services.meetings.following import follow
from matcher.services.meetings.moving import Moved, move_meeting
from matcher.services.meetings.publishing import discard_timetable, publish_timetable
from matcher.services.meetings.reading import (
    list_timetables,
)
from matcher.services.meetings.register import (
    asked_of,
    change_event,
    enter_event,
    list_events,
)
from matcher.services.plans.listing import list_rounds
from matcher.services.work.errors import QueueFullError
from matcher.store.paging import Page as ListPage
from matcher.store.repositories.meetings import Events, Timetables
from matcher.store.tables import AttendanceRow, TimetableRow

router = page_router("/events")

_REFUSALS = (InputError, ConflictError, StaleError, QueueFullError)
_EDITORS = frozenset({Role.ORGANISER, Role.ADMIN})
_GUESTS = 100

Deed = Callable[[Session, Actor, UUID, datetime], Any]


@router.get("")
def show_events(page: OfficePage, session: ReadSession, part: PageDep) -> Response:
    """Show the events, the latest day first."""
    found = list_events(session, actor_of(page), ListPage(50, part.after))
    return page.render(
        "events.html",
        events=[(row, EventKind.parse(row.kind).text) for row in found.rows],
        more=None if found.next is None else f"?cursor={found.next}",
        may_edit=_may_edit(page),
    )


@router.get("/new")
def show_form(page: OrganiserPage, session: ReadSession) -> Response:
    """Show the form of a new event."""
    return _form(page, session, (), {}, 200)


@router.post("")
def take_event(
    page: OrganiserPage, form: PostedForm, session: WriteSession, now: ClockDep
) -> Response:
    """Enter an event."""
    try:
        row = enter_event(session, actor_of(page), event_asked(form), now())
    except _REFUSALS as error:
        session.rollback()
        return _form(page, session, error.faults, form.fields, 422)
    return go(f"/events/{row.id}", "saved")


@router.get("/{event_id}")
def show_event(page: OfficePage, session: ReadSession, event_id: IdPath, now: ClockDep) -> Response:
    """Show an event, with the timetable that the address names, or the newest."""
    return _event(page, session, event_id, now(), (), 200)


@router.get("/{event_id}/timetables/{timetable_id}/part")
def show_timetable_part(
    page: OfficePage, session: ReadSession, event_id: IdPath, timetable_id: IdPath, now: ClockDep
) -> Response:
    """Return the grid alone: while it is made, and after a meeting was moved."""
    return _part(page, session, event_id, timetable_id, now(), (), 200)


@router.post("/{event_id}/hall")
def take_hall(
    page: OrganiserPage, form: PostedForm, session: WriteSession, event_id: IdPath, now: ClockDep
) -> Response:
    """Change the hall: by the few fields of the form, or by the text of an event file."""
    try:
        changes = {"description": form.text("toml") or hall_asked(form).description()}
        change_event(session, actor_of(page), event_id, None, changes, now())
    except _REFUSALS as error:
        session.rollback()
        return _event(page, session, event_id, now(), error.faults, 422, form)
    return go(f"/events/{event_id}", "saved")


@router.post("/{event_id}/outcome")
def take_outcome(
    page: OrganiserPage, form: PostedForm, session: WriteSession, event_id: IdPath, now: ClockDep
) -> Response:
    """Write down what came of an event."""
    try:
        before = asked_of(Events(session, actor_of(page)).find(event_id)).outcome
        changes = {"outcome": outcome_asked(form, before)}
        change_event(session, actor_of(page), event_id, None, changes, now())
    except _REFUSALS as error:
        session.rollback()
        return _event(page, session, event_id, now(), error.faults, 422, form)
    return go(f"/events/{event_id}", "saved")


@router.post("/{event_id}/timetables")
def take_timetable(
    page: OrganiserPage,
    form: PostedForm,
    session: WriteSession,
    settings: SettingsDep,
    event_id: IdPath,
    now: ClockDep,
) -> Response:
    """Ask for a timetable."""
    return _did(
        page,
        session,
        event_id,
        now(),
        lambda s, a, i, t: ask_timetable(s, a, i, TimetableAsked(), settings.work, t),
    )


@router.post("/{event_id}/replan")
def take_replan(
    page: OrganiserPage,
    form: PostedForm,
    session: WriteSession,
    settings: SettingsDep,
    event_id: IdPath,
    now: ClockDep,
) -> Response:
    """Plan the rest of the day anew, without those who are not there or after a change."""

    def ask(session: Session, actor: Actor, event_id: UUID, at: datetime) -> TimetableRow:
        day = Events(session, actor).find(event_id).day
        changes = (change_asked(form, day),) if form.text("kind") else ()
        asked = ReplanAsked(changes=changes, without_missing=bool(form.text("without_missing")))
        return ask_replan(session, actor, event_id, asked, settings.work, at)

    return _did(page, session, event_id, now(), ask)


@router.post("/{event_id}/check-in")
def take_check_in(
    page: OrganiserPage, form: PostedForm, session: WriteSession, event_id: IdPath, now: ClockDep
) -> Response:
    """Check somebody in, or take that back."""
    try:
        if form.text("guest_id"):
            undo_check_in(
                session, actor_of(page), event_id, identity_of(form.text("guest_id")), now()
            )
        else:
            check_in(session, actor_of(page), event_id, form.text("participant"), now())
    except _REFUSALS as error:
        session.rollback()
        return _event(page, session, event_id, now(), error.faults, 422)
    return go(f"/events/{event_id}#guests")


@router.post("/{event_id}/timetables/{timetable_id}/move")
def take_move(
    page: OrganiserPage,
    form: PostedForm,
    session: WriteSession,
    event_id: IdPath,
    timetable_id: IdPath,
    now: ClockDep,
) -> Response:
    """Move a meeting, checked at once; a script gets the grid alone, with why it was refused."""
    wanted = Moved(
        meeting_id=form.text("meeting"),
        slot_id=form.text("slot") or None,
        table_id=form.text("table") or None,
        swap=bool(form.text("swap")),
    )
    is_part = "x-part" in page.request.headers
    version = int(form.text("version")) if form.text("version").isdecimal() else None
    try:
        row = move_meeting(session, actor_of(page), timetable_id, version, wanted, now())
    except _REFUSALS as error:
        session.rollback()
        if is_part:
            return _part(page, session, event_id, timetable_id, now(), error.faults, 422)
        return _event(page, session, event_id, now(), error.faults, 422, shown=timetable_id)
    if is_part:
        return _part(page, session, event_id, row.id, now(), (), 200)
    return go(f"/events/{event_id}?t={row.id}#timetable")


@router.post("/{event_id}/timetables/{timetable_id}/publish")
def take_publication(
    page: OrganiserPage,
    form: PostedForm,
    session: WriteSession,
    event_id: IdPath,
    timetable_id: IdPath,
    now: ClockDep,
) -> Response:
    """Give a timetable out."""
    return _did(page, session, event_id, now(),
                lambda s, a, _, t: publish_timetable(s, a, timetable_id, None, t))  # fmt: skip


@router.post("/{event_id}/timetables/{timetable_id}/discard")
def take_discard(
    page: OrganiserPage,
    form: PostedForm,
    session: WriteSession,
    event_id: IdPath,
    timetable_id: IdPath,
    now: ClockDep,
) -> Response:
    """Put a timetable aside."""
    return _did(page, session, event_id, now(),
                lambda s, a, _, t: discard_timetable(s, a, timetable_id, t))  # fmt: skip


def _did(page: Page, session: Session, event_id: UUID, now: datetime, do: Deed) -> Response:
    try:
        do(session, actor_of(page), event_id, now)
    except _REFUSALS as error:
        session.rollback()
        return _event(page, session, event_id, now, error.faults, 422)
    return go(f"/events/{event_id}", "saved")


# --- what is shown ----------------------------------------------------------------------------


def _may_edit(page: Page) -> bool:
    return actor_of(page).role in _EDITORS


def _form(page: Page, session: Session, faults: Any, typed: Any, status: int) -> Response:
    rounds = list_rounds(session, actor_of(page), ListPage(50)).rows
    return page.render(
        "event_new.html",
        status,
        faults=faults,
        typed=typed,
        kinds=[(kind.value, kind.text.of(page.lang)) for kind in EventKind],
        rounds=[("", "–"), *((str(one.row.id), one.row.name) for one in rounds)],
    )


def _event(
    page: Page,
    session: Session,
    event_id: UUID,
    now: datetime,
    faults: Any,
    status: int,
    form: Form | None = None,
    shown: UUID | None = None,
) -> Response:
    actor = actor_of(page)
    row = Events(session, actor).find(event_id)
    timetables = list_timetables(session, actor, event_id, ListPage(20)).rows
    chosen = _chosen(page, timetables, shown)
    guests = list_guests(session, actor, event_id, ListPage(_GUESTS)).rows
    return page.render(
        "event.html",
        status,
        event=row,
        kind=EventKind.parse(row.kind).text,
        faults=faults,
        typed={} if form is None else form.fields,
        may_edit=_may_edit(page),
        description=kept_description(row),
        outcome=asked_of(row).outcome,
        followed=follow(session, row),
        timetables=[(one, TimetableState.parse(one.state)) for one in timetables],
        state_kinds=STATE_KINDS,
        guests=_sorted(guests),
        is_today=row.day <= china_day(now),
        num_missing=sum(g.is_expected and g.checked_in_at is None for g in guests),
        change_kinds=[(kind.value, kind.text.of(page.lang)) for kind in ChangeKind],
        **timetable_values(session, chosen, now),
    )


def _part(
    page: Page,
    session: Session,
    event_id: UUID,
    timetable_id: UUID,
    now: datetime,
    faults: Any,
    status: int,
) -> Response:
    actor = actor_of(page)
    row = Events(session, actor).find(event_id)
    chosen = Timetables(session, actor).find(timetable_id)
    return page.render(
        "timetable_part.html",
        status,
        event=row,
        faults=faults,
        may_edit=_may_edit(page),
        state_kinds=STATE_KINDS,
        **timetable_values(session, chosen, now),
    )


def _chosen(
    page: Page, timetables: tuple[TimetableRow, ...], shown: UUID | None
) -> TimetableRow | None:
    """Return the timetable to show: the one that is asked for, else the newest that counts."""
    asked = str(shown) if shown is not None else page.request.query_params.get("t")
    for row in timetables:
        if str(row.id) == asked:
            return row
    kept = [row for row in timetables if row.state != TimetableState.DISCARDED]
    return kept[0] if kept else None


def _sorted(guests: tuple[AttendanceRow, ...]) -> list[AttendanceRow]:
    """Return the guests, those first who are not there yet."""
    return sorted(guests, key=lambda g: (g.checked_in_at is not None, g.participant))
