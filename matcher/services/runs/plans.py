"""Ask for a plan: of a market that comes along, or of the live one as it is when its turn comes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from matcher.domain.actor import Actor
from matcher.domain.records import Records
from matcher.domain.run import PLAN
from matcher.services.market_file import records_bytes
from matcher.services.work.plan import PlanAsked
from matcher.services.work.queue import Asked, submit
from matcher.services.work.settings import WorkSettings
from matcher.store.tables import RunRow


@dataclass(frozen=True, eq=False, slots=True)
class GivenMarket:
    """A market that came with a request, sound, with the day of its round."""

    records: Records
    as_of: date


def ask_plan(
    session: Session,
    actor: Actor,
    asked: PlanAsked,
    market: GivenMarket | None,
    settings: WorkSettings,
    now: datetime,
) -> RunRow:
    """Queue a plan.

    Parameters
    ----------
    market
        None for the live one: it is read when the run is taken up.

    Raises
    ------
    QueueFullError
        If too many runs wait.
    """
    content = None if market is None else records_bytes(market.records, market.as_of)
    request = {**asked.to_json(), "market": "live" if market is None else "given"}
    return submit(session, Asked(PLAN, actor.account_id, request, content), settings, now)
