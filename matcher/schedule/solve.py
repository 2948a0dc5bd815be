"""solve(): from a problem to a timetable with its levels, bounds and reasons."""

from __future__ import annotations

import math
from time import perf_counter

from matcher.domain.errors import Faults
from matcher.domain.text import Text
from matcher.schedule import measures
from matcher.schedule.answer import Answer, Limits
from matcher.schedule.explain import explain
from matcher.schedule.frame import Frame
from matcher.schedule.levels import best_answer
from matcher.schedule.problem import Problem
from matcher.schedule.result import Level, LevelName, Result, Status
from matcher.schedule.seating import fewest_changes, seat
from matcher.schedule.timetable import Timetable

_EXPLAIN_SECONDS = 20.0

_REASONS = {
    Status.OPTIMAL: Text("已证明各级目标最优", "every level is proved to be the best"),
    Status.FEASIBLE: Text("时间用完，未证明最优", "time was up before all was proved"),
    Status.INFEASIBLE: Text(
        "已证明不存在满足全部要求的时间表", "it is proved that no timetable keeps all that is asked"
    ),
    Status.UNKNOWN: Text("时间用完，尚无时间表", "time was up before there was a timetable"),
}
_BROKEN = Text(
    "{reason}（求解程序 CaDiCaL 无法运行或中途退出，改用 CP-SAT）",
    "{reason} (CaDiCaL could not be run or broke off, CP-SAT took its place)",
)
_UNEXPLAINED = Text(
    "{reason}；未能指出相互矛盾的要求", "{reason}; which of them clash could not be found out"
)


def solve(
    problem: Problem,
    time_limit: float = 60.0,
    seed: int = 0,
    warm_start: Timetable | None = None,
) -> Result:
    """Find the best timetable and prove how good it is.

    Parameters
    ----------
    time_limit
        Seconds, above 0. Explaining why there is no timetable may take up to 20 more.
    seed
        Seed of the searches, 0 or more.
    warm_start
        An earlier timetable. What of it is still allowed is where the search begins.

    Returns
    -------
    Result
        "No timetable" and "time is up" are statuses, not errors. Where everything is proved,
        the same problem and seed give the same timetable.

    Raises
    ------
    InputError
        For a time limit or a seed out of range.

    Notes
    -----
    First it is tried to hold every meeting; then the sum of values is at its greatest, and
    each participant is busy in a known number of slots, which makes proofs short. Only where
    that is impossible are meetings weighed against each other. Tables come last.
    """
    _require_options(time_limit, seed)
    started = perf_counter()
    frame = Frame(problem)
    limits = Limits(started + time_limit, seed, warm_start)
    answer = best_answer(frame, limits)
    return _finished(frame, answer, started)


def _require_options(time_limit: float, seed: int) -> None:
    faults = Faults()
    holds = math.isfinite(time_limit) and time_limit > 0
    faults.require(holds, "time_limit", time_limit, Text("大于 0 的秒数", "seconds above 0"))
    faults.require(seed >= 0, "seed", seed, Text("不小于 0 的整数", "an integer of 0 or more"))
    faults.raise_if_any()


def _finished(frame: Frame, answer: Answer, started: float) -> Result:
    problem = frame.problem
    if answer.slots is None:
        status = Status.INFEASIBLE if answer.infeasible else Status.UNKNOWN
        conflict, minimal = (
            explain(frame, perf_counter() + _EXPLAIN_SECONDS) if answer.infeasible else ((), False)
        )
        reason = _reason(status, answer)
        if answer.infeasible and not conflict:
            reason = _UNEXPLAINED.format(reason=reason)
        seconds = perf_counter() - started
        return Result(status, None, (), (), (), conflict, minimal, seconds, reason)
    timetable = seat(frame, answer.slots)
    gaps = measures.gaps(problem, timetable)
    levels = _levels(frame, answer, timetable, gaps)
    proven = all(level.proven for level in levels if level.name is not LevelName.TABLE_CHANGES)
    status = Status.OPTIMAL if proven else Status.FEASIBLE
    unplaced = tuple(
        m.meeting_id for m, t in zip(problem.meetings, answer.slots, strict=True) if t is None
    )
    return Result(
        status=status,
        timetable=timetable,
        levels=levels,
        breaks=tuple(gaps.items()),
        unplaced=unplaced,
        conflict=(),
        conflict_is_minimal=False,
        seconds=perf_counter() - started,
        reason=_reason(status, answer),
    )


def _reason(status: Status, answer: Answer) -> Text:
    reason = _REASONS[status]
    return _BROKEN.format(reason=reason) if answer.broken else reason


def _levels(
    frame: Frame, answer: Answer, timetable: Timetable, gaps: dict[str, int]
) -> tuple[Level, ...]:
    """Value every level of a timetable; a bound counts only while the levels before are proven."""
    assert answer.slots is not None
    value = measures.placed_value(frame.problem, timetable)
    value_bound = value if answer.value_bound is None else max(value, answer.value_bound)
    total, spread = sum(gaps.values()), measures.spread(gaps)
    levels = [
        Level(LevelName.VALUE, value, value_bound),
        Level(LevelName.BREAKS, total, min(total, answer.breaks_bound)),
    ]
    if frame.problem.fairness is None:
        levels.append(Level(LevelName.SPREAD, spread, min(spread, answer.spread_bound)))
    changes = measures.table_changes(frame.problem, timetable)
    fewest = fewest_changes(frame, answer.slots)
    levels.append(Level(LevelName.TABLE_CHANGES, changes, min(changes, fewest)))
    return tuple(levels)
