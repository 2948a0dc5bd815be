"""Runs the command line in a process of its own, as a shell would."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

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
