"""The statistics as files: a workbook, and a report to be printed."""

from __future__ import annotations

from fastapi import APIRouter, Response

from api.clock import ClockDep
from api.database import ReadSession
from api.deps import LangDep
from api.downloads import PDF, download, file_answer
from api.openapi import problems
from api.routes.statistics import Asked, Counter
from api.routing import Route
from api.uploads import XLSX
from matcher.services.reporting.printed import report_pdf
from matcher.services.reporting.workbook import report_workbook
from matcher.services.store_statistics.report import store_report

router = APIRouter(prefix="/reports", tags=["statistics"], route_class=Route)


@router.get(
    "/statistics.xlsx",
    operation_id="read_statistics_workbook",
    summary="统计 Excel / Statistics as a workbook",
    response_class=Response,
    responses={**file_answer(XLSX), **problems(422)},
)
def read_workbook(
    actor: Counter, session: ReadSession, wanted: Asked, lang: LangDep, now: ClockDep
) -> Response:
    """Return the statistics as a workbook, in the language of `Accept-Language`."""
    report = store_report(session, actor, wanted)
    return download(report_workbook(report, now().date(), lang), "statistics.xlsx", XLSX)


@router.get(
    "/statistics.pdf",
    operation_id="read_statistics_print",
    summary="统计 PDF / Statistics to be printed",
    response_class=Response,
    responses={**file_answer(PDF), **problems(422)},
)
def read_printed(
    actor: Counter, session: ReadSession, wanted: Asked, lang: LangDep, now: ClockDep
) -> Response:
    """Return the statistics as a PDF, in the language of `Accept-Language`."""
    report = store_report(session, actor, wanted)
    return download(report_pdf(report, now().date(), lang), "statistics.pdf", PDF)
