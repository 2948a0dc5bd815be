"""A file in the body of a request: as it is, or as the one file of a form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Query, Request
from starlette.datastructures import UploadFile

from api.auth import CurrentActor
from api.body import read_limited
from api.deps import SettingsDep
from api.errors import MediaTypeError
from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Text

FORM = "multipart/form-data"
FIELD = "file"
MAX_NAME = 200
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_ENDINGS = {
    XLSX: ".xlsx",
    "application/json": ".json",
    "application/toml": ".toml",
    "text/csv": ".csv",
}
_EXPECTED = Text.same(", ".join([FORM, *_ENDINGS]))
_NAME = Text("文件名，以 .xlsx、.json、.toml 或 .csv 结尾", "a name with the ending of its kind")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was sent in: what the sender calls it, and its bytes."""

    name: str
    content: bytes


async def uploaded(
    request: Request,
    settings: SettingsDep,
    actor: CurrentActor,
    name: Annotated[
        str | None,
        Query(
            description="Name of the file, where the body is the file itself. A CSV file is "
            "named after its table.",
            min_length=1,
            max_length=MAX_NAME,
            examples=["market.xlsx"],
        ),
    ] = None,
) -> Upload:
    """Read the file of a request, and never more of it than is allowed; none of a stranger's.

    Raises
    ------
    MediaTypeError
        If the body is neither a form nor a kind of file that is read.
    BodyTooLargeError
        As soon as that is known.
    InputError
        If a form has no file, or the file has no name to tell its kind by.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type == FORM:
        return await _of_form(request)
    if media_type not in _ENDINGS:
        message = Text("不支持的 Content-Type", "no Content-Type that is read")
        raise MediaTypeError([Fault(message, value=media_type[:100] or None, expected=_EXPECTED)])
    content = await read_limited(request, settings.max_body_bytes)
    return Upload(_plain(name or f"market{_ENDINGS[media_type]}"), content)


async def _of_form(request: Request) -> Upload:
    async with request.form(max_files=1, max_fields=10) as form:
        found = form.get(FIELD)
        if not isinstance(found, UploadFile) or not found.filename:
            message = Text("表单缺少文件", "the form has no file")
            raise InputError([Fault(message, field=FIELD, expected=_NAME)])
        return Upload(_plain(found.filename), await found.read())


def _plain(name: str) -> str:
    """Return the name of a file without folders, and of printable characters."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(char for char in last if char.isprintable())[-MAX_NAME:]


UploadDep = Annotated[Upload, Depends(uploaded)]


def upload_body() -> dict[str, Any]:
    """Return what the OpenAPI document says of the body."""
    binary = {"schema": {"type": "string", "format": "binary"}}
    form = {
        "type": "object",
        "properties": {FIELD: {"type": "string", "format": "binary"}},
        "required": [FIELD],
    }
    content = {FORM: {"schema": form}, **dict.fromkeys(_ENDINGS, binary)}
    return {"requestBody": {"required": True, "content": content}}
