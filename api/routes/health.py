"""Whether the service works."""

from __future__ import annotations

from fastapi import APIRouter, Request

import matcher
from api.deps import RunsDep
from api.errors import BusyError
from api.openapi import problems
from api.schemas.health import HealthPublic
from matcher.domain.text import Text

router = APIRouter(tags=["health"])


@router.get(
    "/healthz",
    operation_id="read_health",
    summary="是否可用 / Whether the service works",
    responses=problems(503),
)
def read_health(request: Request, runs: RunsDep) -> HealthPublic:
    """Answer 200 when plans are taken on, 503 when the worker does not run.

    Any answer at all means that the service is live.
    """
    worker = getattr(request.app.state, "worker", None)
    if not (runs.is_open and worker is not None and worker.is_alive):
        raise BusyError(Text("求解线程未运行", "the worker does not run"))
    return HealthPublic(live=True, ready=True, version=matcher.__version__)
