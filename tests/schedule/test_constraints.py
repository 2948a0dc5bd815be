"""Every rule has a timetable that keeps it and one that breaks it, and no other rule."""

from dataclasses import replace

import pytest

from matcher.domain.errors import CheckError
from matcher.domain.text import Lang
from matcher.schedule import (
    Absence,
    Level,
    LevelName,
    Meeting,
    NeverTogether,
    Pause,
    Precedence,
    Session,
    Status,
    Table,
    Timetable,
    check,
    find_faults,
    solve,
)
from matcher.schedule.constraints import CONSTRAINTS
from tests.schedule.events import clock, event, people, slots, timetable

TWO = event("ab", "cd")
CHAIN = event("ab", "ac", "ad", must=False, count=5, max_run=2)
PAIRS = {
    "everything_exists": (
        TWO,
        {"ab": "s1 t1", "cd": "s1 t2"},
        {"ab": "s1 t1", "cd": "s2 t1", "xy": "s9 t9"},
    ),
    "musts_are_held": (TWO, {"ab": "s1 t1", "cd": "s2 t1"}, {"ab": "s1 t1"}),
    "wishes_are_kept": (
        event("ab", slots=slots(4, 2), meetings=(Meeting("ab", "a", "b", wish=Session.AFTERNOON),)),
        {"ab": "s3 t1"},
        {"ab": "s2 t1"},
    ),
    "fixed_slots_are_kept": (
        event("ab", meetings=(Meeting("ab", "a", "b", slot="s2"),)),
        {"ab": "s2 t1"},
        {"ab": "s1 t1"},
    ),
    "nobody_is_absent": (
        event("ab", absences=(Absence("a", frozenset({"s1"})),)),
        {"ab": "s2 t1"},
        {"ab": "s1 t1"},
    ),
    "officers_suffice": (
        event("ab", "ac", "ad", tables=3, participants=people("b", "c", "d", a=2)),
        {"ab": "s1 t1", "ac": "s1 t2", "ad": "s2 t1"},
        {"ab": "s1 t1", "ac": "s1 t2", "ad": "s1 t3"},
    ),
    "tables_suffice": (
        event("ab", "cd", "ef").replace(
            tables=(Table("t1", capacity=2, closed=frozenset({"s4"})),)
        ),
        {"ab": "s1 t1", "cd": "s1 t1", "ef": "s2 t1"},
        {"ab": "s1 t1", "cd": "s4 t1", "ef": "s2 t1"},
    ),
    "precedences_are_kept": (
        event("ab", "cd", precedences=(Precedence("ab", "cd"),)),
        {"ab": "s1 t1", "cd": "s2 t1"},
        {"ab": "s1 t1", "cd": "s1 t2"},
    ),
    "apart_stay_apart": (
        event("ab", "cd", never_together=(NeverTogether(participants=frozenset("ac")),)),
        {"ab": "s1 t1", "cd": "s2 t1"},
        {"ab": "s1 t1", "cd": "s1 t2"},
    ),
    "rows_are_short": (
        CHAIN,
        {"ab": "s1 t1", "ac": "s2 t1", "ad": "s4 t1"},
        {"ab": "s1 t1", "ac": "s2 t1", "ad": "s3 t1"},
    ),
    "gaps_are_even": (
        event("ab", "ac", fairness=0),
        {"ab": "s1 t1", "ac": "s2 t1"},
        {"ab": "s1 t1", "ac": "s3 t1"},
    ),
}  # fmt: skip


def broken(problem, placed):
    """Return the names of the rules that a timetable breaks."""
    return {fault.field for fault in find_faults(problem, timetable(**placed))}


@pytest.mark.parametrize("rule", PAIRS)
def test_a_rule_is_kept_by_one_timetable_and_broken_by_another(rule):
    """Each rule tells the two apart, and no other rule is troubled."""
    problem, kept, against = PAIRS[rule]
    assert broken(problem, kept) == set()
    assert broken(problem, against) == {rule}


def test_tables_set_aside_hold_their_meetings_and_no_others():
    """A bank's meetings are at its table; nobody else's are."""
    a, *others = people("a", "b", "c", "d")
    problem = event("ab", "cd", participants=(replace(a, tables=("t1",)), *others))
    assert broken(problem, {"ab": "s1 t1", "cd": "s1 t2"}) == set()
    assert broken(problem, {"ab": "s1 t2", "cd": "s2 t2"}) == {"set_aside_tables_are_kept"}
    assert broken(problem, {"ab": "s1 t1", "cd": "s2 t1"}) == {"set_aside_tables_are_kept"}


def test_a_meeting_is_held_once():
    """The same meeting in two slots is a fault."""
    twice = Timetable.of([("ab", "s1", "t1"), ("ab", "s2", "t1"), ("cd", "s1", "t2")])
    assert {f.field for f in find_faults(TWO, twice)} == {"held_at_most_once"}


def test_meetings_kept_apart_are_not_in_one_slot():
    """A rule about meetings, not people."""
    apart = (NeverTogether(meetings=frozenset({"ab", "cd"})),)
    problem = event("ab", "cd", never_together=apart)
    assert broken(problem, {"ab": "s1 t1", "cd": "s2 t1"}) == set()
    assert broken(problem, {"ab": "s1 t1", "cd": "s1 t2"}) == {"apart_stay_apart"}


def test_a_pause_ends_a_row():
    """Three meetings around lunch are two in a row and one, and no gap."""
    day = slots(3)
    late = replace(day[2], start=clock(100), end=clock(120))
    problem = event(
        "ab", "ac", "ad", max_run=2, slots=(*day[:2], late), pauses=(Pause(clock(40), clock(100)),)
    )
    placed = {"ab": "s1 t1", "ac": "s2 t1", "ad": "s3 t1"}
    assert broken(problem, placed) == set()
    assert broken(problem.replace(pauses=()), placed) == {"rows_are_short"}


def test_officers_take_turns():
    """Two officers with one meeting in a row each hold two in any two slots."""
    problem = event(
        "ab", "ac", "ad", participants=people("b", "c", "d", a=2), max_run=1, count=3, must=False
    )
    assert broken(problem, {"ab": "s1 t1", "ac": "s2 t1", "ad": "s3 t1"}) == set()
    assert broken(problem, {"ab": "s1 t1", "ac": "s2 t1", "ad": "s2 t2"}) == {"rows_are_short"}


def test_a_night_is_no_gap():
    """The last slot of one day and the second of the next leave no idle gap between."""
    problem = event("ab", "ac", fairness=0, slots=slots(2, days=2))
    assert broken(problem, {"ab": "s1 t1", "ac": "s4 t1"}) == set()


def test_every_rule_is_tested_here():
    """A new rule needs a pair of its own."""
    elsewhere = {"held_at_most_once", "set_aside_tables_are_kept"}
    assert {rule.__name__ for rule in CONSTRAINTS} == PAIRS.keys() | elsewhere


def test_every_fault_is_told_at_once_in_both_languages():
    """One error names all, in Chinese and English."""
    with pytest.raises(CheckError) as caught:
        check(TWO, timetable(ab="s1 t1", cd="s1 t1", xy="s1 t1"))
    assert len(caught.value.faults) == 2
    assert "问题中没有洽谈 xy" in caught.value.sentences(Lang.ZH)[0]
    assert "the problem has no meeting xy" in caught.value.sentences(Lang.EN)[0]


def test_a_result_that_claims_too_much_is_refused():
    """Levels, breaks and status are counted again."""
    problem = event("ab", "ac", "bc", count=3)
    result = solve(problem)
    check(problem, result)
    lies = [
        replace(result, breaks=(("a", 2), ("b", 0), ("c", 0))),
        replace(result, levels=(Level(LevelName.BREAKS, 2, 0),)),
        replace(result, levels=(Level(LevelName.BREAKS, 0, 1),)),
        replace(result, unplaced=("ab",)),
        replace(result, status=Status.INFEASIBLE),
    ]
    for lie in lies:
        with pytest.raises(CheckError):
            check(problem, lie)


def test_a_participant_busy_with_nobody_has_no_gaps():
    """Those without meetings count as having none."""
    problem = event("ab").replace(participants=people("a", "b", "z"))
    assert dict(solve(problem).breaks) == {"a": 0, "b": 0, "z": 0}
