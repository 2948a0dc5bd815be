"""Answers that are files: sent as they are, and described in the document."""

from __future__ import annotations

from typing import Any

from fastapi import Response

PDF = "application/pdf"
ICS = "text/calendar"
ZIP = "application/zip"


def download(content: bytes, name: str, media_type: str) -> Response:
    """Answer with a file that a browser saves under a name."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, headers=headers, media_type=media_type)


def file_answer(
    media_type: str, of_json: dict[str, Any] | None = None
) -> dict[int | str, dict[str, Any]]:
    """Return what the document says of an answer that is a file.

    Parameters
    ----------
    of_json
        The schema of a file that is JSON.
    """
    schema = {"schema": of_json or {"type": "string", "format": "binary"}}
    headers = {"Content-Disposition": {"schema": {"type": "string"}}}
    described = "The file."
    return {200: {"description": described, "content": {media_type: schema}, "headers": headers}}
