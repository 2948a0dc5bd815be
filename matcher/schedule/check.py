"""check(): a timetable or a result is held against its problem by code apart from the solver."""

from __future__ import annotations

from collections.abc import Iterator

from matcher.domain.errors import CheckError, Fault
from matcher.domain.text import Text
from matcher.schedule.constraints import CONSTRAINTS, gaps_of
from matcher.schedule.problem import Problem
from matcher.schedule.result import LevelName, Result, Status
from matcher.schedule.timetable import Timetable


def find_faults(problem: Problem, timetable: Timetable) -> list[Fault]:
    """Return every rule that a timetable breaks; ``fault.field`` is the rule's name."""
    return [fault for rule in CONSTRAINTS for fault in rule(problem, timetable)]


def check(problem: Problem, result: Result | Timetable) -> None:
    """Hold every rule, and of a result also its levels, breaks and status, against a problem.

    Raises
    ------
    CheckError
        With every fault found.
    """
    if isinstance(result, Timetable):
        faults = find_faults(problem, result)
    else:
        faults = list(_claim_faults(problem, result))
    if faults:
        raise CheckError(faults)


def _claim_faults(problem: Problem, result: Result) -> Iterator[Fault]:
    has_one = result.status in (Status.OPTIMAL, Status.FEASIBLE)
    if has_one != (result.timetable is not None):
        zh, en = "状态 {s} 与有无时间表不符", "status {s} does not go with the timetable"
        yield Fault(Text(zh, en).format(s=result.status.value), field="status")
    if result.timetable is None:
        return
    faults = find_faults(problem, result.timetable)
    yield from faults
    if not any(fault.field == "everything_exists" for fault in faults):
        yield from _level_faults(problem, result, result.timetable)


def _level_faults(problem: Problem, result: Result, timetable: Timetable) -> Iterator[Fault]:
    gaps = gaps_of(problem, timetable)
    held = {placement.meeting_id for placement in timetable.placements}
    missing = {m.meeting_id for m in problem.meetings} - held
    counted = {
        LevelName.VALUE: sum(m.value for m in problem.meetings if m.meeting_id in held),
        LevelName.BREAKS: sum(gaps.values()),
        LevelName.SPREAD: max(gaps.values(), default=0) - min(gaps.values(), default=0),
    }
    for level in result.levels:
        expected = counted.get(level.name, level.value)
        if level.value != expected:
            yield _claim(level.name.value, level.value, expected)
        worse = level.value > level.bound if level.name is LevelName.VALUE else False
        better = level.value < level.bound if level.name is not LevelName.VALUE else False
        if worse or better:
            yield _claim(f"{level.name.value}.bound", level.bound, level.value)
        proves = level.proven or level.name is LevelName.TABLE_CHANGES
        if result.status is Status.OPTIMAL and not proves:
            yield _claim("status", result.status.value, Status.FEASIBLE.value)
    if dict(result.breaks) != gaps:
        yield _claim("breaks", dict(result.breaks), gaps)
    if set(result.unplaced) != missing:
        yield _claim("unplaced", sorted(result.unplaced), sorted(missing))


def _claim(field: str, claimed: object, found: object) -> Fault:
    told = Text("声称 {c}，实为 {f}", "claims {c}, found {f}").format(c=claimed, f=found)
    return Fault(told, field=field)
