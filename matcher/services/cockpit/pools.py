"""What is used of the shared capacities of plans that are out."""

from __future__ import annotations

from sqlmodel import Session, col, select

from matcher.domain.actor import Actor
from matcher.domain.plan_state import PlanState
from matcher.domain.text import Text
from matcher.services.attention.capacities import ScarceCapacity, named
from matcher.services.reporting.report import Grid
from matcher.services.statistics import Line, Unit, ratio
from matcher.store.repositories.plans import Plans
from matcher.store.tables import CapacityRow, PlanRow

MOST = 40
TITLE = Text("资源池使用", "Pools in use")


def pools_in_use(session: Session, actor: Actor) -> Grid:
    """Return the pools and quotas of the rounds with a plan that is out, the fullest first."""
    live = Plans(session, actor).query().where(col(PlanRow.state) == PlanState.PUBLISHED.value)
    rounds = {plan.round_id for plan in session.scalars(live)}
    is_shared = col(CapacityRow.name).startswith("pool:") | col(CapacityRow.name).contains(
        "_quota:"
    )
    used = col(CapacityRow.used) * 1.0 / col(CapacityRow.capacity)
    query = (
        select(CapacityRow)
        .where(col(CapacityRow.round_id).in_(rounds), col(CapacityRow.capacity) > 0, is_shared)
        .order_by(used.desc(), col(CapacityRow.name))
        .limit(MOST)
    )
    rows = named(session, list(session.scalars(query)))
    headers = tuple(line.label for line in _lines(0, 0, Unit.COUNT))
    return Grid(TITLE, headers, tuple((_text(one), _of(one)) for one in rows))


def _text(one: ScarceCapacity) -> Text:
    day = "" if one.day is None else f" {one.day}"
    return Text("{n} · {k}{d}", "{n} · {k}{d}").format(n=one.name, k=one.kind, d=day)


def _of(one: ScarceCapacity) -> tuple[Line, ...]:
    unit = Unit.FEN if one.row.unit == "fen" else Unit.COUNT
    return _lines(one.row.capacity, one.row.used, unit)


def _lines(capacity: int, used: int, unit: Unit) -> tuple[Line, ...]:
    share = ratio(used, capacity)
    return (
        Line("capacity", Text("总量", "capacity"), capacity, unit),
        Line("used", Text("已用", "used"), used, unit),
        Line("left", Text("剩余", "left"), capacity - used, unit),
        Line("share", Text("使用率", "share used"), share, Unit.RATE),
    )
