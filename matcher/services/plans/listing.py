"""Rounds and their plans as their readers see them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from matcher.domain.actor import Actor
from matcher.domain.plan_state import PlanState
from matcher.domain.run import PLAN
from matcher.store.paging import Order, Page, Slice, whole_number
from matcher.store.repositories.base import not_found
from matcher.store.repositories.plans import Plans, Rounds
from matcher.store.repositories.runs import Runs
from matcher.store.tables import PlanRow, RoundRow, RunRow

_WAS_OUT = (PlanState.PUBLISHED, PlanState.SUPERSEDED)
_BY_NUMBER = Order(PlanRow.number, PlanRow.id, whole_number, descending=True)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class ShownRound:
    """A round with what may be said of its seed.

    Parameters
    ----------
    is_seed_open
        Whether a plan of it is out, or was until another took its place: the seed may be told.
    live_plan_id
        The plan that is out.
    """

    row: RoundRow
    is_seed_open: bool
    live_plan_id: UUID | None


def list_rounds(session: Session, actor: Actor, page: Page) -> Slice[ShownRound]:
    """Return a page of the rounds, the newest first.

    Raises
    ------
    InputError
        If the cursor is none of this list.
    """
    found = Rounds(session, actor).page(page)
    shown = _shown(session, found.rows)
    return found.map(lambda row: shown[row.id])


def find_round(session: Session, actor: Actor, round_id: UUID) -> ShownRound:
    """Return one round.

    Raises
    ------
    UnknownIdError
        If there is none, or it is not for this actor.
    """
    return show_round(session, Rounds(session, actor).find(round_id))


def show_round(session: Session, row: RoundRow) -> ShownRound:
    """Return a round with what may be said of it."""
    return _shown(session, [row])[row.id]


def list_plans(session: Session, actor: Actor, round_id: UUID, page: Page) -> Slice[PlanRow]:
    """Return a page of the plans of a round, the newest first.

    Raises
    ------
    UnknownIdError
        If there is no such round.
    """
    Rounds(session, actor).find(round_id)
    return Plans(session, actor).page(page, col(PlanRow.round_id) == round_id, order=_BY_NUMBER)


def list_round_runs(
    session: Session, actor: Actor, round_id: UUID, most: int = 5
) -> tuple[RunRow, ...]:
    """Return the runs that were asked to plan a round, the newest first."""
    of_round = col(RunRow.request).contains(str(round_id), autoescape=True)
    return Runs(session, actor).page(Page(most), col(RunRow.kind) == PLAN, of_round).rows


def find_plan(session: Session, actor: Actor, round_id: UUID, plan_id: UUID) -> PlanRow:
    """Return one plan of a round.

    Raises
    ------
    UnknownIdError
        If the round has no such plan.
    """
    plan: PlanRow = Plans(session, actor).find(plan_id)
    if plan.round_id != round_id:
        raise not_found()
    return plan


def _shown(session: Session, rows: tuple[RoundRow, ...] | list[RoundRow]) -> dict[UUID, ShownRound]:
    query = select(PlanRow.round_id, PlanRow.state, PlanRow.id).where(
        col(PlanRow.round_id).in_([row.id for row in rows]), col(PlanRow.state).in_(_WAS_OUT)
    )
    was_out, live = set[UUID](), dict[UUID, UUID]()
    for round_id, state, plan_id in session.execute(query):
        was_out.add(round_id)
        if state == PlanState.PUBLISHED:
            live[round_id] = plan_id
    return {row.id: ShownRound(row, row.id in was_out, live.get(row.id)) for row in rows}
