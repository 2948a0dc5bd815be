"""`matcher similar ENTERPRISE`: firms in a similar position, and what they share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer

import seeds
from matcher.cli import options
from matcher.cli.market import MarketOption
from matcher.cli.output import CHECK_FAILED, DONE, Output, default_lang, text_document
from matcher.cli.tables import add_row, joined, new_table
from matcher.domain.text import Text
from matcher.scoring.similar import LikeTerm, Neighbour
from matcher.services.alike import Alike, firms_like, read_firms

Top = Annotated[int, typer.Option("--top", help="列出几家 / how many firms")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("similar", help="处境相似的企业 / firms in a similar position, what they share")(
        similar
    )


def similar(
    enterprise: Annotated[str, typer.Argument(help="企业编号 / id of the firm")],
    market: MarketOption = None,
    top: Top = 10,
    as_json: options.AsJson = False,
    lang: options.Language = None,
) -> None:
    """Show the firms most like one."""
    output = Output(lang or default_lang(), as_json)
    firms = seeds.load().enterprises if market is None else read_firms(market)
    found = firms_like(firms, enterprise, top)
    show_alike(output, found)
    output.document(alike_document(found))
    output.leave(DONE if found.neighbours else CHECK_FAILED)


def show_alike(output: Output, found: Alike) -> None:
    """Print the firms, best first, with the indicators shared and the clearest differences."""
    values = {"e": found.enterprise.text, "i": found.enterprise.enterprise_id}
    if not found.neighbours:
        nobody = Text("没有可与{e}（{i}）比较的企业", "no firm can be compared with {e} ({i})")
        output.say(nobody.format(**values), style="bold")
        return
    table = new_table(
        output,
        Text("与{e}（{i}）处境相似的企业", "Firms like {e} ({i})").format(**values),
        Text("企业", "firm"),
        Text("相似度", "alike"),
        Text("依据", "known"),
        Text("共同点", "what they share"),
        Text("不同点", "where they differ"),
        right=(1, 2),
    )
    for neighbour in found.neighbours:
        add_row(output, table, _cells(neighbour))
    output.console.print(table)
    output.say(_NOTE)


_NOTE = Text(
    "相似度：已知指标的加权相似（Gower）；依据：双方都已知的指标占多大权重",
    "alike: weighted likeness of what is known (Gower); known: the weight of what both have told",
)


def _cells(one: Neighbour) -> Sequence[Text]:
    firm = one.enterprise
    differing = [term for term in one.terms if term.likeness < 0.5]
    return (
        Text("{i}\n{e}", "{i}\n{e}").format(i=firm.enterprise_id, e=firm.text),
        Text.same(f"{one.similarity:.0%}"),
        Text.same(f"{one.evidence:.0%}"),
        joined(_shared_text(term) for term in one.shared),
        joined(_beside(term, "≠") for term in differing),
    )


def _shared_text(term: LikeTerm) -> Text:
    if term.ours == term.theirs:
        return Text("{t} {v}", "{t} {v}").format(t=term.text, v=term.theirs)
    return _beside(term, "≈")


def _beside(term: LikeTerm, sign: str) -> Text:
    template = f"{{t}} {{a}} {sign} {{b}}"
    return Text(template, template).format(t=term.text, a=term.ours, b=term.theirs)


def alike_document(found: Alike) -> dict[str, Any]:
    """Return the firms as JSON values, every term of each similarity included."""
    return {
        "enterprise": found.enterprise.enterprise_id,
        "neighbours": [
            {
                "enterprise": one.enterprise.enterprise_id,
                "name": text_document(one.enterprise.text),
                "similarity": one.similarity,
                "evidence": one.evidence,
                "score": one.score,
                "shared": [term.name for term in one.shared],
                "terms": [_term(term) for term in one.terms],
            }
            for one in found.neighbours
        ],
    }


def _term(term: LikeTerm) -> dict[str, Any]:
    return {
        "name": term.name,
        "label": text_document(term.text),
        "ours": text_document(term.ours),
        "theirs": text_document(term.theirs),
        "likeness": term.likeness,
        "weight": term.weight,
        "contribution": term.contribution,
    }
