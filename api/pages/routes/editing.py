"""One need or product changed in a form by an organiser, unless somebody else was quicker."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlmodel import Session
from starlette.responses import Response

from api.clock import ClockDep
from api.database import ReadSession, WriteSession
from api.deps import IdPath
from api.pages.page import Form, OrganiserPage, Page, PostedForm, actor_of, go, page_router
from api.pages.views.editing import content_of_form, form_of
from api.pages.views.records import name_of
from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Text
from matcher.services.errors import StaleError
from matcher.services.records.lists import find_need, find_product
from matcher.services.records.showing import shown_record
from matcher.services.records.single import change_record, tag_of

router = page_router()


@router.get("/needs/{need_id}/edit")
def show_need_form(page: OrganiserPage, session: ReadSession, need_id: IdPath) -> Response:
    """Show the form of a need, filled in."""
    return _show(page, session, "needs", need_id)


@router.post("/needs/{need_id}/edit")
def take_need(
    page: OrganiserPage, form: PostedForm, session: WriteSession, need_id: IdPath, now: ClockDep
) -> Response:
    """Take a need as it was changed; what is wrong stands at its field."""
    return _take(page, form, session, "needs", need_id, now)


@router.get("/products/{product_id}/edit")
def show_product_form(page: OrganiserPage, session: ReadSession, product_id: IdPath) -> Response:
    """Show the form of a product, filled in."""
    return _show(page, session, "products", product_id)


@router.post("/products/{product_id}/edit")
def take_product(
    page: OrganiserPage, form: PostedForm, session: WriteSession, product_id: IdPath, now: ClockDep
) -> Response:
    """Take a product as it was changed; what is wrong stands at its field."""
    return _take(page, form, session, "products", product_id, now)


def _take(
    page: Page, form: Form, session: Session, table: str, row_id: UUID, now: ClockDep
) -> Response:
    actor = actor_of(page)
    _, row = _found(page, session, table, row_id)
    shown = shown_record(session, actor, table, row)
    content = content_of_form(table, shown, page.lang, form.text)
    try:
        # Without a tag nobody has looked at what would be overwritten.
        change_record(session, actor, table, row_id, content, form.text("tag") or "-", now())
    except (InputError, StaleError) as error:
        session.rollback()
        is_stale = isinstance(error, StaleError)
        return _show(page, session, table, row_id, form.fields, error.faults, is_stale)
    return go(f"/{table}/{row_id}", "saved")


def _found(page: Page, session: Session, table: str, row_id: UUID) -> tuple[Text, Any]:
    """Return a record with what people call it."""
    actor = actor_of(page)
    if table == "needs":
        listed = find_need(session, actor, row_id)
        return name_of(listed.enterprise), listed.need
    found = find_product(session, actor, row_id)
    return name_of(found.product), found.product


def _show(
    page: Page,
    session: Session,
    table: str,
    row_id: UUID,
    typed: Mapping[str, Any] | None = None,
    faults: tuple[Fault, ...] = (),
    is_stale: bool = False,
) -> Response:
    name, row = _found(page, session, table, row_id)
    content = shown_record(session, actor_of(page), table, row)
    groups, rest = form_of(table, content, page.lang, typed, faults)
    return page.render(
        "edit.html",
        200 if typed is None else 422,
        table=table,
        row=row,
        called=name.of(page.lang),
        groups=groups,
        faults=rest,
        num_faults=len(faults),
        tag=tag_of(session, row),
        is_stale=is_stale,
    )
