import copy
import json
import random
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from matcher.assign import Floor, Problem, bound, check, solve
from matcher.files.plan_json import plan_bytes, plan_document
from matcher.verify.plan_file import verify_plan
from tests.planning_examples import FLOORS, INPUTS, example_plan
from tests.verify.corruptions import corrupted, sealed


@cache
def example_bytes() -> bytes:
    """Return the plan file of the example with floors."""
    return plan_bytes(plan_document(example_plan(floors=FLOORS), INPUTS))


def example() -> dict:
    """Return a fresh copy of it as a document."""
    return json.loads(example_bytes())


def test_a_plan_with_floors_holds():
    """Floors that are kept, that are not and that pay: none has a finding."""
    document = example()
    assert verify_plan(example_bytes()) == []
    lacks = [floor["asked"] - floor["matched"] for floor in document["floors"]]
    assert max(lacks) > 0
    assert min(lacks) <= 0
    assert any(floor["multiplier"] > 0 for floor in document["floors"])
    assert document["objective"] < document["score"]


@pytest.mark.parametrize("seed", range(60))
def test_every_corruption_of_it_is_found(seed):
    """Flipped bytes, lost ends, changed, lost and swapped values."""
    assert verify_plan(corrupted(example_bytes(), random.Random(seed)))


def _forge(change) -> set[str]:
    document = copy.deepcopy(example())
    change(document)
    return {finding.code for finding in verify_plan(sealed(document))}


@pytest.mark.parametrize("key", ["members", "asked", "reachable", "matched", "multiplier"])
def test_a_forged_number_of_a_floor_is_found(key):
    """Even where the digest is made to fit."""

    def change(document):
        document["floors"][1][key] += 1

    assert _forge(change) & {"floors", "bound", "floor_multipliers"}


@pytest.mark.parametrize("key", ["least", "penalty"])
def test_a_floor_cannot_be_made_cheaper(key):
    """Asking for less, or for less money, contradicts objective and bound."""

    def change(document):
        floor = max(
            range(len(document["floors"])),
            key=lambda k: document["floors"][k]["asked"] - document["floors"][k]["matched"],
        )
        document["problem"]["floors"][floor][key] -= 1 if key == "least" else 0.01

    assert _forge(change)


def test_a_member_cannot_be_left_out():
    """The needs of a group are counted again."""
    assert _forge(lambda d: d["problem"]["floors"][0]["needs"].pop())


def test_a_floor_cannot_vanish_or_stand_on_both_feet():
    """Both lists are as long, and a floor counts needs or products."""
    assert "reference" in _forge(lambda d: d["floors"].pop())
    assert "reference" in _forge(lambda d: d["problem"]["floors"][0].update(products=[0]))
    assert "reference" in _forge(lambda d: d["problem"]["floors"][0]["needs"].append(99))


def test_the_score_is_that_of_the_matches():
    """Neither score nor what it would be without floors can be made up out of nothing."""
    assert "floors" in _forge(lambda d: d.update(score=d["score"] + 1))
    assert "floors" in _forge(lambda d: d.update(score_without_floors=None))


def test_a_need_that_is_met_for_its_bonus_counts_where_its_best_edge_is_worth_nothing():
    """The engine's bound and the audit's agree where a price takes all of an edge's worth."""
    floor = Floor(needs=np.array([0]), least=1, penalty=2.0)
    problem = Problem.from_arrays(
        [0, 1], [0, 0], [1.0, 1.0], num_needs=2, num_options=1, option_limit=[1], floors=(floor,)
    )
    found = solve(problem, "milp")
    limit = bound(problem, [1.0], [2.0])
    assert limit == pytest.approx(1.0)
    priced = {"multipliers": np.array([1.0]), "floor_multipliers": np.array([2.0])}
    check(problem, replace(found, bound=limit, gap=0.0, **priced))
