from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.attributes import ATTRIBUTES, Kind, attribute, months_between
from matcher.domain.choices import (
    Choice,
    Collateral,
    Instrument,
    Ownership,
    Purpose,
    Size,
    TaxGrade,
)
from matcher.domain.code_names import code_text
from matcher.domain.enterprise import Need
from matcher.domain.text import Text
from tests.domain.subjects import AS_OF, subject

# Name → the fields that state it, the value read, and the words for it.
STATED = {
    "region": ({"region": "330108"}, "330108", code_text("330108")),
    "industry": ({"industry": "C27"}, "C27", code_text("C27")),
    "size": ({"stated_size": Size.SMALL}, Size.SMALL, Text("小型", "small")),
    "founded": (
        {"founded": date(2020, 5, 26)},
        date(2020, 5, 26),
        Text("2020年5月26日", "26 May 2020"),
    ),
    "age": ({"founded": date(2020, 5, 26)}, 23, Text("23 个月", "23 months")),
    "staff": ({"staff": 12}, 12, Text.same("12")),
    "revenue": ({"revenue_fen": 500_000_000}, 500_000_000, Text("500万元", "5,000,000 yuan")),
    "assets": ({"assets_fen": 1}, 1, Text("0.01元", "0.01 yuan")),
    "ownership": ({"ownership": Ownership.PRIVATE}, "private", Text("民营", "private")),
    "tags": (
        {"tags": frozenset({"high_tech", "瞪羚企业"})},
        frozenset({"high_tech", "瞪羚企业"}),
        Text("高新技术企业、瞪羚企业", "national high-tech enterprise, 瞪羚企业"),
    ),
    "tax_grade": ({"tax_grade": TaxGrade.A}, "a", Text("A级", "A")),
    "first_time_borrower": ({"first_time_borrower": False}, False, Text("否", "no")),
    "lead_share": ({"lead_share": Decimal("0.299")}, Decimal("0.299"), Text.same("29.90%")),
    "team_share": ({"team_share": Decimal("0.501")}, Decimal("0.501"), Text.same("50.10%")),
    "lead_is_largest": ({"lead_is_largest": True}, True, Text("是", "yes")),
    "amount": ({"amount_fen": 100_000_000}, 100_000_000, Text("100万元", "1,000,000 yuan")),
    "term": ({"term_months": 6}, 6, Text("6 个月", "6 months")),
    "purpose": ({"purpose": Purpose.WAGES}, "wages", Text("发放工资", "wages")),
    "collateral": (
        {"collateral": ((Collateral.ORDERS, 5), (Collateral.DEPOSIT, 0))},
        frozenset({"orders", "deposit"}),
        Text("存单、订单", "deposit, orders"),
    ),
    "instruments": (
        {"instruments": frozenset({Instrument.LOAN, Instrument.GUARANTEE})},
        frozenset({"loan", "guarantee"}),
        Text("担保、贷款", "guarantee, loan"),
    ),
    "priority": ({"priority": 5}, 5, Text.same("5")),
}
ALWAYS_KNOWN = {"amount", "instruments", "priority"}


def test_every_attribute_is_tested():
    """The table above names the register, no more and no less."""
    assert set(STATED) == set(ATTRIBUTES)


@pytest.mark.parametrize("name", STATED)
def test_an_attribute_reads_its_value_and_says_it_in_both_languages(name):
    """The value comes from the field that states it and is printed as people write it."""
    stated, value, words = STATED[name]
    asked = attribute(name)
    assert asked.get(subject(**stated)) == value
    assert asked.show(value) == words


@pytest.mark.parametrize("name", sorted(set(STATED) - ALWAYS_KNOWN))
def test_what_nobody_has_said_is_none(name):
    """A firm of which only the name is known has no value: unknown is not zero and not no."""
    assert attribute(name).get(subject()) is None


def test_what_is_stated_as_nothing_is_known():
    """A firm without tags or collateral has said so; that is printed as none."""
    known = subject(tags=frozenset(), collateral=())
    for name in ("tags", "collateral"):
        value = attribute(name).get(known)
        assert value == frozenset()
        assert attribute(name).show(value) == Text("无", "none")


@pytest.mark.parametrize("name", ATTRIBUTES)
def test_an_attribute_is_found_by_its_name_in_either_language(name):
    """The Chinese and the English name differ and lead to the same entry."""
    asked = ATTRIBUTES[name]
    assert asked.name == name
    assert any("\u4e00" <= c <= "\u9fff" for c in asked.text.zh)
    assert asked.text.en.isascii()
    assert attribute(name) is attribute(asked.text.zh) is asked


def test_no_two_attributes_share_a_name():
    """Each word of either language names one attribute."""
    words = [w for a in ATTRIBUTES.values() for w in {a.name, a.text.zh}]
    assert len(words) == len(set(words))
    english = [a.text.en for a in ATTRIBUTES.values()]
    assert len(english) == len(set(english))


@pytest.mark.parametrize("asked", ATTRIBUTES.values(), ids=lambda a: a.name)
def test_the_register_is_consistent(asked):
    """Choices have a vocabulary, flags and figures none; a field to mend exists in Need."""
    if asked.kind is Kind.CHOICE:
        assert issubclass(asked.choices, Choice)
    if asked.kind is not Kind.SET and asked.kind is not Kind.CHOICE:
        assert asked.choices is None
    if asked.field is not None:
        assert asked.mendable
        assert asked.field in Need.__slots__
        assert asked.get(subject()) == getattr(subject().need, asked.field)


def test_only_what_a_need_states_can_be_mended():
    """A firm can ask for another amount; it cannot become older or move on the day."""
    mendable = {name for name, asked in ATTRIBUTES.items() if asked.mendable}
    assert mendable == {"amount", "term", "collateral", "instruments"}


@pytest.mark.parametrize(
    "name", ["", "no_such", "营业", "indicator", "indicator.", "指标.", "Revenue"]
)
def test_an_unknown_name_is_a_key_error(name):
    """Nothing is found by half a name."""
    with pytest.raises(KeyError):
        attribute(name)


@pytest.mark.parametrize("name", ["indicator.负债率", "指标.负债率"])
def test_a_further_figure_is_read_by_its_name(name):
    """Both spellings give the same figure, and None for a firm that has not stated it."""
    asked = attribute(name)
    assert asked.name == "indicator.负债率"
    assert asked.text == Text("指标 负债率", "indicator 负债率")
    assert asked.kind is Kind.NUMBER
    firm = subject(indicators=(("研发占比", Decimal(3)), ("负债率", Decimal("0.60"))))
    assert asked.get(firm) == Decimal("0.6")
    assert asked.get(subject()) is None
    assert asked.show(Decimal("1234.50")) == Text.same("1,234.5")


@pytest.mark.parametrize(
    ("name", "value", "ticks"),
    [
        ("amount", 350_000_000, 350_000_000),
        ("staff", 12, 12),
        ("age", -1, -1),
        ("lead_share", Decimal("0.3"), 30_000_000),
        ("lead_share", Decimal("0.00000001"), 1),
        ("lead_share", Decimal(1), 100_000_000),
        ("indicator.x", Decimal("-2.5"), -250_000_000),
        ("indicator.x", 2, 200_000_000),
        ("founded", date(1, 1, 2), 2),
    ],
)
def test_ordered_values_are_whole_ticks(name, value, ticks):
    """Money counts in fen, time in months or days, fractions in 1e-8."""
    counted = attribute(name).ticks(value)
    assert type(counted) is int
    assert counted == ticks


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_whole_months_are_counted_by_the_calendar(start, end):
    """It is the greatest number of months whose same day of the month is not after the end."""
    months = months_between(start, end)

    def reached(n):
        return (start.year * 12 + start.month + n, start.day) <= (
            end.year * 12 + end.month,
            end.day,
        )

    assert reached(months)
    assert not reached(months + 1)


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (date(2021, 5, 25), AS_OF, 12),
        (date(2021, 5, 26), AS_OF, 11),
        (AS_OF, AS_OF, 0),
        (date(2022, 5, 26), AS_OF, -1),
        (date(2020, 2, 29), date(2021, 2, 28), 11),
        (date(2020, 2, 29), date(2021, 3, 1), 12),
        (date(2022, 1, 31), date(2022, 2, 28), 0),
    ],
)
def test_a_firm_is_a_year_old_on_its_birthday(start, end, months):
    """The day before it is eleven months old; founded tomorrow it is less than nothing old."""
    assert months_between(start, end) == months


def test_kinds_that_can_be_compared():
    """Words, codes, flags and sets have no order; all else has."""
    assert {k for k in Kind if not k.is_ordered} == {Kind.FLAG, Kind.CODE, Kind.CHOICE, Kind.SET}


@pytest.mark.parametrize(
    ("written", "name", "told"),
    [
        ("indicator.financing_rounds", "indicator.financing_rounds", "rounds of financing"),
        ("指标.融资轮次", "indicator.financing_rounds", "rounds of financing"),
        ("indicator.growth", "indicator.growth", "indicator growth"),
        ("指标.研发占比", "indicator.研发占比", "indicator 研发占比"),
    ],
)
def test_a_known_figure_has_a_name_in_both_languages(written, name, told):
    """Others are shown by the name that their sheet gives them."""
    found = attribute(written)
    assert (found.name, found.text.en) == (name, told)


@pytest.mark.parametrize("word", ["融资轮次", "指标.", "indicator.", "rounds of financing"])
def test_a_figure_is_only_found_behind_its_prefix(word):
    """A bare name is no attribute."""
    with pytest.raises(KeyError):
        attribute(word)
