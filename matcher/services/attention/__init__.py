"""What an office has to look at today: what presses, what is owed, what runs out, what waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from matcher.domain.actor import Actor
from matcher.domain.moments import china_time
from matcher.services.attention.answers import OwedAnswers, owed_answers
from matcher.services.attention.capacities import ScarceCapacities, scarce_capacities
from matcher.services.attention.needs import URGENT_WORKDAYS, DueNeeds, due_needs
from matcher.services.attention.work import RunTold, WaitingPlan, runs_told, waiting_plans

__all__ = ["URGENT_WORKDAYS", "Attention", "attention"]


@dataclass(frozen=True, slots=True)
class Attention:
    """What has to be looked at today."""

    today: date
    needs: DueNeeds
    answers: OwedAnswers
    capacities: ScarceCapacities
    runs: tuple[RunTold, ...]
    plans: tuple[WaitingPlan, ...]


def attention(session: Session, actor: Actor, now: datetime) -> Attention:
    """Return what an actor of the office has to look at.

    Parameters
    ----------
    now
        Aware; its day in Asia/Shanghai is today.
    """
    today = china_time(now).date()
    return Attention(
        today,
        due_needs(session, actor, today),
        owed_answers(session, actor, today),
        scarce_capacities(session, actor),
        runs_told(session, actor, now),
        waiting_plans(session, actor),
    )
