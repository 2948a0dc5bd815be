"""The columns of a plan's workbook about packages, policies and queues."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from matcher.domain.choices import PoolUnit
from matcher.domain.money import FEN_PER_YUAN, money_text
from matcher.domain.text import Lang, Text
from matcher.files.sheet_cells import Column, Form
from matcher.planning.plan import Match, PoolUse, Unmatched
from matcher.planning.unmatched import FEN_PER_WAN


def money(fen: int | None, lang: Lang) -> Decimal | None:
    """Return an amount as people count it: 万元 in Chinese, yuan in English."""
    if fen is None:
        return None
    return Decimal(fen) / (FEN_PER_WAN if lang is Lang.ZH else FEN_PER_YUAN)


def in_unit(zh: str, en: str) -> Text:
    """Return a header with the unit that `money` counts in."""
    return Text(f"{zh}（万元）", f"{en} (yuan)")


def companions_text(match: Match) -> Text:
    """Name each product that goes with the leading one, with its institution."""
    named = []
    for part in match.companions:
        template = Text("{i} · {p}", "{i}, {p}")
        if part.product.approval_follows:
            template = Text("{i} · {p}（随主产品获批）", "{i}, {p} (approved with the loan)")
        named.append(template.format(i=part.institution.text, p=part.product.text))
    return Text.join(named, "\n", "\n")


def claims_text(match: Match) -> Text:
    """Name each policy that the cost counts on, with what it pays over the term."""
    template = Text("{p} {m}", "{p}: {m}")
    named = [template.format(p=c.policy.text, m=money_text(c.support_fen)) for c in match.claims]
    return Text.join(named, "\n", "\n")


PACKAGE_COLUMNS: tuple[Column[Match], ...] = (
    Column(
        Text("组合", "Goes with"),
        lambda m, lang: companions_text(m).of(lang) or None,
        most=30,
    ),
    Column(
        Text("政策支持", "Policies"),
        lambda m, lang: claims_text(m).of(lang) or None,
        most=32,
    ),
    Column(
        in_unit("政策支持合计", "Support in all"),
        lambda m, lang: money(m.support_fen, lang) if m.claims else None,
        Form.MONEY,
    ),
)
"""What goes with a product, and what of its cost others pay."""


def _fund(item: Unmatched, lang: Lang) -> str | None:
    return None if item.fund is None else item.fund.text.of(lang)


def _first_day(item: Unmatched, _: Lang) -> date | None:
    return None if item.queued is None else item.queued.first_day


QUEUE_COLUMNS: tuple[Column[Unmatched], ...] = (
    Column(Text("排队的资金池", "Waits for"), _fund, most=24),
    Column(
        Text("排队位次", "Place in the queue"),
        lambda u, _: None if u.queued is None else u.queued.position,
        Form.COUNT,
    ),
    Column(Text("最早可放款日", "First day"), _first_day, Form.DAY),
)
"""Where a need waits for a fund whose money comes back, and until when."""

DAY_COLUMN: Column[PoolUse] = Column(Text("日期", "Day"), lambda u, _: u.row.day, Form.DAY)
"""The day on which a fund whose money comes back is scarce."""


def unit_form(use: PoolUse) -> Form:
    """Return how a quantity of a pool is shown."""
    return Form.MONEY if use.row.unit is PoolUnit.FEN else Form.COUNT
