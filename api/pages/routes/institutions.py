"""Institutions: listed, and each with its products, the pools they draw on, and its officers."""

from __future__ import annotations

from starlette.responses import Response

from api.database import ReadSession
from api.deps import IdPath
from api.pages.page import OfficePage, actor_of, page_router
from api.pages.views.filters import ANY, letters_of, word_of
from api.pages.views.institutions import kind_text, pools_of
from api.pages.views.records import labelled, provenance_of, query_of
from api.paging import PageDep
from matcher.domain.actor import Role
from matcher.domain.choices import InstitutionKind, Instrument
from matcher.services.accounts.listing import AccountFilter, list_accounts
from matcher.services.records.filters import InstitutionFilter, OfferFilter
from matcher.services.records.lists import list_products
from matcher.store.paging import MAX_LIMIT
from matcher.store.paging import Page as ListPage
from matcher.store.repositories.market import Institutions

router = page_router("/institutions")

_ON_A_PAGE = 50
_SEE_ACCOUNTS = (Role.ADMIN, Role.AUDITOR)


@router.get("")
def show_institutions(page: OfficePage, session: ReadSession, part: PageDep) -> Response:
    """Show a page of the institutions, as they were asked for."""
    params = dict(page.request.query_params)
    which = InstitutionFilter(
        kind=word_of(params, "kind", tuple(InstitutionKind)), search=letters_of(params, "search")
    )
    known = Institutions(session, actor_of(page))
    found = known.page(ListPage(_ON_A_PAGE, part.after), *which.conditions())
    more = None if found.next is None else f"?{query_of(params, cursor=found.next)}"
    return page.render(
        "institutions.html",
        institutions=found.rows,
        kinds=[
            ("", ANY.of(page.lang)),
            *((k.value, k.text.of(page.lang)) for k in InstitutionKind),
        ],
        kind_text=kind_text,
        more=more,
        params=params,
    )


@router.get("/{institution_id}")
def show_institution(page: OfficePage, session: ReadSession, institution_id: IdPath) -> Response:
    """Show one institution; its officers to whoever keeps or reads accounts."""
    actor = actor_of(page)
    row = Institutions(session, actor).find(institution_id)
    first = ListPage(MAX_LIMIT)
    products = list_products(session, actor, first, OfferFilter(institution_id=row.id))
    sees = actor.role in _SEE_ACCOUNTS
    which = AccountFilter(institution_id=row.id)
    return page.render(
        "institution.html",
        institution=row,
        kind=kind_text(row),
        pairs=labelled("institutions", row.document),
        provenance=provenance_of("institutions", row.document),
        products=[one.product for one in products.rows],
        more=products.next is not None,
        instrument_word=lambda product: Instrument.parse(product.instrument).text,
        pools=pools_of(session, actor, row.id),
        officers=list_accounts(session, actor, first, which).rows if sees else None,
        may_add=actor.role is Role.ADMIN,
    )
