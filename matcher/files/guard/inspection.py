"""Look at a file before anything reads it: is it what its name says, and of a size to be read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path, PurePath

from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Text
from matcher.files.guard.archive import check_archive
from matcher.files.guard.findings import Findings, visible
from matcher.files.guard.limits import MIB, Limits
from matcher.files.guard.plain_text import check_csv, check_json, check_toml

ENDINGS = (".xlsx", ".csv", ".tsv", ".json", ".toml")
_EXPECTED = Text.same(", ".join(ENDINGS))
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAGIC = (
    (b"PK\x03\x04", "zip"), (b"PK\x05\x06", "zip"), (b"PK\x07\x08", "zip"), (_OLE, "OLE"),
    (b"\x1f\x8b", "gzip"), (b"BZh", "bzip2"), (b"\xfd7zXZ\x00", "xz"), (b"7z\xbc\xaf", "7z"),
    (b"Rar!", "rar"), (b"\x28\xb5\x2f\xfd", "zstd"), (b"%PDF", "PDF"), (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"), (b"GIF8", "GIF"), (b"\x7fELF", "program"), (b"MZ", "program"),
    (b"{\\rtf", "RTF"), (b"<?xml", "XML"), (b"<html", "HTML"), (b"<!DOCTYPE", "XML"),
)  # fmt: skip
_HINTS = {
    ".xlsm": Text("含宏的工作簿不收", "workbooks with macros are not taken"),
    ".xlsb": Text("二进制工作簿不收", "binary workbooks are not taken"),
    ".xls": Text("旧式 .xls 不收", "old .xls workbooks are not taken"),
    ".et": Text("WPS 自有格式不收", "the format of WPS is not taken"),
    ".ods": Text("OpenDocument 表格不收", "OpenDocument sheets are not taken"),
}
_SAVE_AS = Text("用 Excel 或 WPS 另存为 .xlsx", "save it as .xlsx in Excel or WPS")

_Check = Callable[[bytes, Limits, Findings], None]
_CHECKS: dict[str, _Check] = {
    ".xlsx": check_archive,
    ".csv": check_csv,
    ".tsv": check_csv,
    ".json": check_json,
    ".toml": check_toml,
}


def inspect(content: bytes | Path, name: str, limits: Limits | None = None) -> None:
    """Look at a file without reading it; what it claims of itself is checked, not believed.

    Parameters
    ----------
    content
        Its bytes, or where it lies.
    name
        What it is called; only its ending and, in faults, its last part are used.

    Raises
    ------
    InputError
        With every fault found.
    """
    limits = limits or Limits()
    faults = faults_outside(content, name, limits)
    if not faults:
        data = content if isinstance(content, bytes) else content.read_bytes()
        faults = faults_inside(data, name, limits)
    if faults:
        raise InputError(faults)


def faults_outside(content: bytes | Path, name: str, limits: Limits) -> list[Fault]:
    """Return what size, ending and first bytes tell; costs nothing, whatever the file holds."""
    found = Findings(plain_name(name))
    if isinstance(content, Path):
        size = content.stat().st_size
        with content.open("rb") as file:
            head = file.read(16)
    else:
        size, head = len(content), content[:16]
    ending = ending_of(name)
    if size > limits.max_bytes:
        most = Text.same(f"≤ {limits.max_bytes / MIB:g} MiB")
        found.add("文件太大", "the file is too large", value=size, expected=most)
    if ending not in ENDINGS:
        hint = _HINTS.get(ending)
        told = hint or Text("不支持的文件类型", "not a kind of file that is read")
        expected = _SAVE_AS if hint else _EXPECTED
        found.add(told.zh, told.en, value=ending or name, expected=expected)
    if size == 0:
        found.add("文件是空的", "the file is empty")
    elif ending in ENDINGS:
        _check_kind(head, ending, found)
    return found.faults


def faults_inside(data: bytes, name: str, limits: Limits) -> list[Fault]:
    """Return what its inside tells, for a file without a fault outside."""
    found = Findings(plain_name(name))
    _CHECKS[ending_of(name)](data, limits, found)
    return found.faults


def ending_of(name: str) -> str:
    """Return the ending of a file's name in lower case."""
    return PurePath(name).suffix.lower()


def plain_name(name: str) -> str:
    """Return the last part of a name that a stranger chose, fit to be shown."""
    return visible(name.replace("\\", "/").rsplit("/", 1)[-1]) or "?"


def _check_kind(head: bytes, ending: str, found: Findings) -> None:
    """Note a file whose first bytes are not those of its ending."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n") or head
    kind = next((kind for magic, kind in _MAGIC if start.startswith(magic)), None)
    if ending != ".xlsx":
        if kind is not None and start[0] not in b"MB":  # a table may begin with these letters
            found.add("内容与扩展名不符", "the content is not what the name says", value=kind,
                      expected=Text("文本文件", "a text file"))  # fmt: skip
    elif kind == "OLE":
        found.add("是旧式 .xls 或加了密码的工作簿", "is an old .xls or has a password",
                  expected=_SAVE_AS)  # fmt: skip
    elif not head.startswith(b"PK\x03\x04"):
        found.add("不是 .xlsx 工作簿", "is no .xlsx workbook", value=kind, expected=_SAVE_AS)
