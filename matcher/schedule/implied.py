"""Implied constraints: nothing that the rules do not say, but said where a proof is looked for."""

from __future__ import annotations

from collections.abc import Sequence

from matcher.schedule.formula import Formula
from matcher.schedule.frame import Frame

Busy = Sequence[dict[int, int]]
"""For each participant, slot → the variable "busy in it"."""


def add_loads(frame: Frame, formula: Formula, busy: dict[int, int], person: int) -> None:
    """Add in how many slots one is busy whose meetings all take place.

    With one officer in as many as there are meetings, with several in at least their share.
    """
    own = len(frame.own[person])
    least = -(-own // frame.officers[person])
    counted = formula.count(list(busy.values()), own + 1)
    if least > len(counted):
        formula.add()
        return
    formula.add(counted[least - 1])
    if len(counted) > own:
        formula.add(-counted[own])


def add_parity(
    frame: Frame, formula: Formula, slot: int, meetings: Sequence[int], busy: Busy
) -> None:
    """Add that the busy ones of a slot are twice its meetings, an even number.

    For halls with one set of tables whose participants have one officer each; else nothing.

    Parameters
    ----------
    meetings
        How many the slot has, in unary.
    """
    if len(frame.pool_tables) != 1 or any(officers > 1 for officers in frame.officers):
        return
    most = frame.capacity[0][slot]
    with formula.as_implied():
        people = formula.count([slots[slot] for slots in busy if slot in slots], 2 * most + 2)
        for k in range(min(most, len(people) // 2)):
            formula.add(-meetings[k], people[2 * k + 1])
            formula.add(-people[2 * k], meetings[k])
        if len(people) > 2 * most:
            formula.add(-people[2 * most])
