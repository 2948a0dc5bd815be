"""`matcher plan`: from files to a certified plan."""

from __future__ import annotations

from dataclasses import astuple
from pathlib import Path

import typer

from matcher.cli import options
from matcher.cli.output import CHECK_FAILED, DONE, Output, default_lang
from matcher.cli.show_plan import show_plan
from matcher.cli.spread import spread
from matcher.cli.stage_bar import StageBar
from matcher.domain.text import Text
from matcher.planning.effort import Effort
from matcher.scoring.weights import Weights
from matcher.services.planning import Asked, PlannedRound, plan_round, save_plan
from matcher.services.rounds import Round


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("plan", help="制定撮合方案 / plan a round and certify the plan")(spread(plan))


def plan(
    market: options.MarketPath,
    beside: options.Beside,
    solving: options.Solving,
    aims: options.Aims,
    out: options.OutDir = None,
    as_json: options.AsJson = False,
    lang: options.Language = None,
) -> None:
    """Plan the round of a market."""
    output = Output(lang or default_lang(), as_json)
    asked = aims.parse()
    loaded = options.Source(market, *astuple(beside)).load()
    run(output, loaded, options.load_weights(solving.weights), solving.effort, asked, out)


def run(
    output: Output,
    loaded: Round,
    weights: Weights,
    solving: Effort,
    asked: Asked,
    out: Path | None,
) -> None:
    """Plan, show and save, and leave with the exit code."""
    with output.quiet_stdout(), output.progress() as bar:
        planned = plan_round(loaded, weights, solving, asked, StageBar(bar, output.lang))
    show_plan(output, planned)
    if out is not None:
        _save(output, planned, out)
    output.document(planned.document)
    output.leave(DONE if planned.plan.matches else CHECK_FAILED)


def _save(output: Output, planned: PlannedRound, out: Path) -> None:
    for path in save_plan(planned, out, output.lang):
        output.say(Text(f"已写入 {path}", f"wrote {path}"))
