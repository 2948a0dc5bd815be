"""The first sheet of a plan's workbook: the outcome in words, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

from matcher.domain.money import money_text
from matcher.domain.text import Lang, Text
from matcher.files.plan_json import PlanInputs, plan_document
from matcher.files.sheet_cells import LINE_POINTS, Form, Value, head, put, text_width
from matcher.planning.plan import Plan

_LABEL_WIDTH = 26
_WIDTH = 110
_TITLE = Text("银企对接方案", "Matching plan")


@dataclass(frozen=True)
class _Line:
    """A label with what is said about it; a line without a value heads a section."""

    label: Text
    value: Text | Value = None
    form: Form = Form.TEXT

    def shown(self, lang: Lang) -> Value:
        return self.value.of(lang) if isinstance(self.value, Text) else self.value


def write_overview(sheet: Worksheet, plan: Plan, inputs: PlanInputs, lang: Lang) -> None:
    """Fill the sheet."""
    title = put(sheet, 1, 1, _TITLE.of(lang), lang)
    title.font = Font(name=title.font.name, size=16, bold=True)
    title.alignment = Alignment(wrap_text=False, vertical="center")
    sheet.row_dimensions[1].height = 30
    sheet.column_dimensions["A"].width = _LABEL_WIDTH
    sheet.column_dimensions["B"].width = _WIDTH
    for row, line in enumerate(_overview(plan, inputs), start=2):
        _write(sheet, row, line, lang)


def _write(sheet: Worksheet, row: int, line: _Line, lang: Lang) -> None:
    label = put(sheet, row, 1, line.label.of(lang), lang)
    shown = line.shown(lang)
    value = put(sheet, row, 2, shown, lang, line.form)
    value.alignment = Alignment(horizontal="left", vertical="center", wrap_text=True)
    if line.value is None:
        for cell in (head(label), head(value)):
            cell.alignment = Alignment(horizontal="left", vertical="center")
    lines = -(-text_width(str(shown or "")) // (_WIDTH - 6)) or 1
    sheet.row_dimensions[row].height = LINE_POINTS * lines + 5


def _overview(plan: Plan, inputs: PlanInputs) -> Iterator[_Line]:
    yield _Line(Text("结果", "Outcome"))
    yield from _outcome(plan)
    yield _Line(Text("方案有多好", "How good the plan is"))
    yield from _quality(plan)
    yield _Line(Text("请注意", "Please note"))
    yield from _notes(plan, inputs)
    yield _Line(Text("出处", "What it rests on"))
    yield from _sources(plan, inputs)


def _outcome(plan: Plan) -> Iterator[_Line]:
    market, matches = plan.graph.market, plan.matches
    yield _Line(Text("日期", "Day of the round"), market.as_of, Form.DAY)
    told = Text(
        "共 {n} 个需求：{m} 个有匹配，{u} 个暂无匹配（原因见“未匹配”表）",
        "{n} needs: {m} matched, {u} without a match (the sheet Unmatched says why)",
    )
    counts = told.format(n=market.num_needs, m=plan.num_matched_needs, u=len(plan.unmatched))
    yield _Line(Text("需求", "Needs"), counts)
    told = Text("{n} 条，涉及 {b} 家机构", "{n}, with {b} institutions")
    num_banks = len({m.institution.institution_id for m in matches})
    yield _Line(Text("匹配", "Matches"), told.format(n=len(matches), b=num_banks))
    missing = sum(bool(m.missing) for m in matches)
    told = Text(
        "{n} 条匹配还要补充材料才算无条件", "{n} matches depend on papers still to be shown"
    )
    yield _Line(Text("待补材料", "Still to be shown"), told.format(n=missing))
    best: dict[str, int] = {}
    for match in matches:
        need = match.need.need_id
        best[need] = max(match.offered_fen, best.get(need, 0))
    told = Text(
        "{s}（每个需求只计一家机构可提供的最大金额）",
        "{s} (of each need only the largest amount that one institution offers)",
    )
    yield _Line(Text("可提供金额", "Money on offer"), told.format(s=money_text(sum(best.values()))))
    yield from _packages(plan)


def _packages(plan: Plan) -> Iterator[_Line]:
    """Say how many matches come with guarantees and the like, and what policies pay of them."""
    packages = sum(bool(m.companions) for m in plan.matches)
    if packages:
        told = Text(
            "{n} 条匹配含担保、保险等配套产品（见“匹配”表“组合”列）",
            "{n} matches come with a guarantee, an insurance, … (the column Goes with)",
        )
        yield _Line(Text("组合", "Packages"), told.format(n=packages))
    if any(m.claims for m in plan.matches):
        told = Text(
            "{n} 条匹配的成本已计入政策支持，共 {s}（各政策最高支付额；占用预算的已预留）",
            "the cost of {n} matches counts on policies, {s} in all (the most that they pay; "
            "set aside where they have a budget)",
        )
        supported = sum(bool(m.claims) for m in plan.matches)
        total = money_text(sum(m.support_fen for m in plan.matches))
        yield _Line(Text("政策支持", "Policies"), told.format(n=supported, s=total))


def _quality(plan: Plan) -> Iterator[_Line]:
    result = plan.result
    if plan.score is not None:
        yield _Line(Text("总分", "Total score"), plan.score, Form.SCORE)
    if plan.cost_of_floors is not None:
        told = Text(
            "{c:.4f} 分（不设底线时总分可达 {f:.4f}；见“底线”表）",
            "{c:.4f} points (without floors {f:.4f} could be reached; see the sheet Floors)",
        )
        cost = told.format(c=plan.cost_of_floors, f=plan.score_without_floors)
        yield _Line(Text("底线的代价", "What the floors cost"), cost)
    if plan.floors and result.objective is not None:
        label = Text("总分减去底线不足的罚分", "Score less what the floors lack")
        yield _Line(label, result.objective, Form.SCORE)
    if result.bound is not None:
        label = Text("总分上限", "No plan scores more than")
        floored = Text("其上限", "No plan can have more of that than")
        yield _Line(floored if plan.floors else label, result.bound, Form.SCORE)
    yield _Line(Text("离最好还差多少", "How far from the best"), _gap(plan))
    yield _Line(Text("与手工安排相比", "Compared with doing it by hand"), _gain(plan))
    yield _Line(Text("求解说明", "What the optimiser says"), result.reason)


def _gap(plan: Plan) -> Text:
    objective, bound, gap = plan.result.objective, plan.result.bound, plan.result.gap
    if objective is None or bound is None or gap is None or objective <= 0:
        return Text("没有可以比较的方案", "there is no plan to compare")
    if gap < 5e-5:
        return Text(
            "已证明：没有任何方案能更好（差距不到 0.01%）",
            "Proved: no plan is better (by as much as 0.01%)",
        )
    told = Text(
        "已证明：任何方案的总分都不超过 {b:.4f}。本方案为 {o:.4f}，至少是最好方案的 {s:.2%}，"
        "还能改进的最多只有上限的 {g:.2%}。",
        "Proved: no plan can score more than {b:.4f}. This one scores {o:.4f}, at least {s:.2%} "
        "of the best there is; at most {g:.2%} could still be gained.",
    )
    if plan.floors:
        told = Text(
            "已证明：任何方案的总分减去底线罚分都不超过 {b:.4f}。本方案为 {o:.4f}，"
            "至少是最好方案的 {s:.2%}，还能改进的最多只有上限的 {g:.2%}。",
            "Proved: no plan's score less what its floors lack exceeds {b:.4f}. This one has "
            "{o:.4f}, at least {s:.2%} of the best; at most {g:.2%} could still be gained.",
        )
    # Rounded down and up, so that the sentence never promises more than was proved.
    share = int((1 - gap) * 10_000) / 10_000
    return told.format(b=bound, o=objective, s=share, g=1 - share)


def _gain(plan: Plan) -> Text:
    gain = plan.gain_over_greedy
    if gain is None:
        return Text("无法比较", "cannot be compared")
    by_hand = Text("“按得分从高到低逐个安排”", "taking pair after pair, best score first")
    if abs(gain) < 5e-5:
        return Text("与{h}一样好", "as good as {h}").format(h=by_hand)
    more = Text("高", "more") if gain > 0 else Text("低", "less")
    told = Text("总分比{h}{m} {g:.2%}", "scores {g:.2%} {m} than {h}")
    return told.format(h=by_hand, m=more, g=abs(gain))


def _notes(plan: Plan, inputs: PlanInputs) -> Iterator[_Line]:
    yield _Line(
        Text("转发", "Forwarding"),
        Text(
            "各机构的工作表只含该机构可以看到的内容，可单独转发；其余工作表仅供主办方使用",
            "An institution's sheet holds only what it may see and can be sent on by itself; "
            "the other sheets are for the organiser",
        ),
    )
    yield _Line(Text("示例数据", "Illustrative data"), _illustrative(plan))
    for number, note in enumerate([*inputs.notes, *plan.notes], start=1):
        yield _Line(Text(f"说明 {number}", f"Note {number}"), note)


def _illustrative(plan: Plan) -> Text:
    market = plan.graph.market
    parts = []
    for name, records in (
        (Text("企业", "enterprises"), market.records.enterprises),
        (Text("需求", "needs"), market.needs),
        (Text("机构", "institutions"), market.institutions),
        (Text("产品", "products"), market.products),
        (Text("政策", "policies"), market.policies),
        (Text("资源池", "pools"), market.pools),
    ):
        marks = [r.provenance.illustrative or r.provenance.illustrative_fields for r in records]
        if any(marks):
            told = Text("{n} {k}/{a} 条", "{k} of {a} {n}")
            parts.append(told.format(n=name, k=sum(map(bool, marks)), a=len(records)))
    if not parts:
        return Text("没有", "none")
    told = Text(
        "{p}全部或部分为示例，不是真实数据；依据它们的 {m} 条匹配标有“示例”",
        "{p} are made up, wholly or in part; the {m} matches that rest on them are marked "
        "'illustrative'",
    )
    num_marked = sum(m.is_illustrative for m in plan.matches)
    return told.format(p=Text.join(parts), m=num_marked)


def _sources(plan: Plan, inputs: PlanInputs) -> Iterator[_Line]:
    document = plan_document(plan, inputs)
    for file in document["input"]["files"]:
        told = Text("{b:,} 字节，sha256 {s}", "{b:,} bytes, sha256 {s}")
        yield _Line(Text.same(file["name"]), told.format(b=file["bytes"], s=file["sha256"]))
    yield _Line(Text("权重版本", "Weights"), plan.graph.weights.version)
    versions = ", ".join(f"{name} {number}" for name, number in document["versions"].items())
    yield _Line(Text("软件版本", "Versions"), versions)
    yield _Line(Text("方案文件摘要", "Digest of the plan file"), document["digest"])
