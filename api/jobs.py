"""From the JSON of a request to what a run is asked, or every fault of it at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import ValidationError

from api.schemas.base import Schema
from api.schemas.plans import PairCreate, PlanCreate, SolvingCreate
from api.schemas.scenarios import ScenarioCreate
from api.settings import Settings
from api.validation import faults_of
from matcher.domain.errors import Fault, InputError
from matcher.domain.records import Records
from matcher.domain.text import Text
from matcher.files import read_records
from matcher.files.tables import TABLES
from matcher.planning.effort import Effort
from matcher.services.planning import parse_floors
from matcher.services.rounds import latest_received
from matcher.services.runs.plans import GivenMarket
from matcher.services.work.plan import PlanAsked
from matcher.services.work.scenario import ScenarioAsked

ORIGIN = "market"
S = TypeVar("S", bound=Schema)
_TABLES = frozenset(table.name for table in TABLES)
_NO_DAY = Fault(
    Text("未给出日期，需求也没有提出日期", "no day is given, and no need says when it came"),
    field="as_of",
)


@dataclass(frozen=True, eq=False, slots=True)
class PlanJob:
    """What a request asks for: how to plan and, unless it is the live one, the market."""

    asked: PlanAsked
    market: GivenMarket | None


def read_job(document: Any, settings: Settings) -> PlanJob:
    """Read a request for a plan, or a market file just as `matcher plan` writes and reads it.

    Raises
    ------
    InputError
        With every fault of the request and of its market.
    """
    document = _as_request(document)
    asked, faults = _validated(PlanCreate, document)
    records, found = _market(document)
    faults += found
    day = None if asked is None else asked.as_of
    if asked is not None and records is not None:
        day = day or latest_received(records)
        faults += [] if day is not None else [_NO_DAY]
        faults += _unusable_pairs(asked, records)
    if asked is not None:
        faults += _beyond_limits(asked.solving, settings)
        faults += _pinned_and_banned(asked)
        faults += _unreadable_floors(asked)
    if faults or asked is None:
        raise InputError(faults)
    market = None if records is None or day is None else GivenMarket(records, day)
    return PlanJob(_asked(asked, settings), market)


def read_scenario(document: Any, settings: Settings) -> ScenarioAsked:
    """Read a request for a what-if.

    Raises
    ------
    InputError
        With every fault of the request; those of the scenario are found by its run.
    """
    asked, faults = _validated(ScenarioCreate, document)
    if asked is not None:
        faults += _beyond_limits(asked.solving, settings)
    if faults or asked is None:
        raise InputError(faults)
    ask = asked.ask
    return ScenarioAsked(
        _effort(asked.solving, settings),
        asked.baseline,
        asked.as_of,
        asked.scenario,
        ask.sweeps,
        ask.front,
        ask.least,
        ask.displace,
        ask.advice,
    )


def _as_request(document: Any) -> Any:
    """Put the tables of a bare market file under ``market``, where a request has them."""
    if not isinstance(document, dict) or "market" in document or not _TABLES & document.keys():
        return document
    tables = {name: rows for name, rows in document.items() if name in _TABLES}
    rest = {name: value for name, value in document.items() if name not in _TABLES}
    return {**rest, "market": tables}


def _validated(schema: type[S], document: Any) -> tuple[S | None, list[Fault]]:
    try:
        return schema.model_validate(document), []
    except ValidationError as error:
        details = error.errors(include_url=False)
        return None, faults_of(dict(detail) for detail in details)


def _market(document: Any) -> tuple[Records | None, list[Fault]]:
    """Read the market, if there is one to read; its absence is a fault of the envelope."""
    market = document.get("market") if isinstance(document, dict) else None
    if not isinstance(market, dict):
        return None, []
    try:
        return read_records(market, ORIGIN), []
    except InputError as error:
        return None, list(error.faults)


def _asked(asked: PlanCreate, settings: Settings) -> PlanAsked:
    return PlanAsked(
        _effort(asked.solving, settings),
        asked.as_of,
        tuple(sorted(_pairs(asked.pins))),
        tuple(sorted(_pairs(asked.bans))),
        asked.floors,
        asked.fair,
    )


def _effort(how: SolvingCreate, settings: Settings) -> Effort:
    limit = min(how.time_limit_seconds, settings.time_limit_max_seconds)
    return Effort(how.method, how.gap, limit, how.seed)


def _unreadable_floors(asked: PlanCreate) -> list[Fault]:
    try:
        parse_floors(asked.floors, "floors")
    except InputError as error:
        return list(error.faults)
    return []


def _beyond_limits(how: SolvingCreate, settings: Settings) -> list[Fault]:
    """Return the fault of a time limit that was asked for and is above the server's."""
    most, seconds = settings.time_limit_max_seconds, how.time_limit_seconds
    if seconds <= most or "time_limit_seconds" not in how.model_fields_set:
        return []
    expected = Text("不大于 {n} 的秒数", "{n} seconds at most").format(n=f"{most:g}")
    name = "solving.time_limit_seconds"
    message = Text("超过服务器上限", "more than the server allows")
    return [Fault(message, field=name, value=seconds, expected=expected)]


def _unusable_pairs(asked: PlanCreate, records: Records) -> list[Fault]:
    """Return the faults of pairs whose ids the market does not have."""
    known = {
        "need_id": {need.need_id for need in records.needs},
        "product_id": {product.product_id for product in records.products},
    }
    return [
        _unknown(f"{name}[{index}].{key}", getattr(pair, key))
        for name, pairs in (("pins", asked.pins), ("bans", asked.bans))
        for index, pair in enumerate(pairs)
        for key, ids in known.items()
        if getattr(pair, key) not in ids
    ]


def _pinned_and_banned(asked: PlanCreate) -> list[Fault]:
    banned = _pairs(asked.bans)
    message = Text("同时被指定和禁止", "is both pinned and banned")
    return [
        Fault(message, field=f"pins[{index}]", value=f"{pair.need_id} × {pair.product_id}")
        for index, pair in enumerate(asked.pins)
        if (pair.need_id, pair.product_id) in banned
    ]


def _unknown(field: str, value: str) -> Fault:
    message = Text("引用的编号不存在", "refers to an id that is not there")
    return Fault(message, field=field, value=value)


def _pairs(pairs: Iterable[PairCreate]) -> frozenset[tuple[str, str]]:
    return frozenset((pair.need_id, pair.product_id) for pair in pairs)
