"""What each match of a plan takes of each capacity, out of the plan file itself.

The rows are those of the checker, so that what is taken at acceptance is what was checked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from matcher.verify.plan_rows import Case, Row

NEED = "need"


@dataclass(frozen=True, slots=True)
class Capacity:
    """A capacity of the plan: ``kind:id[:day]``, its unit and how much there is."""

    name: str
    unit: str
    capacity: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """The capacities of a plan, and what each match (by its edge) draws on them."""

    capacities: tuple[Capacity, ...]
    by_edge: Mapping[int, Mapping[str, int]]


def drawn(document: dict[str, Any], is_open: bool) -> Drawn:
    """Read the draws of a plan file.

    Parameters
    ----------
    is_open
        Whether one acceptance is all that a need takes (抢单); else as many as it wants.
    """
    case = Case(document)
    capacities = [Capacity(_name(row), row.unit, row.capacity) for row in case.rows]
    chosen = sorted(case.chosen)
    needs = sorted({case.need[edge] for edge in chosen})
    for need in needs:
        most = 1 if is_open else case.need_limit[need]
        capacities.append(Capacity(_need_name(case, need), "count", most))
    by_edge = {
        edge: {_name(case.rows[row]): quantity for row, quantity in case.draws(edge)}
        | {_need_name(case, case.need[edge]): 1}
        for edge in chosen
    }
    return Drawn(tuple(capacities), by_edge)


def _name(row: Row) -> str:
    return ":".join(part for part in (row.kind, row.identity, row.day) if part)


def _need_name(case: Case, need: int) -> str:
    return f"{NEED}:{case.needs[need]}"
