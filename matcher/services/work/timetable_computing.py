"""Make the timetable of a run: the bytes of timetable.json, and what lists show of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Text
from matcher.files.agenda import Agenda
from matcher.files.timetable_json import parse_timetable, timetable_bytes
from matcher.schedule import Result as Solved
from matcher.services.meetings.changing import changes_of
from matcher.services.scheduling import Task, Timing, change_day, make_timetable
from matcher.services.work.kinds import Job, Progress, Result

_SOLVING = Text("编排时间表", "making the timetable")
_REPLANNING = Text("重排剩余时段", "planning the rest of the day anew")
_CLASH = Text("以下要求互相冲突：{f}", "these cannot all be kept: {f}")


def compute_timetable(job: Job, progress: Progress) -> Result:
    """Make a timetable; it has passed the checker.

    Raises
    ------
    InputError
        If there is none, with the facts that clash where they were found.
    CheckError
        If the checker finds a fault.
    """
    assert job.content is not None
    asked = job.request
    timing = Timing(asked["time_limit"], asked["seed"])
    if asked["is_replan"]:
        progress.stage(_REPLANNING)
        old, now = parse_timetable(job.content), datetime.fromisoformat(asked["now"])
        agenda = change_day(old, now, changes_of(asked["changes"]), timing).agenda
    else:
        progress.stage(_SOLVING)
        agenda = _made(task_of(job.content), timing)
    return Result(timetable_bytes(agenda), summary=summary_of(agenda))


def task_bytes(task: Task) -> bytes:
    """Return a task as the bytes of JSON that `task_of` reads."""
    return TypeAdapter(Task).dump_json(task)


def task_of(content: bytes) -> Task:
    """Read what `task_bytes` gave."""
    return TypeAdapter(Task).validate_json(content)


def _made(task: Task, timing: Timing) -> Agenda:
    found = make_timetable(task, timing)
    if found.agenda is None:
        raise InputError(_reasons(found.result))
    return found.agenda


def _reasons(result: Solved) -> list[Fault]:
    faults = [Fault(result.reason)]
    if result.conflict:
        facts = Text.join([fact.text for fact in result.conflict], zh="；", en="; ")
        faults.append(Fault(_CLASH.format(f=facts)))
    return faults


def summary_of(agenda: Agenda) -> dict[str, Any]:
    """Return a timetable in figures."""
    return {
        "status": agenda.status.value,
        "num_meetings": len(agenda.timetable),
        "num_unplaced": len(agenda.unplaced),
        "levels": {level.name.value: [level.value, level.bound] for level in agenda.levels},
    }
