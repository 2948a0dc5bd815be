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
        message = Text("无法写入文件", "the file cannot be written")
        raise InputError([_cannot(message, path, error)]) from None


def make_folder(path: Path) -> None:
    """Make a folder, and those above it, unless it is there.

    Raises
    ------
    InputError
        If it cannot be made.
    """
    try:
        Path(path).mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        message = Text("无法创建文件夹", "the folder cannot be made")
        raise InputError([_cannot(message, path, error)]) from None


def _cannot(message: Text, path: Path, error: OSError | ValueError) -> Fault:
    reason = getattr(error, "strerror", None) or str(error)
    return Fault(message, file=str(path), value=reason)
