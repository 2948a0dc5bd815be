"""A client without a network: requests go straight into the app, its lifespan around them.

Starlette's own test client is tied to one HTTP library or another by its version; this one
needs httpx alone.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from functools import partial
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import anyio.from_thread
import httpx
from fastapi import FastAPI

HOST = "http://127.0.0.1:8000"
PATIENCE_SECONDS = 60.0


class Client:
    """Calls an app; errors of the app come back as answers, as over a network.

    Parameters
    ----------
    headers
        Sent with every request that brings none of the same name.
    """

    def __init__(
        self,
        app: FastAPI,
        portal: anyio.from_thread.BlockingPortal,
        http: httpx.AsyncClient,
        headers: Mapping[str, str],
    ) -> None:
        self.app = app
        self.headers = headers
        self._portal = portal
        self._http = http

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Send any request."""
        options["headers"] = {**self.headers, **(options.get("headers") or {})}
        return self._portal.call(partial(self._http.request, method, path, **options))

    def at_once(self, *asked: tuple[str, str, dict[str, str]]) -> list[httpx.Response]:
        """Send many requests (method, path, headers) at the same moment."""

        async def send() -> list[httpx.Response]:
            requests = (self._http.request(m, path, headers=given) for m, path, given in asked)
            return list(await asyncio.gather(*requests))

        return self._portal.call(send)

    def get(self, path: str, **options: Any) -> httpx.Response:
        """Read something."""
        return self.request("GET", path, **options)

    def delete(self, path: str, **options: Any) -> httpx.Response:
        """Remove something."""
        return self.request("DELETE", path, **options)

    def post(self, body: Any, **headers: str) -> httpx.Response:
        """Ask for a plan with a body of JSON values, or of raw bytes."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        given = {"Content-Type": "application/json", **headers}
        return self.request("POST", "/plans", content=content, headers=given)

    def finished(self, path: str) -> dict[str, Any]:
        """Poll a run until nothing more will happen to it."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            run = self.get(path).json()
            if run["status"] not in ("queued", "running"):
                return run
            time.sleep(0.01)
        raise TimeoutError(f"still {run['status']}")

    def planned(self, body: Any) -> dict[str, Any]:
        """Ask for a plan and return its run once it is finished, with the plan if there is one."""
        answer = self.post(body)
        assert answer.status_code == 202, answer.text
        run = self.finished(answer.headers["Location"])
        place = run["links"]["document"]
        return {**run, "plan": None if place is None else self.get(place).json()}


@contextmanager
def serving(
    app: FastAPI, lifespan: bool = True, headers: Mapping[str, str] | None = None
) -> Iterator[Client]:
    """Start an app and stop it afterwards; without its lifespan nothing is opened for it.

    Parameters
    ----------
    headers
        What its client sends always, such as who asks.
    """
    around = app.router.lifespan_context(app) if lifespan else nullcontext()
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    with anyio.from_thread.start_blocking_portal() as portal:
        http = httpx.AsyncClient(transport=transport, base_url=HOST, cookies=_no_cookies())
        with portal.wrap_async_context_manager(around):
            yield Client(app, portal, http, headers or {})
            portal.call(http.aclose)


def _no_cookies() -> CookieJar:
    """Return a jar that keeps nothing: a test shows the cookies that it means to show."""
    return CookieJar(DefaultCookiePolicy(allowed_domains=[]))
