"""Put an answer of what-if on paper: JSON, a workbook, charts; a plan file is never touched."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import matcher
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
from matcher.files.comparison_json import (
    FORMAT,
    advice_json,
    comparison_json,
    curve_json,
    front_json,
    least_json,
)
from matcher.files.comparison_tables import comparison_sheets
from matcher.files.plan_json import PlanInputs, plan_document, write_plan
from matcher.files.plan_json_parts import text_json
from matcher.files.pretty_json import pretty_json
from matcher.files.scenario import scenario_document
from matcher.files.whatif_tables import (
    advice_notes,
    advice_sheets,
    curve_sheets,
    front_sheets,
    least_sheets,
)
from matcher.files.workbook import Sheet, write_workbook
from matcher.planning.effort import Effort
from matcher.services.planning import market_bytes
from matcher.services.whatif import Asked
from matcher.whatif.advice import Advices
from matcher.whatif.compare import Comparison
from matcher.whatif.front import Front
from matcher.whatif.least import Least
from matcher.whatif.scenario import numbered
from matcher.whatif.sweep import Curve

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


def comparison_answer(asked: Asked, found: Comparison, lang: Lang) -> Answer:
    """Return a comparison in every form."""
    return Answer(
        "comparison",
        comparison_json(found),
        comparison_sheets(found, asked.scenario),
        comparison_charts(found, lang),
        brief=brief_sheets(found),
        notes=tuple(_notes(asked)),
    )


def _notes(asked: Asked) -> Iterator[Text]:
    """Yield what keeps two plans from being compared by their scores."""
    if asked.applied.before.weights != asked.applied.after.weights:
        yield Text(
            "两种方案按不同权重评分，得分不能直接相比",
            "the two plans are scored by different weights: their scores do not compare",
        )


def curve_answer(asked: Asked, curve: Curve, lang: Lang) -> Answer:
    """Return a curve in every form."""
    setting = asked.after.setting
    return Answer(
        "curve",
        curve_json(curve, setting),
        curve_sheets(curve, setting),
        curve_charts(curve, setting, lang),
    )


def front_answer(found: Front, lang: Lang) -> Answer:
    """Return a front in every form."""
    return Answer("front", front_json(found), front_sheets(found), front_charts(found, lang))


def least_answer(asked: Asked, found: Least) -> Answer:
    """Return the least capacity in every form."""
    setting = asked.after.setting
    sheets = least_sheets(found, setting)
    return Answer("least", least_json(found, setting), sheets, brief=sheets[:1])


def advice_answer(found: Advices, lang: Lang) -> Answer:
    """Return advice in every form."""
    notes = tuple(advice_notes(found))
    charts = advice_charts(found, lang)
    return Answer("advice", advice_json(found), advice_sheets(found), charts, notes)


def document(asked: Asked, answers: Sequence[Answer]) -> dict[str, Any]:
    """Return the answers as one JSON document, with the scenario and its hash."""
    return {
        "format": FORMAT,
        "yinqi": matcher.__version__,
        "as_of": asked.baseline.graph.market.as_of.isoformat(),
        "scenario": scenario_document(asked.scenario),
        "changes": [text_json(text) for text in numbered(asked.scenario)],
        "touched": [list(pair) for pair in asked.applied.touched],
        "notes": [text_json(note) for answer in answers for note in answer.notes],
        **{answer.name: answer.content for answer in answers},
    }


def save_answers(asked: Asked, answers: Sequence[Answer], folder: Path, lang: Lang) -> list[Path]:
    """Write whatif.json, a workbook for each answer and its charts, and return their paths.

    All names begin with ``whatif``, so that no plan, market or timetable is written over.

    Raises
    ------
    InputError
        If the folder cannot be written to.
    """
    make_folder(folder)
    day = asked.baseline.graph.market.as_of
    paths = []
    for answer in answers:
        path = folder / f"whatif-{answer.name}.xlsx"
        write_workbook(path, TITLE, day, answer.sheets, lang)
        paths.append(path)
        for name, chart in answer.charts.items():
            write_whole(folder / f"whatif-{name}", chart)
            paths.append(folder / f"whatif-{name}")
    path = folder / "whatif.json"
    write_whole(path, (pretty_json(document(asked, answers)) + "\n").encode())
    return [*paths, path]


def save_scenario_plan(
    asked: Asked, solving: Effort, files: Sequence[FileStamp], folder: Path
) -> list[Path]:
    """Write the market and the plan of a scenario, which `matcher verify` checks like any other.

    The names say what they are: ``whatif-market.json`` and ``whatif-plan.json``.

    Raises
    ------
    InputError
        If the folder cannot be written to.
    """
    make_folder(folder)
    after = asked.after
    content = market_bytes(after.setting.market)
    told = Text("假设情景，不是实际方案：{n}", "a scenario, not the plan of the round: {n}")
    inputs = PlanInputs(
        files=tuple(files),
        market_sha256=hashlib.sha256(content).hexdigest(),
        method=solving.method,
        gap=solving.gap,
        time_limit=solving.time_limit,
        seed=solving.seed,
        notes=(told.format(n=asked.scenario.name), *numbered(asked.scenario)),
    )
    paths = [folder / "whatif-market.json", folder / "whatif-plan.json"]
    write_whole(paths[0], content)
    write_plan(paths[1], plan_document(after.plan, inputs))
    return paths
