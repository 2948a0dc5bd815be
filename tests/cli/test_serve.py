"""The service as people start it: a process, its worker, and what becomes of both."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from api.schemas.examples import PLAN_CREATE
from matcher.cli.supervising import Keeper
from tests.cli.runner import matcher_here

PATIENCE_SECONDS = 120.0
LINE = re.compile(r"(http://127\.0\.0\.1:\d+)/docs; log in as (\w+) with the password (\S+) ")


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@contextmanager
def served(folder: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start the service in a folder, and give its process and the line that it says."""
    command = [sys.executable, "-m", "matcher", "serve", "--port", str(free_port())]
    process = subprocess.Popen(
        [*command, "--lang", "en", *options],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "COLUMNS": "300", "PYTHONPATH": os.getcwd()},
    )
    try:
        assert process.stdout is not None
        yield process, process.stdout.readline()
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def children(pid: int) -> list[int]:
    """Return the processes that a process started, and those that they started."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
    own = [child for child, parent in parents.items() if parent == pid]
    return [*own, *(one for child in own for one in children(child))]


def is_alive(pid: int) -> bool:
    """Tell whether a process runs and is no zombie."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def wait_until(condition) -> None:
    """Wait until something holds."""
    ends = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < ends, "waited for nothing"
        time.sleep(0.05)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes in /proc")
def test_a_first_start_says_how_to_log_in_and_a_killed_worker_is_replaced(tmp_path):
    """One line is all it needs; a plan is made though the worker was killed; nothing stays."""
    with served(tmp_path) as (process, line):
        found = LINE.search(line)
        assert found, line
        base, login, password = found.groups()
        with httpx.Client(base_url=base, headers={"Origin": base}, timeout=60) as client:
            shown = {"login": login, "password": password}
            assert client.post("/login", json=shown).status_code == 200
            assert client.get("/healthz/ready").json()["ready"] is True
            assert "html" in client.get("/docs").text
            wait_until(lambda: len(children(process.pid)) >= 1)
            (worker, *_) = children(process.pid)
            os.kill(worker, signal.SIGKILL)
            path = client.post("/plans", json=PLAN_CREATE).headers["Location"]
            wait_until(lambda: client.get(path).json()["status"] == "done")
            assert worker not in children(process.pid)
        left = children(process.pid)
        assert left
        process.terminate()
        assert process.wait(PATIENCE_SECONDS) == 0
        wait_until(lambda: not any(map(is_alive, left)))
    with served(tmp_path, "--no-worker") as (process, line):
        assert "log in with an account of yours" in line
        assert password not in line
        assert children(process.pid) == []


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes in /proc")
def test_a_killed_service_leaves_no_process_behind(tmp_path):
    """Its worker finds its input closed, and what computes for the worker likewise."""
    with served(tmp_path) as (process, _):
        wait_until(lambda: len(children(process.pid)) >= 2)
        left = children(process.pid)
        process.kill()
        wait_until(lambda: not any(map(is_alive, left)))


def test_a_host_that_others_reach_needs_what_keeps_logins_safe(tmp_path, monkeypatch):
    """Without secure cookies and names of hosts it says what to set, and starts nothing."""
    monkeypatch.chdir(tmp_path)
    for name in ("SECURE_COOKIES", "ALLOWED_HOSTS", "DATABASE_URL"):
        monkeypatch.delenv(f"MATCHER_API_{name}", raising=False)
    result = matcher_here("serve", "--host", "0.0.0.0", "--lang", "en")
    assert result.code == 2
    assert "MATCHER_API_ALLOWED_HOSTS" in result.err
    assert not list(tmp_path.iterdir())


def test_a_worker_refuses_a_database_with_another_schema(tmp_path, monkeypatch):
    """It names the command that brings the database up to date."""
    monkeypatch.setenv("MATCHER_API_DATABASE_URL", f"sqlite:///{tmp_path}/old.db")
    result = matcher_here("worker", "--once", "--lang", "en")
    assert result.code == 2
    assert "matcher db upgrade" in result.err


def test_a_process_that_cannot_live_is_not_started_without_pause(tmp_path):
    """The pauses between starts grow; a stop ends the keeper at once."""
    log = tmp_path / "starts"
    code = f"open({str(log)!r}, 'a').write('x')"
    keeper = Keeper([sys.executable, "-c", code], os.environ, stop_seconds=5)
    keeper.start()
    wait_until(lambda: log.exists() and len(log.read_text()) >= 2)
    keeper.stop()
    starts = len(log.read_text())
    time.sleep(0.5)
    assert len(log.read_text()) == starts <= 6


def test_a_process_that_does_not_heed_its_input_is_killed(tmp_path):
    """A stop takes as long as it was given, and no longer."""
    ready = tmp_path / "ready"
    code = f"import time; open({str(ready)!r}, 'w').write(json.dumps(1)); time.sleep(60)"
    keeper = Keeper([sys.executable, "-c", f"import json; {code}"], os.environ, stop_seconds=0.2)
    keeper.start()
    wait_until(ready.exists)
    begun = time.monotonic()
    keeper.stop()
    assert time.monotonic() - begun < 30
