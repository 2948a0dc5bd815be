"""``Idempotency-Key``: a POST that is sent again has one effect and one answer.

The middleware reads the body once and hashes the request; the session of the route claims it
(`api.database.writing`), and the route keeps its answer in the same transaction
(`api.routing.Route`). Answers that are errors change nothing and are not kept.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import MutableMapping
from typing import Any
from uuid import UUID

from fastapi.concurrency import run_in_threadpool
from sqlmodel import Session
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import respond
from matcher.domain.actor import Actor
from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Text
from matcher.services import replay
from matcher.services.replay import Claim, Kept
from matcher.store.types import SHANGHAI

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
_SOUND = re.compile(r"[\x21-\x7e]{1,255}")
_CLAIM, _CLAIMED, _SECRET = "yinqi_claim", "yinqi_claimed", "yinqi_secret"
_KEPT_HEADERS = ("content-type", "content-language", "location", "etag")


class ReplayedAnswer(Exception):
    """No error: the answer was given before, and is given again."""

    def __init__(self, kept: Kept) -> None:
        super().__init__("replayed")
        self.kept = kept


class IdempotencyMiddleware:
    """Hashes each POST that has a key, so that its session can claim it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, its body read if it has a key."""
        headers = Headers(scope=scope) if scope["type"] == "http" else None
        key = headers.get(HEADER) if headers and scope["method"] == "POST" else None
        if headers is None or key is None:
            await self.app(scope, receive, send)
            return
        if not _SOUND.fullmatch(key):
            expected = Text("1 至 255 个可见 ASCII 字符", "1 to 255 visible ASCII characters")
            fault = Fault(Text("取值不可用", "cannot be used"), HEADER, None, expected)
            await respond(Request(scope), InputError([fault]))(scope, receive, send)
            return
        messages = await _all(receive)
        scope[_CLAIM] = Claim(key, _sha256(scope, headers, messages))
        await self.app(scope, _again(messages, receive), send)


async def _all(receive: Receive) -> list[Message]:
    messages = [await receive()]
    while messages[-1]["type"] == "http.request" and messages[-1].get("more_body", False):
        messages.append(await receive())
    return messages


def _again(messages: list[Message], receive: Receive) -> Receive:
    waiting = iter(messages)

    async def next_message() -> Message:
        message = next(waiting, None)
        return await receive() if message is None else message

    return next_message


def _sha256(scope: Scope, headers: Headers, messages: list[Message]) -> str:
    digest = hashlib.sha256()
    for part in (scope["path"], scope["query_string"].decode("latin-1")):
        digest.update(f"{len(part)}:{part}".encode())
    digest.update(headers.get("content-type", "").encode())
    digest.update(headers.get("if-match", "").encode() + b"\n")
    for message in messages:
        digest.update(message.get("body", b""))
    return digest.hexdigest()


def claim(
    scope: MutableMapping[str, Any], session: Session, caller: Actor | None, now: Any
) -> None:
    """Claim a request for the transaction of its session, if it has a key and somebody asks.

    Raises
    ------
    ReplayedAnswer
        If it was answered before.
    InputError, SecretAnswerError
        As `matcher.services.replay.take`.
    """
    wanted: Claim | None = scope.get(_CLAIM)
    if wanted is None or caller is None:
        return
    taken = replay.take(session, caller.account_id, wanted, now.astimezone(SHANGHAI))
    if isinstance(taken, Kept):
        raise ReplayedAnswer(taken)
    scope[_CLAIMED] = (session, taken)


def hold_secret(request: Request) -> None:
    """Say that the answer holds a secret: it is given once and never kept."""
    request.scope[_SECRET] = True


async def keep_answer(request: Request, response: Response) -> None:
    """Keep the answer of a request that was claimed, before its transaction ends."""
    claimed: tuple[Session, UUID] | None = request.scope.get(_CLAIMED)
    if claimed is None:
        return
    session, identity = claimed
    headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
    body = None if request.scope.get(_SECRET) else bytes(response.body).decode()
    if body is not None and len(body) > replay.MAX_BODY_LENGTH:
        raise ValueError("an answer to a POST is too long to be kept")
    kept = Kept(response.status_code, headers, body)
    await run_in_threadpool(replay.keep, session, identity, kept)


async def answer_again(_: Request, error: Exception) -> Response:
    """Give the answer that was kept."""
    assert isinstance(error, ReplayedAnswer)
    kept = error.kept
    headers = {**kept.headers, REPLAYED: "true"}
    media_type = headers.pop("content-type", None)
    return Response(kept.body, kept.status, headers, media_type)
