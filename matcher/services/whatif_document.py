"""What-if as one JSON document: for `--json`, for files, and for a worker without any file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import matcher
from matcher.domain.text import Text
from matcher.files.baseline import baseline_from
from matcher.files.comparison_json import (
    FORMAT,
    advice_json,
    comparison_json,
    curve_json,
    front_json,
    least_json,
)
from matcher.files.plan_json_parts import text_json
from matcher.files.scenario import scenario_document, scenario_from
from matcher.files.whatif_tables import advice_notes
from matcher.market import Market
from matcher.planning.effort import Effort
from matcher.scoring.weights import Weights
from matcher.services.planning import Asked, market_bytes
from matcher.services.whatif import Finding, Trial, findings, try_out
from matcher.services.whatif_asking import Questions, Subject, pose
from matcher.whatif.advice import Advices
from matcher.whatif.compare import Comparison
from matcher.whatif.front import Front
from matcher.whatif.least import Least
from matcher.whatif.scenario import Scenario, numbered
from matcher.whatif.setting import Setting
from matcher.whatif.sweep import Curve
from matcher.whatif.watch import UNWATCHED, Watch

Json = dict[str, Any]

NAMES: dict[type[Finding], str] = {
    Comparison: "comparison",
    Curve: "curve",
    Front: "front",
    Least: "least",
    Advices: "advice",
}
"""What each sort of answer is called in documents and files."""


def answer(
    market: Market,
    weights: Weights,
    scenario: Mapping[str, Any] | None,
    effort: Effort,
    *,
    questions: Questions | None = None,
    baseline: Mapping[str, Any] | None = None,
    aims: Asked | None = None,
    watch: Watch = UNWATCHED,
) -> Json:
    """Answer what is asked of a round as a JSON document; no file is read or written.

    Parameters
    ----------
    scenario
        A scenario as parsed from TOML or JSON; None changes nothing.
    questions
        Sweeps, a front, the least capacity, advice: about the market under the scenario.
    baseline
        The document of a plan of this market and these weights; else the round is planned anew.
    aims
        Pins, bans, floors and fairness of a baseline that is planned anew.
    watch
        Told of stages and steps; asked whether the answer is wanted still.

    Raises
    ------
    InputError
        With every fault of scenario, baseline and questions, before anything is solved.
    WithdrawnError
        If the answer is wanted no more.
    """
    subject = of_documents(market, weights, scenario, baseline, aims)
    posed = pose(subject, questions)
    trial = try_out(posed, effort, watch)
    return document(trial, list(findings(posed, trial, effort, watch)))


def of_documents(
    market: Market,
    weights: Weights,
    scenario: Mapping[str, Any] | None,
    baseline: Mapping[str, Any] | None = None,
    aims: Asked | None = None,
) -> Subject:
    """Return the subject of a request: a parsed scenario and the document of a plan."""

    def read_scenario(setting: Setting) -> Scenario:
        return Scenario("") if scenario is None else scenario_from(scenario, setting)

    return Subject(
        market,
        weights,
        read_scenario,
        None
        if baseline is None
        else lambda setting: baseline_from(baseline, setting, market_bytes(market)),
        aims or Asked(),
    )


def document(trial: Trial, found: Sequence[Finding]) -> Json:
    """Return the answers as one JSON document, with the scenario and its hash."""
    contents = [content_of(finding, trial) for finding in found]
    return {
        "format": FORMAT,
        "yinqi": matcher.__version__,
        "as_of": trial.baseline.graph.market.as_of.isoformat(),
        "scenario": scenario_document(trial.scenario),
        "changes": [text_json(text) for text in numbered(trial.scenario)],
        "touched": [list(pair) for pair in trial.applied.touched],
        "notes": [text_json(note) for finding in found for note in notes_of(finding, trial)],
        **dict(zip(names(found), contents, strict=True)),
    }


def names(found: Sequence[Finding]) -> list[str]:
    """Return what each answer is called: numbered where there are several of its sort."""
    sorts = [NAMES[type(finding)] for finding in found]
    total, met = Counter(sorts), Counter[str]()
    called = []
    for sort in sorts:
        met[sort] += 1
        called.append(sort if total[sort] == 1 else f"{sort}-{met[sort]}")
    return called


def content_of(finding: Finding, trial: Trial) -> Json:
    """Return one answer as JSON values."""
    setting = trial.after.setting
    match finding:
        case Comparison():
            return comparison_json(finding)
        case Curve():
            return curve_json(finding, setting)
        case Front():
            return front_json(finding)
        case Least():
            return least_json(finding, setting)
        case Advices():
            return advice_json(finding)


def notes_of(finding: Finding, trial: Trial) -> list[Text]:
    """Return sentences about all of an answer."""
    if isinstance(finding, Advices):
        return [*advice_notes(finding), *_held(trial)]
    applied = trial.applied
    if isinstance(finding, Comparison) and applied.before.weights != applied.after.weights:
        return [
            Text(
                "两种方案按不同权重评分，得分不能直接相比",
                "the two plans are scored by different weights: their scores do not compare",
            )
        ]
    return []


def _held(trial: Trial) -> list[Text]:
    """Say what advice takes as given where the plan is fair."""
    if trial.after.levels is None:
        return []
    return [
        Text(
            "各组的公平水平按现有方案保持不变",
            "the levels of fairness are held where the plan has them",
        )
    ]
