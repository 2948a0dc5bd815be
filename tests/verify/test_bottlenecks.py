"""Bottlenecks of a plan file: each forged one is refused."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

import seeds
from matcher.files.plan_json import PlanInputs, plan_bytes, plan_document
from matcher.market import Market
from matcher.planning.make import make_plan
from matcher.scoring.weights import default_weights
from matcher.verify.plan_file import verify_plan
from tests.verify.corruptions import sealed


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """Return the plan of the seeds as its file says it."""
    plan = make_plan(Market.from_records(seeds.load(), seeds.SEED_DATE), default_weights())
    found = plan_document(plan, PlanInputs((), "0" * 64))
    return json.loads(plan_bytes(found))


def codes(document: dict[str, Any]) -> set[str]:
    """Return what the checker finds, by code."""
    return {f.code for f in verify_plan(sealed(document))}


def test_the_bottlenecks_of_the_seeds_hold(document):
    """There are some, and no finding."""
    assert document["bottlenecks"]
    assert codes(document) == set()


FORGERIES = {
    "fewer places": lambda b: b.update(places=b["places"] - 1),
    "as many places as needs": lambda b: b.update(places=len(b["needs"])),
    "a need that has another way": lambda b: b["needs"].insert(0, "binjiang-a1"),
    "a need twice": lambda b: b["needs"].append(b["needs"][-1]),
    "another row": lambda b: b["rows"][0].update(id="shangcheng-risk-pool", day=None),
    "a row of another day": lambda b: b["rows"][0].update(day="2030-01-01"),
    "help for more than are short": lambda b: b["helps"][0].update(more=len(b["needs"])),
}


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES)
def test_a_bottleneck_that_is_none_is_refused(document, forge):
    """Whatever is changed in it, the checker counts again."""
    forged = copy.deepcopy(document)
    forge(forged["bottlenecks"][0])
    assert codes(forged) & {"bottleneck", "reference", "shape"}
