"""The log: one JSON object a line, one line a request, nothing personal in either.

A line names what was asked by the template of its route and who asked by the id of the account.
Of an error only its class and the places in the code are told: messages of databases quote rows.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from datetime import datetime
from typing import Any, TextIO

from api.observing import Exchange
from matcher.store.types import SHANGHAI

requests_logger = logging.getLogger("yinqi.requests")

_FIELDS = "yinqi_fields"
_SILENT = ("uvicorn.access",)
"""Loggers that would print paths and query strings."""

_QUIET = ("alembic", "httpx")
"""Loggers that are heard only when something is wrong: the one tells too much, the other URLs."""

_OWN_HANDLERS = ("uvicorn", "uvicorn.error")


def set_up_logging(level: int = logging.INFO, stream: TextIO | None = None) -> None:
    """Send all logging of this process to a stream as JSON lines; called by whoever serves.

    Parameters
    ----------
    stream
        Where lines go; standard error without one.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _OWN_HANDLERS:
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    for name in _SILENT:
        logging.getLogger(name).disabled = True
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def log_exchange(exchange: Exchange) -> None:
    """Write the line of a request."""
    actor = exchange.actor
    fields = {
        "request_id": exchange.request_id,
        "method": exchange.method,
        "route": exchange.route,
        "status": exchange.status,
        "ms": round(exchange.seconds * 1000, 1),
        "role": None if actor is None else actor.role.value,
        "account_id": None if actor is None else str(actor.account_id),
    }
    if exchange.error is not None:
        fields |= _told(exchange.error)
    level = logging.ERROR if exchange.error is not None else logging.INFO
    requests_logger.log(level, "request", extra={_FIELDS: fields})


class JsonFormatter(logging.Formatter):
    """Prints a record as one line of JSON; of an error its class and its places, no message."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, SHANGHAI).isoformat(
                timespec="milliseconds"
            ),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, _FIELDS, {}),
        }
        if record.exc_info and record.exc_info[1] is not None:
            line |= _told(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False, default=str)


def _told(error: BaseException) -> dict[str, Any]:
    kind = type(error)
    frames = traceback.extract_tb(error.__traceback__)
    return {
        "error": f"{kind.__module__}.{kind.__qualname__}",
        "places": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    }
