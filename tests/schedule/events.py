"""Events for the tests: short builders, generated ones, and brute force on tiny ones."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise, product

from hypothesis import reject
from hypothesis import strategies as st

from matcher.domain.errors import ProblemError
from matcher.domain.moments import CHINA
from matcher.schedule import (
    Absence,
    Meeting,
    NeverTogether,
    Participant,
    ParticipantKind,
    Pause,
    Precedence,
    Problem,
    Session,
    Slot,
    Table,
    Timetable,
    find_faults,
)
from matcher.schedule.constraints import gaps_of

NINE = datetime(2026, 5, 28, 9, 0, tzinfo=CHINA)


def clock(minutes: int) -> datetime:
    """Return a time so many minutes after nine."""
    return NINE + timedelta(minutes=minutes)


def slots(count: int, morning: int | None = None, days: int = 1) -> tuple[Slot, ...]:
    """Return slots s1, s2, … of 20 minutes, the first ``morning`` of each day before noon."""
    half = count if morning is None else morning
    return tuple(
        Slot(
            f"s{day * count + i + 1}",
            clock(1440 * day + 20 * i),
            clock(1440 * day + 20 * i + 20),
            Session.MORNING if i < half else Session.AFTERNOON,
        )
        for day in range(days)
        for i in range(count)
    )


def people(*names: str, **officers: int) -> tuple[Participant, ...]:
    """Return firms by name, and institutions with so many officers."""
    firms = tuple(Participant(name, f"企业{name}") for name in names)
    return firms + tuple(
        Participant(name, f"银行{name}", kind=ParticipantKind.INSTITUTION, officers=count)
        for name, count in officers.items()
    )


def meetings(*pairs: str, must: bool = True) -> tuple[Meeting, ...]:
    """Return one meeting for each pair of letters, named as the pair."""
    return tuple(Meeting(pair, pair[0], pair[1], must=must) for pair in pairs)


def event(
    *pairs: str, count: int = 4, tables: int = 2, must: bool = True, **more: object
) -> Problem:
    """Return an event of the participants whose letters occur in the pairs."""
    names = sorted({letter for pair in pairs for letter in pair})
    given = {
        "participants": people(*names),
        "meetings": meetings(*pairs, must=must),
        "slots": slots(count),
        "tables": tuple(Table(f"t{i + 1}") for i in range(tables)),
    }
    return Problem(**{**given, **more})


def timetable(**placed: str) -> Timetable:
    """Return a timetable of ``ab="s1 t1"`` entries."""
    return Timetable.of((name, *place.split()) for name, place in placed.items())


@st.composite
def events(draw: st.DrawFn, tiny: bool = False) -> Problem:
    """Generate a sound problem, small enough to be solved in no time."""
    letters = "abcd" if tiny else "abcdef"
    every = [x + y for i, x in enumerate(letters) for y in letters[i + 1 :]]
    chosen = draw(st.lists(st.sampled_from(every), max_size=4 if tiny else 10, unique=True))
    count = draw(st.integers(1, 4 if tiny else 7))
    day = slots(count, draw(st.integers(0, count)), days=1 if tiny else draw(st.integers(1, 2)))
    ids = [slot.slot_id for slot in day]
    tables = tuple(
        Table(f"t{i}", capacity=draw(st.integers(1, 2)), closed=draw(_some(ids, 1)))
        for i in range(draw(st.integers(1, 3)))
    )
    own = draw(st.sampled_from([(), ("t0",)])) if len(tables) > 1 else ()
    participants = tuple(
        Participant(
            name,
            officers=draw(st.integers(1, 2)),
            tables=own if name == "a" else (),
            max_run=draw(st.sampled_from([None, None, 1, 2])),
        )
        for name in letters
    )
    given = dict(
        participants=participants,
        meetings=tuple(
            Meeting(
                pair,
                pair[0],
                pair[1],
                value=draw(st.integers(0, 5)),
                must=draw(st.booleans()) and draw(st.booleans()),
                wish=draw(st.sampled_from([None, None, *Session])),
                slot=draw(st.sampled_from([None, None, None, *ids])),
            )
            for pair in chosen
        ),
        slots=day,
        tables=tables,
        pauses=() if tiny else draw(st.sampled_from([(), (Pause(clock(-30), clock(-10)),)])),
        absences=tuple(Absence(name, draw(_some(ids, 2))) for name in draw(_some(letters, 2))),
        never_together=draw(_apart(chosen)),
        precedences=tuple(
            Precedence(*pair) for pair in pairwise(chosen[:2]) if draw(st.booleans())
        ),
        fairness=draw(st.sampled_from([None, None, 0, 1])),
    )
    try:
        return Problem(**given)
    except ProblemError:  # more is fixed in a slot than fits
        reject()


def _some(items: object, most: int) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(list(items)), max_size=most)  # type: ignore[call-overload]


def _apart(chosen: list[str]) -> st.SearchStrategy[tuple[NeverTogether, ...]]:
    rules = [NeverTogether(meetings=frozenset(chosen[-2:]))]
    if chosen and not any({"c", "d"} == set(pair) for pair in chosen):
        rules.append(NeverTogether(participants=frozenset("cd")))
    return st.lists(st.sampled_from(rules), max_size=1).map(tuple)


def every_timetable(problem: Problem) -> Iterator[Timetable]:
    """Yield every timetable that keeps all rules, tables included."""
    choices = [
        [None, *((s.slot_id, t) for s in problem.slots for t in problem.tables_for(m))]
        for m in problem.meetings
    ]
    for places in product(*choices):
        rows = [
            (m.meeting_id, *place)
            for m, place in zip(problem.meetings, places, strict=True)
            if place is not None
        ]
        found = Timetable.of(rows)
        if not find_faults(problem, found):
            yield found


def levels_of(problem: Problem, found: Timetable) -> tuple[int, int, int]:
    """Return value (negative), gaps and spread: the least is the best."""
    gaps = gaps_of(problem, found).values()
    value = sum(problem.meeting[p.meeting_id].value for p in found.placements)
    spread = max(gaps, default=0) - min(gaps, default=0) if problem.fairness is None else 0
    return -value, sum(gaps), spread
