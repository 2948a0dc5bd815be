"""A plan file as the baseline of a comparison: its matches and its prices, not solved again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from matcher.assign import Result, Status, bound, check
from matcher.assign.result import relative_gap
from matcher.domain.errors import CheckError, Fault, InputError
from matcher.domain.text import Text
from matcher.files.plan_json import digest_of
from matcher.planning.encode import Fixings
from matcher.whatif.setting import Setting
from matcher.whatif.solving import Solved, encode_setting
from matcher.whatif.warm import Earlier

_READ = Text("来自给定的方案文件", "read from the plan file given")


def read_baseline(path: Path, setting: Setting, market_bytes: bytes) -> Solved:
    """Read a plan file of `matcher plan` as a solved setting, with its pins and bans.

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
    document = _document(path)
    faults = _strangers(document, setting, market_bytes)
    if faults:
        raise InputError(fault.at(file=path.name) for fault in faults)
    try:
        return _solved(document, setting)
    except (KeyError, TypeError, ValueError, IndexError, CheckError) as error:
        message = Text("方案文件无法用作基准", "cannot be used as a baseline")
        raise InputError([Fault(message, file=path.name, value=str(error))]) from None


def _document(path: Path) -> Mapping[str, Any]:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        message = Text("无法读取方案文件", "cannot read the plan")
        raise InputError([Fault(message, file=path.name, value=str(error))]) from None
    named = found.get("format") if isinstance(found, dict) else None
    if not str(named).startswith("yinqi-plan/"):
        message = Text("不是方案文件", "is no plan")
        raise InputError([Fault(message, "format", named, file=path.name)])
    return dict(found)


def _strangers(document: Mapping[str, Any], setting: Setting, market_bytes: bytes) -> list[Fault]:
    """Return why the plan is not of this market."""
    ours = {
        "digest": digest_of(dict(document)),
        "market_sha256": hashlib.sha256(market_bytes).hexdigest(),
        "weights": setting.weights.sha256,
    }
    theirs = {
        "digest": document.get("digest"),
        "market_sha256": (document.get("input") or {}).get("market_sha256"),
        "weights": (document.get("weights") or {}).get("sha256"),
    }
    told = {
        "digest": Text("文件被改动过", "the file was changed"),
        "market_sha256": Text("方案来自另一个市场", "the plan is of another market"),
        "weights": Text("方案用的是另一套权重", "the plan was made with other weights"),
    }
    found = [
        Fault(told[name], name, theirs[name], Text.same(ours[name]))
        for name in ours
        if ours[name] != theirs[name]
    ]
    if document.get("floors"):
        # A plan names whom its floors count and not by which rule, which a changed market needs.
        message = Text("带下限的方案不能作基准", "a plan with floors cannot be a baseline")
        instead = Text("在情景中写 floors", "floors in a scenario")
        found.append(Fault(message, "floors", len(document["floors"]), instead))
    return found


def _solved(document: Mapping[str, Any], setting: Setting) -> Solved:
    fixed = Setting(setting.market, setting.weights, _fixings(document), setting.floors)
    graph, encoded = encode_setting(fixed)
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
    objective, limit = problem.worth(chosen), bound(problem, prices)
    result = Result(
        status=Status(document["solver"]["status"]),
        chosen=np.sort(chosen),
        objective=objective,
        bound=limit,
        gap=relative_gap(objective, limit),
        multipliers=prices,
        runtime=0.0,
        method=document["solver"]["method_used"],
        reason=_READ,
        floor_multipliers=np.zeros(len(problem.floors)),
    )
    check(problem, result)
    return Solved(fixed, graph, encoded, result)


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
