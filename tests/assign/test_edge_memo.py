import math
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.assign.edge_memo import EdgeMemo
from matcher.assign.needs import gain, open_needs
from tests.assign.test_auction import market

PRICES = st.lists(st.floats(0.0, 1.5) | st.just(math.inf), min_size=20, max_size=20)


@given(st.lists(PRICES, min_size=1, max_size=4), st.integers(0, 9))
def test_a_gain_from_memory_is_that_of_a_full_look_to_the_last_bit(sequence, seed):
    """Whatever prices were asked for before, the gain is what a fresh problem says."""
    remembering = open_needs(market(60, seed=seed))
    for prices in [*sequence, sequence[0], sequence[0]]:
        price = np.array(prices)
        fresh = open_needs(market(60, seed=seed))
        assert gain(remembering, price) == gain(fresh, price)
        best = fresh.weight.astype(np.float64) - price[fresh.option]
        most = np.zeros(len(fresh.room))
        np.maximum.at(most, fresh.need, best)
        assert gain(fresh, price) == pytest.approx(math.fsum(most), rel=1e-14, abs=1e-300)


@given(st.lists(st.sets(st.integers(0, 19), max_size=5), max_size=5), st.integers(0, 300))
def test_the_edges_of_options_are_found_and_kept(questions, size):
    """Each question is answered as by looking at every edge, also where a part is known."""
    option = np.random.default_rng(size).integers(0, 20, size).astype(np.int32)
    memo = EdgeMemo()
    for options in questions:
        asked = np.array(sorted(options), dtype=np.int64)
        wanted = [e for j in asked for e in np.flatnonzero(option == j)]
        assert memo.edges_of(option, asked, 20).tolist() == wanted


@pytest.mark.parametrize("size", [1_999_999, 2_000_000, 2_000_001])
@pytest.mark.parametrize("asked", [[3], [0, 999], [41, 42, 43]])
def test_the_edges_of_options_are_found_in_two_halves_as_in_one(size, asked):
    """Where two threads look through the edges, what they find is put together by option."""
    option = np.random.default_rng(size).integers(0, 1000, size).astype(np.int32)
    option[size // 2 - 2 : size // 2 + 2] = asked[0]
    found = EdgeMemo().edges_of(option, np.array(asked), 1000)
    assert found.tolist() == [e for j in asked for e in np.flatnonzero(option == j).tolist()]


def test_a_plan_is_remembered_only_where_nobody_can_change_it():
    """Arrays that can be written to are read every time."""
    memo, edges = EdgeMemo(), np.arange(3)
    assert memo.plan(edges, lambda e: e.sum()) == 3
    edges[0] = 9
    assert memo.plan(edges, lambda e: e.sum()) == 12
    edges.setflags(write=False)
    assert [memo.plan(edges, lambda e, k=k: k) for k in (1, 2)] == [1, 1]


@pytest.mark.parametrize(
    ("changes", "shared"),
    [
        ({"option_limit": np.full(20, 3)}, True),
        ({"weight": "weight"}, False),
        ({"need_limit": 2}, False),
        ({"fixed": "fixed"}, False),
    ],
)
def test_variants_share_what_is_known_of_edges_only_where_these_are_the_same(changes, shared):
    """Other limits of options leave the memory alone; other weights, needs or pins do not."""
    problem = market(60)
    given_anew = {k: getattr(problem, v) if isinstance(v, str) else v for k, v in changes.items()}
    other = problem.replace(**given_anew)
    assert (other.memo.edges is problem.memo.edges) == shared
    assert other.memo is not problem.memo


def test_the_memory_stays_at_home():
    """What is pickled for another process carries nothing along."""
    memo = EdgeMemo()
    memo.edges[1] = np.zeros(3, np.int64)
    assert pickle.loads(pickle.dumps(memo)).edges == {}
