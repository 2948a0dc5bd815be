"""From the JSON of a request to a job that can be solved, or every fault of it at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError

from api.runs import PlanJob
from api.schemas.plans import PairCreate, PlanCreate
from api.settings import Settings
from api.validation import faults_of
from matcher.domain.errors import Fault, InputError
from matcher.domain.records import Records
from matcher.domain.text import Text
from matcher.files import read_records
from matcher.files.tables import TABLES
from matcher.planning.effort import Effort
from matcher.planning.encode import Fixings
from matcher.services.rounds import latest_received, make_round

ORIGIN = "market"
_TABLES = frozenset(table.name for table in TABLES)
_NO_DAY = Fault(
    Text("未给出日期，需求也没有提出日期", "no day is given, and no need says when it came"),
    field="as_of",
)


def read_job(document: Any, settings: Settings) -> PlanJob:
    """Read a request for a plan, or a market file just as `matcher plan` writes and reads it.

    Raises
    ------
    InputError
        With every fault of the request and of its market.
    """
    document = _as_request(document)
    asked, faults = _envelope(document)
    records, found = _market(document)
    faults += found
    day = None
    if asked is not None and records is not None:
        day = asked.as_of or latest_received(records)
        faults += [] if day is not None else [_NO_DAY]
    if asked is not None:
        faults += _beyond_limits(asked, settings)
    if asked is not None and records is not None:
        faults += _unusable_pairs(asked, records)
    if faults or asked is None or records is None or day is None:
        raise InputError(faults)
    fixings = Fixings(_pairs(asked.pins), _pairs(asked.bans))
    return PlanJob(make_round(records, day), _solving(asked, settings), fixings)


def _as_request(document: Any) -> Any:
    """Put the tables of a bare market file under ``market``, where a request has them."""
    if not isinstance(document, dict) or "market" in document or not _TABLES & document.keys():
        return document
    tables = {name: rows for name, rows in document.items() if name in _TABLES}
    rest = {name: value for name, value in document.items() if name not in _TABLES}
    return {**rest, "market": tables}


def _envelope(document: Any) -> tuple[PlanCreate | None, list[Fault]]:
    try:
        return PlanCreate.model_validate(document), []
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


def _solving(asked: PlanCreate, settings: Settings) -> Effort:
    how = asked.solving
    limit = min(how.time_limit_seconds, settings.time_limit_max_seconds)
    return Effort(how.method, how.gap, limit, how.seed)


def _beyond_limits(asked: PlanCreate, settings: Settings) -> list[Fault]:
    """Return the fault of a time limit that was asked for and is above the server's."""
    most, seconds = settings.time_limit_max_seconds, asked.solving.time_limit_seconds
    if seconds <= most or "time_limit_seconds" not in asked.solving.model_fields_set:
        return []
    expected = Text("不大于 {n} 的秒数", "{n} seconds at most").format(n=f"{most:g}")
    name = "solving.time_limit_seconds"
    message = Text("超过服务器上限", "more than the server allows")
    return [Fault(message, field=name, value=seconds, expected=expected)]


def _unusable_pairs(asked: PlanCreate, records: Records) -> list[Fault]:
    """Return the faults of pairs whose ids the market does not have, or pinned and banned both."""
    known = {
        "need_id": {need.need_id for need in records.needs},
        "product_id": {product.product_id for product in records.products},
    }
    faults = [
        _unknown(f"{name}[{index}].{key}", getattr(pair, key))
        for name, pairs in (("pins", asked.pins), ("bans", asked.bans))
        for index, pair in enumerate(pairs)
        for key, ids in known.items()
        if getattr(pair, key) not in ids
    ]
    banned = _pairs(asked.bans)
    message = Text("同时被指定和禁止", "is both pinned and banned")
    for index, pair in enumerate(asked.pins):
        if (pair.need_id, pair.product_id) in banned:
            value = f"{pair.need_id} × {pair.product_id}"
            faults.append(Fault(message, field=f"pins[{index}]", value=value))
    return faults


def _unknown(field: str, value: str) -> Fault:
    message = Text("引用的编号不存在", "refers to an id that is not there")
    return Fault(message, field=field, value=value)


def _pairs(pairs: Iterable[PairCreate]) -> frozenset[tuple[str, str]]:
    return frozenset((pair.need_id, pair.product_id) for pair in pairs)
