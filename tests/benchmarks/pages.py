"""How long the server takes for each page of a market of 10,000 needs and 500 products.

    python -m tests.benchmarks.pages
    python -m tests.benchmarks.pages --needs 1000 --products 100 --databases sqlite

Every page of `tests.pages.samples` is asked for by a role that sees it, in one process without a
network: the time is what the server takes from the request to the whole answer, database
included. Goal: the median of each page below 300 ms.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from pathlib import Path
from typing import Any

from matcher.domain.actor import Role
from matcher.files.plan_json import plan_bytes
from matcher.planning.effort import Effort
from matcher.scoring.weights import default_weights
from matcher.services.planning import market_bytes, plan_round
from matcher.services.records import replace_market
from matcher.services.rounds import make_round
from matcher.store import Database, open_database
from tests.api.client import Client, serving
from tests.benchmarks.candidates_market import AS_OF, make_records
from tests.databases import KINDS, current_url
from tests.imports import previewed
from tests.pages.samples import SAMPLES, Sample
from tests.rounds import new_round, publish_run, store_run
from tests.service import NOW, People, Person, make_accounts
from tests.whatifs import answer_on, answered_what_if

GOAL_MS = 300.0


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--needs", type=int, default=10_000)
    parser.add_argument("--products", type=int, default=500)
    parser.add_argument("--repeat", type=int, default=7)
    parser.add_argument("--databases", nargs="+", choices=KINDS, default=list(KINDS))
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    lines = [
        line
        for kind in asked.databases
        for line in _measure(kind, asked.needs, asked.products, asked.repeat)
    ]
    if asked.json:
        asked.json.write_text(json.dumps(lines, indent=1))


def _measure(kind: str, num_needs: int, num_products: int, repeat: int) -> list[dict[str, Any]]:
    from api import Settings, create_app

    with current_url(kind) as url:
        database = open_database(url)
        people = _furnish(database, num_needs, num_products)
        settings = Settings(database_url=url, requests_per_minute=1_000_000)
        with serving(create_app(settings, clock=lambda: NOW)) as client:
            lines = [_line(kind, client, database, people, one, repeat) for one in SAMPLES]
        database.close()
    return lines


def _furnish(database: Database, num_needs: int, num_products: int) -> People:
    records = make_records(num_needs, num_products)
    with database.writing() as session:
        replace_market(session, records, AS_OF, NOW)
    people = make_accounts(database)
    loaded = make_round(records, AS_OF)
    planned = plan_round(loaded, default_weights(), Effort(gap=1e-3))
    chosen = new_round(database, people, as_of=AS_OF)
    content, market = plan_bytes(planned.document), market_bytes(loaded.market)
    with database.writing() as session:
        run_id = store_run(session, people.organiser.actor.account_id, content, market).id
    publish_run(database, people, chosen.id, run_id)
    previewed(database, people)
    answered_what_if(database, people, (), answer_on(loaded.market))
    return people


def _line(
    kind: str, client: Client, database: Database, people: People, sample: Sample, repeat: int
) -> dict[str, Any]:
    role = min(sample.roles, key=list(Role).index)
    person: Person = people.firm if role is Role.ENTERPRISE else getattr(people, role.value)
    with database.reading() as session:
        path = sample.path(session)
    took = []
    for _ in range(repeat):
        begun = time.perf_counter()
        answer = client.get(path, headers=person.by_session)
        took.append((time.perf_counter() - begun) * 1000)
    line = {
        "database": kind,
        "page": sample.route,
        "role": role.value,
        "status": answer.status_code,
        "first_ms": round(took[0], 1),
        "median_ms": round(statistics.median(took[1:] or took), 1),
        "kib": len(answer.content) // 1024,
    }
    over = "" if line["median_ms"] < GOAL_MS else "  over the goal"
    print(
        f"{kind:10} {sample.route:48} {role.value:10} {line['status']} first {line['first_ms']:8}"
        f" ms  median {line['median_ms']:8} ms {line['kib']:6} KiB{over}",
        flush=True,
    )
    return line


if __name__ == "__main__":
    main()
