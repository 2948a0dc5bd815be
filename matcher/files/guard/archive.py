"""A workbook as an archive: every size, name and place that it states of itself is checked.

Nothing is unpacked before what it claims has been added up, and then no further than claimed.
"""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from matcher.domain.text import Text
from matcher.files.guard.findings import Findings
from matcher.files.guard.limits import MIB, Limits
from matcher.files.guard.workbook_parts import PartCheck, check_names

_END = struct.Struct("<4s4H2LH")
_LOCAL = struct.Struct("<4s5H3L2H")
_ZIP64 = 0xFFFFFFFF
_ENCRYPTED, _SIZES_FOLLOW, _UTF8 = 0x1, 0x8, 0x800
_BYTES_PER_ENTRY = 1024
_CHUNK = 256 * 1024
_DRIVE = re.compile(r"^[A-Za-z]:")
_ARCHIVES = (".zip", ".xlsx", ".xlsm", ".docx", ".pptx", ".jar", ".7z", ".rar", ".gz", ".tgz",
             ".bz2", ".xz", ".tar", ".cab", ".iso")  # fmt: skip
_PACKED = (b"PK\x03\x04", b"7z\xbc\xaf", b"Rar!", b"\x1f\x8b\x08", b"BZh", b"\xfd7zXZ")
_SAVE_AGAIN = Text("用 Excel 或 WPS 另存为 .xlsx", "save it again as .xlsx in Excel or WPS")
_CRAFTED = (
    # What zipfile raises on crafted directories.
    zipfile.BadZipFile, NotImplementedError, struct.error, ValueError, OverflowError, LookupError,
    OSError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Member:
    """A member and where its packed bytes lie."""

    info: zipfile.ZipInfo
    start: int
    end: int


def check_archive(data: bytes, limits: Limits, found: Findings) -> None:
    """Note what is wrong with the archive, and then with the parts of the workbook."""
    directory = _directory(data, limits, found)
    if directory is None:
        return
    start, infos = directory
    members = [m for info in infos if (m := _member(data, info, start, found)) is not None]
    _check_overlaps(members, found)
    _check_names(infos, found)
    _check_sizes(infos, len(data), limits, found)
    check_names([info.filename for info in infos], limits, found)
    if not found.faults:  # every claim is of a size that may be unpacked
        for member in members:
            _check_member(data, member, limits, found)


def _directory(
    data: bytes, limits: Limits, found: Findings
) -> tuple[int, list[zipfile.ZipInfo]] | None:
    """Return where the directory begins and its entries; None with a fault.

    The number of entries is checked before any is made: sixteen bytes make an object of
    hundreds.
    """
    at = data.rfind(b"PK\x05\x06", -(_END.size + 0xFFFF))
    if at < 0 or at + _END.size > len(data):
        found.add("压缩包不完整", "the archive breaks off", expected=_SAVE_AGAIN)
        return None
    _, disk, first, here, entries, size, start, comment = _END.unpack_from(data, at)
    if at + _END.size + comment != len(data) or (disk, first, here) != (0, 0, entries):
        found.add("压缩包末尾不合规范", "the archive does not end where it says",
                  expected=_SAVE_AGAIN)  # fmt: skip
        return None
    if entries > limits.max_members or size > _BYTES_PER_ENTRY * limits.max_members:
        most = Text.same(f"≤ {limits.max_members}")
        found.add("压缩包内文件太多", "too many members", value=entries, expected=most)
        return None
    if start + size != at:
        found.add("压缩包目录的位置不实", "the directory is not where the archive says",
                  expected=_SAVE_AGAIN)  # fmt: skip
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
    except _CRAFTED:
        infos = []
    if len(infos) != entries or not infos:
        found.add("压缩包目录不完好", "the directory of the archive is not sound",
                  expected=_SAVE_AGAIN)  # fmt: skip
        return None
    return start, infos


def _member(data: bytes, info: zipfile.ZipInfo, directory: int, found: Findings) -> _Member | None:
    """Return where a member lies; None, with a fault, where its own header says otherwise."""
    name, at = info.filename, info.header_offset
    if info.flag_bits & _ENCRYPTED:
        found.add("含加密的内容", "a member is encrypted", part=name)
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        found.add("压缩方法不支持", "a member is packed in a way that is not read", part=name,
                  value=info.compress_type)  # fmt: skip
    if at < 0 or at + _LOCAL.size > directory or data[at : at + 4] != b"PK\x03\x04":
        found.add("成员的位置不实", "a member is not where the directory says", part=name)
        return None
    _, _, flags, method, _, _, _, packed, unpacked, name_size, extra = _LOCAL.unpack_from(data, at)
    start = at + _LOCAL.size + name_size + extra
    end = start + info.compress_size
    raw = data[at + _LOCAL.size : at + _LOCAL.size + name_size]
    known = info.orig_filename.encode("utf-8" if info.flag_bits & _UTF8 else "cp437", "replace")
    agree = raw == known and method == info.compress_type and end <= directory
    if not flags & _SIZES_FOLLOW and _ZIP64 not in (packed, unpacked):
        agree = agree and (packed, unpacked) == (info.compress_size, info.file_size)
    if not agree:
        found.add("成员自身的说明与目录不符", "a member says other than the directory", part=name)
        return None
    return _Member(info, start, end)


def _check_overlaps(members: list[_Member], found: Findings) -> None:
    """Note members that share bytes: so few bytes unpack to any amount."""
    ordered = sorted(members, key=lambda m: (m.info.header_offset, m.end))
    for before, after in pairwise(ordered):
        if after.info.header_offset < before.end:
            found.add("成员相互重叠", "members overlap", part=after.info.filename)


def _check_names(infos: list[zipfile.ZipInfo], found: Findings) -> None:
    seen: set[str] = set()
    for info in infos:
        name = info.orig_filename
        parts = name.replace("\\", "/").split("/")
        if name.startswith(("/", "\\")) or _DRIVE.match(name) or ".." in parts:
            found.add("成员的路径越界", "the path of a member leads out", part=name)
        elif "\\" in name or not name.isprintable():
            found.add("成员的名称不合规范", "the name of a member is not allowed", part=name)
        if stat.S_ISLNK(info.external_attr >> 16):
            found.add("成员是链接", "a member is a link", part=name)
        if name.lower().endswith(_ARCHIVES):
            found.add("包内还有压缩包", "there is an archive inside", part=name)
        key = name.casefold()
        if key in seen:
            found.add("成员重名", "two members have one name", part=name)
        seen.add(key)


def _check_sizes(
    infos: list[zipfile.ZipInfo], num_bytes: int, limits: Limits, found: Findings
) -> None:
    """Note claims of more than may be unpacked, in all and beside the bytes that are there."""
    unpacked = sum(info.file_size for info in infos)
    if unpacked > limits.max_unpacked_bytes:
        most = Text.same(f"≤ {limits.max_unpacked_bytes / MIB:g} MiB")
        found.add("工作簿展开后太大", "the workbook unpacks to too much", value=unpacked,
                  expected=most)  # fmt: skip
    worst = max(infos, key=lambda info: (info.file_size / (info.compress_size + 64), info.filename))
    ratio = max(unpacked / num_bytes, worst.file_size / (worst.compress_size + 64))
    if unpacked > MIB and ratio > limits.max_ratio:
        most = Text.same(f"≤ {limits.max_ratio} : 1")
        found.add("压缩比异常，疑似压缩炸弹", "it unpacks to far more than it holds",
                  part=worst.filename, value=f"{ratio:.0f} : 1", expected=most)  # fmt: skip


def _check_member(data: bytes, member: _Member, limits: Limits, found: Findings) -> None:
    """Unpack a member piece by piece, no further than it claims, and look at what comes."""
    info = member.info
    check = PartCheck(info.filename, limits, found)
    size = 0
    try:
        for piece in _unpacked(data, member):
            if size == 0 and piece.startswith(_PACKED):
                found.add("包内还有压缩包", "there is an archive inside", part=info.filename)
            size += len(piece)
            check.feed(piece)
    except zlib.error:
        size = -1
    if size != info.file_size:
        found.add("成员的大小不实", "a member is not of the size that it says",
                  part=info.filename)  # fmt: skip
    check.close()


def _unpacked(data: bytes, member: _Member) -> Iterator[bytes]:
    """Yield the content of a member, and at most one piece more than it claims."""
    if member.info.compress_type == zipfile.ZIP_STORED:
        for at in range(member.start, member.end, _CHUNK):
            yield data[at : min(at + _CHUNK, member.end)]
        return
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    at, size, rest = member.start, 0, b""
    while not stream.eof and size <= member.info.file_size:
        if not rest:
            rest = data[at : min(at + _CHUNK // 4, member.end)]
            at += len(rest)
        piece = stream.decompress(rest, _CHUNK)
        if not piece and not rest:
            raise zlib.error("breaks off")
        rest = stream.unconsumed_tail
        size += len(piece)
        if piece:
            yield piece
    if stream.eof and (stream.unused_data or at < member.end):
        raise zlib.error("bytes after the end")
