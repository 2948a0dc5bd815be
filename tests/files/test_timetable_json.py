"""The timetable as a file: what was written is read, and nothing else is."""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from matcher.domain.errors import InputError
from matcher.domain.event import EventKind
from matcher.domain.text import Text
from matcher.files.agenda import Agenda
from matcher.files.event_sheet import EventHead
from matcher.files.plan_json import digest_of
from matcher.files.timetable_json import (
    agenda_document,
    read_timetable,
    timetable_bytes,
    write_timetable,
)
from matcher.schedule import Problem, Status, Timetable
from tests.files.event_files import small_agenda
from tests.schedule.events import clock, events


@pytest.fixture(scope="module")
def agenda() -> Agenda:
    """Return the small agenda."""
    return small_agenda()


def saved(path: Path, document: dict[str, Any]) -> Path:
    """Write a document with a digest that goes with it."""
    content = {key: value for key, value in document.items() if key != "digest"}
    path.write_text(json.dumps({**content, "digest": digest_of(content)}))
    return path


def test_what_is_written_is_read_again(agenda: Agenda, tmp_path: Path) -> None:
    """Every field, and to the same bytes."""
    path = tmp_path / "timetable.json"
    write_timetable(path, agenda)
    found = read_timetable(path)
    assert sorted(found.timetable.placements) == sorted(agenda.timetable.placements)
    assert replace(found, timetable=agenda.timetable) == agenda
    assert timetable_bytes(found) == path.read_bytes()


@given(problem=events())
def test_any_problem_goes_through_the_file(problem: Problem) -> None:
    """Whatever rules it has: it is the same afterwards."""
    head = EventHead(event_id="e", title=Text.same("t"), kind=EventKind.TALK,
                     days=(date(2026, 5, 28),))  # fmt: skip
    agenda = Agenda(head=head, problem=problem, timetable=Timetable(), status=Status.FEASIBLE,
                    stamp=clock(0))  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        write_timetable(Path(folder) / "t.json", agenda)
        assert read_timetable(Path(folder) / "t.json") == agenda


def test_a_file_that_was_changed_is_refused(agenda: Agenda, tmp_path: Path) -> None:
    """By a hand that did not mean to, or a transfer that broke off."""
    whole = timetable_bytes(agenda)
    for content in (whole.replace(b'"A1"', b'"A2"', 1), whole[:-100], b"[]", b"\xff", b"{}"):
        path = tmp_path / "timetable.json"
        path.write_bytes(content)
        with pytest.raises(InputError) as caught:
            read_timetable(path)
        assert "timetable.json" in caught.value.faults[0].where


def test_what_does_not_make_sense_is_told_field_by_field(agenda: Agenda, tmp_path: Path) -> None:
    """Even if the digest goes with it."""
    document = agenda_document(agenda)
    document["event"]["kind"] = "party"
    document["problem"]["slots"][0]["start"] = "soon"
    with pytest.raises(InputError) as caught:
        read_timetable(saved(tmp_path / "t.json", document))
    assert [f.field for f in caught.value.faults] == ["event.kind", "problem.slots.0.start"]


def test_a_problem_that_is_none_is_told_too(agenda: Agenda, tmp_path: Path) -> None:
    """The engine's own checks hold for what is read."""
    document = agenda_document(agenda)
    document["problem"]["participants"][0]["officers"] = 0
    with pytest.raises(InputError, match="officers"):
        read_timetable(saved(tmp_path / "t.json", document))
