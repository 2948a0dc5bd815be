"""A problem with more of one capacity: only the limits differ, so it is made without scoring."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from matcher.assign import Problem
from matcher.planning.encode import Encoded

_ARRAYS = ("option_limit", "option_quota", "group_limit", "group_quota")


def rows_of(encoded: Encoded, kind: str, identity: str) -> list[int]:
    """Return the rows of a capacity: of a pool whose money comes back, one for each day."""
    rows = enumerate(encoded.rows)
    return [i for i, row in rows if (row.kind, row.identity) == (kind, identity)]


def with_more(problem: Problem, rows: Sequence[int], extra: int) -> Problem:
    """Return the problem with so many units or fen more on some rows."""
    changes: dict[str, Any] = {}
    pools = list(problem.pools)
    for row in rows:
        kind, index = problem.row_label(row)
        if kind in _ARRAYS:
            limits = changes.get(kind, np.array(getattr(problem, kind)))
            limits[index] += extra
            changes[kind] = limits
        else:
            pools[index] = replace(pools[index], capacity=pools[index].capacity + extra)
            changes["pools"] = pools
    return problem.replace(**changes) if changes else problem
