"""Put an answer of what-if on paper: JSON, a workbook, charts; a plan file is never touched."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from matcher.domain.text import Lang, Text
from matcher.files import FileStamp
from matcher.files.atomic import make_folder, write_whole
from matcher.files.comparison_brief import brief_sheets
from matcher.files.comparison_charts import (
    advice_charts,
    comparison_charts,
    curve_charts,
    front_charts,
)
from matcher.files.comparison_tables import comparison_sheets
from matcher.files.plan_json import PlanInputs, plan_document, write_plan
from matcher.files.pretty_json import pretty_json
from matcher.files.whatif_tables import advice_sheets, curve_sheets, front_sheets, least_sheets
from matcher.files.workbook import Sheet, write_workbook
from matcher.planning.effort import Effort
from matcher.planning.plan import Plan
from matcher.services.planning import market_bytes
from matcher.services.whatif import Finding, Trial
from matcher.services.whatif_document import content_of, document, names, notes_of
from matcher.whatif.advice import Advices
from matcher.whatif.compare import Comparison
from matcher.whatif.front import Front
from matcher.whatif.least import Least
from matcher.whatif.scenario import numbered
from matcher.whatif.solving import full_plan
from matcher.whatif.sweep import Curve
from matcher.whatif.watch import UNWATCHED, Watch

TITLE = Text("如果……会怎样", "What if")


@dataclass(frozen=True, eq=False)
class Answer:
    """An answer in every form.

    Parameters
    ----------
    name
        What its files are called.
    content
        As JSON values.
    charts
        SVG by the name of the file.
    notes
        Sentences about all of it.
    brief
        What a terminal shows; None for all sheets.
    """

    name: str
    content: Mapping[str, Any]
    sheets: Sequence[Sheet]
    charts: Mapping[str, bytes] = field(default_factory=dict)
    notes: tuple[Text, ...] = ()
    brief: Sequence[Sheet] | None = None


def answers_of(trial: Trial, found: Sequence[Finding], lang: Lang) -> list[Answer]:
    """Return answers in every form; charts of one of several of a sort bear its number."""
    return [
        _answer(finding, trial, name, lang)
        for finding, name in zip(found, names(found), strict=True)
    ]


def _answer(finding: Finding, trial: Trial, name: str, lang: Lang) -> Answer:
    sheets, brief, charts = _forms(finding, trial, lang)
    number = name.partition("-")[2]
    return Answer(
        name,
        content_of(finding, trial),
        sheets,
        {f"{number}-{file}" if number else file: chart for file, chart in charts.items()},
        tuple(notes_of(finding, trial)),
        brief,
    )


def _forms(
    finding: Finding, trial: Trial, lang: Lang
) -> tuple[Sequence[Sheet], Sequence[Sheet] | None, Mapping[str, bytes]]:
    """Return the sheets of an answer, those that a terminal shows if not all, and its charts."""
    setting = trial.after.setting
    match finding:
        case Comparison():
            sheets = comparison_sheets(finding, trial.scenario)
            return sheets, brief_sheets(finding), comparison_charts(finding, lang)
        case Curve():
            return curve_sheets(finding, setting), None, curve_charts(finding, setting, lang)
        case Front():
            return front_sheets(finding), None, front_charts(finding, lang)
        case Least():
            least = least_sheets(finding, setting)
            return least, least[:1], {}
        case Advices():
            return advice_sheets(finding), None, advice_charts(finding, lang)


def save_answers(
    trial: Trial, found: Sequence[Finding], answers: Sequence[Answer], folder: Path, lang: Lang
) -> list[Path]:
    """Write whatif.json, a workbook for each answer and its charts, and return their paths.

    All names begin with ``whatif``, so that no plan, market or timetable is written over.

    Raises
    ------
    InputError
        If the folder cannot be written to.
    """
    make_folder(folder)
    day = trial.baseline.graph.market.as_of
    paths = []
    for answer in answers:
        path = folder / f"whatif-{answer.name}.xlsx"
        write_workbook(path, TITLE, day, answer.sheets, lang)
        paths.append(path)
        for name, chart in answer.charts.items():
            write_whole(folder / f"whatif-{name}", chart)
            paths.append(folder / f"whatif-{name}")
    path = folder / "whatif.json"
    write_whole(path, (pretty_json(document(trial, found)) + "\n").encode())
    return [*paths, path]


def scenario_plan(trial: Trial, effort: Effort, watch: Watch = UNWATCHED) -> Plan | None:
    """Return the plan of a scenario as a file has it; None without changes or without a plan.

    Of a plan with floors it is solved once more what they cost.
    """
    after = trial.after
    if not trial.scenario.changes or after.result.objective is None:
        return None
    return full_plan(after, effort, watch)


def save_scenario_plan(
    trial: Trial, plan: Plan, effort: Effort, files: Sequence[FileStamp], folder: Path
) -> list[Path]:
    """Write market and plan of a scenario, which `matcher verify` checks like any other.

    The names say what they are: ``whatif-market.json`` and ``whatif-plan.json``.

    Raises
    ------
    InputError
        If the folder cannot be written to.
    """
    make_folder(folder)
    after = trial.after
    content = market_bytes(after.setting.market)
    told = Text("假设情景，不是实际方案：{n}", "a scenario, not the plan of the round: {n}")
    inputs = PlanInputs(
        files=tuple(files),
        market_sha256=hashlib.sha256(content).hexdigest(),
        method=effort.method,
        gap=effort.gap,
        time_limit=effort.time_limit,
        seed=effort.seed,
        notes=(told.format(n=trial.scenario.name), *numbered(trial.scenario)),
    )
    paths = [folder / "whatif-market.json", folder / "whatif-plan.json"]
    write_whole(paths[0], content)
    write_plan(paths[1], plan_document(plan, inputs))
    return paths
