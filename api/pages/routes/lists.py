"""The two lists: tests to answer, needs to recommend, decisions that are owed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from api.clock import ClockDep
from api.database import ReadSession, WriteSession
from api.deps import IdPath
from api.pages.navigation import PREFIX
from api.pages.page import (
    NOTICE,
    SEE_OTHER,
    Form,
    OfficePage,
    OrganiserPage,
    Page,
    PostedForm,
    actor_of,
    page_router,
)
from api.pages.views.lists import ANSWERS, change_of, onlys_of, tests_of
from matcher.domain.actor import Actor, Role
from matcher.domain.errors import Fault, InputError
from matcher.domain.lists import ListStage
from matcher.services.errors import ConflictError, StaleError
from matcher.services.listings.changing import (
    change_listing,
    recommend_all,
    recommend_one,
    take_back,
)
from matcher.services.listings.counting import count_listings, count_overdue
from matcher.services.listings.listing import Listed, ListingSort, find_listing, list_listings
from matcher.store.paging import MAX_CURSOR_LENGTH, Slice
from matcher.store.paging import Page as ListPage
from matcher.store.repositories.base import not_found

router = page_router("/lists")

_ON_A_PAGE = 20
_REFUSALS = (InputError, ConflictError, StaleError)
_EDITORS = frozenset({Role.ORGANISER, Role.ADMIN})


@dataclass(frozen=True, slots=True)
class Place:
    """Where on the lists somebody is: the stage, what is left out, the page."""

    stage: ListStage
    only: str = ""
    cursor: str = ""

    @classmethod
    def of(cls, stage: str, values: Mapping[str, Any]) -> Place:
        """Read it from an address or a form.

        Raises
        ------
        UnknownIdError
            If there is no such list.
        """
        if stage not in tuple(ListStage):
            raise not_found()
        only, cursor = str(values.get("only", "")), str(values.get("cursor", ""))
        found = ListStage.parse(stage)
        return cls(found, only if only in onlys_of(found) else "", cursor[:MAX_CURSOR_LENGTH])

    def address(self, **more: str) -> str:
        """Return its address."""
        asked = {"only": self.only, "cursor": self.cursor} | more
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"{PREFIX}/lists/{self.stage.value}" + (f"?{query}" if query else "")


@router.get("")
def show_first(page: OfficePage, session: ReadSession, now: ClockDep) -> Response:
    """Show the first list."""
    place = Place.of(ListStage.APPLIED, page.request.query_params)
    return _show(page, session, place, now().date())


@router.get("/{which}")
def show_list(page: OfficePage, session: ReadSession, which: str, now: ClockDep) -> Response:
    """Show one of the lists, or where one need stands."""
    today = now().date()
    if which in tuple(ListStage):
        return _show(page, session, Place.of(which, page.request.query_params), today)
    try:
        one = find_listing(session, actor_of(page), UUID(which), today)
    except ValueError:
        raise not_found() from None
    return _render(page, session, Place(one.listing.stage), Slice((one,), None), today)


@router.post("")
def take_all(
    page: OrganiserPage, form: PostedForm, session: WriteSession, now: ClockDep
) -> Response:
    """Recommend all that pass the five tests."""
    recommend_all(session, actor_of(page), now())
    return _go(Place(ListStage.RECOMMENDED), "recommended")


@router.post("/{need_id}")
def take_change(
    page: OrganiserPage, form: PostedForm, session: WriteSession, need_id: IdPath, now: ClockDep
) -> Response:
    """Take answers of one need, recommend it, or take its recommendation back."""
    place = Place.of(form.text("stage"), form.fields)
    try:
        notice = _take(session, actor_of(page), form, need_id, now)
    except _REFUSALS as error:
        session.rollback()
        typed = {need_id: form.fields}
        return _show(page, session, place, now().date(), error.faults, typed)
    return _go(place, notice, f"n-{need_id}")


def _take(session: Session, actor: Actor, form: Form, need_id: UUID, now: ClockDep) -> str:
    """Do what a form asks for; return the notice to show."""
    version, at = form.text("version"), now()
    # Without a version nobody has looked at what would be overwritten.
    seen = int(version) if version.isascii() and version.isdecimal() and len(version) < 10 else 0
    if form.text("action") == "take_back":
        take_back(session, actor, need_id, seen, at)
        return "saved"
    row = change_listing(session, actor, need_id, change_of(form), seen, at)
    if form.text("action") != "recommend":
        return "saved"
    recommend_one(session, actor, need_id, row.version, at)
    return "recommended"


def _go(place: Place, notice: str, fragment: str = "") -> Response:
    path = place.address(**{NOTICE: notice})
    return RedirectResponse(path + (f"#{fragment}" if fragment else ""), SEE_OTHER)


def _show(
    page: Page,
    session: Session,
    place: Place,
    today: date,
    faults: tuple[Fault, ...] = (),
    typed: Mapping[UUID, Mapping[str, Any]] | None = None,
) -> Response:
    is_owed = place.stage is ListStage.RECOMMENDED
    found = list_listings(
        session,
        actor_of(page),
        ListPage(_ON_A_PAGE, place.cursor or None),
        onlys_of(place.stage)[place.only].which,
        ListingSort.DUE if is_owed else ListingSort.APPLIED,
        today,
    )
    return _render(page, session, place, found, today, faults, typed)


def _render(
    page: Page,
    session: Session,
    place: Place,
    found: Slice[Listed],
    today: date,
    faults: tuple[Fault, ...] = (),
    typed: Mapping[UUID, Mapping[str, Any]] | None = None,
) -> Response:
    figures = count_listings(session)
    more = None if found.next is None else place.address(cursor=found.next)
    return page.render(
        "lists.html",
        422 if faults else 200,
        place=place,
        stages=list(ListStage),
        numbers={
            ListStage.APPLIED: figures.num_applied - figures.num_recommended,
            ListStage.RECOMMENDED: figures.num_recommended - figures.num_decided,
            ListStage.DECIDED: figures.num_decided,
        },
        figures=figures,
        num_overdue=count_overdue(session, today),
        onlys=onlys_of(place.stage),
        items=[(one, tests_of(one, (typed or {}).get(one.row.id))) for one in found.rows],
        typed=typed or {},
        more=more,
        faults=faults,
        answers=ANSWERS,
        today=today,
        may_edit=actor_of(page).role in _EDITORS,
    )
