from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.errors import InputError
from matcher.domain.event import Event, EventKind, count_events
from matcher.domain.text import Lang

DAY = date(2022, 6, 1)


def event(number=0, kind=EventKind.TALK, day=DAY, **stated):
    """Return an event of which no more is known."""
    return Event(event_id=f"e{number}", kind=kind, day=day, **stated)


def relief_register():
    """Return the events of row A4 and one of each kind after 17 June (year assumed)."""
    days = {
        EventKind.RELIEF_MEETING: (date(2022, 5, 25), date(2022, 6, 1), date(2022, 6, 8),
                                   date(2022, 6, 17), date(2022, 6, 18)),
        EventKind.PARK_EVENT: (date(2022, 6, 10), date(2022, 6, 20)),
        EventKind.ADVISER_VISIT: (date(2022, 5, 25), date(2022, 6, 2), date(2022, 6, 14),
                                  date(2022, 6, 21)),
    }  # fmt: skip
    pairs = [(kind, day) for kind, held in days.items() for day in held]
    return [event(n, kind, day) for n, (kind, day) in enumerate(pairs)]


def test_the_report_of_17_june_prints_4_1_3():
    """Row A4: 4 relief meetings, 1 park event, 3 adviser visits; the day itself counts."""
    counts = count_events(relief_register(), until=date(2022, 6, 17))
    kinds = (EventKind.RELIEF_MEETING, EventKind.PARK_EVENT, EventKind.ADVISER_VISIT)
    assert [counts.of(kind) for kind in kinds] == [4, 1, 3]
    assert counts.of(EventKind.TALK) == 0
    assert counts.num_events == 8
    assert count_events(relief_register(), until=date(2022, 6, 16)).num_events == 7
    assert count_events(relief_register()).num_events == 11


def test_1200_firms_at_50_events_are_24_each():
    """Row B6 (derived)."""
    held = [event(n, EventKind.MATCHMAKING, num_enterprises=24) for n in range(50)]
    counts = count_events(held)
    assert (counts.num_events, counts.attendance, counts.per_event) == (50, 1200, 24)
    one_more = count_events([*held, event(50, EventKind.MATCHMAKING, num_enterprises=30)])
    assert one_more.per_event == Decimal(1230) / 51


def test_300_talks_reach_12000_firms_and_settle_259_problems():
    """Row B12: the counters reproduce what the source states."""
    held = [event(n, num_enterprises=40, problems_solved=int(n < 259)) for n in range(300)]
    counts = count_events(held)
    assert counts.of(EventKind.TALK) == 300
    assert (counts.attendance, counts.problems_solved) == (12_000, 259)


def test_a_firm_that_comes_twice_is_one_firm_and_two_attendances():
    """Named firms are told apart; firms only counted are not named."""
    counts = count_events(
        [
            event(1, enterprises=frozenset({"a", "b"})),
            event(2, enterprises=frozenset({"b"}), num_enterprises=5),
        ]
    )
    assert (counts.attendance, counts.named_enterprises) == (7, 2)


def test_no_events_have_no_mean():
    """Nothing is divided by zero."""
    counts = count_events([])
    assert (counts.num_events, counts.attendance, counts.per_event) == (0, 0, None)
    assert [kind for kind, _ in counts.by_kind] == list(EventKind)


def test_bad_events_are_refused_by_every_field():
    """Ids, a blank place, fewer firms than are named, and every number below zero."""
    with pytest.raises(InputError) as caught:
        Event(
            event_id="",
            kind=EventKind.TALK,
            day=DAY,
            place=" ",
            institutions=frozenset({"a b"}),
            enterprises=frozenset({"x", "y"}),
            num_enterprises=1,
            problems_solved=-1,
            num_deals=-1,
            promised_fen=-1,
            disbursed_fen=-1,
        )
    assert [f.field for f in caught.value.faults] == [
        "event_id", "place", "institutions", "num_enterprises", "problems_solved", "num_deals",
        "promised_fen", "disbursed_fen",
    ]  # fmt: skip


def test_a_count_below_zero_is_refused():
    """Even where no firm is named."""
    with pytest.raises(InputError):
        event(num_enterprises=-1)


def test_an_event_is_counted_once_and_a_span_has_an_order():
    """A repeated id and a span turned round are told together."""
    with pytest.raises(InputError) as caught:
        count_events([event(1), event(1)], since=DAY, until=DAY - timedelta(days=1))
    assert [f.field for f in caught.value.faults] == ["since", "event_id"]


def test_kinds_have_two_names_and_are_read_by_either():
    """The names differ by language."""
    for kind in EventKind:
        assert kind.text.of(Lang.ZH) != kind.text.of(Lang.EN)
        assert EventKind.parse(kind.text.zh) is kind


days = st.integers(0, 9).map(lambda n: DAY + timedelta(days=n))


@given(
    rows=st.lists(st.tuples(st.sampled_from(EventKind), days, st.integers(0, 50)), max_size=12),
    cut=days,
)
def test_the_counts_before_and_after_a_day_add_up(rows, cut):
    """Every event is on one side of any cut, and order changes nothing."""
    held = [event(n, k, d, num_enterprises=c) for n, (k, d, c) in enumerate(rows)]
    whole = count_events(held)
    until = count_events(held, until=cut)
    after = count_events(held, since=cut + timedelta(days=1))
    assert whole == count_events(reversed(held))
    assert whole.attendance == until.attendance + after.attendance == sum(c for *_, c in rows)
    for kind in EventKind:
        assert whole.of(kind) == until.of(kind) + after.of(kind)


def test_events_whose_firms_nobody_counted_are_left_out_of_the_mean():
    """Of three events two are known, with 20 and 2 firms; without any the sum is not known."""
    day = date(2024, 1, 1)
    counted = Event(event_id="a", kind=EventKind.TALK, day=day, num_enterprises=20)
    named = Event(event_id="b", kind=EventKind.TALK, day=day, enterprises=frozenset({"x", "y"}))
    silent = Event(event_id="c", kind=EventKind.TALK, day=day)
    counts = count_events([counted, named, silent])
    assert (counts.num_events, counts.num_counted, counts.attendance) == (3, 2, 22)
    assert counts.per_event == 11
    assert (count_events([silent]).attendance, count_events([silent]).per_event) == (None, None)


def test_what_came_of_events_adds_up_over_those_that_were_followed_up():
    """Blank is not 0: of three events two were followed up, one of them without its money."""
    held = [
        event(1, num_deals=2, promised_fen=500, disbursed_fen=300),
        event(2, num_deals=0),
        event(3),
    ]
    counts = count_events(held)
    assert (counts.num_followed, counts.num_deals) == (2, 2)
    assert (counts.promised_fen, counts.disbursed_fen) == (500, 300)
    silent = count_events(held[2:])
    assert (silent.num_followed, silent.num_deals, silent.promised_fen) == (0, None, None)
    assert count_events([]).num_deals == count_events([]).disbursed_fen == 0
