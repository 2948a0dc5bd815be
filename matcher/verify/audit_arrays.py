"""Whether the arrays of a claimed problem can be read at all."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from matcher.verify.claim import NO_LIMIT, Claim, Finding


def array_findings(claim: Claim, *, edges: bool) -> Iterator[Finding]:
    """Yield what makes the arrays of edges unreadable, or all that is not of edges."""
    yield from _edge_findings(claim) if edges else _other_findings(claim)


def _edge_findings(claim: Claim) -> Iterator[Finding]:
    edges, needs, options = _length(claim.need), claim.num_needs, claim.num_options
    yield from _array("need", claim.need, edges, 0, needs - 1)
    yield from _array("option", claim.option, edges, 0, options - 1)
    yield from _weights(claim.weight, edges)
    if claim.amount is not None:
        yield from _array("amount", claim.amount, edges)
    if claim.fixed is not None:
        yield from _array("fixed", claim.fixed, edges, -1, 1)
    for p, pool in enumerate(claim.pools):
        if pool.draw is not None:
            yield from _array(f"pools[{p}].draw", pool.draw, edges)


def _other_findings(claim: Claim) -> Iterator[Finding]:
    needs, options = claim.num_needs, claim.num_options
    groups = _length(claim.group_limit) if claim.group_limit is not None else None
    if groups is None and claim.group_quota is not None:
        groups = _length(claim.group_quota)
    if np.asarray(claim.need_limit).ndim:
        yield from _array("need_limit", claim.need_limit, needs)
    else:
        yield from _array("need_limit", [claim.need_limit], 1)
    for name, length in (
        ("option_limit", options),
        ("option_quota", options),
        ("group_limit", groups),
        ("group_quota", groups),
    ):
        if getattr(claim, name) is not None:
            yield from _array(name, getattr(claim, name), length)
    if claim.group is not None:
        most = NO_LIMIT if groups is None else groups - 1
        yield from _array("group", claim.group, options, 0, most)
    yield from _partners(claim)
    yield from _floors(claim)
    for p, pool in enumerate(claim.pools):
        yield from _array(f"pools[{p}].options", pool.options, None, 0, options - 1)
        yield from _array(f"pools[{p}].capacity", [pool.capacity], 1)


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
        if not array.size or (array.min() >= low and array.max() <= high):
            return
        for i in np.flatnonzero((array < low) | (array > high)):
            fact = f"{name}[{i}] = {array[i]}"
            yield _input(f"{fact} 超出范围", f"{fact} is out of range")


def _weights(values: Any, length: int) -> Iterator[Finding]:
    array = np.asarray(values)
    if array.shape != (length,) or (array.size and array.dtype.kind not in "iuf"):
        yield _input(f"weight 的形状为 {array.shape}", f"weight has shape {array.shape}")
        return
    if not array.size or np.isfinite([array.min(), array.max()]).all():
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


def _input(zh: str, en: str) -> Finding:
    return Finding("input", zh, en)
