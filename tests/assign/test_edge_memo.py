import math
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.assign import needs
from matcher.assign.edge_memo import EdgeMemo
from matcher.assign.needs import gain, open_needs
from tests.assign.test_auction import market

PRICE = st.floats(0.0, 1.5) | st.sampled_from([0.0, 0.25, 0.5, math.inf])
PRICES = st.lists(PRICE, min_size=20, max_size=20)


def gain_by_numpy(rows, price):
    """Return what the needs gain, each its best edge where it has room, without a kernel."""
    best = rows.weight.astype(np.float64) - price[rows.option]
    most = np.zeros(len(rows.room))
    np.maximum.at(most, rows.need, best)
    return math.fsum(most[rows.room > 0])


@given(PRICES, st.lists(st.dictionaries(st.integers(0, 19), PRICE, max_size=3)), st.integers(0, 9))
def test_a_gain_from_memory_is_that_of_a_full_look_to_the_last_bit(prices, sequence, seed):
    """Whatever few or many prices have moved, up or down, the gain is Σ max(0, w − p), exactly."""
    fixed = np.random.default_rng(seed).choice([-1, -1, -1, -1, 0, 1], 60 * 8).astype(np.int8)
    fixed[np.repeat(np.arange(60), 8) % 3 > 0] = -1
    fixed[np.flatnonzero(fixed == 1)[1:]] = 0
    problem = market(60, seed=seed, levels=4 if seed % 2 else 0, fixed=fixed)
    remembering = open_needs(problem)
    price = np.array(prices)
    for moved in [{}, *sequence, {}]:
        price[list(moved)] = list(moved.values())
        fresh = open_needs(problem.replace(fixed=fixed))
        assert fresh.memo.gains is None
        assert gain(remembering, price) == gain(fresh, price) == gain_by_numpy(fresh, price)


@pytest.mark.parametrize("seed", range(8))
def test_two_prices_move_together(seed):
    """Needs with an edge to both, whichever of these is the best before and after, gain right."""
    rng, rows = np.random.default_rng(seed), open_needs(market(60, seed=seed))
    base = rng.uniform(0.2, 0.8, 20)
    gain(rows, base)
    for _ in range(60):
        price = base.copy()
        price[rng.choice(20, 2, replace=False)] = rng.uniform(0.0, 1.0, 2)
        assert gain(rows, price) == gain_by_numpy(rows, price)
    assert rows.memo.gains.price.tolist() == base.tolist()


def test_only_what_moved_is_read_where_few_prices_have(monkeypatch):
    """All needs are read the first time and where many prices moved, not for one or two."""
    rows, read = open_needs(market(60)), []
    all_of_them = needs._gain_of_all
    monkeypatch.setattr(
        needs, "_gain_of_all", lambda rows, price: read.append(1) or all_of_them(rows, price)
    )
    price = np.full(20, 0.5)
    for count, reads in ((0, 1), (1, 1), (2, 1), (0, 1), (9, 2), (10, 2)):
        price[:count] = 0.7
        gain(rows, price)
        assert len(read) == reads, count


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
