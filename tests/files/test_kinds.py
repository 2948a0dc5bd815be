"""Cells are read as people write them, and what is ambiguous is refused."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from matcher.domain.choices import Collateral, Instrument, PoolUnit, Purpose, TaxGrade
from matcher.domain.expression import parse
from matcher.domain.money import WAN, YUAN
from matcher.files.codes import CreditCode, Industry, Region
from matcher.files.kinds import Day, Flag, Identity, Word, Words
from matcher.files.quantities import (
    FEN,
    PERCENT,
    Figure,
    Money,
    Months,
    Rate,
    Whole,
    Workdays,
)
from matcher.files.rows import READ_ERRORS
from matcher.files.several import Marked, Pairs, Quotes, Rules, SetOf
from matcher.files.tables.shared import TAG_SET

PLEDGES = Pairs(Word(Collateral), Money(), "", once=False)
ADVANCES = Pairs(Word(Collateral), Rate(), "")


@pytest.mark.parametrize(
    ("kind", "cell", "unit", "value"),
    [
        (Money(), 350, None, 35_000),
        (Money(), 350, YUAN, 35_000),
        (Money(), 350, WAN, 350_000_000),
        (Money(), 0.3, WAN, 300_000),
        (Money(), 0.1 + 0.2, None, 30),
        (Money(), "350", WAN, 350_000_000),
        (Money(), "350万", YUAN, 350_000_000),
        (Money(), "350万", FEN, 350_000_000),
        (Money(), "三百五十万", WAN, 350_000_000),
        (Money(), "¥3,500,000", WAN, 350_000_000),
        (Money(), "\uff13\uff15\uff10万元", None, 350_000_000),
        (Money(), 12_345, FEN, 12_345),
        (Money(), "12345", FEN, 12_345),
        (Money(), Decimal("12345.0"), FEN, 12_345),
        (Rate(), "2.65%", None, Decimal("0.0265")),
        (Rate(), "6‰", None, Decimal("0.006")),
        (Rate(), 0.0265, None, Decimal("0.0265")),
        (Rate(), "0.0265", None, Decimal("0.0265")),
        (Rate(), "50bp", None, Decimal("0.005")),
        (Rate(), 2.65, PERCENT, Decimal("0.0265")),
        (Rate(), "2.65%", PERCENT, Decimal("0.0265")),
        (Rate(), "150%", None, Decimal("1.5")),
        (Whole(), "120人", None, 120),
        (Whole(), 12.0, None, 12),
        (Months(), "12个月", None, 12),
        (Months(), "1年", None, 12),
        (Months(), "1.5 years", None, 18),
        (Months(), "半年", None, 6),
        (Months(), 2, Decimal(12), 24),
        (Workdays(), "3个工作日", None, 3),
        (Workdays(), "3 workdays", None, 3),
        (Figure(), "12%", None, Decimal("0.12")),
        (Figure(), -3, None, Decimal(-3)),
        (Day(), datetime(2022, 6, 3, 10, 30), None, date(2022, 6, 3)),
        (Day(), "2022-6-3", None, date(2022, 6, 3)),
        (Day(), "2022/06/03", None, date(2022, 6, 3)),
        (Day(), "2022.6.3", None, date(2022, 6, 3)),
        (Day(), "2022年6月3日", None, date(2022, 6, 3)),
        (Day(), 20220603, None, date(2022, 6, 3)),
        (Day(), "2022-06-03T00:00:00", None, date(2022, 6, 3)),
        (Flag(), "是", None, True),
        (Flag(), "No", None, False),
        (Flag(), 1.0, None, True),
        (Flag(), False, None, False),
        (Region(), 330108.0, None, "330108"),
        (Industry(), 65, None, "I65"),
        (Industry(), "\uff49\uff16\uff15", None, "I65"),
        (Identity(), 1001.0, None, "1001"),
        (Words(), " 甲 公司 ", None, "甲 公司"),
        (CreditCode(), "91350100m000100y43", None, "91350100M000100Y43"),
        (Word(Purpose), "流动资金", None, Purpose.WORKING_CAPITAL),
        (Word(Purpose), "Working capital", None, Purpose.WORKING_CAPITAL),
        (Word(TaxGrade), "\uff21", None, TaxGrade.A),
        (Word(PoolUnit, (("万元", PoolUnit.FEN),)), "万元", None, PoolUnit.FEN),
        (SetOf(Word(Instrument)), "贷款、担保;保险", None,
         {Instrument.LOAN, Instrument.GUARANTEE, Instrument.INSURANCE}),
        (SetOf(Word(Instrument)), ["loan"], None, {Instrument.LOAN}),
        (SetOf(Identity()), "无", None, set()),
        (SetOf(Identity()), "B1\uff0cB2\uff1bB3\nB4", None, {"B1", "B2", "B3", "B4"}),
        (TAG_SET, "高新技术企业、自定义", None, {"high_tech", "自定义"}),
        (PLEDGES, "房产土地=300万; 应收账款\uff1d50万", None,
         ((Collateral.REAL_ESTATE, 300_000_000), (Collateral.RECEIVABLES, 50_000_000))),
        (PLEDGES, "房产土地:1,000;房产土地:2000", None,
         ((Collateral.REAL_ESTATE, 100_000), (Collateral.REAL_ESTATE, 200_000))),
        (PLEDGES, {"deposit": 5}, FEN, ((Collateral.DEPOSIT, 5),)),
        (PLEDGES, "无", None, ()),
        (ADVANCES, {"房产土地": "70%"}, None, ((Collateral.REAL_ESTATE, Decimal("0.7")),)),
        (Rules(), '营业收入 >= 500万; "甲;乙"\n职工人数 > 3', None,
         (parse("营业收入 >= 500万"), parse('"甲;乙"'), parse("职工人数 > 3"))),
        (Rules(), "\uff08地区 属于 3301\uff0c3302\uff09\uff1b行业 属于 C27", None,
         (parse("地区 属于 3301,3302"), parse("行业 属于 C27"))),
        (Rules(), ["revenue >= 5"], None, (parse("revenue >= 5"),)),
        (Rules(), "无", None, ()),
        (Marked(), "是", None, True),
        (Marked(), "融资金额、期限", None, {"融资金额", "期限"}),
        (Quotes(), {"amount_fen": "150万元"}, None, (("amount_fen", "150万元"),)),
    ],
)  # fmt: skip
def test_a_cell_is_read_as_it_is_meant(kind, cell, unit, value):
    """Every way of writing that people use gives the exact value."""
    assert kind.read(cell, unit) == value


@pytest.mark.parametrize(
    ("kind", "cell", "unit"),
    [
        (Money(), "很多", None),
        (Money(), -1, None),
        (Money(), "-1", None),
        (Money(), "3,5", None),
        (Money(), 0.001, None),
        (Money(), 1e300, None),
        (Money(), Decimal("1e999999"), None),
        (Money(), float("nan"), None),
        (Money(), float("inf"), None),
        (Money(), "Infinity", None),
        (Money(), True, None),
        (Money(), "9" * 5000, None),
        (Money(), "一万" * 5000, None),
        (Money(bare=False), 5000, None),
        (Money(bare=False), "5000", None),
        (Money(), 0.5, FEN),
        (Rate(), 2.65, None),
        (Rate(), "2.65", None),
        (Rate(), 0.0265, PERCENT),
        (Rate(), "-2%", None),
        (Rate(), -0.1, None),
        (Rate(), "LPR+50bp", None),
        (Rate(), float("nan"), None),
        (Whole(), 1.5, None),
        (Whole(), -1, None),
        (Whole(), 10**12, None),
        (Whole(), True, None),
        (Workdays(), "3天", None),
        (Months(), "3天", None),
        (Months(), 1.5, None),
        (Figure(), float("inf"), None),
        (Figure(), Decimal("1e400"), None),
        (Figure(), Decimal("NaN"), None),
        (Day(), "03/06/2022", None),
        (Day(), "22-6-3", None),
        (Day(), "2022-13-01", None),
        (Day(), "2022-6/3", None),
        (Day(), 44715, None),
        (Day(), "0001-01-01", None),
        (Flag(), "也许", None),
        (Flag(), 2, None),
        (Region(), "3301081", None),
        (Region(), 330108.5, None),
        (Industry(), "Z99", None),
        (Industry(), "C65", None),
        (Identity(), True, None),
        (Identity(), date(2022, 6, 3), None),
        (Words(), "a\x00b", None),
        (Words(), "\ud800", None),
        (Words(), "长" * 5000, None),
        (CreditCode(), "91350100M000100Y44", None),
        (CreditCode(), 913301087996550580, None),
        (CreditCode(), 9.13301e17, None),
        (CreditCode(), "9.13301E+17", None),
        (Word(Purpose), "游玩", None),
        (Word(Purpose), 3, None),
        (SetOf(Word(Instrument)), "贷款、游玩", None),
        (SetOf(Identity()), [{}], None),
        (SetOf(Identity()), {"a": 1}, None),
        (SetOf(Identity()), ["a"] * 501, None),
        (PLEDGES, "房产土地", None),
        (PLEDGES, "房子=5", None),
        (PLEDGES, [["deposit"]], None),
        (PLEDGES, "房产土地=-5", None),
        (ADVANCES, "房产土地=70%; 房产土地=60%", None),
        (ADVANCES, "房产土地=70", None),
        (Rules(), "营业收入 大于 500万", None),
        (Rules(), ["revenue >= " + "一万" * 990], None),
        (Rules(), ["(" * 900], None),
        (Rules(), [3.5], None),
        (Rules(), "长" * 2001, None),
        (Rules(), ["staff > 1"] * 501, None),
        (Marked(), 0.5, None),
        (Quotes(), "原文", None),
        (Quotes(), {"amount_fen": []}, None),
    ],
)
def test_a_cell_that_is_wrong_or_ambiguous_is_refused(kind, cell, unit):
    """Nothing is guessed, and nothing but the named errors is raised."""
    with pytest.raises(READ_ERRORS):
        kind.read(cell, unit)


@pytest.mark.parametrize("number", [Decimal("0.0265"), Decimal(1), Decimal("1.5"), Decimal(0)])
def test_a_rate_is_written_so_that_it_reads_back(number: Decimal):
    """A rate above one is written with its sign, for a bare one would be refused."""
    assert Rate().read(Rate().write(number)) == number
