"""`matcher whatif`: ask the plan a question."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from matcher.cli import options
from matcher.cli.market import MarketOption, load_market
from matcher.cli.output import CHECK_FAILED, DONE, Output, default_lang
from matcher.cli.show_whatif import show_answer, show_scenario
from matcher.cli.whatif_bar import WhatIfBar, silent_stdout
from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Text
from matcher.files.scenario_levers import read_least, read_sweep
from matcher.planning.effort import Effort
from matcher.services.rounds import Round
from matcher.services.whatif import (
    Asked,
    advised,
    ask,
    compared,
    least_needed,
    swept,
    traded,
)
from matcher.services.whatif_saving import (
    Answer,
    advice_answer,
    comparison_answer,
    curve_answer,
    document,
    front_answer,
    least_answer,
    save_answers,
    save_scenario_plan,
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
    app.command("whatif", help="如果……会怎样：情景、曲线、建议 / scenarios, curves, advice")(whatif)


@dataclass(frozen=True)
class _Questions:
    """What is asked beside the scenario itself."""

    sweeps: tuple[str, ...]
    front: str | None
    least: tuple[str, ...]
    displace: bool
    advice: bool
    most: int

    @property
    def is_empty(self) -> bool:
        return not (self.sweeps or self.front or self.least or self.advice)


def whatif(
    market: MarketOption = None,
    scenario: Scenarios = None,
    baseline: Baseline = None,
    sweep: Sweep = None,
    front: FrontBy = None,
    least: LeastFor = None,
    displace: Displace = False,
    advice: Advice = False,
    most: Most = 10,
    catalogue: options.CataloguePath = None,
    exchange_rate: options.ExchangeRate = "1",
    as_of: options.AsOf = None,
    calendar: options.Calendar = None,
    lpr: options.Lpr = None,
    weights: options.WeightsPath = None,
    method: options.Method = "auto",
    gap: options.Gap = 1e-4,
    time_limit: options.TimeLimit = 60.0,
    seed: options.Seed = 0,
    pin: options.Pins = None,
    ban: options.Bans = None,
    floor: options.Floors = None,
    out: OutDir = None,
    as_json: options.AsJson = False,
    lang: options.Language = None,
) -> None:
    """Compare a scenario with the baseline, or ask a question under it."""
    output = Output(lang or default_lang(), as_json)
    questions = _Questions(
        tuple(sweep or ()), front, tuple(least or ()), displace, advice, max(most, 1)
    )
    paths = tuple(scenario or ())
    if not paths and questions.is_empty:
        message = Text("请给出一个问题", "ask something")
        expected = Text.same("--scenario / --sweep / --front / --least / --advice")
        raise InputError([Fault(message, "--scenario", expected=expected)])
    aims = options.parse_asked(pin, ban, floor, None)
    solving = options.make_solving(method, gap, time_limit, seed)
    loaded = load_market(market, catalogue, exchange_rate, as_of, calendar, lpr)
    named = options.load_weights(weights)
    with _cancelled_cleanly(output), silent_stdout(), output.progress() as progress:
        bar = WhatIfBar(progress, output.lang)
        asked = ask(
            loaded.market,
            named,
            paths,
            solving,
            fixings=aims.fixings,
            floors=aims.floors,
            baseline=baseline,
            on_stage=bar.stage,
        )
        answers = list(_answers(output, asked, questions, solving, bar))
    _show(output, asked, answers, loaded.notes)
    for path in _save(output, asked, answers, solving, loaded, out):
        output.say(Text(f"已写入 {path}", f"wrote {path}"))
    content: Any = document(asked, answers)
    output.document(content)
    output.leave(DONE if asked.after.result.objective is not None else CHECK_FAILED)


def _answers(
    output: Output, asked: Asked, questions: _Questions, solving: Effort, bar: WhatIfBar
) -> Iterator[Answer]:
    """Yield the answer to everything that is asked; every question is read before any is solved."""
    setting, lang = asked.after.setting, output.lang
    sweeps = [read_sweep(words, setting) for words in questions.sweeps]
    goals = [read_least(words, setting, not questions.displace) for words in questions.least]
    if asked.scenario.changes:
        yield comparison_answer(asked, compared(asked, bar.stage), lang)
    for number, found in enumerate(sweeps, start=1):
        curve = swept(asked, found.lever, found.values, solving, bar.step)
        yield _numbered(curve_answer(asked, curve, lang), number, len(sweeps))
    if questions.front is not None:
        yield front_answer(traded(asked, questions.front, solving, bar.step), lang)
    for number, (lever, goal) in enumerate(goals, start=1):
        found_least = least_needed(asked, lever, goal, solving, bar.step)
        yield _numbered(least_answer(asked, found_least), number, len(goals))
    if questions.advice:
        yield advice_answer(advised(asked, solving, questions.most, bar.step), lang)


def _numbered(answer: Answer, number: int, total: int) -> Answer:
    """Return an answer under a name of its own, where there are several of its sort."""
    if total == 1:
        return answer
    charts = {f"{number}-{name}": chart for name, chart in answer.charts.items()}
    return replace(answer, name=f"{answer.name}-{number}", charts=charts)


def _show(output: Output, asked: Asked, answers: list[Answer], notes: Sequence[Text]) -> None:
    show_scenario(output, asked, notes)
    for answer in answers:
        show_answer(output, answer)


def _save(
    output: Output,
    asked: Asked,
    answers: list[Answer],
    solving: Effort,
    loaded: Round,
    out: Path | None,
) -> list[Path]:
    """Write the answers, and the scenario's own plan where there is one."""
    if out is None:
        return []
    paths = save_answers(asked, answers, out, output.lang)
    if asked.scenario.changes and asked.after.result.objective is not None:
        paths += save_scenario_plan(asked, solving, loaded.files, out)
    return paths


@contextmanager
def _cancelled_cleanly(output: Output) -> Iterator[None]:
    """Turn Ctrl-C into one sentence: nothing was written yet."""
    try:
        yield
    except KeyboardInterrupt:
        output.say(Text("已取消，没有写入任何文件", "cancelled; nothing was written"), "yellow")
        raise typer.Exit(CHECK_FAILED) from None
