"""Hostile files are refused with a clear sentence, soon, and with little memory."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date

import pytest

from matcher.domain.errors import Fault, InputError
from matcher.files.guard import Limits, ReadingServer
from matcher.files.guard.client import make_request
from matcher.files.guard.wire import Ending
from tests.files.guard.corpus import Hostile, corpus
from tests.files.guard.packing import workbook

SECONDS = 2.0
MIB_MORE = 50
CORPUS = corpus()
AS_OF = date(2022, 5, 25)


@dataclass(frozen=True)
class Measured:
    """What came of a file: faults, how the child ended, and seconds of the whole by the clock."""

    faults: tuple[Fault, ...]
    ending: Ending | None
    wall_s: float


def read(server: ReadingServer, file: Hostile) -> Measured:
    """Have a file read, and measure."""
    as_of = AS_OF if file.reader == "questionnaire" else None
    start = time.perf_counter()
    try:
        request = make_request(file.content, file.name, file.reader, Limits(), as_of)
    except InputError as error:  # its outside was enough
        return Measured(error.faults, None, time.perf_counter() - start)
    outcome = server.ask(request, file.content)
    wall_s = time.perf_counter() - start
    return Measured(outcome.faults(request), outcome.ending, wall_s)


@pytest.fixture(scope="module")
def calm_kib(server: ReadingServer) -> int:
    """Return the most memory that the child holds which reads a small honest workbook."""
    measured = read(server, Hostile("calm", workbook(), None))
    assert not measured.faults
    assert measured.ending is not None
    return measured.ending.peak_kib


def test_the_corpus_has_at_least_sixty_different_files():
    """As the issue asks; each has a name of its own."""
    assert len({file.case + file.name for file in CORPUS}) == len(CORPUS) >= 60
    assert [f.content for f in corpus()] == [f.content for f in CORPUS]


@pytest.mark.parametrize("file", CORPUS, ids=lambda file: f"{file.case} ({file.name[-8:]})")
def test_a_hostile_file_is_refused_soon_and_cheaply(
    server: ReadingServer, calm_kib: int, file: Hostile
):
    """Within two seconds of the processor and fifty MiB more than an honest file takes.

    A second of the processor may take longer by the clock of a busy machine.
    """
    measured = read(server, file)
    if file.words is None:
        assert measured.faults == ()
    else:
        sentences = [fault.message.en for fault in measured.faults]
        assert any(file.words in words for words in sentences), sentences
        assert all(f.message.zh and f.message.zh != f.message.en for f in measured.faults)
        assert all(f.file and f.file.isprintable() and "/" not in f.file for f in measured.faults)
    if measured.ending is not None:
        assert measured.ending.cpu_s < SECONDS
        assert measured.ending.peak_kib - calm_kib < MIB_MORE * 1024
