"""The explanation of one pair as tables on the terminal, and as JSON values."""

from __future__ import annotations

from typing import Any

from rich.markup import escape
from rich.table import Table

from matcher.cli.cost_showing import shown_table
from matcher.cli.output import Output, text_document
from matcher.cli.show_package import (
    companions_document,
    costs_table,
    offers_document,
    package_text,
    unknown_cost,
)
from matcher.domain.criteria import State, Verdict
from matcher.domain.text import Text
from matcher.finance.tranches import Grant
from matcher.scoring.explain import GROUP_OF, GROUP_TEXTS, Explanation
from matcher.services.costing.tranches import tranche_documents, tranche_table

_STYLES = {State.PASS: "green", State.UNKNOWN: "yellow", State.FAIL: "bold red"}


def show_explanation(output: Output, found: Explanation) -> None:
    """Print every verdict, what it costs, every term of the score, and what to change."""
    pair, lang = found.pair, output.lang
    output.say(
        Text("{n}（{e}）× {p}", "{n} ({e}) × {p}").format(
            n=pair.need.need_id,
            e=pair.enterprise.text,
            p=package_text(pair.institution, pair.product, pair.companions),
        ),
        style="bold",
    )
    output.console.print(_verdicts(output, found))
    unknown = unknown_cost(pair)
    if unknown is None:
        output.console.print(costs_table(output, pair))
    else:
        output.say(unknown, style="yellow")
    if pair.product.tranches and pair.offered_fen:
        grant = Grant(pair.offered_fen, pair.product.tranches)
        output.console.print(shown_table(output, tranche_table(grant)))
    output.console.print(_terms(output, found))
    for sentence in _conclusion(found):
        output.say(sentence.of(lang), style="bold")


def _verdicts(output: Output, found: Explanation) -> Table:
    lang = output.lang
    table = Table(title=Text("条件", "Conditions").of(lang), title_justify="left")
    for header in (
        Text("条件", "condition"),
        Text("实际", "found"),
        Text("要求", "asked"),
        Text("结论", "verdict"),
    ):
        table.add_column(header.of(lang), overflow="fold")
    for verdict in found.verdicts:
        shown = (verdict.found or Text("未提供", "not given")).of(lang)
        style = _STYLES[verdict.state]
        cells = [verdict.label.of(lang), shown, verdict.asked.of(lang), verdict.state.text.of(lang)]
        table.add_row(*(escape(c) for c in cells), style=style)
    return table


def _terms(output: Output, found: Explanation) -> Table:
    lang = output.lang
    table = Table(title=Text("得分构成", "The score, term by term").of(lang), title_justify="left")
    for header in (
        Text("侧", "side"),
        Text("特征", "feature"),
        Text("取值", "value"),
        Text("权重", "weight"),
        Text("贡献", "part"),
    ):
        table.add_column(header.of(lang))
    for term in found.terms:
        side = GROUP_TEXTS[GROUP_OF[term.feature]].of(lang)
        numbers = (f"{term.value:.4f}", f"{term.weight:.4f}", f"{term.part:.4f}")
        table.add_row(side, term.text.of(lang), *numbers)
    table.add_row("", Text("合计", "sum").of(lang), "", "", f"{found.score:.4f}", style="bold")
    return table


def _conclusion(found: Explanation) -> list[Text]:
    if found.eligible and not found.missing:
        return [Text("适用", "Eligible.")]
    if found.eligible:
        papers = Text.join(list(found.missing), zh="；", en="; ")
        return [Text("有条件适用，待补：{p}", "Eligible if shown: {p}").format(p=papers)]
    if found.changes is None:
        reasons = Text.join([v.sentence for v in found.failing], zh="；", en="; ")
        template = Text(
            "不适用，改变需求本身无法解决：{r}",
            "Not eligible; no change of the need helps: {r}",
        )
        return [template.format(r=reasons)]
    changes = Text.join([c.text for c in found.changes], zh="；", en="; ")
    template = Text("不适用；最小改变：{c}", "Not eligible; the smallest change: {c}")
    return [template.format(c=changes)]


def explanation_document(found: Explanation) -> dict[str, Any]:
    """Return an explanation as JSON values."""
    changes = found.changes
    return {
        "need": found.pair.need.need_id,
        "product": found.pair.product.product_id,
        "institution": found.pair.institution.institution_id,
        "companions": companions_document(found.pair.companions),
        "offers": offers_document(found.pair),
        "tranches": _tranches(found),
        "eligible": found.eligible,
        "score": found.score,
        "verdicts": [_verdict(v) for v in found.verdicts],
        "terms": [
            {
                "side": GROUP_OF[t.feature],
                "feature": t.feature,
                "text": text_document(t.text),
                "value": t.value,
                "weight": t.weight,
                "part": t.part,
            }
            for t in found.terms
        ],
        "changes": None
        if changes is None
        else [{"field": c.field, "text": text_document(c.text)} for c in changes],
    }


def _tranches(found: Explanation) -> list[dict[str, Any]]:
    """Return what is paid when of what the product could give."""
    fen, tranches = found.pair.offered_fen, found.pair.product.tranches
    return tranche_documents(Grant(fen, tranches)) if fen and tranches else []


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "state": verdict.state.name.lower(),
        "label": text_document(verdict.label),
        "found": None if verdict.found is None else text_document(verdict.found),
        "asked": text_document(verdict.asked),
        "mendable": verdict.mendable,
        "parts": [_verdict(part) for part in verdict.parts],
    }
