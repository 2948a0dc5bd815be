"""The levels of the objective, one after the other, on the clauses of a problem."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from matcher.schedule.answer import Answer, Limits, Slots
from matcher.schedule.cadical import Levels, prove_levels
from matcher.schedule.cpsat import CpSat, Found, Terms
from matcher.schedule.encode import Encoding, encode
from matcher.schedule.formula import true_in
from matcher.schedule.frame import Frame
from matcher.schedule.start import still_allowed

Construct = Callable[[Frame, Limits, Callable[[], bool]], Slots | None]
"""Makes a timetable that holds every meeting until the function says stop, or None."""

_SMALL = 40_000  # literals: a formula that is decided sooner than a process is started
_COUNTED = 100  # so many gaps are counted one by one; a timetable with more is not proved best


def hold_all(frame: Frame, limits: Limits, construct: Construct) -> Answer:
    """Find the timetable of fewest gaps, then of least spread, that holds every meeting."""
    encoding = encode(frame, hold_all=True)
    if len(encoding.formula.flat) <= _SMALL:
        return _by_cpsat(encoding, limits, [])
    return _by_cadical(encoding, limits, construct)


def hold_most(frame: Frame, limits: Limits, *, all_impossible: bool) -> Answer:
    """Find the timetable of greatest value, then fewest gaps, then least spread."""
    encoding = encode(frame)
    lost = [
        (-placed, meeting.value)
        for placed, meeting in zip(encoding.placed, frame.problem.meetings, strict=True)
        if placed and meeting.value
    ]
    return _by_cpsat(encoding, limits, lost, least_lost=1 if all_impossible and lost else 0)


def _gap_terms(encoding: Encoding) -> Terms:
    return [(more, 1) for own in encoding.gaps for more in own]


def _by_cpsat(encoding: Encoding, limits: Limits, lost: Terms, least_lost: int = 0) -> Answer:
    """Minimise the value lost, the gaps and the spread; each with the levels before kept."""
    solver = CpSat(encoding.formula, limits.seed)
    _hint(solver, encoding, limits)
    stages: list[Terms] = [_gap_terms(encoding), [(-limit, 1) for limit in encoding.spread]]
    if lost:
        stages.insert(0, lost)
    found: list[Found] = []
    slots: Slots | None = None
    for terms in stages:
        outcome = solver.minimise(terms, limits.deadline, by_core=terms is not lost)
        if outcome.infeasible:
            return Answer(infeasible=True)
        found.append(outcome)
        if outcome.model is None:
            break
        slots = _slots(encoding, outcome.model)
        if not outcome.proven:
            break
        solver.keep(terms, outcome.value)
        solver.hint(_literals(outcome.model))
    return _bounded(encoding, slots, found, bool(lost), least_lost)


def _bounded(
    encoding: Encoding, slots: Slots | None, found: list[Found], weighed: bool, least_lost: int
) -> Answer:
    answer = Answer(slots)
    bounds = [outcome.bound for outcome in found]
    if weighed:
        lost = max(least_lost, bounds.pop(0))
        total = sum(m.value for m in encoding.frame.problem.meetings)
        answer.value_bound = total - lost
        if not found[0].proven:
            return answer
    answer.breaks_bound, answer.spread_bound = ([*bounds, 0, 0])[:2]
    return answer


def _by_cadical(encoding: Encoding, limits: Limits, construct: Construct) -> Answer:
    """Refute 0, 1, 2 … gaps until a timetable is found; build one by hand at the same time."""
    gaps = [more for own in encoding.gaps for more in own]
    counted = encoding.formula.count(gaps, _COUNTED)
    stages = [[-more for more in counted], encoding.spread]
    by_hand: list[Slots] = []

    def meanwhile(stop: Callable[[], bool]) -> None:
        slots = construct(encoding.frame, limits, stop)
        if slots is not None:
            by_hand.append(slots)

    found = prove_levels(encoding.formula, stages, limits.deadline, meanwhile)
    return _from_levels(encoding, found, by_hand)


def _from_levels(encoding: Encoding, found: Levels, by_hand: list[Slots]) -> Answer:
    if found.infeasible:
        return Answer(infeasible=True)
    breaks, spread = ([*found.reached, found.refuted, 0])[:2]
    if found.model is not None:
        return Answer(_slots(encoding, found.model), None, breaks, spread)
    return Answer(by_hand[0] if by_hand else None, None, breaks)


def _slots(encoding: Encoding, model: Sequence[bool]) -> Slots:
    return [
        next((t for t, variable in at.items() if true_in(variable, model)), None)
        for at in encoding.at
    ]


def _literals(model: Sequence[bool]) -> list[int]:
    return [v if holds else -v for v, holds in enumerate(model) if v]


def _hint(solver: CpSat, encoding: Encoding, limits: Limits) -> None:
    if limits.warm_start is None:
        return
    slots = still_allowed(encoding.frame, limits.warm_start)
    solver.hint(
        [
            variable if slots[meeting] == t else -variable
            for meeting, at in enumerate(encoding.at)
            for t, variable in at.items()
        ]
    )
