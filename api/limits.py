"""How often anybody may ask: a token bucket for each account, and for each address of strangers.

The buckets are in the memory of a process. In the database every read would become a write; so
with several processes everybody has as many buckets as there are processes. Failed logins, which
must be counted exactly, are in the database (`matcher.services.accounts`).
"""

from __future__ import annotations

import hashlib
import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.actors import actor_of_scope
from api.addresses import client_address
from api.errors import TooManyRequestsError
from api.problems import respond
from matcher.domain.actor import Actor

MAX_KEYS = 10_000
"""How many buckets are kept; the one that was not asked for the longest is forgotten."""

FREE = frozenset({"/healthz/live"})
"""Paths that are always answered: whoever asks them restarts what does not answer."""


@dataclass(slots=True)
class _Bucket:
    tokens: float
    filled_at: float


class Buckets:
    """Token buckets by key; each holds a minute's worth and fills evenly.

    Parameters
    ----------
    per_minute
        How many tokens come each minute; 0 is no limit.
    """

    def __init__(
        self,
        per_minute: int,
        clock: Callable[[], float] = time.monotonic,
        max_keys: int = MAX_KEYS,
    ) -> None:
        self._size = per_minute
        self._clock = clock
        self._max_keys = max_keys
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def wait(self, key: str) -> float:
        """Take a token, or return how many seconds it takes until there is one."""
        if not self._size:
            return 0.0
        now = self._clock()
        bucket = self._buckets.pop(key, None) or _Bucket(self._size, now)
        self._buckets[key] = bucket
        if len(self._buckets) > self._max_keys:
            self._buckets.popitem(last=False)
        per_second = self._size / 60
        bucket.tokens = min(self._size, bucket.tokens + (now - bucket.filled_at) * per_second)
        bucket.filled_at = now
        if bucket.tokens < 1:
            return (1 - bucket.tokens) / per_second
        bucket.tokens -= 1
        return 0.0


class RateLimitMiddleware:
    """Answers 429 to whoever asks too often.

    A credential that let somebody in counts for its account from the next request on; all else,
    whatever it shows, counts for the address that it comes from.
    """

    def __init__(self, app: ASGIApp, accounts: Buckets, strangers: Buckets) -> None:
        self.app = app
        self._accounts = accounts
        self._strangers = strangers
        self._known: OrderedDict[str, str] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http" or scope["path"] in FREE:
            await self.app(scope, receive, send)
            return
        shown = _credential(scope)
        account = self._known.pop(shown, None)
        if account is None:
            seconds = self._strangers.wait(client_address(scope))
        else:
            self._remember(shown, account)
            seconds = self._accounts.wait(account)
        if seconds > 0:
            refusal = TooManyRequestsError(math.ceil(seconds))
            await respond(Request(scope), refusal)(scope, receive, send)
            return

        async def send_and_learn(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._learn(shown, actor_of_scope(scope), message["status"])
            await send(message)

        await self.app(scope, receive, send_and_learn)

    def _learn(self, shown: str, actor: Actor | None, status: int) -> None:
        if status == HTTPStatus.UNAUTHORIZED:
            self._known.pop(shown, None)
        elif actor is not None and shown:
            self._remember(shown, str(actor.account_id))

    def _remember(self, shown: str, account: str) -> None:
        self._known[shown] = account
        if len(self._known) > MAX_KEYS:
            self._known.popitem(last=False)


def _credential(scope: Scope) -> str:
    """Return a name for what a request shows, empty if it shows nothing."""
    headers = Headers(scope=scope)
    shown = headers.get("authorization", "") + "\n" + headers.get("cookie", "")
    return hashlib.sha256(shown.encode()).hexdigest() if shown != "\n" else ""
