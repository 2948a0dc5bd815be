"""Changes of what somebody else may have changed meanwhile: ``ETag`` and ``If-Match``.

References
----------
RFC 9110, HTTP Semantics (2022), 13.1.1; RFC 6585, Additional HTTP Status Codes (2012), 3.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Header

from api.errors import NoPreconditionError
from matcher.services.errors import StaleError


async def asked_tag(
    if_match: Annotated[
        str | None,
        Header(
            description="`ETag` of the record as it was read, quotes included; `*` for any.",
            max_length=200,
        ),
    ] = None,
) -> str:
    """Return the tag of the state that is to be changed, ``*`` for any.

    Raises
    ------
    NoPreconditionError
        If none is named.
    """
    if if_match is None:
        raise NoPreconditionError
    return if_match.strip().removeprefix('"').removesuffix('"')


TagDep = Annotated[str, Depends(asked_tag)]


def etag(tag: str) -> str:
    """Return the value of an ``ETag`` header."""
    return f'"{tag}"'


def version_of(tag: str) -> int | None:
    """Return the version that a tag names, None for any.

    Raises
    ------
    StaleError
        If it names none: nothing has such a tag any more.
    """
    if tag == "*":
        return None
    if not (tag.isascii() and tag.isdecimal() and len(tag) < 10):
        raise StaleError
    return int(tag)


TAGGED = {"headers": {"ETag": {"schema": {"type": "string"}}}}
"""What the document says of an answer with a tag."""
