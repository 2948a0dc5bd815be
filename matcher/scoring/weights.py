"""What a match is worth: named groups of weights and the scales of the features, from TOML."""

from __future__ import annotations

import hashlib
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.domain.choices import TaxGrade
from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Text

FEATURES: dict[str, tuple[str, ...]] = {
    "enterprise": ("amount", "term", "cost", "time", "collateral", "repayment"),
    "bank": ("sector", "appetite", "region", "relationship", "approval"),
    "public": ("priority", "urgency", "smallness", "first_loan"),
}
"""The features of each group, in the order of the columns of the feature matrix."""

FEATURE_NAMES = tuple(name for names in FEATURES.values() for name in names)
GRADES = (*(grade.value for grade in TaxGrade), "unknown")
_SCALES = ("cost_ceiling", "slow_workdays", "calm_workdays")


@dataclass(frozen=True)
class Weights:
    """A versioned set of weights.

    Parameters
    ----------
    groups
        Share of each group, 0 or more.
    features
        Share of each feature within its group, 0 or more.
    cost_ceiling
        Yearly all-in cost, a fraction, at which the feature ``cost`` is 0.
    slow_workdays, calm_workdays
        Scales of the features ``time`` and ``urgency``, in workdays.
    standing
        Factor of each tax grade, and of none, in the feature ``approval``; each in [0, 1].
    """

    version: str
    groups: Mapping[str, float]
    features: Mapping[str, float]
    cost_ceiling: Decimal
    slow_workdays: int
    calm_workdays: int
    standing: Mapping[str, float]
    sha256: str

    @cached_property
    def vector(self) -> NDArray[np.float64]:
        """Return the (F,) weights, in the order of `FEATURE_NAMES`, adding up to 1."""
        total = sum(self.groups.values())
        parts = []
        for group, names in FEATURES.items():
            inside = sum(self.features[n] for n in names) or 1.0
            parts += [self.groups[group] / total * self.features[n] / inside for n in names]
        vector = np.array(parts) / sum(parts)
        vector.setflags(write=False)
        return vector

    def of_group(self, group: str) -> NDArray[np.float64]:
        """Return the (F,) weights of one group alone, 0 elsewhere, adding up to 1 (or all 0)."""
        inside = np.array([name in FEATURES[group] for name in FEATURE_NAMES])
        vector = np.where(inside, self.vector, 0.0)
        return vector / (vector.sum() or 1.0)


def default_weights() -> Weights:
    """Return the weights that come with the project."""
    return parse_weights(files("matcher.scoring").joinpath("weights.toml").read_bytes())


def weights_from(file: str) -> Weights:
    """Return the weights of a TOML file's text; those that come with the project of an empty one.

    Raises
    ------
    InputError
        As `read_weights`.
    """
    return parse_weights(file.encode()) if file else default_weights()


def read_weights(path: Path) -> Weights:
    """Read weights from a TOML file.

    Raises
    ------
    InputError
        Naming every unknown, missing or unusable entry.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        message = Text("无法读取权重文件", "cannot read the weights")
        raise InputError([Fault(message, file=path.name, value=error.strerror)]) from None
    return parse_weights(content, path.name)


def parse_weights(content: bytes, file: str = "weights.toml") -> Weights:
    """Read weights from the bytes of a TOML file; see `read_weights`."""
    try:
        data = tomllib.loads(content.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        message = Text("不是 TOML 文件", "not a TOML file")
        raise InputError([Fault(message, file=file, value=str(error))]) from None
    reader = _Reader(data, file)
    weights = reader.weights(hashlib.sha256(content).hexdigest())
    if reader.faults:
        raise InputError(reader.faults)
    return weights


class _Reader:
    """Takes entries out of a parsed file, noting every fault."""

    def __init__(self, data: dict[str, Any], file: str) -> None:
        self.data = data
        self.file = file
        self.faults: list[Fault] = []

    def weights(self, sha256: str) -> Weights:
        self._refuse_unknown(("version", "groups", *FEATURES, "scales", "standing"), self.data, "")
        groups = self._numbers("groups", tuple(FEATURES))
        features = {}
        for group, names in FEATURES.items():
            features.update(self._numbers(group, names))
        standing = self._numbers("standing", GRADES)
        for grade, value in standing.items():
            if value > 1:
                self._note(f"standing.{grade}", value, Text("不大于 1", "at most 1"))
        if not any(groups[g] and any(features[n] for n in FEATURES[g]) for g in FEATURES):
            self._note("groups", None, Text("至少一个权重大于 0", "one weight above 0"))
        scales = self._scales()
        return Weights(
            self._version(),
            MappingProxyType(groups),
            MappingProxyType(features),
            *scales,
            MappingProxyType(standing),
            sha256,
        )

    def _version(self) -> str:
        version = self.data.get("version")
        if not isinstance(version, str) or not version:
            self._note("version", version, Text("版本名称", "a name for this version"))
        return str(version)

    def _scales(self) -> tuple[Decimal, int, int]:
        table = self._table("scales", _SCALES)
        ceiling = Decimal(1)
        try:
            ceiling = Decimal(str(table.get("cost_ceiling", "1")))
            if not 0 < ceiling <= 1:
                raise InvalidOperation
        except InvalidOperation:
            expected = Text("0 到 1 之间的比例", "a fraction above 0, at most 1")
            self._note("scales.cost_ceiling", table.get("cost_ceiling"), expected)
        days = []
        for name in ("slow_workdays", "calm_workdays"):
            value = table.get(name, 1)
            if not isinstance(value, int) or isinstance(value, bool) or value < 1:
                self._note(f"scales.{name}", value, Text("正整数", "a whole number above 0"))
                value = 1
            days.append(value)
        return ceiling, days[0], days[1]

    def _numbers(self, table: str, names: tuple[str, ...]) -> dict[str, float]:
        found = self._table(table, names)
        values = {}
        for name in names:
            value = found.get(name, 0.0)
            number = isinstance(value, int | float) and not isinstance(value, bool)
            if not number or not math.isfinite(value) or value < 0:
                self._note(f"{table}.{name}", value, Text("不小于 0 的数", "a number, 0 or more"))
                value = 0.0
            values[name] = float(value)
        return values

    def _table(self, name: str, expected: tuple[str, ...]) -> dict[str, Any]:
        table = self.data.get(name)
        if not isinstance(table, dict):
            self._note(name, table, Text("一个表", "a table"))
            return {}
        self._refuse_unknown(expected, table, f"{name}.")
        for missing in sorted(set(expected) - set(table)):
            self._note(f"{name}.{missing}", None, Text("必填", "an entry"))
        return table

    def _refuse_unknown(self, known: tuple[str, ...], table: dict[str, Any], prefix: str) -> None:
        for name in sorted(set(table) - set(known)):
            self._note(prefix + name, table[name], Text.same(", ".join(known)))

    def _note(self, field: str, value: object, expected: Text) -> None:
        message = Text("权重不可用", "cannot be used")
        fault = Fault(message, field=field, value=value, expected=expected, file=self.file)
        self.faults.append(fault)
