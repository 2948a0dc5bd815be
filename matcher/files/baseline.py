"""A plan file as the baseline of a comparison: its matches and its prices, not solved again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np

from matcher.assign import Result, Status, bound, check
from matcher.assign.result import relative_gap
from matcher.domain.errors import Fault, InputError, MatcherError
from matcher.domain.expression import parse
from matcher.domain.text import Text
from matcher.files.plan_json import digest_of
from matcher.planning.encode import Encoded, Fixings
from matcher.planning.fairness import FairLevels
from matcher.planning.floors import GroupFloor
from matcher.scoring.graph import ScoringGraph
from matcher.whatif.setting import Setting
from matcher.whatif.solving import Solved, encode_setting, with_levels
from matcher.whatif.warm import Earlier

_READ = Text("来自给定的方案文件", "read from the plan file given")


def read_baseline(path: Path, setting: Setting, market_bytes: bytes) -> Solved:
    """Read a plan file of `matcher plan` as a solved setting; see `baseline_from`."""
    try:
        document = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        message = Text("无法读取方案文件", "cannot read the plan")
        raise InputError([Fault(message, file=path.name, value=str(error))]) from None
    return baseline_from(document, setting, market_bytes, path.name)


def baseline_from(
    document: object, setting: Setting, market_bytes: bytes, file: str | None = None
) -> Solved:
    """Return the document of a plan as a solved setting, with its pins, bans, floors and levels.

    Parameters
    ----------
    setting
        The market and the weights that it must be of.
    market_bytes
        The market in its canonical form; the plan names the hash of it.

    Raises
    ------
    InputError
        If it is no plan, was changed, or is of another market or of other weights; every fault
        is named.
    """
    plan = _plan(document, file)
    faults = _strangers(plan, setting, market_bytes)
    if faults:
        raise InputError(fault.at(file=file) for fault in faults)
    try:
        return _solved(plan, setting)
    except (
        KeyError,
        TypeError,
        ValueError,
        IndexError,
        ArithmeticError,
        AttributeError,
        MatcherError,
    ) as error:
        message = Text("方案文件无法用作基准", "cannot be used as a baseline")
        raise InputError([Fault(message, file=file, value=str(error))]) from None


def _plan(document: object, file: str | None) -> Mapping[str, Any]:
    named = document.get("format") if isinstance(document, Mapping) else None
    if not isinstance(document, Mapping) or not str(named).startswith("yinqi-plan/"):
        message = Text("不是方案文件", "is no plan")
        raise InputError([Fault(message, "format", named, file=file)])
    return document


def _strangers(document: Mapping[str, Any], setting: Setting, market_bytes: bytes) -> list[Fault]:
    """Return why the plan is not of this market."""
    ours = {
        "digest": _digest(document),
        "market_sha256": hashlib.sha256(market_bytes).hexdigest(),
        "weights": setting.weights.sha256,
    }
    theirs = {
        "digest": document.get("digest"),
        "market_sha256": _part(document, "input").get("market_sha256"),
        "weights": _part(document, "weights").get("sha256"),
    }
    told = {
        "digest": Text("文件被改动过", "the file was changed"),
        "market_sha256": Text("方案来自另一个市场", "the plan is of another market"),
        "weights": Text("方案用的是另一套权重", "the plan was made with other weights"),
    }
    return [
        Fault(told[name], name, theirs[name], Text.same(ours[name]))
        for name in ours
        if ours[name] != theirs[name]
    ]


def _digest(document: Mapping[str, Any]) -> str:
    try:
        return digest_of(dict(document))
    except (TypeError, ValueError):
        return "–"


def _part(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = document.get(name)
    return found if isinstance(found, Mapping) else {}


def _solved(document: Mapping[str, Any], setting: Setting) -> Solved:
    asked = _floors(document)
    levels = _levels(document, [floor for floor, is_fair in asked if is_fair])
    own = tuple(floor for floor, is_fair in asked if not is_fair)
    by = None if levels is None else levels.by
    fixed = Setting(setting.market, setting.weights, _fixings(document), own, by)
    graph, encoded = encode_setting(fixed)
    if levels is not None:
        encoded = with_levels(fixed, encoded, levels)
    result = _result(document, graph, encoded)
    check(encoded.problem, result)
    return Solved(fixed, graph, encoded, result, levels)


def _result(document: Mapping[str, Any], graph: ScoringGraph, encoded: Encoded) -> Result:
    problem = encoded.problem
    rows = [((r["kind"], r["id"], r["day"] or ""), r["multiplier"]) for r in document["pools_use"]]
    matches = [
        (m["need"], m["product"], tuple(claim["policy"] for claim in m["claims"]))
        for m in document["matches"]
    ]
    earlier = Earlier(dict(rows), tuple(matches))
    chosen, prices = earlier.edges_in(graph), earlier.prices_for(encoded.rows)
    if len(chosen) != len(matches):
        raise ValueError("some matches are not eligible")
    paid = np.array([floor["multiplier"] for floor in document["floors"]], np.float64)
    objective, limit = problem.worth(chosen), bound(problem, prices, paid)
    return Result(
        status=Status(document["solver"]["status"]),
        chosen=np.sort(chosen),
        objective=objective,
        bound=limit,
        gap=relative_gap(objective, limit),
        multipliers=prices,
        runtime=0.0,
        method=document["solver"]["method_used"],
        reason=_READ,
        solver_bound=document["solver"]["solver_bound"],
        floor_multipliers=paid,
        capacity=problem.row_capacity,
    )


def _floors(document: Mapping[str, Any]) -> list[tuple[GroupFloor, bool]]:
    """Return the floors of a plan, each with whether it is a level of max-min."""
    priced = zip(document["floors"], document["problem"]["floors"], strict=True)
    return [(_floor(said, row["penalty"]), said["fair"]) for said, row in priced]


def _floor(said: Mapping[str, Any], penalty: float) -> GroupFloor:
    return GroupFloor(
        where=None if said["where"] is None else parse(said["where"]),
        group=None if said["group"] is None else (said["group"][0], said["group"][1]),
        institution_id=said["institution"],
        share=None if said["share"] is None else Decimal(said["share"]),
        least=said["number"],
        penalty=penalty,
    )


def _levels(document: Mapping[str, Any], floors: list[GroupFloor]) -> FairLevels | None:
    fair = document["solver"]["fair"]
    return None if fair is None else FairLevels(fair["by"], tuple(floors), fair["proved"])


def _fixings(document: Mapping[str, Any]) -> Fixings:
    """Return the pins and bans of a plan, by ids."""
    problem = document["problem"]
    needs = [need["id"] for need in problem["needs"]]
    products = [product["id"] for product in problem["products"]]
    edges = problem["edges"]
    pairs = {0: set[tuple[str, str]](), 1: set[tuple[str, str]]()}
    for need, product, fixed in zip(edges["need"], edges["product"], edges["fixed"], strict=True):
        if fixed in pairs:
            pairs[fixed].add((needs[need], products[product]))
    return Fixings(frozenset(pairs[1]), frozenset(pairs[0]))
