"""A firm's data: who may see its needs, taken back at once; how it wants to be approached."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session
from starlette.responses import Response

from api.clock import ClockDep
from api.database import ReadSession, WriteSession
from api.deps import IdPath
from api.pages.page import FirmPage, Form, Page, PostedForm, actor_of, go, page_router
from api.pages.views.records import labelled, name_of, query_of
from api.paging import PageDep
from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Text
from matcher.services.records.consents import (
    Recipient,
    give_consent,
    recipients,
    withdraw_all,
    withdraw_consent,
)
from matcher.services.records.filters import NeedFilter
from matcher.services.records.lists import ListedNeed, find_need, list_needs
from matcher.services.records.wishes import Wishes, set_wishes, wishes_of
from matcher.store.paging import MAX_LIMIT
from matcher.store.paging import Page as ListPage
from matcher.store.repositories.base import not_found
from matcher.store.repositories.market import Enterprises, Institutions

router = page_router("/data")

_ON_A_PAGE = 20
_IDS = {"give": give_consent, "withdraw": withdraw_consent}


@dataclass(frozen=True, slots=True)
class Holders:
    """A need of a firm, and how many may see it."""

    listed: ListedNeed
    num_holders: int
    is_more: bool


@router.get("")
def show_data(page: FirmPage, session: ReadSession, part: PageDep) -> Response:
    """Show what is kept of a firm, and who may see each of its needs."""
    actor = actor_of(page)
    assert actor.enterprise_id is not None
    firm = Enterprises(session, actor).find(actor.enterprise_id)
    found = list_needs(session, actor, ListPage(_ON_A_PAGE, part.after), NeedFilter())
    return page.render(
        "my_data.html",
        firm=firm,
        pairs=labelled("enterprises", firm.document),
        needs=[_holders(session, page, one) for one in found.rows],
        more=None if found.next is None else f"?cursor={found.next}",
    )


@router.get("/{need_id}")
def show_need_data(
    page: FirmPage, session: ReadSession, part: PageDep, need_id: IdPath
) -> Response:
    """Show who may see one need, and how the firm wants to be approached about it."""
    return _show(page, session, need_id, part.after, (), None, 200)


@router.post("/{need_id}")
def take_change(
    page: FirmPage, form: PostedForm, session: WriteSession, need_id: IdPath, now: ClockDep
) -> Response:
    """Give or take back a consent, or change how the firm wants to be approached."""
    action = form.text("action")
    if action == "wishes":
        return _take_wishes(page, form, session, need_id, now)
    if action == "withdraw_all":
        withdraw_all(session, actor_of(page), need_id, now())
        return go(f"/data/{need_id}", "consent_withdrawn")
    if action not in _IDS:
        return go(f"/data/{need_id}")
    try:
        institution_id = UUID(form.text("institution_id"))
    except ValueError:
        raise not_found() from None
    _IDS[action](session, actor_of(page), need_id, institution_id, now())
    return go(f"/data/{need_id}", "consent_given" if action == "give" else "consent_withdrawn")


def _take_wishes(
    page: Page, form: Form, session: Session, need_id: UUID, now: ClockDep
) -> Response:
    number = form.text("contacts")
    wishes_typed = {"contacts": number, "is_anonymous": form.text("is_anonymous") == "1"}
    try:
        wishes = Wishes(_whole(number), form.text("is_anonymous") == "1")
        set_wishes(session, actor_of(page), need_id, wishes, now())
    except InputError as error:
        session.rollback()
        return _show(page, session, need_id, None, error.faults, wishes_typed, 422)
    return go(f"/data/{need_id}", "saved")


def _whole(text: str) -> int:
    if text.isascii() and text.isdecimal() and len(text) < 10:
        return int(text)
    expected = Text("整数，如 4", "a whole number, as 4")
    raise InputError([Fault(Text("无法读取", "cannot be read"), "contacts", text[:40], expected)])


def _holders(session: Session, page: Page, listed: ListedNeed) -> Holders:
    _, found = recipients(session, actor_of(page), listed.need.id, ListPage(MAX_LIMIT))
    num = sum(one.may_see for one in found.rows)
    return Holders(listed, num, found.next is not None)


def _show(
    page: Page,
    session: Session,
    need_id: UUID,
    cursor: str | None,
    faults: tuple[Fault, ...],
    typed: Mapping[str, Any] | None,
    status: int,
) -> Response:
    listed = find_need(session, actor_of(page), need_id)
    wishes = wishes_of(listed.need)
    _, found = recipients(session, actor_of(page), need_id, ListPage(MAX_LIMIT, cursor))
    held: list[Recipient] = [one for one in found.rows if one.may_see]
    more = None if found.next is None else f"?{query_of({}, cursor=found.next)}"
    return page.render(
        "my_need_data.html",
        status,
        need=listed.need,
        held=held,
        name_of=name_of,
        taken_back=[one for one in found.rows if one.withdrawn_at is not None],
        others=_others(session, page, {one.institution.id for one in held}),
        wishes=typed or {"contacts": wishes.contacts, "is_anonymous": wishes.is_anonymous},
        more=more,
        faults=faults,
    )


def _others(session: Session, page: Page, held: set[UUID]) -> list[tuple[str, str]]:
    """Return the institutions that may not see it, to choose from."""
    known = Institutions(session, actor_of(page)).page(ListPage(MAX_LIMIT)).rows
    return [
        ("", "–"),
        *((str(one.id), name_of(one).of(page.lang)) for one in known if one.id not in held),
    ]
