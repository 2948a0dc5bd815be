"""Take in a questionnaire: a firm and its need, how urgent it is, and what would help to know."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from matcher.domain.enterprise import Enterprise, Need
from matcher.domain.errors import Faults
from matcher.domain.text import Text
from matcher.files.questionnaire import (
    ENTERPRISE,
    NEED,
    Answers,
    read_answers,
    read_form,
)

_OF_FIRM = (
    "industry", "region", "revenue_fen", "assets_fen", "staff", "founded", "ownership", "tags",
    "tax_grade", "first_time_borrower",
)  # fmt: skip
_OF_NEED = ("term_months", "purpose", "collateral")


class Urgency(StrEnum):
    """How soon a need must be seen to, the most urgent first."""

    OVERDUE = "overdue"
    URGENT = "urgent"
    SOON = "soon"
    LATER = "later"


@dataclass(frozen=True, slots=True, kw_only=True)
class TriageSettings:
    """Up to how many calendar days before its deadline a need is urgent, and is due soon.

    The defaults are those of row A3 of the programmes.
    """

    urgent_days: int = 10
    soon_days: int = 30

    def __post_init__(self) -> None:
        faults = Faults()
        faults.not_negative(urgent_days=self.urgent_days, soon_days=self.soon_days)
        faults.ordered("urgent_days", self.urgent_days, "soon_days", self.soon_days)
        faults.raise_if_any()


DEFAULT_TRIAGE = TriageSettings()


@dataclass(frozen=True, slots=True)
class Triage:
    """How urgent a need is.

    Parameters
    ----------
    days_left
        Calendar days from the day asked about to the deadline, negative after it; None without
        a deadline.
    reason
        The same as a sentence.
    """

    urgency: Urgency
    days_left: int | None
    reason: Text


@dataclass(frozen=True, slots=True)
class Missing:
    """A field that nobody filled in and that would help: its name, its label, what to write."""

    field: str
    label: Text
    note: Text


@dataclass(frozen=True, slots=True)
class Intake:
    """One questionnaire, taken in."""

    enterprise: Enterprise
    need: Need
    triage: Triage
    missing: tuple[Missing, ...]


def take_in_form(path: Path, as_of: date, settings: TriageSettings = DEFAULT_TRIAGE) -> Intake:
    """Take in a form that a firm filled in.

    Raises
    ------
    InputError
        With every fault of the form, each naming its field and row.
    """
    return take_in(read_form(path, as_of), as_of, settings)


def take_in_answers(data: object, as_of: date, settings: TriageSettings = DEFAULT_TRIAGE) -> Intake:
    """Take in parsed JSON as `questionnaire_schema` describes it.

    Raises
    ------
    InputError
        With every fault, each naming its field.
    """
    return take_in(read_answers(data, as_of), as_of, settings)


def take_in(answers: Answers, as_of: date, settings: TriageSettings = DEFAULT_TRIAGE) -> Intake:
    """Judge an answer that was read without a fault."""
    firm, need = answers.enterprise, answers.need
    unknown = [(ENTERPRISE, name) for name in _OF_FIRM if getattr(firm, name) is None]
    unknown += [(NEED, name) for name in _OF_NEED if getattr(need, name) is None]
    columns = [section.table.column(name) for section, name in unknown]
    missing = tuple(Missing(c.field, c.text, c.note) for c in columns)
    return Intake(firm, need, triage(need, as_of, settings), missing)


def triage(need: Need, as_of: date, settings: TriageSettings = DEFAULT_TRIAGE) -> Triage:
    """Tell how urgent a need is; the day of the deadline itself still counts."""
    if need.needed_by is None:
        return Triage(Urgency.LATER, None, Text("未给出最晚到账日", "no deadline was given"))
    days = (need.needed_by - as_of).days
    if days < 0:
        late = Text("最晚到账日 {d} 已过 {n} 天", "the deadline {d} passed {n} days ago")
        return Triage(Urgency.OVERDUE, days, late.format(d=need.needed_by, n=-days))
    told = Text("距最晚到账日 {d} 还有 {n} 天", "{n} days to the deadline {d}")
    return Triage(_urgency(days, settings), days, told.format(d=need.needed_by, n=days))


def _urgency(days: int, settings: TriageSettings) -> Urgency:
    if days <= settings.urgent_days:
        return Urgency.URGENT
    return Urgency.SOON if days <= settings.soon_days else Urgency.LATER


def most_urgent_first(intakes: Iterable[Intake]) -> list[Intake]:
    """Return the queue: by days left, those without a deadline last; ties by id."""
    return sorted(intakes, key=_place)


def _place(intake: Intake) -> tuple[bool, int, str]:
    days = intake.triage.days_left
    return days is None, days or 0, intake.need.need_id
