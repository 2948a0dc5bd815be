import itertools
from dataclasses import FrozenInstanceError
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.attributes import ATTRIBUTES, Subject, attribute, months_between
from matcher.domain.choices import Collateral, Instrument, Size
from matcher.domain.code_names import code_text
from matcher.domain.criteria import (
    AllOf,
    AnyOf,
    Has,
    Not,
    OneOf,
    Prose,
    Range,
    State,
    Under,
    Verdict,
)
from matcher.domain.expression import parse
from matcher.domain.text import Lang, Text
from tests.domain.subjects import AS_OF, at_least, subject
from tests.strategies import criteria, enterprises, leaves, needs

FAIL, UNKNOWN, PASS = State.FAIL, State.UNKNOWN, State.PASS

# One rule for each state, of a firm with 10 people of which nothing else is known.
FIRM = subject(staff=10)
OF_STATE = {
    FAIL: Range("staff", low=11),
    UNKNOWN: Range("revenue", low=1),
    PASS: Range("staff", low=10),
}

subjects = st.builds(
    Subject,
    need=needs("N1", "E1", ("B0",)),
    enterprise=enterprises("E1", ("B0",)),
    as_of=st.sampled_from([AS_OF, AS_OF + timedelta(days=6)]),
)

READ = {
    "region": lambda n, e, d: e.region,
    "industry": lambda n, e, d: e.industry,
    "size": lambda n, e, d: e.size,
    "founded": lambda n, e, d: e.founded,
    "age": lambda n, e, d: None if e.founded is None else months_between(e.founded, d),
    "staff": lambda n, e, d: e.staff,
    "revenue": lambda n, e, d: e.revenue_fen,
    "assets": lambda n, e, d: e.assets_fen,
    "ownership": lambda n, e, d: e.ownership,
    "tags": lambda n, e, d: e.tags,
    "tax_grade": lambda n, e, d: e.tax_grade,
    "first_time_borrower": lambda n, e, d: e.first_time_borrower,
    "lead_share": lambda n, e, d: e.lead_share,
    "team_share": lambda n, e, d: e.team_share,
    "lead_is_largest": lambda n, e, d: e.lead_is_largest,
    "amount": lambda n, e, d: n.amount_fen,
    "term": lambda n, e, d: n.term_months,
    "purpose": lambda n, e, d: n.purpose,
    "collateral": lambda n, e, d: None if n.collateral is None else {k for k, _ in n.collateral},
    "instruments": lambda n, e, d: n.instruments,
    "priority": lambda n, e, d: n.priority,
    "indicator.growth": lambda n, e, d: dict(e.indicators).get("growth"),
}


def truth(rule, firm):
    """Return True, False or None (unknown) by an evaluation that shares nothing with judge."""
    if isinstance(rule, Prose):
        return None
    if isinstance(rule, Not):
        inner = truth(rule.part, firm)
        return None if inner is None else not inner
    if isinstance(rule, AllOf | AnyOf):
        decides = isinstance(rule, AnyOf)
        inner = [truth(part, firm) for part in rule.parts]
        if decides in inner:
            return decides
        return None if None in inner else not decides
    value = READ[rule.name](firm.need, firm.enterprise, firm.as_of)
    if value is None:
        return None
    if isinstance(rule, Range):
        above = rule.low is None or (value > rule.low if rule.low_open else value >= rule.low)
        below = rule.high is None or (value < rule.high if rule.high_open else value <= rule.high)
        return above and below
    if isinstance(rule, OneOf):
        return {True: "yes", False: "no"}.get(value, value) in rule.values
    if isinstance(rule, Has):
        found = [word in value for word in rule.values]
        return all(found) if rule.every else any(found)
    assert isinstance(rule, Under)
    if any(value[: len(p)] == p for p in rule.prefixes):
        return True
    return None if any(p[: len(value)] == value for p in rule.prefixes) else False


def state_of(rule, **stated):
    """Return the state of a rule for a firm of which only ``stated`` is known."""
    return rule.judge(subject(**stated)).state


def all_verdicts(verdict):
    """Return a verdict and those of its parts."""
    return [verdict, *(v for part in verdict.parts for v in all_verdicts(part))]


@given(criteria(), subjects)
@at_least(200)
def test_verdicts_agree_with_an_independent_evaluation(rule, firm):
    """Generated rules on generated firms, with missing values, get the state that truth says."""
    expected = {True: PASS, False: FAIL, None: UNKNOWN}[truth(rule, firm)]
    assert rule.judge(firm).state is expected


@pytest.mark.parametrize("states", list(itertools.product(State, repeat=2)), ids=str)
def test_all_and_any_are_kleenes_tables(states):
    """All-of fails by one fail, any-of passes by one pass; else unknown where one is unknown."""
    rules = tuple(OF_STATE[s] for s in states)
    all_of = FAIL if FAIL in states else UNKNOWN if UNKNOWN in states else PASS
    any_of = PASS if PASS in states else UNKNOWN if UNKNOWN in states else FAIL
    assert AllOf(rules).judge(FIRM).state is all_of
    assert AnyOf(rules).judge(FIRM).state is any_of


@pytest.mark.parametrize(("state", "other"), [(PASS, FAIL), (FAIL, PASS), (UNKNOWN, UNKNOWN)])
def test_not_turns_pass_and_fail_and_leaves_unknown(state, other):
    """The opposite of what is not known is not known."""
    assert Not(OF_STATE[state]).judge(FIRM).state is other


def test_no_parts_are_the_neutral_elements():
    """Without conditions everybody passes all of them and nobody passes one of them."""
    assert AllOf(()).judge(FIRM).state is PASS
    assert AnyOf(()).judge(FIRM).state is FAIL


@given(leaves().filter(lambda r: not isinstance(r, Prose)))
def test_a_missing_paper_is_unknown_and_can_be_shown(rule):
    """No rule on one attribute fails a firm that has not stated it; showing the paper mends it."""
    bare = subject()
    verdict = rule.judge(bare)
    if attribute(rule.name).get(bare) is None:
        assert (verdict.state, verdict.found, verdict.mendable) == (UNKNOWN, None, True)
    else:
        assert verdict.state is not UNKNOWN
        assert verdict.found is not None


LUCHENG = parse("lead_share >= 30% or (team_share > 50% and lead_is_largest = yes)")


@pytest.mark.parametrize(
    ("lead", "team", "largest", "state"),
    [
        ("0.3", None, None, PASS),
        ("0.299", "0.501", True, PASS),
        ("0.299", "0.5", True, FAIL),
        ("0.299", "0.50000001", True, PASS),
        ("0.29999999", "0.501", False, FAIL),
        ("0.299", "0.501", None, UNKNOWN),
        ("0.299", None, None, UNKNOWN),
        ("0.299", "0.5", None, FAIL),
        ("0.299", None, False, FAIL),
        (None, "0.5", True, UNKNOWN),
        (None, "0.501", True, PASS),
    ],
)
def test_shares_are_judged_at_one_tick_of_the_bound(lead, team, largest, state):
    """30 % of the lead, or more than 50 % of the team with the lead the largest shareholder.

    Notes
    -----
    温州市鹿城区 「科创基金」: 项目负责人持股比例不低于30%,或核心技术团队合计持股大于50%且项目
    负责人持股比例占比最高.
    """
    shares = {
        "lead_share": None if lead is None else Decimal(lead),
        "team_share": None if team is None else Decimal(team),
    }
    assert state_of(LUCHENG, lead_is_largest=largest, **shares) is state


TICK = {
    "amount": (350_000_000, 1, "amount_fen"),
    "revenue": (500_000_000, 1, "revenue_fen"),
    "staff": (20, 1, "staff"),
    "term": (12, 1, "term_months"),
    "founded": (date(2020, 5, 25), timedelta(days=1), "founded"),
    "lead_share": (Decimal("0.3"), Decimal("0.00000001"), "lead_share"),
}


@pytest.mark.parametrize("name", TICK)
def test_a_closed_bound_is_allowed_and_an_open_one_is_not(name):
    """On the bound and one tick to either side, for each of the four comparisons."""
    bound, tick, field = TICK[name]
    below, on, above = bound - tick, bound, bound + tick
    expected = {
        Range(name, low=bound): (FAIL, PASS, PASS),
        Range(name, low=bound, low_open=True): (FAIL, FAIL, PASS),
        Range(name, high=bound): (PASS, PASS, FAIL),
        Range(name, high=bound, high_open=True): (PASS, FAIL, FAIL),
        Range(name, low=bound, high=bound): (FAIL, PASS, FAIL),
        Range(name, low=below, high=above, low_open=True, high_open=True): (FAIL, PASS, FAIL),
    }
    for rule, states in expected.items():
        assert tuple(state_of(rule, **{field: v}) for v in (below, on, above)) == states, rule


def test_one_month_short_is_short():
    """A firm of 11 months and 30 days is not a year old; on its birthday it is."""
    rule = Range("age", low=12)
    assert state_of(rule, founded=date(2021, 5, 26)) is FAIL
    assert state_of(rule, founded=date(2021, 5, 25)) is PASS


@pytest.mark.parametrize(
    ("code", "state"),
    [
        ("330108", PASS),
        ("330110", FAIL),
        ("3301", UNKNOWN),
        ("33", UNKNOWN),
        ("3302", FAIL),
        ("31", FAIL),
        (None, UNKNOWN),
    ],
)
def test_a_code_too_coarse_for_the_prefix_is_unknown(code, state):
    """A firm known only by its city may lie in the district; one of another city cannot."""
    assert state_of(Under("region", frozenset({"330108"})), region=code) is state


def test_one_fitting_prefix_is_enough():
    """A coarse code passes by the prefix it reaches, whatever the others ask."""
    rule = Under("industry", frozenset({"C27", "I6510"}))
    assert state_of(rule, industry="C271") is PASS
    assert state_of(rule, industry="I65") is UNKNOWN
    assert state_of(rule, industry="C") is UNKNOWN
    assert state_of(rule, industry="A01") is FAIL
    coarse = rule.judge(subject(industry="I65"))
    assert coarse.found == code_text("I65")
    assert coarse.mendable


def test_at_least_one_word_or_every_word():
    """``has`` asks for one of the words, ``has_all`` for each; stating none of them fails."""
    words = frozenset({"orders", "deposit"})
    one, both = ((Collateral.ORDERS, 1),), ((Collateral.DEPOSIT, 1), (Collateral.ORDERS, 1))
    for offered, any_state, all_state in (((), FAIL, FAIL), (one, PASS, FAIL), (both, PASS, PASS)):
        assert state_of(Has("collateral", words), collateral=offered) is any_state
        assert state_of(Has("collateral", words, every=True), collateral=offered) is all_state


def test_a_flag_is_yes_or_no():
    """No is an answer and not a missing one."""
    rule = OneOf("first_time_borrower", frozenset({"no"}))
    assert state_of(rule, first_time_borrower=False) is PASS
    assert state_of(rule, first_time_borrower=True) is FAIL
    assert state_of(rule) is UNKNOWN


def test_prose_is_kept_whole_and_never_decided():
    """A condition in words stays unknown, also when denied, and its words are shown."""
    rule = Prose("信用良好,{无}不良记录")
    verdict = rule.judge(FIRM)
    assert verdict.state is Not(rule).judge(FIRM).state is UNKNOWN
    assert rule.text == verdict.asked == Text.same("信用良好,{无}不良记录")
    assert verdict.mendable


@pytest.mark.parametrize(
    ("rule", "stated", "mendable"),
    [
        (Range("amount", high=1), {}, True),
        (Range("staff", low=99), {"staff": 1}, False),
        (AllOf((Range("amount", high=1), Range("staff", low=99))), {"staff": 1}, False),
        (AllOf((Range("amount", high=1), Range("staff", low=1))), {"staff": 1}, True),
        (AllOf((Range("amount", high=1), Range("staff", low=1))), {}, True),
        (AnyOf((Range("amount", high=1), Range("staff", low=99))), {"staff": 1}, True),
        (AnyOf((Range("staff", low=98), Range("staff", low=99))), {"staff": 1}, False),
        (Not(Range("staff", low=1)), {"staff": 1}, False),
        (Not(Range("amount", low=1)), {}, True),
    ],
)
def test_a_rule_can_be_mended_if_all_that_stands_against_it_can(rule, stated, mendable):
    """All-of needs every failing part mendable, any-of one part; passing parts do not matter."""
    verdict = rule.judge(subject(**stated))
    assert verdict.state is not PASS
    assert verdict.mendable is mendable


@given(criteria(), subjects)
def test_every_reason_exists_in_both_languages(rule, firm):
    """Sentences of a verdict and its parts are Chinese and English and never the same."""
    for verdict in all_verdicts(rule.judge(firm)):
        for text in (verdict.sentence, verdict.missing, verdict.state.text):
            assert text.zh != text.en
            assert any("\u4e00" <= c <= "\u9fff" for c in text.zh)
        assert verdict.state.text.zh in verdict.sentence.of(Lang.ZH)
        assert verdict.state.text.en in verdict.sentence.of(Lang.EN)


@pytest.mark.parametrize(
    ("rule", "zh", "en"),
    [
        (Range("amount", high=500_000_000), "融资金额 ≤ 500万元", "amount ≤ 5,000,000 yuan"),
        (
            Range("age", low=12, high=36, low_open=True, high_open=True),
            "成立时间 > 12 个月且 < 36 个月",
            "age > 12 months and < 36 months",
        ),
        (OneOf("size", frozenset({"small"})), "企业规模为小型", "size is small"),
        (
            OneOf("size", frozenset({"small", "micro"})),
            "企业规模属于微型、小型",
            "size one of micro, small",
        ),
        (OneOf("lead_is_largest", frozenset({"yes"})), "负责人为最大股东：是",
         "lead is the largest shareholder: yes"),
        (Range("indicator.orders_growing", low=1), "订单增长：是", "growing orders: yes"),
        (Range("indicator.receivables_late", high=0), "应收账款拖欠：否", "late receivables: no"),
        (Range("indicator.orders_growing", low=2), "订单增长 ≥ 2", "growing orders ≥ 2"),
        (Range("founded", low=date(2022, 6, 3)), "成立日期 ≥ 2022年6月3日",
         "founded ≥ 3 June 2022"),
        (Under("region", frozenset({"3301", "31"})), "地区属于上海市（31）、杭州市（3301）",
         "region in 31, 3301"),
        (Has("tags", frozenset({"green"})), "资质标签具备绿色", "tags has green"),
        (
            Has("collateral", frozenset({"orders", "deposit"}), every=True),
            "押品全部具备存单、订单",
            "collateral all of deposit, orders",
        ),
        (
            AnyOf((Not(Range("staff", low=3)), AllOf((Prose("x"), Prose("y"))))),
            "非（职工人数 ≥ 3）或（x 且 y）",
            "not (staff ≥ 3) or (x and y)",
        ),
    ],
)  # fmt: skip
def test_rules_read_as_people_say_them(rule, zh, en):
    """Names, signs and values are in the language of the sentence; brackets show what joins."""
    assert rule.text == Text(zh, en)


def test_a_verdict_says_what_was_found_and_what_was_asked():
    """The sentence of a fail has both values; that of an unknown says that none was given."""
    rule = Range("staff", low=20)
    assert rule.judge(subject(staff=12)).sentence.en == "staff: 12; asked: ≥ 20; fails"
    assert rule.judge(subject()).sentence.en == "staff: not given; asked: ≥ 20; not known"
    assert "未提供" in rule.judge(subject()).sentence.zh
    assert rule.judge(subject()).missing.en == "staff (≥ 20)"


def test_a_composed_verdict_shows_the_values_of_all_its_leaves():
    """The desk sees each figure that the decision rests on."""
    verdict = LUCHENG.judge(subject(lead_share=Decimal("0.2"), team_share=Decimal("0.6")))
    assert verdict.found.en == (
        "share of the lead 20.00%, share of the core team 60.00%, "
        "lead is the largest shareholder not given"
    )
    assert [part.state for part in verdict.parts] == [FAIL, UNKNOWN]


def test_equal_rules_are_equal_values():
    """Rules can be shared: equality and hash go by what they ask and not by who wrote them."""
    first = AllOf((OneOf("size", frozenset({"small", "micro"})), Range("staff", low=3)))
    second = AllOf((OneOf("size", frozenset({"micro", "small"})), Range("staff", low=3)))
    assert first == second
    assert hash(first) == hash(second)
    assert first != AnyOf(first.parts)
    assert Range("staff", low=3) != Range("staff", low=3, low_open=True)
    with pytest.raises(FrozenInstanceError):
        first.parts = ()


def test_states_are_ordered_from_fail_to_pass():
    """``min`` is all-of and ``max`` any-of; the three words differ in both languages."""
    assert FAIL < UNKNOWN < PASS
    assert len({s.text.zh for s in State}) == len({s.text.en for s in State}) == 3


def test_a_verdict_is_a_plain_value():
    """Verdicts can be compared and kept."""
    assert Range("staff", low=3).judge(subject(staff=3)) == Verdict(
        PASS, Text("职工人数", "staff"), Text.same("3"), Text.same("≥ 3")
    )


def test_every_attribute_that_can_be_read_is_read_by_the_evaluator():
    """The independent evaluation above covers the whole register."""
    assert set(READ) == {*ATTRIBUTES, "indicator.growth"}


def test_sizes_and_instruments_are_read_as_their_words():
    """Members of vocabularies match the plain words that a rule holds."""
    assert state_of(OneOf("size", frozenset({"small"})), stated_size=Size.SMALL) is PASS
    rule = Has("instruments", frozenset({"guarantee"}))
    assert state_of(rule, instruments=frozenset({Instrument.GUARANTEE})) is PASS
