"""Forms of pages, sent by tests as a browser would: with the token that the page has."""

from __future__ import annotations

import re
from typing import Any

from tests.api.client import Client
from tests.service import Person

HOSTILE = "<script>alert(1)</script>'\"&{{7*7}}"
_TOKEN = re.compile(r'name="csrf" value="([^"]+)"')


def post(client: Client, person: Person, path: str, **fields: Any) -> Any:
    """Send a form with the token of the session, as any page of it has it; files by `files`."""
    shown = client.get("/ui", headers=person.by_session).text
    files = fields.pop("files", None)
    data = {"csrf": _TOKEN.findall(shown)[0], **fields}
    kinds: dict[str, Any] = {} if files is None else {"files": files}
    return client.request("POST", path, data=data, headers=person.by_session, **kinds)
