"""Reads while a plan is being solved: `matcher serve` with its worker, asked 50 times a second.

    python -m tests.benchmarks.service_latency
    python -m tests.benchmarks.service_latency --seconds 10 --databases sqlite

The client is an open loop: requests are sent when their time has come, whether or not the earlier
ones are answered, and a latency counts from the time at which a request was to be sent. Without a
solve, with one, and without again; the solve has to be under way from the first request to the
last. The client shares the machine with the service.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from matcher.services.records import replace_market
from matcher.store import Database, open_database
from matcher.store.types import SHANGHAI
from tests.benchmarks.candidates_market import AS_OF, make_records
from tests.databases import KINDS, current_url
from tests.service import People, make_accounts

HOST = "127.0.0.1"
READS = (
    ("organiser", "/needs?limit=20"),
    ("firm", "/needs"),
    ("bank", "/products?limit=20"),
    ("organiser", "/products?limit=20&instrument=loan"),
    ("staff", "/plans?limit=20"),
    ("bank", "/me"),
    ("auditor", "/enterprises?limit=20"),
    ("firm", "/institutions?limit=20"),
)
"""Who reads what, in turn."""

SOLVING = {"method": "milp", "gap": 0.0, "time_limit_seconds": 600}
STARTING_SECONDS = 60.0
KEPT_SECONDS = 3.0


@dataclass(slots=True)
class Seen:
    """What the client saw.

    Parameters
    ----------
    latencies
        Seconds from the time at which each request was to be sent to the end of its answer.
    errors
        Statuses other than 200, and what broke, with how often.
    """

    latencies: list[float] = field(default_factory=list)
    errors: dict[str, int] = field(default_factory=dict)

    def line(self, name: str) -> dict[str, Any]:
        """Return the figures of a table's row, times in milliseconds."""
        cuts = statistics.quantiles(self.latencies, n=100, method="inclusive")
        return {
            "phase": name,
            "requests": len(self.latencies),
            "errors": sum(self.errors.values()),
            "p50_ms": cuts[49] * 1000,
            "p95_ms": cuts[94] * 1000,
            "p99_ms": cuts[98] * 1000,
            "max_ms": max(self.latencies) * 1000,
        }


class Connections:
    """Connections that are kept: one that is free is taken, or a new one opened."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter, float]] = []

    async def get(self, path: str, headers: dict[str, str]) -> int:
        """Read something, and return the status of the answer."""
        reader, writer = await self._open()
        lines = [f"GET {path} HTTP/1.1", f"Host: {HOST}:{self._port}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        writer.write("\r\n".join([*lines, "", ""]).encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        length = next(line for line in head if line.lower().startswith("content-length:"))
        await reader.readexactly(int(length.partition(":")[2]))
        self._free.append((reader, writer, time.monotonic()))
        return int(head[0].split()[1])

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        while self._free:
            reader, writer, used_at = self._free.pop()
            # The server closes what was idle for five seconds.
            if time.monotonic() - used_at < KEPT_SECONDS and not reader.at_eof():
                return reader, writer
            writer.close()
        return await asyncio.open_connection(HOST, self._port)


async def read_at_a_rate(port: int, people: People, per_second: float, seconds: float) -> Seen:
    """Send reads at even intervals, each at its time whatever became of the others."""
    connections, seen = Connections(port), Seen()
    headers = {who: person.by_session for who, person in people}
    start = time.perf_counter() + 0.1

    async def one(number: int) -> None:
        due = start + number / per_second
        await asyncio.sleep(due - time.perf_counter())
        who, path = READS[number % len(READS)]
        try:
            status = str(await connections.get(path, headers[who]))
        except (OSError, asyncio.IncompleteReadError) as error:
            status = type(error).__name__
        seen.latencies.append(time.perf_counter() - due)
        if status != "200":
            seen.errors[f"{path}: {status}"] = seen.errors.get(f"{path}: {status}", 0) + 1

    await asyncio.gather(*(one(number) for number in range(int(per_second * seconds))))
    return seen


@contextmanager
def served(url: str) -> Iterator[int]:
    """Run `matcher serve` with its worker, and give its port once it answers."""
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = free.getsockname()[1]
    environ = os.environ | {
        "MATCHER_API_DATABASE_URL": url,
        "MATCHER_API_REQUESTS_PER_MINUTE": "0",
        "MATCHER_API_REQUESTS_PER_MINUTE_OF_STRANGERS": "0",
    }
    command = [sys.executable, "-m", "matcher", "serve", "--port", str(port)]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, env=environ, stdout=log, stderr=log)
        try:
            _wait(f"http://{HOST}:{port}/healthz/ready")
            yield port
        finally:
            process.terminate()
            process.wait(30)
            log.seek(0)
            for line in log.read().decode().splitlines():
                if line.startswith("{") and '"level": "info"' not in line:
                    print(f"  {line[:400]}", file=sys.stderr)


def _wait(address: str) -> None:
    deadline = time.monotonic() + STARTING_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(address)


class Office:
    """An organiser at the service: asks for a plan, looks how it stands, cancels it."""

    def __init__(self, port: int, people: People) -> None:
        self._base = f"http://{HOST}:{port}"
        key = people.organiser.by_key
        self._headers = key | {"Content-Type": "application/json"}

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Send a request, and return what is answered."""
        data = None if body is None else json.dumps(body).encode()
        asked = urllib.request.Request(
            self._base + path, data=data, headers=self._headers, method=method
        )
        with urllib.request.urlopen(asked, timeout=60) as answer:
            content = answer.read()
        return json.loads(content) if content else None

    def start_solving(self) -> str:
        """Ask for a plan that takes long, and return its path once its solver is at work."""
        path: str = self.call("POST", "/plans", {"solving": SOLVING})["links"]["self"]
        deadline = time.monotonic() + STARTING_SECONDS
        while time.monotonic() < deadline:
            stage = self.call("GET", path)["stage"]
            if stage is not None and "solv" in json.dumps(stage):
                return path
            time.sleep(0.2)
        raise TimeoutError(f"{path} is not being solved")

    def is_solving(self, path: str) -> bool:
        """Tell whether a plan is still being made."""
        found = self.call("GET", path)
        return bool(found["status"] == "running")


def fill(database: Database, num_needs: int, num_products: int) -> People:
    """Put a market and accounts into a database."""
    now = datetime.now(SHANGHAI)
    records = make_records(num_needs, num_products)
    with database.writing() as session:
        replace_market(session, records, AS_OF, now)
    return make_accounts(database, now)


def measure(kind: str, args: argparse.Namespace) -> dict[str, Any]:
    """Return the lines of one database."""
    with current_url(kind) as url:
        database = open_database(url)
        people = fill(database, args.needs, args.products)
        database.close()
        with served(url) as port:
            office = Office(port, people)

            def read(name: str, seconds: float) -> dict[str, Any]:
                seen = asyncio.run(read_at_a_rate(port, people, args.rate, seconds))
                for told, times in seen.errors.items():
                    print(f"  {told} x {times}", file=sys.stderr)
                return seen.line(name)

            read("warm", 5)
            before = read("without", args.seconds)
            plan = office.start_solving()
            during = read("solving", args.seconds)
            held = office.is_solving(plan)
            office.call("DELETE", plan)
            time.sleep(3)
            after = read("without again", args.seconds)
    base = max(before["p99_ms"], after["p99_ms"])
    return {
        "database": kind,
        "lines": [before, during, after],
        "was_solving": held,
        "p99_ratio": during["p99_ms"] / base,
        "p99_ratio_to_first": during["p99_ms"] / before["p99_ms"],
    }


def show(found: list[dict[str, Any]]) -> None:
    """Print the table."""
    print("database    phase          requests  errors   p50 ms   p95 ms   p99 ms   max ms")
    for one in found:
        for line in one["lines"]:
            print(
                f"{one['database']:11} {line['phase']:14} {line['requests']:8} "
                f"{line['errors']:7} {line['p50_ms']:8.1f} {line['p95_ms']:8.1f} "
                f"{line['p99_ms']:8.1f} {line['max_ms']:8.1f}"
            )
        print(
            f"{one['database']:11} p99 with a solve over p99 without: "
            f"{one['p99_ratio_to_first']:.2f} (to the run before), {one['p99_ratio']:.2f} (to the "
            f"slower one); solving to the end: {'yes' if one['was_solving'] else 'NO'}"
        )


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--databases", nargs="+", choices=KINDS, default=list(KINDS))
    parser.add_argument("--rate", type=float, default=50, help="requests a second")
    parser.add_argument("--seconds", type=float, default=30, help="of each phase")
    parser.add_argument("--needs", type=int, default=5000)
    parser.add_argument("--products", type=int, default=500)
    parser.add_argument("--json", type=Path, help="write the numbers here")
    args = parser.parse_args()
    found = [measure(kind, args) for kind in args.databases]
    show(found)
    if args.json:
        args.json.write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
