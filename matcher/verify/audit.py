"""The audit of a plan: everything that is claimed is computed again, by other code.

It reads the same arrays as the optimiser and shares no line with it. Limits are summed in exact
integers, and the bound is computed from the multipliers. An error in the engine cannot excuse
itself here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.verify.audit_arrays import array_findings
from matcher.verify.audit_bound import bound
from matcher.verify.audit_case import NOTHING_SEEN, Case, Look, counted
from matcher.verify.audit_quick import is_usual, quick_look
from matcher.verify.claim import NO_LIMIT, Claim, Finding

OBJECTIVE_TOLERANCE = 1e-9
"""Relative error allowed in a claimed objective."""

BOUND_TOLERANCE = 1e-7
"""Relative error allowed in a claimed bound and gap."""

_WITH_PLAN = ("optimal", "feasible", "nothing")
_STATUSES = (*_WITH_PLAN, "infeasible", "unknown")


def audit(claim: Claim) -> list[Finding]:
    """Return everything that does not hold; an empty list if all does.

    If the arrays of the problem itself cannot be read, only that is told: nothing could be
    computed from them.
    """
    findings = list(array_findings(claim, edges=False))
    look = None if findings else _look(claim)
    if look is None:
        findings += array_findings(claim, edges=True)
    if findings:
        return findings
    case = Case(claim, look)
    return [
        *_index_findings(case),
        *_limit_findings(case),
        *_number_findings(case),
        *_status_findings(case),
    ]


def _look(claim: Claim) -> Look | None:
    """Return what one quick look tells, if the claim is of that kind and all edges are sound."""
    if claim.bound is None or not is_usual(claim):
        return None
    case = Case(claim, NOTHING_SEEN)
    return None if any(_multiplier_findings(case)) or not case.ascends else quick_look(case)


# --- the chosen edges -------------------------------------------------------------------------


def _index_findings(case: Case) -> Iterator[Finding]:
    """Yield chosen indices that are no edges or stand there twice, broken pins and bans."""
    given = np.asarray(case.claim.chosen)
    if given.ndim != 1 or (given.size and given.dtype.kind not in "iu"):
        yield Finding("chosen", "chosen 不是整数序列", "chosen is no list of integers")
        return
    if not case.ascends:
        yield from _order_findings(case, given)
    if case.fixed is None:
        return
    for edge in case.chosen[case.fixed[case.chosen] == 0].tolist():
        yield Finding("ban", f"边 {edge} 被禁止", f"edge {edge} is banned but chosen")
    if case.claim.status in ("optimal", "feasible"):
        for edge in np.setdiff1d(case.pins, case.chosen).tolist():
            yield Finding("pin", f"锁定边 {edge} 未选", f"edge {edge} is pinned but not chosen")


def _order_findings(case: Case, given: NDArray[Any]) -> Iterator[Finding]:
    for edge in given[(given < 0) | (given >= case.num_edges)].tolist():
        yield Finding("range", f"所选边 {edge} 不存在", f"chosen edge {edge} does not exist")
    for edge, count in counted(given).items():
        yield Finding("duplicate", f"边 {edge} 重复", f"edge {edge} is chosen {count} times")


def _limit_findings(case: Case) -> Iterator[Finding]:
    """Yield every limit that the chosen edges break."""
    yield from _need_findings(case, case.chosen, case.chosen_need)
    for block in case.blocks():
        for index, total in block.totals(case.chosen_option, case.chosen).items():
            if total > block.limits[index]:
                fact = f"{block.name(index)}: {total} > {block.limits[index]}"
                yield Finding(block.kind, f"超出上限 {fact}", f"over the limit {fact}")


def _need_findings(case: Case, edges: NDArray[Any], needs: NDArray[Any]) -> Iterator[Finding]:
    if not len(edges):
        return
    count = np.bincount(needs, minlength=case.claim.num_needs)
    for need in np.flatnonzero(count > case.need_limit).tolist():
        fact = f"need[{need}]: {count[need]} > {case.need_limit[need]}"
        yield Finding("need_limit", f"超出上限 {fact}", f"over the limit {fact}")
    if case.claim.one_per_group and case.group is not None:
        groups = int(case.group.max(initial=0)) + 1
        for pair, times in counted(case.pairs(edges)).items():
            fact = f"need[{pair // groups}], group[{pair % groups}]: {times}"
            yield Finding("one_per_group", f"同一机构多次 {fact}", f"same group twice {fact}")


# --- the numbers ------------------------------------------------------------------------------


def _number_findings(case: Case) -> Iterator[Finding]:
    claim = case.claim
    if claim.objective is not None:
        yield from _objective_findings(case, claim.objective)
    multipliers = list(_multiplier_findings(case))
    yield from multipliers
    if claim.bound is not None and not multipliers:
        yield from _bound_findings(case, claim.bound)
    if claim.objective is not None and claim.bound is not None:
        yield from _gap_findings(claim.objective, claim.bound, claim.gap)


def _objective_findings(case: Case, claimed: float) -> Iterator[Finding]:
    weights = case.chosen_weight
    floors = zip(case.claim.floors, case.lacks(), strict=True)
    owed = sum(lack * float(floor.penalty) for floor, lack in floors)
    value = size = float(weights.sum(dtype=np.float64))
    if weights.min(initial=0.0) < 0:
        size = float(np.abs(weights).sum(dtype=np.float64))
    value -= owed
    slack = OBJECTIVE_TOLERANCE * abs(value) + 1e-14 * (size + owed)
    if not abs(claimed - value) <= slack:
        fact = f"{claimed!r} ≠ {value!r}"
        yield Finding("objective", f"目标值不符 {fact}", f"the objective is wrong: {fact}")


def _multiplier_findings(case: Case) -> Iterator[Finding]:
    given, rows = np.asarray(case.claim.multipliers), case.num_rows
    if given.shape != (rows,) or (given.size and given.dtype.kind not in "iuf"):
        fact = f"{given.shape} ≠ ({rows},)"
        yield Finding("multipliers", f"影子价格形状不符 {fact}", f"multipliers have shape {fact}")
        return
    for row in np.flatnonzero(~(np.isfinite(given) & (given >= 0))):
        fact = f"multipliers[{row}] = {given[row]}"
        yield Finding("multipliers", f"影子价格不可用 {fact}", f"{fact} is no price")
    yield from _floor_price_findings(case.claim)


def _floor_price_findings(claim: Claim) -> Iterator[Finding]:
    given = np.asarray(claim.floor_multipliers)
    if given.shape != (len(claim.floors),) or (given.size and given.dtype.kind not in "iuf"):
        fact = f"{given.shape} ≠ ({len(claim.floors)},)"
        zh, en = f"底线价格形状不符 {fact}", f"floor multipliers have shape {fact}"
        yield Finding("floor_multipliers", zh, en)
        return
    for f, (floor, price) in enumerate(zip(claim.floors, given.tolist(), strict=True)):
        if not 0 <= price <= floor.penalty:
            fact = f"floor_multipliers[{f}] = {price}"
            yield Finding("floor_multipliers", f"底线价格不可用 {fact}", f"{fact} is no price")


def _bound_findings(case: Case, claimed: float) -> Iterator[Finding]:
    value, size = bound(case)
    if not abs(claimed - value) <= BOUND_TOLERANCE * abs(value) + 1e-12 * size:
        fact = f"{claimed!r} ≠ {value!r}"
        yield Finding("bound", f"上界不符 {fact}", f"the bound is wrong: {fact}")
    objective = case.claim.objective
    if objective is not None and not claimed >= objective - OBJECTIVE_TOLERANCE * size:
        fact = f"{claimed!r} < {objective!r}"
        yield Finding("bound", f"上界低于目标值 {fact}", f"the bound is below the plan: {fact}")


def _gap_findings(objective: float, bound: float, claimed: float | None) -> Iterator[Finding]:
    value = 0.0
    if bound > objective:
        value = (bound - objective) / max(abs(bound), abs(objective))
    if claimed is not None and not abs(claimed - value) <= BOUND_TOLERANCE * value + 1e-12:
        fact = f"{claimed!r} ≠ {value!r}"
        yield Finding("gap", f"差距不符 {fact}", f"the gap is wrong: {fact}")


# --- the status -------------------------------------------------------------------------------


def _status_findings(case: Case) -> Iterator[Finding]:
    """Yield where the status does not agree with the problem or with the rest of the claim."""
    claim, status = case.claim, case.claim.status
    if status not in _STATUSES:
        yield _status(f"未知状态 {status}", f"unknown status {status}")
        return
    for name in ("objective", "bound", "gap"):
        given = getattr(claim, name) is not None
        if status in _WITH_PLAN and not given:
            yield _status(f"{status} 缺少 {name}", f"{status} needs {name}")
        never = status == "infeasible" or (status == "unknown" and name != "bound")
        if never and given:
            yield _status(f"{status} 不应有 {name}", f"{status} has no {name}")
    if status not in ("optimal", "feasible") and case.chosen.size:
        yield _status(f"{status} 不应有所选边", f"{status} chooses no edge")
    if (status == "infeasible") != _pins_break_a_limit(case):
        yield _status(f"锁定项与状态 {status} 不符", f"the pins do not agree with {status}")
    if status == "nothing" and (case.pins.size or _choosable(case)):
        yield _status("仍有可选的边", "there are edges that can be chosen")


def _status(zh: str, en: str) -> Finding:
    return Finding("status", zh, en)


def _pins_break_a_limit(case: Case) -> bool:
    return any(_need_findings(case, case.pins, case.need[case.pins])) or any(
        total > block.limits[index]
        for block in case.blocks()
        for index, total in block.totals(case.option[case.pins], case.pins).items()
    )


def _choosable(case: Case) -> bool:
    """Return whether some free edge of positive weight would be a plan by itself."""
    fits = (case.weight > 0) & (case.need_limit[case.need] >= 1)
    if case.free is not None:
        fits &= case.free
    for block in case.blocks():
        limits = np.append(block.limits, NO_LIMIT)[block.owner][case.option]
        fits &= (1 if block.draw is None else block.draw) <= limits
    return bool(fits.any())
