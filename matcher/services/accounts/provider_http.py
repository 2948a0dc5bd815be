"""Requests to the identity provider: short, to safe addresses, answered by JSON objects."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import httpx

from matcher.services.accounts.errors import ProviderLoginError, ProviderUnreachableError

LOOPBACK = ("127.0.0.1", "localhost", "::1")
_TIMEOUT_SECONDS = 10.0


def is_safe_url(url: str) -> bool:
    """Tell whether nobody on the way reads what is sent there."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    is_here = parts.scheme == "http" and parts.hostname in LOOPBACK
    return bool(parts.hostname) and (parts.scheme == "https" or is_here)


class ProviderHttp:
    """A few requests, in a ``with`` block.

    Raises
    ------
    ProviderUnreachableError
        From each request, if nothing answers or the answer is no JSON object.
    """

    def __init__(self) -> None:
        self._client = httpx.Client(timeout=_TIMEOUT_SECONDS, follow_redirects=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.close()

    def get(self, url: str, token: str | None = None) -> dict[str, Any]:
        """Return the object at an address."""
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        answer = self._send("GET", url, headers=headers)
        if answer.status_code != httpx.codes.OK:
            raise ProviderUnreachableError
        return _object(answer)

    def post(self, url: str, headers: Mapping[str, str], body: str) -> dict[str, Any]:
        """Return the object that a form is answered by.

        Raises
        ------
        ProviderLoginError
            If what was sent is refused.
        """
        answer = self._send("POST", url, headers=dict(headers), content=body)
        if answer.status_code in (httpx.codes.BAD_REQUEST, httpx.codes.UNAUTHORIZED):
            raise ProviderLoginError
        if answer.status_code != httpx.codes.OK:
            raise ProviderUnreachableError
        return _object(answer)

    def _send(self, method: str, url: str, **options: Any) -> httpx.Response:
        if not is_safe_url(url):
            raise ProviderUnreachableError
        try:
            return self._client.request(method, url, **options)
        except (httpx.HTTPError, httpx.InvalidURL):
            raise ProviderUnreachableError from None


def _object(answer: httpx.Response) -> dict[str, Any]:
    try:
        found = answer.json()
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise ProviderUnreachableError
    return found
