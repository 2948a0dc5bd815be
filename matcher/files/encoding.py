"""Bytes into text: UTF-8 with or without a mark, UTF-16 with one, GB18030."""

from __future__ import annotations

import codecs
import re

from matcher.domain.text import Text
from matcher.files.raw import Gathered

_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_BINARY = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"%PDF", b"\x89PNG")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
ENCODINGS = Text("UTF-8 或 GB18030 编码的文本", "text in UTF-8 or GB18030")


def decode(data: bytes, file: str, gathered: Gathered) -> str | None:
    """Return the text of a file, or note why there is none."""
    if data.startswith(_BINARY):
        gathered.fault("不是文本文件", "is no text file", ENCODINGS, file=file)
        return None
    text = _decoded(data)
    if text is None:
        gathered.fault("文件的编码无法识别", "the encoding is not known", ENCODINGS, file=file)
    elif _CONTROLS.search(text):
        gathered.fault("不是文本文件", "is no text file", ENCODINGS, file=file)
        return None
    return text


def _decoded(data: bytes) -> str | None:
    if data.startswith(_UTF16_MARKS):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None
