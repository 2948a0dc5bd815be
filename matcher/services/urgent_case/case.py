"""One need, looked at as an urgent case: how late it is, who can pay in time, what to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session

from matcher.domain.actor import Actor
from matcher.domain.text import Text
from matcher.planning.convening import ConveningList
from matcher.scoring.graph import ScoringGraph
from matcher.scoring.weights import Weights
from matcher.services.convening import convene_in
from matcher.services.records.lists import ListedNeed, find_need
from matcher.services.urgency import Waiting, waiting_of
from matcher.services.urgent_case.offers import TimedOffer, offers_in_time
from matcher.services.urgent_case.one_need import market_of
from matcher.services.urgent_case.steps import CaseStep, steps_of


@dataclass(frozen=True, slots=True)
class UrgentCase:
    """A need as an urgent case.

    Parameters
    ----------
    offers
        Those that can be in time, the soonest first.
    table
        Who should sit at the table.
    days_left
        Calendar days to the deadline, negative after it; None without one.
    warnings
        What the calendar of the time to come does not know yet.
    """

    listed: ListedNeed
    today: date
    waiting: Waiting
    offers: tuple[TimedOffer, ...]
    table: ConveningList
    steps: tuple[CaseStep, ...]
    days_left: int | None
    warnings: tuple[Text, ...]


def open_case(
    session: Session, actor: Actor, need_id: UUID, weights: Weights, now: datetime
) -> UrgentCase:
    """Look at a need of the live market as it stands now.

    Raises
    ------
    UnknownIdError
        If there is none, or it is not for this actor.
    """
    listed = find_need(session, actor, need_id)
    today = now.date()
    graph = ScoringGraph.build(market_of(session, listed, today), weights)
    convened = convene_in(graph, 0)
    deadline, calendar = convened.urgency.need.needed_by, graph.market.calendar
    days = {day for day in (today, deadline) if day is not None}
    told = [calendar.warning(day) for day in sorted(days)]
    return UrgentCase(
        listed,
        today,
        waiting_of(graph, convened.urgency),
        offers_in_time(graph, 0),
        convened.table,
        steps_of(convened.urgency, convened.table, now, calendar),
        None if deadline is None else (deadline - today).days,
        tuple(dict.fromkeys(w for w in told if w is not None)),
    )
