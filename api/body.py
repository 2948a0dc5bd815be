"""The body of a request: no larger than allowed, JSON by the letter, not nested without end."""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated, Any, NoReturn

from fastapi import Depends, Request
from starlette.datastructures import Headers

from api.auth import CurrentActor
from api.deps import SettingsDep
from api.errors import BodyTooLargeError, MediaTypeError, NotJsonError
from matcher.domain.text import Text

MAX_DEPTH = 32
"""How deep lists and objects may nest; a market needs about eight."""


async def limited_body(request: Request, settings: SettingsDep, actor: CurrentActor) -> bytes:
    """Read the body of a request, and never more of it than is allowed; none of a stranger's.

    A route asks for it before it asks for a session: a body that comes slowly must not hold up
    whoever else writes.

    Raises
    ------
    MediaTypeError
        If it is not said to be JSON.
    BodyTooLargeError
        As soon as that is known.
    """
    require_json(request)
    return await read_limited(request, settings.max_body_bytes)


BodyDep = Annotated[bytes, Depends(limited_body)]


async def read_limited(request: Request, limit: int) -> bytes:
    """Read the body of a request, and stop as soon as it is known to have more bytes.

    Raises
    ------
    BodyTooLargeError
        If it has more than ``limit`` bytes.
    """
    if states_more_than(request.headers, limit):
        raise too_large(limit)
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise too_large(limit)
        chunks.append(chunk)
    return b"".join(chunks)


def parse_json(body: bytes) -> Any:
    """Parse a body; numbers with a point are Decimals, as in files.

    Raises
    ------
    NotJsonError
        Also for NaN and infinity, a key that stands twice, and nesting beyond `MAX_DEPTH`.
    """
    try:
        document = json.loads(
            body.decode("utf-8-sig"),
            parse_float=Decimal,
            parse_constant=_no_constant,
            object_pairs_hook=_once,
        )
    except (ValueError, ArithmeticError) as error:
        raise _not_json(f"{error!s:.200}") from None
    except RecursionError:
        raise _too_deep() from None
    _require_shallow(document)
    return document


def require_json(request: Request) -> None:
    """Refuse what is not said to be JSON.

    Raises
    ------
    MediaTypeError
        If ``Content-Type`` is not application/json.
    """
    # A page of another site may send text/plain unasked, but not application/json.
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        message = Text("Content-Type 须为 application/json", "send Content-Type application/json")
        raise MediaTypeError(message)


def _require_shallow(document: object) -> None:
    """Look at one level after the other: a function that calls itself would nest as deep."""
    level = [document]
    for _ in range(MAX_DEPTH):
        level = [part for whole in level for part in _parts(whole)]
    if level:
        raise _too_deep()


def _parts(whole: object) -> Iterable[object]:
    inside = whole.values() if isinstance(whole, dict) else whole
    return inside if isinstance(whole, dict | list) and isinstance(inside, Iterable) else ()


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number that JSON has")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice in one object")
    return found


def _not_json(reason: str) -> NotJsonError:
    told = Text("请求体不是有效的 JSON({r})", "the body is not valid JSON ({r})")
    return NotJsonError(told.format(r=reason))


def _too_deep() -> NotJsonError:
    told = Text("请求体嵌套超过 {n} 层", "the body nests deeper than {n} levels")
    return NotJsonError(told.format(n=MAX_DEPTH))


def states_more_than(headers: Headers, limit: int) -> bool:
    """Tell whether a request says of itself that its body has more bytes than that."""
    stated = headers.get("content-length", "")
    return stated.isdecimal() and (len(stated) > 19 or int(stated) > limit)


def too_large(limit: int) -> BodyTooLargeError:
    """Return the refusal of a body with more bytes than that."""
    told = Text("请求体不得超过 {n} 字节", "the body may have at most {n} bytes")
    return BodyTooLargeError(told.format(n=limit))
