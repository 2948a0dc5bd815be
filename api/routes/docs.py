"""The documentation as one page without scripts.

The framework's own pages load scripts from a foreign server into an origin that serves plans
without a login, and are blank on a machine without a way out.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

router = APIRouter(include_in_schema=False)

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_STYLE = "body{font:16px/1.5 sans-serif;max-width:60em;margin:2em auto;padding:0 1em}"


@router.get("/docs")
def read_docs(request: Request) -> HTMLResponse:
    """Return the operations of the OpenAPI document for people."""
    document = request.app.openapi()
    operations = [
        _operation(method, path, operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
    ]
    return HTMLResponse(
        _page(document["info"], operations), headers={"Content-Security-Policy": _POLICY}
    )


def _page(info: Mapping[str, str], operations: list[str]) -> str:
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(info["title"])}'
        f"</title><style>{_STYLE}</style><h1>{escape(info['title'])} {escape(info['version'])}"
        f"</h1>{_paragraphs(info['description'])}"
        f'<p><a href="/openapi.json">openapi.json</a></p>{"".join(operations)}</html>'
    )


def _operation(method: str, path: str, operation: Mapping[str, Any]) -> str:
    answers = "".join(
        f"<li><b>{escape(status)}</b> {escape(answer['description'])}</li>"
        for status, answer in sorted(operation["responses"].items())
    )
    asked = "".join(
        f"<li><code>{escape(p['name'])}</code> ({escape(p['in'])}) "
        f"{escape(p.get('description', ''))}</li>"
        for p in operation.get("parameters", ())
    )
    return (
        f"<h2><code>{method.upper()} {escape(path)}</code></h2>"
        f"<p><b>{escape(operation['summary'])}</b></p>{_paragraphs(operation['description'])}"
        f"<ul>{asked}</ul><ul>{answers}</ul>"
    )


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{escape(part)}</p>" for part in text.split("\n\n"))
