"""``python -m tests.service_kills.scenarios --scenarios 1000``: what-ifs that touch nothing live.

Random scenarios on the live market, of which some are faulty, some cancelled, and whose workers
are killed again and again; at the end every run is over and a hash over all live tables is what
it was.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from threading import Thread
from typing import Any
from uuid import UUID

from sqlmodel import col, select

import seeds
from matcher.domain.actor import Role
from matcher.domain.records import Records
from matcher.domain.run import SCENARIO, RunState
from matcher.planning.effort import Effort
from matcher.services.records import replace_market
from matcher.services.work import queue
from matcher.services.work.queue import Asked
from matcher.services.work.scenario import SCENARIO_KIND, ScenarioAsked
from matcher.services.work.settings import WorkSettings
from matcher.services.work.worker import Worker
from matcher.store import Database, open_database
from matcher.store.tables import RunRow
from tests.databases import KINDS, current_url
from tests.service import make_person
from tests.service_kills.forking import ForkedChild, fork, kill, wait
from tests.service_kills.work import AS_OF, RECORDS, live_hash, now, warm

SETTINGS = WorkSettings(
    beat_seconds=0.1, lease_seconds=0.5, max_attempts=1000, max_queued=1_000_000
)
BATCH = 25
CANCELLED_SHARE = 0.1
SHORTEST_LIFE_SECONDS = 0.3


def main(arguments: Sequence[str] | None = None) -> int:
    """Ask, kill, compare; return 0 if nothing changed."""
    parser = argparse.ArgumentParser(prog="tests.service_kills.scenarios", description=__doc__)
    parser.add_argument("--scenarios", type=int, default=1000, help="on each database")
    parser.add_argument("--databases", nargs="+", choices=KINDS, default=KINDS)
    parser.add_argument("--small", action="store_true", help="a market of one need")
    asked = parser.parse_args(arguments)
    records, day = (RECORDS, AS_OF) if asked.small else (seeds.load(), seeds.SEED_DATE)
    all_same = True
    warm()
    for kind in asked.databases:
        with current_url(kind) as url:
            found = _ask_all(url, records, day, asked.scenarios, 2.0 if asked.small else 6.0)
        states, num_kills, is_same = found
        told = ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
        print(f"{kind}: {told}; {num_kills} workers killed; live tables unchanged: {is_same}")
        all_same &= is_same and set(states) <= {"done", "failed", "cancelled"}
    return 0 if all_same else 1


def _ask_all(
    url: str, records: Records, day: Any, number: int, longest: float
) -> tuple[Counter[str], int, bool]:
    """Return how the runs ended, how many workers were killed, and whether all is as before."""
    lots = random.Random(f"{url.partition(':')[0]} {number}")
    with closing(open_database(url)) as database:
        with database.writing() as session:
            replace_market(session, records, day, now())
            account_id = make_person(session, "staff", Role.STAFF, now()).actor.account_id
        before, num_kills = live_hash(database), 0
    for first in range(0, number, BATCH):
        with closing(open_database(url)) as database:
            asked = [scenario(lots, records) for _ in range(min(BATCH, number - first))]
            runs = [_submit(database, account_id, one) for one in asked]
        unwanted = [run_id for run_id in runs if lots.random() < CANCELLED_SHARE]
        num_kills += _work_through(url, lots, unwanted, longest)
    with closing(open_database(url)) as database, database.reading() as session:
        states = Counter(session.scalars(select(RunRow.state)))
        return states, num_kills, live_hash(database) == before


def _submit(database: Database, account_id: UUID, asked: ScenarioAsked) -> UUID:
    with database.writing() as session:
        request = asked.to_json()
        return queue.submit(session, Asked(SCENARIO, account_id, request), SETTINGS, now()).id


def _work_through(url: str, lots: random.Random, unwanted: list[UUID], longest: float) -> int:
    """Let workers work, and kill them, until no run is left; return how many were killed.

    A worker lives for ``longest`` seconds at most; each time one is killed, one of the unwanted
    runs is cancelled.
    """
    num_kills = 0
    while True:
        worker = fork(lambda: _work(url))
        ends = time.monotonic() + lots.uniform(SHORTEST_LIFE_SECONDS, longest)
        with closing(open_database(url)) as database:
            while time.monotonic() < ends and _some_left(database):
                time.sleep(0.05)
            if not _some_left(database):
                wait(worker)
                return num_kills
            kill(worker)
            num_kills += 1
            if unwanted:
                with database.writing() as session:
                    queue.cancel(session, unwanted.pop(), now())


def _some_left(database: Database) -> bool:
    """Tell whether a run is left that is not over."""
    waiting = col(RunRow.state).in_([RunState.QUEUED, RunState.RUNNING])
    with database.reading() as session:
        return session.scalars(select(RunRow.id).where(waiting).limit(1)).first() is not None


def _work(url: str) -> None:
    with closing(open_database(url)) as database:
        kinds = {SCENARIO: SCENARIO_KIND}
        worker = Worker(database, kinds, SETTINGS, ForkedChild, now)
        thread = Thread(target=worker.work)
        thread.start()
        while _some_left(database):
            time.sleep(0.1)
        worker.stop()
        thread.join()


def scenario(lots: random.Random, records: Records) -> ScenarioAsked:
    """Return a random scenario about a market; one in ten is about what is not there."""
    changes = [_change(lots, records) for _ in range(lots.randint(1, 4))]
    advice = lots.choice([0, 0, 0, 1])
    effort = Effort("greedy", time_limit=5)
    return ScenarioAsked(effort, scenario={"name": "random", "changes": changes}, advice=advice)


def _change(lots: random.Random, records: Records) -> dict[str, Any]:
    product = lots.choice(records.products).product_id
    institution = lots.choice(records.institutions).institution_id
    need = lots.choice(records.needs).need_id
    return lots.choice(
        [
            {"kind": "scale", "table": "institutions", "all": True, "fields": ["leads"],
             "factor": lots.choice([0.5, 2])},
            {"kind": "set", "table": "institutions", "id": institution,
             "values": {"leads": lots.randint(0, 9)}},
            {"kind": "set", "table": "needs", "id": need,
             "values": {"amount": f"{lots.randint(1, 900)}万"}},
            {"kind": "remove", "table": "products", "id": product},
            {"kind": "remove", "table": "needs", "id": need},
            {"kind": "rates", "id": product, "basis_points": lots.randint(-50, 50)},
            {"kind": "add", "table": "institutions",
             "record": {"institution_id": "new", "name": "新"}},
            {"kind": "remove", "table": "products", "id": "nowhere"},
        ]
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
