"""Make a timetable: from files to a problem, solved and checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from pathlib import Path

from matcher.domain.errors import Fault, InputError
from matcher.domain.event import EventKind
from matcher.domain.text import Text
from matcher.files.agenda import Agenda, Talk
from matcher.files.event_sheet import EventHead, EventSheet
from matcher.files.event_times import at
from matcher.files.event_toml import read_event
from matcher.schedule import Problem, Result, check, read_dzn, solve
from matcher.schedule.dzn import DAY
from matcher.services.scheduling.building import build_problem
from matcher.services.scheduling.leads import Lead, read_leads

DEFAULT_FAIRNESS = 2
"""The d of the published instances, whose files do not contain it."""


@dataclass(frozen=True, slots=True)
class Timing:
    """How to solve; see `matcher.schedule.solve`."""

    time_limit: float = 60.0
    seed: int = 0


@dataclass(frozen=True)
class Task:
    """A problem and all that is printed beside its timetable."""

    head: EventHead
    problem: Problem
    talks: Mapping[str, Talk]
    left_out: tuple[Text, ...] = ()


@dataclass(frozen=True)
class Scheduled:
    """A task and what came of it; ``agenda`` is None where there is no timetable."""

    task: Task
    result: Result
    agenda: Agenda | None


def plan_task(leads: Sequence[Lead], sheet: EventSheet, fairness: int | None = None) -> Task:
    """Return the task of an event for the matches of a plan.

    Raises
    ------
    InputError
        With every fault found.
    """
    built = build_problem(leads, sheet, fairness)
    return Task(sheet.head, built.problem, built.talks, built.left_out)


def read_task(plan: Path, event: Path, fairness: int | None = None) -> Task:
    """Read a plan and an event file.

    Raises
    ------
    InputError
        With every fault of both files.
    """
    faults: list[Fault] = []
    leads: tuple[Lead, ...] = ()
    sheet: EventSheet | None = None
    try:
        leads = read_leads(plan)
    except InputError as error:
        faults += error.faults
    try:
        sheet = read_event(event)
    except InputError as error:
        faults += error.faults
    if sheet is None or faults:
        raise InputError(faults)
    return plan_task(leads, sheet, fairness)


def read_instance(path: Path, fairness: int | None = None) -> Task:
    """Read a published instance.

    Raises
    ------
    InputError
        With every fault of the file or the option.
    """
    problem = read_dzn(path, DEFAULT_FAIRNESS if fairness is None else fairness)
    days = tuple(day[0].day for day in problem.days) or (DAY,)
    title = Text.same(path.stem)
    head = EventHead(event_id=path.stem, title=title, kind=EventKind.MATCHMAKING, days=days)
    return Task(head, problem, {})


def make_timetable(task: Task, timing: Timing | None = None) -> Scheduled:
    """Solve a task; what is returned has passed the checker.

    Raises
    ------
    InputError
        If an option is out of range.
    CheckError
        If the checker finds a fault.
    """
    how = timing or Timing()
    result = solve(task.problem, how.time_limit, how.seed)
    check(task.problem, result)
    if result.timetable is None:
        return Scheduled(task, result, None)
    agenda = Agenda(
        head=task.head,
        problem=task.problem,
        timetable=result.timetable,
        status=result.status,
        levels=result.levels,
        talks=task.talks,
        left_out=task.left_out,
        stamp=at(task.head.day, time(0)),
    )
    return Scheduled(task, result, agenda)
