"""Calculators: forms that anybody may send again by their address."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from starlette.responses import Response

from api.clock import ClockDep
from api.downloads import download
from api.pages.page import Page, SomebodysPage, go, page_router
from api.pages.views.calculator import Calculator, headers_of, repayment_figure, rows_of
from api.pages.views.calculators import CALCULATORS
from api.uploads import XLSX
from matcher.domain.errors import InputError
from matcher.services.costing.workbook import answer_workbook
from matcher.store.repositories import not_found

router = page_router("/calculators")
MAX_LETTERS = 2_000


@router.get("")
def show_calculators(page: SomebodysPage) -> Response:
    """Show which there are."""
    return page.render("calculators.html", calculators=CALCULATORS.values())


@router.get("/{name}")
def show_calculator(page: SomebodysPage, name: str) -> Response:
    """Show a calculator, and its answer where it was sent."""
    calculator, typed = _found(name), _typed(page)
    try:
        is_asked = calculator.is_asked(typed)
        answer = calculator.answer(typed, page.lang) if is_asked else None
    except InputError as error:
        return _shown(page, calculator, typed, 422, faults=error.faults)
    figure = None if answer is None else repayment_figure(answer, page.lang)
    return _shown(page, calculator, typed, answer=answer, figure=figure)


@router.get("/{name}/answer.xlsx")
def fetch_answer(page: SomebodysPage, name: str, now: ClockDep) -> Response:
    """Return the answer as a workbook; what cannot be reckoned leads back to the form."""
    calculator, typed = _found(name), _typed(page)
    try:
        answer = calculator.answer(typed, page.lang)
    except InputError:
        return go(f"/calculators/{name}")
    return download(answer_workbook(answer, now().date(), page.lang), f"{name}.xlsx", XLSX)


def _found(name: str) -> Calculator:
    if name not in CALCULATORS:
        raise not_found()
    return CALCULATORS[name]


def _typed(page: Page) -> dict[str, str]:
    return {name: word[:MAX_LETTERS] for name, word in page.request.query_params.items()}


def _shown(
    page: Page, calculator: Calculator, typed: Mapping[str, str], status: int = 200, **found: object
) -> Response:
    values = {"answer": None, "figure": None, "faults": (), **found}
    return page.render(
        "calculator.html",
        status,
        calculator=calculator,
        typed=typed,
        query=page.request.url.query,
        further_given=any(typed.get(one.name) for one in calculator.further),
        table_headers=partial(headers_of, lang=page.lang),
        table_rows=partial(rows_of, lang=page.lang),
        **values,
    )
