"""A firm's financing: its needs with their offers, one offer, what else would fit and why not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session
from starlette.responses import Response

from api.clock import ClockDep
from api.database import ReadSession, WriteSession
from api.deps import IdPath
from api.pages.page import FirmPage, Page, PostedForm, actor_of, go, page_router
from api.pages.views.offers import Group, Shown, by_instrument, show
from api.pages.views.records import labelled
from matcher.domain.case import REASONS, CaseError
from matcher.domain.choices import Instrument
from matcher.domain.errors import Fault, InputError
from matcher.domain.moments import china_day
from matcher.services.errors import ConflictError, StaleError
from matcher.services.fitting import Fittings, day_of
from matcher.services.intake import Triage, triage
from matcher.services.leads.detail import lead_detail
from matcher.services.listings.listing import find_listing, find_listings
from matcher.services.offers.listing import Offer, OfferFilter, find_offer, list_offers, withdraw
from matcher.services.offers.others import said_by_plan
from matcher.services.records.filters import NeedFilter, NeedSort
from matcher.services.records.lists import find_need, list_needs
from matcher.store.mapping import read_documents
from matcher.store.paging import MAX_LIMIT
from matcher.store.paging import Page as ListPage
from matcher.store.tables import NeedRow

router = page_router()

_ON_A_PAGE = 10
_REFUSALS = (InputError, CaseError, ConflictError, StaleError)
_PLACES = {one: place for place, one in enumerate(Instrument)}
_OF_A_FIRM = ("need_gone", "served_elsewhere", "terms_refused", "too_slow")
"""The usual reasons for which a firm takes itself out of an offer."""


@dataclass(frozen=True, slots=True)
class Financed:
    """A need of a firm with its clock and its offers, those apart of which nothing can come."""

    need: NeedRow
    clock: Triage
    alive: list[Group]
    over: list[Shown]


def show_financing(page: Page, session: Session, part: ListPage, now: datetime) -> Response:
    """Show a firm its needs and their offers; its home."""
    actor = actor_of(page)
    found = list_needs(
        session, actor, ListPage(_ON_A_PAGE, part.after), NeedFilter(), NeedSort.RECEIVED, True
    )
    offers = list_offers(session, actor, ListPage(MAX_LIMIT), OfferFilter(with_past=True), now)
    needs = [_financed(one.need, offers.rows, china_day(now)) for one in found.rows]
    more = None if found.next is None else f"?cursor={found.next}"
    listed = find_listings(session, actor, [one.need.id for one in found.rows], china_day(now))
    return page.render("financing.html", needs=needs, listed=listed, more=more)


@router.get("/financing/{need_id}")
def show_need(page: FirmPage, session: ReadSession, need_id: IdPath, now: ClockDep) -> Response:
    """Show one need: its clock, its offers, and, as soon as it is reckoned, what else would fit."""
    at = now()
    need = find_need(session, actor_of(page), need_id).need
    which = OfferFilter(need_id=need_id, with_past=True)
    offers = list_offers(session, actor_of(page), ListPage(MAX_LIMIT), which, at)
    return page.render(
        "financed_need.html",
        one=_financed(need, offers.rows, china_day(at)),
        pairs=labelled("needs", need.document),
        said=said_by_plan(session, need),
        listed=find_listing(session, actor_of(page), need_id, china_day(at)),
    )


@router.get("/financing/{need_id}/fit")
def show_fit(page: FirmPage, session: ReadSession, need_id: IdPath, now: ClockDep) -> Response:
    """Show what fits a need as the market stands, why the others do not, what would change it."""
    need = find_need(session, actor_of(page), need_id).need
    day = day_of(session, need, china_day(now()))
    template = "fit_part.html" if page.request.headers.get("X-Part") else "fit.html"
    fittings: Fittings = page.request.app.state.fittings
    found = fittings.of(session, need, day)
    # What is compared stands together: loans with loans, as a guarantee alone costs its fee only.
    fits = sorted(found.fits, key=lambda fit: _PLACES[fit.product.instrument])
    return page.render(template, need=need, day=day, found=found, fits=fits)


@router.get("/offers/{lead_id}")
def show_offer(page: FirmPage, session: ReadSession, lead_id: IdPath, now: ClockDep) -> Response:
    """Show one offer: its cost, what has to be shown, its clock and what happened."""
    return _offer(page, session, lead_id, now(), (), 200)


@router.post("/offers/{lead_id}")
def take_withdrawal(
    page: FirmPage, form: PostedForm, session: WriteSession, lead_id: IdPath, now: ClockDep
) -> Response:
    """Take the firm out of an offer, with the reason."""
    at, version = now(), form.text("version")
    seen = int(version) if version.isascii() and version.isdecimal() else None
    try:
        withdraw(session, actor_of(page), lead_id, seen, form.text("reason"), at)
    except _REFUSALS as error:
        session.rollback()
        return _offer(page, session, lead_id, at, error.faults, 422)
    return go(f"/offers/{lead_id}", "saved")


def _offer(
    page: Page,
    session: Session,
    lead_id: UUID,
    now: datetime,
    faults: tuple[Fault, ...],
    status: int,
) -> Response:
    offer = find_offer(session, actor_of(page), lead_id, now)
    return page.render(
        "offer.html",
        status,
        shown=show(offer),
        offer=offer,
        history=lead_detail(session, actor_of(page), lead_id, now).history,
        part_names={one["product"]: one["product_name"] for one in offer.known["companions"]},
        reasons=[(code, REASONS[code].text.of(page.lang)) for code in _OF_A_FIRM],
        faults=faults,
    )


def _financed(need: NeedRow, offers: Iterable[Offer], today: date) -> Financed:
    (record,) = read_documents("needs", [need.document])
    own = [offer for offer in offers if offer.need.id == need.id]
    return Financed(
        need=need,
        clock=triage(record, today),
        alive=by_instrument(offer for offer in own if offer.lead.is_alive),
        over=[show(offer) for offer in own if not offer.lead.is_alive],
    )
