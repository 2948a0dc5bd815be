"""The calculators in a browser's form: the figures of the command line, faults, hostile words."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from api.pages.views.calculators import CALCULATORS
from matcher.domain.text import Lang
from tests.api.client import Client
from tests.service import People

_EXPECTED = {
    "rollover": "40,000.00元",
    "guarantee": "1,246.58元",
    "premium": "40,000.00元",
    "subsidy": "2.65%",
    "tranches": "1,200,000.00元",
    "savings": "3.2395%",
}


@pytest.mark.parametrize(("name", "shown"), _EXPECTED.items())
def test_an_example_shows_the_figure_of_its_source(
    client: Client, people: People, name: str, shown: str
) -> None:
    """The page shows what `matcher cost` prints of the same words."""
    path = f"/ui/calculators/{name}?{CALCULATORS[name].example_query}"
    answer = client.get(path, headers=people.firm.by_session)
    assert answer.status_code == 200
    assert shown in answer.text.split('id="result"')[1]


@pytest.mark.parametrize("calculator", CALCULATORS.values(), ids=lambda one: one.name)
@pytest.mark.parametrize("lang", list(Lang))
def test_every_calculator_answers_its_example_and_refuses_nothing_at_all(
    client: Client, people: People, calculator: object, lang: Lang
) -> None:
    """Its example has an answer; an empty form comes back with a fault for each field it needs."""
    assert hasattr(calculator, "answer")
    found = CALCULATORS[calculator.name]
    assert found.answer(found.example, lang).main_figure.raw is not None
    empty = "&".join(f"{one.name}=" for one in found.all_inputs)
    headers = people.bank.by_session | {"Accept-Language": lang.value}
    answer = client.get(f"/ui/calculators/{found.name}?{empty}", headers=headers)
    assert answer.status_code == 422
    for one in found.inputs:
        if one.required:
            assert f"<li>{one.label.of(lang)}" in answer.text


def test_all_faults_come_back_with_what_was_typed(client: Client, people: People) -> None:
    """Each is named by the label of its field; hostile words are shown as text."""
    query = "amount=%3Cscript%3Ealert(1)%3C/script%3E&rate=300%25&start=2026-02-30&months=0"
    answer = client.get(f"/ui/calculators/loan?{query}", headers=people.staff.by_session)
    assert answer.status_code == 422
    assert "<script>alert" not in answer.text
    assert 'value="&lt;script&gt;alert(1)&lt;/script&gt;"' in answer.text
    for label in ("金额", "年利率", "放款日"):
        assert f"<li>{label}" in answer.text


def test_the_download_has_the_figures_as_numbers(client: Client, people: People) -> None:
    """Amounts in yuan and rates as fractions, the plan of repayment on a sheet of its own."""
    query = CALCULATORS["loan"].example_query
    answer = client.get(
        f"/ui/calculators/loan/answer.xlsx?{query}", headers=people.organiser.by_session
    )
    book = load_workbook(io.BytesIO(answer.content))
    first, plan, *_ = book.worksheets
    values = {row[0].value: row[1].value for row in first.iter_rows(min_row=2)}
    assert values["金额"] == 1_000_000
    assert round(values["综合融资成本（年化）"], 5) == 0.04026
    principal = [Decimal(str(row[2].value)) for row in plan.iter_rows(min_row=2)]
    assert sum(principal) == 1_000_000
    assert len(principal) == 12


def test_a_download_of_nothing_leads_to_the_form(client: Client, people: People) -> None:
    """A link without words is no error page; a calculator that is not there is."""
    headers = people.organiser.by_session
    assert client.get("/ui/calculators/loan/answer.xlsx", headers=headers).status_code == 303
    assert client.get("/ui/calculators/nothing", headers=headers).status_code == 404
