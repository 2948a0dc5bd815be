"""An agenda as a PDF in Chinese and English, set by typst.

It is PDF/A-2u: its fonts are inside, every character can be read back as text, and a character
that no font has is an error rather than a box.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import typst

from matcher.domain.errors import InputError
from matcher.domain.moments import CHINA
from matcher.domain.text import Text
from matcher.files.agenda import Agenda, Entry
from matcher.files.agenda_words import (
    ALONG,
    TABLE,
    TIME,
    TOPICS,
    along_text,
    days_text,
    facts,
    sides,
    time_text,
    topics_text,
)
from matcher.files.sheet_cells import clean
from matcher.schedule import Participant, Placement

FONT_PACKAGE = "pylopdf_fonts_zh_cn"
FONT_FOLDER = "MATCHER_FONTS"
"""An environment variable: a folder with more fonts."""

FAMILIES = (
    "Noto Sans SC", "Noto Sans CJK SC", "Source Han Sans SC", "Source Han Sans CN",
    "Microsoft YaHei", "PingFang SC", "Hiragino Sans GB", "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei", "SimSun", "Droid Sans Fallback",
)  # fmt: skip
"""Families that have Chinese, best first; another one is used for what these do not have."""

HOW_TO = Text(
    "请安装中文字体：pip install pylopdf-fonts-zh-cn，或 apt install fonts-noto-cjk；"
    "也可用环境变量 MATCHER_FONTS 指明字体文件夹，或加 --no-pdf 不生成 PDF",
    "install a Chinese font: pip install pylopdf-fonts-zh-cn, or apt install fonts-noto-cjk; "
    "or name a folder of fonts in MATCHER_FONTS; or leave the PDF out with --no-pdf",
)
_NO_FONT = Text("没有字体含有这些字：{c}。{h}", "no font has these characters: {c}. {h}")
_LACKING = re.compile(r'the text `"(.*?)"` could not be displayed')
_WORDS = {
    "time": TIME,
    "table": TABLE,
    "topics": TOPICS,
    "along": ALONG,
    "hall": Text("会场安排", "The hall"),
}


def agenda_pdf(agenda: Agenda) -> bytes:
    """Return the bytes of the PDF; the same agenda gives the same bytes.

    Raises
    ------
    InputError
        If there is a character that no font has, naming what to install.
    """
    return compile_pdf(_source(), _data(agenda), agenda.head.day)


def require_characters(text: str, day: date) -> None:
    """Raise what `agenda_pdf` would, before it takes the time to have something to print.

    Raises
    ------
    InputError
        If there is a character that no font has.
    """
    characters = "".join(sorted(set(clean(text))))
    source = (
        "#let data = json(bytes(sys.inputs.data))\n"
        "#set document(date: datetime(year: 2000, month: 1, day: 1))\n"
        "#set text(font: data.fonts)\n#data.text"
    )
    compile_pdf(source, {"text": characters}, day)


def _source() -> str:
    return files("matcher.files").joinpath("agenda.typ").read_text(encoding="utf-8")


def compile_pdf(source: str, data: Mapping[str, Any], day: date) -> bytes:
    """Set a document: a typst source that reads ``sys.inputs.data``, with the fonts there are.

    Raises
    ------
    InputError
        If there is a character that no font has, naming what to install.
    """
    fonts = _fonts()
    families = fonts.families()
    known = [family for family in FAMILIES if family in families]
    inputs = {"data": json.dumps({**data, "fonts": known or families[:1]}, ensure_ascii=False)}
    compiler = typst.Compiler(input=source.encode(), font_paths=fonts, sys_inputs=inputs)
    moment = datetime.combine(day, time(), CHINA)
    try:
        pdf = compiler.compile(format="pdf", pdf_standards="a-2u", timestamp=moment)
    except typst.TypstError as error:
        lacking = dict.fromkeys(_LACKING.findall(error.diagnostic))
        if not lacking:
            raise
        shown = Text.join([Text.same(c) for c in list(lacking)[:20]], " ", " ")
        raise InputError(_NO_FONT.format(c=shown, h=HOW_TO)) from None
    assert isinstance(pdf, bytes)
    return pdf


def _fonts() -> typst.Fonts:
    paths = [] if find_spec(FONT_PACKAGE) is None else [Path(str(files(FONT_PACKAGE)))]
    own = os.environ.get(FONT_FOLDER)
    return typst.Fonts(font_paths=[*paths, Path(own)] if own else paths)


# --- what is printed --------------------------------------------------------------------------


def _data(agenda: Agenda) -> dict[str, Any]:
    day = agenda.head.day
    return {
        "title": _words(agenda.head.title),
        "author": clean(agenda.head.organiser) or "Yinqi 银企",
        "day": [day.year, day.month, day.day],
        "days": days_text(agenda),
        "facts": [[_words(label), _words(text)] for label, text in facts(agenda)],
        "words": {key: _words(text) for key, text in _all_words(agenda).items()},
        "hall": _hall(agenda),
        "institutions": _guests(agenda, agenda.institutions),
        "firms": _guests(agenda, agenda.firms),
    }


def _all_words(agenda: Agenda) -> dict[str, Text]:
    institution, firm = sides(agenda)
    people = Text("企业日程", "Firms") if agenda.institutions else Text("各方日程", "Agendas")
    return {**_WORDS, "institution": institution, "firm": firm, "firms": people}


def _words(text: Text) -> dict[str, str]:
    return {"zh": clean(text.zh), "en": clean(text.en)}


def _hall(agenda: Agenda) -> list[dict[str, Any]]:
    lines: list[tuple[datetime, str, dict[str, Any]]] = []
    for pause in agenda.problem.pauses:
        line = {"time": time_text(agenda, pause), "pause": _words(pause.name)}
        lines.append((pause.start, "", line))
    order = {table.table_id: n for n, table in enumerate(agenda.problem.tables)}
    for placement in agenda.timetable.placements:
        slot = agenda.problem.slot[placement.slot_id]
        lines.append((slot.start, f"{order[placement.table_id]:06}", _hall_line(agenda, placement)))
    lines.sort(key=lambda line: line[:2])
    return _marked([line for _, _, line in lines])


def _hall_line(agenda: Agenda, placement: Placement) -> dict[str, Any]:
    first, second = agenda.problem.meeting[placement.meeting_id].pair
    return {
        "time": time_text(agenda, agenda.problem.slot[placement.slot_id]),
        "table": agenda.problem.table[placement.table_id].text.zh,
        "institution": _words(agenda.problem.participant[first].text),
        "firm": _words(agenda.problem.participant[second].text),
    }


def _marked(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Mark the lines whose time is that of the line above."""
    times = ["", *(line["time"] for line in lines)]
    return [{**line, "again": times[n] == line["time"]} for n, line in enumerate(lines)]


def _guests(agenda: Agenda, guests: Sequence[Participant]) -> list[dict[str, Any]]:
    found = []
    for guest in guests:
        own = agenda.entries[guest.participant_id]
        if own:
            entries = [_entry(agenda, entry) for entry in own]
            found.append({"name": _words(guest.text), "entries": entries})
    return found


def _entry(agenda: Agenda, entry: Entry) -> dict[str, Any]:
    return {
        "time": time_text(agenda, entry.slot),
        "table": clean(entry.table.text.zh),
        "partner": _words(entry.partner.text),
        "topics": _words(topics_text(entry)),
        "along": _words(along_text(entry)),
    }
