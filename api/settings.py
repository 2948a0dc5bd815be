"""What may be set from outside, checked when it is read."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from matcher.domain.errors import Fault, Faults, InputError
from matcher.domain.text import Text
from matcher.services.accounts.provider import ProviderSettings
from matcher.services.accounts.provider_http import is_safe_url
from matcher.services.work.settings import WorkSettings

ENV_PREFIX = "MATCHER_API_"
MIN_TOKEN_LENGTH = 16


@dataclass(frozen=True, slots=True)
class Settings:
    """Limits of the API.

    Parameters
    ----------
    max_body_bytes
        The largest body that is read, in bytes.
    max_queued
        How many runs may wait for a worker; more are answered 503.
    max_running
        How many runs may be worked at, by all workers together.
    run_limit_seconds
        The longest that a run may compute.
    time_limit_max_seconds
        The longest time limit that a request may ask for.
    stop_seconds
        How long a stop waits for the worker that was started with it.
    allowed_hosts
        Names by which the API may be called (header ``Host``, without the port); ``*`` is any.
    database_url
        ``sqlite:///file`` or ``postgresql://user:password@host/name``.
    secure_cookies
        Whether it is reached by https only: cookies and browsers then keep to it.
    requests_per_minute
        How often an account may ask, in each process; 0 is without a limit.
    requests_per_minute_of_strangers
        How often an address may ask that shows nothing that lets it in; 0 is without a limit.
    metrics_token
        What a monitor shows (``Authorization: Bearer``) to read ``/metrics``; empty is none.
    metrics_on_loopback
        Whether this machine itself may read ``/metrics`` without showing anything. A proxy on
        this machine that does not say for whom it asks makes everybody this machine.
    oidc_issuer, oidc_client_id, oidc_client_secret, oidc_scopes
        The identity provider, and who this service is to it (it sends people back to
        ``/oidc/callback``); without an issuer there is none.

    signing_key_file
        Where the worker keeps the key that it signs the record's head of each day with; it is
        made if it is not there. Without one it stands beside an SQLite database, and with
        PostgreSQL nothing is signed.
    webhooks_to_local
        Whether webhooks may go by http and to addresses that are not public.

    Raises
    ------
    InputError
        With every setting that is out of its range.
    """

    max_body_bytes: int = 16 * 1024 * 1024
    max_queued: int = 8
    max_running: int = 1
    run_limit_seconds: float = 3600.0
    time_limit_max_seconds: float = 600.0
    stop_seconds: float = 10.0
    allowed_hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "::1")
    database_url: str = field(default="sqlite:///yinqi.db", repr=False)
    secure_cookies: bool = False
    requests_per_minute: int = 3000
    requests_per_minute_of_strangers: int = 1200
    metrics_token: str = field(default="", repr=False)
    metrics_on_loopback: bool = True
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = field(default="", repr=False)
    oidc_scopes: tuple[str, ...] = ("openid", "email")
    signing_key_file: str = ""
    webhooks_to_local: bool = False

    def __post_init__(self) -> None:
        faults = Faults()
        for name in ("max_body_bytes", "max_queued", "max_running"):
            value = getattr(self, name)
            faults.require(value >= 1, name, value, Text("正整数", "a whole number above 0"))
        for name in ("time_limit_max_seconds", "run_limit_seconds", "stop_seconds"):
            value = getattr(self, name)
            holds = math.isfinite(value) and value > 0
            faults.require(holds, name, value, Text("大于 0 的秒数", "seconds, more than 0"))
        for name in ("requests_per_minute", "requests_per_minute_of_strangers"):
            value = getattr(self, name)
            faults.require(value >= 0, name, value, Text("不小于 0", "0 or more"))
        weak = 0 < len(self.metrics_token) < MIN_TOKEN_LENGTH
        told = Text("至少 {n} 个字符", "at least {n} characters").format(n=MIN_TOKEN_LENGTH)
        faults.require(not weak, "metrics_token", None, told)
        faults.found.extend(self._provider_faults())
        hosts = self.allowed_hosts
        faults.require(bool(hosts), "allowed_hosts", hosts, Text("至少一个主机名", "a host name"))
        faults.raise_if_any()

    @property
    def provider(self) -> ProviderSettings | None:
        """The identity provider, None if there is none."""
        if not self.oidc_issuer:
            return None
        return ProviderSettings(
            issuer=self.oidc_issuer,
            client_id=self.oidc_client_id,
            client_secret=self.oidc_client_secret,
            scopes=self.oidc_scopes,
        )

    def _provider_faults(self) -> list[Fault]:
        faults = Faults()
        issuer, names = self.oidc_issuer, ("oidc_issuer", "oidc_client_id")
        whole = bool(issuer) == bool(self.oidc_client_id)
        both = Text("二者都填或都不填", "both or none of the two")
        faults.require(whole, " ".join(names), None, both)
        safe = not issuer or is_safe_url(issuer)
        faults.require(safe, "oidc_issuer", issuer, Text.same("https://…"))
        has_openid = "openid" in self.oidc_scopes
        faults.require(has_openid, "oidc_scopes", self.oidc_scopes, Text.same("openid …"))
        return faults.found

    @property
    def work(self) -> WorkSettings:
        """How runs are worked at."""
        return WorkSettings(
            max_running=self.max_running,
            max_queued=self.max_queued,
            run_limit_seconds=self.run_limit_seconds,
        )

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
            except (ValueError, KeyError):
                message = Text("环境变量无法读取", "the variable cannot be read")
                faults.append(Fault(message, field=variable, value=given[variable]))
        if faults:
            raise InputError(faults)
        return cls(**values)


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _truth(text: str) -> bool:
    return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}[
        text.strip().lower()
    ]


_READERS: dict[str, Callable[[str], Any]] = {
    "bool": _truth,
    "int": int,
    "float": float,
    "str": str,
    "tuple[str, ...]": _words,
}
