"""Ask what if: of the live market as it is when the turn comes, or of a plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from matcher.domain.actor import Actor
from matcher.domain.errors import Fault, InputError, UnknownIdError
from matcher.domain.run import PLAN, SCENARIO
from matcher.domain.text import Text
from matcher.services.runs.running import find_run, require_done, weights_file_of
from matcher.services.work.queue import Asked, submit
from matcher.services.work.scenario import ScenarioAsked
from matcher.services.work.settings import WorkSettings
from matcher.store.tables import RunRow


def ask_scenario(
    session: Session,
    actor: Actor,
    asked: ScenarioAsked,
    settings: WorkSettings,
    now: datetime,
) -> RunRow:
    """Queue a what-if.

    Raises
    ------
    InputError
        If nothing is asked, or the baseline is no plan that the actor may see.
    RunNotDoneError
        If the baseline is not done.
    QueueFullError
        If too many runs wait.
    """
    if not (asked.scenario or asked.sweeps or asked.front or asked.least or asked.advice):
        message = Text("请给出情景或问题", "give a scenario or a question")
        raise InputError([Fault(message, field="scenario")])
    request = replace(asked, weights=_weights_of_baseline(session, actor, asked)).to_json()
    return submit(session, Asked(SCENARIO, actor.account_id, request), settings, now)


def _weights_of_baseline(session: Session, actor: Actor, asked: ScenarioAsked) -> str:
    """Return the file of weights that the baseline was made with; empty for the usual ones."""
    if asked.baseline is None:
        return ""
    if asked.as_of is not None:
        message = Text("方案自带日期", "the plan has a day of its own")
        raise InputError([Fault(message, field="as_of", value=asked.as_of.isoformat())])
    try:
        plan = find_run(session, actor, PLAN, asked.baseline)
    except UnknownIdError:
        message = Text("引用的编号不存在", "refers to an id that is not there")
        fault = Fault(message, field="baseline", value=str(asked.baseline))
        raise InputError([fault]) from None
    require_done(plan)
    return weights_file_of(plan)
