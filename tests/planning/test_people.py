"""People to tasks: everybody served who can be, loads level, and the best of such plans."""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.assign import Status, check
from matcher.domain.errors import InputError
from matcher.planning import pricing
from matcher.planning.people import PeoplePlan, assign_people


def ids(word: str, count: int) -> list[str]:
    """Return ids that sort in the order of their numbers."""
    return [f"{word}{n:03d}" for n in range(count)]


def as_pairs(plan: PeoplePlan) -> set[tuple[str, str]]:
    """Return who does what."""
    return {(one.task_id, one.person_id) for one in plan.assigned}


def test_226_visits_over_203_advisers_differ_by_at_most_one() -> None:
    """Row B10: ten teams visit the firms of their towns; 23 advisers go twice, 180 once."""
    visits, advisers = ids("visit", 226), ids("adviser", 203)
    scores = {
        (visit, adviser): 1.0 + (v * 7 + a * 13) % 10
        for v, visit in enumerate(visits)
        for a, adviser in enumerate(advisers)
        if v % 10 == a % 10
    }
    plan = assign_people(visits, advisers, scores)
    assert len(plan.assigned) == 226
    assert not plan.unassigned
    assert sorted(plan.load.values()) == [1] * 180 + [2] * 23
    assert plan.spread == 1
    assert plan.result.status is Status.OPTIMAL
    check(plan.problem, plan.result)


def test_every_adviser_may_visit_every_firm() -> None:
    """45,878 pairs, each with a score of its own: solved on few, proved for all of them."""
    visits, advisers = ids("visit", 226), ids("adviser", 203)
    rng = random.Random(3)
    scores = {pair: rng.random() for pair in itertools.product(visits, advisers)}
    plan = assign_people(visits, advisers, scores)
    assert sorted(plan.load.values()) == [1] * 180 + [2] * 23
    assert plan.result.status is Status.OPTIMAL
    assert plan.problem.num_edges == 2 * 226 * 203
    check(plan.problem, plan.result)


def test_14_mentors_within_their_load_have_one_founder_each() -> None:
    """Row B11: one to one; founders beyond the mentors are told why they have none."""
    founders, mentors = ids("founder", 20), ids("mentor", 14)
    plan = assign_people(founders, mentors, limit=1)
    assert set(plan.load.values()) == {1}
    assert len({one.task_id for one in plan.assigned}) == 14
    assert len(plan.unassigned) == 6
    assert {u.reason.en for u in plan.unassigned} == {
        "everybody eligible (14) has as many as they can take"
    }


def test_every_firm_has_exactly_one_lead_bank() -> None:
    """Row B10: of the banks that a firm works with, one leads; banks lead as many, or one more."""
    firms, banks = ids("firm", 50), ids("bank", 7)
    rng = random.Random(1)
    works_with = {firm: rng.sample(banks, 3) for firm in firms}
    scores = {(firm, bank): rng.random() for firm in firms for bank in works_with[firm]}
    plan = assign_people(firms, banks, scores)
    assert [one.task_id for one in plan.assigned] == firms
    assert all(one.person_id in works_with[one.task_id] for one in plan.assigned)
    assert sorted(plan.load.values()) == [7] * 6 + [8]


def test_the_spread_is_raised_only_as_far_as_eligibility_asks() -> None:
    """One adviser alone speaks the language of four firms; two others share the other two."""
    pairs = [(f"t{n}", "a") for n in range(4)]
    pairs += [(task, person) for task in ("t4", "t5") for person in "bc"]
    plan = assign_people([f"t{n}" for n in range(6)], "abc", pairs)
    assert plan.load == {"a": 4, "b": 1, "c": 1}
    assert plan.spread == plan.widest == 3


def test_who_is_at_their_limit_or_can_do_nothing_is_not_left_behind() -> None:
    """A part-time adviser's two visits beside five and five is level."""
    plan = assign_people(ids("t", 12), ["full1", "full2", "none", "part"],
                         [(t, p) for t in ids("t", 12) for p in ("full1", "full2", "part")],
                         limit={"part": 2})  # fmt: skip
    assert plan.load == {"full1": 5, "full2": 5, "none": 0, "part": 2}
    assert plan.spread == 0
    assert plan.widest == 5


def test_without_levelling_scores_alone_decide() -> None:
    """A spread of None keeps the limits and nothing else."""
    tasks = ids("t", 6)
    scores = {(t, p): 2.0 if p == "a" else 1.0 for t in tasks for p in "ab"}
    assert assign_people(tasks, "ab", scores, spread=None).load == {"a": 6, "b": 0}
    assert assign_people(tasks, "ab", scores).load == {"a": 3, "b": 3}


def test_a_task_that_nobody_may_do_says_so() -> None:
    """Its reason is another than that of one whose people are full."""
    plan = assign_people(["t1", "t2"], ["a"], [("t1", "a")])
    assert [(u.task_id, u.reason.zh) for u in plan.unassigned] == [("t2", "没有可选的人员")]


@pytest.mark.parametrize(("tasks", "people"), [((), ()), (("t",), ()), ((), ("a",))])
def test_nothing_to_assign_is_an_empty_plan(tasks: tuple[str], people: tuple[str]) -> None:
    """It is a status, not an error."""
    plan = assign_people(tasks, people)
    assert plan.assigned == ()
    assert plan.result.status is Status.NOTHING
    assert len(plan.unassigned) == len(tasks)


def test_every_fault_is_named_at_once() -> None:
    """Unknown ids, ids used twice, scores and limits that cannot be used."""
    with pytest.raises(InputError) as caught:
        assign_people(["t", "t"], ["a"], {("x", "a"): 1.0, ("t", "a"): -1.0}, limit={"b": -1})
    assert [fault.field for fault in caught.value.faults] == [
        "tasks", "pairs[x, a]", "pairs[t, a]", "limit", "limit[b]",
    ]  # fmt: skip
    with pytest.raises(InputError):
        assign_people(["t"], ["a"], spread=0)


@st.composite
def tiny(draw: st.DrawFn) -> tuple[list[str], list[str], dict[tuple[str, str], float], dict]:
    """Draw at most five tasks and three people, with limits for some of them."""
    tasks, people = ids("t", draw(st.integers(1, 5))), ids("p", draw(st.integers(1, 3)))
    every = list(itertools.product(tasks, people))
    kept = draw(st.lists(st.sampled_from(every), unique=True))
    scores = {pair: float(draw(st.integers(0, 4))) for pair in kept}
    limit = draw(st.dictionaries(st.sampled_from(people), st.integers(0, 3)))
    return tasks, people, scores, limit


def brute_force(tasks, people, scores, limit) -> tuple[int, int, float]:
    """Return the tasks served, the least spread (at least 1) and the best score, by trying all."""
    able = {p: sum((t, p) in scores for t in tasks) for p in people}
    most = {p: min(limit.get(p, able[p]), able[p]) for p in people}
    choices = [[None, *(p for p in people if (t, p) in scores)] for t in tasks]
    found = []
    for plan in itertools.product(*choices):
        load = {p: plan.count(p) for p in people}
        if all(load[p] <= most[p] for p in people):
            room = [load[p] for p in people if load[p] < most[p]]
            spread = max(1, max(load.values()) - min(room)) if room else 1
            score = sum(scores[t, p] for t, p in zip(tasks, plan, strict=True) if p)
            found.append((-sum(load.values()), spread, -score))
    served, spread, score = min(found)
    return -served, spread, -score


@given(tiny())
def test_it_agrees_with_trying_every_plan(case) -> None:
    """Most served first, then the least spread, then the greatest score."""
    plan = assign_people(case[0], case[1], case[2], limit=case[3])
    served, spread, score = brute_force(*case)
    assert (len(plan.assigned), max(1, plan.spread)) == (served, spread)
    assert plan.score == pytest.approx(score)
    assert len(plan.assigned) + len(plan.unassigned) == len(case[0])
    check(plan.problem, plan.result)


@given(tiny(), st.randoms())
def test_the_order_of_the_input_changes_nothing(case, rng: random.Random) -> None:
    """Whoever is named first has no advantage, and the same question has the same answer."""
    tasks, people, scores, limit = case
    mixed = [rng.sample(list(part), len(part)) for part in (tasks, people, scores.items())]
    again = assign_people(mixed[0], mixed[1], dict(mixed[2]), limit=limit)
    assert as_pairs(again) == as_pairs(assign_people(tasks, people, scores, limit=limit))


@given(st.integers(1, 40), st.integers(1, 9))
def test_where_everybody_may_do_everything_loads_differ_by_at_most_one(n: int, m: int) -> None:
    """N tasks over m people are ⌊n/m⌋ or one more each."""
    plan = assign_people(ids("t", n), ids("p", m))
    loads = list(plan.load.values())
    assert sum(loads) == n
    assert max(loads) - min(loads) <= 1
    assert plan.spread == (n % m > 0)


@given(st.integers(0, 2**32), st.integers(2, 12), st.integers(1, 6))
@settings(max_examples=20)
def test_solving_on_few_pairs_is_as_good_as_on_all(seed: int, n: int, m: int) -> None:
    """Whatever is priced out, score, loads and proof are the same."""
    rng = random.Random(seed)
    pairs = itertools.product(ids("t", n), ids("p", m))
    scores = {pair: float(rng.randint(0, 9)) for pair in pairs if rng.random() < 0.8}
    whole = assign_people(ids("t", n), ids("p", m), scores)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"FEW": 0, "FIRST": 1, "MORE": 1}.items():
            patch.setattr(pricing, name, value)
        few = assign_people(ids("t", n), ids("p", m), scores)
    assert few.score == pytest.approx(whole.score)
    assert (few.spread, few.result.status) == (whole.spread, whole.result.status)
    assert len(few.assigned) == len(whole.assigned)
