"""Firms in a similar position: Gower's similarity, its terms, and the look-alikes of row A5."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import seeds
from matcher.domain.choices import Ownership, TaxGrade
from matcher.domain.enterprise import Enterprise
from matcher.domain.errors import InputError, UnknownIdError
from matcher.scoring.likeness import TAILS
from matcher.scoring.similar import EACH_INDICATOR, WEIGHTS, Firms, Neighbour, similar
from tests.strategies import enterprises

INDICATORS = {"financing_rounds", "orders_growing", "receivables_late"}


def planted(identity: str, region: str, **changes: object) -> Enterprise:
    """Return a look-alike of the A1 firm elsewhere: other name, code, figures and age."""
    firm = Enterprise(
        enterprise_id=identity,
        name=f"植入企业 {identity}",
        region=region,
        industry="I652",
        founded=date(2015, 3, 1),
        staff=97,
        revenue_fen=4_900_000_000,
        assets_fen=3_600_000_000,
        ownership=Ownership.PRIVATE,
        tags=frozenset({"high_tech", "growth_stage"}),
        tax_grade=TaxGrade.A,
        first_time_borrower=False,
        indicators=(
            ("financing_rounds", Decimal(5)),
            ("orders_growing", Decimal(1)),
            ("receivables_late", Decimal(1)),
        ),
    )
    return replace(firm, **changes)


PLANTED = (
    planted("zz-1", "310115"),
    planted("zz-2", "440305", tax_grade=None, staff=None),
    planted("zz-3", "110108", industry="I651", tags=frozenset({"high_tech"})),
)


def test_the_planted_look_alikes_of_the_firm_that_called_rank_first() -> None:
    """Row A5: among a hundred firms, wherever they are, each with the indicators it shares."""
    called = "binjiang-a1"
    # The seeds have three made-up firms in the same position of their own; without them.
    others = [e for e in seeds.load().enterprises if e.enterprise_id not in
              ("binjiang-01", "binjiang-02", "binjiang-03")]  # fmt: skip
    found = similar([*others, *PLANTED], called, limit=10)
    assert {n.enterprise.enterprise_id for n in found[:3]} == {"zz-1", "zz-2", "zz-3"}
    assert found[2].score > found[3].score
    for neighbour in found[:3]:
        shared = {term.name.removeprefix("indicator.") for term in neighbour.shared}
        assert shared >= INDICATORS
        rounds = next(t for t in neighbour.terms if t.name == "indicator.financing_rounds")
        assert (rounds.ours.zh, rounds.theirs.zh) == ("5", "5")
        assert "rounds of financing" in rounds.sentence.en


def test_the_firms_of_the_seeds_that_stand_alike_are_found_too() -> None:
    """The three that the seeds themselves made like the firm that called come first."""
    found = similar(seeds.load().enterprises, "binjiang-a1", limit=3)
    ids = {n.enterprise.enterprise_id for n in found}
    assert ids == {"binjiang-01", "binjiang-02", "binjiang-03"}


def test_what_is_unknown_is_left_out_and_lowers_the_evidence() -> None:
    """The similarity is of what is known of both; the rank counts what is not."""
    whole, part = planted("b", "33"), planted("c", "33", tags=None, indicators=())
    first, second = similar([planted("a", "33"), part, whole], "a")
    assert [n.enterprise.enterprise_id for n in (first, second)] == ["b", "c"]
    assert first.similarity == second.similarity == 1.0
    assert first.evidence == 1.0
    lost = WEIGHTS["tags"] + 3 * WEIGHTS[EACH_INDICATOR]
    known = sum(WEIGHTS.values()) + 2 * WEIGHTS[EACH_INDICATOR]
    assert second.evidence == pytest.approx(1 - lost / known)
    assert "tags" not in {term.name for term in second.terms}


def test_codes_are_alike_by_the_classes_they_share() -> None:
    """A neighbour city counts less than the same district, and more than another province."""
    regions = {"a": "330108", "b": "330109", "c": "330903", "d": "310115", "e": "3301"}
    firms = [Enterprise(enterprise_id=name, name=name, region=r) for name, r in regions.items()]
    found = {n.enterprise.enterprise_id: n.similarity for n in similar(firms, "a")}
    assert found == {"b": pytest.approx(2 / 3), "e": pytest.approx(2 / 3),
                     "c": pytest.approx(1 / 3), "d": 0.0}  # fmt: skip


def test_one_giant_does_not_make_the_rest_alike() -> None:
    """Numbers are scaled by the range between quantiles, not by the largest."""
    staffs = [*range(10, 110), 1_000_000]
    firms = [Enterprise(enterprise_id=f"{n:03d}", name="-", staff=s) for n, s in enumerate(staffs)]
    found = {n.enterprise.staff: n.similarity for n in Firms(firms).nearest("000", 200)}
    assert found[11] > 0.95
    assert found[109] < 0.05


def test_weights_are_the_callers() -> None:
    """With region alone, the nearest are those of the district; an indicator may stand alone."""
    found = similar(seeds.load().enterprises, "binjiang-a1", limit=3, weights={"region": 1.0})
    assert all(n.enterprise.region == "330108" for n in found)
    assert [t.name for t in found[0].terms] == ["region"]
    alone = {"indicator.financing_rounds": 1.0}
    found = similar(seeds.load().enterprises, "binjiang-a1", limit=2, weights=alone)
    assert all(n.enterprise.indicator("financing_rounds") == 5 for n in found)


def test_ties_go_by_id_and_limits_are_kept() -> None:
    """Equal firms stand in the order of their ids."""
    firms = [planted(name, "33") for name in "dbac"]
    assert [n.enterprise.enterprise_id for n in similar(firms, "c", limit=2)] == ["a", "b"]
    assert similar(firms, "c", limit=0) == ()
    assert similar([planted("a", "33")], "a") == ()


def test_a_firm_of_which_nothing_is_known_has_no_neighbours() -> None:
    """Nothing in common is said, and no number made up."""
    bare = Enterprise(enterprise_id="bare", name="-")
    assert similar([bare, *PLANTED], "bare") == ()
    assert "bare" not in {n.enterprise.enterprise_id for n in similar([bare, *PLANTED], "zz-1")}


def test_what_cannot_be_used_is_named() -> None:
    """Weights, attributes of the need, ids that stand twice, and an unknown firm."""
    with pytest.raises(InputError) as caught:
        similar([*PLANTED, PLANTED[0]], "zz-1", weights={"tags": -1.0, "amount": 1.0})
    assert [f.field for f in caught.value.faults] == ["weights.tags", "weights", "enterprise_id"]
    with pytest.raises(UnknownIdError):
        similar(PLANTED, "nobody")


def test_a_thousand_firms_with_thirty_indicators_are_compared() -> None:
    """The size of the district's register; every neighbour's terms add up."""
    rng = random.Random(5)
    firms = [
        planted(f"{n:04d}", rng.choice(["330108", "310115"]), indicators=tuple(
            (f"k{k:02d}", Decimal(rng.randint(0, 1000))) for k in range(30)))
        for n in range(1342)
    ]  # fmt: skip
    found = Firms(firms).nearest("0007", 20)
    assert len(found) == 20
    assert [n.score for n in found] == sorted((n.score for n in found), reverse=True)
    assert all(adds_up(n) for n in found)


def adds_up(neighbour: Neighbour) -> bool:
    """Tell whether the terms are the similarity, and all is within [0, 1]."""
    total = math.fsum(term.contribution for term in neighbour.terms)
    return (
        abs(total - neighbour.similarity) < 1e-12
        and 0 <= neighbour.similarity <= 1
        and 0 < neighbour.evidence <= 1 + 1e-12
        and all(0 <= term.likeness <= 1 for term in neighbour.terms)
    )


@st.composite
def some_firms(draw: st.DrawFn) -> list[Enterprise]:
    """Draw up to six firms with anything unknown."""
    count = draw(st.integers(2, 6))
    return [draw(enterprises(f"E{n}", ())) for n in range(count)]


@given(some_firms())
def test_similarity_is_symmetric_and_its_terms_add_up(firms: list[Enterprise]) -> None:
    """S(a, b) = S(b, a), whatever is unknown, and nobody is a neighbour of itself."""
    index = Firms(firms)
    found = {f.enterprise_id: {n.enterprise.enterprise_id: n for n in
                               index.nearest(f.enterprise_id, 99)} for f in firms}  # fmt: skip
    for one, neighbours in found.items():
        assert one not in neighbours
        for other, neighbour in neighbours.items():
            assert adds_up(neighbour)
            assert found[other][one].similarity == pytest.approx(neighbour.similarity)


@given(some_firms(), st.randoms())
def test_the_order_of_the_firms_changes_nothing(firms: list[Enterprise], rng: random.Random):
    """Neighbours, numbers and reasons are the same."""
    mixed = rng.sample(firms, len(firms))
    assert similar(mixed, "E0", 99) == similar(firms, "E0", 99)


@given(some_firms())
def test_a_copy_is_alike_in_all_that_is_known(firms: list[Enterprise]) -> None:
    """It has similarity and evidence 1 and nobody stands before it but other copies."""
    copy = replace(firms[0], enterprise_id="A-copy")
    found = similar([*firms, copy], "E0", 99)
    if found:
        assert found[0].enterprise.enterprise_id == "A-copy"
        assert (found[0].similarity, found[0].evidence) == (pytest.approx(1), 1)


@given(st.lists(st.integers(0, 10**6), min_size=2, max_size=30))
def test_numbers_agree_with_the_formula(staffs: list[int]) -> None:
    """1 − min(1, |asinh x − asinh y| ÷ range between the quantiles), by plain arithmetic."""
    firms = [Enterprise(enterprise_id=f"{n:03d}", name="-", staff=s) for n, s in enumerate(staffs)]
    moved = sorted(math.asinh(s) for s in staffs)
    spread = quantile(moved, TAILS[1]) - quantile(moved, TAILS[0])
    spread = spread or moved[-1] - moved[0] or 1.0
    for n in similar(firms, "000", 99, {"staff": 1.0}):
        distance = abs(math.asinh(staffs[0]) - math.asinh(n.enterprise.staff)) / spread
        assert n.similarity == pytest.approx(max(0.0, 1 - distance), abs=1e-9)


def quantile(values: list[float], share: float) -> float:
    """Return a quantile of sorted values by linear interpolation."""
    place = share * (len(values) - 1)
    low = math.floor(place)
    high = min(low + 1, len(values) - 1)
    return values[low] + (values[high] - values[low]) * (place - low)
