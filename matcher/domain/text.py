"""Sentences that people read, in Chinese and English side by side."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Lang(StrEnum):
    """A language that every sentence of the project exists in."""

    ZH = "zh"
    EN = "en"


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence in both languages.

    Templates are ordinary ``str.format`` templates; a parameter that is itself a `Text` is
    inserted in the language of the sentence that it stands in.

    Examples
    --------
    >>> Text("晚 {n} 个工作日", "too slow by {n} workdays").format(n=3).of(Lang.EN)
    'too slow by 3 workdays'
    """

    zh: str
    en: str

    def of(self, lang: Lang) -> str:
        """Return the sentence in ``lang``."""
        return self.zh if lang is Lang.ZH else self.en

    def format(self, **values: object) -> Text:
        """Fill the placeholders of both sentences."""
        return Text(
            self.zh.format(**{k: _in(v, Lang.ZH) for k, v in values.items()}),
            self.en.format(**{k: _in(v, Lang.EN) for k, v in values.items()}),
        )

    def __str__(self) -> str:
        return f"{self.zh} / {self.en}" if self.zh != self.en else self.en

    @classmethod
    def same(cls, text: object) -> Text:
        """Wrap what reads alike in both languages: a name, an id, a number."""
        return cls(str(text), str(text))

    @classmethod
    def join(cls, parts: list[Text], zh: str = "、", en: str = ", ") -> Text:
        """Join sentences, each language with its own separator."""
        return cls(zh.join(p.zh for p in parts), en.join(p.en for p in parts))

    @classmethod
    def glue(cls, *parts: Text) -> Text:
        """Put pieces of one sentence behind each other.

        In English with spaces; in Chinese with one only where letters, digits or signs meet
        Chinese ones, and none between Chinese ones or beside their punctuation.

        Examples
        --------
        >>> Text.glue(Text("融资金额", "amount"), Text("≤ 500万元", "≤ 5,000,000 yuan")).zh
        '融资金额 ≤ 500万元'
        """
        zh = ""
        for part in parts:
            zh += f"{_gap(zh[-1:], part.zh[:1])}{part.zh}"
        return cls(zh, " ".join(p.en for p in parts))


_PUNCTUATION = frozenset("，。、；：（）“”《》…")


def _gap(left: str, right: str) -> str:
    """Return what stands between two characters of a Chinese sentence."""
    if not left or not right or {left, right} & _PUNCTUATION:
        return ""
    return "" if _is_chinese(left) and _is_chinese(right) else " "


def _is_chinese(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"


def _in(value: object, lang: Lang) -> object:
    return value.of(lang) if isinstance(value, Text) else value
