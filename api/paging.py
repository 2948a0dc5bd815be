"""Pages of lists: what a request asks for, and where the next page is."""

from __future__ import annotations

from typing import Annotated, Protocol

from fastapi import Depends, Query, Request, Response

from matcher.store.paging import MAX_CURSOR_LENGTH, MAX_LIMIT, Page


async def asked_page(
    limit: Annotated[
        int, Query(description="The most items of a page.", ge=1, le=MAX_LIMIT, examples=[20])
    ] = 20,
    cursor: Annotated[
        str | None,
        Query(
            description="`next` of the page before; none for the first page.",
            max_length=MAX_CURSOR_LENGTH,
        ),
    ] = None,
) -> Page:
    """Return the page that is asked for."""
    return Page(limit, cursor)


PageDep = Annotated[Page, Depends(asked_page)]


class Paged(Protocol):
    """One page of anything."""

    @property
    def next(self) -> str | None:
        """The cursor to go on with, None at the end."""


def link_next(request: Request, response: Response, found: Paged) -> None:
    """Say in a ``Link`` header where the next page is, with the filters of this one."""
    if found.next is not None:
        url = request.url.include_query_params(cursor=found.next)
        response.headers["Link"] = f'<{url.path}?{url.query}>; rel="next"'
