"""Figures for a monitor."""

from __future__ import annotations

import hmac
import ipaddress

from fastapi import APIRouter, Depends, Request, Response

from api.auth import allow, current_actor
from api.callers import Caller, shown_key
from api.database import ReadSession
from api.deps import SettingsDep
from api.metrics import MEDIA_TYPE, Metrics
from api.openapi import problems
from api.routing import Route
from matcher.domain.actor import Role
from matcher.domain.scope import Area, reading
from matcher.services.work.figures import run_counts

router = APIRouter(tags=["metrics"], route_class=Route)

MONITORS = frozenset({Role.ADMIN, Role.AUDITOR})
_let_through = allow(*MONITORS)
_SCOPE = reading(Area.METRICS)
_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")


async def monitor(request: Request, settings: SettingsDep, caller: Caller) -> None:
    """Let a monitor through: by its token, from this machine, or logged in.

    Raises
    ------
    NotLoggedInError
        If it is nobody.
    ForbiddenError
        If it is somebody of another role, or a key without the scope.
    """
    shown, token = shown_key(request), settings.metrics_token
    if token and hmac.compare_digest((shown or "").encode(), token.encode()):
        return
    if settings.metrics_on_loopback and _is_this_machine(request):
        return
    await _let_through(request, await current_actor(caller))


monitor.roles = _let_through.roles  # type: ignore[attr-defined]
monitor.scope = _let_through.scope  # type: ignore[attr-defined]


@router.get(
    "/metrics",
    operation_id="read_metrics",
    summary="运行指标 / Figures for a monitor",
    response_class=Response,
    dependencies=[Depends(monitor)],
    responses={
        200: {
            "description": "The figures in the text form of Prometheus.",
            "content": {
                "text/plain": {
                    "schema": {"type": "string"},
                    "example": 'yinqi_runs{kind="plan",state="done"} 12.0\n',
                }
            },
        },
        **problems(),
    },
)
def read_metrics(request: Request, session: ReadSession) -> Response:
    """Tell how many requests were answered and how fast, and how many runs there are.

    For this machine itself, for a monitor that shows the token of the settings as a bearer, and
    for auditors and administrators. Of several processes each tells of its own requests.
    """
    metrics: Metrics = request.app.state.metrics
    return Response(metrics.text(run_counts(session)), media_type=MEDIA_TYPE)


def _is_this_machine(request: Request) -> bool:
    if request.client is None or any(name in request.headers for name in _FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False
