"""Exports: the live market as files that can be read again."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from api.auth import Office, allow
from api.clock import ClockDep
from api.database import ReadSession
from api.downloads import download, file_answer
from api.openapi import problems
from api.routing import Route
from api.uploads import XLSX
from matcher.domain.actor import OFFICE, Actor, Role
from matcher.services.records.exporting import market_sheets, offer_sheets
from matcher.services.records.loading import market_bytes_of

router = APIRouter(prefix="/exports", tags=["exports"], route_class=Route)

_MARKET_FILE = {"$ref": "#/components/schemas/MarketFile"}
Offerer = Annotated[Actor, Depends(allow(*OFFICE, Role.BANK))]


@router.get(
    "/market.json",
    operation_id="export_market_json",
    summary="导出市场 JSON / The market as JSON",
    response_class=Response,
    responses={**file_answer("application/json", _MARKET_FILE), **problems(422)},
)
def export_json(actor: Office, session: ReadSession, now: ClockDep) -> Response:
    """Return the live market as a market file: the very bytes that a plan of it names."""
    content = market_bytes_of(session, otherwise=now().date())
    return download(content, "market.json", "application/json")


@router.get(
    "/market.xlsx",
    operation_id="export_market_workbook",
    summary="导出市场 Excel / The market as a workbook",
    response_class=Response,
    responses={**file_answer(XLSX), **problems(422)},
)
def export_workbook(actor: Office, session: ReadSession, now: ClockDep) -> Response:
    """Return the live market as a workbook that can be sent in again.

    The words of sources are in the JSON alone. Text is text in every cell, whatever it begins
    with.
    """
    return download(market_sheets(session, now().date()), "market.xlsx", XLSX)


@router.get(
    "/products.xlsx",
    operation_id="export_products",
    summary="导出产品 Excel / Products as a workbook",
    response_class=Response,
    responses={**file_answer(XLSX), **problems(422)},
)
def export_products(actor: Offerer, session: ReadSession, now: ClockDep) -> Response:
    """Return the institutions and products that the caller may see: of a bank its own."""
    return download(offer_sheets(session, actor, now().date()), "products.xlsx", XLSX)
