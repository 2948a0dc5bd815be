"""The OpenAPI document: what FastAPI derives, with the market's schema and the problems."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.errors import KINDS, ProblemKind, kind_of_status
from api.schemas.plans import PlanCreate
from api.schemas.problem import ProblemPublic
from matcher.files import json_schema

SUMMARY = "银企撮合接口 / Enterprises that need money, matched with those who can give it"
DESCRIPTION = """\
尚无登录:只应绑定本机(127.0.0.1)。 There are no logins yet: bind it to the loopback address only.

Effort never happens in a request. `POST /plans` answers 202 with a link; the plan appears there
when the worker has made it. Plans live in memory and are gone when the service stops.

Every error is a problem document (RFC 9457, `application/problem+json`) that lists every fault
in Chinese and English. `Accept-Language` chooses the language of `title` and `detail`: `zh`
(default) or `en`. Every answer carries `X-Request-ID`; one that the request brings is kept.

Units stand in names: `amount_fen` is whole fen (1 yuan = 100 fen), a `rate` is a decimal fraction
per year as text (`"0.0265"` is 2.65 %), days are ISO dates, times are ISO 8601 with +08:00."""

TAGS = [
    {"name": "health", "description": "服务状态 / Whether the service works."},
    {"name": "plans", "description": "撮合方案 / Plans: ask for, follow, fetch, cancel."},
    {"name": "leads", "description": "机构线索 / What one institution is to see."},
]

_EVERYWHERE = (421, 500)
_REFS = "#/components/schemas/{model}"
_JSON, _PROBLEM = "application/json", "application/problem+json"


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the responses of a route that are problems, with those that every route has."""
    return {
        status: {"model": ProblemPublic, "description": _kind(status).title.en}
        for status in sorted({*statuses, *_EVERYWHERE})
    }


def install_openapi(app: FastAPI) -> None:
    """Let the app serve this document."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _document(app: FastAPI) -> dict[str, Any]:
    document = get_openapi(
        title=app.title,
        version=app.version,
        summary=app.summary,
        description=app.description,
        tags=app.openapi_tags,
        routes=app.routes,
    )
    schemas = document["components"]["schemas"]
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemas |= _request_schemas()
    for item in document["paths"].values():
        for operation in item.values():
            _as_problems(operation)
    return document


def _request_schemas() -> dict[str, Any]:
    """Return the schemas of the body of a plan, that of the market among them."""
    asked = PlanCreate.model_json_schema(ref_template=_REFS)
    parts = asked.pop("$defs")
    market = _moved(json_schema())
    parts |= market.pop("$defs")
    market.pop("$schema")
    # A reference may stand beside a description since OpenAPI 3.1.
    bare = market["properties"] | {"as_of": asked["properties"]["as_of"]}
    parts["MarketFile"] = {**market, "title": "MarketFile", "properties": bare}
    asked["properties"]["market"] |= {"$ref": _REFS.format(model="Market")}
    for told_by_the_reference in ("type", "additionalProperties", "title"):
        asked["properties"]["market"].pop(told_by_the_reference, None)
    return {**parts, "Market": market, "PlanCreate": asked}


def _moved(schema: Any) -> Any:
    """Return a schema whose references lead into the components."""
    if isinstance(schema, dict):
        return {key: _moved(value) for key, value in schema.items()}
    if isinstance(schema, list):
        return [_moved(value) for value in schema]
    return schema.replace("#/$defs/", _REFS.format(model="")) if isinstance(schema, str) else schema


def _as_problems(operation: dict[str, Any]) -> None:
    """Give each error its media type and example; drop the errors that the framework invents."""
    responses = operation["responses"]
    for status in [s for s in responses if s.isdecimal() and int(s) >= 400]:
        content = responses[status].get("content", {})
        if "HTTPValidationError" in str(content):
            del responses[status]
        elif _JSON in content:
            example = _example(_kind(int(status)))
            responses[status]["content"] = {_PROBLEM: {**content[_JSON], "example": example}}


def _kind(status: int) -> ProblemKind:
    """Return the most general kind of problem of a status: it stands last."""
    known = [kind for kind in KINDS.values() if kind.status == status]
    return known[-1] if known else kind_of_status(HTTPStatus(status))


def _example(kind: ProblemKind) -> dict[str, Any]:
    return {
        "type": kind.type,
        "title": kind.title.zh,
        "status": int(kind.status),
        "detail": kind.title.zh,
        "instance": "/plans",
        "num_faults": 0,
        "faults": [],
    }
