"""Taking in a questionnaire: validated, urgent or not, and what would help to know."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.enterprise import Need
from matcher.domain.errors import InputError
from matcher.files.questionnaire import write_form
from matcher.services.intake import (
    TriageSettings,
    Urgency,
    most_urgent_first,
    take_in_answers,
    take_in_form,
    triage,
)

DAY = date(2022, 5, 25)
FIRM = {"name": "示例企业", "credit_code": "91330108YQ00000104"}


def answers(days: int | None = 9, **firm: object) -> dict[str, dict[str, object]]:
    """Return an answer whose money is needed in so many days."""
    needed = {} if days is None else {"needed_by": (DAY + timedelta(days=days)).isoformat()}
    return {"enterprise": {**FIRM, **firm}, "need": {"amount_fen": 150_000_000, **needed}}


@pytest.mark.parametrize(
    ("days", "urgency"),
    [
        (-1, Urgency.OVERDUE),
        (0, Urgency.URGENT),
        (10, Urgency.URGENT),
        (11, Urgency.SOON),
        (30, Urgency.SOON),
        (31, Urgency.LATER),
        (60, Urgency.LATER),
    ],
)
def test_needs_are_told_apart_by_their_deadline(days: int, urgency: Urgency) -> None:
    """Row A3: within 10 days is urgent; 60 days is not."""
    intake = take_in_answers(answers(days), DAY)
    assert intake.triage.urgency is urgency
    assert intake.triage.days_left == days
    assert str(abs(days)) in intake.triage.reason.zh


@pytest.mark.parametrize(("field", "days"), [("amount_fen", 9), ("needed_by", None)])
def test_a_missing_amount_or_date_is_flagged_with_its_field(field: str, days: int | None) -> None:
    """Row A3: nothing is taken in without them."""
    given_answers = answers(days)
    given_answers["need"].pop(field, None)
    with pytest.raises(InputError) as caught:
        take_in_answers(given_answers, DAY)
    assert [fault.field for fault in caught.value.faults] == [field]


def test_a_form_goes_from_sheet_to_queue(tmp_path: Path) -> None:
    """A filled-in sheet is taken in like JSON."""
    write_form(tmp_path / "f.xlsx")
    book = openpyxl.load_workbook(tmp_path / "f.xlsx")
    filled = {"* 企业名称": "示例企业", "* 统一社会信用代码": FIRM["credit_code"],
              "* 融资金额(元)": "150万", "* 最晚到账日": "2022-06-03"}  # fmt: skip
    for row in book.active.iter_rows(min_row=4):
        row[1].value = filled.get(row[0].value, row[1].value)
    book.save(tmp_path / "f.xlsx")
    assert take_in_form(tmp_path / "f.xlsx", DAY) == take_in_answers(answers(), DAY)


def test_fields_that_would_help_are_named_with_their_labels() -> None:
    """What nobody said is unknown, and what was answered with none is known."""
    missing = take_in_answers(answers(industry="I65", tags="无"), DAY).missing
    names = [one.field for one in missing]
    assert "revenue_fen" in names
    assert not {"industry", "tags"} & set(names)
    labels = {one.field: one.label for one in missing}
    assert labels["collateral"].zh == "押品"
    assert all(m.note.zh and m.note.en for m in missing)


def test_the_queue_begins_with_what_is_most_urgent() -> None:
    """By days left, ties by id."""
    intakes = [take_in_answers(answers(days, enterprise_id=name), DAY)
               for days, name in ((40, "c"), (5, "b"), (-2, "d"), (5, "a"))]  # fmt: skip
    assert [i.enterprise.enterprise_id for i in most_urgent_first(intakes)] == ["d", "a", "b", "c"]


def test_a_need_without_a_deadline_waits() -> None:
    """It comes from elsewhere than the form, which asks for one."""
    need = Need(need_id="N", enterprise_id="E", amount_fen=1)
    assert triage(need, DAY).urgency is Urgency.LATER
    assert triage(need, DAY).days_left is None


@pytest.mark.parametrize("days", [{"urgent_days": -1}, {"urgent_days": 20, "soon_days": 10}])
def test_settings_that_contradict_themselves_are_refused(days: dict[str, int]) -> None:
    """The fault names the setting."""
    with pytest.raises(InputError) as caught:
        TriageSettings(**days)
    assert caught.value.faults[0].field == "urgent_days"


@given(st.integers(0, 90), st.integers(0, 90), st.integers(-50, 200))
def test_a_nearer_deadline_is_never_less_urgent(one: int, other: int, days: int) -> None:
    """Whatever the settings are."""
    settings = TriageSettings(urgent_days=min(one, other), soon_days=max(one, other))
    rank = list(Urgency).index
    levels = [rank(triage(_need(days + more), DAY, settings).urgency) for more in (0, 1)]
    assert levels[0] <= levels[1]


def _need(days: int) -> Need:
    return Need(need_id="N", enterprise_id="E", amount_fen=1, needed_by=DAY + timedelta(days=days))
