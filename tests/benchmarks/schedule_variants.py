"""Variants of the published instances, seeded: what else the family may hold."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from matcher.schedule import Absence, Precedence, Problem, Table

KINDS = ("forbidden", "fixed", "ordered", "tables", "merged")


def variant(name: str, problem: Problem, number: int) -> tuple[str, Problem]:
    """Return a variant and its name; the kinds take turns, and the same number is the same one."""
    kind = KINDS[number % len(KINDS)]
    return f"{name}.{kind}-{number}", _MAKE[kind](problem, Random(f"{name} {number}"))


def _forbidden(problem: Problem, rng: Random) -> Problem:
    """Some slots in which a participant is away, as in forb0003."""
    slots = [slot.slot_id for slot in problem.slots]
    absences = [
        Absence(p.participant_id, frozenset(rng.sample(slots, 1)))
        for p in problem.participants
        if rng.random() < 0.25
    ]
    return problem.replace(absences=problem.absences + tuple(absences))


def _fixed(problem: Problem, rng: Random) -> Problem:
    """A tenth of the meetings in given slots, at most one of a participant's in a slot."""
    taken: set[tuple[str, str]] = set()
    meetings = list(problem.meetings)
    for index in rng.sample(range(len(meetings)), len(meetings) // 10):
        meeting = meetings[index]
        slot = rng.choice([s for s in problem.slots if meeting.wish in (None, s.session)])
        if meeting.slot is None and not {(p, slot.slot_id) for p in meeting.pair} & taken:
            taken |= {(p, slot.slot_id) for p in meeting.pair}
            meetings[index] = replace(meeting, slot=slot.slot_id)
    return problem.replace(meetings=tuple(meetings))


def _ordered(problem: Problem, rng: Random) -> Problem:
    """Precedences between meetings, as in prec15; earlier numbers first, so in no circle."""
    numbers = range(len(problem.meetings))
    pairs = {tuple(sorted(rng.sample(numbers, 2))) for _ in range(len(numbers) // 8)}
    orders = [
        Precedence(problem.meetings[a].meeting_id, problem.meetings[b].meeting_id)
        for a, b in sorted(pairs)
    ]
    return problem.replace(precedences=tuple(orders))


def _tables(problem: Problem, rng: Random) -> Problem:
    """Another number of tables, from as few as the meetings need."""
    least = -(-len(problem.meetings) // len(problem.slots))
    count = rng.randint(least, len(problem.tables) + 2)
    return problem.replace(tables=tuple(Table(str(n)) for n in range(1, count + 1)))


def _merged(problem: Problem, rng: Random) -> Problem:
    """Two participants made one, as in the crafted ones, where their meetings fit the day."""
    own = problem.meetings_of
    people = [p.participant_id for p in problem.participants if own[p.participant_id]]
    for _ in range(100):
        one, two = rng.sample(people, 2)
        together = len(own[one]) + len(own[two]) <= len(problem.slots)
        if together and not any({one, two} == set(m.pair) for m in own[one]):
            return _as_one(problem, one, two)
    return problem


def _as_one(problem: Problem, one: str, two: str) -> Problem:
    def named(who: str) -> str:
        return one if who == two else who

    return problem.replace(
        meetings=tuple(
            replace(m, first=named(m.first), second=named(m.second)) for m in problem.meetings
        ),
        absences=tuple(
            replace(a, participant_id=named(a.participant_id)) for a in problem.absences
        ),
        participants=tuple(p for p in problem.participants if p.participant_id != two),
    )


_MAKE = {
    "forbidden": _forbidden,
    "fixed": _fixed,
    "ordered": _ordered,
    "tables": _tables,
    "merged": _merged,
}
