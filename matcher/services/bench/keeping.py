"""What-ifs begun, named, shared, copied, asked, thrown away."""

from __future__ import annotations

import json
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session

from matcher.domain.actor import Actor
from matcher.domain.errors import Fault, InputError, UnknownIdError
from matcher.domain.run import PLAN, RunState
from matcher.domain.text import Text
from matcher.planning.effort import Effort
from matcher.services.bench.changing import questions_json
from matcher.services.bench.looking import questions_of
from matcher.services.runs.running import find_run, require_done
from matcher.services.runs.scenarios import ask_scenario
from matcher.services.whatif_asking import Questions
from matcher.services.work import queue
from matcher.services.work.scenario import ScenarioAsked
from matcher.services.work.settings import WorkSettings
from matcher.store.repositories.what_ifs import WhatIfs
from matcher.store.tables import RunRow, WhatIfRow

MAX_NAME = 200


def begin_bench(
    session: Session,
    actor: Actor,
    name: str,
    now: datetime,
    baseline_id: UUID | None = None,
    as_of: date | None = None,
) -> WhatIfRow:
    """Begin a what-if on the live market or on a plan.

    Raises
    ------
    InputError
        If the name is none, or the baseline is no plan that is done and that the actor may see.
    """
    if baseline_id is not None:
        _require_plan(session, actor, baseline_id)
    row = WhatIfRow(
        account_id=actor.account_id,
        name=_name(name),
        baseline_id=baseline_id,
        as_of=None if baseline_id else as_of,
        changes="[]",
        questions=questions_json(Questions()),
        created_at=now,
        updated_at=now,
    )
    session.add(row)
    session.flush()
    return row


def rename(session: Session, row: WhatIfRow, name: str, now: datetime) -> None:
    """Give it another name.

    Raises
    ------
    InputError
        If it is none.
    """
    row.name, row.updated_at = _name(name), now
    session.add(row)
    session.flush()


def share(session: Session, row: WhatIfRow, is_shared: bool, now: datetime) -> None:
    """Let colleagues see it, or no longer."""
    row.is_shared, row.updated_at = is_shared, now
    session.add(row)
    session.flush()


def copy_bench(session: Session, actor: Actor, bench_id: UUID, now: datetime) -> WhatIfRow:
    """Begin a what-if of one's own as another one is.

    Raises
    ------
    UnknownIdError
        If there is none, or it is not for this actor.
    """
    found = WhatIfs(session, actor).find(bench_id)
    row = WhatIfRow(
        account_id=actor.account_id,
        name=found.name,
        baseline_id=found.baseline_id,
        as_of=found.as_of,
        changes=found.changes,
        questions=found.questions,
        created_at=now,
        updated_at=now,
    )
    session.add(row)
    session.flush()
    return row


def discard(session: Session, row: WhatIfRow, now: datetime) -> None:
    """Throw it away; a run of it that is under way is wanted no more."""
    run_id = row.run_id
    session.delete(row)
    session.flush()
    if run_id is not None:
        queue.cancel(session, run_id, now)


def ask_bench(
    session: Session,
    actor: Actor,
    row: WhatIfRow,
    effort: Effort,
    settings: WorkSettings,
    now: datetime,
) -> RunRow:
    """Ask for the answer; one that is under way already is not asked for twice.

    Raises
    ------
    InputError
        If nothing is asked.
    QueueFullError
        If too many runs wait.
    """
    if row.run_id is not None and row.asked_version == row.version:
        before = session.get_one(RunRow, row.run_id)
        if not RunState(before.state).is_final:
            return before
    elif row.run_id is not None:
        queue.cancel(session, row.run_id, now)
    run = ask_scenario(session, actor, scenario_of(row, effort), settings, now)
    row.run_id, row.asked_version, row.updated_at = run.id, row.version, now
    session.add(row)
    session.flush()
    return run


def scenario_of(row: WhatIfRow, effort: Effort) -> ScenarioAsked:
    """Return what a run is asked."""
    changes = [one["data"] for one in json.loads(row.changes)]
    asked = questions_of(row)
    return ScenarioAsked(
        effort,
        row.baseline_id,
        row.as_of,
        {"name": row.name, "changes": changes} if changes else None,
        asked.sweeps,
        asked.front,
        asked.least,
        asked.displace,
        asked.advice,
    )


def _name(name: str) -> str:
    plain = " ".join(name.split())
    if not 0 < len(plain) <= MAX_NAME:
        expected = Text(f"1 到 {MAX_NAME} 个字", f"1 to {MAX_NAME} characters")
        raise InputError([Fault(Text("请给出名称", "needs a name"), "name", plain[:40], expected)])
    return plain


def _require_plan(session: Session, actor: Actor, run_id: UUID) -> None:
    try:
        require_done(find_run(session, actor, PLAN, run_id))
    except UnknownIdError:
        message = Text("没有这个方案", "there is no such plan")
        raise InputError([Fault(message, "baseline")]) from None
