"""One reading process for all tests of the guard that a worker runs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from matcher.files.guard import ReadingServer


@pytest.fixture(scope="session")
def server() -> Iterator[ReadingServer]:
    """Return a server that is warm."""
    with ReadingServer() as started:
        yield started
