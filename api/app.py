"""The app: put together by a function, with nothing started before it is served."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio import CapacityLimiter, to_thread
from fastapi import Depends, FastAPI

import matcher
from api.clock import Clock, shanghai_now
from api.database import TURNS
from api.deps import require_host
from api.headers import protecting
from api.idempotency import IdempotencyMiddleware, ReplayedAnswer, answer_again
from api.limits import Buckets, RateLimitMiddleware
from api.logs import log_exchange
from api.metrics import Metrics
from api.observing import ObserveMiddleware
from api.openapi import DESCRIPTION, SUMMARY, TAGS, install_openapi
from api.pages.installing import install_pages
from api.problems import install_handlers
from api.request_id import RequestIdMiddleware
from api.routes import (
    accounts,
    api_keys,
    conflicts,
    consents,
    docs,
    enterprises,
    events,
    exports,
    health,
    imports,
    institutions,
    leads,
    listings,
    login,
    metrics,
    needs,
    offers,
    oidc,
    plan_leads,
    plans,
    policies,
    pools,
    products,
    questionnaires,
    record,
    reports,
    round_plans,
    rounds,
    scenarios,
    statistics,
    timetables,
    webhooks,
    wishes,
)
from api.settings import Settings
from api.size import BodySizeMiddleware
from api.warming import warm
from matcher.store import open_database

MARKET = (
    needs, consents, wishes, listings, enterprises, institutions, products, pools, policies,
    questionnaires, imports, exports,
)  # fmt: skip
"""Routes of the live market."""

WORK = (plans, plan_leads, scenarios)
"""Routes of what is computed."""

MATCHMAKING = (
    rounds, round_plans, conflicts, webhooks, record, offers, events, timetables,
    statistics, reports,
)  # fmt: skip
"""Routes of rounds and of what comes of them."""

ACCOUNTS = (login, oidc, accounts, api_keys)
"""Routes by which people and systems get in."""


def create_app(
    settings: Settings | None = None, clock: Clock = shanghai_now, is_warmed: bool | None = None
) -> FastAPI:
    """Build the API; without settings those of the environment are taken.

    Nothing is opened before it is served: the database, which must have the newest schema, is
    opened when the app starts and closed when it ends.

    Parameters
    ----------
    clock
        The time of day; tests set one that stands still.
    is_warmed
        Whether it starts with all that its first requests need, some seconds later; by default
        where the settings are those of the environment.

    Raises
    ------
    InputError
        If the environment holds settings that cannot be used.
    """
    chosen = settings or Settings.from_env()
    app = FastAPI(
        title="Yinqi 银企",
        summary=SUMMARY,
        description=DESCRIPTION,
        version=matcher.__version__,
        openapi_tags=TAGS,
        dependencies=[Depends(require_host)],
        lifespan=_lifespan,
        docs_url=None,  # its scripts come from a foreign server; see api.routes.docs
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.settings = chosen
    app.state.clock = clock
    app.state.is_warmed = settings is None if is_warmed is None else is_warmed
    # Paths are looked up in this order, and banks' systems ask for their leads all day.
    for module in (leads, health, metrics, *ACCOUNTS, *WORK, *MATCHMAKING, *MARKET, docs):
        app.include_router(module.router)
    app.state.metrics = Metrics()
    app.state.turns = CapacityLimiter(TURNS)
    _add_middleware(app, chosen, app.state.metrics)
    install_handlers(app)
    app.add_exception_handler(ReplayedAnswer, answer_again)
    install_pages(app)
    install_openapi(app)
    return app


def _add_middleware(app: FastAPI, settings: Settings, metrics: Metrics) -> None:
    """Put everything around the routes that sees all requests; what is added last is outermost."""
    app.add_middleware(IdempotencyMiddleware)
    app.add_middleware(BodySizeMiddleware, limit=settings.max_body_bytes)
    app.add_middleware(
        RateLimitMiddleware,
        accounts=Buckets(settings.requests_per_minute),
        strangers=Buckets(settings.requests_per_minute_of_strangers),
    )
    app.add_middleware(ObserveMiddleware, observers=[log_exchange, metrics.observe])
    app.add_middleware(RequestIdMiddleware, headers=protecting(settings.secure_cookies))


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Keep the database open as long as the app is served."""
    database = open_database(app.state.settings.database_url)
    app.state.database = database
    try:
        if app.state.is_warmed:
            await to_thread.run_sync(warm, app, database)
        yield
    finally:
        database.close()
