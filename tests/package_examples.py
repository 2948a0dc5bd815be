"""A small market of packages: loans with guarantees, support from a budget, LPR, a bridge fund."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from matcher.domain.choices import (
    Benefit,
    Collateral,
    InstitutionKind,
    Instrument,
    Repayment,
    Tenor,
)
from matcher.domain.enterprise import Enterprise, Need
from matcher.domain.expression import parse
from matcher.domain.institution import Institution, Pool, Product
from matcher.domain.policy import Policy
from matcher.domain.provenance import Provenance
from matcher.domain.records import Records
from matcher.finance.lpr import LprEntry, LprTable, priced
from matcher.market import Market
from matcher.planning.make import make_plan
from matcher.planning.plan import Match, Plan
from matcher.scoring.weights import default_weights

AS_OF = date(2022, 5, 25)
WAN = 1_000_000
LPR = LprTable((LprEntry(date(2022, 5, 20), Tenor.ONE_YEAR, Decimal("0.037")),))
BRIDGE = frozenset({Instrument.BRIDGE})

FIRMS = (
    Enterprise(enterprise_id="E1", name="甲软件", name_en="Alpha Software", region="330108"),
    Enterprise(enterprise_id="E2", name="乙机械", name_en="Beta Machines", region="330108"),
    Enterprise(enterprise_id="E3", name="丙贸易", name_en="Gamma Trade", region="330903"),
)
NEEDS = (
    Need(need_id="N1", enterprise_id="E1", amount_fen=100 * WAN, term_months=12, contacts=1),
    Need(need_id="N2", enterprise_id="E2", amount_fen=100 * WAN, term_months=12, contacts=1),
    Need(
        need_id="N3",
        enterprise_id="E3",
        amount_fen=300 * WAN,
        amount_min_fen=50 * WAN,
        term_months=18,
        repayment=Repayment.INSTALMENTS,
        collateral=((Collateral.ORDERS, 500 * WAN),),
        contacts=2,
    ),
    *(
        Need(
            need_id=f"R{i}",
            enterprise_id=firm,
            amount_fen=2000 * WAN,
            term_days=days,
            instruments=BRIDGE,
            priority=priority,
            contacts=1,
        )
        for i, firm, days, priority in (
            (1, "E1", 10, 5),
            (2, "E2", 20, 4),
            (3, "E3", 15, 3),
            (4, "E1", 30, 2),
        )
    ),
    Need(
        need_id="R9",
        enterprise_id="E2",
        amount_fen=2000 * WAN,
        term_days=5,
        instruments=BRIDGE,
        priority=5,
        contacts=0,
    ),
)
INSTITUTIONS = (
    Institution(institution_id="B1", name="示例银行", name_en="Example Bank"),
    Institution(institution_id="B2", name="第二银行", name_en="Second Bank", leads=3),
    Institution(
        institution_id="C1",
        name="转贷公司",
        name_en="Bridge Company",
        kind=InstitutionKind.BRIDGE_FUND,
    ),
    Institution(
        institution_id="G1",
        name="示例担保",
        name_en="Example Guarantor",
        kind=InstitutionKind.GUARANTOR,
        leads=3,
        quota_fen=500 * WAN,
        provenance=Provenance(illustrative=True),
    ),
    Institution(
        institution_id="I1",
        name="示例保险",
        name_en="Example Insurer",
        kind=InstitutionKind.INSURER,
    ),
)
LOCAL = parse("region in 3301")
PRODUCTS = (
    Product(
        product_id="P1",
        institution_id="B1",
        name="担保贷",
        name_en="Guaranteed loan",
        rate=Decimal("0.0365"),
        rate_max=Decimal("0.0415"),
        cash_workdays=5,
        criteria=(LOCAL,),
        requires=frozenset({"P2"}),
        pools=frozenset({"F2"}),
    ),
    Product(
        product_id="P2",
        institution_id="G1",
        name="见贷即保",
        name_en="Guarantee",
        instrument=Instrument.GUARANTEE,
        rate=Decimal("0.01"),
        fee_yearly_rate=Decimal("0.002"),
        amount_max_fen=200 * WAN,
        cash_workdays=3,
        quota_fen=450 * WAN,
        pools=frozenset({"F2"}),
        approval_follows=True,
    ),
    Product(
        product_id="P3",
        institution_id="B2",
        name="LPR 订单贷",
        name_en="Order loan at LPR",
        lpr=Tenor.ONE_YEAR,
        spread_bp=25,
        spread_max_bp=60,
        fee_once_rate=Decimal("0.001"),
        amount_max_fen=250 * WAN,
        collateral=((Collateral.ORDERS, Decimal("0.5")),),
        repayment=frozenset({Repayment.INSTALMENTS, Repayment.BULLET}),
        cash_workdays=4,
        requires=frozenset({"P4"}),
    ),
    Product(
        product_id="P4",
        institution_id="I1",
        name="履约保险",
        name_en="Credit insurance",
        instrument=Instrument.INSURANCE,
        rate=Decimal("0.008"),
        fee_fixed_fen=100_000,
        cash_workdays=2,
        requires=frozenset({"P2"}),
    ),
    Product(
        product_id="P5",
        institution_id="C1",
        name="快速转贷",
        name_en="Quick bridge",
        instrument=Instrument.BRIDGE,
        rate=Decimal(0),
        fee_monthly_rate=Decimal("0.006"),
        cash_workdays=1,
        pools=frozenset({"F3"}),
    ),
    Product(
        product_id="P6",
        institution_id="B2",
        name="普通转贷",
        name_en="Plain bridge",
        instrument=Instrument.BRIDGE,
        rate=Decimal("0.05"),
        cash_workdays=6,
        criteria=(LOCAL,),
        pools=frozenset({"F3"}),
    ),
)
POLICIES = (
    Policy(
        policy_id="S1",
        name="担保费补贴",
        name_en="Guarantee fee subsidy",
        benefit=Benefit.FEE_SUBSIDY,
        rate=Decimal("0.5"),
        instruments=frozenset({Instrument.GUARANTEE}),
        pool_id="F1",
    ),
    Policy(
        policy_id="S2",
        name="贷款贴息",
        name_en="Interest subsidy",
        benefit=Benefit.INTEREST_SUBSIDY,
        rate=Decimal("0.2"),
        cap_fen=700_000,
        instruments=frozenset({Instrument.LOAN}),
        criteria=(LOCAL,),
    ),
    Policy(
        policy_id="S3",
        name="已到期的降息",
        benefit=Benefit.RATE_CUT,
        rate=Decimal("0.01"),
        valid_to=date(2022, 5, 24),
    ),
    Policy(
        policy_id="S4",
        name="利率优惠",
        name_en="Rate cut",
        benefit=Benefit.RATE_CUT,
        rate=Decimal("0.002"),
        instruments=frozenset({Instrument.LOAN}),
        valid_from=date(2022, 1, 1),
        valid_to=date(2022, 12, 31),
    ),
)
POOLS = (
    Pool(pool_id="F1", name="补贴预算", name_en="Subsidy budget", capacity=0,
         years=((2022, 900_000), (2023, 10 * WAN))),
    Pool(pool_id="F2", name="风险池", name_en="Risk pool", capacity=600 * WAN),
    Pool(pool_id="F3", name="转贷基金", name_en="Bridge fund", capacity=5000 * WAN,
         revolving=True, returns=((date(2022, 6, 1), 500 * WAN), (date(2022, 6, 20), 500 * WAN))),
)  # fmt: skip
RECORDS = Records(
    enterprises=FIRMS,
    needs=NEEDS,
    institutions=INSTITUTIONS,
    products=PRODUCTS,
    policies=POLICIES,
    pools=POOLS,
)


@cache
def package_market(*, with_lpr: bool = True) -> Market:
    """Return the market; without a table of LPR its product quotes no rate."""
    market = Market.from_records(RECORDS, AS_OF)
    return market.replace(products=priced(market.products, LPR, AS_OF)) if with_lpr else market


def package_plan(**options: Any) -> Plan:
    """Plan the market."""
    return make_plan(package_market(), default_weights(), **options)


def match_of(plan: Plan, need_id: str) -> Match:
    """Return the best match of a need."""
    return plan.of_need(need_id)[0]
