"""Assignments of people as JSON values and as a workbook to forward."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from matcher.domain.enterprise import Enterprise
from matcher.domain.text import Lang, Text
from matcher.files.atomic import write_whole
from matcher.files.plan_json_parts import text_json, texts_json
from matcher.files.pretty_json import pretty_json
from matcher.files.sheet_cells import Column, Form
from matcher.files.workbook import Sheet, write_workbook
from matcher.services.outputs import require_ending
from matcher.services.people.assigning import Assignment, Fit
from matcher.services.people.person import Person

TITLE = Text("人员安排", "People assigned")
ENDINGS = (".xlsx", ".json")


def assignments_document(day: date, found: Sequence[Assignment]) -> dict[str, Any]:
    """Return the assignments as JSON values, by role."""
    return {"as_of": day.isoformat(), "roles": {str(one.role): _role(one) for one in found}}


def _role(one: Assignment) -> dict[str, Any]:
    plan = one.plan
    return {
        "num_firms": len(one.firms),
        "num_people": len(one.people),
        "spread": plan.spread,
        "assigned": [
            {
                "enterprise": a.task_id,
                "enterprise_name": text_json(one.firms[a.task_id].text),
                "person": a.person_id,
                "person_name": text_json(one.people[a.person_id].text),
                "score": a.score,
                "reasons": texts_json(one.fit(a.task_id, a.person_id).reasons),
                "missing": texts_json(one.fit(a.task_id, a.person_id).missing),
            }
            for a in plan.assigned
        ],
        "unassigned": [
            {"enterprise": u.task_id, "reason": text_json(u.reason)} for u in plan.unassigned
        ],
        "load": dict(plan.load),
    }


def save_assignments(path: Path, day: date, found: Sequence[Assignment], lang: Lang) -> None:
    """Write the assignments as Excel or JSON, as the ending of the file's name says.

    Raises
    ------
    InputError
        If the ending is neither, or the file cannot be written.
    """
    if require_ending(path, ENDINGS) == ".json":
        text = pretty_json(assignments_document(day, found))
        write_whole(path, f"{text}\n".encode())
        return
    sheets = [sheet for one in found for sheet in _sheets(one)]
    write_workbook(path, TITLE, day, sheets, lang)


@dataclass(frozen=True, slots=True)
class _Pair:
    firm: Enterprise
    person: Person
    fit: Fit


def _sheets(one: Assignment) -> list[Sheet]:
    """Return who serves which firm, and the load of each; firms left over, if there are any."""
    pairs = [
        _Pair(one.firms[a.task_id], one.people[a.person_id], one.fit(a.task_id, a.person_id))
        for a in one.plan.assigned
    ]
    loads = [(one.people[person], number) for person, number in one.plan.load.items()]
    left = [(one.firms[u.task_id], u.reason) for u in one.plan.unassigned]
    role = one.role.text
    sheets = [
        Sheet(role, _PAIR_COLUMNS, pairs),
        Sheet(Text("{r}工作量", "{r} loads").format(r=role), _LOAD_COLUMNS, loads),
    ]
    if left:
        sheets.append(Sheet(Text("{r}未安排", "{r} left").format(r=role), _LEFT_COLUMNS, left))
    return sheets


def _lines(texts: Sequence[Text], lang: Lang) -> str | None:
    return "\n".join(text.of(lang) for text in texts) or None


_PAIR_COLUMNS: tuple[Column[_Pair], ...] = (
    Column(Text("企业编号", "firm id"), lambda p, _: p.firm.enterprise_id),
    Column(Text("企业", "firm"), lambda p, lang: p.firm.text.of(lang), most=34),
    Column(Text("人员编号", "person id"), lambda p, _: p.person.person_id),
    Column(Text("人员", "person"), lambda p, lang: p.person.text.of(lang), most=30),
    Column(Text("理由", "why"), lambda p, lang: _lines(p.fit.reasons, lang), most=44),
    Column(
        Text("待核实", "to be shown"),
        lambda p, lang: _lines(p.fit.missing, lang),
        most=36,
        is_mark=True,
    ),
)
_LOAD_COLUMNS: tuple[Column[tuple[Person, int]], ...] = (
    Column(Text("人员编号", "person id"), lambda row, _: row[0].person_id),
    Column(Text("人员", "person"), lambda row, lang: row[0].text.of(lang), most=30),
    Column(Text("企业数", "firms"), lambda row, _: row[1], Form.COUNT),
)
_LEFT_COLUMNS: tuple[Column[tuple[Enterprise, Text]], ...] = (
    Column(Text("企业编号", "firm id"), lambda row, _: row[0].enterprise_id),
    Column(Text("企业", "firm"), lambda row, lang: row[0].text.of(lang), most=34),
    Column(Text("原因", "reason"), lambda row, lang: row[1].of(lang), most=44),
)
