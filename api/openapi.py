"""The OpenAPI document: what FastAPI derives, with the market's schema and the problems."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from api.access import (
    api_routes,
    has_parameters,
    key_scope_of,
    reads_form,
    reads_json,
    roles_of,
)
from api.auth import PEOPLE
from api.cookies import SESSION
from api.errors import KINDS, ProblemKind, kind_of_status
from api.examples import Examples
from api.schemas.examples import PLAN_CREATE
from api.schemas.plans import PlanCreate
from api.schemas.problem import ProblemPublic
from api.schemas.scenarios import ScenarioCreate
from matcher.files import json_schema

SUMMARY = "银企撮合接口 / Enterprises that need money, matched with those who can give it"
DESCRIPTION = """\
Solving never happens in a request. `POST /plans` answers 202 with a link; the plan appears there
when a worker has made it. What was answered with 202 is kept, also if the service stops.

Every error is a problem document (RFC 9457, `application/problem+json`) that lists every fault
in Chinese and English. `Accept-Language` chooses the language of `title` and `detail`: `zh`
(default) or `en`. Every answer carries `X-Request-ID`; one that the request brings is kept.

Units stand in names: `amount_fen` is whole fen (1 yuan = 100 fen), a `rate` is a decimal fraction
per year as text (`"0.0265"` is 2.65 %), days are ISO dates, times are ISO 8601 with +08:00."""

TAGS = [
    {"name": "health", "description": "服务状态 / Whether the service works."},
    {"name": "plans", "description": "撮合方案 / Plans: ask for, follow, fetch, cancel."},
    {"name": "scenarios", "description": "情景推演 / What-ifs: ask, follow, fetch, cancel."},
    {"name": "leads", "description": "机构线索 / Matches as an institution sees and answers them."},
    {"name": "rounds", "description": "轮次 / Rounds, and their plans on the way out."},
    {"name": "conflicts", "description": "利益冲突 / Who is never brought together."},
    {"name": "events", "description": "活动 / Events, timetables and guests."},
    {"name": "statistics", "description": "统计 / What came of it all."},
    {"name": "webhooks", "description": "回调 / Where a bank's system is told what is new."},
    {"name": "record", "description": "存证 / All that happened, in a chain of hashes."},
    {"name": "needs", "description": "融资需求 / Needs of the live market."},
    {"name": "enterprises", "description": "企业 / Firms of the live market."},
    {"name": "institutions", "description": "机构 / Institutions of the live market."},
    {"name": "products", "description": "产品 / Products of the live market."},
    {"name": "pools", "description": "资源池 / Shared capacities."},
    {"name": "policies", "description": "政策 / Benefits with their conditions."},
    {"name": "consents", "description": "授权 / Who may see a need."},
    {"name": "questionnaires", "description": "征集表 / What firms hand in."},
    {"name": "imports", "description": "导入 / Files into the live market, all or nothing."},
    {"name": "exports", "description": "导出 / The live market as a file."},
]

_EVERYWHERE = (421, 429, 500, 503)
_REFS = "#/components/schemas/{model}"
_JSON, _PROBLEM = "application/json", "application/problem+json"
_COOKIE, _KEY = "session", "key"
_SCHEMES = {
    _COOKIE: {
        "type": "apiKey",
        "in": "cookie",
        "name": SESSION,
        "description": "登录会话 / The session of a person who logged in.",
    },
    _KEY: {
        "type": "http",
        "scheme": "bearer",
        "description": "接口密钥 / The API key of a system.",
    },
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the responses of a route that are problems, with those that every route has.

    What follows from the signature of a route (401, 403, 404, 422, those of bodies) is added to
    the document without being named here.
    """
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
    components = document["components"]
    for unused in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(unused, None)
    components["schemas"] |= _request_schemas()
    components["securitySchemes"] = _SCHEMES
    examples = Examples(components["schemas"])
    routes = {(m.lower(), r.path): r for r in api_routes(app) for m in r.methods or ()}
    for path, item in document["paths"].items():
        for method, operation in item.items():
            route = routes[method, path]
            _add_access(operation, route, method)
            _add_problems(operation, route)
            _add_examples(operation, examples)
    return document


def _add_access(operation: dict[str, Any], route: APIRoute, method: str) -> None:
    """Say who may call an operation, by what they are known, and what a key needs."""
    roles, scope = roles_of(route), key_scope_of(route, method.upper())
    if roles is None:
        operation["security"] = []
        return
    ways = [_COOKIE] if scope == PEOPLE else [_COOKIE, _KEY]
    operation["security"] = [{way: []} for way in ways]
    operation["x-roles"] = sorted(role.value for role in roles)
    operation["x-key-scope"] = scope


def _add_problems(operation: dict[str, Any], route: APIRoute) -> None:
    """Add the problems that follow from the signature of a route; give each its media type."""
    responses = operation["responses"]
    for status in [s for s in responses if "HTTPValidationError" in str(responses[s])]:
        del responses[status]
    for status in {*_implied(route), *(s for s in responses if s.isdecimal() and int(s) >= 400)}:
        answer = responses.setdefault(str(status), {})
        answer.setdefault("description", _kind(int(status)).title.en)
        answer["content"] = {
            _PROBLEM: {
                "schema": {"$ref": _REFS.format(model=ProblemPublic.__name__)},
                "example": _example(_kind(int(status)), route.path),
            }
        }
    operation["responses"] = dict(sorted(responses.items()))


def _implied(route: APIRoute) -> set[str]:
    found = {str(status) for status in _EVERYWHERE}
    if roles_of(route) is not None:
        found |= {"401", "403"}
    if "{" in route.path:
        found.add("404")
    if has_parameters(route):
        found.add("422")
    if reads_json(route):
        found |= {"400", "413", "415", "422"}
    if reads_form(route):
        found |= {"400", "413", "422"}
    return found


def _add_examples(operation: dict[str, Any], examples: Examples) -> None:
    """Give each body an example that has none."""
    bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
    for body in bodies:
        for media in body.get("content", {}).values():
            if not {"example", "examples"} & media.keys() and "schema" in media:
                media["example"] = examples.of(media["schema"])


def _request_schemas() -> dict[str, Any]:
    """Return the schemas of bodies that are read by hand, that of the market among them."""
    asked = PlanCreate.model_json_schema(ref_template=_REFS)
    parts = asked.pop("$defs")
    market = _moved(json_schema())
    parts |= market.pop("$defs")
    market.pop("$schema")
    # A reference may stand beside a description since OpenAPI 3.1.
    market["examples"] = [PLAN_CREATE["market"]]
    bare = market["properties"] | {"as_of": asked["properties"]["as_of"]}
    parts["MarketFile"] = {
        **market,
        "title": "MarketFile",
        "properties": bare,
        "examples": [PLAN_CREATE["market"] | {"as_of": PLAN_CREATE["as_of"]}],
    }
    given = asked["properties"]["market"]
    given["anyOf"] = [{"$ref": _REFS.format(model="Market")}, {"type": "null"}]
    what_if = ScenarioCreate.model_json_schema(ref_template=_REFS)
    parts |= what_if.pop("$defs")
    return {**parts, "Market": market, "PlanCreate": asked, "ScenarioCreate": what_if}


def _moved(schema: Any) -> Any:
    """Return a schema whose references lead into the components."""
    if isinstance(schema, dict):
        return {key: _moved(value) for key, value in schema.items()}
    if isinstance(schema, list):
        return [_moved(value) for value in schema]
    return schema.replace("#/$defs/", _REFS.format(model="")) if isinstance(schema, str) else schema


def _kind(status: int) -> ProblemKind:
    """Return the most general kind of problem of a status: it stands last."""
    known = [kind for kind in KINDS.values() if kind.status == status]
    return known[-1] if known else kind_of_status(HTTPStatus(status))


def _example(kind: ProblemKind, path: str) -> dict[str, Any]:
    return {
        "type": kind.type,
        "title": kind.title.zh,
        "status": int(kind.status),
        "detail": kind.title.zh,
        "instance": path,
        "num_faults": 0,
        "faults": [],
    }
