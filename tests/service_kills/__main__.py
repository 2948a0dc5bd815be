"""``python -m tests.service_kills --kills 100``: kill workers and servers, and tell what was left.

Each lane has databases of its own and kills one process after the other; most of the time it
waits for a lease to be over, so that many lanes can share a core.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import astuple
from threading import Thread

from matcher.domain.actor import Role
from matcher.services.work.settings import WorkSettings
from matcher.store import open_database
from matcher.store.tables import SettingRow
from tests.databases import KINDS, current_url
from tests.service import Person, make_person
from tests.service_kills import matchmaking, servers, workers
from tests.service_kills.forking import fork
from tests.service_kills.matchmaking import MatchKiller
from tests.service_kills.servers import ServerKiller
from tests.service_kills.table import READY_SECONDS, Kill, is_good, lines
from tests.service_kills.work import APPLIED, now, warm
from tests.service_kills.workers import WorkerKiller

POINTS = (*workers.POINTS, *servers.POINTS, *matchmaking.POINTS)


def main(arguments: Sequence[str] | None = None) -> int:
    """Kill, print the table, and return 0 if all went well."""
    asked = _parser().parse_args(arguments)
    places = [(kind, point) for kind in asked.databases for point in asked.points]
    warm()
    for kind in asked.databases:  # one server, one template and one password for all lanes
        with current_url(kind) as url:
            _prepare(url)
    lanes = [places[n :: asked.lanes] for n in range(min(asked.lanes, len(places)))]
    started = [_start(lane, asked) for lane in lanes]
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    kills = _collected([reader for _, reader in started])
    kills.sort(key=lambda kill: places.index((kill.database, kill.point)))
    print("\n".join(lines(kills)))
    is_whole = len(kills) == len(places) * asked.kills
    return 0 if is_whole and is_good(kills, asked.ready) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tests.service_kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=100, help="at each point of each database")
    parser.add_argument("--points", nargs="+", choices=POINTS, default=POINTS)
    parser.add_argument("--databases", nargs="+", choices=KINDS, default=KINDS)
    parser.add_argument("--lanes", type=int, default=10)
    parser.add_argument("--lease", type=float, default=WorkSettings().lease_seconds, help="seconds")
    parser.add_argument("--ready", type=float, default=READY_SECONDS, help="seconds allowed")
    return parser


def _start(lane: Sequence[tuple[str, str]], asked: argparse.Namespace) -> tuple[int, int]:
    """Start a lane, and return its process and where its kills can be read."""
    reader, writer = os.pipe()

    def run() -> None:
        with os.fdopen(writer, "w") as stream:
            for kill in _lane(lane, asked):
                print(json.dumps(astuple(kill)), file=stream, flush=True)

    pid = fork(run)
    os.close(writer)
    return pid, reader


def _lane(lane: Sequence[tuple[str, str]], asked: argparse.Namespace) -> Iterator[Kill]:
    settings = WorkSettings(
        lease_seconds=asked.lease, beat_seconds=asked.lease / 4, max_queued=1_000_000
    )
    for kind, point in lane:
        with current_url(kind) as url:
            who = _prepare(url)
            if point in matchmaking.POINTS:
                yield from MatchKiller(kind, url).kills(point, asked.kills)
            elif point in servers.POINTS:
                yield from ServerKiller(kind, url, who.by_key, 7).kills(point, asked.kills)
            else:
                account = who.actor.account_id
                yield from WorkerKiller(kind, url, account, settings).kills(point, asked.kills)


def _prepare(url: str) -> Person:
    """Make the account that asks, and the counter of what is applied."""
    with closing(open_database(url)) as database, database.writing() as session:
        session.add(SettingRow(name=APPLIED, value="0"))
        return make_person(session, "organiser", Role.ORGANISER, now())


def _collected(readers: Sequence[int]) -> list[Kill]:
    """Return the kills of all lanes: all that there will be, or those so far when stopped."""
    kills: list[Kill] = []
    threads = [Thread(target=_read, args=(reader, kills), daemon=True) for reader in readers]
    for thread in threads:
        thread.start()
    try:
        for thread in threads:
            thread.join()
    except KeyboardInterrupt:
        print("stopped; so far:", file=sys.stderr)
    return list(kills)


def _read(reader: int, kills: list[Kill]) -> None:
    with os.fdopen(reader) as stream:
        for line in stream:
            database, point, seconds, faults = json.loads(line)
            print(".", end="", file=sys.stderr, flush=True)
            kills.append(Kill(database, point, seconds, tuple(faults)))


if __name__ == "__main__":
    sys.exit(main())
