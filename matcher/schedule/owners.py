"""Owners: each meeting is counted at one of its two participants.

A slot has few busy participants and many meetings that might be in it. One who holds a single
meeting at a time is busy exactly if one of its meetings is held, so that counting "is busy" at a
small set of participants that every meeting has one of (a vertex cover, found greedily) counts
the meetings with far fewer clauses, and lets a proof speak of participants.
"""

from __future__ import annotations

from dataclasses import dataclass

from matcher.schedule.frame import Frame


@dataclass(frozen=True, slots=True)
class Share:
    """Meetings of which one at most is held in a slot.

    Parameters
    ----------
    meetings
        By index.
    person
        The participant whose meetings these all are and who has no others; None if there is none.
    """

    meetings: tuple[int, ...]
    person: int | None = None


def shares(frame: Frame, pool: int) -> list[Share]:
    """Split the meetings of a set of tables into shares, as few as a greedy choice finds.

    Next to own is always who has most meetings left; of several the first. Meetings of two
    participants with several officers each are shares of their own.
    """
    left = {m for m, p in enumerate(frame.pool) if p == pool}
    count = [
        sum(m in left for m in own) if officers == 1 else 0
        for own, officers in zip(frame.own, frame.officers, strict=True)
    ]
    found: list[Share] = []
    while left:
        person = max(range(len(count)), key=lambda p: (count[p], -p))
        if not count[person]:
            break
        taken = tuple(m for m in frame.own[person] if m in left)
        for meeting in taken:
            left.remove(meeting)
            for one in frame.pairs[meeting]:
                count[one] -= frame.officers[one] == 1
        whole = len(taken) == len(frame.own[person])
        found.append(Share(taken, person if whole else None))
    return found + [Share((meeting,)) for meeting in sorted(left)]
