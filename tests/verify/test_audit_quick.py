from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.assign import Problem, solve
from matcher.assign.check import as_claim
from matcher.verify import audit, audit_quick
from matcher.verify.audit_bound import bound
from matcher.verify.audit_case import NOTHING_SEEN, Case
from tests.assign.strategies import counting_problems, problems, quick

pytest.importorskip("numba")


def audited(claim, large):
    """Return the findings where claims of so many edges count as large."""
    before, audit_quick.LARGE = audit_quick.LARGE, large
    try:
        return audit(claim)
    finally:
        audit_quick.LARGE = before


def quick_look(claim):
    """Return what the quick look says, None where it does not take the claim."""
    before, audit_quick.LARGE = audit_quick.LARGE, 1
    try:
        taken = audit_quick.is_usual(claim)
    finally:
        audit_quick.LARGE = before
    case = Case(claim, NOTHING_SEEN)
    return audit_quick.quick_look(case) if taken and case.ascends else None


@st.composite
def claims(draw):
    """Draw what is claimed of a problem, in order or not, and random multipliers for it."""
    problem = draw(st.one_of(problems(30), counting_problems(30), problems(30, pins=False)))
    if draw(st.booleans()):
        problem = problem.replace(fixed=None, one_per_group=False)
    if draw(st.booleans()):
        problem = problem.replace(weight=problem.weight.astype(np.float32))
    if draw(st.booleans()):
        problem = problem.take_edges(np.lexsort((problem.option, problem.need)))
    result = solve(problem, "greedy")
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    scale = 1 / np.maximum(problem.row_capacity, 1)
    return replace(as_claim(problem, result), multipliers=rng.random(problem.num_rows) * scale)


@given(claims())
@quick
def test_one_compiled_look_says_what_numpy_says(claim):
    """Where the quick look takes a claim, its bound is that of the slow one."""
    look = quick_look(claim)
    if look is not None:
        case = Case(claim)
        value, size = bound(case)
        assert bound(Case(claim, look))[0] == pytest.approx(value, rel=1e-12, abs=1e-12 * size)
        for seen, read in (
            (look.need, case.chosen_need),
            (look.option, case.chosen_option),
            (look.weight, case.chosen_weight),
        ):
            assert seen.tolist() == read.tolist()


SPOILED = {
    "no number": ("weight", np.nan),
    "infinite": ("weight", np.inf),
    "minus infinite": ("weight", -np.inf),
    "no need": ("need", 99),
    "a need below": ("need", -1),
    "no option": ("option", 99),
    "an option below": ("option", -1),
    "a draw below": ("amount", -1),
    "no fixing": ("fixed", 2),
    "a ban": ("fixed", 0),
    "a pin": ("fixed", 1),
    "another weight": ("weight", 7.0),
    "another need": ("need", 3),
}


@given(st.sampled_from(sorted(SPOILED)), st.integers(0, 40 * 200 - 1), st.booleans(), st.booleans())
@quick
def test_whatever_is_spoiled_the_findings_are_the_same(name, place, several, single):
    """The quick way tells each fault as numpy does, wherever the bad entry stands."""
    field, value = SPOILED[name]
    rng = np.random.default_rng(place)
    option = np.sort(np.argsort(rng.random((200, 60)), axis=1)[:, :40], axis=1)
    weight = rng.random(8_000)
    problem = Problem.from_arrays(
        np.repeat(np.arange(200), 40),
        option.ravel(),
        weight.astype(np.float32) if single else weight,
        num_needs=200,
        num_options=60,
        need_limit=3 if several else 1,
        option_limit=np.full(60, 2),
        amount=rng.integers(0, 10**9, 8_000),
        option_quota=np.full(60, 10**9),
    )
    claim = as_claim(problem, solve(problem, "greedy"))
    assert audited(claim, 1) == audited(claim, 10**9) == []
    assert quick_look(claim) is not None
    spoiled = getattr(claim, field).copy()
    spoiled[place] = value
    claim = replace(claim, **{field: spoiled})
    assert audited(claim, 1) == audited(claim, 10**9)


@pytest.mark.parametrize("degree", [1, 4_095, 4_096, 4_097, 9_000])
def test_rows_may_be_longer_than_what_is_looked_at_together(degree):
    """Wherever a look ends, each need is read as a whole."""
    size = 3 * degree
    rng = np.random.default_rng(degree)
    need = np.repeat(np.arange(3), degree)
    problem = Problem.from_arrays(
        need, np.tile(np.arange(degree), 3), rng.random(size), 3, degree, need_limit=[1, 2, 3]
    )
    claim = as_claim(problem, solve(problem, "greedy"))
    best = [np.sort(problem.weight[need == i])[::-1][: i + 1].sum() for i in range(3)]
    assert quick_look(claim).gain == pytest.approx(sum(best), rel=1e-14)
