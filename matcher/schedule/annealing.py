"""The inner loop of the search by hand: simulated annealing with chains of moves, compiled.

A state holds the slot of each meeting (-1: not held) and never breaks a rule. A move puts one
meeting into another slot. Whoever is then over-booked there gives a meeting to the slot that
was left, and so on, as in a Kempe chain of an edge colouring; a chain that cannot be closed is
taken back.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

HELPED = 0.3  # of the moves are tried on those who had gaps a while ago
CHAIN = 40  # the most meetings that one move may carry along


class Hall(NamedTuple):
    """What does not change.

    ``pair`` (meetings, 2), ``allowed`` (meetings, slots), ``loss`` (meetings,) the cost of not
    holding one; ``own`` and ``own_at`` the meetings of each person, one list after the other;
    ``officers`` (people,); ``pool`` (meetings,), ``room`` (pools, slots); ``day`` and ``row``
    (slots,) numbers that change at nights, and at nights and pauses; ``most`` (people,) the
    longest row; ``limit`` the most gaps; ``before`` and ``apart`` (n, 2) pairs of meetings;
    ``rivals`` (n,) people; ``home`` (meetings,) a slot, or -1, that costs ``away`` to leave.
    """

    pair: Ints
    allowed: Bools
    loss: Floats
    own: Ints
    own_at: Ints
    officers: Ints
    pool: Ints
    room: Ints
    day: Ints
    row: Ints
    most: Ints
    limit: int
    before: Ints
    before_at: Ints
    apart: Ints
    apart_at: Ints
    rivals: Ints
    rivals_at: Ints
    home: Ints
    away: float


class State(NamedTuple):
    """What moves: slots, who is how busy when, tables in use, and the gaps of each person."""

    slot: Ints
    busy: Ints
    used: Ints
    gaps: Ints
    members: Ints
    size: Ints
    place: Ints


@njit(cache=True)
def _put(hall: Hall, state: State, meeting: int, slot: int) -> None:
    old = state.slot[meeting]
    pool = hall.pool[meeting]
    if old >= 0:
        state.used[pool, old] -= 1
        last = state.members[old, state.size[old] - 1]
        state.members[old, state.place[meeting]] = last
        state.place[last] = state.place[meeting]
        state.size[old] -= 1
    if slot >= 0:
        state.used[pool, slot] += 1
        state.members[slot, state.size[slot]] = meeting
        state.place[meeting] = state.size[slot]
        state.size[slot] += 1
    state.slot[meeting] = slot
    for side in range(2):
        person = hall.pair[meeting, side]
        if old >= 0:
            state.busy[person, old] -= 1
        if slot >= 0:
            state.busy[person, slot] += 1
        state.gaps[person] = _gaps(hall, state.busy[person])


@njit(cache=True)
def _gaps(hall: Hall, busy: Ints) -> int:
    gaps, since = 0, -1
    for t in range(len(busy)):
        if t and hall.day[t] != hall.day[t - 1]:
            since = -1
        if busy[t]:
            if since >= 0 and since < t - 1:
                gaps += 1
            since = t
    return gaps


@njit(cache=True)
def _cost(hall: Hall, state: State, person: int) -> float:
    gaps = state.gaps[person]
    return float(gaps + 20.0 * max(0, gaps - hall.limit))


@njit(cache=True)
def _price(hall: Hall, meeting: int, slot: int) -> float:
    """Return what it costs that a meeting is in this slot."""
    price = 0.0
    if slot < 0:
        price += hall.loss[meeting]
    if hall.home[meeting] >= 0 and slot != hall.home[meeting]:
        price += hall.away
    return price


@njit(cache=True)
def _keeps_rules(hall: Hall, state: State, meeting: int) -> bool:
    """Tell whether one meeting's slot keeps the order, apartness and rows."""
    slot = state.slot[meeting]
    if slot < 0:
        return True
    for i in range(hall.before_at[meeting], hall.before_at[meeting + 1]):
        other, sign = hall.before[i, 0], hall.before[i, 1]
        if state.slot[other] >= 0 and (state.slot[other] - slot) * sign <= 0:
            return False
    for i in range(hall.apart_at[meeting], hall.apart_at[meeting + 1]):
        if state.slot[hall.apart[i]] == slot:
            return False
    for side in range(2):
        person = hall.pair[meeting, side]
        for i in range(hall.rivals_at[person], hall.rivals_at[person + 1]):
            if state.busy[hall.rivals[i], slot]:
                return False
        if not _row_holds(hall, state, person, slot):
            return False
    return True


@njit(cache=True)
def _row_holds(hall: Hall, state: State, person: int, slot: int) -> bool:
    most = hall.most[person]
    if most >= len(hall.row):
        return True
    for start in range(max(0, slot - most), slot + 1):
        end = start + most
        if end >= len(hall.row) or hall.row[start] != hall.row[end]:
            continue
        if state.busy[person, start : end + 1].sum() > most * hall.officers[person]:
            return False
    return True


@njit(cache=True)
def _someone(
    hall: Hall,
    state: State,
    rng: np.random.Generator,
    person: int,
    slot: int,
    moved: Ints,
    turn: int,
) -> int:
    """Return a meeting of a person in a slot that this chain has not moved, or -1."""
    low, high = hall.own_at[person], hall.own_at[person + 1]
    shift = rng.integers(0, high - low)
    for k in range(high - low):
        meeting = hall.own[low + (k + shift) % (high - low)]
        if state.slot[meeting] == slot and moved[meeting] != turn:
            return int(meeting)
    return -1


@njit(cache=True)
def _any_at(
    hall: Hall, state: State, rng: np.random.Generator, pool: int, slot: int, moved: Ints, turn: int
) -> int:
    """Return a meeting of a set of tables in a slot that this chain has not moved, or -1."""
    count = state.size[slot]
    shift = rng.integers(0, count)
    for k in range(count):
        meeting = state.members[slot, (k + shift) % count]
        if hall.pool[meeting] == pool and moved[meeting] != turn:
            return int(meeting)
    return -1


@njit(cache=True)
def _chain(
    hall: Hall,
    state: State,
    rng: np.random.Generator,
    meeting: int,
    slot: int,
    trail: Ints,
    moved: Ints,
    turn: int,
) -> int:
    """Move one meeting and whatever it pushes; the length of the chain, negative if stuck."""
    source = state.slot[meeting]
    length, done = 0, 0
    trail[0, 0], trail[0, 1] = meeting, source
    length = 1
    moved[meeting] = turn
    _put(hall, state, meeting, slot)
    while done < length:
        current = trail[done, 0]
        done += 1
        here = state.slot[current]
        if here < 0:
            continue
        there = source if here == slot else slot
        for cause in range(3):
            if cause < 2:
                person = hall.pair[current, cause]
                if state.busy[person, here] <= hall.officers[person]:
                    continue
                other = _someone(hall, state, rng, person, here, moved, turn)
            else:
                pool = hall.pool[current]
                if state.used[pool, here] <= hall.room[pool, here]:
                    continue
                other = _any_at(hall, state, rng, pool, here, moved, turn)
            if other < 0 or length == CHAIN or (there >= 0 and not hall.allowed[other, there]):
                return -length
            trail[length, 0], trail[length, 1] = other, here
            length += 1
            moved[other] = turn
            _put(hall, state, other, there)
    return length


@njit(cache=True)
def _one_of(hall: Hall, rng: np.random.Generator, person: int) -> int:
    low, high = hall.own_at[person], hall.own_at[person + 1]
    return int(hall.own[rng.integers(low, high)])


@njit(cache=True)
def _touched(hall: Hall, trail: Ints, length: int, seen: Ints, turn: int, people: Ints) -> int:
    """Collect the people of a chain, each once; return how many."""
    count = 0
    for k in range(length):
        for side in range(2):
            person = hall.pair[trail[k, 0], side]
            if seen[person] != turn:
                seen[person] = turn
                people[count] = person
                count += 1
    return count


@njit(cache=True)
def anneal(
    hall: Hall,
    state: State,
    steps: int,
    hot: float,
    cold: float,
    rng: np.random.Generator,
    best: Ints,
    best_cost: float,
) -> float:
    """Run so many steps from hot to cold; keep the best slots in ``best``, return their cost."""
    num_meetings, num_slots = hall.allowed.shape
    trail = np.zeros((CHAIN + 1, 2), np.int64)
    moved = np.zeros(num_meetings, np.int64)
    seen = np.zeros(len(hall.officers), np.int64)
    people = np.zeros(2 * CHAIN + 2, np.int64)
    before = np.zeros(len(hall.officers), np.float64)
    cost = 0.0
    for person in range(len(hall.officers)):
        before[person] = _cost(hall, state, person)
        cost += before[person]
    for meeting in range(num_meetings):
        cost += _price(hall, meeting, state.slot[meeting])
    if cost < best_cost:
        best_cost = cost
        best[:] = state.slot
    warmth = hot
    waiting = np.flatnonzero(state.gaps)
    for turn in range(1, steps + 1):
        if turn % 1024 == 0:
            warmth = hot * (cold / hot) ** (turn / steps)
            waiting = np.flatnonzero(state.gaps)
        meeting = int(rng.integers(0, num_meetings))
        if len(waiting) and rng.random() < HELPED:
            meeting = _one_of(hall, rng, waiting[rng.integers(0, len(waiting))])
        slot = int(rng.integers(0, num_slots))
        if not hall.allowed[meeting, slot] or state.slot[meeting] == slot:
            continue
        length = _chain(hall, state, rng, meeting, slot, trail, moved, turn)
        holds = length > 0
        length = abs(length)
        delta = 0.0
        if holds:
            for k in range(length):
                if not _keeps_rules(hall, state, trail[k, 0]):
                    holds = False
                    break
        if holds:
            for k in range(length):
                one = trail[k, 0]
                delta += _price(hall, one, state.slot[one]) - _price(hall, one, trail[k, 1])
            count = _touched(hall, trail, length, seen, turn, people)
            for i in range(count):
                delta += _cost(hall, state, people[i]) - before[people[i]]
            holds = delta <= 0 or rng.random() < np.exp(-delta / warmth)
        if holds:
            for i in range(count):
                before[people[i]] = _cost(hall, state, people[i])
            cost += delta
            if cost < best_cost - 1e-9:
                best_cost = cost
                best[:] = state.slot
                if cost < 1e-9:
                    break
        else:
            for k in range(length - 1, -1, -1):
                _put(hall, state, trail[k, 0], trail[k, 1])
    return best_cost


@njit(cache=True)
def place_first(hall: Hall, state: State, wanted: Ints) -> None:
    """Put meetings where they are wanted, as far as every rule allows it."""
    for meeting in range(len(wanted)):
        slot = wanted[meeting]
        if slot < 0 or not hall.allowed[meeting, slot]:
            continue
        _put(hall, state, meeting, slot)
        first, second = hall.pair[meeting, 0], hall.pair[meeting, 1]
        pool = hall.pool[meeting]
        if (
            state.busy[first, slot] > hall.officers[first]
            or state.busy[second, slot] > hall.officers[second]
            or state.used[pool, slot] > hall.room[pool, slot]
            or not _keeps_rules(hall, state, meeting)
        ):
            _put(hall, state, meeting, -1)
