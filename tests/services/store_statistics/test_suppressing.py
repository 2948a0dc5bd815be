from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from matcher.services.store_statistics.suppressing import LEAST, hidden_groups

COUNTS = st.lists(st.integers(0, 40), max_size=12)


@given(COUNTS)
def test_every_small_group_is_hidden(counts: list[int]) -> None:
    """And none where no group is small."""
    hidden = hidden_groups(counts)
    small = {place for place, count in enumerate(counts) if 0 < count < LEAST}
    assert small <= hidden
    assert bool(hidden) == bool(small)


@given(COUNTS)
def test_the_sum_gives_no_small_group_away(counts: list[int]) -> None:
    """What is hidden adds up to five or more in two groups or more, or nothing else is shown."""
    hidden = hidden_groups(counts)
    shown = [count for place, count in enumerate(counts) if place not in hidden and count]
    if hidden and shown:
        assert len(hidden) >= 2
        assert sum(counts) - sum(shown) >= LEAST


@given(COUNTS)
def test_no_group_is_hidden_without_need(counts: list[int]) -> None:
    """Of the large ones the smallest are hidden, and no more than it takes."""
    hidden = hidden_groups(counts)
    large = sorted(counts[place] for place in hidden if counts[place] >= LEAST)
    others = [c for place, c in enumerate(counts) if place not in hidden and c >= LEAST]
    if large and others:
        assert large[-1] <= min(others)
    if large:
        without = [place for place in hidden if counts[place] != large[-1]]
        kept = sum(counts[place] for place in hidden) - large[-1]
        assert len(hidden) - 1 < 2 or kept < LEAST or len(without) < 2
