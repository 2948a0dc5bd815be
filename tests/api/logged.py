"""The log of a service for tests: set up as whoever serves does, and put back afterwards."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from api.logs import set_up_logging

_CHANGED = ("", "uvicorn", "uvicorn.error", "uvicorn.access", "alembic", "httpx")


@contextmanager
def logged() -> Iterator[io.StringIO]:
    """Give the stream that everything is logged to."""
    loggers = [logging.getLogger(name) for name in _CHANGED]
    before = [(one.handlers[:], one.level, one.disabled) for one in loggers]
    stream = io.StringIO()
    set_up_logging(stream=stream)
    try:
        yield stream
    finally:
        for one, (handlers, level, disabled) in zip(loggers, before, strict=True):
            one.handlers[:], one.disabled = handlers, disabled
            one.setLevel(level)
