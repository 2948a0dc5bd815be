import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from matcher.verify import Claim, PoolClaim, audit

YUAN = 100
MILLION = 1_000_000 * YUAN

# Two banks (groups), three products (options), four needs. The plan is {0, 3, 5, 7}; product 0
# has prices, and bound and gap were computed by hand:
#   rows: option_limit 0, 1, 2 · option_quota 0, 1 · group_limit 0, 1 · group_quota 0 · pools 0, 1
#   y = (0.5, 0, ...), so the edges of product 0 cost 0.5 and Σ c y = 2 × 0.5 = 1
#   need 0: max(4 − 0.5, 3) = 3.5    need 1: edge 3 → 5.0     need 2: edge 5 is pinned → 1.0
#   need 3: edge 7 → 2.0             bound = 1 + 3.5 + 5 + 1 + 2 = 12.5, objective = 12
SOUND = Claim(
    need=[0, 0, 1, 1, 2, 2, 3, 3],
    option=[0, 1, 0, 1, 1, 2, 0, 2],
    weight=[4.0, 3.0, 3.0, 5.0, 2.0, 1.0, 1.0, 2.0],
    num_needs=4,
    num_options=3,
    need_limit=[1, 1, 1, 1],
    option_limit=[2, 1, 2],
    amount=[30 * MILLION, MILLION, 20 * MILLION, 50 * MILLION, 1, 2 * MILLION, 1, 3 * MILLION],
    option_quota=[30 * MILLION, 50 * MILLION, 2**63 - 1],
    group=[0, 0, 1],
    group_limit=[2, 2],
    group_quota=[80 * MILLION, 2**63 - 1],
    one_per_group=True,
    pools=[PoolClaim([1, 2], 3), PoolClaim([0, 2], 35 * MILLION, "fen")],
    fixed=[-1, -1, -1, -1, 0, 1, -1, -1],
    status="feasible",
    chosen=[0, 3, 5, 7],
    objective=12.0,
    bound=12.5,
    gap=0.5 / 12.5,
    multipliers=[0.5, 0, 0, 0, 0, 0, 0, 0, 0, 0],
)

ONE_FEN = {
    "option_quota": {"option_quota": [30 * MILLION - 1, 50 * MILLION, 2**63 - 1]},
    "group_quota": {"group_quota": [80 * MILLION - 1, 2**63 - 1]},
    "pool": {"pools": [SOUND.pools[0], PoolClaim([0, 2], 35 * MILLION - 1, "fen")]},
}


def codes(claim):
    """Return the codes of what the auditor finds."""
    return {finding.code for finding in audit(claim)}


def test_a_sound_claim_passes():
    """A plan, bound and gap computed by hand are accepted."""
    assert audit(SOUND) == []


@pytest.mark.parametrize("code", sorted(ONE_FEN))
def test_one_fen_too_much_is_found(code):
    """A capacity that falls short by a single fen in fifty million yuan is named."""
    assert codes(replace(SOUND, **ONE_FEN[code], bound=None, gap=None)) == {code, "status"}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"option_limit": [0, 1, 2]}, "option_limit"),
        ({"group_limit": [1, 2]}, "group_limit"),
        ({"pools": [PoolClaim([1, 2], 2), SOUND.pools[1]]}, "pool"),
        ({"pools": [PoolClaim([1, 2], 3, draw=[0, 0, 0, 1, 0, 2, 0, 1]), SOUND.pools[1]]}, "pool"),
        ({"need_limit": [1, 1, 1, 0]}, "need_limit"),
        ({"need_limit": 2, "chosen": [0, 1, 3, 5, 7]}, "one_per_group"),
        ({"chosen": [0, 1, 3, 5, 7]}, "need_limit"),
        ({"chosen": [0, 3, 4, 5, 7]}, "ban"),
        ({"chosen": [0, 3, 7]}, "pin"),
        ({"chosen": [0, 0, 3, 5, 7]}, "duplicate"),
        ({"chosen": [0, 3, 5, 8]}, "range"),
        ({"chosen": [-1, 0, 3, 5]}, "range"),
        ({"chosen": [0.0, 3.0]}, "chosen"),
        ({"chosen": [[0, 3]]}, "chosen"),
        ({"objective": 12.0 + 1e-6}, "objective"),
        ({"objective": float("nan")}, "objective"),
        ({"bound": 12.5 + 1e-4}, "bound"),
        ({"bound": 12.5 - 1e-4}, "bound"),
        ({"bound": float("nan")}, "bound"),
        ({"bound": 11.9, "gap": 0.0}, "bound"),
        ({"gap": 0.0}, "gap"),
        ({"gap": 0.05}, "gap"),
        ({"gap": float("nan")}, "gap"),
        ({"multipliers": [0.6, *SOUND.multipliers[1:]]}, "bound"),
        ({"multipliers": [-0.5, *SOUND.multipliers[1:]]}, "multipliers"),
        ({"multipliers": [float("inf"), *SOUND.multipliers[1:]]}, "multipliers"),
        ({"multipliers": [float("nan"), *SOUND.multipliers[1:]]}, "multipliers"),
        ({"multipliers": SOUND.multipliers[:-1]}, "multipliers"),
        ({"multipliers": None}, "multipliers"),
        ({"status": "optimum"}, "status"),
        ({"status": "infeasible"}, "status"),
        ({"status": "nothing"}, "status"),
        ({"status": "unknown"}, "status"),
        ({"objective": None}, "status"),
        ({"bound": None}, "status"),
        ({"gap": None}, "status"),
    ],
)
def test_a_planted_corruption_is_found(changes, code):
    """Whatever is changed in a sound claim, the auditor names it."""
    assert code in codes(replace(SOUND, **changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"need": [9, *SOUND.need[1:]]},
        {"option": SOUND.option[:-1]},
        {"option": [0.5, *SOUND.option[1:]]},
        {"weight": [float("nan"), *SOUND.weight[1:]]},
        {"weight": SOUND.weight[:-1]},
        {"need_limit": -1},
        {"need_limit": [1, 1]},
        {"option_limit": [1, 1, -1]},
        {"amount": None},
        {"amount": [-1, *SOUND.amount[1:]]},
        {"group": None},
        {"group": [0, 0, 2]},
        {"group_limit": [1, 1, 1]},
        {"fixed": [2, *SOUND.fixed[1:]]},
        {"pools": [PoolClaim([3], 1)]},
        {"pools": [PoolClaim([0], -1)]},
        {"pools": [PoolClaim([0], 1, "yuan")]},
        {"pools": [PoolClaim([0], 1, draw=[1])]},
    ],
)
def test_arrays_that_make_no_problem_are_found(changes):
    """The auditor reads the input anew and does not trust that someone validated it."""
    assert codes(replace(SOUND, **changes)) == {"input"}


def test_all_faults_are_found_at_once():
    """Faults of different kinds do not hide each other."""
    wrong = replace(SOUND, chosen=[0, 1, 3, 3, 5, 7, 99], objective=1.0, gap=0.9)
    wanted = {"need_limit", "one_per_group", "duplicate", "range", "objective", "gap"}
    assert wanted <= codes(wrong)


WITHOUT_PLAN = {"chosen": [], "objective": None, "bound": None, "gap": None}


def test_infeasible_needs_pins_that_break_a_limit():
    """The status is believed only where the pins alone are too many."""
    claim = replace(SOUND, status="infeasible", **WITHOUT_PLAN)
    assert codes(claim) == {"status"}
    assert codes(replace(claim, need_limit=[1, 1, 0, 1])) == set()
    assert codes(replace(claim, option_limit=[2, 1, 0])) == set()


def test_pins_that_break_a_limit_allow_no_other_status():
    """Unknown is not an answer where infeasible is certain."""
    claim = replace(SOUND, status="unknown", need_limit=[1, 1, 0, 1], **WITHOUT_PLAN)
    assert codes(claim) == {"status"}


def test_unknown_may_state_a_bound_but_no_objective():
    """Multipliers prove something even where no plan was found."""
    claim = replace(SOUND, status="unknown", **{**WITHOUT_PLAN, "bound": 12.5})
    assert codes(claim) == set()
    assert codes(replace(claim, objective=0.0)) >= {"status"}


EMPTY = {"chosen": [], "objective": 0.0, "bound": 0.0, "gap": 0.0, "status": "nothing"}


def test_nothing_needs_that_no_edge_can_be_chosen():
    """The status is believed only where each edge is banned, worthless or without room."""
    small = Claim(
        need=[0], option=[0], weight=[1.0], num_needs=1, num_options=1, multipliers=[], **EMPTY
    )
    assert "status" in codes(small)
    assert codes(replace(small, fixed=[0])) == set()
    assert codes(replace(small, weight=[0.0])) == set()
    assert codes(replace(small, need_limit=0)) == set()
    assert codes(replace(small, option_limit=[0], multipliers=[1.0])) == set()
    assert "status" in codes(replace(small, fixed=[1]))


def test_sums_beyond_64_bits_are_exact():
    """Two amounts whose sum overflows an int64 are still too much."""
    big = 2**62
    claim = Claim(
        need=[0, 1, 2],
        option=[0, 0, 0],
        weight=[1.0, 1.0, 1.0],
        num_needs=3,
        num_options=1,
        amount=np.array([big, big, big]),
        option_quota=[2**63 - 2],
        status="feasible",
        chosen=[0, 1, 2],
        objective=3.0,
        bound=3.0,
        gap=0.0,
        multipliers=[0.0],
    )
    assert codes(claim) == {"option_quota"}


def test_the_auditor_imports_nothing_of_the_engine():
    """Importing it loads neither the engine nor scipy."""
    code = (
        "import sys, matcher.verify.audit;"
        "print([m for m in sys.modules if m.startswith(('scipy', 'matcher.'))"
        " and not m.startswith('matcher.verify')])"
    )
    root = Path(__file__).parents[2]
    out = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, check=True, text=True
    )
    assert out.stdout.strip() == "[]"
