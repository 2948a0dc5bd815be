"""A bank's leads: today's, best first; one lead with its history; answers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from api.clock import ClockDep
from api.database import ReadSession, WriteSession
from api.deps import IdPath
from api.pages.page import BankPage, Form, Page, PostedForm, actor_of, go, page_router
from api.pages.views.filters import ANY, Reading
from api.pages.views.leads import BAND_KINDS, read_lead, reason_menu, status_menu
from api.pages.views.records import query_of
from api.paging import PageDep
from matcher.domain.case import CaseAction, CaseError, CaseStatus
from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Text
from matcher.services.errors import ConflictError, StaleError
from matcher.services.leads.answering import Answer, answer
from matcher.services.leads.detail import lead_detail
from matcher.services.leads.listing import LeadFilter, LeadSort, list_leads
from matcher.services.records.filters import OfferFilter
from matcher.services.records.lists import list_products
from matcher.store.paging import MAX_LIMIT
from matcher.store.paging import Page as ListPage
from matcher.store.repositories.base import not_found

router = page_router("/leads")

_ON_A_PAGE = 20
_REFUSALS = (InputError, CaseError, ConflictError, StaleError)


def show_leads(page: Page, session: Session, part: ListPage) -> Response:
    """Show a bank's leads as they are asked for; its home."""
    params = dict(page.request.query_params)
    own = list_products(session, actor_of(page), ListPage(MAX_LIMIT), OfferFilter()).rows
    products = [(str(one.product.id), one.product.name) for one in own]
    which, faults = _asked(params, {key for key, _ in products})
    sort = LeadSort.DUE if params.get("sort") == LeadSort.DUE else LeadSort.BEST
    found = list_leads(session, actor_of(page), ListPage(_ON_A_PAGE, part.after), which, sort)
    more = None if found.next is None else f"?{query_of(params, cursor=found.next)}"
    return page.render(
        "leads.html",
        leads=[read_lead(item) for item in found.items],
        more=more,
        params=params,
        statuses=status_menu(page.lang),
        products=[("", ANY.of(page.lang)), *products],
        faults=faults,
        band_kinds=BAND_KINDS,
    )


def _asked(params: Mapping[str, str], products: Collection[str]) -> tuple[LeadFilter, list[Fault]]:
    """Return which leads are asked for; all open ones where something cannot be read."""
    faults = list[Fault]()
    reading = Reading(params, faults)
    status = reading.one_of("status", tuple(CaseStatus))
    product = reading.one_of("product", tuple(products))
    which = LeadFilter(
        statuses=() if status is None else (CaseStatus.parse(status),),
        product_id=None if product is None else UUID(product),
        region=reading.digits("region"),
        amount_from_fen=reading.money("amount_from"),
        amount_to_fen=reading.money("amount_to"),
    )
    return (LeadFilter() if faults else which), faults


@router.get("")
def show_list(page: BankPage, session: ReadSession, part: PageDep) -> Response:
    """Show the leads."""
    return show_leads(page, session, part)


@router.get("/{lead_id}")
def show_lead(page: BankPage, session: ReadSession, lead_id: IdPath, now: ClockDep) -> Response:
    """Show one lead: why, what is missing, by when, what happened, what can be done now."""
    return _show(page, session, lead_id, now, (), {}, 200)


@router.post("/{lead_id}")
def take_answer(
    request: Request,
    page: BankPage,
    form: PostedForm,
    session: WriteSession,
    lead_id: IdPath,
    now: ClockDep,
) -> Response:
    """Accept, decline, or report a stage; what is wrong comes back on the page."""
    try:
        answer(session, actor_of(page), lead_id, _wanted(form), now())
    except _REFUSALS as error:
        session.rollback()
        return _show(page, session, lead_id, now, error.faults, form.fields, 422)
    return go(f"/leads/{lead_id}", "saved")


def _wanted(form: Form) -> Answer:
    action, version = form.text("action"), form.text("version")
    if action not in tuple(CaseAction):
        expected = Text.same(", ".join(CaseAction))
        raise InputError([Fault(Text("无法读取", "cannot be read"), "action", action, expected)])
    wanted = CaseAction.parse(action)
    return Answer(
        action=wanted,
        reason=form.text("reason") or None,
        how_to_mend=form.text("how_to_mend")[:1000] or None,
        part_id=_part_of(form),
        version=int(version) if version.isascii() and version.isdecimal() else None,
    )


def _part_of(form: Form) -> UUID | None:
    """Return the companion product that is decided on, None where it is the lead itself."""
    try:
        return UUID(form.text("part_id")) if form.text("part_id") else None
    except ValueError:
        raise not_found() from None


def _show(
    page: Page,
    session: Session,
    lead_id: IdPath,
    now: ClockDep,
    faults: object,
    typed: object,
    status: int,
) -> Response:
    found = lead_detail(session, actor_of(page), lead_id, now())
    lead = read_lead(found.lead.shown)
    return page.render(
        "lead.html",
        status,
        lead=lead,
        part_names={part["key"]: part["name"] for part in lead["parts"]},
        detail=found,
        faults=faults,
        typed=typed,
        reasons=reason_menu(page.lang),
        band_kinds=BAND_KINDS,
    )
