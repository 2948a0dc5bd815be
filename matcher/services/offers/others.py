"""Why not the others: what keeps each other product from a need, and what would change that.

For a need without any offer the published plan has a reason; of what is scarce a firm is told
that it is taken, not at which price. Each product that was not offered is judged by the rules of
its institution, which are published, for this one need alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from matcher.domain.actor import Actor
from matcher.domain.criteria import State, Verdict
from matcher.domain.moments import china_day
from matcher.domain.plan_state import PlanState
from matcher.domain.records import Records
from matcher.domain.text import Text
from matcher.market import Market
from matcher.scoring.change import Change
from matcher.scoring.mending import judge, smallest_change
from matcher.scoring.pair import Pair
from matcher.services.plans.viewing import read_part, read_view
from matcher.services.records.loading import given_keys, market_day
from matcher.store.mapping import read_documents
from matcher.store.repositories.market import Institutions, Needs, Products
from matcher.store.tables import (
    EnterpriseRow,
    InstitutionRow,
    LeadRow,
    NeedRow,
    PlanRow,
    PolicyRow,
    PoolRow,
    ProductRow,
)

_REASONS = {
    "no_contacts": Text("您未希望被联系", "you asked for no contacts"),
    "banned": Text("所有适用产品都被排除", "every fitting product is ruled out"),
    "outbid": Text(
        "有适用产品，但本轮名额或资金已分配完，将继续排队",
        "products fit, but their places or money are taken this round; you stay in the queue",
    ),
    "no_plan": Text("本轮未得出方案", "the round came to no plan"),
}


@dataclass(frozen=True, slots=True)
class Unmatched:
    """Why the published plan has nothing for a need.

    Parameters
    ----------
    changes
        What of the need would have to be otherwise; None where nothing would help.
    """

    kind: str
    reason: Text
    changes: tuple[Text, ...] | None


@dataclass(frozen=True, slots=True)
class Other:
    """A product that was not offered.

    Parameters
    ----------
    failing
        The rules that the need fails; none: it fits, and was not proposed.
    changes
        The smallest change that would make it fit; None if there is none.
    missing
        What has to be shown for it to be decided.
    """

    product: ProductRow
    institution: InstitutionRow
    failing: tuple[Verdict, ...]
    changes: tuple[Change, ...] | None
    missing: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Others:
    """What is said of one need."""

    need: NeedRow
    unmatched: Unmatched | None
    products: tuple[Other, ...]


def why_not(session: Session, actor: Actor, need_id: UUID, now: datetime, most: int = 50) -> Others:
    """Say why other products are not offered to a need, the nearest first.

    Parameters
    ----------
    most
        The most products to tell of.

    Raises
    ------
    UnknownIdError
        If there is no such need for this actor.
    """
    need: NeedRow = Needs(session, actor).find(need_id)
    offered = set(
        session.scalars(
            select(LeadRow.product_id).where(LeadRow.need_id == need.id, col(LeadRow.is_alive))
        )
    )
    rows = {row.key: row for row in session.scalars(Products(session, actor).query())}
    banks = {row.id: row for row in session.scalars(Institutions(session, actor).query())}
    market = _market_of(session, need, market_day(session) or china_day(now))
    judged = [
        (product, _judged(market, idx, rows[product.product_id], banks))
        for idx, product in enumerate(market.products)
        if product.product_id in rows and rows[product.product_id].id not in offered
    ]
    others = sorted(judged, key=lambda one: (_distance(one[1]), one[0].product_id))
    unmatched = None if offered else _unmatched(session, need)
    return Others(need, unmatched, tuple(other for _, other in others[:most]))


def _market_of(session: Session, need: NeedRow, day: date) -> Market:
    """Return a market of one need and all that could be offered to it."""
    firm = session.get_one(EnterpriseRow, need.enterprise_id)
    tables: dict[str, Any] = {
        "enterprises": read_documents("enterprises", [firm.document]),
        "needs": read_documents("needs", [need.document]),
    }
    named: dict[str, Any] = {
        "institutions": InstitutionRow,
        "products": ProductRow,
        "pools": PoolRow,
        "policies": PolicyRow,
    }
    for name, row in named.items():
        query = select(row.document).order_by(row.position, row.id)
        tables[name] = read_documents(name, session.scalars(query))
    tables["needs"] = tuple(_with_consent(one, session, need) for one in tables["needs"])
    return Market.from_records(Records(**tables), day)


def _with_consent(record: Any, session: Session, need: NeedRow) -> Any:
    consent = given_keys(session, need.id)
    return replace(record, consent=consent[need.key]) if need.key in consent else record


def _judged(
    market: Market, idx: int, row: ProductRow, banks: Mapping[UUID, InstitutionRow]
) -> Other:
    pair = Pair.of(market, 0, idx)
    verdicts = judge(pair)
    failing = tuple(v for v in verdicts if v.state is State.FAIL)
    return Other(
        product=row,
        institution=banks[row.institution_id],
        failing=failing,
        changes=smallest_change(pair) if failing else (),
        missing=tuple(v.missing for v in verdicts if v.state is State.UNKNOWN),
    )


def _distance(other: Other) -> tuple[int, int]:
    """Sort by how little has to change; what cannot be mended comes last."""
    return (99 if other.changes is None else len(other.changes), len(other.failing))


def _unmatched(session: Session, need: NeedRow) -> Unmatched | None:
    """Return what the newest plan that is out says of a need that it has nothing for."""
    query = (
        select(PlanRow)
        .where(PlanRow.state == PlanState.PUBLISHED)
        .order_by(col(PlanRow.published_at).desc())
        .limit(1)
    )
    plan = session.scalars(query).one_or_none()
    if plan is None:
        return None
    for number in range(read_view(session, plan).num_unmatched_parts):
        for entry in read_part(session, plan, "unmatched", number):
            if entry["need"] == need.key:
                return _told(entry)
    return None


def _told(entry: Mapping[str, Any]) -> Unmatched:
    # The plan's own words of what is taken name pools and prices, which are the office's.
    reason = _REASONS.get(entry["kind"]) or Text(**entry["reason"])
    changes = entry["changes"]
    texts = None if changes is None else tuple(Text(**change["text"]) for change in changes)
    return Unmatched(entry["kind"], reason, texts)
