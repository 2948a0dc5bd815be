"""Runs the command line: in a process of its own, as a shell would, or quicker in this one."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

from matcher.cli import main

ROOT = Path(__file__).parent.parent.parent
# Wide enough that no cell of a table is broken into lines.
_ENVIRONMENT = {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error", "COLUMNS": "400"}


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    code: int
    out: str
    err: str


def matcher(*words: object, cwd: Path = ROOT, **environment: str) -> Done:
    """Run ``matcher`` with these words."""
    done = subprocess.run(
        [sys.executable, "-m", "matcher", *(str(w) for w in words)],
        cwd=cwd,
        env={**os.environ, **_ENVIRONMENT, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def matcher_here(*words: object) -> Done:
    """Run ``matcher`` in this process, for fixtures that many tests share."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", "400")
        with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as left:
            main([str(word) for word in words])
    return Done(int(left.value.code or 0), out.getvalue(), err.getvalue())
