"""The parts of a workbook: no macros, no entities, no links to elsewhere, no far cells."""

from __future__ import annotations

import re

from matcher.domain.text import Text
from matcher.files.guard.findings import Findings
from matcher.files.guard.limits import Limits
from matcher.files.raw import MAX_COLUMNS, MAX_ROWS, column_letter

MAX_RUN = 256 * 1024
"""Bytes between two tags: eight times what Excel lets a cell hold, in UTF-8."""

MAX_NAMES = 5_000
_OVERLAP = 1024
_XML = (".xml", ".rels", ".vml")
_ACTIVE = re.compile(
    r"vbaproject|vbadata|(^|/)(macrosheets|dialogsheets|activex|ctrlprops)/|\.(bin\.exe|exe|dll)$",
    re.IGNORECASE,
)
_EMBEDDED = re.compile(r"(^|/)embeddings/", re.IGNORECASE)
_LINKED = re.compile(r"(^|/)(externallinks|querytables)/|(^|/)connections\.xml$", re.IGNORECASE)
_SHEET_PART = re.compile(r"^/?xl/(work|chart)sheets/[^/]+\.xml$", re.IGNORECASE)
_ENCODING = re.compile(rb"^(?:\xef\xbb\xbf)?<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']*)")
_PLAIN_ENCODINGS = (b"utf-8", b"utf8", b"us-ascii", b"ascii")
_DECLARES = re.compile(rb"<!(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)", re.IGNORECASE)
_MACROS = re.compile(rb"macroEnabled|vbaProject", re.IGNORECASE)
_SHEET_TAG = re.compile(rb"<(?:\w+:)?sheet\s")
_NAME_TAG = re.compile(rb"<(?:\w+:)?definedName\s")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")
_EXTERNAL = re.compile(rb"TargetMode\s*=\s*[\"']\s*External", re.IGNORECASE)
_HYPERLINK = re.compile(rb"Type\s*=\s*[\"'][^\"']*/hyperlink[\"']", re.IGNORECASE)
# Only what can be too far is matched: three letters, two of the last ones, six digits and more.
_FAR = re.compile(
    rb"\sr\s*=\s*[\"'](?:([A-Za-z]{3}|[S-Zs-z][A-Za-z])(\d+)|([A-Za-z]{0,3})(\d{6,}))[\"']"
)


_NO_MACROS = Text("另存为不含宏的 .xlsx", "save it as .xlsx without macros")
_BREAK = Text("在“数据 → 编辑链接”中断开", "break them in Data > Edit Links")


def check_names(names: list[str], limits: Limits, found: Findings) -> None:
    """Note parts that a workbook of data does not have, and parts that it lacks."""
    for name in names:
        if _ACTIVE.search(name):
            found.add("含宏或控件", "it has macros or controls", part=name, expected=_NO_MACROS)
        if _EMBEDDED.search(name):
            found.add("含嵌入的文件", "files are embedded", part=name)
        if _LINKED.search(name):
            told = ("含外部链接或数据连接", "it links to other files or sources")
            found.add(*told, part=name, expected=_BREAK)
    for needed in ("[Content_Types].xml", "xl/workbook.xml"):
        if needed not in names:
            found.add("不是 .xlsx 工作簿", "is no .xlsx workbook", expected=Text.same(needed))
    _check_number(sum(map(bool, map(_SHEET_PART.match, names))), limits, found)


def _check_number(num_sheets: int, limits: Limits, found: Findings) -> None:
    if num_sheets > limits.max_sheets:
        most = Text.same(f"≤ {limits.max_sheets}")
        found.add("工作表太多", "too many sheets", value=num_sheets, expected=most)


class PartCheck:
    """Looks at one part as its bytes come.

    XML in any encoding but UTF-8 is refused: what is searched for could hide in it, and no
    program writes workbooks so.
    """

    def __init__(self, name: str, limits: Limits, found: Findings) -> None:
        self._name, self._limits, self._found = name, limits, found
        self._is_xml = name.lower().endswith(_XML)
        self._is_sheet = _SHEET_PART.match(name) is not None
        self._is_book = name == "xl/workbook.xml"
        self._seen, self._tail, self._run = 0, b"", 0
        self._num_sheets = self._num_names = 0

    def feed(self, piece: bytes) -> None:
        """Look at the next bytes, and at those before for what lies across."""
        if not self._is_xml:
            return
        if self._seen == 0:
            self._check_encoding(piece)
        window = self._tail + piece
        self._check_declarations(window)
        self._check_runs(piece)
        if self._is_sheet:
            self._check_far(window)
        if self._is_book:
            self._num_sheets += self._new(_SHEET_TAG, window)
            self._num_names += self._new(_NAME_TAG, window)
        if self._name.lower().endswith(".rels"):
            self._check_relations(window)
        self._seen += len(piece)
        self._tail = window[-_OVERLAP:]

    def close(self) -> None:
        """Look at what only the whole tells."""
        _check_number(self._num_sheets, self._limits, self._found)
        if self._num_names > MAX_NAMES:
            most = Text("在“名称管理器”中删去", "delete them in the Name Manager")
            self._add("名称太多", "too many defined names", most, self._num_names)

    def _new(self, tag: re.Pattern[bytes], window: bytes) -> int:
        """Return how many tags there are; one across two pieces counts where it is whole."""
        return sum(match.end() > len(self._tail) for match in tag.finditer(window))

    def _add(self, zh: str, en: str, expected: Text | None = None, value: object = None) -> None:
        self._found.add(zh, en, part=self._name, expected=expected, value=value)

    def _check_encoding(self, piece: bytes) -> None:
        match = _ENCODING.search(piece[:512])
        named = match[1].lower() if match else b"utf-8"
        if named not in _PLAIN_ENCODINGS or piece.startswith((b"\xff\xfe", b"\xfe\xff")):
            self._add("XML 不是 UTF-8", "the XML is not UTF-8", Text.same("UTF-8"))

    def _check_declarations(self, window: bytes) -> None:
        if b"\0" in window:
            self._add("XML 中有空字符", "there are NUL characters in the XML")
        if _DECLARES.search(window):
            self._add("XML 中有 DTD 或实体声明", "the XML declares a DTD or entities")
        if self._name == "[Content_Types].xml" and _MACROS.search(window):
            self._add("含宏或控件", "it has macros or controls")

    def _check_runs(self, piece: bytes) -> None:
        runs = piece.split(b"<")
        longest = max(self._run + len(runs[0]), *map(len, runs))
        self._run = len(runs[-1]) + (self._run if len(runs) == 1 else 0)
        if longest > MAX_RUN:
            most = Text("每格不超过 32767 个字符", "cells of at most 32,767 characters")
            self._add("有一格文字太长", "a cell or tag is too long", most)

    def _check_far(self, window: bytes) -> None:
        for match in _FAR.finditer(window):
            letters, digits = match[1] or match[3] or b"", match[2] or match[4]
            if _column(letters) > MAX_COLUMNS or len(digits) > 7 or int(digits) > MAX_ROWS:
                shown = (letters + digits[:8]).decode()
                self._add("有单元格远在表外", "a cell is far outside", _NEAR, shown)
                return

    def _check_relations(self, window: bytes) -> None:
        for match in _RELATION.finditer(window):
            if _EXTERNAL.search(match[0]) and not _HYPERLINK.search(match[0]):
                self._add("含外部链接或数据连接", "it links to other files or sources")


_LAST = f"{column_letter(MAX_COLUMNS - 1)}{MAX_ROWS}"
_NEAR = Text(
    f"不超过 {_LAST}；删去空白行列及其格式后另存",
    f"at most {_LAST}; delete blank ones with their formats",
)


def _column(letters: bytes) -> int:
    """Return the number of a column by its letters, from 1; 0 without letters."""
    number = 0
    for letter in letters.upper():
        number = 26 * number + letter - ord("A") + 1
    return number
