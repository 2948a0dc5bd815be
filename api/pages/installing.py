"""Put the pages into an app: their routes, what they load, and errors as pages."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlencode

from fastapi import FastAPI, Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from api.pages import routes
from api.pages.navigation import PREFIX
from api.pages.page import SEE_OTHER, LoginNeededError, Page, page_lang
from api.pages.rendering import Templates, load_templates
from api.request_id import request_id_of
from api.schemas.problem import FaultPublic, ProblemPublic
from matcher.domain.text import Lang, Text
from matcher.services.fitting import Fittings

STATIC = Path(__file__).parent.parent / "static"
_DAY = "public, max-age=86400"


class OwnFiles(StaticFiles):
    """Our own files: kept by the browser until it asks whether they changed."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return a file."""
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        return response


class ProblemPage:
    """Errors of pages, as pages."""

    def __init__(self, templates: Templates) -> None:
        self.templates = templates

    def wanted(self, request: Request) -> bool:
        """Tell whether a request is for a page."""
        path = request.scope["path"]
        return bool(path == PREFIX or path.startswith(f"{PREFIX}/"))

    def show(
        self, request: Request, problem: ProblemPublic, headers: Mapping[str, str]
    ) -> Response:
        """Show a problem to whoever asked; nothing is read of the database for it."""
        lang = page_lang(request)
        page = Page(request, None, lang, "")
        values = {
            "page": page,
            "page_lang": lang,
            "path": request.scope["path"],
            "notice": "",
            "notices": {},
            "problem": problem,
            "faults": _told_faults(problem, lang),
            "hint": _hint(problem),
            "request_id": request_id_of(request.scope),
        }
        response = self.templates.render("error.html", lang, values, problem.status)
        kept = {n: v for n, v in headers.items() if n.lower() not in _OF_PAGE}
        response.headers.update(kept)
        return response


_HINTS: Mapping[int, Text] = {
    HTTPStatus.FORBIDDEN: Text(
        "请用有权限的账号登录，或回到首页。", "Log in with an account that may, or go home."
    ),
    HTTPStatus.NOT_FOUND: Text(
        "可能已被删除，或不对您开放。请从首页重新查找。",
        "It may be gone, or not be open to you. Look for it from the home page.",
    ),
    HTTPStatus.CONFLICT: Text(
        "刚才有人改动过。请返回并刷新页面，再试一次。",
        "Somebody changed it meanwhile. Go back, load the page again, and try once more.",
    ),
    HTTPStatus.UNPROCESSABLE_ENTITY: Text(
        "请返回检查填写的内容或网址。", "Go back and check what was filled in, or the address."
    ),
}
"""What to do about a problem, by its status."""
_STALE_PAGE = Text(
    "页面可能已过期。请返回并刷新页面后重试。",
    "The page may be too old. Go back, load it again, and try once more.",
)


def _hint(problem: ProblemPublic) -> Text | None:
    if problem.type.endswith("foreign-page"):
        return _STALE_PAGE
    return _HINTS.get(problem.status)


def _told_faults(problem: ProblemPublic, lang: Lang) -> list[str]:
    """Return the faults as sentences; none where the only one is what the page says already."""
    if (
        len(problem.faults) == 1
        and getattr(problem.faults[0].message, lang.value) == problem.detail
    ):
        return []
    return [_told(fault, lang) for fault in problem.faults]


_OF_PAGE = ("content-security-policy", "content-language", "vary", "content-type")


def _told(fault: FaultPublic, lang: Lang) -> str:
    where = fault.field or ""
    message = getattr(fault.message, lang.value)
    return f"{where}: {message}" if where else str(message)


def install_pages(app: FastAPI) -> None:
    """Add the pages to an app."""
    app.state.templates = load_templates()
    app.state.fittings = Fittings()
    app.state.problem_page = ProblemPage(app.state.templates)
    for module in routes.MODULES:
        app.include_router(module.router)
    app.add_api_route("/", _to_pages, include_in_schema=False)
    app.add_api_route("/static/plotly.js", _plotly, include_in_schema=False)
    app.mount("/static", OwnFiles(directory=STATIC), name="static")
    app.add_exception_handler(LoginNeededError, _to_login)


async def _to_pages() -> Response:
    return RedirectResponse(PREFIX, SEE_OTHER)


async def _to_login(_: Request, error: Exception) -> Response:
    assert isinstance(error, LoginNeededError)
    query = urlencode({"next": error.path})
    return RedirectResponse(f"{PREFIX}/login?{query}", SEE_OTHER)


async def _plotly() -> Response:
    # The script of the installed package: nothing comes from another server.
    path = files("plotly").joinpath("package_data", "plotly.min.js")
    return FileResponse(str(path), media_type="text/javascript", headers={"Cache-Control": _DAY})
