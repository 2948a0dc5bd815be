import pytest

from matcher.domain.choices import TAGS, Choice, Size, TaxGrade, parse_tag, tag_text
from matcher.domain.text import Text

VOCABULARIES = sorted(Choice.__subclasses__(), key=lambda c: c.__name__)
MEMBERS = [member for vocabulary in VOCABULARIES for member in vocabulary]


def is_chinese(word):
    """Tell whether a word has a Chinese character."""
    return any("\u4e00" <= c <= "\u9fff" for c in word)


def test_the_vocabularies_are_found():
    """The tests below run over every vocabulary of the questionnaire."""
    names = {v.__name__ for v in VOCABULARIES}
    assert {"Instrument", "Purpose", "Collateral", "Size", "TaxGrade", "PoolUnit"} <= names


@pytest.mark.parametrize("member", MEMBERS, ids=lambda m: f"{type(m).__name__}.{m.name}")
def test_every_word_exists_in_both_languages_and_reads_back(member):
    """A member has a Chinese word and is found by it, by its value and by the value in capitals."""
    assert is_chinese(member.zh)
    assert member.text.zh == member.zh
    assert not is_chinese(member.text.en)
    for word in (member.value, member.zh, f" {member.value.upper().replace('_', ' ')} "):
        assert type(member).parse(word) is member


@pytest.mark.parametrize("vocabulary", VOCABULARIES, ids=lambda v: v.__name__)
def test_no_two_members_share_a_word(vocabulary):
    """Within a vocabulary each word, of either language, names one member."""
    words = [w for m in vocabulary for w in {m.value, m.zh.lower()}]
    assert len(words) == len(set(words))
    assert len(vocabulary.__members__) == len(list(vocabulary)), "no aliases"


@pytest.mark.parametrize("vocabulary", VOCABULARIES, ids=lambda v: v.__name__)
@pytest.mark.parametrize("word", ["", " ", "不存在", "no such word"])
def test_an_unknown_word_is_refused_with_the_words_that_exist(vocabulary, word):
    """The message lists every value of the vocabulary."""
    with pytest.raises(ValueError, match="not one of") as caught:
        vocabulary.parse(word)
    assert all(m.value in str(caught.value) for m in vocabulary)


def test_a_menu_lists_every_word():
    """The menu is what a message about a wrong word shows."""
    assert Size.menu() == Text("大型、中型、小型、微型", "large, medium, small, micro")


def test_a_member_is_its_value():
    """A member compares and prints as its value, so that files and rules can hold it."""
    assert Size.SMALL == "small"
    assert f"{Size.SMALL}" == "small"


def test_grades_and_sizes_stand_in_their_order():
    """Tax grades are listed best first, sizes largest first."""
    assert "".join(TaxGrade) == "abmcd"
    assert list(Size) == [Size.LARGE, Size.MEDIUM, Size.SMALL, Size.MICRO]
    assert TaxGrade.M.text == Text("M级", "M")


@pytest.mark.parametrize("tag", TAGS)
def test_a_known_tag_is_found_by_each_of_its_names(tag):
    """The id, the Chinese and the English name lead to the id, with spaces around them."""
    text = TAGS[tag]
    assert is_chinese(text.zh)
    assert not is_chinese(text.en)
    assert {parse_tag(f" {word} ") for word in (tag, text.zh, text.en)} == {tag}
    assert tag_text(tag) == text


def test_no_two_tags_share_a_word():
    """Each word names one tag."""
    words = [w for tag, text in TAGS.items() for w in (tag, text.zh, text.en)]
    shared = {w for w in words if words.count(w) > 1} - {t for t in TAGS if TAGS[t].en == t}
    assert not shared


def test_a_tag_of_the_sheet_is_kept_as_written():
    """An unknown tag is its own id and its own text."""
    assert parse_tag(" 瞪羚企业 ") == "瞪羚企业"
    assert tag_text("瞪羚企业") == Text.same("瞪羚企业")
