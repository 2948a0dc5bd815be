"""The catalogue: products with their institutions; a bank sees its own."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends
from sqlmodel import Session
from starlette.responses import Response

from api.clock import ClockDep
from api.database import ReadSession
from api.deps import IdPath
from api.downloads import download
from api.pages.page import Page, actor_of, page_for, page_router
from api.pages.views import products as terms
from api.pages.views.filters import ANY, letters_of, word_of
from api.pages.views.records import labelled, provenance_of, query_of
from api.paging import PageDep
from api.uploads import XLSX
from matcher.domain.actor import OFFICE, Role
from matcher.domain.choices import Instrument
from matcher.domain.text import Text
from matcher.services.records.exporting import offer_sheets
from matcher.services.records.filters import OfferFilter
from matcher.services.records.lists import find_product, institution_names, list_products
from matcher.store.paging import Page as ListPage

router = page_router("/products")

_ON_A_PAGE = 50
Reader = Annotated[Page, Depends(page_for(*OFFICE, Role.BANK))]


@router.get("")
def show_products(page: Reader, session: ReadSession, part: PageDep) -> Response:
    """Show a page of the products, as they were asked for."""
    params = dict(page.request.query_params)
    found = list_products(session, actor_of(page), ListPage(_ON_A_PAGE, part.after), _asked(page))
    more = None if found.next is None else f"?{query_of(params, cursor=found.next)}"
    return page.render(
        "products.html",
        products=found.rows,
        more=more,
        query=query_of(params, cursor=None),
        params=params,
        instruments=[("", ANY), *((one.value, one.text) for one in Instrument)],
        institutions=_institutions(page, session),
        instrument_word=lambda product: Instrument.parse(product.instrument).text,
        amount=terms.amount_of,
        rate=terms.rate_of,
    )


@router.get("/export.xlsx")
def take_products(page: Reader, session: ReadSession, now: ClockDep) -> Response:
    """Return exactly the products that the list shows, all pages of it, as a file."""
    content = offer_sheets(session, actor_of(page), now().date(), _asked(page))
    return download(content, "products.xlsx", XLSX)


@router.get("/{product_id}")
def show_product(page: Reader, session: ReadSession, product_id: IdPath) -> Response:
    """Show one product: terms, rules, limits."""
    listed = find_product(session, actor_of(page), product_id)
    return page.render(
        "product.html",
        listed=listed,
        pairs=labelled("products", listed.product.document),
        bank_pairs=labelled("institutions", listed.institution.document),
        provenance=provenance_of("products", listed.product.document),
        may_edit=actor_of(page).role in (Role.ORGANISER, Role.ADMIN),
    )


def _institutions(page: Page, session: Session) -> list[tuple[str, Text | str]]:
    """Return the institutions that a list can be narrowed to; a bank has its own only."""
    if not actor_of(page).is_office:
        return []
    return [("", ANY), *institution_names(session, actor_of(page))]


def _asked(page: Page) -> OfferFilter:
    """Return which products the address asks for."""
    params = page.request.query_params
    return OfferFilter(
        instrument=word_of(params, "instrument", tuple(Instrument)),
        institution_key=letters_of(params, "institution"),
        search=letters_of(params, "search"),
    )
