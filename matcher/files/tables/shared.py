"""What the columns of several tables have in common."""

from __future__ import annotations

from matcher.domain.choices import (
    TAGS,
    Choice,
    Instrument,
    parse_indicator,
    parse_tag,
)
from matcher.domain.text import Text
from matcher.files.columns import Column
from matcher.files.kinds import Day, Flag, Identity, Word, Words
from matcher.files.quantities import (
    Days,
    Figure,
    Money,
    Months,
    Rate,
    Signed,
    Whole,
    Workdays,
    Year,
)
from matcher.files.several import Marked, Pairs, Quotes, Rules, SetOf

IDENTITY, WORDS, DAY, FLAG = Identity(), Words(), Day(), Flag()
MONEY, RATE, WHOLE, MONTHS = Money(), Rate(), Whole(), Months()
SIGNED, YEAR, DAYS = Signed(), Year(), Days()
IDENTITIES = SetOf(IDENTITY)
INSTRUMENTS = SetOf(Word(Instrument))


class Tag(Words):
    """A tag of a firm: a known one by any of its names, others as written."""

    def read(self, value: object, unit: object = None) -> str:
        return parse_tag(super().read(value))


class IndicatorName(Words):
    """The name of a further figure: a known one by any of its names, others as written."""

    def read(self, value: object, unit: object = None) -> str:
        return parse_indicator(super().read(value))


FIGURES = Pairs(IndicatorName(), Figure(), "融资轮次=5; 研发占比=12%")
TAG_SET = SetOf(Tag(), known=tuple(TAGS.values()))


def menu_note(zh: str, en: str, choices: type[Choice]) -> Text:
    """Return a note that ends with the words to choose from."""
    return Text(zh + "：{m}", en + ": {m}").format(m=choices.menu())


PROVENANCE = (
    Column(
        field="source",
        text=Text("来源", "source"),
        kind=WORDS,
        note=Text("资料出自哪份文件，可不填", "The document this row was taken from, if any"),
    ),
    Column(
        field="illustrative",
        text=Text("示例", "illustrative"),
        kind=Marked(),
        note=Text(
            "整行为虚拟示例填“是”；只有个别列是虚拟的，写出列名",
            "Yes if the row is made up as an example; or the names of the columns that are",
        ),
        example="是",
    ),
    Column(
        field="stated",
        text=Text("原文", "stated"),
        kind=Quotes(),
        note=Text(
            "字段 → 来源原文（仅 JSON、TOML）", "Field → words of the source (JSON and TOML only)"
        ),
        in_sheets=False,
    ),
)


RULES, WORKDAYS = Rules(), Workdays()


RULE_NOTE = Text(
    "一行一条或用分号分隔，如 营业收入 >= 500万; 地区 属于 3301；说不清的照录并加引号",
    'One a line or separated by semicolons: revenue >= 5000000; region in 3301; prose in "quotes"',
)
