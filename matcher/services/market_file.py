"""A market as a file in its canonical form: what plans name by hash and runs are computed from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from matcher.domain.records import Records
from matcher.files.writing import write_json


def records_bytes(records: Records, as_of: date) -> bytes:
    """Return the day and the records as a JSON file that can be read again, always the same."""
    return file_bytes({"as_of": as_of.isoformat(), **write_json(records)})


def file_bytes(content: Mapping[str, Any]) -> bytes:
    """Return the bytes of a market file of its JSON: the day, then the six tables."""
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1)
    return (text + "\n").encode()
