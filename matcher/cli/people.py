"""`matcher people`: advisers, mentors and lead banks for the firms of a market."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from matcher.cli import options
from matcher.cli.gathering import Gathering
from matcher.cli.market import MarketOption, load_market
from matcher.cli.output import CHECK_FAILED, DONE, Output, default_lang
from matcher.cli.tables import NOTHING, add_row, joined, new_table
from matcher.domain.criteria import Criterion
from matcher.domain.text import Text
from matcher.services.outputs import require_ending
from matcher.services.people import (
    Assignment,
    Person,
    Role,
    assign_role,
    chosen_firms,
    parse_rules,
    read_people,
)
from matcher.services.people.output import ENDINGS, assignments_document, save_assignments

PeoplePath = Annotated[
    Path | None,
    typer.Option("--people", help="人员表（主办银行可不给）/ table of people (not for lead banks)"),
]
Roles = Annotated[
    list[Role] | None,
    typer.Option("--role", help="角色（默认表中所有）/ roles (default: all of the table)"),
]
Where = Annotated[
    list[str] | None,
    typer.Option("--where", help="只安排符合规则的企业 / only firms of which this rule holds"),
]
Limit = Annotated[
    int | None, typer.Option("--limit", min=0, help="未填者最多家数 / most firms, where not stated")
]
Spread = Annotated[
    int, typer.Option("--spread", help="工作量最多相差几家 / how far loads may lie apart")
]
OutFile = Annotated[
    Path | None, typer.Option("--out", help="写出 .xlsx 或 .json / file to write, .xlsx or .json")
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("people", help="安排顾问、导师、主办银行 / advisers, mentors, lead banks")(people)


def people(
    market: MarketOption = None,
    table: PeoplePath = None,
    role: Roles = None,
    where: Where = None,
    limit: Limit = None,
    spread: Spread = 1,
    as_of: options.AsOf = None,
    weights: options.WeightsPath = None,
    out: OutFile = None,
    as_json: options.AsJson = False,
    lang: options.Language = None,
) -> None:
    """Give each firm one person of each role, with level loads."""
    output = Output(lang or default_lang(), as_json)
    told = Gathering()
    nobody: tuple[Person, ...] = ()
    no_rules: tuple[Criterion, ...] = ()
    if out is not None:
        told.attempt(lambda: require_ending(out, ENDINGS), "")
    rules = told.attempt(lambda: parse_rules(where or (), "--where"), no_rules)
    listed = nobody if table is None else told.attempt(lambda: read_people(table), nobody)
    told.raise_if_any()
    loaded = load_market(market, as_of=as_of).market
    firms = chosen_firms(loaded, rules)
    used = options.load_weights(weights)
    with output.quiet_stdout():
        found = [
            assign_role(loaded, used, one, listed, firms, limit, spread)
            for one in role or _roles(listed)
        ]
    for one in found:
        show_assignment(output, one)
    if out is not None:
        save_assignments(out, loaded.as_of, found, output.lang)
        output.say(Text(f"已写入 {out}", f"wrote {out}"))
    output.document(assignments_document(loaded.as_of, found))
    output.leave(DONE if any(one.plan.assigned for one in found) else CHECK_FAILED)


def _roles(listed: Sequence[Person]) -> list[Role]:
    """Return the roles that the table has; without one, the banks of the market lead."""
    return [role for role in Role if any(p.role is role for p in listed)] or [Role.LEAD_BANK]


def show_assignment(output: Output, found: Assignment) -> None:
    """Print who serves which firms, then the firms that nobody serves."""
    table = new_table(
        output,
        found.role.text,
        Text("人员", "person"),
        Text("家数", "number"),
        Text("企业", "firm"),
        Text("理由", "why"),
        Text("待核实", "to be shown"),
        right=(1,),
    )
    for person_id, number in found.plan.load.items():
        _add_person(output, table, found, person_id, number)
    output.console.print(table)
    _show_left(output, found)
    output.say(_summary(found), style="bold")


def _add_person(output: Output, table: Table, found: Assignment, person: str, load: int) -> None:
    named = Text("{n}（{i}）", "{n} ({i})").format(n=found.people[person].text, i=person)
    firms = found.plan.of(person)
    if not firms:
        add_row(output, table, (named, Text.same(load), NOTHING, NOTHING, NOTHING))
    for firm in firms:
        fit = found.fit(firm, person)
        is_first = firm == firms[0]
        cells = (named, Text.same(load)) if is_first else (Text.same(""), Text.same(""))
        text = Text("{e}（{i}）", "{e} ({i})").format(e=found.firms[firm].text, i=firm)
        add_row(output, table, (*cells, text, joined(fit.reasons), joined(fit.missing)))


def _show_left(output: Output, found: Assignment) -> None:
    if not found.plan.unassigned:
        return
    title = Text("未安排的企业", "Firms that nobody serves")
    table = new_table(output, title, Text("企业", "firm"), Text("原因", "reason"))
    for item in found.plan.unassigned:
        text = Text("{e}（{i}）", "{e} ({i})")
        firm = text.format(e=found.firms[item.task_id].text, i=item.task_id)
        add_row(output, table, (firm, item.reason), "yellow")
    output.console.print(table)


def _summary(found: Assignment) -> Text:
    loads = found.plan.load.values()
    told = Text(
        "{r}：{n} 家企业中 {a} 家已安排，{p} 人（家）各 {lo} 至 {hi} 家",
        "{r}: {a} of {n} firms are served by {p}, with {lo} to {hi} each",
    )
    return told.format(
        r=found.role.text,
        n=len(found.firms),
        a=len(found.plan.assigned),
        p=len(found.people),
        lo=min(loads, default=0),
        hi=max(loads, default=0),
    )
