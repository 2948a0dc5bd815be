"""Reading the caller's arrays: every fault is gathered before one error is raised."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.assign.arrays import UNLIMITED, Bools, as_array, frozen, taken
from matcher.assign.floor import Floor
from matcher.assign.pool import UNITS, Pool
from matcher.domain.errors import Fault, ProblemError
from matcher.domain.text import Text

SHOWN = 20
"""Of faults of one kind in one array this many are told one by one; the rest as a number."""

_MAX_SIZE = int(np.iinfo(np.int32).max)


def read(
    given: Mapping[str, Any], known: Collection[tuple[str, NDArray[Any]]] = ()
) -> dict[str, Any]:
    """Return the arguments of `Problem.from_arrays` as the fields of a `Problem`.

    Parameters
    ----------
    known
        Arrays of a problem of the same size, with an entry for each edge, that nobody can write
        to, each with its name, which is ``amount`` for the draws of pools too: where one of these
        very arrays is given for the same, it was checked before.

    Raises
    ------
    ProblemError
        With every fault found.
    """
    reader = _Reader(given, known)
    fields = reader.fields()
    if reader.faults:
        raise ProblemError(reader.faults)
    return fields


class _Reader:
    """Reads one argument after the other; what cannot be read is a fault and becomes None."""

    def __init__(
        self, given: Mapping[str, Any], known: Collection[tuple[str, NDArray[Any]]]
    ) -> None:
        self._given = given
        self._known = {(name, id(array)) for name, array in known}
        self.faults: list[Fault] = []
        self._num_edges = _length(given, "need", "option", "weight")
        self._num_needs = self._size("num_needs")
        self._num_options = self._size("num_options")

    def fields(self) -> dict[str, Any]:
        """Read everything; the values mean something only if no fault was found."""
        self._tell_missing_partners()
        given = self._given
        num_groups = _length(given, "group_limit", "group_quota", none=None)
        return {
            "need": self._indices("need", self._num_edges, self._num_needs, given["need"]),
            "option": self._indices("option", self._num_edges, self._num_options, given["option"]),
            "weight": self._weights(),
            "num_needs": self._num_needs,
            "num_options": self._num_options,
            "need_limit": self._need_limit(),
            "option_limit": self._amounts("option_limit", self._num_options),
            "amount": self._summable("amount", given["amount"]),
            "option_quota": self._amounts("option_quota", self._num_options),
            "group": None
            if given["group"] is None
            else self._indices("group", self._num_options, num_groups, given["group"]),
            "group_limit": self._amounts("group_limit", num_groups),
            "group_quota": self._amounts("group_quota", num_groups),
            "one_per_group": self._flag("one_per_group"),
            "pools": tuple(self._pools()),
            "fixed": self._fixed(),
            "floors": tuple(self._floors()),
        }

    # --- telling faults -------------------------------------------------------------------

    def _tell(self, field: str, zh: str, en: str, **values: object) -> None:
        self.faults.append(Fault(Text(zh, en).format(**values), field=field))

    def _tell_each(
        self, field: str, array: NDArray[Any], bad: Bools, zh: str, en: str, **more: object
    ) -> None:
        """Tell the first `SHOWN` entries where ``bad``, then how many more there are."""
        at = np.flatnonzero(bad)
        for i in at[:SHOWN]:
            self._tell(f"{field}[{i}]", "{value} " + zh, "{value} " + en, value=array[i], **more)
        if len(at) > SHOWN:
            self._tell(field, "另有 {n} 处同类错误", "and {n} more", n=len(at) - SHOWN)

    # --- reading one array ----------------------------------------------------------------

    def _knows(self, field: str, values: object) -> bool:
        """Return whether this very array was checked before, for the same."""
        return ("amount" if field.endswith(".draw") else field, id(values)) in self._known

    def _shaped(self, field: str, values: object, length: int | None) -> NDArray[Any] | None:
        array = as_array(values)
        if array.ndim == 1 and length in (None, len(array)):
            return array
        wanted = "(?,)" if length is None else f"({length},)"
        self._tell(
            field,
            "形状为 {shape}，应为 {wanted}",
            "shape {shape}, expected {wanted}",
            shape=array.shape,
            wanted=wanted,
        )
        return None

    def _integers(
        self,
        field: str,
        values: object,
        length: int | None,
        low: int,
        high: int,
        dtype: type[np.signedinteger[Any]] = np.int64,
    ) -> NDArray[Any] | None:
        """Read ``(length,)`` integers in ``[low, high]`` as a read-only array of ``dtype``."""
        if isinstance(values, np.ndarray) and self._knows(field, values):
            return values
        array = self._shaped(field, values, length)
        if array is None:
            return None
        if array.size and array.dtype.kind not in "iu":
            self._tell_not_integer(field, array)
            return None
        if not array.size or (array.min() >= low and array.max() <= high):
            return taken(array, dtype)
        bad = np.asarray((array < low) | (array > high), dtype=bool)
        zh, en = "不在 {low} 到 {high} 之内", "is not within {low} to {high}"
        if high == UNLIMITED:
            zh, en = "应为非负整数", "must be at least 0"
        self._tell_each(field, array, bad, zh, en, low=low, high=high)
        return None

    def _tell_not_integer(self, field: str, array: NDArray[Any]) -> None:
        """Name the entries that are no integers, or the type if all of them look like some."""
        if array.dtype.kind == "f":
            bad = array != np.floor(array)
            self._tell_each(field, array, bad | ~np.isfinite(array), "不是整数", "is no integer")
            if bad.any() or not np.isfinite(array).all():
                return
        self._tell(
            field,
            "应为 64 位整数数组，实为 {dtype}",
            "must be an array of 64-bit integers, not of {dtype}",
            dtype=array.dtype,
        )

    def _indices(
        self, field: str, length: int | None, size: int | None, values: object
    ) -> NDArray[np.int32] | None:
        """Read ``(length,)`` indices below ``size``, or below 2**31 where the size is open."""
        high = (_MAX_SIZE if size is None else size) - 1
        return self._integers(field, values, length, 0, high, np.int32)

    def _amounts(self, field: str, length: int | None) -> NDArray[np.int64] | None:
        values = self._given[field]
        return None if values is None else self._integers(field, values, length, 0, UNLIMITED)

    def _summable(self, field: str, values: object) -> NDArray[np.int64] | None:
        """Read draws, one for each edge, whose sum an int64 can hold."""
        if values is None:
            return None
        array = self._integers(field, values, self._num_edges, 0, UNLIMITED)
        if array is not None and not self._knows(field, values) and exact_sum(array) > UNLIMITED:
            self._tell(
                field,
                "总和 {total} 超出 64 位整数",
                "adds up to {total}, more than 64-bit integers hold",
                total=exact_sum(array),
            )
        return array

    def _weights(self) -> NDArray[Any] | None:
        given = self._given["weight"]
        if isinstance(given, np.ndarray) and self._knows("weight", given):
            return given
        array = self._shaped("weight", given, self._num_edges)
        if array is None:
            return None
        if array.size and array.dtype.kind not in "iuf":
            zh, en = "应为数值数组，实为 {dtype}", "must be an array of numbers, not of {dtype}"
            self._tell("weight", zh, en, dtype=array.dtype)
            return None
        array = taken(array, np.float32 if array.dtype == np.float32 else np.float64)
        if array.size and not np.isfinite([array.min(), array.max()]).all():
            self._tell_each("weight", array, ~np.isfinite(array), "不是有限数", "is not finite")
        return array

    def _need_limit(self) -> NDArray[np.int64] | None:
        given = self._given["need_limit"]
        if as_array(given).ndim:
            return self._integers("need_limit", given, self._num_needs, 0, UNLIMITED)
        one = self._integers("need_limit", [given], 1, 0, UNLIMITED)
        return None if one is None else frozen(np.full(self._num_needs or 0, one[0]))

    def _fixed(self) -> NDArray[np.int8] | None:
        if self._given["fixed"] is None:
            return frozen(np.full(self._num_edges, -1, dtype=np.int8))
        return self._integers("fixed", self._given["fixed"], self._num_edges, -1, 1, np.int8)

    # --- reading single values and pools --------------------------------------------------

    def _size(self, field: str) -> int | None:
        value = self._given[field]
        if _is_integer(value) and 0 <= value <= _MAX_SIZE:
            return int(value)
        self._tell(
            field,
            "{value} 应为 0 到 {high} 的整数",
            "{value} must be an integer from 0 to {high}",
            value=repr(value),
            high=_MAX_SIZE,
        )
        return None

    def _flag(self, field: str) -> bool:
        value = self._given[field]
        if not isinstance(value, bool | np.bool_):
            zh, en = "{value} 应为真或假", "{value} must be True or False"
            self._tell(field, zh, en, value=repr(value))
        return bool(value)

    def _pools(self) -> list[Pool]:
        return [self._pool(f"pools[{p}]", pool) for p, pool in enumerate(self._given["pools"])]

    def _pool(self, field: str, pool: object) -> Pool:
        if not isinstance(pool, Pool):
            zh, en = "应为 Pool，实为 {kind}", "must be a Pool, not {kind}"
            self._tell(field, zh, en, kind=type(pool).__name__)
            return Pool(np.zeros(0), 0)
        if pool.unit not in UNITS:
            zh, en = "{value} 未知", "{value} is unknown, expected count or fen"
            self._tell(f"{field}.unit", zh, en, value=repr(pool.unit))
        options = self._indices(f"{field}.options", None, self._num_options, pool.options)
        capacity = self._pool_capacity(f"{field}.capacity", pool.capacity)
        draw = self._summable(f"{field}.draw", pool.draw)
        return Pool(np.zeros(0) if options is None else options, capacity, pool.unit, draw)

    def _pool_capacity(self, field: str, value: object) -> int:
        if isinstance(value, int | np.integer) and _is_integer(value) and 0 <= value <= UNLIMITED:
            return int(value)
        zh, en = "{value} 应为非负整数", "{value} must be an integer of at least 0"
        self._tell(field, zh, en, value=repr(value))
        return 0

    def _floors(self) -> list[Floor]:
        return [self._floor(f"floors[{f}]", floor) for f, floor in enumerate(self._given["floors"])]

    def _floor(self, field: str, floor: object) -> Floor:
        if not isinstance(floor, Floor):
            zh, en = "应为 Floor，实为 {kind}", "must be a Floor, not {kind}"
            self._tell(field, zh, en, kind=type(floor).__name__)
            return Floor()
        if (floor.needs is None) == (floor.options is None):
            self._tell(field, "needs 与 options 应恰有一个", "takes either needs or options")
        for name, size in (("needs", self._num_needs), ("options", self._num_options)):
            if (members := getattr(floor, name)) is not None:
                self._indices(f"{field}.{name}", None, size, members)
        if not (_is_integer(floor.least) and 0 <= floor.least <= _MAX_SIZE):
            zh, en = "{value} 应为非负整数", "{value} must be an integer of at least 0"
            self._tell(f"{field}.least", zh, en, value=repr(floor.least))
        if not (_is_number(floor.penalty) and 0 < floor.penalty < math.inf):
            zh, en = "{value} 应为正的有限数", "{value} must be a finite number above 0"
            self._tell(f"{field}.penalty", zh, en, value=repr(floor.penalty))
        return floor

    def _tell_missing_partners(self) -> None:
        """Tell which arguments stand without the array that gives them a meaning."""
        given = self._given
        for field in ("option_quota", "group_quota"):
            if given[field] is not None and given["amount"] is None:
                self._tell_partner(field, "amount")
        for field in ("group_limit", "group_quota", "one_per_group"):
            if given[field] is not None and given[field] is not False and given["group"] is None:
                self._tell_partner(field, "group")
        for p, pool in enumerate(given["pools"]):
            natural = isinstance(pool, Pool) and pool.unit == "fen" and pool.draw is None
            if natural and given["amount"] is None:
                self._tell_partner(f"pools[{p}]", "amount")

    def _tell_partner(self, field: str, partner: str) -> None:
        zh, en = "需要同时给出 {partner}", "is given without {partner}"
        self._tell(field, zh, en, partner=partner)


def exact_sum(array: NDArray[np.int64]) -> int:
    """Return the exact sum of int64 values of at least 0, however large it is."""
    # Fewer than 2**31 halves of 32 bits each cannot overflow.
    return (int((array >> 32).sum()) << 32) + int((array & 0xFFFFFFFF).sum())


def _is_integer(value: object) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def _is_number(value: object) -> bool:
    return isinstance(value, float | np.floating) or _is_integer(value)


def _length(given: Mapping[str, Any], *names: str, none: int | None = 0) -> Any:
    """Return the length of the first of the arrays that is a list of any kind."""
    for name in names:
        array = as_array(given[name])
        if array.ndim == 1:
            return len(array)
    return none
