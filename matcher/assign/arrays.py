"""Arrays that belong to one owner and that nobody can write to."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

UNLIMITED: int = int(np.iinfo(np.int64).max)
"""The entry of a limit or quota array that says "no limit here"; it makes no row."""

COMPILED = 200_000
"""From so many edges on, shared steps are left to compiled kernels; below, numba is not loaded."""

Bools = NDArray[np.bool_]
Int8s = NDArray[np.int8]
Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]
Floats = NDArray[np.float64]
Weights = NDArray[np.float32] | NDArray[np.float64]


def as_array(values: object) -> NDArray[Any]:
    """Return ``values`` as an array; ragged lists become objects, which no reader takes."""
    try:
        return np.asarray(values)
    except ValueError:
        return np.asarray(values, dtype=object)


def ascending(edges: Int64s) -> Int64s:
    """Return edges in ascending order; without a copy if they are."""
    return edges if (edges[1:] >= edges[:-1]).all() else np.sort(edges)


def frozen(array: NDArray[Any]) -> NDArray[Any]:
    """Return an array that was just made, and that nobody else knows, as a read-only one."""
    array.setflags(write=False)
    return array


def taken(array: NDArray[Any], dtype: type[np.generic]) -> NDArray[Any]:
    """Return values read-only as a type: the array itself if it is so already, else a copy."""
    if array.dtype == dtype and array.base is None and not array.flags.writeable:
        return array
    return frozen(array.astype(dtype))


def owned(array: NDArray[Any]) -> NDArray[Any]:
    """Return a read-only array that no other code can reach to write; copies where needed."""
    if array.base is None and not array.flags.writeable:
        return array
    copy = np.array(array, copy=True, order="C")
    copy.setflags(write=False)
    return copy
