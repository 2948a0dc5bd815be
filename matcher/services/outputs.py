"""What files a use case writes: told by the ending of the name."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Text


def require_ending(path: Path, endings: Sequence[str]) -> str:
    """Return the ending of a file to write, in lower case.

    Raises
    ------
    InputError
        If it is none of ``endings``.
    """
    ending = path.suffix.lower()
    if ending not in endings:
        message = Text("不支持的文件类型", "not a kind of file that is written")
        expected = Text.same(", ".join(endings))
        raise InputError([Fault(message, field="--out", value=str(path), expected=expected)])
    return ending
