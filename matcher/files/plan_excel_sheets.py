"""The tables of a plan's workbook: matches, unmatched needs, pools, and one bank's leads."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from matcher.domain.choices import PoolUnit
from matcher.domain.money import money_text
from matcher.domain.text import Lang, Text
from matcher.files.plan_excel_packages import (
    DAY_COLUMN,
    PACKAGE_COLUMNS,
    QUEUE_COLUMNS,
    in_unit,
    money,
    unit_form,
)
from matcher.files.sheet_cells import Column, Form, Value
from matcher.planning.floors import FloorReport
from matcher.planning.plan import Match, PoolUse, Unmatched
from matcher.planning.unmatched import FEN_PER_WAN

NUM_REASONS = 3
ILLUSTRATIVE = Text("示例", "illustrative")

_KINDS = {
    "not_eligible": Text("无适用产品", "no product fits"),
    "outbid": Text("名额或资金不足", "not enough places or money"),
    "banned": Text("适用产品均被禁止", "every fitting product is banned"),
    "no_contacts": Text("企业不希望被联系", "asked for no contacts"),
    "no_plan": Text("未得出方案", "no plan was found"),
}
_POOL_KINDS = {
    "option_limit": Text("产品名额", "places of a product"),
    "option_quota": Text("产品额度", "quota of a product"),
    "group_limit": Text("机构线索名额", "leads of an institution"),
    "group_quota": Text("机构总额度", "quota of an institution"),
    "pool": Text("共享资源池", "shared pool"),
}


def strongest_reasons(match: Match) -> Text:
    """Name the terms that add most to a match's score, with how far each is fulfilled."""
    terms = sorted((t for t in match.terms if t.part > 0), key=lambda t: -t.part)
    named = [
        Text("{t} {v:.0%}", "{t} {v:.0%}").format(t=t.text, v=t.value) for t in terms[:NUM_REASONS]
    ]
    return Text.join(named, "\n", "\n")


def _lines(texts: Sequence[Text], lang: Lang) -> str | None:
    return "\n".join(text.of(lang) for text in texts) or None


def _mark(match: Match, lang: Lang) -> str | None:
    return ILLUSTRATIVE.of(lang) if match.is_illustrative else None


_NEED = Column[Match](Text("需求编号", "Need"), lambda m, _: m.need.need_id, most=20)
_FIRM = Column[Match](Text("企业", "Enterprise"), lambda m, lang: m.enterprise.text.of(lang))
_AMOUNT = Column[Match](
    in_unit("需求金额", "Amount wanted"), lambda m, lang: money(m.need.amount_fen, lang), Form.MONEY
)
_PRODUCT = Column[Match](Text("产品", "Product"), lambda m, lang: m.product.text.of(lang))
_OFFERED = Column[Match](
    in_unit("可提供金额", "Amount offered"), lambda m, lang: money(m.offered_fen, lang), Form.MONEY
)
_COST = (
    Column[Match](
        Text("综合年成本（最低）", "All-in yearly cost, lowest"),
        lambda m, _: m.all_in_low,
        Form.RATE,
    ),
    Column[Match](
        Text("综合年成本（最高）", "All-in yearly cost, highest"),
        lambda m, _: m.all_in_high,
        Form.RATE,
    ),
)
_TIME = (
    Column[Match](Text("最早到账日", "Cash by"), lambda m, _: m.cash_date, Form.DAY),
    Column[Match](
        Text("距截止余量（工作日）", "Workdays to spare"), lambda m, _: m.slack_workdays, Form.COUNT
    ),
)
_WHY = (
    Column[Match](Text("得分", "Score"), lambda m, _: m.score, Form.SCORE),
    Column[Match](
        Text("主要理由", "Main reasons"), lambda m, lang: strongest_reasons(m).of(lang), most=28
    ),
    Column[Match](
        Text("待补材料", "Still to be shown"), lambda m, lang: _lines(m.missing, lang), most=30
    ),
    Column[Match](Text("示例数据", "Illustrative"), _mark, is_mark=True),
)

MATCH_COLUMNS: tuple[Column[Match], ...] = (
    _NEED,
    _FIRM,
    _AMOUNT,
    _PRODUCT,
    Column(Text("机构", "Institution"), lambda m, lang: m.institution.text.of(lang)),
    _OFFERED,
    *PACKAGE_COLUMNS,
    *_COST,
    *_TIME,
    *_WHY,
    Column(
        Text("指定", "Pinned"),
        lambda m, lang: Text("指定", "pinned").of(lang) if m.is_pinned else None,
    ),
)

Lead = tuple[int, Match]
"""A match of one institution, and its rank there."""


def _lead(column: Column[Match]) -> Column[Lead]:
    return Column(
        column.header,
        lambda lead, lang: column.value(lead[1], lang),
        lambda lead: column.form_of(lead[1]),
        column.most,
        column.is_mark,
    )


def _collateral(match: Match, lang: Lang) -> str | None:
    offered = match.need.collateral
    if offered is None:
        return None
    if not offered:
        return Text("无", "none").of(lang)
    return _lines(
        [Text.join([kind.text, money_text(fen)], " ", " ") for kind, fen in offered], lang
    )


LEAD_COLUMNS: tuple[Column[Lead], ...] = (
    Column(Text("序号", "No."), lambda lead, _: lead[0], Form.COUNT),
    *map(
        _lead,
        (
            _NEED,
            _FIRM,
            _AMOUNT,
            Column[Match](
                Text("期限（月）", "Term (months)"), lambda m, _: m.need.months, Form.COUNT
            ),
            Column[Match](
                Text("用途", "Purpose"),
                lambda m, lang: m.need.purpose.text.of(lang) if m.need.purpose else None,
                Form.TEXT,
            ),
            Column[Match](Text("资金需求日", "Needed by"), lambda m, _: m.need.needed_by, Form.DAY),
            Column[Match](Text("可提供押品", "Collateral offered"), _collateral, Form.TEXT),
            _PRODUCT,
            _OFFERED,
            *PACKAGE_COLUMNS,
            *_COST,
            *_TIME,
            *_WHY,
        ),
    ),
)
"""What a bank may see of its leads: nothing of other banks, no prices of scarce things."""

UNMATCHED_COLUMNS: tuple[Column[Unmatched], ...] = (
    Column(Text("需求编号", "Need"), lambda u, _: u.need.need_id, most=24),
    Column(Text("企业", "Enterprise"), lambda u, lang: u.enterprise.text.of(lang)),
    Column(
        in_unit("需求金额", "Amount wanted"),
        lambda u, lang: money(u.need.amount_fen, lang),
        Form.MONEY,
    ),
    Column(Text("类别", "Kind"), lambda u, lang: _KINDS[u.kind].of(lang)),
    Column(Text("原因", "Reason"), lambda u, lang: u.reason.of(lang), most=64),
    Column(
        Text("最接近的产品", "Nearest product"),
        lambda u, lang: None if u.nearest is None else u.nearest.text.of(lang),
    ),
    Column(Text("怎样可以匹配", "What would help"), lambda u, lang: _help(u, lang), most=48),
    *QUEUE_COLUMNS,
)


def _help(item: Unmatched, lang: Lang) -> str | None:
    if item.changes:
        return _lines([change.text for change in item.changes], lang)
    if item.nearest is not None:
        return Text("企业调整需求也无法满足该产品", "no change of the need would make it fit").of(
            lang
        )
    if item.blocking:
        names = Text.join([row.text for row in item.blocking])
        return Text("增加：{n}", "more of: {n}").format(n=names).of(lang)
    return None


def _amount(use: PoolUse, quantity: int, lang: Lang) -> Value:
    return money(quantity, lang) if use.row.unit is PoolUnit.FEN else quantity


def _unit(use: PoolUse, lang: Lang) -> str:
    if use.row.unit is PoolUnit.FEN:
        return Text("万元", "yuan").of(lang)
    return Text("个", "places").of(lang)


def _price(unit: PoolUnit, scale: int) -> Callable[[PoolUse, Lang], Value]:
    return lambda use, _: use.multiplier * scale if use.row.unit is unit else None


FLOOR_COLUMNS: tuple[Column[FloorReport], ...] = (
    Column(Text("底线", "Floor"), lambda r, lang: r.floor.text.of(lang), most=64),
    Column(Text("需求数", "Needs"), lambda r, _: r.num_members),
    Column(Text("应达", "Asked"), lambda r, _: r.num_asked),
    Column(Text("可服务", "Reachable"), lambda r, _: r.num_reachable),
    Column(Text("实际", "Matched"), lambda r, _: r.num_matched),
    Column(
        Text("再加一个的代价（分）", "Score that one more costs"),
        lambda r, _: r.price if r.has_more else None,
        Form.PRICE,
    ),
)
POOL_COLUMNS: tuple[Column[PoolUse], ...] = (
    Column(Text("类别", "Kind"), lambda u, lang: _POOL_KINDS[u.row.kind].of(lang)),
    Column(Text("编号", "Id"), lambda u, _: u.row.identity, most=24),
    Column(Text("名称", "Name"), lambda u, lang: u.row.text.of(lang), most=56),
    DAY_COLUMN,
    Column(Text("单位", "Unit"), _unit),
    Column(Text("总量", "Capacity"), lambda u, lang: _amount(u, u.capacity, lang), unit_form),
    Column(Text("已用", "Used"), lambda u, lang: _amount(u, u.used, lang), unit_form),
    Column(Text("剩余", "Left"), lambda u, lang: _amount(u, u.capacity - u.used, lang), unit_form),
    Column(
        Text("多一个名额至多增加的总分", "Most score that one more place adds"),
        _price(PoolUnit.COUNT, 1),
        Form.PRICE,
    ),
    Column(
        Text("多一万元至多增加的总分", "Most score that 10,000 yuan more add"),
        _price(PoolUnit.FEN, FEN_PER_WAN),
        Form.PRICE,
    ),
)
