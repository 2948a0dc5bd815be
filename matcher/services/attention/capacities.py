"""Capacities of the plans that are out, of which little is left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session, col, func, select

from matcher.domain.actor import Actor
from matcher.domain.plan_state import PlanState
from matcher.domain.text import Text
from matcher.services.attention.reading import MOST, by_id
from matcher.services.plans.draws import NEED
from matcher.store.repositories.plans import Plans
from matcher.store.tables import (
    CapacityRow,
    InstitutionRow,
    PlanRow,
    PoolRow,
    ProductRow,
    RoundRow,
)

SCARCE_SHARE = 5
"""A capacity runs out once no more than one such part of it is left: a fifth."""

_KINDS: Mapping[str, tuple[type[Any], Text]] = {
    "option_limit": (ProductRow, Text("产品名额", "places of the product")),
    "option_quota": (ProductRow, Text("产品额度", "quota of the product")),
    "group_limit": (InstitutionRow, Text("机构线索名额", "leads of the institution")),
    "group_quota": (InstitutionRow, Text("机构总额度", "quota of the institution")),
    "pool": (PoolRow, Text("资源池", "pool")),
}


@dataclass(frozen=True, slots=True)
class ScarceCapacity:
    """A capacity of a round whose plan is out, most of which has been accepted."""

    row: CapacityRow
    name: str
    kind: Text
    day: str | None
    round_name: str

    @property
    def left(self) -> int:
        """What is left of it, in its unit."""
        return self.row.capacity - self.row.used


@dataclass(frozen=True, slots=True)
class ScarceCapacities:
    """The capacities of which least is left, and how many run out."""

    first: tuple[ScarceCapacity, ...]
    num: int


def scarce_capacities(session: Session, actor: Actor) -> ScarceCapacities:
    """Return the capacities that run out: what is accepted counts, not what is proposed."""
    live = Plans(session, actor).query().where(col(PlanRow.state) == PlanState.PUBLISHED.value)
    left = col(CapacityRow.capacity) - col(CapacityRow.used)
    where = (
        col(CapacityRow.round_id).in_({plan.round_id for plan in session.scalars(live)}),
        col(CapacityRow.capacity) > 0,
        left * SCARCE_SHARE <= col(CapacityRow.capacity),
        col(CapacityRow.name).not_like(f"{NEED}:%"),
    )
    query = select(CapacityRow).where(*where).order_by(left, col(CapacityRow.name)).limit(MOST)
    num = session.scalars(select(func.count()).select_from(CapacityRow).where(*where)).one()
    return ScarceCapacities(tuple(named(session, list(session.scalars(query)))), num)


def named(session: Session, rows: Sequence[CapacityRow]) -> list[ScarceCapacity]:
    """Put names to capacities, which know the keys of what they belong to."""
    rounds = by_id(session, RoundRow, [row.round_id for row in rows])
    parts = [(row, *_parts(row.name)) for row in rows]
    names: dict[tuple[str, str], str] = {}
    for kind, (table, _) in _KINDS.items():
        keys = {key for _, found, key, _ in parts if found == kind}
        query = select(table.key, table.name).where(table.key.in_(keys))
        names |= {(kind, key): name for key, name in session.execute(query)} if keys else {}
    return [
        ScarceCapacity(
            row,
            names.get((kind, key), key),
            _KINDS[kind][1] if kind in _KINDS else Text.same(kind),
            moment,
            rounds[row.round_id].name,
        )
        for row, kind, key, moment in parts
    ]


def _parts(name: str) -> tuple[str, str, str | None]:
    """Return kind, key and day of a capacity's name, ``kind:id[:day]``."""
    kind, _, rest = name.partition(":")
    key, _, last = rest.rpartition(":")
    try:
        date.fromisoformat(last)
    except ValueError:
        return kind, rest, None
    return (kind, key, last) if key else (kind, rest, None)
