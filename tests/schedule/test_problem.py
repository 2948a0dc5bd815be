"""A problem names everything that is wrong with it at once."""

from dataclasses import replace
from datetime import datetime

import pytest

from matcher.domain.errors import ProblemError
from matcher.domain.text import Lang
from matcher.schedule import (
    Absence,
    Meeting,
    NeverTogether,
    Participant,
    Pause,
    Precedence,
    Table,
    points,
)
from tests.schedule.events import clock, event, meetings, people, slots

BASE = event("ab", "cd")
FIXED = tuple(replace(m, slot="s1") for m in meetings("ab", "cd"))
BAD = {
    "a meeting with oneself": ({"meetings": (Meeting("aa", "a", "a"),)}, "meets himself"),
    "an unknown participant": ({"meetings": (Meeting("ax", "a", "x"),)}, "no such id 'x'"),
    "an unknown slot": ({"meetings": (Meeting("ab", "a", "b", slot="s9"),)}, "no such id 's9'"),
    "an absence of nobody": ({"absences": (Absence("x", frozenset({"s1"})),)}, "no such id 'x'"),
    "a precedence of nothing": ({"precedences": (Precedence("ab", "xy"),)}, "no such id 'xy'"),
    "an unknown table": (
        {"participants": (Participant("a", tables=("t7",)), *people("b", "c", "d"))},
        "no such id 't7'",
    ),
    "an id used twice": ({"tables": (Table("t1"), Table("t1"))}, "more than once 't1'"),
    "an empty id": ({"participants": (*people("a", "b", "c", "d"), Participant(" "))}, "is empty"),
    "no officers": ({"participants": people("b", "c", "d", a=0)}, "cannot be below 1"),
    "a negative value": ({"meetings": (Meeting("ab", "a", "b", value=-1),)}, "cannot be below 0"),
    "a row of none": ({"max_run": 0}, "cannot be below 1"),
    "a negative limit": ({"fairness": -1}, "cannot be below 0"),
    "a slot that ends before it starts": (
        {"slots": (replace(slots(1)[0], end=clock(-5)),)},
        "ends no later than it starts",
    ),
    "a slot without a zone": (
        {"slots": (replace(slots(1)[0], start=datetime(2026, 5, 28, 9)),)},
        "no time zone",
    ),
    "slots on top of each other": (
        {"slots": (slots(1)[0], replace(slots(1)[0], slot_id="s2", start=clock(10)))},
        "overlap",
    ),
    "a pause on a slot": ({"pauses": (Pause(clock(10), clock(30)),)}, "overlap"),
    "more fixed meetings than tables": (
        {"meetings": FIXED, "tables": (Table("t1"),)},
        "2 meetings are fixed in it, for 1 tables",
    ),
    "more fixed meetings than officers": (
        {"meetings": tuple(replace(m, slot="s1") for m in meetings("ab", "ac"))},
        "has 2 meetings fixed in it and holds 1",
    ),
    "a circle": (
        {"precedences": (Precedence("ab", "cd"), Precedence("cd", "ab"))},
        "in a circle: ",
    ),
    "tables partly shared": (
        {
            "participants": (
                Participant("a", tables=("t1",)),
                Participant("b", tables=("t1", "t2")),
                *people("c", "d"),
            )
        },
        "overlap",
    ),
    "two who meet and never do": (
        {"never_together": (NeverTogether(participants=frozenset("ab")),)},
        "never to be busy together",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_what_makes_no_problem_is_told(case):
    """Each fault is told in both languages."""
    changes, words = BAD[case]
    with pytest.raises(ProblemError) as caught:
        BASE.replace(**changes)
    assert any(words in sentence for sentence in caught.value.sentences(Lang.EN))
    assert all(any("一" <= c <= "鿿" for c in s) for s in caught.value.sentences(Lang.ZH))


def test_all_faults_are_told_at_once():
    """Nobody mends a form five times."""
    with pytest.raises(ProblemError) as caught:
        BASE.replace(meetings=(Meeting("aa", "a", "a"), Meeting("ax", "a", "x")), max_run=0)
    assert len(caught.value.faults) == 3


def test_slots_are_kept_in_the_order_of_time():
    """However they are given."""
    assert BASE.replace(slots=slots(4)[::-1]).slots == slots(4)


def test_a_score_becomes_points():
    """Thousandths, rounded half up."""
    assert [points(x) for x in (0, 0.5, 0.7315, 1)] == [0, 500, 732, 1000]
