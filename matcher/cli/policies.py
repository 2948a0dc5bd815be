"""`matcher policies`: which policies each need may claim, and what stands against the others."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from matcher.cli import options
from matcher.cli.market import MarketOption, load_market
from matcher.cli.output import CHECK_FAILED, DONE, Output, default_lang, text_document
from matcher.cli.tables import NOTHING, add_row, joined, new_table
from matcher.domain.text import Text
from matcher.files.atomic import write_whole
from matcher.market import Market
from matcher.services.planning import market_bytes
from matcher.services.policies import (
    PolicyFinding,
    PolicyReport,
    RegisterCounts,
    count_register,
    import_policies,
    policies_for,
)

NeedOption = Annotated[
    str | None, typer.Option("--need", help="只看一个需求 / one need, with every reason")
]
ImportOption = Annotated[
    Path | None,
    typer.Option("--import", help="导入政策表（及其预算）/ add the policies of a file, and pools"),
]
OutFile = Annotated[
    Path | None,
    typer.Option("--out", help="写出含导入政策的市场 JSON / the market with them, as JSON"),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("policies", help="各需求适用哪些政策 / which policies apply to each need")(policies)


def policies(
    market: MarketOption = None,
    need: NeedOption = None,
    imported: ImportOption = None,
    as_of: options.AsOf = None,
    out: OutFile = None,
    as_json: options.AsJson = False,
    lang: options.Language = None,
) -> None:
    """Show what applies to each need, or everything about one."""
    output = Output(lang or default_lang(), as_json)
    before = load_market(market, as_of=as_of).market
    after = before if imported is None else import_policies(before, imported)
    needs = [n.need_id for n in after.needs] if need is None else [need]
    reports = [policies_for(after, need_id) for need_id in needs]
    counts = count_register(after.policies)
    if imported is not None:
        show_register(output, counts, len(before.policies))
    if need is None:
        show_needs(output, reports)
    else:
        show_need(output, reports[0])
    if out is not None:
        write_whole(out, market_bytes(after))
        output.say(Text(f"已写入 {out}", f"wrote {out}"))
    output.document(_document(before, counts, reports))
    output.leave(DONE if any(r.applies or r.unknown for r in reports) else CHECK_FAILED)


def show_register(output: Output, counts: RegisterCounts, num_before: int) -> None:
    """Print how many policies there are now, by issuer and by category."""
    added = counts.num_policies - num_before
    told = Text("导入 {a} 项政策，现有 {n} 项", "{a} policies imported, {n} in all")
    output.say(told.format(a=added, n=counts.num_policies), style="bold")
    for title, pairs in (
        (Text("按发布单位", "By issuer"), counts.by_issuer),
        (Text("按类别", "By category"), counts.by_category),
    ):
        table = new_table(output, title, Text("名称", "name"), Text("项数", "number"), right=(1,))
        for name, number in pairs:
            shown = Text("未说明", "not stated") if name is None else name
            add_row(output, table, (shown, Text.same(number)))
        output.console.print(table)


def show_needs(output: Output, reports: Sequence[PolicyReport]) -> None:
    """Print a row for each need: what applies, and how many are open or do not."""
    table = new_table(
        output,
        Text("各需求适用的政策", "Policies by need"),
        Text("需求", "need"),
        Text("适用", "apply"),
        Text("待核实", "open"),
        Text("不适用", "do not"),
        Text("适用的政策", "which apply"),
        Text("待核实的政策", "which are open"),
        right=(1, 2, 3),
    )
    for one in reports:
        numbers = [len(found) for found in (one.applies, one.unknown, one.fails)]
        named = "{n}\n{e}"
        need = Text(named, named).format(n=one.need.need_id, e=one.enterprise.text)
        lists = (_names(one.applies), _names(one.unknown))
        add_row(output, table, (need, *map(Text.same, numbers), *lists))
    output.console.print(table)
    helped = sum(bool(one.applies) for one in reports)
    told = Text(
        "{n} 个需求中 {h} 个有适用政策；逐条原因：--need 需求编号",
        "{h} of {n} needs have a policy that applies; reasons: --need NEED",
    )
    output.say(told.format(n=len(reports), h=helped), style="bold")


def _names(findings: Sequence[PolicyFinding]) -> Text:
    return joined(finding.policy.text for finding in findings)


def show_need(output: Output, report: PolicyReport) -> None:
    """Print every policy beside one need, with the rules that fail or are open."""
    table = new_table(
        output,
        Text("{n}（{e}）", "{n} ({e})").format(n=report.need.need_id, e=report.enterprise.text),
        Text("结论", "finding"),
        Text("政策", "policy"),
        Text("发布单位", "issuer"),
        Text("不符合的条件或待补材料", "what fails, or is to be shown"),
        Text("可补救", "mendable"),
    )
    for finding in report.applies:
        _add(output, table, finding, _APPLIES, NOTHING, "green")
    for finding in report.unknown:
        _add(output, table, finding, _OPEN, joined(finding.missing), "yellow")
    for finding in report.fails:
        reasons = joined(verdict.sentence for verdict in finding.failing)
        _add(output, table, finding, _FAILS, reasons, None)
    output.console.print(table)
    output.say(report.summary, style="bold")


_APPLIES, _OPEN = Text("适用", "applies"), Text("待核实", "open")
_FAILS = Text("不适用", "does not")


def _add(
    output: Output, table: Table, finding: PolicyFinding, word: Text, why: Text, style: str | None
) -> None:
    policy = finding.policy
    issuer = policy.issuer_text or NOTHING
    add_row(output, table, (word, policy.text, issuer, why, _mendable(finding)), style)


def _mendable(finding: PolicyFinding) -> Text:
    if not finding.failing:
        return NOTHING
    return Text("是", "yes") if finding.mendable else Text("否", "no")


def _document(
    before: Market, counts: RegisterCounts, reports: Sequence[PolicyReport]
) -> dict[str, Any]:
    return {
        "register": {
            "num_policies": counts.num_policies,
            "num_imported": counts.num_policies - len(before.policies),
            "by_issuer": _numbers("issuer", counts.by_issuer),
            "by_category": _numbers("category", counts.by_category),
        },
        "needs": [report.to_document() for report in reports],
    }


def _numbers(key: str, counted: Sequence[tuple[Text | None, int]]) -> list[dict[str, Any]]:
    """Return names with their numbers; the key has the Chinese name as the register does."""
    return [
        {
            key: None if name is None else name.zh,
            "name": None if name is None else text_document(name),
            "number": number,
        }
        for name, number in counted
    ]
