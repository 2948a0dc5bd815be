"""The levels of the objective: which way a problem is solved, and what each way proves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import perf_counter

from matcher.schedule.answer import Answer, Limits, Slots
from matcher.schedule.by_hand import FIRST, ByHand
from matcher.schedule.cadical import Levels, prove_levels
from matcher.schedule.cpsat import CpSat, Found, Terms
from matcher.schedule.encode import Encoding, encode
from matcher.schedule.floors import fewest_gaps, least_lost
from matcher.schedule.formula import true_in
from matcher.schedule.frame import Frame
from matcher.schedule.start import gaps_in

_SMALL = 40_000  # literals: a formula that is decided sooner than a process is started
_LARGE = 15_000  # (meeting, slot) pairs: a hall where a timetable by hand comes first
_MIDDLE = 2_500_000  # literals: the most with which CP-SAT weighs meetings against each other
_HAND_SHARE = 0.4  # of the time for meetings that are weighed goes to a timetable by hand
_COUNTED = 100  # so many gaps are counted one by one; a timetable with more is not proved best
_ALL_SHARE = 0.7  # of the time goes to timetables that hold every meeting, where not all must be
_LAST = 30.0  # seconds at the end in which a timetable is also made by hand, in case time runs out


def best_answer(frame: Frame, limits: Limits) -> Answer:
    """Find the best timetable, without tables, in the time there is."""
    if sum(map(len, frame.domain)) > _LARGE:
        return _large(frame, limits)
    all_must = all(m.must for m in frame.problem.meetings)
    answer = _hold_all(frame, limits if all_must else limits.share(_ALL_SHARE))
    if all_must or answer.slots is not None:
        return answer
    return _hold_most(frame, limits, all_impossible=answer.infeasible)


def _large(frame: Frame, limits: Limits) -> Answer:
    """Make a timetable by hand; where it is not proved by counting, try to prove or better it."""
    begin, hand = perf_counter(), ByHand(frame, limits)
    hand.first_rounds()
    best, used = hand.best, perf_counter() - begin
    floor = fewest_gaps(frame)
    all_must = all(m.must for m in frame.problem.meetings)
    if best is not None and best.holds_all and best.gaps == floor:
        return Answer(best.slots, None, floor)
    in_time = perf_counter() + used / 3 < limits.deadline  # the clauses take as long to write
    if in_time and (all_must or (best is not None and best.holds_all)):
        return _by_cadical(
            encode(frame, hold=range(len(frame.pairs))), limits, hand, proof_first=False
        )
    hand.work(hand.time_is_up)
    best = hand.best
    if best is None or not best.holds_all:
        return Answer(None if best is None else best.slots, _total(frame) - least_lost(frame))
    return Answer(best.slots, None, floor)


def _hold_all(frame: Frame, limits: Limits) -> Answer:
    """Find the timetable of fewest gaps, then of least spread, that holds every meeting."""
    encoding = encode(frame, hold=range(len(frame.pairs)))
    if len(encoding.formula.flat) <= _SMALL:
        return _by_cpsat(encoding, limits, [])
    return _by_cadical(encoding, limits, ByHand(frame, limits), proof_first=True)


def _hold_most(frame: Frame, limits: Limits, *, all_impossible: bool) -> Answer:
    """Find the timetable of greatest value, then fewest gaps, then least spread.

    What is made by hand is where CP-SAT begins, and what remains if it finds nothing better.
    """
    encoding = encode(frame)
    meetings = frame.problem.meetings
    lost = [
        (-placed, meeting.value)
        for placed, meeting in zip(encoding.placed, meetings, strict=True)
        if placed and meeting.value
    ]
    some = [m.value for m in meetings if not m.must]
    least = max(least_lost(frame), min(some, default=0) if all_impossible else 0)
    size = len(encoding.formula.flat)
    if size <= _SMALL:
        return _by_cpsat(encoding, limits, lost, least)
    hand = ByHand(frame, limits.share(_HAND_SHARE if size <= _MIDDLE else 1.0))
    hand.work(hand.time_is_up)
    by_hand = Answer(hand.best.slots if hand.best else None, _total(frame) - least)
    if size > _MIDDLE:
        return by_hand
    proved = _by_cpsat(encoding, limits, lost, least, by_hand.slots)
    return _better(frame, by_hand, proved)


def _total(frame: Frame) -> int:
    return sum(m.value for m in frame.problem.meetings)


def _better(frame: Frame, by_hand: Answer, proved: Answer) -> Answer:
    """Return the proved answer, with the slots made by hand if those are better."""
    if proved.infeasible or by_hand.slots is None:
        return proved
    if proved.slots is None or _worth(frame, by_hand.slots) > _worth(frame, proved.slots):
        proved.slots = by_hand.slots
    return proved


def _worth(frame: Frame, slots: Slots) -> tuple[int, int]:
    meetings = zip(frame.problem.meetings, slots, strict=True)
    value = sum(m.value for m, t in meetings if t is not None)
    return value, -sum(gaps_in(frame, slots))


def _gap_terms(encoding: Encoding) -> Terms:
    return [(more, 1) for own in encoding.gaps for more in own]


def _by_cpsat(
    encoding: Encoding, limits: Limits, lost: Terms, least: int = 0, begin: Slots | None = None
) -> Answer:
    """Minimise the value lost, the gaps and the spread; each with the levels before kept."""
    solver = CpSat(encoding.formula, limits.seed)
    _hint(solver, encoding, begin or limits.earlier(encoding.frame))
    stages: list[Terms] = [_gap_terms(encoding), [(-limit, 1) for limit in encoding.spread]]
    if lost:
        stages.insert(0, lost)
    found = solver.minimise_in_turn(stages, limits.deadline)
    if any(outcome.infeasible for outcome in found):
        return Answer(infeasible=True)
    models = [outcome.model for outcome in found if outcome.model is not None]
    slots = _slots(encoding, models[-1]) if models else None
    return _bounded(encoding, slots, found, bool(lost), least)


def _bounded(
    encoding: Encoding, slots: Slots | None, found: list[Found], weighed: bool, least: int
) -> Answer:
    answer = Answer(slots)
    bounds = [outcome.bound for outcome in found]
    if weighed:
        answer.value_bound = _total(encoding.frame) - max(least, bounds.pop(0))
        if not found[0].proven:
            return answer
    answer.breaks_bound, answer.spread_bound = ([*bounds, 0, 0])[:2]
    return answer


def _by_cadical(encoding: Encoding, limits: Limits, hand: ByHand, *, proof_first: bool) -> Answer:
    """Refute 0, 1, 2 … gaps until a timetable is found; after a while also make one by hand."""
    gaps = [more for own in encoding.gaps for more in own]
    counted = encoding.formula.count(gaps, _COUNTED)
    # From 0, though counting may show more: what the short refutations teach serves the long.
    stages = [[-more for more in counted], encoding.spread]

    def meanwhile(stop: Callable[[], bool]) -> bool:
        # Where proofs are short they decide, so that the answer hangs on no race.
        if not proof_first:
            return hand.work(stop)
        left = limits.deadline - perf_counter()
        hand.work(stop, max(left / 2, left - _LAST), rounds=FIRST)
        return False

    found = prove_levels(encoding.formula, stages, limits.deadline, meanwhile)
    if found.broken and not found.infeasible:
        answer = _by_cpsat(encoding, limits, [])
        answer.broken = True
        return answer
    return _from_levels(encoding, found, hand)


def _from_levels(encoding: Encoding, found: Levels, hand: ByHand) -> Answer:
    if found.infeasible:
        return Answer(infeasible=True)
    gaps, spread = ([*found.reached, found.refuted, 0])[:2]
    if found.model is not None:
        return Answer(_slots(encoding, found.model), None, gaps, spread)
    best = hand.best
    return Answer(
        best.slots if best and best.holds_all else None,
        None,
        max(gaps, fewest_gaps(encoding.frame)),
    )


def _slots(encoding: Encoding, model: Sequence[bool]) -> Slots:
    return [
        next((t for t, variable in at.items() if true_in(variable, model)), None)
        for at in encoding.at
    ]


def _hint(solver: CpSat, encoding: Encoding, slots: Slots | None) -> None:
    if slots is None:
        return
    solver.hint(
        [
            variable if slots[meeting] == t else -variable
            for meeting, at in enumerate(encoding.at)
            for t, variable in at.items()
        ]
    )
