"""All benchmarks, one after the other: a table for each, and all their numbers in one file.

    python -m tests.benchmarks                      every instance; the better part of an hour
    python -m tests.benchmarks --quick              small instances, a few minutes
    python -m tests.benchmarks --only warm growth --json numbers.json

Each is a module of its own with options of its own (``python -m tests.benchmarks.assign -h``).
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

FULL: dict[str, list[str]] = {
    "assign": [],
    "general": [
        "tiny",
        "district",
        "small",
        "small-floors",
        "middle",
        "middle-floors",
        "--lp-limit",
        "600",
    ],
    "growth": [],
    "warm": [],
    "certificates": [],
    "candidates": [],
    "schedule": [],
    "whatif": [],
    "pages": [],
    "service_latency": [],
}
"""Every benchmark and its arguments."""

QUICK: dict[str, list[str]] = {
    "assign": ["small", "small-skew", "small-ties"],
    "general": ["tiny", "district", "--lp-limit", "60"],
    "growth": ["--repeat", "1"],
    "warm": ["growth-1m", "--methods", "auction", "--repeat", "3"],
    "certificates": ["--auction", "growth-1m", "--dual", "small"],
    "candidates": ["--needs", "10000", "--repeat", "1"],
    "schedule": ["tic-1", "forumt-14", "--variant", "original", "--plain", "10"],
    "service_latency": ["--seconds", "10", "--databases", "sqlite"],
}
"""Those that say something in a few minutes."""


def run(name: str, words: list[str], folder: Path) -> Any:
    """Run one benchmark, its table going to the terminal; return its numbers."""
    out = folder / f"{name}.json"
    command = [sys.executable, "-m", f"tests.benchmarks.{name}", *words, "--json", str(out)]
    done = subprocess.run(command, check=False)
    if done.returncode:
        return {"failed": done.returncode}
    return json.loads(out.read_text()) if out.exists() else None


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="small instances only")
    parser.add_argument("--only", nargs="+", choices=list(FULL), help="only these")
    parser.add_argument("--json", type=Path, help="write every number here")
    args = parser.parse_args()
    plan = QUICK if args.quick else FULL
    names = [name for name in args.only or plan if find_spec(f"tests.benchmarks.{name}")]
    found: dict[str, Any] = {
        "machine": {"cores": os.cpu_count(), "python": platform.python_version()},
    }
    with TemporaryDirectory() as folder:
        for name in names:
            print(f"\n== {name}", flush=True)
            found[name] = run(name, plan.get(name, FULL[name]), Path(folder))
    if args.json:
        args.json.write_text(json.dumps(found, indent=1))
    if any(isinstance(lines, dict) and "failed" in lines for lines in found.values()):
        sys.exit(1)


if __name__ == "__main__":
    main()
