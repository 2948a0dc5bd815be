"""The top 20 of 100,000 leads by HTTP, against a bare FastAPI endpoint on the same machine.

    python -m tests.benchmarks.leads
    python -m tests.benchmarks.leads --kind postgresql --json numbers.json

Both are served by uvicorn, one process each, and asked in turns by the same client over open
connections. The bare endpoint answers ``{"ok": true}`` from an ``async def``; a third server
answers the very bytes of the leads from memory, which shows what their size alone costs. Beside
requests a second each line has the processor time of the server for a request: other work on
the machine disturbs it less.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert
from sqlmodel import select

from matcher.store import Database, open_database
from matcher.store.tables import LeadRow, RoundRow
from tests.databases import KINDS, current_url
from tests.rounds import new_round, published_plan
from tests.service import People, load_seeds, make_accounts

GOAL = 0.3
FIRST_PORT = 18765
PATH = "/leads?limit=20"


@dataclass(frozen=True, slots=True)
class Server:
    """One of the servers that are compared."""

    name: str
    pid: int
    port: int
    headers: str


@dataclass(frozen=True, slots=True)
class Measured:
    """What a server did in one turn."""

    per_second: float
    cpu_ms: float


def fill(database: Database, people: People, num_leads: int) -> None:
    """Let the bank have so many leads: copies of those of the seeds, each of another score."""
    chosen = new_round(database, people)
    published_plan(database, people, chosen.id)
    bank = people.bank.actor.institution_id
    with database.writing() as session:
        models = session.scalars(select(LeadRow).where(LeadRow.institution_id == bank)).all()
        num_rounds = -(-num_leads // len(models))
        rounds = [_like(chosen, id=uuid4()) for _ in range(num_rounds - 1)]
        session.connection().execute(insert(RoundRow), rounds)
        copies = [
            _copy(model, one["id"], number * len(models) + place)
            for number, one in enumerate(rounds)
            for place, model in enumerate(models)
        ]
        session.connection().execute(insert(LeadRow), copies[: num_leads - len(models)])
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def _like(row: Any, **more: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in type(row).model_fields} | more


def _copy(model: LeadRow, round_id: UUID, number: int) -> dict[str, Any]:
    """Return a lead of another round, with a score of its own."""
    identity, score = uuid4(), (number * 7919 % 1_000_003) / 1_000_003
    shown = model.shown.replace(str(model.id).encode(), str(identity).encode())
    return _like(model, id=identity, round_id=round_id, score=score, shown=shown)


BARE = """
from fastapi import FastAPI
app = FastAPI()

@app.get("/leads")
async def leads():
    return {"ok": True}
"""

BYTES = """
import os
from fastapi import FastAPI, Response
app = FastAPI()
CONTENT = open(os.environ["CONTENT"], "rb").read()

@app.get("/leads")
async def leads():
    return Response(CONTENT, media_type="application/json")
"""

OURS = """
import os
from datetime import timedelta
from api import Settings, create_app
from tests.service import NOW
settings = Settings(database_url=os.environ["DATABASE_URL"], requests_per_minute=0)
app = create_app(settings, clock=lambda: NOW + timedelta(minutes=1))
"""


@contextmanager
def serving(name: str, code: str, port: int, headers: str, **environ: str) -> Iterator[Server]:
    """Serve an app in a process of its own, and wait until it answers."""
    script = (
        f"{code}\nimport uvicorn\nuvicorn.run(app, port={port}, log_config=None, access_log=False)"
    )
    process = subprocess.Popen([sys.executable, "-c", script], env={**os.environ, **environ})
    server = Server(name, process.pid, port, headers)
    try:
        ends = time.monotonic() + 60
        while time.monotonic() < ends:
            try:
                status, _ = asyncio.run(_once(server))
                assert status == 200, status
                break
            except OSError:
                time.sleep(0.1)
        yield server
    finally:
        process.terminate()
        process.wait()


async def _once(server: Server) -> tuple[int, bytes]:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    answer = await _ask(reader, writer, server)
    writer.close()
    return answer


async def _ask(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, server: Server
) -> tuple[int, bytes]:
    writer.write(f"GET {PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\n{server.headers}\r\n".encode())
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
    return int(head[9:12]), await reader.readexactly(length)


async def _ask_for(server: Server, seconds: float, num_connections: int) -> int:
    ends = time.monotonic() + seconds

    async def ask_on() -> int:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        count = 0
        while time.monotonic() < ends:
            status, _ = await _ask(reader, writer, server)
            assert status == 200, status
            count += 1
        writer.close()
        return count

    return sum(await asyncio.gather(*(ask_on() for _ in range(num_connections))))


def cpu_seconds(pid: int) -> float:
    """Return the processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(server: Server, seconds: float, num_connections: int) -> Measured:
    """Ask a server for some time."""
    before, started = cpu_seconds(server.pid), time.monotonic()
    count = asyncio.run(_ask_for(server, seconds, num_connections))
    cpu = cpu_seconds(server.pid) - before
    return Measured(count / (time.monotonic() - started), 1000 * cpu / count)


def compare(args: argparse.Namespace) -> dict[str, Any]:
    """Serve all, ask them in turns, and return the medians."""
    with ExitStack() as stack:
        url = stack.enter_context(current_url(args.kind))
        database = open_database(url)
        load_seeds(database)
        people = make_accounts(database)
        fill(database, people, args.leads)
        database.close()
        key = f"Authorization: Bearer {people.bank.key}\r\n"
        ports = iter(range(args.port, args.port + 3))
        environ = {"DATABASE_URL": url}
        ours = stack.enter_context(serving("leads", OURS, next(ports), key, **environ))
        content = asyncio.run(_once(ours))[1]
        assert len(json.loads(content)["items"]) == 20
        place = Path(f"/tmp/leads-{os.getpid()}.json")
        place.write_bytes(content)
        stack.callback(place.unlink)
        bare = stack.enter_context(serving("bare", BARE, next(ports), ""))
        same = stack.enter_context(
            serving("same bytes", BYTES, next(ports), "", CONTENT=str(place))
        )
        servers = (bare, same, ours)
        for server in servers:
            measure(server, 0.5, args.connections)
        found: dict[str, list[Measured]] = {server.name: [] for server in servers}
        for _ in range(args.turns):
            for server in servers:
                found[server.name].append(measure(server, args.seconds, args.connections))
    return {
        name: {
            "per_second": median(one.per_second for one in turns),
            "cpu_ms": median(one.cpu_ms for one in turns),
        }
        for name, turns in found.items()
    } | {"bytes": len(content)}


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kind", choices=KINDS, default="sqlite")
    parser.add_argument("--leads", type=int, default=100_000)
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--port", type=int, default=FIRST_PORT)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    found = compare(args)
    bare = found["bare"]
    print(f"top 20 of {args.leads:,} leads, {found['bytes']:,} bytes, {args.kind}")
    print(f"{'server':12} {'req/s':>8} {'of bare':>8} {'cpu ms':>8} {'of bare':>8}")
    for name in ("bare", "same bytes", "leads"):
        one = found[name]
        rate, cpu = one["per_second"] / bare["per_second"], bare["cpu_ms"] / one["cpu_ms"]
        print(f"{name:12} {one['per_second']:8.0f} {rate:8.2f} {one['cpu_ms']:8.3f} {cpu:8.2f}")
    ratio = found["leads"]["per_second"] / bare["per_second"]
    print(f"goal {GOAL}: {'holds' if ratio >= GOAL else 'does not hold'} ({ratio:.2f})")
    if args.json:
        args.json.write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
