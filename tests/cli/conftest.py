"""What the tests of the commands share."""

from __future__ import annotations

import pytest

from tests.cli.shell import Shell


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    """Return a shell in this process, so wide that no cell is broken into lines."""
    monkeypatch.setenv("COLUMNS", "400")
    return Shell(capsys)
