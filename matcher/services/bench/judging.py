"""Judge changes and questions as they are put together, as far as that needs no need.

Needs may be many, and a form has to answer at once: what depends on them is told by the run. What
a change does to products, institutions, pools and policies is tried here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlmodel import Session

from matcher.domain.errors import Fault, InputError
from matcher.domain.records import Records
from matcher.domain.text import Text
from matcher.files import read_table
from matcher.files.scenario import scenario_from
from matcher.files.scenario_levers import read_sweep
from matcher.market import Market
from matcher.planning.dimensions import DIMENSIONS
from matcher.planning.encode import Fixings
from matcher.scoring.weights import Weights, default_weights, weights_from
from matcher.services.bench.looking import Bench
from matcher.services.bench.weights import weights_file
from matcher.services.records.loading import market_day
from matcher.services.records.parsed import all_records
from matcher.services.runs.running import weights_file_of
from matcher.services.whatif_asking import MOST_ADVICE, Questions
from matcher.store import blobs
from matcher.store.tables import RunRow, WhatIfRow
from matcher.whatif.changes import Change
from matcher.whatif.setting import Setting

OFFERS = ("institutions", "products", "pools", "policies")
_WHOLE = frozenset({"rates", "criteria", "weights", "fair", "day"})
"""Kinds of changes that touch no need, whatever they are about."""

_NAME = "what-if"


def offers_of(session: Session, row: WhatIfRow, today: date) -> Setting:
    """Return the market of a what-if without its needs."""
    if row.baseline_id is None:
        tables = {name: all_records(session, name) for name in OFFERS}
        day = row.as_of or market_day(session) or today
    else:
        day, tables = _of_plan(session, session.get_one(RunRow, row.baseline_id))
    market = Market.from_records(Records(**tables), day)
    return Setting(market, base_weights(session, row), Fixings())


def base_weights(session: Session, row: WhatIfRow) -> Weights:
    """Return the weights that a what-if starts from: those of the plan that is its baseline."""
    if row.baseline_id is None:
        return default_weights()
    return weights_from(weights_file_of(session.get_one(RunRow, row.baseline_id)))


def _of_plan(session: Session, run: RunRow) -> tuple[date, dict[str, Any]]:
    assert run.input_sha256 is not None  # only what is done is taken for a baseline
    content = json.loads(blobs.fetch(session, run.input_sha256))
    tables = {name: read_table(name, content.get(name, []), origin="plan") for name in OFFERS}
    return date.fromisoformat(content["as_of"]), tables


def judge_changes(
    setting: Setting, changes: Sequence[Mapping[str, Any]]
) -> tuple[Setting, tuple[Change, ...]]:
    """Read changes, each about what those before it leave behind, and try what can be tried.

    Returns
    -------
    tuple[Setting, tuple[Change, ...]]
        What they leave behind, and the changes.

    Raises
    ------
    InputError
        With every fault of the first change that has any.
    """
    found: list[Change] = []
    for data in changes:
        one = scenario_from({"name": _NAME, "changes": [dict(data)]}, setting)
        if data["kind"] in _WHOLE or data.get("table") in OFFERS:
            setting = one.apply(setting).after
        found += one.changes
    return setting, tuple(found)


def tried_weights(session: Session, bench: Bench, today: date) -> str:
    """Return the weights under a what-if as the text of the file that planning takes.

    Raises
    ------
    InputError
        If a change is about what is not there any more.
    """
    changes = [change.data for change in bench.changes]
    setting, _ = judge_changes(offers_of(session, bench.row, today), changes)
    return weights_file(setting.weights, bench.row.name)


def judge_questions(setting: Setting, asked: Questions) -> None:
    """Read what is asked beside the changes.

    Raises
    ------
    InputError
        With every fault.
    """
    faults: list[Fault] = []
    for words in asked.sweeps:
        try:
            read_sweep(words, setting, "sweep")
        except InputError as error:
            faults += error.faults
    if asked.front is not None and asked.front not in DIMENSIONS:
        told = Text("没有这个维度", "is no division of needs")
        faults.append(Fault(told, "front", asked.front, Text.same(", ".join(DIMENSIONS))))
    if not 0 <= asked.advice <= MOST_ADVICE:
        told = Text("取值不可用", "cannot be used")
        faults.append(Fault(told, "advice", asked.advice, Text.same(f"0 … {MOST_ADVICE}")))
    if faults:
        raise InputError(faults)
