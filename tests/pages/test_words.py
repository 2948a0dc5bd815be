"""Every sentence of the templates exists in both languages, and no other stands in a catalogue."""

from __future__ import annotations

import re
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import api

ROOT = Path(api.__file__).parent
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_LATIN_WORDS = re.compile(r"(?<![\w/.#&-])[A-Za-z]{3,}(?: [A-Za-z]{2,})+")
_MARKUP = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<script.*?</script>|<[^>]*>", re.DOTALL)


def _said() -> set[str]:
    found = extract_from_dir(
        str(ROOT / "templates"), [("**.html", "jinja2")], keywords={"_": None, "ngettext": (1, 2)}
    )
    return {
        m
        for _, _, message, *_ in found
        for m in ([message] if isinstance(message, str) else message)
    }


def _catalogue() -> dict[str, str]:
    with (ROOT / "locale" / "zh.po").open("rb") as file:
        return {str(m.id): str(m.string) for m in read_po(file) if m.id}


def test_every_sentence_of_the_templates_is_translated() -> None:
    """Each is in the Chinese catalogue, with Chinese in it."""
    catalogue = _catalogue()
    said = _said()
    assert len(said) > 15
    assert sorted(said - catalogue.keys()) == []
    assert sorted(m for m in said if not _CHINESE.search(catalogue[m])) == []


def test_the_catalogue_has_nothing_that_no_template_says() -> None:
    """What a change made unused is taken out."""
    assert sorted(_catalogue().keys() - _said()) == []


def test_no_sentence_stands_in_a_template_in_one_language_only() -> None:
    """Outside of `_(…)` a template has no Chinese and no English sentence."""
    for path in sorted((ROOT / "templates").rglob("*.html")):
        bare = _MARKUP.sub(" ", path.read_text())
        assert _CHINESE.search(bare) is None, path.name
        assert _LATIN_WORDS.search(bare) is None, (path.name, _LATIN_WORDS.search(bare))


def test_the_two_languages_fill_in_the_same_names() -> None:
    """A placeholder that one language lacks would show nothing, or fail."""
    names = re.compile(r"%\((\w+)\)")
    for english, chinese in _catalogue().items():
        assert sorted(names.findall(english)) == sorted(names.findall(chinese)), english
