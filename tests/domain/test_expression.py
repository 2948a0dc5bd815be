from datetime import date
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from matcher.domain.criteria import AllOf, AnyOf, Has, Not, OneOf, Prose, Range, Under
from matcher.domain.expression import parse, unparse
from tests.domain.rules import rules, spell
from tests.domain.subjects import at_least

SMALL = OneOf("size", frozenset({"small"}))
STAFF = Range("staff", low=3)
GREEN = Has("tags", frozenset({"green"}))


def nested(rule, times):
    """Put a rule under ``times`` denials."""
    return rule if times == 0 else Not(nested(rule, times - 1))


@given(rules)
@at_least(300)
@example(nested(STAFF, 20))
@example(nested(AllOf((STAFF, AnyOf((SMALL, GREEN)))), 18))
@example(Not(AnyOf((AllOf((STAFF, SMALL)), AllOf((AllOf((STAFF, SMALL)), GREEN))))))
@example(Prose('a "b" \\ \\n\n“丙”,（丁）'))
@example(Range("amount", low=350_000_001))
@example(Range("indicator.负债率", low=Decimal("1E+30"), high=Decimal("-1E-12")))
def test_a_rule_written_out_is_read_back_as_an_equal_rule(rule):
    """Parse undoes unparse for every rule that a text can stand for."""
    assert parse(unparse(rule)) == rule


@given(rules)
@at_least(300)
def test_chinese_and_english_spellings_are_the_same_rule(rule):
    """Names, words, signs and brackets of either language and width give equal values."""
    assert parse(spell(rule, zh=True)) == rule
    assert parse(spell(rule, zh=False)) == rule


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("职工人数 >= 3人", STAFF),
        ("职工人数≥三", STAFF),
        ("  staff>=3  ", STAFF),
        ("（职工人数 ≥ 3人）", STAFF),
        ("staff != 3", Not(Range("staff", low=3, high=3))),
        ("职工人数≠3", Not(Range("staff", low=3, high=3))),
        ("职工人数！=3", Not(Range("staff", low=3, high=3))),
        ("营业收入 >= 500万", Range("revenue", low=500_000_000)),
        ("revenue >= 5,000,000", Range("revenue", low=500_000_000)),
        ("revenue >= 5，000，000元", Range("revenue", low=500_000_000)),
        (
            "revenue between 1,000,000 .. 5,000,000",
            Range("revenue", low=100_000_000, high=500_000_000),
        ),
        ("revenue 介于 100万..500万", Range("revenue", low=100_000_000, high=500_000_000)),
        ("revenue < 0.07", Range("revenue", high=7, high_open=True)),
        ('revenue >= "500万"', Range("revenue", low=500_000_000)),
        ("age >= 3年", Range("age", low=36)),
        ("成立时间 < 18个月", Range("age", high=18, high_open=True)),
        ("age >= 2years", Range("age", low=24)),
        ("founded <= 2022-05-25", Range("founded", high=date(2022, 5, 25))),
        ("负责人持股 > 30%", Range("lead_share", low=Decimal("0.3"), low_open=True)),
        ("lead_share > 0.3", Range("lead_share", low=Decimal("0.3"), low_open=True)),
        ("lead_share >= ３０％", Range("lead_share", low=Decimal("0.3"))),
        ("指标.增长率 >= 20%", Range("indicator.增长率", low=Decimal("0.2"))),
        ("size = 小型", SMALL),
        ("企业规模 属于 小型、微型", OneOf("size", frozenset({"small", "micro"}))),
        ("size != small", Not(SMALL)),
        ("首贷户 = 是", OneOf("first_time_borrower", frozenset({"yes"}))),
        ("first_time_borrower != TRUE", Not(OneOf("first_time_borrower", frozenset({"yes"})))),
        ("region in 3301, 33", Under("region", frozenset({"3301", "33"}))),
        ("region = 330108", Under("region", frozenset({"330108"}))),
        ("industry in 27, 65", Under("industry", frozenset({"C27", "I65"}))),
        ("industry in 65, 651", Under("industry", frozenset({"I65", "I651"}))),
        ("行业 属于 65，651", Under("industry", frozenset({"I65", "I651"}))),
        ("tags has green", GREEN),
        ("tags in green", GREEN),
        ("tags = green", GREEN),
        ('tags = "green"', GREEN),
        ("tags = “绿色”", GREEN),
        ("tags has 1, 234", Has("tags", frozenset({"1", "234"}))),
        ('tags has "or", "a, b"', Has("tags", frozenset({"or", "a, b"}))),
        ("tags != green", Not(GREEN)),
        ('collateral = "orders"', Has("collateral", frozenset({"orders"}))),
        (
            "押品 全部具备 订单、存单",
            Has("collateral", frozenset({"orders", "deposit"}), every=True),
        ),
        ('"信用良好"', Prose("信用良好")),
        ("“信用良好”", Prose("信用良好")),
        ("“注册资本≥500万（含），无\\不良”", Prose("注册资本≥500万（含），无\\不良")),
        ("“他说\"好\"”", Prose('他说"好"')),
        ('"“引号”"', Prose("“引号”")),
        ('"a\\"b\\\\c"', Prose('a"b\\c')),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_rules_are_read_as_people_write_them(text, rule):
    """Each spelling that a form may bring gives the rule that it means."""
    assert parse(text) == rule


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("staff >= 3 and size = small or tags has green", AnyOf((AllOf((STAFF, SMALL)), GREEN))),
        ("staff >= 3 or size = small and tags has green", AnyOf((STAFF, AllOf((SMALL, GREEN))))),
        ("(staff >= 3 or size = small) and tags has green", AllOf((AnyOf((STAFF, SMALL)), GREEN))),
        ("not staff >= 3 and size = small", AllOf((Not(STAFF), SMALL))),
        ("not (staff >= 3 and size = small)", Not(AllOf((STAFF, SMALL)))),
        ("非 非 staff >= 3", Not(Not(STAFF))),
        ("staff >= 3 并且 size = small 或者 tags has green", AnyOf((AllOf((STAFF, SMALL)), GREEN))),
        ("(staff >= 3 and size = small) and tags has green", AllOf((AllOf((STAFF, SMALL)), GREEN))),
        ("((staff >= 3))", STAFF),
        ("tags has green and size = small", AllOf((GREEN, SMALL))),
    ],
)
def test_and_binds_closer_than_or_and_not_closest(text, rule):
    """Brackets say otherwise; a list of words ends where the next rule begins."""
    assert parse(text) == rule


MALFORMED = [
    *("", " ", "and", "()", "(", ")", "not", "非", "staff", "staff >=", ">= 3", "staff 3",
      "staff 3 >="),
    *("staff >= 3 and", "or staff >= 3", "staff >= 3 staff >= 3", "(staff >= 3", "staff >= 3)"),
    *("staff >= 3 and or staff >= 3", "staff >= >= 3", "staff => 3", "staff == 3", "staff ! 3",
      "staff !"),
    *("no_such >= 3", "年龄 >= 3", "indicator. >= 3", "Staff >= 3", "营业 收入 >= 3"),
    *("staff >= many", "staff >= 3.5", "staff >= 三百二", "staff >= nan", "staff >= inf",
      "staff >= 1,2"),
    *("revenue >= 一万二", "revenue >= -1", "revenue >= 0.001", "revenue >= 1e99",
      "revenue >= 3,5"),
    *("founded >= 2022", "founded >= 2022-02-30", "founded >= ２０２２-01-01",
      "founded >= 2022年1月1日"),
    *("age >= 1.05年", "age >= 年", "age >= 3天"),
    *("lead_share >= 30%%", "lead_share >= %", "lead_share in 30%", "staff in 3", "staff has 3"),
    *("size >= small", "size in huge", "size has small", "size in", "size in small,",
      "size in ,small"),
    *("size in small micro", "size between small .. micro", "size ="),
    *("first_time_borrower = maybe", "first_time_borrower >= yes", "first_time_borrower has yes"),
    *("region in 浙江", "region in 330", "region has 3301", "region >= 33", "region in 3３"),
    *("industry in Z99", "industry in C65", "industry = 00"),
    *("tags >= green", "tags has", "tags has )", "tags has >", "tags has ,", "tags has and",
      "tags has a,,b"),
    *("(tags has )", "tags has or size = small", "collateral has gold", "tags between a .. b"),
    *("revenue between 1", "revenue between 1 ..", "revenue between .. 2", "revenue between 1 2"),
    *("revenue between 1 .. 2 .. 3", "revenue 介于 1 且 2"),
    *('"', '"a', 'a"', '"a" "b"', "“a", "“a”“b”", '"a" >= 3', '"\\"', "”"),
    *("(" * 5000, "(" * 5000 + "staff >= 3" + ")" * 5000, "not " * 5000,
      "not " * 5000 + "staff >= 3"),
    *("非（" * 2000, "staff >= " + "一" + "亿" * 5000, "staff >= " + "9" * 5000),
    *("indicator.x >= 一" + "万" * 5000, "\x00", "staff >= 3 \x00", "\ud800", ".", "..",
      "staff .. 3"),
]  # fmt: skip


@pytest.mark.parametrize("text", MALFORMED, ids=lambda text: repr(text[:24]))
def test_what_is_no_rule_is_refused(text):
    """A malformed text raises ValueError: neither a rule comes out of it nor another error."""
    with pytest.raises(ValueError, match=r"\S"):
        parse(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("staff >= 3 and no_such >= 2", "unknown attribute 'no_such'"),
        ("staff >= 3 size", "unexpected 'size'"),
        ("(staff >= 3", "a bracket is not closed"),
        ("staff >=", "ends too early"),
        ("staff near 3", "unknown comparison 'near'"),
        ("staff >= 3 # 4", "unexpected '#'"),
        ("revenue between 1 and 2", r"between needs low \.\. high"),
        ("tags has and", "a value is missing before 'and'"),
        ("size >= small", "size has no order"),
        ("staff in 3", "'in' does not fit staff"),
        ("not " * 21 + "staff >= 3", "nested deeper than 20"),
    ],
)
def test_the_message_says_at_which_word(text, words):
    """Whoever wrote the rule can find the slip."""
    with pytest.raises(ValueError, match=words):
        parse(text)


def test_the_depth_of_nesting_is_bounded_and_the_bound_is_usable():
    """Twenty levels are read and written, one more is refused."""
    deepest = "not " * 10 + "(" * 10 + "staff >= 3 or size = small" + ")" * 10
    assert parse(unparse(parse(deepest))) == parse(deepest)
    with pytest.raises(ValueError, match="nested deeper"):
        parse(f"({deepest})")


VOCABULARY = [
    "(", ")", "（", "）", "and", "or", "not", "且", "或", "非", "in", "has", "has_all",
    "between", "介于", "..", ",", "，", "、", ">=", "<=", ">", "<", "=", "!=", "≥", "≠", "!",
    ".", '"', "\\", "“", "”", "staff", "职工人数", "size", "region", "industry", "tags",
    "collateral", "founded", "lead_share", "revenue", "age", "indicator.x", "指标.y", "3",
    "3,500", "350万", "一百二", "30%", "2022-05-25", "small", "小型", "33", "C27", "是", "nan",
    "1e99", "亿亿亿",
]  # fmt: skip
token_soup = st.lists(st.sampled_from(VOCABULARY), max_size=14).flatmap(
    lambda words: st.sampled_from([" ".join(words), "".join(words)])
)


@given(st.text() | token_soup)
@at_least(600)
def test_any_text_is_a_rule_or_value_error(text):
    """Nothing but ValueError leaves parse, and what comes out of it can be written and read."""
    try:
        rule = parse(text)
    except ValueError:
        return
    assert parse(unparse(rule)) == rule


@given(rules, st.booleans(), st.data())
@at_least(300)
def test_a_spoilt_rule_is_a_rule_or_value_error(rule, zh, data):
    """A valid rule with a piece cut out, doubled or put in raises nothing but ValueError."""
    text = spell(rule, zh)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 6)))
    piece = data.draw(st.sampled_from(["", text[start:end] * 2, *VOCABULARY]) | st.text(max_size=2))
    try:
        spoilt = parse(text[:start] + piece + text[end:])
    except ValueError:
        return
    assert parse(unparse(spoilt)) == spoilt


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (AllOf((STAFF, SMALL)), 'staff >= 3 and size in "small"'),
        (AnyOf((AllOf((STAFF, SMALL)), STAFF)), 'staff >= 3 and size in "small" or staff >= 3'),
        (AllOf((AnyOf((STAFF, SMALL)), STAFF)), '(staff >= 3 or size in "small") and staff >= 3'),
        (Not(AllOf((STAFF, SMALL))), 'not (staff >= 3 and size in "small")'),
        (Range("amount", low=7, high=350_000_000), "amount between 0.07 .. 3500000"),
        (Has("tags", frozenset("ba"), every=True), 'tags has_all "a", "b"'),
        (Under("region", frozenset({"3301", "11"})), "region in 11, 3301"),
        (Prose('a"b\\'), '"a\\"b\\\\"'),
    ],
)  # fmt: skip
def test_rules_are_written_in_one_way(rule, text):
    """Words are sorted, amounts in yuan, and brackets stand only where they are needed."""
    assert unparse(rule) == text


@pytest.mark.parametrize(("low_open", "high_open"), [(True, True), (True, False), (False, True)])
def test_two_bounds_that_are_not_both_closed_keep_their_brackets(low_open, high_open):
    """A range that only code can build is written as two rules that mean the same."""
    both = Range("staff", low=1, high=9, low_open=low_open, high_open=high_open)
    low = Range("staff", low=1, low_open=low_open)
    high = Range("staff", high=9, high_open=high_open)
    assert parse(unparse(Not(both))) == Not(AllOf((low, high)))
