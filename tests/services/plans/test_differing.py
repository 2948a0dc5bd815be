"""Two plans side by side, held against the plan files themselves."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from matcher.services.plans.differing import Fate, brief_of, difference
from tests.rounds import seed_plan


def _plans() -> tuple[dict[str, Any], dict[str, Any]]:
    before = json.loads(seed_plan()[0])
    bans = frozenset((m["need"], m["product"]) for m in before["matches"][::20])
    return before, json.loads(seed_plan(bans)[0])


def _pairs(document: dict[str, Any]) -> set[tuple[str, str]]:
    return {(m["need"], m["product"]) for m in document["matches"]}


def test_a_plan_differs_from_itself_in_nothing() -> None:
    """All matches are kept, and nothing else is said."""
    before, _ = _plans()
    found = difference(brief_of(before), brief_of(before))
    assert found.num_kept == before["counts"]["matches"]
    assert (found.needs, found.institutions, found.pools) == ((), (), ())


def test_kept_lost_and_gained_matches_add_up_to_both_plans() -> None:
    """What sets of pairs say of the two files is what the needs' changes say."""
    before, after = _plans()
    old, new = _pairs(before), _pairs(after)
    found = difference(brief_of(before), brief_of(after))
    assert found.num_kept == len(old & new)
    assert sum(len(change.lost) for change in found.needs) == len(old - new) > 0
    assert sum(len(change.gained) for change in found.needs) == len(new - old)
    had, has = {need for need, _ in old}, {need for need, _ in new}
    assert {c.need for c in found.needs if c.fate is Fate.LOST} == had - has
    assert {c.need for c in found.needs if c.fate is Fate.GAINED} == has - had


def test_institutions_and_capacities_change_by_what_the_files_say() -> None:
    """Counts and money of every institution, the use of every capacity that changes."""
    before, after = _plans()
    found = difference(brief_of(before), brief_of(after))
    counts = [Counter(m["institution_name"]["zh"] for m in d["matches"]) for d in (before, after)]
    for change in found.institutions:
        name = change.name["zh"]
        assert change.num_matches == (counts[0][name], counts[1][name])
    moved = sum(c.offered_fen[1] - c.offered_fen[0] for c in found.institutions)
    assert moved == after["counts"]["offered_fen"] - before["counts"]["offered_fen"]
    used = [
        {(u["name"]["zh"], u["day"]): u["used"] for u in d["pools_use"]} for d in (before, after)
    ]
    assert found.pools
    for pool in found.pools:
        key = pool.name["zh"], pool.day
        assert pool.used == (used[0].get(key, 0), used[1].get(key, 0))


def test_backwards_is_the_mirror_of_forwards() -> None:
    """What one way gains the other way loses."""
    before, after = (brief_of(plan) for plan in _plans())
    forth, back = difference(before, after), difference(after, before)
    assert [c.gained for c in forth.needs] == [c.lost for c in back.needs]
    assert forth.num(Fate.GAINED) == back.num(Fate.LOST)
