"""`matcher whatif`: ask the plan a question."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from matcher.cli import options
from matcher.cli.interrupting import cancelled_cleanly, interruptible
from matcher.cli.market import MarketOption, load_market
from matcher.cli.output import CHECK_FAILED, DONE, Output, default_lang
from matcher.cli.show_whatif import show_answer, show_scenario
from matcher.cli.spread import spread
from matcher.cli.whatif_bar import WhatIfBar, silent_stdout
from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Text
from matcher.planning.effort import Effort
from matcher.planning.plan import Plan
from matcher.services.whatif import Finding, Trial, findings, try_out
from matcher.services.whatif_asking import Posed, Questions, of_files, pose
from matcher.services.whatif_document import document
from matcher.services.whatif_saving import (
    answers_of,
    save_answers,
    save_scenario_plan,
    scenario_plan,
)

Scenarios = Annotated[
    list[Path] | None,
    typer.Option("--scenario", help="情景 TOML 或 JSON，可多个 / scenario files; several add up"),
]
Baseline = Annotated[
    Path | None,
    typer.Option("--baseline", help="基准方案 plan.json / plan to compare with (default: solve)"),
]
Sweep = Annotated[
    list[str] | None,
    typer.Option(
        "--sweep", help="一个数的曲线 / one number over a range: pool:NAME:capacity=1e7:2e8:10"
    ),
]
FrontBy = Annotated[
    str | None,
    typer.Option(
        "--front", help="得分与最差一组 / score against the worst-off: size sector region priority"
    ),
]
LeastFor = Annotated[
    list[str] | None,
    typer.Option(
        "--least",
        help="最小增量 / least extra: pool:NAME serves NEED; pool:NAME serves 95% of size = micro",
    ),
]
Displace = Annotated[
    bool,
    typer.Option(
        "--displace", help="--least 可挤掉已撮合的需求 / --least may displace needs that are served"
    ),
]
Advice = Annotated[
    bool, typer.Option("--advice", help="最有帮助的改变 / the changes that would help most")
]
Most = Annotated[int, typer.Option("--most", help="建议条数 / how many changes to advise")]
OutDir = Annotated[
    Path | None,
    typer.Option("--out", help="输出文件夹 / folder for whatif.json, workbooks and charts"),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("whatif", help="如果……会怎样：情景、曲线、建议 / scenarios, curves, advice")(
        spread(whatif)
    )


@dataclass(frozen=True, slots=True)
class Asking:
    """The questions, as options of the command."""

    sweep: Sweep = None
    front: FrontBy = None
    least: LeastFor = None
    displace: Displace = False
    advice: Advice = False
    most: Most = 10

    @property
    def questions(self) -> Questions:
        """What is asked."""
        return Questions(
            tuple(self.sweep or ()),
            self.front,
            tuple(self.least or ()),
            self.displace,
            max(self.most, 1) if self.advice else 0,
        )


def whatif(
    *,
    market: MarketOption = None,
    scenario: Scenarios = None,
    baseline: Baseline = None,
    asking: Asking,
    beside: options.Beside,
    solving: options.Solving,
    aims: options.Aims,
    out: OutDir = None,
    as_json: options.AsJson = False,
    lang: options.Language = None,
) -> None:
    """Compare a scenario with the baseline, or ask a question under it."""
    output, paths = Output(lang or default_lang(), as_json), tuple(scenario or ())
    if not paths and asking.questions.is_empty:
        message = Text("请给出一个问题", "ask something")
        expected = Text.same("--scenario / --sweep / --front / --least / --advice")
        raise InputError([Fault(message, "--scenario", expected=expected)])
    asked = aims.parse()
    loaded = load_market(market, *astuple(beside))
    weights = options.load_weights(solving.weights)
    posed = pose(of_files(loaded.market, weights, paths, baseline, asked), asking.questions)
    trial, found, plan = _solved(output, posed, solving.effort, out is not None)
    answers = answers_of(trial, found, output.lang)
    show_scenario(output, trial, loaded.notes)
    for answer in answers:
        show_answer(output, answer)
    if out is not None:
        written = save_answers(trial, found, answers, out, output.lang)
        if plan is not None:
            written += save_scenario_plan(trial, plan, solving.effort, loaded.files, out)
        for path in written:
            output.say(Text(f"已写入 {path}", f"wrote {path}"))
    content: Any = document(trial, found)
    output.document(content)
    output.leave(DONE if trial.after.result.objective is not None else CHECK_FAILED)


_Answered = tuple[Trial, list[Finding], Plan | None]


def _solved(output: Output, posed: Posed, effort: Effort, saves: bool) -> _Answered:
    """Answer all questions with a bar; Ctrl-C ends it before anything is shown or written."""
    with cancelled_cleanly(output), silent_stdout(), output.progress() as progress:
        bar = WhatIfBar(progress, output.lang)

        def work(is_wanted: Callable[[], bool]) -> _Answered:
            watch = bar.watch(is_wanted)
            trial = try_out(posed, effort, watch)
            found = list(findings(posed, trial, effort, watch))
            return trial, found, scenario_plan(trial, effort, watch) if saves else None

        return interruptible(work)
