from __future__ import annotations

import subprocess
import sys

from tests.service_kills.table import Kill, is_good, lines


def test_a_kill_at_any_point_loses_nothing_and_tears_nothing() -> None:
    """One at each point of both databases; ``python -m tests.service_kills`` kills a hundred."""
    command = [sys.executable, "-m", "tests.service_kills", "--kills", "1", "--lease", "0.8"]
    done = subprocess.run(
        [*command, "--ready", "60"], capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_fault_and_a_late_return_are_no_success() -> None:
    """What the table counts is what the exit code says."""
    good = Kill("sqlite", "plan:computing", 1.0)
    torn = Kill("sqlite", "plan:computing", 2.0, ("it stands at queued",))
    late = Kill("postgresql", "plan:computing", 9.0)
    assert is_good([good], 5.0)
    assert not is_good([good, torn], 5.0)
    assert not is_good([good, late], 5.0)
    table = list(lines([good, torn, late]))
    assert table[1].split() == ["sqlite", "plan:computing", "2", "1", "2.00", "2.00"]
    assert table[-1] == "sqlite plan:computing: it stands at queued"


def test_random_scenarios_of_killed_workers_change_no_live_table() -> None:
    """Thirty on each database, on a market of one need; the module asks a thousand of the seeds."""
    command = [sys.executable, "-m", "tests.service_kills.scenarios", "--scenarios", "30"]
    done = subprocess.run(
        [*command, "--small"], capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("live tables unchanged: True") == 2
