import re

import numpy as np
import pytest
from hypothesis import given

from matcher.assign import UNLIMITED, Pool, Problem
from matcher.assign.reading import SHOWN
from matcher.domain.errors import InputError, ProblemError
from matcher.domain.text import Lang
from tests.assign.strategies import arguments, problems, quick, rows_by_hand


def two_by_two(**changes):
    """Return arguments of a sound problem of three edges, with changes."""
    sound = {
        "need": [0, 0, 1],
        "option": [0, 1, 0],
        "weight": [3.0, 2.0, 1.0],
        "num_needs": 2,
        "num_options": 2,
    }
    return {**sound, **changes}


def faults_of(**changes):
    """Return the sentences of the error that the changed arguments raise."""
    with pytest.raises(ProblemError) as caught:
        Problem.from_arrays(**two_by_two(**changes))
    return caught.value.sentences(Lang.EN)


def test_the_first_three_arrays_may_be_given_by_position():
    """from_arrays(need, option, weight, ...) reads like the design says."""
    problem = Problem.from_arrays([0], [0], [1], num_needs=1, num_options=1)
    assert (problem.num_edges, problem.num_rows) == (1, 0)


def test_types_are_those_documented():
    """Indices become int32, money int64, weights float64 unless they are float32."""
    problem = Problem.from_arrays(**two_by_two(amount=[1, 2, 3], weight=[1, 2, 3]))
    assert problem.need.dtype == problem.option.dtype == np.int32
    assert problem.amount.dtype == problem.need_limit.dtype == np.int64
    assert problem.weight.dtype == np.float64
    assert problem.fixed.tolist() == [-1, -1, -1]


def test_float32_weights_are_kept():
    """A float32 score array is not blown up to float64."""
    weight = np.ones(3, dtype=np.float32)
    assert Problem.from_arrays(**two_by_two(weight=weight)).weight.dtype == np.float32


def test_a_scalar_need_limit_holds_for_every_need():
    """One number stands for all needs."""
    assert Problem.from_arrays(**two_by_two(need_limit=3)).need_limit.tolist() == [3, 3]


def test_a_need_limit_of_zero_is_a_limit():
    """Zero is a value and not an absent one."""
    assert Problem.from_arrays(**two_by_two(need_limit=0)).need_limit.tolist() == [0, 0]


@quick
@given(arguments())
def test_arrays_are_owned_and_cannot_be_written(given_arguments):
    """No array of a problem, its pools or its rows is writeable or shared with the caller."""
    problem = Problem.from_arrays(**given_arguments)
    arrays = [v for v in vars(problem).values() if isinstance(v, np.ndarray)]
    arrays += [problem.rows.capacity, problem.rows.row_idx, problem.rows.draw, problem.pinned]
    arrays += [a for pool in problem.pools for a in (pool.options, pool.draw) if a is not None]
    assert not any(array.flags.writeable for array in arrays)
    mine = [v for v in given_arguments.values() if isinstance(v, np.ndarray)]
    assert not any(np.shares_memory(a, b) for a in arrays for b in mine)


def test_a_change_of_the_callers_array_does_not_reach_the_problem():
    """The problem copies; the caller may go on with his arrays."""
    weight = np.array([3.0, 2.0, 1.0])
    problem = Problem.from_arrays(**two_by_two(weight=weight))
    weight[0] = 99
    assert problem.weight[0] == 3.0


@quick
@given(problems())
def test_rows_stand_in_canonical_order(problem):
    """Capacities and draws are those of a plain enumeration of the blocks."""
    by_hand = rows_by_hand(problem)
    dense = np.zeros((problem.num_rows, problem.num_edges), dtype=np.int64)
    rows = problem.rows
    dense[rows.row_idx, rows.edge_idx] = rows.draw
    assert problem.row_capacity.tolist() == [capacity for capacity, _ in by_hand]
    assert dense.tolist() == [draw for _, draw in by_hand]


@quick
@given(problems())
def test_rows_by_edge_are_the_same_rows(problem):
    """The view by edge holds the same triples as the view by row."""
    rows = problem.rows
    start, row_idx, draw = rows.by_edge
    edge_idx = np.repeat(np.arange(problem.num_edges), np.diff(start))
    by_edge = sorted(zip(row_idx, edge_idx, draw, strict=True))
    assert by_edge == sorted(zip(rows.row_idx, rows.edge_idx, rows.draw, strict=True))


def test_unlimited_entries_make_no_row():
    """UNLIMITED in a limit, a quota or a pool leaves no row and no multiplier."""
    pools = [Pool([0], UNLIMITED), Pool([0, 1], 5)]
    problem = Problem.from_arrays(**two_by_two(option_limit=[UNLIMITED, 4], pools=pools))
    labels = [problem.row_label(r) for r in range(problem.num_rows)]
    assert labels == [("option_limit", 1), ("pool", 1)]
    assert problem.row_capacity.tolist() == [4, 5]


def test_pools_draw_by_unit_unless_told_otherwise():
    """A count pool draws 1, a fen pool the amount, and an own draw overrides both."""
    pools = [Pool([0], 9), Pool([0], 9, "fen"), Pool([0, 0], 9, "fen", draw=[7, 8, 9])]
    rows = Problem.from_arrays(**two_by_two(amount=[10, 20, 30], pools=pools)).rows
    assert rows.used(np.array([0, 1, 2])).tolist() == [2, 40, 16]


def test_replace_returns_a_checked_variant_and_keeps_the_original():
    """A variant differs only in what was named, and is validated like a new problem."""
    problem = Problem.from_arrays(**two_by_two(option_limit=[1, 1]))
    variant = problem.replace(option_limit=[2, 0])
    assert variant.option_limit.tolist() == [2, 0]
    assert problem.option_limit.tolist() == [1, 1]
    assert variant.weight.tolist() == problem.weight.tolist()
    with pytest.raises(ProblemError):
        problem.replace(option_limit=[-1, 0])


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"num_options": 1}, r"option\[1\]: 1 is not within 0 to 0"),
        ({"need": [0, 1], "option": [0, 1]}, r"weight: shape \(3,\), expected \(2,\)"),
        ({"weight": [1.0, np.nan, 2.0]}, r"weight\[1\]: nan is not finite"),
        ({"amount": [2**62, 2**62, 2**62]}, r"amount: adds up to"),
        ({"pools": [Pool([0], 1, "fen", draw=[1, 2])]}, r"pools\[0\]\.draw: shape \(2,\)"),
    ],
)
def test_a_variant_tells_what_no_longer_fits_what_it_kept(changes, wanted):
    """What was checked before is checked again where its sizes or bounds have changed."""
    problem = Problem.from_arrays(**two_by_two(amount=[10, 20, 30]))
    with pytest.raises(ProblemError, match=wanted):
        problem.replace(**changes)


def test_an_array_that_was_checked_for_one_thing_is_checked_for_another():
    """The very array of an original's needs makes no pins and no weights of a variant unseen."""
    problem = Problem.from_arrays([0, 2], [0, 0], [1.0, 2.0], 3, 1, amount=[5, 2**62])
    with pytest.raises(ProblemError, match=r"fixed\[1\]: 2 is not within -1 to 1"):
        problem.replace(fixed=problem.need)
    assert problem.replace(weight=problem.need).weight.dtype == np.float64
    assert problem.replace(pools=[Pool([0], 1, "fen", draw=problem.need)]).pools[0].draw.dtype == (
        np.int64
    )


def test_a_variant_has_the_very_edges_of_its_original():
    """No array of edges is copied for a variant that leaves it alone."""
    pool = Pool([0], 9, "fen", draw=[7, 8, 9])
    problem = Problem.from_arrays(**two_by_two(amount=[10, 20, 30], pools=[pool]))
    variant = problem.replace(option_limit=[1, 1])
    for name in ("need", "option", "weight", "amount", "fixed"):
        assert getattr(variant, name) is getattr(problem, name)
    with pytest.raises(TypeError, match="no limits"):
        problem.replace(limits=3)


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"need": [0, 5, 1]}, r"need\[1\]: 5 is not within 0 to 1"),
        ({"option": [0, 1, -1]}, r"option\[2\]: -1 is not within 0 to 1"),
        ({"need": [0, 0.5, 1]}, r"need\[1\]: 0\.5 is no integer"),
        ({"need": [0.0, 0.0, 1.0]}, r"need: must be an array of 64-bit integers, not of float64"),
        ({"need": [True, False, True]}, r"need: .* not of bool"),
        ({"need": [[0, 1], [0, 1]]}, r"need: shape \(2, 2\)"),
        ({"need": [[0], [0, 1], [1]]}, r"need: must be an array of 64-bit integers, not of object"),
        ({"weight": [[1.0], [2.0], [3.0]]}, r"weight: shape \(3, 1\), expected \(3,\)"),
        ({"option": [0, 1]}, r"option: shape \(2,\), expected \(3,\)"),
        ({"weight": [1.0, np.nan, 2.0]}, r"weight\[1\]: nan is not finite"),
        ({"weight": [1.0, 2.0, -np.inf]}, r"weight\[2\]: -inf is not finite"),
        ({"weight": ["a", "b", "c"]}, r"weight: must be an array of numbers"),
        ({"num_needs": -1}, r"num_needs: -1 must be an integer"),
        ({"num_options": 2.0}, r"num_options: 2\.0 must be an integer"),
        ({"need_limit": -1}, r"need_limit\[0\]: -1 must be at least 0"),
        ({"need_limit": [1, 2, 3]}, r"need_limit: shape \(3,\), expected \(2,\)"),
        ({"need_limit": 1.5}, r"need_limit\[0\]: 1\.5 is no integer"),
        ({"need_limit": None}, r"need_limit: must be an array"),
        ({"option_limit": [1, -2]}, r"option_limit\[1\]: -2 must be at least 0"),
        ({"amount": [1, -2, 3]}, r"amount\[1\]: -2 must be at least 0"),
        ({"amount": [2**62, 2**62, 0]}, r"amount: adds up to 9223372036854775808"),
        ({"amount": [2**70, 0, 0]}, r"amount: must be an array of 64-bit integers"),
        ({"option_quota": [1, 1]}, r"option_quota: is given without amount"),
        ({"group_limit": [1]}, r"group_limit: is given without group"),
        ({"group_quota": [1], "amount": [1, 1, 1]}, r"group_quota: is given without group"),
        ({"one_per_group": True}, r"one_per_group: is given without group"),
        ({"one_per_group": 1, "group": [0, 0]}, r"one_per_group: 1 must be True or False"),
        ({"group": [0, 2], "group_limit": [1, 1]}, r"group\[1\]: 2 is not within 0 to 1"),
        ({"group": [0, -1]}, r"group\[1\]: -1 is not within"),
        (
            {"group": [0, 0], "group_limit": [1], "group_quota": [1, 2], "amount": [1, 1, 1]},
            r"group_quota: shape \(2,\), expected \(1,\)",
        ),
        ({"fixed": [0, 1, 2]}, r"fixed\[2\]: 2 is not within -1 to 1"),
        ({"pools": [Pool([0], 1), Pool([7], 1)]}, r"pools\[1\]\.options\[0\]: 7 is not within"),
        ({"pools": [Pool([0], -1)]}, r"pools\[0\]\.capacity: -1 must be an integer"),
        ({"pools": [Pool([0], 1.5)]}, r"pools\[0\]\.capacity: 1\.5 must be an integer"),
        ({"pools": [Pool([0], 1, "yuan")]}, r"pools\[0\]\.unit: 'yuan' is unknown"),
        ({"pools": [Pool([0], 1, "fen")]}, r"pools\[0\]: is given without amount"),
        ({"pools": [Pool([0], 1, draw=[1, 2])]}, r"pools\[0\]\.draw: shape \(2,\)"),
        ({"pools": [Pool([0], 1, draw=[1, 2, -3])]}, r"pools\[0\]\.draw\[2\]: -3 must be"),
        ({"pools": ["pool"]}, r"pools\[0\]: must be a Pool, not str"),
    ],
)
def test_a_fault_names_the_array_the_index_and_the_value(changes, wanted):
    """Each kind of bad input is exactly one fault that says where it stands."""
    (sentence,) = faults_of(**changes)
    assert re.search(wanted, sentence)


def test_every_fault_is_told_at_once():
    """Faults of different arrays do not hide each other."""
    told = faults_of(need=[9, 0, 0], weight=[np.nan, 1, 2], need_limit=-1, fixed=[5, 0, 0])
    assert [t.split(":")[0] for t in told] == ["need[0]", "weight[0]", "need_limit[0]", "fixed[0]"]


def test_many_faults_of_a_kind_end_in_a_number():
    """Beyond a screenful, faults of one array are counted and not listed."""
    told = faults_of(need=[7] * 50, option=[0] * 50, weight=[1.0] * 50)
    assert len(told) == SHOWN + 1
    assert told[-1] == f"need: and {50 - SHOWN} more"


def test_faults_speak_both_languages():
    """The Chinese sentence is Chinese."""
    with pytest.raises(InputError) as caught:
        Problem.from_arrays(**two_by_two(weight=[np.nan, 1.0, 2.0]))
    assert caught.value.sentences(Lang.ZH) == ["weight[0]：nan 不是有限数"]


def test_a_problem_shows_its_size_and_not_its_arrays():
    """The repr fits on a line whatever the size."""
    shown = repr(Problem.from_arrays(**two_by_two(option_limit=[1, 1])))
    assert shown == "Problem(num_needs=2, num_options=2, num_edges=3, num_rows=2)"


def test_parallel_edges_are_allowed():
    """The same need and option may meet in more than one edge."""
    assert Problem.from_arrays([0, 0], [0, 0], [1, 2], 1, 1).num_edges == 2


def test_the_sum_of_large_amounts_is_exact():
    """Usage is computed in integers, where floats of this size are off by several fen."""
    amount = [2**60 + 1, 2**60 + 1, 2**60 + 1]
    problem = Problem.from_arrays(**two_by_two(amount=amount, option_quota=[2**62, 2**62]))
    assert problem.rows.used(np.array([0, 2])).tolist() == [2**61 + 2, 0]


def test_a_variant_knows_the_order_of_its_edges_only_if_they_are_the_same():
    """What was found out about edges is carried over with them, and never to others."""
    problem = Problem.from_arrays([0, 0, 1], [0, 1, 0], [3.0, 2.0, 2.0], 2, 2)
    assert problem.in_order
    assert problem.replace(need_limit=2).in_order
    assert not problem.replace(option=[1, 0, 0]).in_order
    assert problem.replace(num_needs=5, need_limit=1).need_start.tolist() == [0, 2, 3, 3, 3, 3]
