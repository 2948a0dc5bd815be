"""Hypothesis strategies that make whole markets, with everything that can be missing missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from hypothesis import strategies as st

from matcher.domain.attributes import ATTRIBUTES, Kind
from matcher.domain.choices import (
    Benefit,
    Collateral,
    Instrument,
    Ownership,
    PoolUnit,
    Purpose,
    Repayment,
    Size,
    TaxGrade,
)
from matcher.domain.criteria import (
    AllOf,
    AnyOf,
    Criterion,
    Has,
    Not,
    OneOf,
    Prose,
    Range,
    Under,
)
from matcher.domain.enterprise import Enterprise, Need
from matcher.domain.institution import Institution, Pool, Product
from matcher.domain.policy import Policy
from matcher.domain.records import Records
from matcher.domain.tranche import Tranche
from matcher.finance.relief import RELIEFS
from matcher.market import Market

AS_OF = date(2022, 5, 25)
REGIONS = ["33", "3301", "330108", "330109", "3309", "330903", "31"]
INDUSTRIES = ["A01", "C27", "C271", "I65", "I", "F52"]
TAGS = ["high_tech", "farming", "自定义标签"]
YUAN = 100


# Strategies are made once and kept: to make and check one anew costs more than to draw from it.


@cache
def maybe(strategy: st.SearchStrategy) -> st.SearchStrategy:
    """Return a strategy that also gives None."""
    return st.none() | strategy


@cache
def one_of(*values: Any) -> st.SearchStrategy:
    """Return one of these values."""
    return st.sampled_from(values)


@cache
def some_of(*values: Any, least: int = 0, most: int | None = None) -> st.SearchStrategy[frozenset]:
    """Return a set of some of these values."""
    return st.frozensets(one_of(*values), min_size=least, max_size=most)


@cache
def whole(low: int, high: int) -> st.SearchStrategy[int]:
    """Return whole numbers of a range."""
    return st.integers(low, high)


@cache
def money(most_yuan: int = 1000) -> st.SearchStrategy[int]:
    """Return amounts in fen from a small set, so that values meet bounds exactly."""
    return st.integers(1, most_yuan).map(lambda n: n * YUAN)


rates = st.integers(0, 2000).map(lambda n: Decimal(n) / 10_000)
days = st.integers(-20, 60).map(lambda n: AS_OF + timedelta(days=n))

enterprises_fields = {
    "name": st.just("示例企业"),
    "region": maybe(st.sampled_from(REGIONS)),
    "industry": maybe(st.sampled_from(INDUSTRIES)),
    "stated_size": maybe(st.sampled_from(Size)),
    "founded": maybe(st.dates(date(2015, 1, 1), AS_OF)),
    "staff": maybe(st.integers(0, 30)),
    "revenue_fen": maybe(money()),
    "assets_fen": maybe(money()),
    "ownership": maybe(st.sampled_from(Ownership)),
    "tags": maybe(st.frozensets(st.sampled_from(TAGS))),
    "tax_grade": maybe(st.sampled_from(TaxGrade)),
    "first_time_borrower": maybe(st.booleans()),
    "lead_share": maybe(st.sampled_from([Decimal("0.299"), Decimal("0.3"), Decimal("0.5")])),
    "team_share": maybe(st.sampled_from([Decimal("0.5"), Decimal("0.501")])),
    "lead_is_largest": maybe(st.booleans()),
    "indicators": st.sampled_from([(), (("growth", Decimal("0.2")),)]),
}

collateral_values = st.dictionaries(
    st.sampled_from(list(Collateral)[:3]), st.integers(0, 200_000), max_size=2
).map(lambda d: tuple(sorted(d.items())))
advances = st.dictionaries(
    st.sampled_from(list(Collateral)[:3]),
    st.sampled_from([Decimal("0.3333"), Decimal("0.5"), Decimal("0.7"), Decimal("1")]),
    max_size=2,
).map(lambda d: tuple(sorted(d.items())))


NOTHING = st.just(None)
yes_or_no = st.booleans()
some_days = st.none() | st.none() | st.integers(1, 90)
percents = st.integers(0, 100).map(lambda n: Decimal(n) / 100)
capacities = st.integers(0, 3) | money(2000)
returns = st.dictionaries(days, money(500), max_size=2).map(lambda d: tuple(sorted(d.items())))


@cache
def rules(most: int) -> st.SearchStrategy[list[Criterion]]:
    """Return a few rules."""
    return st.lists(criteria(), max_size=most)


@cache
@st.composite
def enterprises(draw: st.DrawFn, identity: str, institution_ids: tuple[str, ...]) -> Enterprise:
    """Draw one enterprise."""
    some = some_of(*institution_ids) if institution_ids else NOTHING
    values = {name: draw(s) for name, s in enterprises_fields.items()}
    banks = draw(maybe(some))
    conflicts = draw(some) if institution_ids and draw(whole(0, 5)) == 0 else frozenset()
    return Enterprise(enterprise_id=identity, banks=banks, conflicts=conflicts, **values)


@cache
@st.composite
def needs(draw: st.DrawFn, identity: str, owner: str, institution_ids: tuple[str, ...]) -> Need:
    """Draw one need."""
    amount = draw(money())
    some = some_of(*institution_ids) if institution_ids else NOTHING
    return Need(
        need_id=identity,
        enterprise_id=owner,
        amount_fen=amount,
        amount_min_fen=draw(maybe(whole(1, amount))),
        term_months=draw(maybe(whole(1, 36))),
        term_days=draw(some_days),
        purpose=draw(maybe(one_of(*Purpose))),
        instruments=draw(some_of(*list(Instrument)[:3], least=1)),
        collateral=draw(maybe(collateral_values)),
        needed_by=draw(maybe(days)),
        max_rate=draw(maybe(rates)),
        repayment=draw(maybe(one_of(*Repayment))),
        priority=draw(whole(1, 5)),
        consent=draw(maybe(some)) if draw(whole(0, 3)) == 0 else None,
        contacts=draw(whole(0, 3)),
    )


def _ordered_pair(draw: st.DrawFn, values: st.SearchStrategy) -> tuple:
    low, high = draw(maybe(values)), draw(maybe(values))
    return (high, low) if low is not None and high is not None and low > high else (low, high)


TRANCHES = (
    (),
    (Tranche(Decimal("0.4"), ("start",)), Tranche(Decimal("0.6"), ("review", "new_financing"))),
)


@cache
@st.composite
def products(
    draw: st.DrawFn, identity: str, institution_ids: tuple[str, ...], pool_ids: tuple[str, ...]
) -> Product:
    """Draw one product."""
    amount_min, amount_max = _ordered_pair(draw, money())
    term_min, term_max = _ordered_pair(draw, whole(0, 36))
    rate, rate_max = _ordered_pair(draw, rates)
    pools = some_of(*pool_ids, most=2) if pool_ids else NOTHING
    return Product(
        product_id=identity,
        institution_id=draw(one_of(*institution_ids)),
        name="示例产品",
        instrument=draw(one_of(*list(Instrument)[:3])),
        amount_min_fen=amount_min,
        amount_max_fen=amount_max,
        term_min_months=term_min,
        term_max_months=term_max,
        rate=rate,
        rate_max=rate_max,
        fee_once_rate=draw(rates),
        fee_yearly_rate=draw(one_of(Decimal(0), Decimal("0.01"))),
        fee_monthly_rate=draw(one_of(Decimal(0), Decimal("0.006"))),
        fee_fixed_fen=draw(one_of(0, 5000)),
        collateral=draw(advances),
        unsecured_fen=draw(one_of(0, 10_000)),
        cash_workdays=draw(maybe(whole(0, 15))),
        repayment=draw(some_of(*Repayment)),
        criteria=tuple(draw(rules(2))),
        preferences=tuple(draw(rules(2))),
        leads=draw(maybe(whole(0, 3))),
        approval_follows=draw(yes_or_no),
        tranches=draw(one_of(*TRANCHES)),
        quota_fen=draw(maybe(money(2000))),
        pools=draw(pools) or frozenset(),
        valid_from=draw(one_of(None, AS_OF, AS_OF + timedelta(days=1))),
    )


def _ordered_criteria(name: str) -> st.SearchStrategy[Criterion]:
    kind = ATTRIBUTES[name].kind
    values = {
        Kind.MONEY: money(),
        Kind.RATE: rates,
        Kind.DATE: days,
        Kind.MONTHS: st.integers(0, 36),
        Kind.COUNT: st.integers(0, 30),
    }[kind]
    bounds = st.tuples(maybe(values), maybe(values), st.booleans(), st.booleans())
    return bounds.map(lambda b: Range(name, b[0], b[1], b[2], b[3]))


_ORDERED = [name for name, a in ATTRIBUTES.items() if a.kind.is_ordered]
_WORDS = {
    "size": list(Size),
    "ownership": list(Ownership),
    "tax_grade": list(TaxGrade),
    "purpose": list(Purpose),
    "first_time_borrower": ["yes", "no"],
    "lead_is_largest": ["yes", "no"],
}
_SETS = {"tags": TAGS, "collateral": list(Collateral)[:3], "instruments": list(Instrument)[:3]}
_CODES = {"region": REGIONS, "industry": INDUSTRIES}


def _words(name: str, words: list[str]) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from([str(w) for w in words]), min_size=1)


@cache
def leaves() -> st.SearchStrategy[Criterion]:
    """Return rules without parts, on every attribute."""
    return st.one_of(
        *[_ordered_criteria(name) for name in _ORDERED],
        *[_words(n, w).map(lambda v, n=n: OneOf(n, v)) for n, w in _WORDS.items()],
        *[_words(n, w).map(lambda v, n=n: Under(n, v)) for n, w in _CODES.items()],
        *[
            st.tuples(_words(n, w), st.booleans()).map(lambda v, n=n: Has(n, v[0], v[1]))
            for n, w in _SETS.items()
        ],
        st.builds(lambda v: Range("indicator.growth", low=v), rates),
        st.just(Prose("words")),
    )


@cache
def criteria() -> st.SearchStrategy[Criterion]:
    """Return rules, also composed."""
    return st.recursive(
        leaves(),
        lambda inner: st.one_of(
            st.lists(inner, min_size=1, max_size=3).map(lambda p: AllOf(tuple(p))),
            st.lists(inner, min_size=1, max_size=3).map(lambda p: AnyOf(tuple(p))),
            inner.map(Not),
        ),
        max_leaves=4,
    )


def packaged(draw: st.DrawFn, found: list[Product]) -> tuple[Product, ...]:
    """Let some products require later ones, so that no package is cyclic."""
    for i in range(len(found) - 1):
        if draw(whole(0, 3)) == 0:
            later = some_of(*(p.product_id for p in found[i + 1 :]), most=2)
            found[i] = replace(found[i], requires=draw(later))
    return tuple(found)


@cache
@st.composite
def policies(draw: st.DrawFn, identity: str, pool_ids: tuple[str, ...]) -> Policy:
    """Draw one policy, most of a kind that lowers a cost."""
    return Policy(
        policy_id=identity,
        name="示例政策",
        benefit=draw(one_of(*RELIEFS, *RELIEFS, Benefit.GRANT)),
        rate=draw(maybe(percents)),
        cap_fen=draw(maybe(money(20))),
        instruments=draw(some_of(*list(Instrument)[:3], most=2)),
        criteria=tuple(draw(rules(1))),
        pool_id=draw(maybe(one_of(*pool_ids))) if pool_ids else None,
        valid_to=draw(one_of(None, None, AS_OF, AS_OF - timedelta(days=1))),
    )


@cache
@st.composite
def pools(draw: st.DrawFn, identity: str) -> Pool:
    """Draw one pool; some are lent again, some are budgets by the year."""
    kind = draw(one_of("count", "money", "money", "revolving", "yearly"))
    return Pool(
        pool_id=identity,
        name="示例资金池",
        unit=PoolUnit.COUNT if kind == "count" else PoolUnit.FEN,
        capacity=draw(capacities),
        revolving=kind == "revolving",
        returns=draw(returns) if kind == "revolving" else (),
        years=((AS_OF.year, draw(money())),) if kind == "yearly" else (),
    )


@st.composite
def records(draw: st.DrawFn, max_needs: int = 5, max_products: int = 5) -> Records:
    """Draw the tables of a small round."""
    institution_ids = tuple(f"B{i}" for i in range(draw(whole(1, 3))))
    pool_ids = tuple(f"K{i}" for i in range(draw(whole(0, 2))))
    firm_ids = [f"E{i}" for i in range(draw(whole(1, 3)))]
    num_needs = draw(whole(0, max_needs))
    num_products = draw(whole(0, max_products))
    return Records(
        enterprises=tuple(draw(enterprises(i, institution_ids)) for i in firm_ids),
        needs=tuple(
            draw(needs(f"N{i}", draw(one_of(*firm_ids)), institution_ids)) for i in range(num_needs)
        ),
        institutions=tuple(
            Institution(
                institution_id=i,
                name="示例银行",
                region=draw(maybe(one_of(*REGIONS))),
                leads=draw(maybe(whole(0, 4))),
                quota_fen=draw(maybe(money(3000))),
            )
            for i in institution_ids
        ),
        products=packaged(
            draw,
            [draw(products(f"P{i}", institution_ids, pool_ids)) for i in range(num_products)],
        ),
        policies=tuple(draw(policies(f"G{i}", pool_ids)) for i in range(draw(whole(0, 3)))),
        pools=tuple(draw(pools(i)) for i in pool_ids),
    )


def markets(max_needs: int = 5, max_products: int = 5) -> st.SearchStrategy[Market]:
    """Return small markets as of `AS_OF`."""
    tables = records(max_needs, max_products)
    return tables.map(lambda found: Market.from_records(found, AS_OF))
