from dataclasses import FrozenInstanceError, fields
from datetime import date
from decimal import Decimal

import pytest

from matcher.domain.choices import Collateral, Instrument, Size
from matcher.domain.enterprise import DEFAULT_CONTACTS, MAX_CONTACTS, Enterprise, Need
from matcher.domain.errors import InputError
from matcher.domain.text import Lang, Text
from tests.domain.subjects import enterprise, need

WAN_FEN = 1_000_000
BAD_IDS = ["", " ", "a b", "a\t", "甲\u3000乙", "x" * 65, "a\x00", "a\u200b"]
NOT_A_SHARE = [Decimal("-0.01"), Decimal("1.01"), Decimal("NaN"), Decimal("Infinity")]
BAD_FIRM = [
    *(("enterprise_id", v) for v in BAD_IDS),
    *(("name", v) for v in ("", " ", "\u3000")),
    *(("credit_code", v) for v in ("", "91110000600037341M", "9111000060003734", "税号")),
    *(("region", v) for v in ("", "330", "浙江", "3301081")),
    *(("industry", v) for v in ("", "27", "c27", "C65", "制造业", " C27")),
    *(("staff", v) for v in (-1,)),
    *(("revenue_fen", v) for v in (-1,)),
    *(("assets_fen", v) for v in (-1,)),
    *(("lead_share", v) for v in NOT_A_SHARE),
    *(("team_share", v) for v in NOT_A_SHARE),
    *(("indicators", (("负债率", v),)) for v in (Decimal("NaN"), Decimal("-Infinity"))),
]
BAD_NEED = [
    *(("need_id", v) for v in BAD_IDS),
    *(("amount_fen", v) for v in (0, -1)),
    *(("amount_min_fen", v) for v in (-1, 350_000_001)),
    *(("term_months", v) for v in (0, -1, 601)),
    *(("instruments", v) for v in (frozenset(),)),
    *(("collateral", ((Collateral.ORDERS, v),)) for v in (-1,)),
    *(("max_rate", v) for v in (Decimal("-0.01"), Decimal("NaN"), Decimal("Infinity"))),
    *(("priority", v) for v in (0, 6)),
    *(("contacts", v) for v in (-1, MAX_CONTACTS + 1)),
]
GOOD_FIRM = [
    ("enterprise_id", "1"),
    ("enterprise_id", "x" * 64),
    ("enterprise_id", "企业-1"),
    ("credit_code", "91110000600037341L"),
    ("region", "33"),
    ("industry", "C2710"),
    ("staff", 0),
    ("revenue_fen", 0),
    ("lead_share", Decimal(0)),
    ("team_share", Decimal(1)),
    ("indicators", (("增长率", Decimal(-3)),)),
]
GOOD_NEED = [
    ("amount_fen", 1),
    ("amount_min_fen", 0),
    ("amount_min_fen", 350_000_000),
    ("term_months", 1),
    ("term_months", 600),
    ("collateral", ()),
    ("collateral", ((Collateral.ORDERS, 0),)),
    ("max_rate", Decimal(0)),
    ("priority", 1),
    ("priority", 5),
    ("contacts", 0),
    ("contacts", MAX_CONTACTS),
    ("consent", frozenset()),
]


def faults_of(make, **stated):
    """Return the faults that a record is refused with."""
    with pytest.raises(InputError) as caught:
        make(**stated)
    return caught.value.faults


@pytest.mark.parametrize(("field", "value"), BAD_FIRM)
def test_a_wrong_field_of_a_firm_is_named(field, value):
    """One wrong value gives one fault, with the field's name and what would have been right."""
    (fault,) = faults_of(enterprise, **{field: value})
    assert fault.field == field
    assert fault.sentence(Lang.ZH) != fault.sentence(Lang.EN)
    assert fault.expected is not None


@pytest.mark.parametrize(("field", "value"), BAD_NEED)
def test_a_wrong_field_of_a_need_is_named(field, value):
    """One wrong value gives one fault, with the field's name and what would have been right."""
    (fault,) = faults_of(need, **{field: value})
    assert fault.field == field
    assert fault.sentence(Lang.ZH) != fault.sentence(Lang.EN)
    assert fault.expected is not None


@pytest.mark.parametrize(("field", "value"), GOOD_FIRM)
def test_the_least_and_the_most_of_a_firm_are_allowed(field, value):
    """Bounds belong to what is right."""
    assert getattr(enterprise(**{field: value}), field) == value


@pytest.mark.parametrize(("field", "value"), GOOD_NEED)
def test_the_least_and_the_most_of_a_need_are_allowed(field, value):
    """Bounds belong to what is right."""
    assert getattr(need(**{field: value}), field) == value


@pytest.mark.parametrize(("make", "bad"), [(enterprise, BAD_FIRM), (need, BAD_NEED)])
def test_all_that_is_wrong_is_told_at_once(make, bad):
    """With every field wrong, each is named once: nobody mends a sheet one error at a time."""
    assert sorted(f.field for f in faults_of(make, **dict(bad))) == sorted(dict(bad))


def test_a_need_cannot_be_needed_before_it_came_in():
    """The deadline may be the day itself, not the day before."""
    day = date(2022, 5, 25)
    assert need(received=day, needed_by=day).needed_by == day
    (fault,) = faults_of(need, received=day, needed_by=date(2022, 5, 24))
    assert fault.field == "received"


def test_several_wrong_collaterals_are_each_named():
    """Each pair is checked, and the message says which kind it was."""
    pairs = ((Collateral.DEPOSIT, -1), (Collateral.ORDERS, 5), (Collateral.SHARES, -2))
    assert [f.value for f in faults_of(need, collateral=pairs)] == ["deposit=-1", "shares=-2"]


@pytest.mark.parametrize("record", [enterprise(), need()], ids=lambda r: type(r).__name__)
def test_records_cannot_be_changed(record):
    """Each field is read-only, and nothing can be added."""
    for field in fields(record):
        with pytest.raises(FrozenInstanceError):
            setattr(record, field.name, None)
    with pytest.raises((AttributeError, TypeError)):
        record.something_else = 1


def test_equal_records_are_equal_values():
    """Records hash and compare by what they say."""
    assert {enterprise(staff=3), enterprise(staff=3)} == {enterprise(staff=3)}
    assert need(priority=4) != need(priority=5)


@pytest.mark.parametrize(
    ("figures", "size"),
    [
        ({"industry": "I65", "staff": 12, "revenue_fen": 60 * WAN_FEN}, Size.SMALL),
        ({"industry": "I65", "staff": 12}, Size.LARGE),
        ({"staff": 12, "revenue_fen": 60 * WAN_FEN}, Size.LARGE),
        ({"industry": "J66", "staff": 12, "revenue_fen": 60 * WAN_FEN}, Size.LARGE),
    ],
)
def test_the_computed_size_goes_before_the_stated_one(figures, size):
    """What the firm says of itself counts only where figures or rule give no class."""
    assert enterprise(stated_size=Size.LARGE, **figures).size is size


def test_a_size_that_is_neither_computed_nor_stated_is_not_known():
    """None stays None."""
    assert enterprise(industry="I65").size is None
    assert enterprise(industry="I65", staff=12, revenue_fen=60 * WAN_FEN).size is Size.SMALL


def test_names_are_read_in_both_languages():
    """Without an English name the Chinese one stands in."""
    assert enterprise(name="甲公司").text == Text("甲公司", "甲公司")
    assert enterprise(name="甲公司", name_en="Jia").text == Text("甲公司", "Jia")


def test_a_further_figure_is_found_by_name():
    """A figure that the firm has not stated is None, also where others are."""
    firm = enterprise(indicators=(("a", Decimal(0)), ("b", Decimal(2))))
    assert (firm.indicator("a"), firm.indicator("b"), firm.indicator("c")) == (0, 2, None)


def test_the_whole_amount_helps_unless_less_is_said_to():
    """``least_fen`` is the stated least, also where that is nothing."""
    assert need().least_fen == 350_000_000
    assert need(amount_min_fen=100).least_fen == 100
    assert need(amount_min_fen=0).least_fen == 0


def test_what_a_questionnaire_leaves_open():
    """A loan, middle priority, four contacts and every institution; all else is not known."""
    bare = Need(need_id="N1", enterprise_id="E1", amount_fen=1)
    assert bare.instruments == {Instrument.LOAN}
    assert (bare.priority, bare.contacts, bare.consent) == (3, DEFAULT_CONTACTS, None)
    assert DEFAULT_CONTACTS == 4
    firm = Enterprise(enterprise_id="E1", name="甲")
    assert firm.tags is firm.banks is firm.first_time_borrower is None
    assert firm.conflicts == frozenset()
