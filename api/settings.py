"""What may be set from outside, checked when it is read."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from matcher.domain.errors import Fault, Faults, InputError
from matcher.domain.text import Text

ENV_PREFIX = "MATCHER_API_"


@dataclass(frozen=True, slots=True)
class Settings:
    """Limits of the API.

    Parameters
    ----------
    max_body_bytes
        The largest body that is read, in bytes.
    max_queued
        How many plans may wait for the worker; more are answered 503.
    max_kept
        How many finished plans stay in memory; older ones are forgotten.
    time_limit_max_seconds
        The longest time limit that a request may ask for.
    stop_seconds
        How long a stop waits for a solve that is under way.
    allowed_hosts
        Names by which the API may be called (header ``Host``, without the port); ``*`` is any.
    database_url
        ``sqlite:///file`` or ``postgresql://user:password@host/name``.

    Raises
    ------
    InputError
        With every setting that is out of its range.
    """

    max_body_bytes: int = 16 * 1024 * 1024
    max_queued: int = 8
    max_kept: int = 32
    time_limit_max_seconds: float = 600.0
    stop_seconds: float = 10.0
    allowed_hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "::1")
    database_url: str = field(default="sqlite:///yinqi.db", repr=False)

    def __post_init__(self) -> None:
        faults = Faults()
        for name in ("max_body_bytes", "max_queued", "max_kept"):
            value = getattr(self, name)
            faults.require(value >= 1, name, value, Text("正整数", "a whole number above 0"))
        for name in ("time_limit_max_seconds", "stop_seconds"):
            value = getattr(self, name)
            holds = math.isfinite(value) and value > 0
            faults.require(holds, name, value, Text("大于 0 的秒数", "seconds, more than 0"))
        hosts = self.allowed_hosts
        faults.require(bool(hosts), "allowed_hosts", hosts, Text("至少一个主机名", "a host name"))
        faults.raise_if_any()

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read settings from variables such as ``MATCHER_API_MAX_QUEUED``.

        Raises
        ------
        InputError
            With every variable that cannot be read.
        """
        given = os.environ if environ is None else environ
        values: dict[str, Any] = {}
        faults = []
        for one in fields(cls):
            variable = f"{ENV_PREFIX}{one.name.upper()}"
            if variable not in given:
                continue
            try:
                values[one.name] = _READERS[str(one.type)](given[variable])
            except ValueError:
                message = Text("环境变量无法读取", "the variable cannot be read")
                faults.append(Fault(message, field=variable, value=given[variable]))
        if faults:
            raise InputError(faults)
        return cls(**values)


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


_READERS: dict[str, Callable[[str], Any]] = {
    "int": int,
    "float": float,
    "str": str,
    "tuple[str, ...]": _words,
}
