"""What is worked at while workers are killed: tiny plans and imports, each counted."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from unittest.mock import patch
from uuid import uuid4

from sqlalchemy import update
from sqlmodel import Session, col, select

from api.schemas.examples import PLAN_CREATE
from matcher.domain.run import IMPORT, PLAN, SCENARIO
from matcher.domain.text import Text
from matcher.files import read_records
from matcher.files.reading import MarketFiles, read_market_content
from matcher.planning.effort import Effort
from matcher.services.imports.kind import IMPORT_KIND
from matcher.services.market_file import records_bytes
from matcher.services.work.kinds import Job, Kind, Progress, Result
from matcher.services.work.plan import PLAN_KIND, PlanAsked
from matcher.services.work.scenario import SCENARIO_KIND, ScenarioAsked, pack
from matcher.store import Database
from matcher.store.tables import METADATA, SettingRow
from matcher.store.types import SHANGHAI

AS_OF = datetime(2022, 5, 25).date()
APPLIED = "kills_applied"
"""A setting that counts how often something was applied: exactly once a run, or it is a bug."""

RECORDS = read_records(PLAN_CREATE["market"])
MARKET = records_bytes(RECORDS, AS_OF)
PLAN_REQUEST: dict[str, Any] = {**PlanAsked(Effort("greedy")).to_json(), "market": "given"}
NOT_LIVE = ("run", "blob", "setting")


def market_of_version(version: int) -> bytes:
    """Return a market that differs from that of another version in every need."""
    needs = tuple(replace(need, amount_fen=10**8 + version) for need in RECORDS.needs)
    return records_bytes(replace(RECORDS, needs=needs), AS_OF)


def counted(kind: Kind) -> Kind:
    """Return a kind that counts what it applied, in the transaction that applies it."""

    def apply(session: Session, job: Job, result: Result, now: datetime) -> Result:
        found = kind.apply(session, job, result, now)
        row = session.scalars(select(SettingRow).where(col(SettingRow.name) == APPLIED)).one()
        one_more = json.dumps(json.loads(row.value) + 1)
        session.execute(
            update(SettingRow).where(col(SettingRow.name) == APPLIED).values(value=one_more)
        )
        return found

    return replace(kind, apply=apply)


def read_plainly(job: Job, progress: Progress) -> Result:
    """Read a file without the guard, which has a process of its own and writes nothing."""

    def read(content: bytes, name: str, reader: str) -> MarketFiles:
        return read_market_content(content, name)

    with patch("matcher.files.guard.read_guarded", read):
        return IMPORT_KIND.compute(job, progress)


KINDS = {
    PLAN: counted(PLAN_KIND),
    IMPORT: counted(replace(IMPORT_KIND, compute=read_plainly)),
}


class Unheard:
    """Listens to nothing."""

    def stage(self, text: Text) -> None:
        """Listen to nothing."""

    def share(self, values: Mapping[str, Any]) -> None:
        """Listen to nothing."""


def warm() -> None:
    """Load the engine's kernels here, so that no copy of this process has to."""
    plan = Job(uuid4(), PLAN, uuid4(), PLAN_REQUEST, MARKET)
    PLAN_KIND.compute(plan, Unheard())
    change = {"kind": "scale", "table": "institutions", "all": True, "fields": ["leads"]}
    asked = {"name": "warm", "changes": [{**change, "factor": 2}]}
    request = ScenarioAsked(Effort("greedy"), scenario=asked, advice=1).to_json()
    scenario = Job(uuid4(), SCENARIO, uuid4(), request, pack(MARKET, b""))
    SCENARIO_KIND.compute(scenario, Unheard())


def live_hash(database: Database, besides: Collection[str] = ()) -> str:
    """Return a hash over every live table: of all that is not of runs, nor named besides."""
    found = hashlib.sha256()
    with database.engine.connect() as connection:
        for table in METADATA.sorted_tables:
            if table.name not in NOT_LIVE and table.name not in besides:
                rows = connection.execute(table.select().order_by(*table.primary_key))
                found.update(f"{table.name}{[tuple(row) for row in rows]!r}".encode())
    return found.hexdigest()


def num_applied(database: Database) -> int:
    """Return how often something was applied."""
    with database.reading() as session:
        query = select(SettingRow.value).where(col(SettingRow.name) == APPLIED)
        return int(json.loads(session.scalars(query).one()))


def now() -> datetime:
    """Return the time of day."""
    return datetime.now(SHANGHAI)
