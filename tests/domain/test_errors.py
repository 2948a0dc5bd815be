from decimal import Decimal

import pytest

from matcher.domain.errors import (
    CheckError,
    Fault,
    Faults,
    InputError,
    MatcherError,
    ProblemError,
    UnknownIdError,
)
from matcher.domain.text import Lang, Text

WRONG = Text("不对", "is wrong")


@pytest.mark.parametrize(
    ("place", "where"),
    [
        ({}, ""),
        ({"file": "a.xlsx"}, "a.xlsx"),
        (
            {"file": "a.xlsx", "sheet": "需求", "row": 3, "column": "金额"},
            "a.xlsx · 需求 · #3 · 金额",
        ),
        ({"row": 0}, "#0"),
        ({"column": "金额", "field": "amount_fen"}, "金额"),
        ({"field": "amount_fen"}, "amount_fen"),
    ],
)
def test_a_fault_names_the_place_as_far_as_it_is_known(place, where):
    """File, sheet, row and column stand in order; the header goes before the field's name."""
    assert Fault(WRONG, **place).where == where


def test_a_place_is_filled_in_on_a_copy():
    """``at`` leaves the fault that a record raised as it was."""
    fault = Fault(WRONG, field="rate", value=3)
    placed = fault.at(file="a.csv", row=2)
    assert (placed.file, placed.row, placed.field, placed.value) == ("a.csv", 2, "rate", 3)
    assert fault.file is None


def test_a_sentence_says_place_fault_value_and_what_was_expected():
    """One line is enough to mend the cell, in either language."""
    fault = Fault(WRONG, field="rate", value="很高", expected=Text("百分数", "a percentage"))
    assert fault.sentence(Lang.EN) == "rate: is wrong '很高'; expected: a percentage"
    chinese = fault.sentence(Lang.ZH)
    assert chinese.startswith("rate：不对 '很高'")
    assert chinese.endswith("百分数")


def test_a_fault_without_place_and_value_is_its_message():
    """Nothing is printed for what is not known."""
    assert Fault(WRONG).sentence(Lang.EN) == "is wrong"


def test_a_long_value_is_shortened():
    """A pasted page does not drown the message."""
    sentence = Fault(WRONG, value="x" * 500).sentence(Lang.EN)
    assert len(sentence) < 80
    assert sentence.endswith("…")


@pytest.mark.parametrize(("length", "shown"), [(58, 60), (59, 58)])
def test_a_value_is_shown_in_at_most_sixty_characters(length, shown):
    """Sixty with the quotation marks are shown whole; one more is cut with an ellipsis."""
    sentence = Fault(WRONG, value="x" * length).sentence(Lang.EN)
    assert len(sentence.removeprefix("is wrong ")) == shown


def test_a_value_of_zero_is_shown():
    """Zero is a value that was found; only None is not."""
    assert Fault(WRONG, value=0).sentence(Lang.EN) == "is wrong 0"


def test_an_error_carries_every_fault():
    """All faults are kept, and each is one line of the message."""
    error = MatcherError([Fault(WRONG, field="a"), Fault(WRONG, field="b")])
    assert [f.field for f in error.faults] == ["a", "b"]
    assert str(error) == "a: is wrong\nb: is wrong"
    assert error.sentences(Lang.ZH) == ["a：不对", "b：不对"]


def test_a_sentence_alone_becomes_the_only_fault():
    """An error may be raised with one sentence."""
    assert MatcherError(WRONG).faults == (Fault(WRONG),)


def test_faults_may_come_from_a_generator():
    """An iterable is read once and kept."""
    error = MatcherError(Fault(WRONG, row=i) for i in (1, 2))
    assert [f.row for f in error.faults] == [1, 2]


def test_an_error_without_fault_is_refused():
    """An error that says nothing cannot be raised by accident."""
    with pytest.raises(ValueError, match="at least one fault"):
        MatcherError([])


def test_one_handler_catches_every_error():
    """Every error is a MatcherError, and bad arrays are bad input."""
    assert issubclass(ProblemError, InputError)
    assert all(issubclass(e, MatcherError) for e in (InputError, UnknownIdError, CheckError))
    assert not issubclass(MatcherError, ValueError), "a handler of ValueError must not hide it"


@pytest.mark.parametrize(
    ("value", "is_fault"),
    [
        (None, False),
        (0, False),
        (1, False),
        (-1, True),
        (Decimal("-0.01"), True),
        (Decimal("NaN"), True),
        (Decimal("sNaN"), True),
        (Decimal("Infinity"), True),
    ],
)
def test_a_number_must_be_finite_and_not_negative(value, is_fault):
    """None is not known and passes; NaN, infinity and what is below zero do not."""
    faults = Faults()
    faults.not_negative(staff=value)
    assert [f.field for f in faults.found] == ["staff"] * is_fault


@pytest.mark.parametrize(
    ("low", "high", "is_fault"),
    [(1, 2, False), (2, 2, False), (3, 2, True), (None, 2, False), (3, None, False)],
)
def test_a_range_must_not_be_turned_round(low, high, is_fault):
    """Only a low end above a high end is a fault; an absent end is none."""
    faults = Faults()
    faults.ordered("first", low, "last", high)
    assert [f.field for f in faults.found] == ["first"] * is_fault


def test_a_turned_range_of_money_is_told_in_yuan():
    """The upper end is shown as people write it, with the name of its field."""
    faults = Faults()
    faults.ordered("amount_min_fen", 500_000_000, "amount_max_fen", 350_000_000)
    expected = faults.found[0].expected
    assert "350万元" in expected.zh
    assert "amount_max_fen=3,500,000 yuan" in expected.en


def test_a_turned_range_of_other_things_is_told_as_it_is():
    """Months and rates are no money, whole numbers or not."""
    faults = Faults()
    faults.ordered("term_min_months", 24, "term_max_months", 12)
    faults.ordered("rate_fen", Decimal("0.5"), "rate_max_fen", Decimal("0.3"))
    assert [f.expected.zh for f in faults.found] == ["不大于 12", "不大于 0.3"]
    assert faults.found[0].expected.en == "at most term_max_months=12"


def test_the_collector_raises_all_at_once_or_nothing():
    """No fault, no error; two faults, one error with both."""
    faults = Faults()
    faults.require(True, "name", "甲", WRONG)
    faults.raise_if_any()
    faults.require(False, "name", "", WRONG)
    faults.not_negative(staff=-1)
    with pytest.raises(InputError) as caught:
        faults.raise_if_any()
    assert [f.field for f in caught.value.faults] == ["name", "staff"]


def test_an_error_survives_the_way_to_another_process() -> None:
    """Pickled and read back it has the same faults and the same message."""
    import pickle

    error = InputError([Fault(Text("甲", "a"), field="x", value=1)])
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.faults, str(again)) == (InputError, error.faults, str(error))
