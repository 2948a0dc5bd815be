"""Small cells are not shown to banks: a group of few firms would tell of single ones.

A group with fewer than `LEAST` cases is hidden. Where the hidden ones together could be worked
out of the sum that is shown, the next smallest is hidden with them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from matcher.domain.text import Text
from matcher.services.statistics import Line

LEAST = 5
HIDDEN = Text(f"少于 {LEAST}，不显示", f"fewer than {LEAST}, not shown")
NOTE = Text(
    f"少于 {LEAST} 例的分组及可由合计倒推的分组不显示",
    f"groups of fewer than {LEAST} are not shown, nor those that the sum would give away",
)


def hidden_groups(counts: Sequence[int]) -> frozenset[int]:
    """Return the places of the groups to hide.

    What is hidden together is at least `LEAST` cases in at least two groups, or everything: the
    sum less what is shown then tells of no single small group.
    """
    order = sorted(range(len(counts)), key=lambda place: (counts[place], place))
    hidden = [place for place in order if 0 < counts[place] < LEAST]
    if not hidden:
        return frozenset()
    rest = [place for place in order if counts[place] >= LEAST]
    while rest and (len(hidden) < 2 or sum(counts[place] for place in hidden) < LEAST):
        hidden.append(rest.pop(0))
    return frozenset(hidden)


def hide(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Return figures without their values."""
    return tuple(replace(line, value=None, absent=HIDDEN) for line in lines)
