"""On the day: what has happened stays, and little else moves."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.domain.errors import InputError
from matcher.schedule import (
    Cancelled,
    Late,
    Leaves,
    LevelName,
    Precedence,
    Status,
    StaysAway,
    TableBroken,
    check,
    construct,
    has_begun,
    least_change,
    replan,
    solve,
)
from tests.schedule.events import clock, event, events, timetable

DAY = event("ab", "cd", "ac", "bd", count=6)
PLAN = timetable(ab="s1 t1", cd="s1 t2", ac="s2 t1", bd="s2 t2")


@st.composite
def changes(draw, problem):
    """Generate what may go wrong with an event."""
    who = st.sampled_from([p.participant_id for p in problem.participants])
    when = st.integers(-10, 150).map(clock)
    kinds = [
        st.builds(Late, who, when),
        st.builds(Leaves, who, when),
        st.builds(StaysAway, who),
        st.builds(TableBroken, st.sampled_from([t.table_id for t in problem.tables]), when),
    ]
    if problem.meetings:
        kinds.append(
            st.builds(Cancelled, st.sampled_from([m.meeting_id for m in problem.meetings]))
        )
    return draw(st.lists(st.one_of(kinds), max_size=3))


@given(data=st.data(), problem=events(), minute=st.integers(-10, 150))
def test_a_change_never_moves_what_has_happened(data, problem, minute):
    """Slots and tables of the past stay, nothing is added to it, and all rules are kept."""
    earlier = solve(problem)
    if earlier.timetable is None:
        return
    now = clock(minute)
    new = replan(problem, earlier.timetable, now, data.draw(changes(problem)))
    check(new.problem, new.timetable)
    assert new.status is Status.OPTIMAL
    assert past(problem, new.timetable, now) == past(problem, earlier.timetable, now)


def past(problem, plan, now):
    """Return what a timetable has in slots that have begun."""
    return {p for p in plan.placements if has_begun(problem.slot[p.slot_id], now)}


@given(problem=events(), minute=st.integers(-10, 150))
def test_without_a_change_nothing_moves(problem, minute):
    """A planned meeting keeps slot and table if nothing speaks against it."""
    earlier = solve(problem)
    if earlier.timetable is not None:
        new = replan(problem, earlier.timetable, clock(minute))
        assert set(earlier.timetable.placements) <= set(new.timetable.placements)


def test_a_late_bank_moves_its_own_meeting_only():
    """The one meeting that cannot be, and its two are told."""
    new = replan(DAY, PLAN, clock(-5), [Late("a", clock(20))])
    moved = {move.meeting_id for move in new.moves}
    assert moved == {"ab"}
    assert {move.participant_id for move in new.moves} == {"a", "b"}
    assert new.timetable.slot_of("ab") == "s3"
    assert level(new, LevelName.MOVED) == 1
    assert "改为" in new.moves[0].text.zh
    assert "goes from" in new.moves[0].text.en


def level(new, name):
    """Return the value of one level."""
    return next(level.value for level in new.levels if level.name is name)


def test_who_stays_away_meets_nobody_any_more():
    """What is held already is held; the rest is off."""
    new = replan(DAY, PLAN, clock(5), [StaysAway("a")])
    assert new.timetable.slot_of("ab") == "s1"
    assert new.timetable.slot_of("ac") is None
    assert [m.participant_id for m in new.moves] == ["a", "c"]
    assert "取消" in new.moves[0].text.zh
    assert level(new, LevelName.MUSTS_LOST) == 1


def test_a_broken_table_is_left():
    """The meetings at it go elsewhere, in the same slot if there is room."""
    new = replan(DAY, PLAN, clock(5), [TableBroken("t1")])
    later = [p for p in new.timetable.placements if p.slot_id != "s1"]
    assert {p.table_id for p in later} == {"t2"}
    assert len(new.timetable) == 4


def test_who_leaves_early_meets_before():
    """Gone from slots that end after the time."""
    new = replan(DAY, PLAN, clock(-5), [Leaves("a", clock(40))])
    assert new.moves == ()


def test_a_meeting_called_off_is_dropped_with_its_order():
    """Its precedences go with it."""
    problem = DAY.replace(precedences=(Precedence("ab", "bd"),))
    new = replan(problem, PLAN, clock(-5), [Cancelled("ab")])
    assert {m.meeting_id for m in new.moves} == {"ab"}
    assert "ab" not in new.problem.meeting


def test_unknown_names_and_naive_times_are_refused():
    """Each is named."""
    naive = clock(0).replace(tzinfo=None)
    with pytest.raises(InputError) as caught:
        replan(DAY, PLAN, clock(0), [Late("x", naive), TableBroken("t9"), Cancelled("zz")])
    assert len(caught.value.faults) == 4


def test_a_timetable_of_another_event_is_refused():
    """It must fit the problem."""
    with pytest.raises(InputError):
        replan(DAY, timetable(xy="s1 t1"), clock(0))


@given(data=st.data(), problem=events(), minute=st.integers(-10, 150))
@settings(max_examples=15)
def test_a_large_day_is_replanned_ring_by_ring(data, problem, minute):
    """No rule is broken, nothing past is moved, and no claim is too good."""
    earlier = solve(problem)
    if earlier.timetable is None:
        return
    now, what = clock(minute), data.draw(changes(problem))
    best = replan(problem, earlier.timetable, now, what)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(least_change, "_WHOLE", -1)
        patch.setattr(construct, "STEPS", 2_000)
        new = replan(problem, earlier.timetable, now, what, time_limit=1)
    check(new.problem, new.timetable)
    assert past(problem, new.timetable, now) == past(problem, earlier.timetable, now)
    for mine, exact in zip(new.levels[:3], best.levels[:3], strict=False):
        assert mine.bound <= exact.value <= mine.value
        if not mine.proven:
            break
