"""Whole files or none: a reader never sees half of one."""

from __future__ import annotations

import os
from pathlib import Path

from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Text


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is either as it was before, or holds all of ``content``.

    Raises
    ------
    InputError
        If the place cannot be written to.
    """
    path = Path(path)
    try:
        part = path.with_name(f".{path.name}.{os.getpid()}.part")
        try:
            part.write_bytes(content)
            os.replace(part, path)
        finally:
            part.unlink(missing_ok=True)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        message = Text("无法写入文件", "the file cannot be written")
        raise InputError([Fault(message, file=str(path), value=reason)]) from None
