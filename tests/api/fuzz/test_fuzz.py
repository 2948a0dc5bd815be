from __future__ import annotations

import pytest

from tests.api.fuzz.running import ROLES, fuzz, fuzzed_world

WHOLLY = ("anonymous", "enterprise", "bank", "organiser")
"""Roles whose requests are also made up; the others only send examples and follow links."""


@pytest.fixture(scope="module")
def world():
    """Return a served app with a market and accounts."""
    with fuzzed_world("sqlite") as found:
        yield found


@pytest.mark.parametrize("role", ROLES)
def test_no_request_breaks_it_and_every_answer_is_as_documented(world, role):
    """All checks of schemathesis, stateful, from one seed; `python -m tests.api.fuzz` does more."""
    phases = ("examples", "fuzzing", "stateful") if role in WHOLLY else ("examples", "stateful")
    found = fuzz(world, role, examples=2, seed=0, phases=phases, with_refused=False)
    assert found.failures == ()
    assert found.requests > 5
