"""The words of the templates in both languages: gettext catalogues, read as they are written.

A template says ``{{ _("Sign in") }}``; the catalogue of a language has the rest. The key is the
English sentence, so that English needs no catalogue.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from babel.messages.pofile import read_po

from matcher.domain.text import Lang

FOLDER = Path(__file__).parent.parent / "locale"


def read_catalogue(lang: Lang) -> Mapping[str, str]:
    """Return what each sentence is in a language; those that are not translated are left out."""
    if lang is Lang.EN:
        return {}
    with (FOLDER / f"{lang.value}.po").open("rb") as file:
        catalogue = read_po(file, locale=lang.value)
    return {str(m.id): str(m.string) for m in catalogue if m.id and m.string}
