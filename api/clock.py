"""The time of day as requests see it; a test sets another clock on the app."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from matcher.store.types import SHANGHAI

Clock = Callable[[], datetime]


def shanghai_now() -> datetime:
    """Return the time of day of Asia/Shanghai."""
    return datetime.now(SHANGHAI)


async def get_clock(request: Request) -> Clock:
    """Return the clock of the app."""
    clock: Clock = request.app.state.clock
    return clock


ClockDep = Annotated[Clock, Depends(get_clock)]
