"""What the routes of runs share: how one is taken on, and how its outcome is fetched."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Header, Query, Response, status

from matcher.domain.run import RunState

Status = Annotated[RunState | None, Query(description="Only those that stand there.")]
IfNoneMatch = Annotated[
    str | None,
    Header(description="`ETag` of an earlier answer, quotes included.", max_length=1000),
]
QUEUED: dict[str, Any] = {
    "description": "It is queued; `Location` says where it will be.",
    "headers": {"Location": {"schema": {"type": "string"}}},
}
NOT_CHANGED: dict[str, Any] = {"description": "It is the one that `If-None-Match` names."}


def outcome(tag: str | None, if_none_match: str | None, read: Callable[[], bytes]) -> Response:
    """Answer with bytes of JSON, unless whoever asks has them.

    Parameters
    ----------
    tag
        What the bytes are known by; None where there are none, and ``read`` says why.
    read
        Gives the bytes.
    """
    headers = {} if tag is None else {"ETag": f'"{tag}"'}
    if headers and _names(if_none_match, headers["ETag"]):
        return Response(status_code=status.HTTP_304_NOT_MODIFIED, headers=headers)
    return Response(read(), headers=headers, media_type="application/json")


def _names(if_none_match: str | None, etag: str) -> bool:
    """Tell whether the header names an entity tag, weakly compared as RFC 9110 asks."""
    named = [tag.strip().removeprefix("W/") for tag in (if_none_match or "").split(",")]
    return etag in named or named == ["*"]
