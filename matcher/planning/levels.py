"""Level loads by limits alone: a base that everybody fills, and few places above it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matcher.assign import Pool
from matcher.assign.arrays import Int64s


@dataclass(frozen=True, eq=False, slots=True)
class Level:
    """Limits under which K tasks can only be served with every load in [low, high].

    Person p has ``base`` b_p = min(low, c_p) places and ``extra`` min(high, c_p) − b_p places,
    where c_p is the most that p can take; all extra places share ``num_extra`` = K − Σ b_p. K
    tasks then fill Σ b_p base places, which is all of them: no load is below b_p.

    Parameters
    ----------
    base, extra
        ``(num_people,)`` places.
    num_extra
        How many of the extra places may be taken.
    """

    base: Int64s
    extra: Int64s
    num_extra: int

    def pool(self, num_people: int) -> Pool:
        """Return the pool of the extra options, which follow the base options."""
        return Pool(np.arange(num_people, 2 * num_people), self.num_extra)


def levels(limit: Int64s, num_served: int, spread: int) -> list[Level]:
    """Return the levels under which loads of one spread can be, the lowest first.

    With ``num_people`` people without limits and K = ``num_served`` tasks a spread of 1 has one
    level: low = ⌊K ÷ num_people⌋, with K − num_people × low extra places. A spread of s has up
    to s of them, and every plan of that spread keeps the limits of one.

    Parameters
    ----------
    limit
        ``(num_people,)`` the most that each can take, c_p.
    """
    found = []
    for low in range(int(limit.max(initial=0)) + 1):
        base, most = np.minimum(low, limit), np.minimum(low + spread, limit)
        num_extra = num_served - int(base.sum())
        # Where all are at the top the next level says the same with its base alone.
        if num_extra == 0 or 0 < num_extra < int((most - base).sum()):
            found.append(Level(base, most - base, num_extra))
    return found


def unlevelled(limit: Int64s) -> Level:
    """Return the limits alone."""
    return Level(limit, np.zeros_like(limit), 0)


def spread_of(load: Int64s, limit: Int64s) -> int:
    """Return the greatest load minus the least of those who could take more; 0 if none could.

    Somebody who has as many as they can take is not left behind.
    """
    with_room = load[load < limit]
    return int(load.max() - with_room.min()) if with_room.size else 0
