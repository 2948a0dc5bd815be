"""A plan as tables on the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from rich.markup import escape
from rich.table import Table

from matcher.cli.output import Output
from matcher.cli.show_package import cost_text, package_text, supports_text
from matcher.domain.money import money_text
from matcher.domain.text import Text
from matcher.planning.floors import FloorReport
from matcher.planning.plan import Match, Plan
from matcher.planning.unmatched import price_text
from matcher.services.planning import PlannedRound

NUM_REASONS = 3
MAX_NOTES = 12
NUM_BOTTLENECKS = 5


def show_plan(output: Output, planned: PlannedRound) -> None:
    """Print matches, unmatched needs, pools, bottlenecks, and the summary last."""
    plan = planned.plan
    if plan.matches:
        output.console.print(_matches(output, plan))
    if plan.unmatched:
        output.console.print(_unmatched(output, plan))
    if any(use.used for use in plan.pools):
        output.console.print(_pools(output, plan))
    if plan.floors:
        output.console.print(floors_table(output, plan.floors))
    _notes(output, [*planned.inputs.notes, *plan.notes])
    for found in (plan.bottlenecks or ())[:NUM_BOTTLENECKS]:
        output.say(Text("瓶颈：{s}", "Bottleneck: {s}").format(s=found.sentence), style="cyan")
    for sentence in summary(plan):
        output.say(sentence, style="bold")


def summary(plan: Plan) -> Iterable[Text]:
    """Yield the few sentences that say how good the plan is."""
    result, market = plan.result, plan.graph.market
    yield Text(
        "{d}：{n} 个需求、{p} 个产品、{e} 对可行",
        "{d}: {n} needs, {p} products, {e} eligible pairs",
    ).format(d=market.as_of, n=market.num_needs, p=market.num_products, e=plan.num_pairs)
    yield Text(
        "撮合 {f} 个需求（{m} 次对接、{i} 家机构），{u} 个未撮合",
        "{f} needs matched ({m} meetings with {i} institutions), {u} unmatched",
    ).format(
        f=plan.num_matched_needs,
        m=len(plan.matches),
        i=len({m.institution.institution_id for m in plan.matches}),
        u=len(plan.unmatched),
    )
    if result.objective is None or result.bound is None or result.gap is None:
        yield Text("没有方案：{r}", "no plan: {r}").format(r=result.reason)
        return
    told = Text(
        "总得分 {o:.4f}，可证上界 {b:.4f}，差距 {g:.3%}（{r}）",
        "objective {o:.4f}, certified bound {b:.4f}, gap {g:.3%} ({r})",
    )
    if plan.floors:
        told = Text(
            "得分减去底线罚分 {o:.4f}，可证上界 {b:.4f}，差距 {g:.3%}（{r}）",
            "score less what floors lack {o:.4f}, certified bound {b:.4f}, gap {g:.3%} ({r})",
        )
    yield told.format(o=result.objective, b=result.bound, g=result.gap, r=result.reason)
    if plan.cost_of_floors is not None:
        yield Text(
            "得分合计 {s:.4f}；不设底线可达 {f:.4f}，底线的代价为 {c:.4f}",
            "scores add up to {s:.4f}; without floors {f:.4f}, so the floors cost {c:.4f}",
        ).format(s=plan.score, f=plan.score_without_floors, c=plan.cost_of_floors)
    gain = plan.gain_over_greedy
    if gain is not None:
        yield Text(
            "比人工逐个挑选（贪心 {g:.4f}）高 {p:.2%}",
            "{p:.2%} better than picking by hand, best score first (greedy: {g:.4f})",
        ).format(g=plan.greedy_objective, p=gain)
    if any(m.is_illustrative for m in plan.matches):
        yield Text(
            "* 所依据的资料中有示例数据，并非来源文件所述",
            "* rests on illustrative data that no source states",
        )


def _table(output: Output, title: Text, *headers: Text) -> Table:
    table = Table(title=title.of(output.lang), title_justify="left", show_lines=False)
    for header in headers:
        table.add_column(header.of(output.lang), overflow="fold")
    return table


def _row(output: Output, table: Table, *cells: Text | str) -> None:
    words = [c.of(output.lang) if isinstance(c, Text) else c for c in cells]
    table.add_row(*(escape(word) for word in words))


def _matches(output: Output, plan: Plan) -> Table:
    table = _table(
        output,
        Text("撮合方案（最急的在前）", "Matches, the most urgent first"),
        Text("需求", "need"),
        Text("机构 · 产品", "institution · product"),
        Text("到账", "cash"),
        Text("得分", "score"),
        Text("主要理由", "strongest reasons"),
    )
    last: str | None = None
    for match in sorted(plan.matches, key=_urgency):
        is_first = match.need.need_id != last
        if is_first and last is not None:
            table.add_section()
        need = _need_text(match) if is_first else ""
        score = f"{match.score:.3f}"
        _row(output, table, need, _offer_text(match), _cash_text(match), score, _why_text(match))
        last = match.need.need_id
    return table


def _urgency(match: Match) -> tuple[date, str, float]:
    return (match.need.needed_by or date.max, match.need.need_id, -match.score)


def _need_text(match: Match) -> Text:
    deadline = match.need.needed_by
    by = Text.same("") if deadline is None else Text(f"，最迟 {deadline}", f", by {deadline}")
    return Text("{i}\n{n}\n{m}{b}", "{i}\n{n}\n{m}{b}").format(
        i=match.need.need_id, n=match.enterprise.text, m=money_text(match.need.amount_fen), b=by
    )


def _offer_text(match: Match) -> Text:
    """Name the package, what it gives at what cost, and the policies that the cost counts on."""
    name = package_text(match.institution, match.product, match.companions)
    lines = [Text("{n}*", "{n}*").format(n=name) if match.is_illustrative else name]
    if match.product.gives_money:
        told = Text("可得 {m}，综合成本 {c}", "{m}, all-in cost {c}")
        cost = cost_text(match.all_in_low, match.all_in_high)
        lines.append(told.format(m=money_text(match.offered_fen), c=cost))
    if match.claims:
        supports = supports_text((c.policy, c.support_fen) for c in match.claims)
        lines.append(Text("政策：{s}", "policies: {s}").format(s=supports))
    return Text.join(lines, zh="\n", en="\n")


def _cash_text(match: Match) -> Text:
    if match.cash_date is None:
        return Text("未知", "not known")
    if match.slack_workdays is None:
        return Text.same(match.cash_date)
    template = Text("{d}\n余 {n} 个工作日", "{d}\n{n} workdays to spare")
    return template.format(d=match.cash_date, n=match.slack_workdays)


def _why_text(match: Match) -> Text:
    if not match.missing:
        return reasons_text(match)
    papers = Text.join(list(match.missing), zh="；", en="; ")
    return Text("{r}\n待补：{p}", "{r}\nto be shown: {p}").format(r=reasons_text(match), p=papers)


def reasons_text(match: Match) -> Text:
    """Return the strongest terms of the score, in words with their parts."""
    strongest = sorted(match.terms, key=lambda t: -t.part)[:NUM_REASONS]
    parts = [Text("{t} {p:.3f}", "{t} {p:.3f}").format(t=t.text, p=t.part) for t in strongest]
    return Text.join(parts)


def _unmatched(output: Output, plan: Plan) -> Table:
    table = _table(
        output,
        Text("未撮合", "Unmatched"),
        Text("需求", "need"),
        Text("金额", "amount"),
        Text("原因", "reason"),
        Text("可行的最小改变", "smallest change that would help"),
    )
    for item in plan.unmatched:
        change = Text("–", "–")
        if item.changes:
            change = Text.join([c.text for c in item.changes], zh="；", en="; ")
        name = Text("{i}\n{n}", "{i}\n{n}").format(i=item.need.need_id, n=item.enterprise.text)
        _row(output, table, name, money_text(item.need.amount_fen), item.reason, change)
    return table


def _pools(output: Output, plan: Plan) -> Table:
    table = _table(
        output,
        Text("资源使用（有占用的）", "What is scarce (where used)"),
        Text("资源", "pool"),
        Text("总量", "capacity"),
        Text("已用", "used"),
        Text("剩余", "left"),
        Text("价格", "price"),
    )
    for use in plan.pools:
        if use.used:
            left = use.row.show(use.capacity - use.used)
            price = price_text(use.row, use.multiplier) if use.multiplier > 0 else "–"
            row = (use.row.text, use.row.show(use.capacity), use.row.show(use.used), left, price)
            _row(output, table, *row)
    return table


def floors_table(output: Output, floors: Sequence[FloorReport]) -> Table:
    """Return what each floor asked for and got, and what one more would cost."""
    table = _table(
        output,
        Text("底线", "Floors"),
        Text("底线", "floor"),
        Text("应达", "asked"),
        Text("可服务", "reachable"),
        Text("实际", "matched"),
        Text("再加一个的代价", "price of one more"),
    )
    for report in floors:
        counts = (report.num_asked, report.num_reachable, report.num_matched)
        price = f"{report.price:.4f}" if report.price > 0 and report.has_more else "–"
        _row(output, table, report.floor.text, *map(str, counts), price)
    return table


def _notes(output: Output, notes: Sequence[Text]) -> None:
    for note in notes[:MAX_NOTES]:
        output.say(Text("注：{n}", "Note: {n}").format(n=note), style="yellow")
    if len(notes) > MAX_NOTES:
        more = Text("注：其余 {n} 条见 plan.json", "Note: {n} more in plan.json")
        output.say(more.format(n=len(notes) - MAX_NOTES), style="yellow")
