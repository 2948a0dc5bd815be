"""Why not the others: what keeps each other product from a need, and what would change that.

For a need without any offer the published plan has a reason; of what is scarce a firm is told
that it is taken, not at which price. Each product that was not offered is judged by `fitting`, by
the rules of its institution, which are published, for this one need alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from matcher.domain.actor import Actor
from matcher.domain.criteria import Verdict
from matcher.domain.moments import china_day
from matcher.domain.plan_state import PlanState
from matcher.domain.text import Text
from matcher.scoring.change import Change
from matcher.services.fitting import Fit, Misfit, day_of, fitting
from matcher.services.plans.viewing import num_matches, read_unmatched
from matcher.store.repositories.market import Institutions, Needs, Products
from matcher.store.tables import (
    InstitutionRow,
    LeadRow,
    NeedRow,
    PlanRow,
    ProductRow,
    RoundRow,
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
class PlanSaid:
    """What the newest plan that is out did with a need.

    Parameters
    ----------
    num_offers
        How many products it proposed; 0 with nothing unmatched: the need came in after it.
    """

    round_name: str
    out_at: datetime
    num_offers: int
    unmatched: Unmatched | None


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

    It is judged by `fitting`, as on the page of the firm: products of the kinds that the firm
    accepts, on the day of `day_of`.

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
    found = fitting(session, need, day_of(session, need, china_day(now)), most)
    rows = {row.key: row for row in session.scalars(Products(session, actor).query())}
    banks = {row.id: row for row in session.scalars(Institutions(session, actor).query())}
    told: list[Other] = []
    judged: tuple[Fit | Misfit, ...] = (*found.fits, *found.others)
    for one in judged:
        row = rows[one.product.product_id]
        if row.id not in offered:
            told.append(_told_of(one, row, banks[row.institution_id]))
    return Others(need, None if offered else unmatched(session, need), tuple(told[:most]))


def _told_of(one: Fit | Misfit, row: ProductRow, bank: InstitutionRow) -> Other:
    if isinstance(one, Fit):
        return Other(row, bank, failing=(), changes=(), missing=one.missing)
    return Other(row, bank, one.failing, one.changes, one.missing)


def unmatched(session: Session, need: NeedRow) -> Unmatched | None:
    """Return what the newest plan that is out says of a need that it has nothing for."""
    plan = newest_plan(session)
    entry = None if plan is None else read_unmatched(session, plan, need.key)
    return None if entry is None else _told(entry)


def said_by_plan(session: Session, need: NeedRow) -> PlanSaid | None:
    """Return what the newest plan that is out did with a need, None if no plan is out."""
    plan = newest_plan(session)
    if plan is None or plan.published_at is None:
        return None
    # Not the leads of the plan: what it took over from the one before it are not its own.
    num = num_matches(session, plan, need.key)
    return PlanSaid(
        round_name=session.get_one(RoundRow, plan.round_id).name,
        out_at=plan.published_at,
        num_offers=num,
        unmatched=None if num else unmatched(session, need),
    )


def newest_plan(session: Session) -> PlanRow | None:
    """Return the plan that went out last of those that are out, None if none is."""
    query = (
        select(PlanRow)
        .where(PlanRow.state == PlanState.PUBLISHED)
        .order_by(col(PlanRow.published_at).desc())
        .limit(1)
    )
    return session.scalars(query).one_or_none()


def _told(entry: Mapping[str, Any]) -> Unmatched:
    # The plan's own words of what is taken name pools and prices, which are the office's.
    reason = _REASONS.get(entry["kind"]) or Text(**entry["reason"])
    changes = entry["changes"]
    texts = None if changes is None else tuple(Text(**change["text"]) for change in changes)
    return Unmatched(entry["kind"], reason, texts)
