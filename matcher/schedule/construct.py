"""A timetable by hand: construction and improvement, for halls that are too large to prove."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, count

import numpy as np

from matcher.schedule.annealing import Floats, Hall, Ints, State, anneal, place_first
from matcher.schedule.answer import Limits, Slots
from matcher.schedule.frame import Frame

STEPS = 400_000
"""Steps of one round; after each the caller may stop."""

_ROUNDS = 6  # from hot to cold
_HOT, _COLD = 1.2, 0.08
_EXCHANGE = 20.0
_AWAY = 20.0  # what a move weighs in gaps
_LOST = 50.0  # what a lost meeting weighs in moves, at least
_SETTLING = ((0.5, 0.1), (20.0, 1.0), (1.0, 0.1), (10.0, 0.5), (0.5, 0.1))


def drafts(frame: Frame, limits: Limits) -> Iterator[tuple[Slots, float]]:
    """Yield the best slots so far and their cost, round after round, for ever.

    The cost is that of gaps and lost meetings together; 0 means that there are none.

    Rounds cool from hot to cold, and begin hot again from the best so far. The same frame,
    seed and warm start give the same sequence.
    """
    if not frame.pairs or not frame.num_slots:
        yield [None] * len(frame.pairs), 0.0 if not frame.pairs else np.inf
        return
    hall = _hall(frame)
    best = _wanted(frame, limits)
    state = _state(hall)
    place_first(hall, state, best)
    best, cost = state.slot.copy(), np.inf
    rng = np.random.default_rng(limits.seed)
    for turn in count():
        cycle, part = divmod(turn, _ROUNDS)
        if part == 0:
            state = _state(hall)
            place_first(hall, state, best)
            hot, cold = _warmth(cycle, lost=bool((best < 0).any()))
            cooling = (cold / hot) ** (1 / _ROUNDS)
        warm = hot * cooling**part
        steps = STEPS * min(cycle + 1, 2)
        cost = anneal(hall, state, steps, warm, warm * cooling, rng, best, cost)
        yield [int(t) if t >= 0 else None for t in best], cost


def _warmth(cycle: int, *, lost: bool) -> tuple[float, float]:
    """Return where a cycle begins and ends: hot enough to exchange meetings if some are lost."""
    if cycle == 0:
        return _HOT, _COLD
    return (_EXCHANGE, 4 * _COLD) if lost else (_HOT / 2, _COLD)


def settle(frame: Frame, home: Slots, begin: Slots, seed: int) -> Slots:
    """Hold as many meetings as can be, from a beginning, with few away from home.

    For a change on the day: one move weighs more than all the gaps that it may save, one lost
    meeting more than many moves.
    """
    if not frame.pairs:
        return []
    hall = _hall(frame)
    hall = hall._replace(
        home=_numbers(home), away=_AWAY, loss=hall.loss * (_LOST * _AWAY / hall.loss.min())
    )
    best, state = _numbers(begin), _state(hall)
    place_first(hall, state, best)
    best, cost = state.slot.copy(), np.inf
    rng = np.random.default_rng(seed)
    for hot, cold in _SETTLING:
        cost = anneal(hall, state, STEPS, hot, cold, rng, best, cost)
        state = _state(hall)
        place_first(hall, state, best)
    return [int(t) if t >= 0 else None for t in best]


def _numbers(slots: Slots) -> Ints:
    return np.array([-1 if t is None else t for t in slots], np.int64)


def _wanted(frame: Frame, limits: Limits) -> Ints:
    slots = limits.earlier(frame)
    return _numbers([None] * len(frame.pairs) if slots is None else slots)


def _numbered(stretches: Sequence[Sequence[int]], size: int) -> Ints:
    number = np.zeros(size, np.int64)
    for index, slots in enumerate(stretches):
        number[list(slots)] = index
    return number


def _lists(
    size: int, items: Iterable[tuple[int, tuple[int, ...]]], width: int
) -> tuple[Ints, Ints]:
    """Return items by key, one list after the other, and where each begins."""
    by_key: list[list[tuple[int, ...]]] = [[] for _ in range(size)]
    for key, item in items:
        by_key[key].append(item)
    flat = [item for listed in by_key for item in listed]
    begins = np.cumsum([0, *map(len, by_key)]).astype(np.int64)
    return np.array(flat, np.int64).reshape(-1, width), begins


def _hall(frame: Frame) -> Hall:
    problem, size = frame.problem, frame.num_slots
    allowed = np.zeros((len(frame.pairs), size), np.bool_)
    for meeting, slots in enumerate(frame.domain):
        allowed[meeting, slots] = True
    own, own_at = _lists(
        len(frame.own), ((p, (m,)) for p, ms in enumerate(frame.own) for m in ms), 1
    )
    before, before_at = _lists(len(frame.pairs), _orders(frame), 2)
    apart, apart_at = _lists(len(frame.pairs), _apart(frame), 1)
    rivals, rivals_at = _lists(len(frame.own), _rivals(frame), 1)
    most = [problem.max_run_of(p) or size for p in problem.participants]
    return Hall(
        pair=np.array(frame.pairs, np.int64).reshape(-1, 2),
        allowed=allowed,
        loss=_losses(frame),
        own=own[:, 0],
        own_at=own_at,
        officers=np.array(frame.officers, np.int64),
        pool=np.array(frame.pool, np.int64),
        room=np.array(frame.capacity, np.int64).reshape(-1, size),
        day=_numbered(frame.days, size),
        row=_numbered(frame.rows, size),
        most=np.array(most, np.int64),
        limit=size if problem.fairness is None else problem.fairness,
        before=before,
        before_at=before_at,
        apart=apart[:, 0],
        apart_at=apart_at,
        rivals=rivals[:, 0],
        rivals_at=rivals_at,
        home=np.full(len(frame.pairs), -1, np.int64),
        away=0.0,
    )


def _losses(frame: Frame) -> Floats:
    """Weigh a lost meeting by its value, the most valuable as a hundred gaps."""
    meetings = frame.problem.meetings
    top = max((m.value for m in meetings), default=0) or 1
    return np.array([1 + round(100 * m.value / top) + 1000 * m.must for m in meetings], np.float64)


def _orders(frame: Frame) -> Iterator[tuple[int, tuple[int, int]]]:
    """Yield meeting → (other, 1) where the other is later, (other, -1) where it is earlier."""
    for order in frame.problem.precedences:
        first, later = frame.meeting_at[order.before], frame.meeting_at[order.after]
        yield first, (later, 1)
        yield later, (first, -1)


def _apart(frame: Frame) -> Iterator[tuple[int, tuple[int]]]:
    for rule in frame.problem.never_together:
        for a, b in combinations([frame.meeting_at[m] for m in sorted(rule.meetings)], 2):
            yield a, (b,)
            yield b, (a,)


def _rivals(frame: Frame) -> Iterator[tuple[int, tuple[int]]]:
    for rule in frame.problem.never_together:
        for a, b in combinations([frame.person_at[p] for p in sorted(rule.participants)], 2):
            yield a, (b,)
            yield b, (a,)


def _state(hall: Hall) -> State:
    meetings, slots = hall.allowed.shape
    people = len(hall.officers)
    return State(
        slot=np.full(meetings, -1, np.int64),
        busy=np.zeros((people, slots), np.int64),
        used=np.zeros_like(hall.room),
        gaps=np.zeros(people, np.int64),
        members=np.zeros((slots, meetings), np.int64),
        size=np.zeros(slots, np.int64),
        place=np.zeros(meetings, np.int64),
    )
