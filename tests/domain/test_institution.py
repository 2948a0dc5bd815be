from dataclasses import FrozenInstanceError, fields
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.choices import Collateral, Instrument
from matcher.domain.errors import InputError
from matcher.domain.institution import MAX_WORKDAYS, Institution, Pool, Product
from matcher.domain.money import MAX_FEN
from matcher.domain.text import Lang, Text
from matcher.domain.tranche import Tranche

NOT_A_FRACTION = [Decimal("-0.01"), Decimal("1.01"), Decimal("NaN"), Decimal("Infinity")]
DAY = date(2022, 5, 25)
BAD_INSTITUTION = [
    *(("institution_id", v) for v in ("", "a b", "x" * 65)),
    *(("name", v) for v in ("", " ")),
    *(("region", v) for v in ("", "330", "浙江")),
    *(("leads", v) for v in (-1,)),
    *(("quota_fen", v) for v in (-1,)),
]
BAD_POOL = [
    *(("pool_id", v) for v in ("", "a b", "x" * 65)),
    *(("name", v) for v in ("", " ")),
    *(("capacity", v) for v in (-1,)),
]
BAD_PRODUCT = [
    *(("product_id", v) for v in ("", "a b", "x" * 65)),
    *(("name", v) for v in ("", " ")),
    *((name, -1) for name in ("amount_min_fen", "amount_max_fen", "term_min_months",
                              "term_max_months", "fee_fixed_fen", "unsecured_fen", "leads",
                              "quota_fen")),
    *((name, v) for name in ("acceptance_workdays", "cash_workdays") for v in (-1, 2001)),
    *((name, v) for name in ("rate", "rate_max", "fee_once_rate", "fee_yearly_rate",
                             "fee_monthly_rate") for v in NOT_A_FRACTION),
    *(("collateral", ((Collateral.ORDERS, v),)) for v in NOT_A_FRACTION),
    *(("tranches", (Tranche(v, ("review",)),)) for v in (*NOT_A_FRACTION, Decimal("0.9"))),
    ("tranches", (Tranche(Decimal(1), ()),)),
    ("tranches", (Tranche(Decimal("0.5"), ("a",)), Tranche(Decimal("0.5"), ("b", "a")))),
]  # fmt: skip
TURNED = [
    {"amount_min_fen": 2, "amount_max_fen": 1},
    {"term_min_months": 2, "term_max_months": 1},
    {"acceptance_workdays": 2, "cash_workdays": 1},
    {"rate": Decimal("0.05"), "rate_max": Decimal("0.03")},
    {"valid_from": DAY, "valid_to": date(2022, 5, 24)},
]


def institution(**stated):
    """Return a bank of which no more is known."""
    return Institution(**{"institution_id": "B1", "name": "示例银行", **stated})


def pool(**stated):
    """Return a pool of one yuan."""
    return Pool(**{"pool_id": "K1", "name": "风险池", "capacity": 100, **stated})


def product(**stated):
    """Return a product of which no more is known."""
    return Product(**{"product_id": "P1", "institution_id": "B1", "name": "示例贷", **stated})


def faults_of(make, **stated):
    """Return the faults that a record is refused with."""
    with pytest.raises(InputError) as caught:
        make(**stated)
    return caught.value.faults


@pytest.mark.parametrize(
    ("make", "field", "value"),
    [
        *((institution, *pair) for pair in BAD_INSTITUTION),
        *((pool, *pair) for pair in BAD_POOL),
        *((product, *pair) for pair in BAD_PRODUCT),
    ],
)
def test_a_wrong_field_is_named(make, field, value):
    """One wrong value gives one fault, with the field's name and what would have been right."""
    (fault,) = faults_of(make, **{field: value})
    assert fault.field == field
    assert fault.sentence(Lang.ZH) != fault.sentence(Lang.EN)
    assert fault.expected is not None


@pytest.mark.parametrize(
    ("make", "bad"), [(institution, BAD_INSTITUTION), (pool, BAD_POOL), (product, BAD_PRODUCT)]
)
def test_all_that_is_wrong_is_told_at_once(make, bad):
    """With every field wrong, each is named."""
    assert {f.field for f in faults_of(make, **dict(bad))} == set(dict(bad))


@pytest.mark.parametrize("pair", TURNED, ids=lambda pair: next(iter(pair)))
def test_a_range_turned_round_is_named_by_its_lower_end(pair):
    """The lower end of amounts, terms, days, rates and validity is not above the upper."""
    (fault,) = faults_of(product, **pair)
    assert fault.field == next(iter(pair))
    low, high = pair.values()
    assert product(**dict(zip(pair, (high, low), strict=True)))
    assert product(**dict.fromkeys(pair, low)), "both ends may be the same"


def test_turned_ranges_are_told_beside_other_faults():
    """A wrong name hides no range, the rates' included, and no range hides another."""
    everything = {"name": "", "fee_once_rate": Decimal(2)}
    for pair in TURNED:
        everything |= pair
    expected = {"name", "fee_once_rate", *(next(iter(pair)) for pair in TURNED)}
    assert {f.field for f in faults_of(product, **everything)} == expected


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *((name, 0) for name in ("amount_min_fen", "amount_max_fen", "fee_fixed_fen", "leads",
                                 "quota_fen", "unsecured_fen", "cash_workdays")),
        ("cash_workdays", MAX_WORKDAYS),
        ("acceptance_workdays", MAX_WORKDAYS),
        ("rate", Decimal(0)),
        ("rate_max", Decimal(1)),
        ("fee_monthly_rate", Decimal(1)),
        ("collateral", ((Collateral.ORDERS, Decimal(0)), (Collateral.DEPOSIT, Decimal(1)))),
    ],
)  # fmt: skip
def test_the_least_and_the_most_are_allowed(field, value):
    """Bounds belong to what is right."""
    assert getattr(product(**{field: value}), field) == value


def test_a_limit_of_zero_is_not_no_limit():
    """An institution that takes nothing this round is a fact; None is no limit."""
    assert institution(leads=0, quota_fen=0).leads == 0
    assert pool(capacity=0).capacity == 0
    assert institution().leads is institution().quota_fen is None


@pytest.mark.parametrize(
    "record", [institution(), pool(), product()], ids=lambda r: type(r).__name__
)
def test_records_cannot_be_changed(record):
    """Each field is read-only, and nothing can be added."""
    for field in fields(record):
        with pytest.raises(FrozenInstanceError):
            setattr(record, field.name, None)
    with pytest.raises((AttributeError, TypeError)):
        record.something_else = 1


@pytest.mark.parametrize("make", [institution, pool, product])
def test_names_are_read_in_both_languages(make):
    """Without an English name the Chinese one stands in."""
    assert make(name="甲").text == Text("甲", "甲")
    assert make(name="甲", name_en="Jia").text == Text("甲", "Jia")


def test_what_a_product_does_not_say():
    """A loan without limits, fees, collateral or rules."""
    bare = product()
    assert bare.instrument is Instrument.LOAN
    assert bare.rate is bare.amount_max_fen is bare.cash_workdays is bare.leads is None
    assert bare.fee_fixed_fen == bare.unsecured_fen == 0
    assert bare.fee_once_rate == bare.fee_yearly_rate == bare.fee_monthly_rate == 0
    assert bare.criteria == bare.preferences == bare.collateral == ()


@pytest.mark.parametrize("instrument", Instrument)
def test_all_but_a_service_gives_money(instrument):
    """Advice puts no money on the table; cover, shares and grants do."""
    assert product(instrument=instrument).gives_money == (instrument != "service")


TAKEN = ((Collateral.INVENTORY, Decimal("0.3333")), (Collateral.REAL_ESTATE, Decimal("0.7")))


@pytest.mark.parametrize(
    ("offered", "cover"),
    [
        ((), 0),
        (((Collateral.REAL_ESTATE, 100),), 70),
        (((Collateral.REAL_ESTATE, 99),), 69),
        (((Collateral.INVENTORY, 10_000), (Collateral.REAL_ESTATE, 1)), 3333),
        (((Collateral.PATENTS, 10**9),), 0),
        (((Collateral.REAL_ESTATE, 10**17),), 7 * 10**16),
    ],
)
def test_collateral_covers_its_value_times_the_advance_rate(offered, cover):
    """Each kind is rounded down to whole fen by itself; a kind not taken covers nothing."""
    assert product(collateral=TAKEN).cover_fen(offered) == cover


@given(
    st.integers(0, 10_000),
    st.lists(st.integers(0, 10**16), max_size=4),
)
def test_cover_is_exact_in_whole_fen(basis_points, values):
    """The sum is that of integer division, also where a float would be one fen off."""
    rate = Decimal(basis_points) / 10_000
    offered = tuple((Collateral.ORDERS, v) for v in values)
    cover = product(collateral=((Collateral.ORDERS, rate),)).cover_fen(offered)
    assert cover == sum(v * basis_points // 10_000 for v in values)


def test_an_amount_beyond_every_bank_is_refused() -> None:
    """More than 10 trillion yuan is a slip; sums of what is taken stay in 64 bits."""
    Pool(pool_id="p", name="p", capacity=MAX_FEN)
    with pytest.raises(InputError, match="capacity"):
        Pool(pool_id="p", name="p", capacity=MAX_FEN + 1)
