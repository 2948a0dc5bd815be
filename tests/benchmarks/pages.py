"""How long the server takes for each page of a market of 10,000 needs and 500 products.

    python -m tests.benchmarks.pages
    python -m tests.benchmarks.pages --needs 1000 --products 100 --databases sqlite

Every page of `tests.pages.samples` is asked for by a role that sees it, in one process without a
network: the time is what the server takes from the request to the whole answer, database
included. Four times are told of each page:

first
    its first request in the process, which started as a served one does (`api.warming`);
lead, need
    the first request after a small change was written: a lead answered, a need changed;
median
    of the requests in which nothing has changed.

Goal: each below 300 ms. Behind the clock stands the processor's time of this process, in
brackets, for a machine on which others work: on SQLite that is all there is to do, on PostgreSQL
the server's own part is not in it. A page that does not answer 200 ends the benchmark with 1.
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, func, select

from matcher.domain.actor import Role
from matcher.domain.case import REASONS, CaseAction
from matcher.domain.errors import MatcherError
from matcher.files.plan_json import plan_bytes
from matcher.planning.effort import Effort
from matcher.scoring.weights import default_weights
from matcher.services.leads.cases import act
from matcher.services.planning import market_bytes, plan_round
from matcher.services.record import begin
from matcher.services.records import replace_market
from matcher.services.records.single import change_record
from matcher.services.rounds import make_round
from matcher.store import Database, open_database
from matcher.store.tables import EnterpriseRow, InstitutionRow, LeadRow, NeedRow
from tests.api.client import Client, serving
from tests.benchmarks.candidates_market import AS_OF, make_records
from tests.databases import KINDS, current_url
from tests.handing_in import handed_in
from tests.imports import previewed
from tests.meetings import hall, published_event
from tests.pages.samples import SAMPLES, Sample
from tests.progress import TO_THE_MONEY
from tests.rounds import new_round, publish_run, store_run
from tests.service import NOW, People, Person, make_accounts
from tests.whatifs import answer_on, answered_what_if

GOAL_MS = 300.0
MOVED = 20
"""One of so many leads has come some way."""

_TIMES = ("first", "after_lead", "after_need", "median")


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--needs", type=int, default=10_000)
    parser.add_argument("--products", type=int, default=500)
    parser.add_argument("--repeat", type=int, default=7)
    parser.add_argument("--databases", nargs="+", choices=KINDS, default=list(KINDS))
    parser.add_argument("--pages", nargs="+", help="only these routes")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    samples = [one for one in SAMPLES if not asked.pages or one.route in asked.pages]
    lines = []
    for kind in asked.databases:
        with current_url(kind) as url:
            database = open_database(url)
            people = furnish(database, asked.needs, asked.products)
            lines += measure(kind, database, people, samples, asked.repeat)
            database.close()
    if asked.json:
        asked.json.write_text(json.dumps(lines, indent=1))
    if wrong := [line["page"] for line in lines if line["status"] != 200]:
        sys.exit(f"not answered by 200: {' '.join(wrong)}")


# --- what there is to see ---------------------------------------------------------------------


def furnish(database: Database, num_needs: int, num_products: int) -> People:
    """Fill a database so that every page has something to show."""
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
    _move_leads(database, people)
    previewed(database, people)
    answered_what_if(database, people, (), answer_on(loaded.market))
    published_event(database, people, description=_hall(database))
    handed_in(database, people.firm.actor)
    return people


def _move_leads(database: Database, people: People) -> None:
    """Let some leads come some way: number n of them n steps, every eighth is declined."""
    with database.writing() as session:
        begin(session)
        order = (col(LeadRow.rank), col(LeadRow.institution_id), col(LeadRow.id))
        ids = session.scalars(select(LeadRow.id).order_by(*order)).all()
        for place, lead_id in enumerate(ids[: len(ids) // MOVED]):
            lead = session.get_one(LeadRow, lead_id)
            if place % 8 == 7:
                _do(session, lead, CaseAction.DECLINE, people)
            for step in TO_THE_MONEY[: place % 8 + 1] if place % 8 < 7 else ():
                if not _do(session, lead, step, people):
                    break


def _do(session: Session, lead: LeadRow, action: CaseAction, people: People) -> bool:
    """Do something with a lead; tell whether what it draws on had room."""
    reason = next(iter(REASONS.values())) if action is CaseAction.DECLINE else None
    try:
        with session.begin_nested():
            act(session, lead, action, people.organiser.actor, NOW, reason)
    except MatcherError:
        return False
    return True


def _hall(database: Database) -> str:
    """Return a hall for the four banks with most leads and eight firms with most at them."""
    with database.reading() as session:
        bank, firm = col(InstitutionRow.key), col(EnterpriseRow.key)
        leads = select(bank).join(LeadRow, col(LeadRow.institution_id) == InstitutionRow.id)
        banks = session.scalars(leads.group_by(bank).order_by(func.count().desc(), bank).limit(4))
        chosen = banks.all()
        theirs = (
            select(firm)
            .join(LeadRow, col(LeadRow.enterprise_id) == EnterpriseRow.id)
            .join(InstitutionRow, col(LeadRow.institution_id) == InstitutionRow.id)
            .where(bank.in_(chosen))
            .group_by(firm)
        )
        firms = session.scalars(theirs.order_by(func.count().desc(), firm).limit(8)).all()
    return hall(firms=firms, banks=chosen)


# --- small changes ----------------------------------------------------------------------------


def answer_a_lead(session: Session, people: People) -> None:
    """Answer one lead that nobody has answered: accepted, or declined where nothing is left."""
    begin(session)
    query = select(LeadRow).where(LeadRow.status == "proposed")
    lead = session.scalars(query.order_by(col(LeadRow.id)).limit(1)).one()
    if not _do(session, lead, CaseAction.ACCEPT, people):
        _do(session, lead, CaseAction.DECLINE, people)


_CHANGES = count(1)


def change_a_need(session: Session, people: People) -> None:
    """Let one need ask for a little more."""
    row = session.scalars(select(NeedRow).order_by(col(NeedRow.position).desc()).limit(1)).one()
    content = json.loads(row.document)
    content["amount_fen"] += 1_000_000 * next(_CHANGES)
    change_record(session, people.organiser.actor, "needs", row.id, content, "*", NOW)


# --- how long it takes ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Took:
    """How long an answer took, in ms by the clock and of this process's processor time."""

    clock: float
    work: float
    status: int
    num_bytes: int


def measure(
    kind: str, database: Database, people: People, samples: Sequence[Sample], repeat: int
) -> list[dict[str, Any]]:
    """Ask for every page; print and return what was found."""
    from api import Settings, create_app

    # What it took to furnish the market is no matter of a process that serves.
    gc.collect()
    gc.freeze()
    url = database.engine.url.render_as_string(hide_password=False)
    settings = Settings(database_url=url, requests_per_minute=1_000_000)
    with serving(create_app(settings, lambda: NOW, is_warmed=True)) as client:
        return [_line(kind, client, database, people, one, repeat) for one in samples]


def _line(
    kind: str, client: Client, database: Database, people: People, sample: Sample, repeat: int
) -> dict[str, Any]:
    role = min(sample.roles, key=list(Role).index)
    person: Person = people.firm if role is Role.ENTERPRISE else getattr(people, role.value)
    with database.reading() as session:
        path = sample.path(session)
    found = dict(zip(_TIMES, _times(client, database, people, person, path, repeat), strict=True))
    last = found["median"]
    line = {"database": kind, "page": sample.route, "role": role.value, "status": last.status}
    for name, took in found.items():
        line |= {f"{name}_ms": round(took.clock, 1), f"{name}_cpu_ms": round(took.work, 1)}
    changed = max(found["after_lead"], found["after_need"], key=lambda one: one.clock)
    line |= {"first_after_change_ms": round(changed.clock, 1), "kib": last.num_bytes // 1024}
    slow = [name for name, took in found.items() if took.clock >= GOAL_MS]
    times = "  ".join(
        f"{name.removeprefix('after_')} {took.clock:6.1f} ({took.work:6.1f})"
        for name, took in found.items()
    )
    over = f"  over the goal: {' '.join(slow)}" if slow else ""
    print(
        f"{kind:10} {sample.route:46} {role.value:10} {last.status}  {times} ms"
        f" {last.num_bytes // 1024:4} KiB{over}",
        flush=True,
    )
    return line


def _times(
    client: Client, database: Database, people: People, person: Person, path: str, repeat: int
) -> Iterator[Took]:
    """Yield what `_TIMES` names."""
    yield _ask(client, person, path)
    for change in (answer_a_lead, change_a_need):
        with database.writing() as session:
            change(session, people)
        yield _ask(client, person, path)
    rest = [_ask(client, person, path) for _ in range(repeat)]
    yield Took(
        statistics.median(one.clock for one in rest),
        statistics.median(one.work for one in rest),
        max(one.status for one in rest),
        rest[-1].num_bytes,
    )


def _ask(client: Client, person: Person, path: str) -> Took:
    begun, worked = time.perf_counter(), time.process_time()
    answer = client.get(path, headers=person.by_session)
    work, clock = time.process_time() - worked, time.perf_counter() - begun
    return Took(clock * 1000, work * 1000, answer.status_code, len(answer.content))


if __name__ == "__main__":
    main()
