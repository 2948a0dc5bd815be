"""`matcher convene NEED`: who should sit at the table of one need."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from matcher.cli import options
from matcher.cli.market import MarketOption, load_market
from matcher.cli.output import CHECK_FAILED, DONE, Output, default_lang, text_document
from matcher.domain.money import money_text
from matcher.domain.text import Text
from matcher.planning.convening import ConveningList, Part, Party, TooSlow, Uncovered
from matcher.planning.urgent import Offer, Urgency
from matcher.services.convening import Convened, convene_need

LeastBanks = Annotated[
    int | None,
    typer.Option(
        "--least-banks",
        help="至少几家银行（默认：紧急需求 4 家）/ banks at least (default: 4 where it is urgent)",
    ),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("convene", help="为一个需求召集各方 / who should sit at the table of a need")(
        convene
    )


def convene(
    need: Annotated[str, typer.Argument(help="需求编号 / id of the need")],
    market: MarketOption = None,
    catalogue: options.CataloguePath = None,
    exchange_rate: options.ExchangeRate = "1",
    as_of: options.AsOf = None,
    lpr: options.Lpr = None,
    weights: options.WeightsPath = None,
    least_banks: LeastBanks = None,
    as_json: options.AsJson = False,
    lang: options.Language = None,
) -> None:
    """Show the convening list of one need."""
    output = Output(lang or default_lang(), as_json)
    loaded = load_market(market, catalogue, exchange_rate, as_of, lpr=lpr)
    found = convene_need(loaded.market, options.load_weights(weights), need, least_banks)
    show_convened(output, found)
    output.document(convened_document(found))
    output.leave(DONE if found.table.parties else CHECK_FAILED)


def show_convened(output: Output, found: Convened) -> None:
    """Print how urgent the need is, the table, the reserves, and what is not on the table."""
    table = found.table
    title = Text("{i}（{e}），{m}", "{i} ({e}), {m}").format(
        i=table.need.need_id, e=table.enterprise.text, m=money_text(table.need.amount_fen)
    )
    output.say(title, style="bold")
    output.say(found.urgency.sentence, style="bold")
    if table.parties:
        output.console.print(_parties(output, Text("召集名单", "Parties"), table.parties))
    if table.reserves:
        output.console.print(_parties(output, Text("候补", "Reserves"), table.reserves))
    if table.too_slow:
        output.console.print(_too_slow(output, table.too_slow))
    for item in table.uncovered:
        text = Text("无人提供：{s}", "Nobody brings {s}").format(s=item.sentence)
        output.say(text, style="red")
    for note in table.notes:
        output.say(Text("注：{n}", "Note: {n}").format(n=note), style="yellow")
    output.say(_summary(table), style="bold")


def _summary(table: ConveningList) -> Text:
    if not table.parties:
        return Text("没有机构能按期提供帮助", "nobody can help in time")
    return Text(
        "至少需要 {n} 家机构（其中银行 {b} 家），覆盖：{i}",
        "{n} parties are the fewest ({b} of them banks); they cover: {i}",
    ).format(n=len(table.parties), b=table.num_banks, i=Text.join([i.text for i in table.covered]))


def _table(output: Output, title: Text, *headers: Text) -> Table:
    table = Table(title=title.of(output.lang), title_justify="left")
    for header in headers:
        table.add_column(header.of(output.lang), overflow="fold")
    return table


def _parties(output: Output, title: Text, parties: Sequence[Party]) -> Table:
    table = _table(
        output,
        title,
        Text("机构", "party"),
        Text("方式", "instrument"),
        Text("产品", "product"),
        Text("到账", "cash"),
        Text("得分", "score"),
        Text("待补", "to be shown"),
        Text("缺席则", "without it"),
    )
    for party in parties:
        for part in party.parts:
            is_first = part is party.parts[0]
            table.add_row(*(escape(t.of(output.lang)) for t in _cells(party, part, is_first)))
    return table


def _cells(party: Party, part: Part, is_first: bool) -> Sequence[Text]:
    """Return one row; the party is named, and said to be needed, in its first row only."""
    nothing = Text.same("")
    return (
        party.institution.text if is_first else nothing,
        part.instrument.text,
        _offer_text(part),
        _cash_text(part),
        Text.same(f"{part.score:.3f}"),
        Text.join(list(part.missing), zh="；", en="; "),
        _needed_text(party) if is_first else nothing,
    )


def _offer_text(part: Part) -> Text:
    if not part.product.gives_money:
        return _package_text(part)
    template = Text("{p}，可得 {m}", "{p}, {m}")
    return template.format(p=_package_text(part), m=money_text(part.offered_fen))


def _package_text(part: Part) -> Text:
    """Name a product and, where others go with it, those and whose they are."""
    others = [
        Text("{i}{p}", "{p} of {i}").format(i=other.institution.text, p=other.product.text)
        for other in part.companions
    ]
    if not others:
        return part.product.text
    template = Text("{p}（须配{o}）", "{p} (with {o})")
    return template.format(p=part.product.text, o=Text.join(others))


def _cash_text(part: Part) -> Text:
    if part.cash_date is None:
        return Text("未知", "not known")
    if part.slack_workdays is None:
        return Text.same(part.cash_date)
    template = Text("{d}，余 {n} 个工作日", "{d}, {n} workdays to spare")
    return template.format(d=part.cash_date, n=part.slack_workdays)


def _needed_text(party: Party) -> Text:
    reasons = [Text("无{i}", "no {i}").format(i=i.text) for i in party.needed_for]
    if party.needed_as_bank:
        reasons.append(Text("银行不足", "too few banks"))
    return Text.join(reasons or [Text.same("–")])


def _too_slow(output: Output, items: Sequence[TooSlow]) -> Table:
    table = _table(
        output,
        Text("因到账太慢排除", "Excluded, too slow"),
        Text("机构", "institution"),
        Text("产品", "product"),
        Text("到账", "cash"),
        Text("原因", "reason"),
    )
    for item in items:
        day = Text.same(item.cash_date)
        texts = (item.institution.text, item.product.text, day, item.sentence)
        table.add_row(*(escape(text.of(output.lang)) for text in texts))
    return table


def convened_document(found: Convened) -> dict[str, Any]:
    """Return a convening list as JSON values."""
    table = found.table
    return {
        "need": table.need.need_id,
        "enterprise": table.enterprise.enterprise_id,
        "urgency": urgency_document(found.urgency),
        "least_banks": table.least_banks,
        "num_banks": table.num_banks,
        "covered": [str(i) for i in table.covered],
        "parties": [_party(p) for p in table.parties],
        "reserves": [_party(p) for p in table.reserves],
        "uncovered": [_uncovered(u) for u in table.uncovered],
        "too_slow": [_slow(s) for s in table.too_slow],
        "notes": [text_document(note) for note in table.notes],
    }


def urgency_document(urgency: Urgency) -> dict[str, Any]:
    """Return the urgency of a need as JSON values."""
    return {
        "class": str(urgency.urgency),
        "workdays_left": urgency.workdays_left,
        "slack_workdays": urgency.slack_workdays,
        "fastest": _offer(urgency.fastest),
        "best": _offer(urgency.best),
        "text": text_document(urgency.sentence),
    }


def _offer(offer: Offer | None) -> dict[str, Any] | None:
    if offer is None:
        return None
    return {
        "institution": offer.institution.institution_id,
        "product": offer.product.product_id,
        "cash_date": _day(offer),
        "slack_workdays": offer.slack_workdays,
    }


def _day(item: Offer | Part) -> str | None:
    return None if item.cash_date is None else item.cash_date.isoformat()


def _party(party: Party) -> dict[str, Any]:
    return {
        "institution": party.institution.institution_id,
        "kind": str(party.institution.kind),
        "score": party.score,
        "needed_for": [str(i) for i in party.needed_for],
        "needed_as_bank": party.needed_as_bank,
        "parts": [
            {
                "instrument": str(part.instrument),
                "product": part.product.product_id,
                "companions": [
                    {
                        "product": other.product.product_id,
                        "institution": other.institution.institution_id,
                    }
                    for other in part.companions
                ],
                "offered_fen": part.offered_fen if part.product.gives_money else None,
                "cash_date": _day(part),
                "slack_workdays": part.slack_workdays,
                "score": part.score,
                "missing": [text_document(text) for text in part.missing],
            }
            for part in party.parts
        ],
    }


def _uncovered(item: Uncovered) -> dict[str, Any]:
    changes = item.changes
    return {
        "instrument": str(item.instrument),
        "nearest": None if item.nearest is None else item.nearest.product.product_id,
        "changes": None
        if changes is None
        else [{"field": c.field, "text": text_document(c.text)} for c in changes],
        "text": text_document(item.sentence),
    }


def _slow(item: TooSlow) -> dict[str, Any]:
    return {
        "institution": item.institution.institution_id,
        "product": item.product.product_id,
        "cash_date": item.cash_date.isoformat(),
        "late_workdays": item.late_workdays,
        "text": text_document(item.sentence),
    }
