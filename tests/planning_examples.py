"""A small hand-made market with something of everything, planned once for several tests."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from types import SimpleNamespace
from typing import Any

from matcher.domain.choices import Collateral, PoolUnit, Purpose
from matcher.domain.enterprise import Enterprise, Need
from matcher.domain.expression import parse
from matcher.domain.institution import Institution, Pool, Product
from matcher.domain.provenance import Provenance
from matcher.domain.records import Records
from matcher.domain.text import Text
from matcher.files.plan_json import PlanInputs
from matcher.market import Market
from matcher.planning.encode import Fixings
from matcher.planning.floors import GroupFloor
from matcher.planning.make import make_plan
from matcher.planning.plan import Plan
from matcher.scoring.weights import default_weights

AS_OF = date(2022, 5, 25)
WAN = 1_000_000
HOSTILE = "=cmd|' /C calc'!A0"
ILLUSTRATIVE = Provenance(illustrative=True)

FIRMS = (
    Enterprise(enterprise_id="E1", name="甲软件", name_en="Alpha Software", region="330108"),
    Enterprise(enterprise_id="E2", name="乙机械", region="330108", provenance=ILLUSTRATIVE),
    Enterprise(enterprise_id="E3", name=HOSTILE, region="330108"),
    Enterprise(enterprise_id="E4", name="丁农业", region="330903"),
)
NEEDS = (
    Need(
        need_id="N1",
        enterprise_id="E1",
        amount_fen=150 * WAN,
        needed_by=date(2022, 6, 10),
        priority=5,
        purpose=Purpose.WAGES,
        contacts=2,
    ),
    Need(need_id="N2", enterprise_id="E2", amount_fen=300 * WAN, term_months=12, contacts=1),
    Need(
        need_id="N3",
        enterprise_id="E3",
        amount_fen=80 * WAN,
        collateral=((Collateral.ORDERS, 100 * WAN),),
        contacts=2,
    ),
    Need(need_id="N4", enterprise_id="E4", amount_fen=50 * WAN),
    Need(need_id="N5", enterprise_id="E1", amount_fen=60 * WAN, contacts=0),
    Need(need_id="N6", enterprise_id="E2", amount_fen=700 * WAN, priority=1),
    Need(need_id="N7", enterprise_id="E2", amount_fen=90 * WAN, priority=2),
)
INSTITUTIONS = (
    Institution(institution_id="B1", name="示例银行", name_en="Example Bank", leads=2),
    Institution(institution_id="B2", name="第二/银行*", region="33", quota_fen=400 * WAN),
    Institution(institution_id="B3", name="无线索银行", name_en="Bank Without Leads", leads=0),
)
POOLS = (
    Pool(pool_id="F1", name="风险池", name_en="Risk pool", capacity=460 * WAN),
    Pool(pool_id="F2", name="顾问走访", name_en="Visits", capacity=9, unit=PoolUnit.COUNT),
)
LOCAL = parse("region in 3301")
PRODUCTS = (
    Product(
        product_id="P1",
        institution_id="B1",
        name="快贷",
        name_en="Quick loan",
        amount_max_fen=200 * WAN,
        rate=Decimal("0.04"),
        rate_max=Decimal("0.05"),
        cash_workdays=5,
        criteria=(LOCAL, parse("revenue >= 100万")),
        pools=frozenset({"F1"}),
    ),
    Product(
        product_id="P2",
        institution_id="B2",
        name="慢贷",
        rate=Decimal("0.035"),
        fee_once_rate=Decimal("0.001"),
        cash_workdays=9,
        criteria=(LOCAL, parse("amount <= 500万")),
        pools=frozenset({"F1", "F2"}),
    ),
    Product(
        product_id="P3",
        institution_id="B1",
        name="大额贷",
        quota_fen=100 * WAN,
        criteria=(LOCAL,),
        leads=2,
    ),
    Product(product_id="P4", institution_id="B3", name="远贷", criteria=(LOCAL,)),
)
RECORDS = Records(
    enterprises=FIRMS, needs=NEEDS, institutions=INSTITUTIONS, products=PRODUCTS, pools=POOLS
)
FIXINGS = Fixings(
    pins=frozenset({("N3", "P2")}),
    bans=frozenset({("N7", "P1"), ("N7", "P2"), ("N7", "P3"), ("N7", "P4")}),
)
FLOORS = (
    GroupFloor(least=4, penalty=0.125),
    GroupFloor(where=parse("amount >= 100万"), share=Decimal("0.5"), penalty=0.25),
    GroupFloor(group=("priority", "5"), share=Decimal(1)),
    GroupFloor(institution_id="B2", least=2, penalty=0.5),
)
FILE = SimpleNamespace(name="market.xlsx", sha256="a" * 64, num_bytes=1234)
INPUTS = PlanInputs(
    files=(FILE,), market_sha256="b" * 64, notes=(Text("仅为示例", "an example only"),)
)


@cache
def example_market() -> Market:
    """Return the market."""
    return Market.from_records(RECORDS, AS_OF)


def example_plan(**options: Any) -> Plan:
    """Plan the market: a pin, bans, and a need unmatched for each reason there is."""
    return make_plan(example_market(), default_weights(), **{"fixings": FIXINGS, **options})
