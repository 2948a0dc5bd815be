"""The clauses say what the rules say: no timetable is lost, none is added."""

import pytest
from hypothesis import given, settings
from pysat.solvers import Cadical195

from matcher.schedule.encode import encode
from matcher.schedule.frame import Frame
from matcher.schedule.owners import shares
from matcher.schedule.start import gaps_in
from tests.schedule.events import event, events, every_timetable, people


def slots_in(frame, timetable):
    """Return the slot of each meeting of a timetable."""
    placed = {p.meeting_id: frame.slot_at[p.slot_id] for p in timetable.placements}
    return tuple(placed.get(m.meeting_id) for m in frame.problem.meetings)


def every_model(encoding):
    """Yield (slots, gaps of each participant) of every model, each slots once."""
    with Cadical195(bootstrap_with=encoding.formula.clauses()) as solver:
        while solver.solve():
            true = {literal for literal in solver.get_model() if literal > 0}
            chosen = [{t: v for t, v in at.items() if v in true} for at in encoding.at]
            slots = tuple(next(iter(at), None) for at in chosen)
            yield slots, [sum(more in true for more in own) for own in encoding.gaps]
            every = [v for at in encoding.at for v in at.values()]
            solver.add_clause([-v if v in true else v for v in every])


@pytest.mark.parametrize("hold_all", [False, True])
@given(problem=events(tiny=True))
@settings(max_examples=25)
def test_the_models_are_the_timetables_of_brute_force(hold_all, problem):
    """Implied clauses and counting at owners included; the gaps counted are those that are."""
    frame = Frame(problem)
    expected = {slots_in(frame, one) for one in every_timetable(problem)}
    if hold_all:
        expected = {slots for slots in expected if None not in slots}
    encoding = encode(frame, hold=range(len(frame.pairs)) if hold_all else ())
    found = set()
    for slots, gaps in every_model(encoding):
        assert gaps == gaps_in(frame, list(slots))
        found.add(slots)
    assert found == expected


@given(problem=events())
def test_each_meeting_is_counted_once(problem):
    """By shares of one participant with one officer, or alone."""
    frame = Frame(problem)
    for pool in range(len(frame.pool_tables)):
        split = shares(frame, pool)
        counted = sorted(m for share in split for m in share.meetings)
        assert counted == [m for m, p in enumerate(frame.pool) if p == pool]
        for share in split:
            common = set.intersection(*(set(frame.pairs[m]) for m in share.meetings))
            alone = len(share.meetings) == 1
            assert alone or any(frame.officers[person] == 1 for person in common)
            if share.person is not None:
                assert sorted(share.meetings) == sorted(frame.own[share.person])


def test_banks_own_what_firms_come_for():
    """Of a star one is counted, not every leaf; with two officers the leaves are."""
    star = event("ab", "ac", "ad", "ae")
    assert [share.meetings for share in shares(Frame(star), 0)] == [(0, 1, 2, 3)]
    twice = star.replace(participants=people("b", "c", "d", "e", a=2))
    assert [share.meetings for share in shares(Frame(twice), 0)] == [(0,), (1,), (2,), (3,)]
