"""A seeded market of any size for the benchmark of candidates: a province's needs and products.

Amounts, terms, deadlines, rates and rules are drawn from ranges that sheets of this kind show;
a few of everything are not stated. Products stand alone and there are no policies, so that the
same question can be asked in SQL.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from math import exp
from random import Random
from typing import Any, TypeVar

from matcher.domain.choices import Collateral, Instrument, Ownership, Repayment, Size, TaxGrade
from matcher.domain.criteria import Criterion, Has, OneOf, Range, Under
from matcher.domain.enterprise import Enterprise, Need
from matcher.domain.institution import Institution, Product
from matcher.domain.records import Records

AS_OF = date(2026, 3, 2)
WAN = 1_000_000
"""Fen in 万元."""

CITIES = [f"33{n:02d}" for n in range(1, 12)]
DISTRICTS = [f"{city}{n:02d}" for city in CITIES for n in range(1, 9)]
SECTIONS = {"A": 6, "C": 40, "E": 6, "F": 16, "G": 5, "H": 4, "I": 8, "L": 4, "M": 7, "O": 4}
INDUSTRIES = {
    "A": "A01 A03 A05", "C": "C13 C17 C18 C26 C27 C29 C33 C34 C35 C36 C38 C39", "E": "E47 E50",
    "F": "F51 F52", "G": "G54 G58", "H": "H61 H62", "I": "I63 I64 I65", "L": "L72",
    "M": "M73 M74 M75", "O": "O80 O81",
}  # fmt: skip
TAGS = ["high_tech", "tech_sme", "specialised", "farming", "exporter", "green", "existing_loan"]
TERMS = [3, 6, 12, 24, 36, 60]
KINDS = [Collateral.REAL_ESTATE, Collateral.EQUIPMENT, Collateral.RECEIVABLES, Collateral.PATENTS]

T = TypeVar("T")


class Draw:
    """Draws values from one seeded stream."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def maybe(self, share: float, value: T) -> T | None:
        """Return ``value`` in a share of the cases, else None."""
        return value if self.chance(share) else None

    def one(self, values: Sequence[T], shares: Sequence[float] | None = None) -> T:
        """Return one of the values; shares need not add up to 1."""
        if shares is None:
            return self.random.choice(values)
        return self.random.choices(values, shares)[0]

    def some(self, values: Sequence[T], least: int, most: int) -> list[T]:
        """Return between ``least`` and ``most`` distinct values."""
        return self.random.sample(values, self.random.randint(least, most))

    def between(self, low: int, high: int) -> int:
        return self.random.randint(low, high)

    def log(self, middle: float, spread: float) -> float:
        """Return a log-normal number around ``middle``."""
        return middle * exp(self.random.gauss(0.0, spread))

    def rate(self, low: int, high: int) -> Decimal:
        """Return a rate between two numbers of basis points."""
        return Decimal(self.between(low, high)) / 10_000


def make_records(num_needs: int, num_products: int, seed: int = 1, fixed: bool = True) -> Records:
    """Return the tables of a market; with fees in yuan, whatever the amount, if ``fixed``."""
    draw = Draw(seed)
    banks = [_institution(draw, n) for n in range(min(64, max(4, num_products // 16)))]
    ids = [b.institution_id for b in banks]
    products = [_product(draw, n, ids) for n in range(num_products)]
    if not fixed:
        products = [replace(product, fee_fixed_fen=0) for product in products]
    firms = [_enterprise(draw, n, ids) for n in range(num_needs)]
    needs = [_need(draw, n, ids) for n in range(num_needs)]
    return Records(
        enterprises=tuple(firms),
        needs=tuple(needs),
        institutions=tuple(banks),
        products=tuple(products),
    )


def _institution(draw: Draw, n: int) -> Institution:
    region = draw.one([draw.one(DISTRICTS), draw.one(CITIES), "33", None], [5, 3, 1, 1])
    return Institution(institution_id=f"B{n:04d}", name=f"示例银行{n}", region=region)


def _industry(draw: Draw) -> str:
    section = draw.one(list(SECTIONS), list(SECTIONS.values()))
    return draw.one(INDUSTRIES[section].split())


def _enterprise(draw: Draw, n: int, banks: Sequence[str]) -> Enterprise:
    return Enterprise(
        enterprise_id=f"E{n:07d}",
        name=f"示例企业{n}",
        region=draw.one([draw.one(DISTRICTS), draw.one(CITIES), None], [93, 4, 3]),
        industry=draw.maybe(0.96, _industry(draw)),
        stated_size=draw.maybe(0.9, draw.one(list(Size), [2, 8, 35, 55])),
        founded=draw.maybe(0.9, AS_OF - timedelta(days=draw.between(60, 9000))),
        staff=draw.maybe(0.8, int(draw.log(18, 1.1))),
        revenue_fen=draw.maybe(0.8, int(draw.log(900, 1.4)) * WAN),
        ownership=draw.maybe(0.95, draw.one(list(Ownership), [70, 15, 3, 4, 3, 5])),
        tags=draw.maybe(0.85, frozenset(draw.some(TAGS, 0, 3))),
        tax_grade=draw.maybe(0.85, draw.one(list(TaxGrade), [15, 45, 25, 10, 5])),
        first_time_borrower=draw.maybe(0.8, draw.chance(0.3)),
        banks=draw.maybe(0.7, frozenset(draw.some(banks, 0, 3))),
        conflicts=frozenset(draw.some(banks, 1, 2) if draw.chance(0.02) else ()),
    )


def _need(draw: Draw, n: int, banks: Sequence[str]) -> Need:
    amount = max(5, round(draw.log(180, 1.1))) * WAN
    offered = sorted((kind, int(amount * draw.log(0.9, 0.6))) for kind in draw.some(KINDS, 0, 2))
    instruments = [Instrument.LOAN] if draw.chance(0.93) else []
    extra = draw.one([[], [Instrument.GUARANTEE], [Instrument.BRIDGE]], [70, 20, 10])
    return Need(
        need_id=f"N{n:07d}",
        enterprise_id=f"E{n:07d}",
        amount_fen=amount,
        amount_min_fen=draw.maybe(0.4, amount * draw.between(4, 9) // 10),
        term_months=draw.maybe(0.93, draw.one(TERMS, [6, 14, 50, 12, 14, 4])),
        instruments=frozenset([*instruments, *extra] or [Instrument.EQUITY]),
        collateral=draw.maybe(0.85, tuple(offered)),
        needed_by=draw.maybe(0.6, AS_OF + timedelta(days=draw.between(4, 90))),
        max_rate=draw.maybe(0.55, draw.rate(320, 800)),
        repayment=draw.maybe(0.5, draw.one(list(Repayment), [30, 15, 25, 30])),
        priority=draw.one([1, 2, 3, 4, 5], [10, 20, 40, 20, 10]),
        consent=draw.maybe(0.1, frozenset(draw.some(banks, 3, min(12, len(banks))))),
    )  # fmt: skip


def _product(draw: Draw, n: int, banks: Sequence[str]) -> Product:
    kinds = [Instrument.LOAN, Instrument.GUARANTEE, Instrument.BRIDGE, Instrument.EQUITY]
    instrument = draw.one(kinds, [84, 8, 5, 3])
    rate = draw.rate(280, 620)
    secured = draw.chance(0.35) and instrument is Instrument.LOAN
    most = draw.one([100, 200, 300, 500, 1000, 2000, 3000, 5000]) * WAN
    return Product(
        product_id=f"P{n:05d}",
        institution_id=draw.one(banks),
        name=f"示例产品{n}",
        instrument=instrument,
        amount_min_fen=draw.maybe(0.6, draw.one([5, 10, 20, 30, 50]) * WAN),
        amount_max_fen=draw.maybe(0.95, most),
        term_min_months=draw.maybe(0.3, draw.one([1, 3, 6])),
        term_max_months=draw.maybe(0.95, draw.one([12, 24, 36, 60, 120], [35, 15, 30, 15, 5])),
        rate=draw.maybe(0.93, rate),
        rate_max=draw.maybe(0.5, rate + draw.rate(10, 200)),
        **_fees(draw, instrument),
        collateral=_advances(draw) if secured else (),
        unsecured_fen=draw.one([0, 0, 50, 100]) * WAN if secured else 0,
        cash_workdays=draw.maybe(0.9, draw.between(1, 30)),
        repayment=frozenset(draw.some(list(Repayment), 1, 3)),
        criteria=tuple(_rules(draw, 2, 4)),
        preferences=tuple(_rules(draw, 0, 2)),
    )


def _fees(draw: Draw, instrument: Instrument) -> dict[str, Any]:
    guarantee = instrument is Instrument.GUARANTEE
    return {
        "fee_once_rate": draw.rate(10, 100) if draw.chance(0.2) else Decimal(0),
        "fee_yearly_rate": draw.rate(30, 120) if draw.chance(0.1) else Decimal(0),
        "fee_monthly_rate": draw.rate(1, 5) if draw.chance(0.05) else Decimal(0),
        "fee_fixed_fen": 0 if guarantee or draw.chance(0.94) else draw.between(3, 40) * 10_000,
    }


def _advances(draw: Draw) -> tuple[tuple[Collateral, Decimal], ...]:
    kinds = sorted(draw.some(KINDS, 1, 3))
    return tuple((kind, Decimal(draw.between(6, 20)) / 20) for kind in kinds)


def _rules(draw: Draw, least: int, most: int) -> list[Criterion]:
    """Return rules, each on another attribute."""
    return [_RULES[i](draw) for i in sorted(draw.some(range(len(_RULES)), least, most))]


_RULES = (
    lambda d: Under("region", frozenset(
        d.one([[d.one(CITIES)], d.some(CITIES, 2, 5), d.some(DISTRICTS, 2, 6), ["33"]],
              [35, 35, 10, 20]))),
    lambda d: Under("industry", frozenset(
        d.one([d.some(list(SECTIONS), 2, 6), d.some(["C13", "C27", "C36", "C38", "C39", "I65",
                                                     "M73"], 2, 5)], [80, 20]))),
    lambda d: OneOf("size", frozenset(d.one([["small", "micro"], ["micro"],
                                             ["medium", "small", "micro"]], [60, 15, 25]))),
    lambda d: Range("age", low=d.one([6, 12, 24, 36])),
    lambda d: Range("revenue", low=d.maybe(0.8, d.one([100, 200, 300, 500, 1000]) * WAN),
                    high=d.one([5000, 10000, 20000, 40000]) * WAN),
    lambda d: Range("staff", low=d.one([3, 5, 10, 20]), high=d.maybe(0.3, d.one([300, 1000]))),
    lambda d: OneOf("tax_grade", frozenset(["a", "b", *d.one([[], ["m"], ["m", "c"]])])),
    lambda d: Has("tags", frozenset(d.some(TAGS, 1, 3))),
    lambda d: OneOf("first_time_borrower", frozenset([d.one(["yes", "no"])])),
)  # fmt: skip
