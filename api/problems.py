"""Problem documents (RFC 9457) of errors, and the handlers that answer with them.

References
----------
RFC 9457, Problem Details for HTTP APIs (2023).
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from api.access import methods_of
from api.errors import (
    InternalError,
    NotJsonError,
    OutageError,
    ProblemKind,
    kind_of,
    kind_of_status,
)
from api.headers import protecting
from api.language import preferred_lang
from api.request_id import HEADER, request_id_of
from api.schemas.problem import FaultPublic, ProblemPublic
from api.validation import faults_of
from matcher.domain.errors import InputError, MatcherError
from matcher.domain.text import Lang, Text
from matcher.store.outages import OUTAGES

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
MAX_FAULTS = 1000
"""How many faults one document lists; it says how many there are in all."""


def problem_of(error: MatcherError, lang: Lang, instance: str) -> ProblemPublic:
    """Return the document of an error, in the language of its reader."""
    kind = kind_of(error)
    if not kind.tells:
        return _document(kind, kind_detail(kind), lang, instance)
    detail = error.faults[0].message
    if len(error.faults) > 1:
        detail = Text("共 {n} 处错误", "{n} faults").format(n=len(error.faults))
    return _document(kind, detail, lang, instance, error)


def kind_detail(kind: ProblemKind) -> Text:
    """Return what may be said about a bug: that it is one."""
    return InternalError().faults[0].message if not kind.tells else kind.title


def _document(
    kind: ProblemKind, detail: Text, lang: Lang, instance: str, error: MatcherError | None = None
) -> ProblemPublic:
    faults = () if error is None else error.faults
    return ProblemPublic(
        type=kind.type,
        title=kind.title.of(lang),
        status=kind.status,
        detail=detail.of(lang),
        instance=instance,
        num_faults=len(faults),
        faults=[FaultPublic.of(fault) for fault in faults[:MAX_FAULTS]],
    )


def install_handlers(app: FastAPI) -> None:
    """Answer every error with a problem document."""
    app.add_exception_handler(MatcherError, _on_matcher_error)
    app.add_exception_handler(RequestValidationError, _on_validation_error)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(ClientDisconnect, _on_disconnect)
    for outage in OUTAGES:
        app.add_exception_handler(outage, _on_outage)
    app.add_exception_handler(Exception, _on_bug)


async def _on_matcher_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, MatcherError)
    return respond(request, error)


def respond(request: Request, error: MatcherError) -> Response:
    """Return the answer that an error is."""
    kind = kind_of(error)
    wait = getattr(error, "retry_after_seconds", kind.retry_after_seconds)
    headers = {} if wait is None else {"Retry-After": str(wait)}
    if kind.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    document = problem_of(error, _lang(request), instance_of(request))
    return _response(request, document, headers)


async def _on_validation_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return respond(request, InputError(faults_of(error.errors(), skip=1)))


async def _on_http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if isinstance(error.__cause__, MatcherError):  # the framework wraps what reading a body raises
        return respond(request, error.__cause__)
    kind = kind_of_status(error.status_code)
    document = _document(kind, kind.title, _lang(request), instance_of(request))
    headers = dict(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        # The framework names the methods of the first route of the path, and of no other.
        headers["Allow"] = ", ".join(methods_of(request.app, request.scope["path"]))
    return _response(request, document, headers)


async def _on_disconnect(request: Request, error: Exception) -> Response:
    gone = Text("请求未传完", "the request broke off")
    return respond(request, NotJsonError(gone))


async def _on_outage(request: Request, error: Exception) -> Response:
    # Its message quotes the statement and may quote rows.
    logger.error("the database failed: %s", type(error).__name__)
    return respond(request, OutageError())


async def _on_bug(request: Request, error: Exception) -> Response:
    # The server logs the error itself: the framework raises it again after this answer.
    return respond(request, InternalError())


def _response(
    request: Request, document: ProblemPublic, headers: Mapping[str, str] | None
) -> Response:
    lang = _lang(request)
    own = {"Content-Language": lang.value, "Vary": "Accept-Language"}
    # Bugs are answered outside of all middleware, so the id is written here as well.
    own |= {HEADER: request_id_of(request.scope)}
    own |= protecting(request.app.state.settings.secure_cookies)
    as_page = getattr(request.app.state, "problem_page", None)
    if as_page is not None and as_page.wanted(request):
        page: Response = as_page.show(request, document, {**(headers or {}), **own})
        return page
    content = encode(document.model_dump(mode="json"))
    return Response(content, document.status, {**(headers or {}), **own}, MEDIA_TYPE)


def encode(content: Any) -> bytes:
    """Return JSON; half a surrogate pair, which a request may echo, becomes a question mark."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode(errors="replace")


def instance_of(request: Request) -> str:
    """Return the path of a request as a URI reference."""
    return quote(request.scope["path"])


def _lang(request: Request) -> Lang:
    return preferred_lang(request.headers.get("accept-language"))
