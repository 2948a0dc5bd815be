"""A draft between steps: what is filled in, what a step puts into it, what has to be changed.

The draft is the one of the API, kept as it was typed, so that a firm can go on where it stopped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from api.pages.page import Form
from api.pages.views.questionnaire.fields import Field, field_of, in_own_units, posted_cell
from api.pages.views.questionnaire.steps import (
    SECTION_OF,
    SECTIONS,
    STEPS,
    Step,
    column_of,
    key_of,
    label_of,
)
from api.pages.views.records import shown
from matcher.domain.enterprise import Enterprise
from matcher.domain.errors import Fault
from matcher.domain.text import Lang, Text
from matcher.files.columns import Heading
from matcher.files.rows import READ_ERRORS
from matcher.services.intake_online import Draft
from matcher.services.intake_online.envelope import ALL, CONSENT, NONE

NAMED = "named"


@dataclass(frozen=True, slots=True)
class Progress:
    """A step in the list of steps, with how much of it has still to be changed."""

    step: Step
    num_faults: int


def known_fields(firm: Enterprise) -> frozenset[str]:
    """Return the fields that the office knows of a firm, which it need not fill in again."""
    asked = (name for name, section in SECTION_OF.items() if section == "enterprise")
    return frozenset(name for name in asked if _says(getattr(firm, name)))


def known_pairs(step: Step, firm: Enterprise) -> list[tuple[Text, Text]]:
    """Return what the office knows of what a step would ask, as label and value."""
    known = known_fields(firm)
    return [
        (column_of(name).text, shown(getattr(firm, name), name))
        for name in step.all_fields
        if name in known
    ]


def fields_of(names: Iterable[str], draft: Mapping[str, Any], known: frozenset[str]) -> list[Field]:
    """Return fields to fill in, with what a draft has of them."""
    return [field_of(name, filled_in(draft, name)) for name in names if name not in known]


def filled_in(draft: Mapping[str, Any], name: str) -> Any:
    """Return the cell of a field in a draft as these pages ask it, None for nothing.

    What came in over the API under another label is put into the units of these pages.
    """
    for heading, cell in _found(draft, name):
        if heading.header == key_of(name):
            return cell
        try:
            return in_own_units(name, heading.column.kind.read(cell, heading.unit))
        except READ_ERRORS:
            return cell
    return None


def _found(draft: Mapping[str, Any], name: str) -> Iterator[tuple[Heading, Any]]:
    """Yield what a draft has of a field, and how its label is understood."""
    part = draft.get(SECTION_OF[name])
    table = SECTIONS[SECTION_OF[name]]
    for label, cell in part.items() if isinstance(part, Mapping) else ():
        heading = table.heading(label)
        if heading is not None and heading.column.field == name:
            yield heading, cell


def keep_step(
    step: Step, draft: Mapping[str, Any], known: frozenset[str], form: Form
) -> dict[str, Any]:
    """Return a draft with what a step was filled in with in the place of what was there."""
    kept = {**draft, **{key: _part(draft, key) for key in SECTIONS}}
    for name in step.all_fields:
        part = kept[SECTION_OF[name]]
        for heading, _ in list(_found(kept, name)):
            del part[heading.header]
        cell = None if name in known else posted_cell(name, form)
        if cell is not None:
            part[key_of(name)] = cell
    if step.asks_consent:
        kept[CONSENT] = _consent(form)
    return kept


def _part(draft: Mapping[str, Any], key: str) -> dict[str, Any]:
    part = draft.get(key)
    return dict(part) if isinstance(part, Mapping) else {}


def _consent(form: Form) -> str | list[str] | None:
    who = form.text(CONSENT)
    if who == NAMED:
        return sorted(set(form.texts("institution")))
    return who if who in (ALL, NONE) else None


def consent_of(draft: Mapping[str, Any]) -> tuple[str, frozenset[str]]:
    """Return who may see it by a draft: which of the choices, and who is named."""
    said = draft.get(CONSENT)
    if isinstance(said, list):
        return NAMED, frozenset(str(one) for one in said)
    return (said if said in (ALL, NONE) else ""), frozenset()


def envelope(draft: Mapping[str, Any], firm: Enterprise) -> dict[str, Any]:
    """Return what is handed in: a draft, with the name of the firm that it is of."""
    firms = {"name": firm.name, **_part(draft, "enterprise")}
    return {**draft, "enterprise": firms, "need": _part(draft, "need")}


def open_faults(draft: Draft | None) -> tuple[Fault, ...]:
    """Return what has to be changed in a draft; the name of the firm is put in for it."""
    return () if draft is None else tuple(f for f in draft.faults if f.field != "name")


def progress_of(faults: Iterable[Fault]) -> list[Progress]:
    """Return the steps, each with how much has still to be changed."""
    steps = [step_of(fault) for fault in faults]
    return [Progress(step, steps.count(step)) for step in STEPS]


def faults_of(step: Step, faults: Iterable[Fault], lang: Lang) -> list[Fault]:
    """Return the faults of a step, as its page names the fields."""
    return [told(fault, lang) for fault in faults if step_of(fault) is step]


def step_of(fault: Fault) -> Step:
    """Return the step on which a fault is mended; the last where it belongs to none."""
    field = fault.field or ""
    for step in STEPS:
        if field in step.all_fields or (step.asks_consent and field.startswith(CONSENT)):
            return step
    return STEPS[-1]


def told(fault: Fault, lang: Lang) -> Fault:
    """Return a fault as people read it: the label of the field, without file and row."""
    field = fault.field or ""
    label = label_of(field).of(lang) if field in SECTION_OF else None
    return Fault(fault.message, value=fault.value, expected=fault.expected, column=label)


def summary(step: Step, draft: Mapping[str, Any]) -> list[tuple[Text, Text]]:
    """Return what is filled in on a step, as it is understood: amounts with their unit."""
    return [
        (heading.column.text, _read(heading, cell))
        for name in step.all_fields
        for heading, cell in _found(draft, name)
    ]


def _read(heading: Heading, cell: Any) -> Text:
    try:
        return shown(heading.column.kind.read(cell, heading.unit), heading.column.field)
    except READ_ERRORS:
        return Text.same(str(cell))


def _says(value: object) -> bool:
    return value is not None and value not in ((), frozenset())
