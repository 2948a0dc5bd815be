"""The lists for pages: what may be looked at alone, and the tests as they are answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from api.pages.page import Form
from matcher.domain.errors import Fault, InputError
from matcher.domain.lists import ListStage, ListTest
from matcher.domain.text import Text
from matcher.services.listings.changing import ListingChange
from matcher.services.listings.listing import Listed, ListingFilter
from matcher.services.listings.rows import answers_of

_WORDS: Mapping[str, bool | None] = {"": None, "passed": True, "failed": False}
ANSWERS = (
    ("", Text("尚不清楚", "not known")),
    ("passed", Text("通过", "passed")),
    ("failed", Text("未通过", "failed")),
)
"""What can be said of a test, as a form sends it."""

_KINDS = {"": "plain", "passed": "good", "failed": "bad"}


@dataclass(frozen=True, slots=True)
class Only:
    """A part of a list that can be looked at alone."""

    text: Text
    which: ListingFilter


@dataclass(frozen=True, slots=True)
class ShownTest:
    """A test with what is said of it, and the colour of that."""

    name: str
    text: Text
    said: str
    said_text: Text
    kind: str


def onlys_of(stage: ListStage) -> dict[str, Only]:
    """Return the parts of a list by their names in addresses; the whole has none."""
    found = {
        "": Only(Text("全部", "all"), ListingFilter(stage=stage)),
        "uncontacted": Only(
            Text("尚未对接", "not contacted"), ListingFilter(stage=stage, is_uncontacted=True)
        ),
    }
    if stage is ListStage.RECOMMENDED:
        which = ListingFilter(stage=stage, is_overdue=True)
        found["overdue"] = Only(Text("已超期", "overdue"), which)
    if stage is ListStage.APPLIED:
        found["ready"] = Only(Text("可推荐", "can be recommended"), ListingFilter(is_ready=True))
        for test in ListTest:
            label = Text("卡在“{t}”", "held back: {t}").format(t=test.text)
            found[test.value] = Only(label, ListingFilter(held_by=test))
    return found


def tests_of(one: Listed, typed: Mapping[str, Any] | None) -> list[ShownTest]:
    """Return the tests of a need as they are answered, or as somebody typed them just now."""
    words = {said: word for word, said in _WORDS.items()}
    texts = dict(ANSWERS)
    known = {test: words[said] for test, said in answers_of(one.row).items()}
    found = []
    for test, kept in known.items():
        said = str((typed or {}).get(test.value, kept))
        said = said if said in texts else kept
        found.append(ShownTest(test.value, test.text, said, texts[said], _KINDS[said]))
    return found


def change_of(form: Form) -> ListingChange:
    """Return what a form says of a need; fields that it does not have stay as they are.

    Raises
    ------
    InputError
        If the day of the first contact cannot be read.
    """
    tests = {
        test: _WORDS[form.text(test.value)]
        for test in ListTest
        if test.value in form.fields and form.text(test.value) in _WORDS
    }
    contacted = _day(form.text("contacted")) if "contacted" in form.fields else ...
    return ListingChange(tests=tests, contacted=contacted)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        message = Text("无法读取", "cannot be read")
        expected = Text("日期，如 2027-06-18", "a day, as 2027-06-18")
        raise InputError([Fault(message, "contacted", text[:40], expected)]) from None
