"""The convening list: row A1, and that it is the least and the best there is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import chain, combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import seeds
from matcher.domain.choices import InstitutionKind, Instrument
from matcher.domain.enterprise import Enterprise, Need
from matcher.domain.errors import InputError
from matcher.domain.institution import Institution, Product
from matcher.domain.records import Records
from matcher.market import Market
from matcher.planning.convening import (
    UNKNOWN_DAYS,
    ConveningList,
    Part,
    Party,
    convene,
    fewest,
)
from matcher.scoring.graph import ScoringGraph
from matcher.scoring.pair import Pair
from matcher.scoring.weights import default_weights
from tests.planning.small import WAN
from tests.strategies import AS_OF, markets

LOAN, GUARANTEE, SERVICE = Instrument.LOAN, Instrument.GUARANTEE, Instrument.SERVICE
PAYDAY = date(2022, 6, 3)


def graph_of(market: Market) -> ScoringGraph:
    """Score a market with the built-in weights."""
    return ScoringGraph.build(market, default_weights())


@pytest.fixture(scope="module")
def seed_graph() -> ScoringGraph:
    """Return the scored seed market."""
    return graph_of(Market.from_records(seeds.load(), seeds.SEED_DATE))


@pytest.fixture(scope="module")
def a1(seed_graph: ScoringGraph) -> ConveningList:
    """Return the table of row A1 with four banks at least."""
    need = seed_graph.market.index("needs", "binjiang-a1-wages")
    return convene(seed_graph, need, least_banks=4)


def ids(parties: tuple[Party, ...]) -> list[str]:
    """Return the ids of institutions, sorted."""
    return sorted(p.institution.institution_id for p in parties)


def test_every_party_of_row_a1_pays_by_payday(a1: ConveningList) -> None:
    """Row A1: whoever sits at the table, or could, pays on or before 3 June 2022."""
    parts = [part for p in (*a1.parties, *a1.reserves) for part in p.parts]
    assert parts
    assert all(part.cash_date is not None and part.cash_date <= PAYDAY for part in parts)
    assert all(part.slack_workdays is not None and part.slack_workdays >= 0 for part in parts)


def test_four_banks_a_guarantor_and_the_service_centre_sit_with_the_firm(
    a1: ConveningList,
) -> None:
    """Row A1: the fewest parties are four banks and one each for guarantee and service."""
    assert a1.covered == tuple(sorted([LOAN, GUARANTEE, SERVICE]))
    assert a1.uncovered == a1.notes == ()
    assert a1.num_banks == 4
    assert len(a1.parties) == 6
    roles = {p.institution.institution_id: p.needed_for for p in a1.parties if not p.is_bank}
    assert roles == {
        "example-guarantor-hangzhou": (GUARANTEE,),
        "binjiang-tech-finance-centre": (SERVICE,),
    }
    assert all(p.needed_as_bank for p in a1.parties if p.is_bank)


def test_the_association_stands_by_for_the_service_centre(a1: ConveningList) -> None:
    """Row A1: a second party for a service is not needed, and is named should one not come."""
    by_id = {p.institution.institution_id: p for p in a1.reserves}
    assert by_id["binjiang-sme-finance-association"].instruments == {SERVICE}
    assert ids(a1.reserves) == ["bank-e", "bank-f", "binjiang-sme-finance-association"]


def test_without_a_least_number_of_banks_three_parties_do(seed_graph: ScoringGraph) -> None:
    """Row A1: one party an instrument is the least, and of the banks the best one comes."""
    need = seed_graph.market.index("needs", "binjiang-a1-wages")
    found = convene(seed_graph, need)
    assert ids(found.parties) == [
        "bank-a",
        "binjiang-tech-finance-centre",
        "example-guarantor-hangzhou",
    ]
    assert not any(p.needed_as_bank for p in found.parties)


def test_slow_products_are_excluded_by_the_workdays_they_are_late(a1: ConveningList) -> None:
    """Row A1: with 6 workdays left, a product of n workdays is too slow by n − 6."""
    assert {s.product.product_id: s.late_workdays for s in a1.too_slow} == {
        "bank-a-tech": 2,
        "bank-g-working": 2,
        "bank-h-credit": 4,
        "binjiang-exchange-training": 9,
        "binjiang-project-promotion": 14,
        "binjiang-listing-cultivation": 54,
    }
    assert all(s.product.cash_workdays == 6 + s.late_workdays for s in a1.too_slow)
    assert all(s.cash_date > PAYDAY for s in a1.too_slow)
    assert a1.too_slow[0].sentence.en == "too slow by 2 workdays"
    assert a1.too_slow[0].sentence.zh == "晚 2 个工作日"


def test_a_product_late_by_one_more_day_of_the_round_joins_the_slow(
    seed_graph: ScoringGraph,
) -> None:
    """A neighbour of row A1: called a workday later, banks of 6 workdays are late by 1."""
    market = seed_graph.market.replace(as_of=date(2022, 5, 26))
    found = convene(graph_of(market), market.index("needs", "binjiang-a1-wages"), 4)
    late = {s.product.product_id: s.late_workdays for s in found.too_slow}
    assert (late["bank-e-hightech"], late["bank-f-small"], late["bank-a-tech"]) == (1, 1, 3)
    assert found.num_banks == 4


def product(identity: str, owner: str, instrument: Instrument, days: int | None) -> Product:
    """Return a product that asks for nothing."""
    return Product(
        product_id=identity,
        institution_id=owner,
        name="示例产品",
        name_en=identity,
        instrument=instrument,
        cash_workdays=days,
    )


def table_of(
    *products: Product, least_banks: int = 0, deadline: date = PAYDAY, contacts: int = 4
) -> ConveningList:
    """Return the table of a need for a loan, a guarantee or a service; ``b…`` are banks."""
    need = Need(
        need_id="need",
        enterprise_id="firm",
        amount_fen=100 * WAN,
        instruments=frozenset({LOAN, GUARANTEE, SERVICE}),
        needed_by=deadline,
        contacts=contacts,
    )
    owners = sorted({p.institution_id for p in products})
    kinds = {True: InstitutionKind.BANK, False: InstitutionKind.SERVICE_CENTRE}
    institutions = [
        Institution(institution_id=i, name=i, kind=kinds[i.startswith("b")]) for i in owners
    ]
    records = Records(
        enterprises=(Enterprise(enterprise_id="firm", name="示例企业"),),
        needs=(need,),
        institutions=tuple(institutions),
        products=products,
    )
    return convene(graph_of(Market.from_records(records, AS_OF)), 0, least_banks)


def test_one_party_for_everything_is_fewer_than_three_better_ones() -> None:
    """The number of parties comes first, whatever the others' scores."""
    all_round = [product(f"x-{i}", "x", i, 6) for i in (LOAN, GUARANTEE, SERVICE)]
    single = [product(f"b{n}-p", f"b{n}", i, 1) for n, i in enumerate((LOAN, GUARANTEE, SERVICE))]
    found = table_of(*all_round, *single)
    assert ids(found.parties) == ["x"]
    assert found.parties[0].needed_for == tuple(sorted((LOAN, GUARANTEE, SERVICE)))
    assert ids(found.reserves) == ["b0", "b1", "b2"]


def test_a_need_that_no_loan_fits_still_gets_the_services_that_do() -> None:
    """Row A6: the service is at the table; the loan names the nearest and what would help."""
    found = table_of(product("loan", "b", LOAN, 9), product("advice", "c", SERVICE, 1))
    assert [p.institution.institution_id for p in found.parties] == ["c"]
    guarantee, loan = found.uncovered
    assert guarantee.sentence.en == "guarantee: the catalogue has no such product"
    assert loan.nearest is not None
    assert (loan.nearest.product.product_id, len(loan.failing)) == ("loan", 1)
    assert [c.value for c in loan.changes or ()] == [date(2022, 6, 8)]
    assert "too slow by 3 workdays" in loan.sentence.en
    assert "资金需求日推迟到 2022年6月8日" in loan.sentence.zh


def test_only_what_nothing_but_time_excludes_is_called_too_slow() -> None:
    """A product that fails another rule, late or not, is not merely slow."""
    late = product("late", "b", LOAN, 8)
    small = {"amount_max_fen": 50 * WAN}
    both = replace(product("late-small", "b", LOAN, 8), **small)
    small_only = replace(product("small", "b", LOAN, 6), **small)
    (slow,) = table_of(late, both, small_only).too_slow
    assert (slow.product.product_id, slow.late_workdays) == ("late", 2)


def test_an_offer_without_a_cash_date_is_conditional_and_names_the_paper() -> None:
    """Unknown is not fail: the party sits there and has to say when it pays."""
    (party,) = table_of(product("loan", "b", LOAN, None)).parties
    (part,) = party.parts
    assert (part.cash_date, part.slack_workdays, part.days) == (None, None, UNKNOWN_DAYS)
    assert [text.en for text in part.missing] == [
        "time to cash (by 3 June 2022 (within 6 workdays))"
    ]


def test_nobody_sits_down_after_the_deadline() -> None:
    """A product that does not say when it pays cannot pay yesterday either."""
    found = table_of(product("loan", "b", LOAN, None), deadline=date(2022, 5, 24))
    assert found.parties == found.reserves == ()
    loan = next(u for u in found.uncovered if u.instrument is LOAN)
    assert loan.sentence.zh == "贷款：资金需求日已过"


def test_too_few_banks_and_too_many_guests_are_said() -> None:
    """Two banks where four were wanted, and one guest more than the firm wants to see."""
    offers = [product(f"{i}-p", i, LOAN, 3) for i in ("b0", "b1")]
    found = table_of(*offers, product("c-p", "c", SERVICE, 1), least_banks=4, contacts=2)
    assert (found.num_banks, found.least_banks) == (2, 4)
    assert [note.en for note in found.notes] == [
        "at least 4 banks were wanted, only 2 can help in time",
        "3 parties are named, the firm wants at most 2: ask it first",
    ]


def test_equals_are_chosen_by_cash_then_by_id() -> None:
    """Of equal scores the earlier cash comes, of equal cash the lower id: always the same."""
    found = table_of(*[product(f"{i}-p", i, LOAN, 3) for i in ("b2", "b0", "b1")])
    assert ids(found.parties) == ["b0"]
    late, early = stand_in("a", [LOAN], 5, 4, True), stand_in("z", [LOAN], 5, 3, True)
    assert ids(fewest([late, early], 0)) == ["z"]


@pytest.mark.parametrize("least_banks", [-1, 51])
def test_an_impossible_number_of_banks_is_refused(
    seed_graph: ScoringGraph, least_banks: int
) -> None:
    """The error names the field."""
    with pytest.raises(InputError) as error:
        convene(seed_graph, 0, least_banks)
    assert [f.field for f in error.value.faults] == ["least_banks"]


def stand_in(
    identity: str, instruments: list[Instrument], points: int, days: int, is_bank: bool
) -> Party:
    """Return a party with the same score, in hundredths, and days for all its instruments."""
    kind = InstitutionKind.BANK if is_bank else InstitutionKind.GUARANTOR
    offers = [product(f"{identity}-{i}", identity, i, days) for i in instruments]
    parts = [Part(p.instrument, p, points / 100, 0, None, None, days, (), ()) for p in offers]
    return Party(Institution(institution_id=identity, name=identity, kind=kind), tuple(parts))


@st.composite
def many_parties(draw: st.DrawFn) -> list[Party]:
    """Draw up to seven parties over four instruments; scores and days often tie."""
    some = st.lists(st.sampled_from(list(Instrument)[:4]), min_size=1, max_size=3, unique=True)
    return [
        stand_in(
            f"I{i}",
            draw(some),
            draw(st.integers(1, 3)),
            draw(st.integers(0, 2)),
            draw(st.booleans()),
        )
        for i in range(draw(st.integers(0, 7)))
    ]


def brute_force(parties: list[Party], least_banks: int) -> list[str]:
    """Return the best set by looking at every one."""
    wanted = {i for p in parties for i in p.instruments}
    least = min(least_banks, sum(p.is_bank for p in parties))
    subsets = chain.from_iterable(combinations(parties, n) for n in range(len(parties) + 1))
    holding = [
        s
        for s in subsets
        if {i for p in s for i in p.instruments} == wanted and sum(p.is_bank for p in s) >= least
    ]
    return min(
        (
            len(s),
            -sum(round(p.score * 1e6) for p in s),
            sum(p.parts[0].days for p in s),
            sorted(p.institution.institution_id for p in s),
        )
        for s in holding
    )[3]


@given(many_parties(), st.integers(0, 4), st.randoms(use_true_random=False))
def test_no_other_set_is_smaller_or_better(parties, least_banks, random) -> None:
    """The list is the one that brute force finds, in whatever order the parties come."""
    expected = brute_force(parties, least_banks)
    assert ids(fewest(parties, least_banks)) == expected
    random.shuffle(parties)
    assert ids(fewest(parties, least_banks)) == expected


def make_easy(market: Market, is_bank: list[bool]) -> Market:
    """Drop most rules of a market, so that many meet in time, and make some guarantors."""
    easy = {"criteria": (), "collateral": (), "amount_min_fen": None, "term_min_months": None}
    wide = frozenset(list(Instrument)[:3])
    return market.replace(
        institutions=[
            replace(i, kind=InstitutionKind.BANK if b else InstitutionKind.GUARANTOR)
            for i, b in zip(market.institutions, is_bank, strict=False)
        ],
        products=[
            replace(p, **easy, term_max_months=None, amount_max_fen=None, valid_from=None)
            for p in market.products
        ],
        needs=[replace(n, instruments=wide, max_rate=None) for n in market.needs],
    )


crowds = st.builds(
    make_easy,
    markets(max_needs=3, max_products=6),
    st.lists(st.booleans(), min_size=3, max_size=3),
)


@given(crowds, st.integers(0, 3))
def test_nobody_at_the_table_can_be_left_out(market: Market, least_banks: int) -> None:
    """Without any one party an instrument is uncovered, or a bank is missing."""
    graph = graph_of(market)
    for need_idx in range(market.num_needs):
        found = convene(graph, need_idx, least_banks)
        everybody = [*found.parties, *found.reserves]
        assert ids(found.parties) == brute_force(everybody, least_banks)
        for party in found.parties:
            rest = [p for p in found.parties if p is not party]
            left = {i for p in rest for i in p.instruments}
            lost = tuple(sorted(set(found.covered) - left))
            assert lost == party.needed_for
            too_few = party.is_bank and sum(p.is_bank for p in rest) < least_banks
            assert too_few == party.needed_as_bank
            assert lost or too_few


@given(crowds)
def test_all_that_is_eligible_in_time_is_on_offer_and_nothing_else(market: Market) -> None:
    """Parties and reserves are the edges of the graph; the rest of the instruments is named."""
    graph = graph_of(market)
    for need_idx, need in enumerate(market.needs):
        found = convene(graph, need_idx)
        products = [market.products[graph.edges.product[e]] for e in graph.edges_of_need(need_idx)]
        if need.needed_by is not None and need.needed_by < market.as_of:
            products = []
        everybody = {p.institution.institution_id: p.instruments for p in found.parties}
        everybody |= {p.institution.institution_id: p.instruments for p in found.reserves}
        assert everybody == {
            owner: {p.instrument for p in products if p.institution_id == owner}
            for owner in {p.institution_id for p in products}
        }
        assert set(found.covered) == {p.instrument for p in products}
        assert {u.instrument for u in found.uncovered} == need.instruments - set(found.covered)
        left = market.workdays_left(need)
        for slow in found.too_slow:
            assert slow.product not in products
            assert left is not None
            pair = Pair.of(market, need_idx, market.index("products", slow.product.product_id))
            assert pair.cash_workdays == left + slow.late_workdays


@given(crowds)
def test_every_part_is_the_best_offer_of_its_party_for_the_instrument(market: Market) -> None:
    """No other edge of the institution and instrument scores more, and its day is counted."""
    graph = graph_of(market)
    for need_idx in range(market.num_needs):
        found = convene(graph, need_idx)
        scores: dict[tuple[str, Instrument], list[float]] = {}
        for edge in graph.edges_of_need(need_idx):
            offer = market.products[graph.edges.product[edge]]
            scores.setdefault((offer.institution_id, offer.instrument), []).append(
                round(float(graph.score[edge]), 6)
            )
        for party in (*found.parties, *found.reserves):
            assert party.score == max(part.score for part in party.parts)
            for part in party.parts:
                assert part.score == max(scores[part.product.institution_id, part.instrument])
                offer = market.index("products", part.product.product_id)
                days = Pair.of(market, need_idx, offer).cash_workdays
                expected = None if days is None else market.calendar.after(AS_OF, days)
                assert part.cash_date == expected


@given(crowds, st.integers(0, 3), st.randoms(use_true_random=False))
def test_the_order_of_the_records_changes_nothing(market, least_banks, random) -> None:
    """A market with its rows shuffled has the same tables."""
    shuffled = {
        name: random.sample(rows, len(rows))
        for name, rows in (
            ("needs", market.needs),
            ("products", market.products),
            ("institutions", market.institutions),
        )
    }
    first, second = graph_of(market), graph_of(market.replace(**shuffled))
    for need_idx in range(market.num_needs):
        assert convene(first, need_idx, least_banks) == convene(second, need_idx, least_banks)
