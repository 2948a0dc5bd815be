"""The quick way through a large claim of the usual kind: one compiled look at its edges."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.verify.audit_bound import costs
from matcher.verify.audit_case import Case, Look
from matcher.verify.claim import Claim

LARGE = 1_000_000
"""From so many edges on it is worth loading compiled code; with fewer numpy looks at them."""

_PARTS = 2

_EMPTY_BYTES = np.zeros(0, dtype=np.int8)
_EMPTY = np.zeros(0, dtype=np.int64)
_BITS = {
    "float32": (np.int32, np.uint32, 0x7F800000, 0xFF800000),
    "float64": (np.int64, np.uint64, 0x7FF0 << 48, 0xFFF0 << 48),
}
"""Integers as wide as a float, with and without a sign, and those that infinities are."""


def is_usual(claim: Claim) -> bool:
    """Return whether a claim is large, and of the types and the kind that the quick way takes.

    Each need takes its best edges whatever their groups, there are no floors, and at most one
    array of draws is counted. All else, and whatever turns out not to be sound on the way, is left
    to numpy, which tells each fault.
    """
    if claim.floors or claim.one_per_group or find_spec("numba") is None:
        return False
    if any(pool.draw is not None for pool in claim.pools):
        return False
    size = len(claim.need) if isinstance(claim.need, np.ndarray) else 0
    return size >= LARGE and (
        all(_is_array(values, ("int32",), size) for values in (claim.need, claim.option))
        and _is_array(claim.weight, tuple(_BITS), size)
        and (claim.fixed is None or _is_array(claim.fixed, ("int8",), size))
        and (claim.amount is None or _is_array(claim.amount, ("int64",), size))
    )


def _is_array(values: Any, types: tuple[str, ...], size: int) -> bool:
    return (
        isinstance(values, np.ndarray)
        and values.shape == (size,)
        and values.dtype.name in types
        and bool(values.flags.c_contiguous)
    )


def quick_look(case: Case) -> Look | None:
    """Return what one look at all edges tells, None if some edge is not sound or fixed.

    The claim must be `is_usual`, everything but its edges sound, and the chosen edges ascend.
    """
    from matcher.verify import audit_kernel

    kernel: Any = audit_kernel
    claim, size = case.claim, case.claim.num_options
    count_cost, draw_cost = np.zeros(size), np.zeros(size)
    for draw, cost in costs(case):
        if draw is None:
            count_cost = cost
        else:
            draw_cost = cost
    signed, signless, most, least = _BITS[claim.weight.dtype.name]
    bits = (claim.weight.view(signed), claim.weight.view(signless), signed(most), signless(least))
    chosen = case.chosen
    need, option = np.empty(len(chosen), np.int32), np.empty(len(chosen), np.int32)
    look = Look(0.0, need, option, np.empty(len(chosen), claim.weight.dtype))
    facts = (
        claim.need.view(np.uint32), claim.option.view(np.uint32), claim.weight, bits,
        _EMPTY_BYTES if claim.fixed is None else claim.fixed,
        _EMPTY if claim.amount is None else claim.amount,
        np.ascontiguousarray(case.need_limit), bool((case.need_limit <= 1).all()), count_cost,
        draw_cost, chosen, look.need.view(np.uint32), look.option.view(np.uint32), look.weight,
    )  # fmt: skip
    ends = _ends(claim.need)
    with ThreadPoolExecutor(_PARTS) as pool:
        gains = list(pool.map(lambda lo, hi: kernel.gains(*facts, lo, hi), ends[:-1], ends[1:]))
    return None if min(gains) < 0 else replace(look, gain=float(sum(gains)))


def _ends(need: NDArray[np.int32]) -> list[int]:
    """Return where parts of about equal size begin, each with a new need, and where all end."""
    size = len(need)
    middle = [size * k // _PARTS for k in range(1, _PARTS)]
    first = [int(np.searchsorted(need, need[at])) for at in middle]
    return [0, *(at if 0 <= at <= size else size for at in first), size]
