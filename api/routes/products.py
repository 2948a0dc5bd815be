"""Products: published to firms, a bank's own to the bank, changed by the organiser."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response, status
from sqlmodel import Session

from api.auth import Anyone, Organiser
from api.body import BodyDep, parse_json
from api.clock import ClockDep
from api.database import ReadSession, WriteSession
from api.deps import IdPath
from api.filters import InstrumentAsked, Search
from api.openapi import problems
from api.paging import PageDep, link_next
from api.preconditions import TAGGED, TagDep, etag
from api.routing import Route
from api.schemas.offers import ProductPublic, ProductsPublic
from api.schemas.records import body_of
from matcher.domain.actor import Actor
from matcher.services.records.filters import OfferFilter
from matcher.services.records.lists import (
    ListedProduct,
    find_product,
    list_products,
    with_institution,
)
from matcher.services.records.showing import shown_record
from matcher.services.records.single import change_record, create_record, remove_record, tag_of

router = APIRouter(prefix="/products", tags=["products"], route_class=Route)


@router.get(
    "",
    operation_id="list_products",
    summary="产品列表 / List products",
    responses=problems(),
)
def read_products(
    request: Request,
    response: Response,
    actor: Anyone,
    session: ReadSession,
    page: PageDep,
    institution: Annotated[UUID | None, Query(description="Id of the institution.")] = None,
    instrument: InstrumentAsked = None,
    search: Search = None,
) -> ProductsPublic:
    """Return a page of the products; a bank sees its own, a firm what is published of all."""
    which = OfferFilter(
        institution_id=institution,
        instrument=None if instrument is None else instrument.value,
        search=search,
    )
    found = list_products(session, actor, page, which)
    link_next(request, response, found)
    return ProductsPublic(
        items=[_shown(session, actor, one) for one in found.rows], next=found.next
    )


@router.post(
    "",
    operation_id="create_product",
    summary="新增产品 / Add a product",
    status_code=status.HTTP_201_CREATED,
    openapi_extra=body_of("Product"),
    responses={
        201: {"headers": {"Location": {"schema": {"type": "string"}}, **TAGGED["headers"]}},
        **problems(409),
    },
)
def create_product(
    request: Request,
    response: Response,
    actor: Organiser,
    body: BodyDep,
    session: WriteSession,
    now: ClockDep,
) -> ProductPublic:
    """Add a product of an institution that is there, behind the others."""
    row = create_record(session, "products", parse_json(body), now())
    path = request.app.url_path_for("read_product", product_id=row.id)
    response.headers["Location"] = str(path)
    response.headers["ETag"] = etag(tag_of(session, row))
    return _shown(session, actor, with_institution(session, row))


@router.get(
    "/{product_id}",
    operation_id="read_product",
    summary="查询产品 / Read a product",
    responses={200: TAGGED, **problems(404)},
)
def read_product(
    response: Response, product_id: IdPath, actor: Anyone, session: ReadSession
) -> ProductPublic:
    """Return one product; what is between its bank and the office, only to them."""
    found = find_product(session, actor, product_id)
    response.headers["ETag"] = etag(tag_of(session, found.product))
    return _shown(session, actor, found)


@router.put(
    "/{product_id}",
    operation_id="change_product",
    summary="修改产品 / Change a product",
    openapi_extra=body_of("Product"),
    responses={200: TAGGED, **problems(404, 412, 428)},
)
def change_product(
    response: Response,
    product_id: IdPath,
    tag: TagDep,
    actor: Organiser,
    body: BodyDep,
    session: WriteSession,
    now: ClockDep,
) -> ProductPublic:
    """Put another record in the place of a product, with the same `product_id`.

    `If-Match` names the state that was read.
    """
    row = change_record(session, actor, "products", product_id, parse_json(body), tag, now())
    response.headers["ETag"] = etag(tag_of(session, row))
    return _shown(session, actor, with_institution(session, row))


@router.delete(
    "/{product_id}",
    operation_id="remove_product",
    summary="删除产品 / Remove a product",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(404, 409, 412, 428),
)
def remove_product(
    product_id: IdPath, tag: TagDep, actor: Organiser, session: WriteSession
) -> None:
    """Take a product out of the market; one that a package requires stays."""
    remove_record(session, actor, "products", product_id, tag)


def _shown(session: Session, actor: Actor, listed: ListedProduct) -> ProductPublic:
    return ProductPublic.of(listed, shown_record(session, actor, "products", listed.product))
