"""The best timetable, proved, for tiny events and published ones."""

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings

from matcher.domain.errors import InputError
from matcher.schedule import (
    LevelName,
    Meeting,
    NeverTogether,
    Participant,
    ParticipantKind,
    Problem,
    Session,
    Status,
    Table,
    cadical,
    cadical_process,
    check,
    construct,
    levels,
    read_dzn,
    solve,
)
from matcher.schedule.floors import fewest_gaps, least_lost
from matcher.schedule.frame import Frame
from tests.schedule.events import event, events, every_timetable, levels_of, people, slots


@given(problem=events())
def test_the_checker_finds_no_fault(problem):
    """Whatever the event, a result holds what it claims."""
    result = solve(problem, time_limit=20)
    check(problem, result)
    assert result.status in (Status.OPTIMAL, Status.INFEASIBLE)


@given(problem=events(tiny=True))
@settings(max_examples=25)
def test_tiny_events_come_out_as_by_brute_force(problem):
    """Value first, then gaps, then their spread; and none where there is none."""
    best = min((levels_of(problem, t) for t in every_timetable(problem)), default=None)
    result = solve(problem)
    if best is None:
        assert result.status is Status.INFEASIBLE
    else:
        assert result.status is Status.OPTIMAL
        assert levels_of(problem, result.timetable) == best


@given(problem=events(tiny=True))
@settings(max_examples=4)
def test_large_problems_go_another_way_to_the_same_end(problem):
    """The process with CaDiCaL finds what CP-SAT finds."""
    every = problem.replace(meetings=tuple(replace(m, must=True) for m in problem.meetings)) \
        if not _overfull(problem) else problem  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(levels, "_SMALL", -1)
        by_cadical = solve(every, time_limit=5)  # a share of it goes to a timetable by hand
    by_cpsat = solve(every)
    check(every, by_cadical)
    assert by_cadical.status == by_cpsat.status
    assert by_cadical.objective == by_cpsat.objective


def _overfull(problem):
    try:
        problem.replace(meetings=tuple(replace(m, must=True) for m in problem.meetings))
    except InputError:
        return True
    return False


@pytest.mark.parametrize(
    "worker", ["raise SystemExit(3)", "import sys; sys.stdin.buffer.readline(); print('[', end='')"]
)
def test_without_cadical_another_solver_takes_its_place_and_it_is_said(
    worker, monkeypatch, tmp_path, capfd
):
    """A process that dies at once, or in the middle of an answer: no traceback, no wrong answer."""
    path = tmp_path / "worker.py"
    path.write_text(worker)
    monkeypatch.setattr(cadical_process, "_WORKER", path)
    monkeypatch.setattr(levels, "_SMALL", -1)
    problem = event("ab", "ac", "bc", count=6)
    result = solve(problem, time_limit=10)
    check(problem, result)
    assert (result.status, result.objective, result.bound) == (Status.OPTIMAL, 1, 1)
    assert "CaDiCaL" in result.reason.zh
    assert "CP-SAT took its place" in result.reason.en
    none = solve(event("ab", "ac", count=1), time_limit=10)
    assert none.status is Status.INFEASIBLE
    assert "could not be found out" in none.reason.en
    assert capfd.readouterr().err == ""


def test_a_program_that_cannot_be_started_is_no_traceback(monkeypatch):
    """As where there is no Python to start."""
    monkeypatch.setattr(cadical_process.sys, "executable", "/no/such/python")
    monkeypatch.setattr(levels, "_SMALL", -1)
    result = solve(event("ab", "ac", "bc", count=6), time_limit=10)
    assert (result.status, result.objective) == (Status.OPTIMAL, 1)
    assert "CaDiCaL" in result.reason.zh


def test_questions_that_stay_open_are_asked_in_rounds(monkeypatch):
    """With hardly any budget both processes answer in turn, and end as with one question."""
    problem = event(*(a + b for a, b in combinations("abcdef", 2)), count=7, tables=3)
    expected = solve(problem, time_limit=30)
    monkeypatch.setattr(levels, "_SMALL", -1)
    for name in ("_ALONE", "_BUDGET"):
        monkeypatch.setattr(cadical, name, 3)
    runs = [solve(problem, time_limit=30) for _ in range(2)]
    assert {run.objective for run in runs} == {expected.objective}
    assert all(run.status is Status.OPTIMAL for run in runs)
    assert runs[0].timetable == runs[1].timetable


def test_the_more_valuable_meetings_are_held():
    """One slot and one table: the meeting worth more."""
    few = (Meeting("ab", "a", "b", value=3), Meeting("cd", "c", "d", value=5))
    result = solve(event("ab", "cd", count=1, tables=1).replace(meetings=few))
    assert result.status is Status.OPTIMAL
    assert [p.meeting_id for p in result.timetable.placements] == ["cd"]
    assert result.unplaced == ("ab",)
    assert (result.levels[0].value, result.levels[0].bound) == (5, 5)


def test_a_must_goes_before_value():
    """What must be held is, whatever it is worth."""
    few = (Meeting("ab", "a", "b", value=0, must=True), Meeting("cd", "c", "d", value=5))
    result = solve(event("ab", "cd", count=1, tables=1).replace(meetings=few))
    assert result.unplaced == ("cd",)


def test_a_gap_that_cannot_be_avoided_is_proved():
    """Of three who all meet each other one has to wait: each slot has one meeting."""
    result = solve(event("ab", "ac", "bc", count=6))
    assert (result.objective, result.bound) == (1, 1)


def test_spread_comes_after_the_number_of_gaps():
    """Without a limit the spread is a level with a bound of its own."""
    problem = event("ab", "ac", count=3, never_together=(NeverTogether(meetings=frozenset()),))
    result = solve(problem)
    assert result.level(LevelName.SPREAD).proven


def test_twenty_four_firms_meet_banks_within_their_officers():
    """B6: no clash, and every bank within its officers."""
    banks = {"X": 3, "Y": 2, "Z": 1}
    firms = [f"f{i}" for i in range(24)]
    pairs = [
        (f, b) for i, f in enumerate(firms) for j, b in enumerate(banks) if (i + j) % 4 < 3 - j
    ]
    problem = Problem(
        participants=tuple(Participant(f) for f in firms)
        + tuple(
            Participant(b, kind=ParticipantKind.INSTITUTION, officers=n, tables=_tables_of(b, n))
            for b, n in banks.items()
        ),
        meetings=tuple(Meeting(f"{f}-{b}", f, b) for f, b in pairs),
        slots=slots(12, 6),
        tables=tuple(Table(t) for b, n in banks.items() for t in _tables_of(b, n)),
    )
    result = solve(problem, time_limit=20)
    check(problem, result)
    assert result.status is Status.OPTIMAL
    assert result.unplaced == ()
    for bank, officers in banks.items():
        for slot in problem.slots:
            here = [p for p in result.timetable.placements
                    if p.slot_id == slot.slot_id and p.meeting_id.endswith(bank)]  # fmt: skip
            assert len(here) <= officers


def _tables_of(bank, officers):
    return tuple(f"{bank}{i}" for i in range(officers))


def test_the_same_problem_gives_the_same_timetable():
    """Problem and seed decide."""
    problem = event("ab", "ac", "ad", "bc", "bd", "ef", count=6, tables=2)
    first, second = solve(problem, seed=3), solve(problem, seed=3)
    assert replace(first, seconds=0) == replace(second, seconds=0)


def test_an_earlier_timetable_may_be_given():
    """And one that no longer fits does no harm."""
    problem = event("ab", "ac", "bc", count=6)
    earlier = solve(problem).timetable
    fewer = problem.replace(slots=slots(3), meetings=problem.meetings[:2])
    assert solve(problem, warm_start=earlier).status is Status.OPTIMAL
    assert solve(fewer, warm_start=earlier).status is Status.OPTIMAL


def test_an_event_without_meetings_is_solved():
    """Nothing to place is no difficulty."""
    result = solve(event("ab").replace(meetings=()))
    assert result.status is Status.OPTIMAL
    assert len(result.timetable) == 0


@pytest.mark.parametrize(
    "options", [{"time_limit": 0.0}, {"time_limit": float("nan")}, {"seed": -1}]
)
def test_options_out_of_range_are_refused(options):
    """They are bad input."""
    with pytest.raises(InputError):
        solve(event("ab"), **options)


def test_a_clash_is_told_as_the_fewest_facts():
    """Three meetings of one firm in two slots: no fewer facts clash."""
    problem = event("ab", "ac", "ad", "ef", count=2, tables=3)
    result = solve(problem)
    assert result.status is Status.INFEASIBLE
    assert result.conflict_is_minimal
    kinds = sorted(fact.kind for fact in result.conflict)
    assert kinds == ["must", "must", "must", "officers"]
    assert "企业a" in result.conflict[0].text.zh


def test_every_kind_of_fact_can_clash():
    """Absence, wish, fixed slot, order, apart, rows, tables and fairness are told."""
    from matcher.schedule import Absence, Precedence

    wish = (Meeting("ab", "a", "b", must=True, wish=Session.AFTERNOON),)
    fixed = (Meeting("ab", "a", "b", must=True, slot="s1"),)
    cases = {
        "absence": event("ab", count=1, absences=(Absence("a", frozenset({"s1"})),)),
        "wish": event("ab", count=2).replace(meetings=wish),
        "fixed_slot": event("ab", absences=(Absence("b", frozenset({"s1"})),), meetings=fixed),
        "precedence": event("ab", "cd", count=1, precedences=(Precedence("ab", "cd"),)),
        "never_together": event(
            "ab", "cd", count=1, never_together=(NeverTogether(participants=frozenset("ac")),)
        ),
        "max_run": event("ab", "ac", count=2, max_run=1),
        "tables": event("ab", "cd", count=1, tables=1),
        "officers": event("ab", "ac", count=1),
        "fairness": event(
            "ab", "ac", fairness=0, participants=people("a", "b", "c"),
            absences=(Absence("a", frozenset({"s2"})), Absence("b", frozenset({"s2", "s3"})),
                      Absence("c", frozenset({"s1"}))), count=3,
        ),
    }  # fmt: skip
    for kind, problem in cases.items():
        result = solve(problem)
        assert result.status is Status.INFEASIBLE, kind
        assert kind in {fact.kind for fact in result.conflict}


PUBLISHED = {
    "tic-12.original": 0,
    "tic-13crafc.original": 4,
    "forumt-14.original": 5,
    "tic-12.fixed020-Forb": 1,
    "tic-12.forb0003": None,
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_instances_end_as_proved_in_the_paper(name, data_dir):
    """Optimum, or the proof that there is none."""
    problem = read_dzn(data_dir / "b2bsp" / f"{name}.dzn")
    result = solve(problem, time_limit=120)
    check(problem, result)
    expected = PUBLISHED[name]
    assert result.status is (Status.INFEASIBLE if expected is None else Status.OPTIMAL)
    assert result.objective == expected


@given(problem=events())
@settings(max_examples=15)
def test_timetables_by_hand_keep_every_rule(problem):
    """The way of large halls: the checker finds no fault, and no claim is too good."""
    best = solve(problem)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(levels, "_LARGE", -1)
        patch.setattr(construct, "STEPS", 2_000)
        by_hand = solve(problem, time_limit=0.3)
    check(problem, by_hand)
    if by_hand.timetable is not None:
        assert best.levels[0].value <= by_hand.levels[0].bound
        if by_hand.levels[0].value == best.levels[0].value:
            assert by_hand.bound <= best.objective <= by_hand.objective


@given(problem=events())
def test_bounds_by_counting_are_bounds(problem):
    """No timetable that holds all has fewer gaps, and none loses less."""
    result = solve(problem)
    if result.timetable is None:
        return
    frame = Frame(problem)
    lost = sum(problem.meeting[m].value for m in result.unplaced)
    assert least_lost(frame) <= lost
    if not result.unplaced:
        assert fewest_gaps(frame) <= result.objective
