"""The kernel of minimum-cost flow: repair a flow and its prices until both are optimal.

Everything here is compiled by numba; import it only where a problem is large enough to wait for
that. All arithmetic is in integers, so the outcome is exact.
"""

from __future__ import annotations

import numpy as np
from numba import njit

_FAR = np.int64(2**62)


@njit(cache=True, nogil=True)
def _push(key, what, size, new_key, new_what):  # type: ignore[no-untyped-def]
    """Put an entry into the binary heap of ``size`` entries."""
    k = size
    while k > 0:
        parent = (k - 1) >> 1
        if key[parent] <= new_key:
            break
        key[k] = key[parent]
        what[k] = what[parent]
        k = parent
    key[k] = new_key
    what[k] = new_what


@njit(cache=True, nogil=True)
def _drop(key, what, size):  # type: ignore[no-untyped-def]
    """Drop the top of the binary heap of ``size`` entries."""
    last = size - 1
    new_key, new_what = key[last], what[last]
    k = 0
    while True:
        child = 2 * k + 1
        if child >= last:
            break
        if child + 1 < last and key[child + 1] < key[child]:
            child += 1
        if key[child] >= new_key:
            break
        key[k] = key[child]
        what[k] = what[child]
        k = child
    key[k] = new_key
    what[k] = new_what


@njit(cache=True, nogil=True)
def repair_flow(tail, head, room, cost, flow, level, first, ends, most_steps):  # type: ignore[no-untyped-def]
    """Make ``flow``, a circulation, and the node prices ``level`` optimal; both in place.

    Arc a runs from ``tail`` to ``head`` and carries 0 to ``room`` at ``cost`` each. Its reduced
    cost is ``cost + level[tail] - level[head]``. ``ends[first[v]:first[v + 1]]`` are the arcs of
    node v, written as 2 a if it is their tail and 2 a + 1 if it is their head.

    1. An arc of negative reduced cost is filled, one of positive reduced cost emptied, which
       leaves nodes with too much and nodes with too little.
    2. From each node with too much, Dijkstra's search along the reduced costs of what can still
       be moved finds the nearest node with too little; levels move by what was searched, so
       that no reduced cost turns negative; the shortest path carries what it can.

    Returns
    -------
    bool
        False if ``most_steps`` arcs were looked at before the flow was repaired.
    """
    nodes = level.size
    excess = np.zeros(nodes, np.int64)
    for a in range(tail.size):
        reduced = cost[a] + level[tail[a]] - level[head[a]]
        target = flow[a]
        if reduced < 0:
            target = room[a]
        elif reduced > 0:
            target = 0
        excess[head[a]] += target - flow[a]
        excess[tail[a]] -= target - flow[a]
        flow[a] = target
    far = np.full(nodes, _FAR)
    done = np.zeros(nodes, np.int8)
    by = np.zeros(nodes, np.int64)
    touched = np.zeros(nodes, np.int64)
    key, what = (
        np.zeros(2 * tail.size + nodes + 1, np.int64),
        np.zeros(2 * tail.size + nodes + 1, np.int64),
    )
    steps = 0
    for source in range(nodes):
        while excess[source] > 0:
            if steps > most_steps:
                return False
            count, size, goal = 1, 1, -1
            far[source] = 0
            touched[0] = source
            key[0] = 0
            what[0] = source
            while size > 0:
                v = what[0]
                _drop(key, what, size)
                size -= 1
                if done[v]:
                    continue
                done[v] = 1
                if excess[v] < 0:
                    goal = v
                    break
                steps += first[v + 1] - first[v]
                for k in range(first[v], first[v + 1]):
                    a = ends[k] >> 1
                    if ends[k] & 1 == 0:
                        if flow[a] == room[a]:
                            continue
                        u = head[a]
                        reduced = cost[a] + level[v] - level[u]
                    else:
                        if flow[a] == 0:
                            continue
                        u = tail[a]
                        reduced = -(cost[a] + level[u] - level[v])
                    if done[u]:
                        continue
                    reach = far[v] + reduced
                    if reach < far[u]:
                        if far[u] == _FAR:
                            touched[count] = u
                            count += 1
                        far[u] = reach
                        by[u] = ends[k]
                        _push(key, what, size, reach, u)
                        size += 1
            end = far[goal]
            moved = min(excess[source], -excess[goal])
            v = goal
            while v != source:
                a = by[v] >> 1
                if by[v] & 1 == 0:
                    moved = min(moved, room[a] - flow[a])
                    v = tail[a]
                else:
                    moved = min(moved, flow[a])
                    v = head[a]
            v = goal
            while v != source:
                a = by[v] >> 1
                if by[v] & 1 == 0:
                    flow[a] += moved
                    v = tail[a]
                else:
                    flow[a] -= moved
                    v = head[a]
            excess[source] -= moved
            excess[goal] += moved
            for k in range(count):
                v = touched[k]
                if done[v]:
                    level[v] += far[v] - end
                far[v] = _FAR
                done[v] = 0
    return True


@njit(cache=True, nogil=True)
def warm_flow(edge_arc, need_arc, middle_arc, up_arc, head, room, flow):  # type: ignore[no-untyped-def]
    """Add the paths of earlier edges to an empty flow, each where all of it still fits.

    A path is the arc into the need, the arc into its group or -1, the arc of the edge, then
    ``up_arc[v]`` of each node v from the option to the root, whose own is -1.
    """
    for k in range(edge_arc.size):
        a = edge_arc[k]
        fits = flow[a] < room[a] and flow[need_arc[k]] < room[need_arc[k]]
        if middle_arc[k] >= 0:
            fits = fits and flow[middle_arc[k]] < room[middle_arc[k]]
        up = up_arc[head[a]]
        while up >= 0 and fits:
            fits = flow[up] < room[up]
            up = up_arc[head[up]]
        if not fits:
            continue
        flow[a] += 1
        flow[need_arc[k]] += 1
        if middle_arc[k] >= 0:
            flow[middle_arc[k]] += 1
        up = up_arc[head[a]]
        while up >= 0:
            flow[up] += 1
            up = up_arc[head[up]]
