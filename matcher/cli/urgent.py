"""`matcher urgent`: every need of a round, the one with the least time to lose first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

import typer

from matcher.cli import options
from matcher.cli.convene import urgency_document
from matcher.cli.market import MarketOption, load_market
from matcher.cli.output import CHECK_FAILED, DONE, Output, default_lang, text_document
from matcher.cli.tables import NOTHING, add_row, joined, new_table
from matcher.domain.money import money_text
from matcher.domain.text import Text
from matcher.planning.urgent import Urgency, UrgencyClass
from matcher.services.urgency import Waiting, waiting_list

Top = Annotated[
    int | None, typer.Option("--top", min=1, help="只列最紧急的几条 / only so many, most urgent")
]
_STYLES = {
    UrgencyClass.LOST: "bold red",
    UrgencyClass.CRITICAL: "red",
    UrgencyClass.URGENT: "yellow",
    UrgencyClass.NORMAL: None,
}
_MOST_NAMED = 3


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("urgent", help="紧急需求队列 / which needs are urgent, and the first step")(urgent)


def urgent(
    market: MarketOption = None,
    top: Top = None,
    catalogue: options.CataloguePath = None,
    exchange_rate: options.ExchangeRate = "1",
    as_of: options.AsOf = None,
    calendar: options.Calendar = None,
    weights: options.WeightsPath = None,
    as_json: options.AsJson = False,
    lang: options.Language = None,
) -> None:
    """Show the queue of needs."""
    output = Output(lang or default_lang(), as_json)
    loaded = load_market(market, catalogue, exchange_rate, as_of, calendar)
    found = waiting_list(loaded.market, options.load_weights(weights))
    show_queue(output, loaded.market.as_of, found, top)
    output.document(queue_document(loaded.market.as_of, found, top))
    output.leave(DONE if found else CHECK_FAILED)


def show_queue(output: Output, day: date, found: Sequence[Waiting], top: int | None) -> None:
    """Print the queue, and how many needs there are of each class."""
    table = new_table(
        output,
        Text(f"紧急需求队列 {day}", f"Needs by urgency, {day}"),
        Text("级别", "level"),
        Text("需求", "need"),
        Text("金额", "amount"),
        Text("最晚到账", "needed by"),
        Text("缺少", "missing"),
        Text("第一步", "first step"),
    )
    for one in found[:top]:
        add_row(output, table, _cells(one), _STYLES[one.urgency.urgency])
    output.console.print(table)
    output.say(_summary(found), style="bold")


def _cells(one: Waiting) -> Sequence[Text]:
    urgency = one.urgency
    return (
        urgency.urgency.text,
        Text("{n}\n{e}", "{n}\n{e}").format(n=urgency.need.need_id, e=urgency.enterprise.text),
        money_text(urgency.need.amount_fen),
        _deadline(urgency),
        _shortened([missing.label for missing in one.missing]),
        one.step.shell_text,
    )


def _deadline(urgency: Urgency) -> Text:
    """Return the day, the workdays left and those of them to spare, a line each."""
    left, slack = urgency.workdays_left, urgency.slack_workdays
    if left is None:
        return NOTHING
    lines = [Text.same(urgency.need.needed_by)]
    lines.append(Text(f"剩 {left} 个工作日", f"{left} workdays left"))
    if slack is not None:
        lines.append(Text(f"余量 {slack} 个", f"{slack} to spare"))
    return Text.join(lines, zh="\n", en="\n")


def _shortened(labels: Sequence[Text]) -> Text:
    """Name the first few; --json has all."""
    shown, more = joined(labels[:_MOST_NAMED]), len(labels) - _MOST_NAMED
    template = Text("{s}等 {n} 项", "{s} and {m} more")
    return template.format(s=shown, n=len(labels), m=more) if more > 0 else shown


def _summary(found: Sequence[Waiting]) -> Text:
    if not found:
        return Text("没有需求", "there are no needs")
    counts = [(c, sum(one.urgency.urgency is c for one in found)) for c in UrgencyClass]
    parts = [Text("{c} {n}", "{n} {c}").format(c=c.text, n=n) for c, n in counts if n]
    template = Text("共 {n} 个需求：{p}", "{n} needs: {p}")
    return template.format(n=len(found), p=Text.join(parts))


def queue_document(day: date, found: Sequence[Waiting], top: int | None = None) -> dict[str, Any]:
    """Return the queue as JSON values."""
    counts = {str(c): sum(one.urgency.urgency is c for one in found) for c in UrgencyClass}
    return {
        "as_of": day.isoformat(),
        "counts": counts,
        "needs": [_entry(one) for one in found[:top]],
    }


def _entry(one: Waiting) -> dict[str, Any]:
    need, triage = one.urgency.need, one.triage
    return {
        "need": need.need_id,
        "enterprise": one.urgency.enterprise.enterprise_id,
        "amount_fen": need.amount_fen,
        "needed_by": None if need.needed_by is None else need.needed_by.isoformat(),
        "urgency": urgency_document(one.urgency),
        "triage": {
            "class": str(triage.urgency),
            "days_left": triage.days_left,
            "text": text_document(triage.reason),
        },
        "missing": [{"field": m.field, "label": text_document(m.label)} for m in one.missing],
        "papers": [text_document(paper) for paper in one.papers],
        "first_step": {"action": str(one.step.action), "text": text_document(one.step.shell_text)},
    }
