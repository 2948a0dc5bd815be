"""`matcher cost tranches`: a grant in tranches, and what is paid of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from matcher.cli import options
from matcher.cli.cost_reading import Reader
from matcher.cli.cost_showing import yuan_text
from matcher.cli.output import Output, default_lang
from matcher.domain.errors import Faults
from matcher.domain.money import rate_text
from matcher.domain.text import Text
from matcher.domain.tranche import Tranche, parse_milestone
from matcher.finance.tranches import Grant, MilestoneEvent, Outcome

Amount = Annotated[str, typer.Option("--amount", help="金额，如 350万 / amount in yuan")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("tranches", help="里程碑分期拨付 / tranches by milestone")(tranches)


def tranches(
    amount: Amount,
    shares: Annotated[str, typer.Option("--shares", help="各期比例，如 40/40/20 / shares")],
    milestones: Annotated[
        list[str] | None,
        typer.Option(
            "--milestone",
            help="各期节点，如 review/new_financing / what releases each tranche, in order",
        ),
    ] = None,
    reached: Annotated[
        list[str] | None, typer.Option("--reached", help="已达成的节点 / milestone reached")
    ] = None,
    failed: Annotated[
        str | None, typer.Option("--failed", help="未达成的节点 / milestone failed")
    ] = None,
    as_json: options.AsJson = False,
    lang: options.Language = None,
) -> None:
    """Show the tranches of a grant and what is paid of it."""
    output, reader = Output(lang or default_lang(), as_json), Reader()
    amount_fen = reader.money("amount_fen", "--amount", amount)
    parts = reader.shares(shares)
    reader.name("milestones", "--milestone")
    names = milestones or [str(n + 1) for n in range(len(parts))]
    start = reader.attempt(lambda: Grant(amount_fen, _paired(parts, names)))
    reader.raise_if_any()
    assert start is not None
    reader.name("milestone", "--reached")
    grant = reader.finish(lambda: start.after_all(MilestoneEvent(m) for m in reached or ()))
    if failed is not None:
        reader.name("milestone", "--failed")
        failure = MilestoneEvent(failed, Outcome.FAILED)
        grant = reader.finish(lambda: grant.after(failure))
    _show_grant(output, grant)
    output.document(_grant_document(grant))


def _paired(parts: tuple[Decimal, ...], names: list[str]) -> tuple[Tranche, ...]:
    faults = Faults()
    expected = Text(f"{len(parts)} 个节点", f"{len(parts)} milestones")
    faults.require(len(parts) == len(names), "milestones", ", ".join(names), expected)
    faults.raise_if_any()
    milestones = [tuple(parse_milestone(word) for word in name.split("/")) for name in names]
    return tuple(Tranche(part, each) for part, each in zip(parts, milestones, strict=True))


def _states(grant: Grant) -> list[Text]:
    """Return what has become of each tranche."""
    done = [Text("已拨付", "paid")] * grant.num_paid
    ended = Text("不再拨付", "never paid") if grant.failed_at else Text("待拨付", "awaited")
    return done + [ended] * (len(grant.tranches) - grant.num_paid)


def tranche_table(output: Output, grant: Grant) -> Table:
    """Return the tranches of a grant as a table: what releases each, how much, its state."""
    lang = output.lang
    table = Table(title=Text("分期拨付", "Tranches").of(lang), title_justify="left")
    for label in (Text("节点", "milestone"), Text("比例", "share")):
        table.add_column(label.of(lang))
    table.add_column(Text("金额", "amount").of(lang), justify="right")
    table.add_column(Text("状态", "state").of(lang))
    for tranche, part, state in zip(grant.tranches, grant.amounts_fen, _states(grant), strict=True):
        shown = (tranche.text, rate_text(tranche.share), yuan_text(part), state)
        table.add_row(*(escape(text.of(lang)) for text in shown))
    return table


def _show_grant(output: Output, grant: Grant) -> None:
    output.console.print(tranche_table(output, grant))
    sums = Text("已拨付 {p}，未拨付 {u}", "paid {p}, not paid {u}")
    output.say(sums.format(p=yuan_text(grant.paid_fen), u=yuan_text(grant.unpaid_fen)))


def tranche_documents(grant: Grant) -> list[dict[str, Any]]:
    """Return the tranches of a grant as JSON values."""
    return [
        {
            "milestones": list(t.milestones),
            "share": f"{t.share.normalize():f}",
            "amount_fen": fen,
            "state": state.en,
        }
        for t, fen, state in zip(grant.tranches, grant.amounts_fen, _states(grant), strict=True)
    ]


def _grant_document(grant: Grant) -> dict[str, Any]:
    return {
        "amount_fen": grant.amount_fen,
        "tranches": tranche_documents(grant),
        "paid_fen": grant.paid_fen,
        "unpaid_fen": grant.unpaid_fen,
        "awaits": list(grant.awaits),
        "failed_at": grant.failed_at,
    }
