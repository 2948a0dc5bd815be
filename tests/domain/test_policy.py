from dataclasses import FrozenInstanceError
from datetime import date
from decimal import Decimal

import pytest

from matcher.domain.choices import Benefit
from matcher.domain.criteria import State
from matcher.domain.errors import InputError
from matcher.domain.expression import parse
from matcher.domain.policy import Policy
from matcher.domain.text import Lang, Text
from tests.domain.subjects import subject

BAD = [
    *(("policy_id", v) for v in ("", "a b", "x" * 65)),
    *(("name", v) for v in ("", " ")),
    *(("rate", Decimal(v)) for v in ("-0.01", "1.01", "NaN", "Infinity")),
    *(("cap_fen", v) for v in (-1,)),
]


def policy(**stated):
    """Return a policy of which no more is known."""
    return Policy(**{"policy_id": "G1", "name": "贷款贴息", **stated})


def faults_of(**stated):
    """Return the faults that a policy is refused with."""
    with pytest.raises(InputError) as caught:
        policy(**stated)
    return caught.value.faults


@pytest.mark.parametrize(("field", "value"), BAD)
def test_a_wrong_field_is_named(field, value):
    """One wrong value gives one fault, with the field's name and what would have been right."""
    (fault,) = faults_of(**{field: value})
    assert fault.field == field
    assert fault.sentence(Lang.ZH) != fault.sentence(Lang.EN)


def test_all_that_is_wrong_is_told_at_once():
    """Every field wrong and the validity turned round: each is named once."""
    days = {"valid_from": date(2022, 6, 1), "valid_to": date(2022, 5, 31)}
    found = [f.field for f in faults_of(**dict(BAD), **days)]
    assert found == ["policy_id", "name", "rate", "cap_fen", "valid_from"]


def test_the_least_and_the_most_are_allowed():
    """A whole fee may be paid, nothing may be paid, and one day is a validity."""
    day = date(2022, 6, 1)
    assert policy(rate=Decimal(1), cap_fen=0, valid_from=day, valid_to=day).rate == 1
    assert policy(rate=Decimal(0)).rate == 0


def test_a_policy_cannot_be_changed():
    """The budget of a round is what it was when the round began."""
    with pytest.raises(FrozenInstanceError):
        policy().rate = Decimal("0.5")


def test_names_are_read_in_both_languages():
    """Without an English name the Chinese one stands in."""
    assert policy().text == Text("贷款贴息", "贷款贴息")
    assert policy(name_en="Interest subsidy").text == Text("贷款贴息", "Interest subsidy")
    assert policy().benefit is Benefit.OTHER


RULES = (parse("size in small, micro"), parse("staff >= 3"))


@pytest.mark.parametrize(
    ("stated", "state"),
    [
        ({"stated_size": "small", "staff": 3}, State.PASS),
        ({"stated_size": "small", "staff": 2}, State.FAIL),
        ({"stated_size": "large"}, State.FAIL),
        ({"stated_size": "small"}, State.UNKNOWN),
        ({}, State.UNKNOWN),
    ],
)
def test_a_policy_applies_if_every_rule_holds(stated, state):
    """One fail decides, one unknown leaves it open; each rule has its own verdict."""
    verdict = policy(criteria=RULES).judge(subject(**stated))
    assert verdict.state is state
    assert len(verdict.parts) == 2


def test_a_policy_without_rules_applies_to_everybody():
    """No conditions are met by a firm of which nothing is known."""
    assert policy().judge(subject()).state is State.PASS
