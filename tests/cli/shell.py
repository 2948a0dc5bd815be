"""Runs the command line in this process: quicker than a shell, with the same exit codes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest

from matcher.cli import main
from tests.cli.runner import Done


@dataclass(frozen=True)
class Shell:
    """Runs ``matcher`` with words, and returns what it left behind."""

    capsys: pytest.CaptureFixture[str]

    def run(self, *words: object) -> Done:
        """Run a command."""
        with pytest.raises(SystemExit) as left:
            main([str(word) for word in words])
        out, err = self.capsys.readouterr()
        return Done(int(left.value.code or 0), out, err)

    def document(self, *words: object, code: int = 0) -> Any:
        """Return the JSON document of a command that leaves with this exit code."""
        done = self.run(*words, "--json")
        assert done.code == code, done.err
        return json.loads(done.out)

    def faults(self, *words: object) -> list[dict[str, Any]]:
        """Return every fault of a command that is refused; people read them on stderr."""
        done = self.run(*words, "--json")
        assert done.code == 2, done.err
        found: list[dict[str, Any]] = json.loads(done.out)["error"]
        assert len(done.err.splitlines()) == len(found) + 1
        return found
