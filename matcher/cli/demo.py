"""`matcher demo`: the main job on the programmes of the source documents."""

from __future__ import annotations

import typer

from matcher.cli import options, plan
from matcher.cli.market import load_market
from matcher.cli.output import Output, default_lang
from matcher.planning.effort import Effort
from matcher.scoring.weights import default_weights
from matcher.services.planning import Asked


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("demo", help="用示例市场运行一遍 / plan the round of the seed market")(demo)


def demo(
    lpr: options.Lpr = None,
    method: options.Method = "auto",
    gap: options.Gap = 1e-4,
    time_limit: options.TimeLimit = 60.0,
    seed: options.Seed = 0,
    out: options.OutDir = None,
    as_json: options.AsJson = False,
    lang: options.Language = None,
) -> None:
    """Plan the round of the seed market."""
    output = Output(lang or default_lang(), as_json)
    loaded = load_market(None, lpr=lpr)
    solving = Effort(method, gap, time_limit, seed)
    plan.run(output, loaded, default_weights(), solving, Asked(), out)
