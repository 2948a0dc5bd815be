"""Needs received in a period, and what came of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from matcher.domain.case import CaseAction
from matcher.domain.text import Text
from matcher.services.reporting.report import Block, Grid, Period
from matcher.services.statistics import Line, Unit, ratio
from matcher.services.store_statistics.blocks import SECTORS, SIZES, grouped, make_block
from matcher.services.store_statistics.reading import Traced
from matcher.store.tables import EnterpriseRow, NeedRow


@dataclass(frozen=True, slots=True)
class _Asked:
    need_id: UUID
    amount_fen: int
    size: str | None
    industry: str | None


def needs_block(session: Session, period: Period, leads: Sequence[Traced]) -> Block:
    """Count the needs received in a period, by size and sector, and what came of them.

    Parameters
    ----------
    leads
        Those that count.
    """
    query = select(NeedRow, EnterpriseRow.size, EnterpriseRow.industry).join(
        EnterpriseRow, col(EnterpriseRow.id) == col(NeedRow.enterprise_id)
    )
    needs = [
        _Asked(need.id, need.amount_fen, size, industry)
        for need, size, industry in session.execute(query)
        if period.holds(need.received)
    ]
    whole = _lines(needs, leads)
    headers = tuple(line.label for line in whole)
    grids = [
        Grid(title, headers, tuple((text, _lines(own, leads)) for text, own in groups))
        for title, groups in (
            (Text("分规模", "By size"), grouped(needs, SIZES, lambda one: one.size)),
            (
                Text("分行业", "By sector"),
                grouped(needs, SECTORS, lambda one: one.industry and one.industry[0]),
            ),
        )
    ]
    return make_block("needs", Text("融资需求", "Needs"), whole, grids)


def _lines(needs: Sequence[_Asked], leads: Sequence[Traced]) -> tuple[Line, ...]:
    ids = {need.need_id for need in needs}
    own = [lead for lead in leads if lead.need_id in ids]
    matched = len({lead.need_id for lead in own})
    served = len({lead.need_id for lead in own if lead.has(CaseAction.APPROVE)})
    best: dict[UUID, int] = {}
    for lead in own:
        best[lead.need_id] = max(best.get(lead.need_id, 0), lead.offered_fen)
    asked, offered = sum(need.amount_fen for need in needs), sum(best.values())
    share = ratio(matched, len(needs))
    return (
        Line("num_needs", Text("需求数", "needs"), len(needs)),
        Line("asked", Text("需求金额", "amount asked"), asked, Unit.FEN),
        Line("num_matched", Text("已匹配需求数", "needs matched"), matched),
        Line("matched_share", Text("匹配率", "share of needs matched"), share, Unit.RATE),
        Line("offered", Text("可提供金额", "money on offer"), offered, Unit.FEN),
        Line("num_served", Text("获批需求数", "needs with an approval"), served),
    )
