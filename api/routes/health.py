"""Whether the service lives, and whether it is ready."""

from __future__ import annotations

from functools import cache

from fastapi import APIRouter

import matcher
from api.clock import ClockDep
from api.database import DatabaseDep
from api.errors import NotReadyError
from api.openapi import problems
from api.routing import Route
from api.schemas.health import HealthPublic, LivenessPublic
from matcher.domain.text import Text
from matcher.services.work.figures import is_stalled
from matcher.store.outages import OUTAGES
from matcher.store.schema import newest_revision, revision_of

router = APIRouter(prefix="/healthz", tags=["health"], route_class=Route)

_NO_DATABASE = Text("数据库无应答", "the database does not answer")
_OLD_SCHEMA = Text("数据库结构与程序不符", "the schema of the database is not that of the program")
_STALLED = Text("任务在排队,但没有处理进程", "runs wait and no worker takes them up")


@router.get(
    "/live",
    operation_id="read_liveness",
    summary="是否存活 / Whether the service lives",
    responses=problems(),
)
async def read_liveness() -> LivenessPublic:
    """Answer 200 as long as the process answers at all; nothing is asked of anything else."""
    return LivenessPublic(live=True, version=matcher.__version__)


@router.get(
    "/ready",
    operation_id="read_readiness",
    summary="是否就绪 / Whether the service is ready",
    responses=problems(503),
)
@router.get(
    "",
    operation_id="read_health",
    summary="是否可用 / Whether the service works",
    responses=problems(503),
)
def read_readiness(database: DatabaseDep, now: ClockDep) -> HealthPublic:
    """Answer 200 when the database answers, has the schema of the program and its queue moves.

    The 503 names each of them that does not hold.
    """
    try:
        missing = [] if revision_of(database) == _newest() else [_OLD_SCHEMA]
        if not missing:
            with database.reading() as session:
                missing += [_STALLED] if is_stalled(session, now()) else []
    except OUTAGES:
        missing = [_NO_DATABASE]
    if missing:
        raise NotReadyError(missing)
    return HealthPublic(live=True, ready=True, version=matcher.__version__)


_newest = cache(newest_revision)
