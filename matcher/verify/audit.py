"""The audit of a plan: everything that is claimed is computed again, by other code.

It reads the same arrays as the optimiser and shares no line with it: rows are walked block by
block with plain integers, and the bound is summed need by need. An error in the engine cannot
excuse itself here.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

NO_LIMIT = 2**63 - 1
"""The entry of a limit or quota that makes no row."""

OBJECTIVE_TOLERANCE = 1e-9
"""Relative error allowed in a claimed objective."""

BOUND_TOLERANCE = 1e-7
"""Relative error allowed in a claimed bound and gap."""

_WITH_PLAN = ("optimal", "feasible", "nothing")
_STATUSES = (*_WITH_PLAN, "infeasible", "unknown")


@dataclass(frozen=True, eq=False)
class PoolClaim:
    """A shared capacity: ``options`` draw 1 (``count``), their amount (``fen``) or ``draw``."""

    options: Any
    capacity: int
    unit: str = "count"
    draw: Any = None


@dataclass(frozen=True, eq=False)
class FloorClaim:
    """A soft lower limit: ``least`` of ``needs`` met, or of the edges of ``options`` chosen.

    Each one that lacks costs ``penalty`` of the objective.
    """

    needs: Any
    options: Any
    least: int
    penalty: float


@dataclass(frozen=True, eq=False, kw_only=True)
class Claim:
    """A problem and what is claimed about it.

    The arrays are those of ``Problem.from_arrays`` under the same names. The multipliers are in
    the order: options with a finite limit, options with a finite quota, groups with a finite
    limit, groups with a finite quota, pools with a finite capacity.

    Parameters
    ----------
    status
        One of optimal, feasible, infeasible, nothing, unknown.
    chosen
        Indices of the chosen edges.
    objective, bound, gap
        What the plan is worth, what no plan exceeds, and how far apart they are, relative to
        the larger of their magnitudes; None where not claimed.
    multipliers
        ``(num_rows,)`` of at least 0; the bound follows from them.
    floor_multipliers
        ``(num_floors,)`` from 0 to the floor's penalty.
    """

    need: Any
    option: Any
    weight: Any
    num_needs: int
    num_options: int
    need_limit: Any = 1
    option_limit: Any = None
    amount: Any = None
    option_quota: Any = None
    group: Any = None
    group_limit: Any = None
    group_quota: Any = None
    one_per_group: bool = False
    pools: Sequence[PoolClaim] = ()
    fixed: Any = None
    floors: Sequence[FloorClaim] = ()
    status: str
    chosen: Any
    objective: float | None
    bound: float | None
    gap: float | None
    multipliers: Any
    floor_multipliers: Any = ()


@dataclass(frozen=True)
class Finding:
    """One thing that does not hold.

    Parameters
    ----------
    code
        Its kind, stable for programs.
    zh, en
        The finding as a sentence.
    """

    code: str
    zh: str
    en: str


def audit(claim: Claim) -> list[Finding]:
    """Return everything that does not hold; an empty list if all does.

    If the arrays of the problem itself cannot be read, only that is told: nothing could be
    computed from them.
    """
    findings = list(_input_findings(claim))
    if findings:
        return findings
    case = _Case(claim)
    return [
        *_index_findings(case),
        *_limit_findings(case),
        *_number_findings(case),
        *_status_findings(case),
    ]


@dataclass(frozen=True)
class _Block:
    """Rows of one kind: edge e draws ``draw[e]`` from row ``owner[e]``, -1 for none."""

    kind: str
    first: int
    limits: list[int]
    owner: NDArray[Any]
    draw: NDArray[Any]

    def row_numbers(self) -> list[int | None]:
        """Return for each index its place among the multipliers, None for no limit."""
        place = iter(range(len(self.limits)))
        return [None if limit == NO_LIMIT else next(place) for limit in self.limits]

    def name(self, index: int) -> str:
        return f"{self.kind}[{self.first + index}]"


class _Case:
    """The claim's arrays in one form, and the edges it chose that exist."""

    def __init__(self, claim: Claim) -> None:
        self.claim = claim
        self.need = np.asarray(claim.need).astype(int).tolist()
        self.option = np.asarray(claim.option).astype(int)
        self.weight = np.asarray(claim.weight).astype(float)
        self.num_edges = len(self.need)
        limit = np.asarray(claim.need_limit)
        self.need_limit = np.broadcast_to(limit, (claim.num_needs,)).tolist()
        free = np.full(self.num_edges, -1)
        self.fixed = (free if claim.fixed is None else np.asarray(claim.fixed)).tolist()
        group = None if claim.group is None else np.asarray(claim.group)[self.option]
        self.group = [-1] * self.num_edges if group is None else group.astype(int).tolist()
        self.pins = [e for e in range(self.num_edges) if self.fixed[e] == 1]
        self.chosen = list(dict.fromkeys(e for e in self._claimed() if 0 <= e < self.num_edges))

    def _claimed(self) -> list[int]:
        given = np.asarray(self.claim.chosen)
        return given.tolist() if given.ndim == 1 and given.dtype.kind in "iu" else []

    def blocks(self) -> Iterator[_Block]:
        """Yield every capacity in the order of the multipliers."""
        claim, ones = self.claim, np.ones(self.num_edges, dtype=int)
        amount = ones if claim.amount is None else np.asarray(claim.amount)
        for kind, owner, limits, draw in (
            ("option_limit", self.option, claim.option_limit, ones),
            ("option_quota", self.option, claim.option_quota, amount),
            ("group_limit", np.array(self.group, dtype=int), claim.group_limit, ones),
            ("group_quota", np.array(self.group, dtype=int), claim.group_quota, amount),
        ):
            if limits is not None:
                yield _Block(kind, 0, np.asarray(limits).tolist(), owner, draw)
        for p, pool in enumerate(claim.pools):
            inside = np.isin(self.option, np.asarray(pool.options))
            natural = amount if pool.unit == "fen" else ones
            draw = natural if pool.draw is None else np.asarray(pool.draw)
            yield _Block("pool", p, [int(pool.capacity)], np.where(inside, 0, -1), draw)

    def lacks(self) -> list[int]:
        """Return how many each floor lacks."""
        met = Counter({self.need[e]: 1 for e in self.chosen})
        taken = Counter(int(self.option[e]) for e in self.chosen)
        lacks = []
        for floor in self.claim.floors:
            members, served = (floor.options, taken) if floor.needs is None else (floor.needs, met)
            lacks.append(max(0, floor.least - sum(served[m] for m in _members(members))))
        return lacks

    def bonuses(self, kind: str) -> defaultdict[int, float]:
        """Return what floors on ``needs`` or ``options`` pay for each of these."""
        paid: defaultdict[int, float] = defaultdict(float)
        for floor, price in zip(self.claim.floors, self.claim.floor_multipliers, strict=True):
            members = getattr(floor, kind)
            for member in [] if members is None else _members(members):
                paid[member] += float(price)
        return paid

    def num_rows(self) -> int:
        """Return how many capacities are finite."""
        return sum(sum(limit != NO_LIMIT for limit in block.limits) for block in self.blocks())


# --- the arrays of the problem ----------------------------------------------------------------


def _input_findings(claim: Claim) -> Iterator[Finding]:
    """Yield what makes the problem's own arrays unreadable."""
    edges, needs, options = _length(claim.need), claim.num_needs, claim.num_options
    groups = _length(claim.group_limit) if claim.group_limit is not None else None
    groups = (
        _length(claim.group_quota) if groups is None and claim.group_quota is not None else groups
    )
    yield from _array("need", claim.need, edges, 0, needs - 1)
    yield from _array("option", claim.option, edges, 0, options - 1)
    yield from _weights(claim.weight, edges)
    if np.asarray(claim.need_limit).ndim:
        yield from _array("need_limit", claim.need_limit, needs)
    else:
        yield from _array("need_limit", [claim.need_limit], 1)
    for name, length in (
        ("option_limit", options),
        ("amount", edges),
        ("option_quota", options),
        ("group_limit", groups),
        ("group_quota", groups),
    ):
        if getattr(claim, name) is not None:
            yield from _array(name, getattr(claim, name), length)
    if claim.group is not None:
        yield from _array(
            "group", claim.group, options, 0, NO_LIMIT if groups is None else groups - 1
        )
    if claim.fixed is not None:
        yield from _array("fixed", claim.fixed, edges, -1, 1)
    yield from _partners(claim)
    yield from _floors(claim)
    for p, pool in enumerate(claim.pools):
        yield from _array(f"pools[{p}].options", pool.options, None, 0, options - 1)
        yield from _array(f"pools[{p}].capacity", [pool.capacity], 1)
        if pool.draw is not None:
            yield from _array(f"pools[{p}].draw", pool.draw, edges)


def _length(values: Any) -> int:
    return int(np.asarray(values).size)


def _array(
    name: str, values: Any, length: int | None, low: int = 0, high: int = NO_LIMIT
) -> Iterator[Finding]:
    array = np.asarray(values)
    if array.ndim != 1 or (length is not None and len(array) != length):
        yield _input(f"{name} 的形状为 {array.shape}", f"{name} has shape {array.shape}")
    elif array.size and array.dtype.kind not in "iu":
        yield _input(f"{name} 不是整数", f"{name} is not of integers")
    else:
        for i in np.flatnonzero((array < low) | (array > high)):
            fact = f"{name}[{i}] = {array[i]}"
            yield _input(f"{fact} 超出范围", f"{fact} is out of range")


def _weights(values: Any, length: int) -> Iterator[Finding]:
    array = np.asarray(values)
    if array.shape != (length,) or (array.size and array.dtype.kind not in "iuf"):
        yield _input(f"weight 的形状为 {array.shape}", f"weight has shape {array.shape}")
        return
    for i in np.flatnonzero(~np.isfinite(array)):
        yield _input(f"weight[{i}] 不是有限数", f"weight[{i}] is not finite")


def _partners(claim: Claim) -> Iterator[Finding]:
    quotas = claim.option_quota is not None or claim.group_quota is not None
    fen = any(pool.unit == "fen" and pool.draw is None for pool in claim.pools)
    if (quotas or fen) and claim.amount is None:
        yield _input("有额度而没有金额", "there are quotas but no amounts")
    grouped = claim.group_limit is not None or claim.group_quota is not None
    if (grouped or claim.one_per_group) and claim.group is None:
        yield _input("有机构上限而没有机构", "there are group limits but no groups")
    for p, pool in enumerate(claim.pools):
        if pool.unit not in ("count", "fen"):
            yield _input(f"pools[{p}].unit 未知", f"pools[{p}].unit is unknown")


def _floors(claim: Claim) -> Iterator[Finding]:
    for f, floor in enumerate(claim.floors):
        name = f"floors[{f}]"
        if (floor.needs is None) == (floor.options is None):
            yield _input(f"{name} 应恰有一组成员", f"{name} needs one kind of members")
        for kind, size in (("needs", claim.num_needs), ("options", claim.num_options)):
            if (members := getattr(floor, kind)) is not None:
                yield from _array(f"{name}.{kind}", members, None, 0, size - 1)
        yield from _array(f"{name}.least", [floor.least], 1)
        if not (math.isfinite(floor.penalty) and floor.penalty > 0):
            yield _input(f"{name}.penalty 不可用", f"{name}.penalty is no penalty")


def _members(members: Any) -> list[int]:
    return sorted(set(np.asarray(members).tolist()))


def _input(zh: str, en: str) -> Finding:
    return Finding("input", zh, en)


# --- the chosen edges -------------------------------------------------------------------------


def _index_findings(case: _Case) -> Iterator[Finding]:
    """Yield chosen indices that are no edges or stand there twice, broken pins and bans."""
    given = np.asarray(case.claim.chosen)
    if given.ndim != 1 or (given.size and given.dtype.kind not in "iu"):
        yield Finding("chosen", "chosen 不是整数序列", "chosen is no list of integers")
        return
    for edge, count in Counter(given.tolist()).items():
        if not 0 <= edge < case.num_edges:
            yield Finding("range", f"所选边 {edge} 不存在", f"chosen edge {edge} does not exist")
        if count > 1:
            yield Finding("duplicate", f"边 {edge} 重复", f"edge {edge} is chosen {count} times")
    for edge in case.chosen:
        if case.fixed[edge] == 0:
            yield Finding("ban", f"边 {edge} 被禁止", f"edge {edge} is banned but chosen")
    if case.claim.status in ("optimal", "feasible"):
        for edge in sorted(set(case.pins) - set(case.chosen)):
            yield Finding("pin", f"锁定边 {edge} 未选", f"edge {edge} is pinned but not chosen")


def _limit_findings(case: _Case) -> Iterator[Finding]:
    """Yield every limit that the chosen edges break."""
    yield from _need_findings(case, case.chosen)
    for block in case.blocks():
        for index, total in _totals(block, case.chosen).items():
            if total > block.limits[index]:
                fact = f"{block.name(index)}: {total} > {block.limits[index]}"
                yield Finding(block.kind, f"超出上限 {fact}", f"over the limit {fact}")


def _need_findings(case: _Case, edges: list[int]) -> Iterator[Finding]:
    for need, count in Counter(case.need[e] for e in edges).items():
        if count > case.need_limit[need]:
            fact = f"need[{need}]: {count} > {case.need_limit[need]}"
            yield Finding("need_limit", f"超出上限 {fact}", f"over the limit {fact}")
    if case.claim.one_per_group:
        for (need, group), count in Counter((case.need[e], case.group[e]) for e in edges).items():
            if count > 1:
                fact = f"need[{need}], group[{group}]: {count}"
                yield Finding("one_per_group", f"同一机构多次 {fact}", f"same group twice {fact}")


def _totals(block: _Block, edges: list[int]) -> Counter[int]:
    """Return what the edges draw from each index of a block, in Python's exact integers."""
    total: Counter[int] = Counter()
    for edge in edges:
        if block.owner[edge] >= 0:
            total[int(block.owner[edge])] += int(block.draw[edge])
    return total


# --- the numbers ------------------------------------------------------------------------------


def _number_findings(case: _Case) -> Iterator[Finding]:
    claim = case.claim
    if claim.objective is not None:
        yield from _objective_findings(case, claim.objective)
    multipliers = list(_multiplier_findings(case))
    yield from multipliers
    if claim.bound is not None and not multipliers:
        yield from _bound_findings(case, claim.bound)
    if claim.objective is not None and claim.bound is not None:
        yield from _gap_findings(claim.objective, claim.bound, claim.gap)


def _objective_findings(case: _Case, claimed: float) -> Iterator[Finding]:
    weights = [float(case.weight[e]) for e in case.chosen]
    floors = zip(case.claim.floors, case.lacks(), strict=True)
    weights += [-lack * float(floor.penalty) for floor, lack in floors]
    value = math.fsum(weights)
    slack = OBJECTIVE_TOLERANCE * abs(value) + 1e-14 * math.fsum(map(abs, weights))
    if not abs(claimed - value) <= slack:
        fact = f"{claimed!r} ≠ {value!r}"
        yield Finding("objective", f"目标值不符 {fact}", f"the objective is wrong: {fact}")


def _multiplier_findings(case: _Case) -> Iterator[Finding]:
    given, rows = np.asarray(case.claim.multipliers), case.num_rows()
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


def _bound_findings(case: _Case, claimed: float) -> Iterator[Finding]:
    value, size = _bound(case)
    if not abs(claimed - value) <= BOUND_TOLERANCE * abs(value) + 1e-12 * size:
        fact = f"{claimed!r} ≠ {value!r}"
        yield Finding("bound", f"上界不符 {fact}", f"the bound is wrong: {fact}")
    objective = case.claim.objective
    if objective is not None and not claimed >= objective - OBJECTIVE_TOLERANCE * size:
        fact = f"{claimed!r} < {objective!r}"
        yield Finding("bound", f"上界低于目标值 {fact}", f"the bound is below the plan: {fact}")


def _bound(case: _Case) -> tuple[float, float]:
    """Return the bound of the claimed multipliers, and the sum of its terms' magnitudes.

    A unit of row p costs y_p. The plan's owner is paid Σ_p c_p y_p for all there is, and each
    need takes from the market what serves it best, net of what its edges cost. Floors pay for
    needs that are met and edges that are chosen, and are owed for all that they ask for.
    """
    price = [float(y) for y in case.claim.multipliers]
    net, terms, used = case.weight.copy(), [0.0], 0
    for block in case.blocks():
        rows = block.row_numbers()
        mine = price[used : used + sum(row is not None for row in rows)]
        used += len(mine)
        terms += [block.limits[i] * mine[row] for i, row in enumerate(rows) if row is not None]
        cost = np.array([0.0 if row is None else mine[row] for row in rows] + [0.0])
        net -= cost[block.owner] * block.draw  # owner -1 is the last entry, which costs nothing
    owed = zip(case.claim.floors, case.claim.floor_multipliers, strict=True)
    terms += [-floor.least * float(paid) for floor, paid in owed]
    bonus = case.bonuses("options")
    net += np.array([bonus[j] for j in case.option.tolist()], dtype=float)
    terms += _best_of_needs(case, net.tolist(), case.bonuses("needs"))
    return math.fsum(terms), math.fsum(map(abs, terms))


def _best_of_needs(case: _Case, net: list[float], bonus: defaultdict[int, float]) -> list[float]:
    """Return the net weights that the needs choose when each has the market to itself.

    A need that is met at all has its bonus, for whose sake it may take what it would not.
    """
    room, closed, terms = list(case.need_limit), set(), []
    for need in {case.need[edge] for edge in case.pins}:
        terms.append(bonus.pop(need, 0.0))
    for edge in case.pins:
        room[case.need[edge]] -= 1
        closed.add((case.need[edge], case.group[edge]))
        terms.append(net[edge])
    offers: dict[int, dict[int, float]] = defaultdict(dict)
    for edge in range(case.num_edges):
        wanted = net[edge] + bonus[case.need[edge]] > 0 and case.weight[edge] > 0
        if case.fixed[edge] != -1 or not wanted:
            continue
        need, key = case.need[edge], edge
        if case.claim.one_per_group:
            key = case.group[edge]
            if (need, key) in closed:
                continue
        offers[need][key] = max(net[edge], offers[need].get(key, -math.inf))
    for need, values in offers.items():
        best = heapq.nlargest(min(max(room[need], 0), len(values)), values.values())
        if best:
            terms += [best[0] + bonus[need], *(value for value in best[1:] if value > 0)]
    return terms


def _gap_findings(objective: float, bound: float, claimed: float | None) -> Iterator[Finding]:
    value = 0.0
    if bound > objective:
        value = (bound - objective) / max(abs(bound), abs(objective))
    if claimed is not None and not abs(claimed - value) <= BOUND_TOLERANCE * value + 1e-12:
        fact = f"{claimed!r} ≠ {value!r}"
        yield Finding("gap", f"差距不符 {fact}", f"the gap is wrong: {fact}")


# --- the status -------------------------------------------------------------------------------


def _status_findings(case: _Case) -> Iterator[Finding]:
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
    if status not in ("optimal", "feasible") and case.chosen:
        yield _status(f"{status} 不应有所选边", f"{status} chooses no edge")
    if (status == "infeasible") != _pins_break_a_limit(case):
        yield _status(f"锁定项与状态 {status} 不符", f"the pins do not agree with {status}")
    if status == "nothing" and (case.pins or _choosable(case)):
        yield _status("仍有可选的边", "there are edges that can be chosen")


def _status(zh: str, en: str) -> Finding:
    return Finding("status", zh, en)


def _pins_break_a_limit(case: _Case) -> bool:
    return any(_need_findings(case, case.pins)) or any(
        total > block.limits[index]
        for block in case.blocks()
        for index, total in _totals(block, case.pins).items()
    )


def _choosable(case: _Case) -> bool:
    """Return whether some free edge of positive weight would be a plan by itself."""
    fits = (np.array(case.fixed, dtype=int) == -1) & (case.weight > 0)
    fits &= np.array([case.need_limit[i] >= 1 for i in case.need], dtype=bool)
    for block in case.blocks():
        limits = np.array([*block.limits, NO_LIMIT])
        fits &= block.draw <= limits[block.owner]
    return bool(fits.any())
