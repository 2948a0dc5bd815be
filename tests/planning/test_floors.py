"""Floors in the words of the round: groups, institutions, what they get and what they cost."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from openpyxl import load_workbook

from matcher.assign.fairness import max_min
from matcher.domain.errors import InputError
from matcher.domain.expression import parse
from matcher.files.plan_excel import write_plan_workbook
from matcher.files.plan_json import plan_bytes, plan_document
from matcher.market import Market
from matcher.planning import fairness
from matcher.planning.dimensions import DIMENSIONS
from matcher.planning.encode import encode
from matcher.planning.fairness import fair_floors
from matcher.planning.floors import GroupFloor, reachable
from matcher.planning.make import make_plan
from matcher.scoring.graph import ScoringGraph
from matcher.scoring.weights import default_weights
from matcher.services.planning import parse_floors
from matcher.verify.plan_file import verify_plan
from tests.planning_examples import FLOORS, INPUTS, example_plan
from tests.strategies import markets

WEIGHTS = default_weights()


def test_floors_are_counted_by_the_records():
    """Members, matched needs and leads are those one counts by hand."""
    plan = example_plan(floors=FLOORS)
    every, large, urgent, bank = plan.floors
    matched = {m.need.need_id for m in plan.matches}
    needs = plan.graph.market.needs
    big = {n.need_id for n in needs if n.amount_fen >= 100_000_000}
    first = {n.need_id for n in needs if n.priority == 5}
    assert (every.num_members, every.num_matched) == (len(needs), len(matched))
    assert (large.num_members, large.num_matched) == (len(big), len(big & matched))
    assert large.num_asked == -(-len(big) // 2)
    assert (urgent.num_members, urgent.num_matched) == (len(first), len(first & matched))
    leads = [m for m in plan.matches if m.institution.institution_id == "B2"]
    assert bank.num_matched == len(leads)


def test_what_floors_cost_is_the_score_that_is_lost():
    """The free plan is worth more by the cost, and the floors' plan is no worse for them."""
    free, held = example_plan(), example_plan(floors=FLOORS)
    assert held.score_without_floors == pytest.approx(free.result.objective)
    assert held.cost_of_floors == pytest.approx(max(free.score - held.score, 0.0))
    assert free.cost_of_floors is None


@given(markets())
@settings(max_examples=10)
def test_who_cannot_be_served_is_not_asked_for(market: Market):
    """The floor of all needs asks for those that some product fits, and loses nothing more."""
    plan = make_plan(market, WEIGHTS, floors=[GroupFloor(share=Decimal(1))])
    report = plan.floors[0]
    assert report.num_asked == market.num_needs
    assert report.num_reachable == int(reachable(plan.problem).sum())
    assert plan.problem.floors[0].least == report.num_reachable
    assert report.num_matched == plan.num_matched_needs


@given(markets())
@settings(max_examples=10)
def test_max_min_plans_serve_the_worst_group_no_worse(market: Market):
    """By size class: the smallest share of those who can be served does not fall."""
    free, fair = make_plan(market, WEIGHTS), make_plan(market, WEIGHTS, fair="size")
    assert _worst(fair) >= _worst(free) - 1e-12


def _worst(plan) -> float:
    market, is_open = plan.graph.market, reachable(plan.problem)
    matched = {m.need.need_id for m in plan.matches}
    groups: dict[str, list[bool]] = {}
    for i, (need, firm) in enumerate(zip(market.needs, market.enterprise_of, strict=True)):
        if is_open[i]:
            key = DIMENSIONS["size"].key(need, firm)
            groups.setdefault(key, []).append(need.need_id in matched)
    return min((float(np.mean(met)) for met in groups.values()), default=1.0)


def test_institutions_can_be_the_groups_of_max_min():
    """One floor for each institution, none above the leads that it takes."""
    plan = example_plan()
    market = plan.graph.market
    found = fair_floors(market, encode(ScoringGraph.build(market, WEIGHTS)), "institution")
    assert found.proved
    assert [f.institution_id for f in found.floors] == [
        i.institution_id for i in market.institutions
    ]
    for floor, institution in zip(found.floors, market.institutions, strict=True):
        assert institution.leads is None or floor.least <= institution.leads


def test_floors_are_read_as_people_write_them():
    """A rule or an institution, a share or a number, perhaps a penalty; both kinds of colon."""
    words = ["企业规模 = 微型: 90%", "size = micro：12 @ 3", "机构 B1: 5", "*: 50%"]
    micro, some, bank, every = parse_floors(words, "--floor")
    assert micro == GroupFloor(where=parse("size = micro"), share=Decimal("0.9"))
    assert some == GroupFloor(where=parse("size = micro"), least=12, penalty=3.0)
    assert bank == GroupFloor(institution_id="B1", least=5)
    assert every == GroupFloor(share=Decimal("0.5"))


def test_every_floor_that_cannot_be_read_is_named():
    """No colon, an unknown attribute, half a need, a share of leads, more than all."""
    words = ["size = micro", "abc: 3", "*: 1.5", "institution B1: 50%", "*: 120%", "*: 3 @ 0"]
    with pytest.raises(InputError) as caught:
        parse_floors(words, "--floor")
    assert len(caught.value.faults) == len(words)
    assert {fault.field for fault in caught.value.faults} == {"--floor"}


def test_an_institution_that_is_not_there_and_an_unknown_way_to_divide_are_refused():
    """Each with its name."""
    with pytest.raises(InputError, match="B9"):
        example_plan(floors=[GroupFloor(institution_id="B9", least=1)])
    with pytest.raises(InputError, match="colour"):
        example_plan(fair="colour")


def test_the_workbook_never_promises_what_floors_make_untrue(tmp_path):
    """The bound is of the score less what floors lack, and is told so: free plans score more."""
    plan = example_plan(floors=FLOORS)
    write_plan_workbook(tmp_path / "plan.xlsx", plan, INPUTS)
    book = load_workbook(tmp_path / "plan.xlsx")
    told = {row[0]: row[1] for row in book["概览"].iter_rows(values_only=True)}
    assert told["总分"] == pytest.approx(plan.score)
    assert told["总分减去底线不足的罚分"] == pytest.approx(plan.result.objective)
    assert "总分上限" not in told
    floors = list(book["底线"].iter_rows(values_only=True))[1:]
    assert [row[4] for row in floors] == [r.num_matched for r in plan.floors]
    for row, report in zip(floors, plan.floors, strict=True):
        assert (row[5] is None) == (not report.has_more)


def test_levels_that_nobody_proved_are_told_as_that(monkeypatch):
    """With no time for it the plan says so in both languages, and so does its file."""
    monkeypatch.setattr(fairness, "max_min", lambda *given: max_min(*given[:3], 1e-9))
    plan = example_plan(fair="size")
    assert plan.fair is not None
    assert not plan.fair.proved
    assert [note.en[:7] for note in plan.notes] == ["not all"]
    document = plan_document(plan, INPUTS)
    assert document["solver"]["fair"] == {"by": "size", "proved": False}
    assert verify_plan(plan_bytes(document)) == []
    assert example_plan().notes == ()
