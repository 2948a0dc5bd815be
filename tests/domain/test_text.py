from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.text import Lang, Text

texts = st.builds(Text, st.text(), st.text())


def test_each_language_reads_its_own_sentence():
    """``of`` gives the Chinese sentence for ZH and the English one for EN."""
    text = Text("需求", "need")
    assert (text.of(Lang.ZH), text.of(Lang.EN)) == ("需求", "need")


def test_a_text_inside_a_sentence_speaks_the_language_of_the_sentence():
    """A parameter that is a Text is inserted in Chinese on the left and in English on the right."""
    filled = Text("缺{what},{n}份", "{n} of {what}").format(what=Text("证明", "papers"), n=2)
    assert filled == Text("缺证明,2份", "2 of papers")


@given(st.text())
def test_what_is_filled_in_is_never_read_as_a_template(words):
    """Braces in a firm's name stand as they are."""
    assert Text("{x}", "<{x}>").format(x=words) == Text(words, f"<{words}>")


@given(st.lists(texts))
def test_joining_uses_the_separator_of_each_language(parts):
    """Both languages are joined alone, 、 in Chinese and a comma in English."""
    joined = Text.join(parts)
    assert joined.zh == "、".join(p.zh for p in parts)
    assert joined.en == ", ".join(p.en for p in parts)


def test_joining_takes_other_separators():
    """A rule joins its parts with the words for and."""
    parts = [Text("甲", "a"), Text("乙", "b")]
    assert Text.join(parts, zh=" 且 ", en=" and ") == Text("甲 且 乙", "a and b")


def test_what_reads_alike_is_printed_once():
    """An id stands once in ``str``; a sentence stands in both languages."""
    assert str(Text.same(17)) == "17"
    assert str(Text("需求", "need")) == "需求 / need"


def test_a_text_cannot_be_changed():
    """A shared label stays what it is."""
    with pytest.raises(FrozenInstanceError):
        Text("需求", "need").zh = "产品"
