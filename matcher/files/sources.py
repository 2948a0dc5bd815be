"""From a path to raw tables: which files there are, what they are, and their stamps."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path, PurePath
from typing import Any, NoReturn

from matcher.domain.text import Text
from matcher.files.csv_file import gather_csv
from matcher.files.encoding import decode
from matcher.files.excel import gather_workbook
from matcher.files.objects import gather_objects
from matcher.files.raw import Gathered

MAX_BYTES = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class FileStamp:
    """A file that was read: its name, the SHA-256 of its bytes and their number."""

    name: str
    sha256: str
    num_bytes: int


def gather_path(path: Path, gathered: Gathered) -> list[FileStamp]:
    """Read the file, or every file of the folder whose name ends in a known way."""
    try:
        files = sorted(path.iterdir()) if path.is_dir() else [path]
        is_folder = path.is_dir()
    except (OSError, ValueError) as error:
        _cannot_open(path, error, gathered)
        return []
    stamps = []
    for file in files:
        if is_folder and (file.name.startswith((".", "~$")) or not _is_readable(file)):
            gathered.ignored.append(file.name)
            continue
        stamps += _gather_file(file, gathered)
    if is_folder and not stamps and not gathered.faults:
        gathered.fault("文件夹里没有可读的文件", "the folder holds no file to read", _ENDINGS,
                       file=path.name)  # fmt: skip
    return stamps


def _is_readable(file: Path) -> bool:
    return file.suffix.lower() in _READERS and not file.is_dir()


def _gather_file(file: Path, gathered: Gathered) -> list[FileStamp]:
    try:
        size = file.stat().st_size
        if size > MAX_BYTES:
            most = Text(f"不超过 {MAX_BYTES >> 20} MB", f"at most {MAX_BYTES >> 20} MB")
            gathered.fault("文件太大", "the file is too large", most, file=file.name, value=size)
            return []
        data = file.read_bytes()
    except (OSError, ValueError) as error:
        _cannot_open(file, error, gathered)
        return []
    return [gather_content(data, file.name, gathered)]


def gather_content(data: bytes, name: str, gathered: Gathered) -> FileStamp:
    """Read the bytes of one file, as the ending of its name says."""
    ending = PurePath(name).suffix
    reader = _READERS.get(ending.lower())
    if reader is None:
        gathered.fault("不支持的文件类型", "not a kind of file that is read", _ENDINGS,
                       file=name, value=ending or name)  # fmt: skip
    elif not data.strip():
        gathered.fault("文件是空的", "the file is empty", file=name)
    else:
        reader(data, name, gathered)
    return stamp_of(name, data)


def stamp_of(name: str, data: bytes) -> FileStamp:
    """Return the stamp of a file from its bytes."""
    return FileStamp(name, hashlib.sha256(data).hexdigest(), len(data))


def _cannot_open(path: Path, error: Exception, gathered: Gathered) -> None:
    reason = getattr(error, "strerror", None) or "invalid path"
    if isinstance(error, FileNotFoundError):
        gathered.fault("文件不存在", "there is no such file", file=str(path))
    else:
        gathered.fault("文件无法打开", "the file cannot be opened", file=str(path), value=reason)


def _gather_json(data: bytes, file: str, gathered: Gathered) -> None:
    text = decode(data, file, gathered)
    if text is None:
        return
    try:
        document = strict_json(text)
    except (ValueError, RecursionError, ArithmeticError) as error:
        _not_parsed("JSON", error, file, gathered)
        return
    gather_objects(document, file, gathered)


def strict_json(text: str) -> Any:
    """Parse JSON: fractions exactly as written, no NaN, no key twice.

    Raises
    ------
    ValueError, RecursionError, ArithmeticError
        If it is no such JSON.
    """
    return json.loads(
        text, parse_float=Decimal, parse_constant=_no_constant, object_pairs_hook=_once
    )


def _gather_toml(data: bytes, file: str, gathered: Gathered) -> None:
    text = decode(data, file, gathered)
    if text is None:
        return
    try:
        document = tomllib.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError, ArithmeticError) as error:
        _not_parsed("TOML", error, file, gathered)
        return
    gather_objects(document, file, gathered)


def _not_parsed(name: str, error: Exception, file: str, gathered: Gathered) -> None:
    deep = isinstance(error, RecursionError)
    reason = "nested too deep" if deep else f"{error!s:.200}"
    gathered.fault(f"不是有效的 {name}（{reason}）", f"is not valid {name} ({reason})", file=file)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number that JSON has")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make an object; a key that stands twice would lose one of its values."""
    found = dict(pairs)
    if len(found) < len(pairs):
        numbers = Counter(key for key, _ in pairs)
        twice = sorted(key for key, number in numbers.items() if number > 1)
        raise ValueError(f"key stands twice: {', '.join(twice)}")
    return found


_READERS: dict[str, Callable[[bytes, str, Gathered], None]] = {
    ".xlsx": gather_workbook,
    ".xlsm": gather_workbook,
    ".csv": gather_csv,
    ".tsv": gather_csv,
    ".json": _gather_json,
    ".toml": _gather_toml,
}
_ENDINGS = Text.same(", ".join(_READERS))
