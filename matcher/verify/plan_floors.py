"""What a plan file says of floors, held against its own problem section."""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from matcher.verify.claim import Finding
from matcher.verify.plan_rows import Case

TOLERANCE = 1e-12
"""Relative error allowed in a sum of scores."""

Json = dict[str, Any]


def floor_findings(case: Case) -> Iterator[Finding]:
    """Yield what does not follow of the score, and of what floors asked for and got."""
    yield from _score_findings(case)
    floors = zip(case.problem["floors"], case.document["floors"], strict=True)
    is_fair = case.document["solver"]["fair"] is not None
    for index, (floor, said) in enumerate(floors):
        if said["fair"] and not is_fair:
            yield _unequal(f"floors[{index}].fair", True, False)
        if not _is_of(case, floor, said["institution"]):
            yield _unequal(f"floors[{index}].institution", said["institution"], floor["products"])
        value = _reckoned(case, floor)
        value["asked"] = _asked(said, value["members"])
        value["least"] = min(value["asked"], value["reachable"])
        for key, claimed in ((k, floor["least"] if k == "least" else said[k]) for k in value):
            if claimed != value[key]:
                yield _unequal(f"floors[{index}].{key}", claimed, value[key])


def _is_of(case: Case, floor: Json, institution: str | None) -> bool:
    """Tell whether a floor counts the products of this institution; None: it counts needs."""
    if floor["products"] is None or institution is None:
        return floor["products"] is institution
    owners = {case.institutions[case.institution[j]] for j in floor["products"]}
    return owners <= {institution}


def _asked(said: Json, members: int) -> int:
    """Return how many of so many a floor asks for: a share, rounded up, or a number."""
    if said["share"] is None:
        return min(said["number"] or 0, members)
    return math.ceil(Decimal(said["share"]) * members)


def _score_findings(case: Case) -> Iterator[Finding]:
    document = case.document
    score, objective = document["score"], document["objective"]
    if objective is None or score is None:
        if objective is not score:
            yield _unequal("score", score, objective)
        return
    value = math.fsum(case.weight[edge] for edge in case.chosen)
    if not math.isclose(score, value, rel_tol=TOLERANCE, abs_tol=TOLERANCE):
        yield _unequal("score", score, value)
    if (document["score_without_floors"] is None) == bool(case.problem["floors"]):
        yield _unequal("score_without_floors", document["score_without_floors"], "–")


def _reckoned(case: Case, floor: Json) -> Json:
    """Return how many a floor counts, how many could be served, and how many are."""
    edges = range(case.num_edges)
    if floor["products"] is None:
        members = set(floor["needs"])
        matched = len({case.need[e] for e in case.chosen} & members)
        reachable = len({case.need[e] for e in edges if _usable(case, e)} & members)
        return {"members": len(members), "reachable": reachable, "matched": matched}
    products = set(floor["products"])
    theirs = [e for e in edges if case.product[e] in products]
    reachable = len({case.need[e] for e in theirs if _usable(case, e)})
    owners = {case.institutions[case.institution[j]] for j in products}
    leads = [r.capacity for r in case.rows if r.kind == "group_limit" and r.identity in owners]
    return {
        "members": len({case.need[e] for e in theirs}),
        "reachable": min([reachable, *leads]),
        "matched": sum(case.product[e] in products for e in case.chosen),
    }


def _usable(case: Case, edge: int) -> bool:
    """Tell whether an edge could be chosen if it were alone."""
    if case.fixed[edge] == 0 or case.need_limit[case.need[edge]] < 1:
        return False
    if case.fixed[edge] != 1 and case.weight[edge] <= 0:
        return False
    return all(quantity <= case.rows[row].capacity for row, quantity in case.draws(edge))


def _unequal(path: str, claimed: object, value: object) -> Finding:
    fact = f"{path}: {claimed} ≠ {value}"
    return Finding("floors", f"不符 {fact}", f"does not hold: {fact}")
