"""The systems of the source documents, row by row, through the general engine.

Each row of ``SEED_ROWS.md`` is one function of its name; the programmes are data in ``seeds/``
and no code knows them. A row that is not here does not work yet.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

import seeds
from matcher.domain.choices import Collateral, Instrument, Ownership, Size
from matcher.domain.enterprise import Enterprise, Need
from matcher.market import Market
from matcher.planning.make import make_plan
from matcher.planning.plan import Plan
from matcher.scoring.explain import Explanation, explain
from matcher.scoring.weights import default_weights

WAN = 1_000_000
WEIGHTS = default_weights()


def market_of(*pairs: tuple[Enterprise, Need]) -> Market:
    """Return the seeds' products with these firms and needs instead of its own."""
    market = Market.from_records(seeds.load(), seeds.SEED_DATE)
    firms = {firm.enterprise_id: firm for firm, _ in pairs}
    return market.replace(enterprises=list(firms.values()), needs=[need for _, need in pairs])


def asking(firm: dict[str, Any] | None = None, **need: Any) -> tuple[Enterprise, Need]:
    """Return a firm and its need with these fields."""
    values: dict[str, Any] = {"amount_fen": 100 * WAN, "term_months": 12, **need}
    identity = values.pop("need_id", "N")
    owner = Enterprise(enterprise_id=f"E-{identity}", name="示例企业", **(firm or {}))
    return owner, Need(need_id=identity, enterprise_id=owner.enterprise_id, **values)


def explained(product_id: str, pair: tuple[Enterprise, Need]) -> Explanation:
    """Explain one pair against a product of the seeds."""
    market = market_of(pair)
    return explain(market, WEIGHTS, 0, market.index("products", product_id))


def eligible_products(pair: tuple[Enterprise, Need]) -> set[str]:
    """Return the ids of the seeds' products that fit."""
    plan = make_plan(market_of(pair), WEIGHTS)
    return {p.product_id for p in _of_edges(plan)}


def _of_edges(plan: Plan) -> list[Any]:
    return [plan.graph.market.products[j] for j in plan.graph.edges.product]


def row_a1() -> None:
    """1.5 m by 3 June: at least 4 banks, none late, a slower product excluded by n workdays."""
    market = Market.from_records(seeds.load(), seeds.SEED_DATE)
    plan = make_plan(market, WEIGHTS)
    offers = plan.of_need("binjiang-a1-wages")
    assert {m.need.amount_fen for m in offers} == {150 * WAN}
    banks = {m.institution.institution_id for m in offers if m.institution.kind == "bank"}
    assert len(banks) >= 4
    assert all(m.cash_date is not None and m.cash_date <= date(2022, 6, 3) for m in offers)
    need = market.index("needs", "binjiang-a1-wages")
    told = [explain(market, WEIGHTS, need, j).failing for j in range(market.num_products)]
    late = [v[0].found for v in told if [f.label.en for f in v] == ["time to cash"]]
    assert late
    assert all(f is not None and f.en.startswith("too slow by ") for f in late)
    assert market.calendar.between(date(2022, 5, 23), date(2022, 6, 1)) == 7


def row_a6() -> None:
    """A need that no loan fits still gets the services that do."""
    pair = asking({"region": "330108"}, amount_fen=10**11, purpose=None,
                  instruments=frozenset({Instrument.LOAN, Instrument.SERVICE}))  # fmt: skip
    plan = make_plan(market_of(pair), WEIGHTS)
    assert plan.matches
    assert {m.product.instrument for m in plan.matches} == {Instrument.SERVICE}


def row_b1() -> None:
    """Three requests of 20 m on one day: two funded, the third waits; 20.01 m is refused."""
    firm = {"region": "330903", "stated_size": Size.SMALL}
    bridge = {"instruments": frozenset({Instrument.BRIDGE}), "term_months": 1}
    pairs = [asking(firm, need_id=f"N{i}", amount_fen=2000 * WAN, **bridge) for i in range(3)]
    plan = make_plan(market_of(*pairs), WEIGHTS)
    assert len(plan.matches) == 2
    (item,) = plan.unmatched
    assert [r.identity for r in item.blocking] == ["zhoushan-bridge-pool"]
    (pool,) = [u for u in plan.pools if u.row.identity == "zhoushan-bridge-pool"]
    assert (pool.used, pool.capacity - pool.used) == (4000 * WAN, 1000 * WAN)
    dear = explained("zhoushan-zhouzhuanling", asking(firm, amount_fen=2001 * WAN, **bridge))
    assert [v.label.en for v in dear.failing] == ["amount"]
    assert explained(
        "zhoushan-zhouzhuanling", asking(firm, amount_fen=501 * WAN, **bridge)
    ).eligible


def row_b3() -> None:
    """A tea firm of Qujiang sees the four products; a firm outside the 13 industries sees why."""
    firm = {"region": "330803", "industry": "A017", "stated_size": Size.SMALL,
            "ownership": Ownership.PRIVATE, "tags": frozenset({"farming"})}  # fmt: skip
    four = {"qujiang-private-small", "qujiang-huidan", "qujiang-nongdan", "qujiang-qudan"}
    assert four <= eligible_products(asking(firm))
    steel = asking({**firm, "industry": "C311"})
    assert four.isdisjoint(eligible_products(steel))
    for product in four:
        failing = [v.label.en for v in explained(product, steel).failing]
        assert failing == ["industry"], product


def row_b5() -> None:
    """One need of a technology firm of Nanhu yields a loan, an insurance and an investment."""
    firm = {"region": "330402", "tags": frozenset({"high_tech", "growth_stage"})}
    wanted = frozenset({Instrument.LOAN, Instrument.INSURANCE, Instrument.EQUITY})
    pair = asking(firm, amount_fen=1000 * WAN, instruments=wanted, contacts=6)
    plan = make_plan(market_of(pair), WEIGHTS)
    assert {m.product.instrument for m in plan.matches} == wanted


def row_b7() -> None:
    """1,398 projects are matched with investors in one plan, checked and certified."""
    seen = [n for n in seeds.load().needs if Instrument.EQUITY in n.instruments]
    market = Market.from_records(seeds.load(), seeds.SEED_DATE)
    firms = {e.enterprise_id: e for e in market.records.enterprises}
    pairs = [
        (
            replace(firms[n.enterprise_id], enterprise_id=f"E{i:04}", credit_code=None),
            replace(n, need_id=f"N{i:04}", enterprise_id=f"E{i:04}"),
        )
        for i, n in ((i, seen[i % len(seen)]) for i in range(1398))
    ]
    plan = make_plan(market_of(*pairs), WEIGHTS)  # raises if the checker finds a fault
    assert plan.graph.market.num_needs == 1398
    assert plan.matches
    assert plan.result.bound is not None
    assert plan.result.objective is not None
    assert plan.result.objective <= plan.result.bound + 1e-6


def row_b8() -> None:
    """Shares decide: 29.9 % with a team of 50 % is out; 30 %, or 50.1 % and the largest, is in."""
    firm = {"region": "330302", "indicators": (("valuation", Decimal(50_000_000)),),
            "tags": frozenset[str](), "lead_is_largest": True}  # fmt: skip
    grant = {"amount_fen": 300 * WAN, "instruments": frozenset({Instrument.GRANT})}
    for lead, team, fits in (
        ("0.299", "0.5", False),
        ("0.3", "0.5", True),
        ("0.299", "0.501", True),
    ):
        shares = {"lead_share": Decimal(lead), "team_share": Decimal(team)}
        found = explained("lucheng-grant", asking({**firm, **shares}, **grant))
        assert found.eligible is fits, (lead, team, [v.sentence.en for v in found.failing])
    smaller = {**firm, "lead_share": Decimal("0.299"), "team_share": Decimal("0.501"),
               "lead_is_largest": False}  # fmt: skip
    assert not explained("lucheng-grant", asking(smaller, **grant)).eligible


def row_b9() -> None:
    """530 m are left in the risk pool: proposals of 540 m cannot all be backed, at a price."""
    firm = {"region": "330102", "tags": frozenset({"high_tech"}), "founded": date(2015, 1, 1),
            "staff": 50, "revenue_fen": 10_000 * WAN}  # fmt: skip
    pairs = [
        asking(firm, need_id=f"N{i:02}", amount_fen=2000 * WAN, contacts=1, purpose=None)
        for i in range(27)
    ]
    market = market_of(*pairs)
    backed = [replace(p, leads=None, quota_fen=None) for p in market.products
              if "shangcheng-risk-pool" in p.pools]  # fmt: skip
    banks = [replace(b, leads=None, quota_fen=None) for b in market.institutions]
    plan = make_plan(market.replace(products=backed, institutions=banks), WEIGHTS)
    (pool,) = [u for u in plan.pools if u.row.identity == "shangcheng-risk-pool"]
    assert (pool.capacity, len(plan.matches)) == (53_000 * WAN, 26)
    assert pool.used == 52_000 * WAN
    assert pool.multiplier > 0
    (item,) = plan.unmatched
    assert [r.identity for r in item.blocking] == ["shangcheng-risk-pool"]
    assert "530,000,000" in f"{pool.row.show(pool.capacity).en}"


def row_b10() -> None:
    """The first-loan mortgage takes 10 m itself and refuses 10.01 m."""
    firm = {"region": "331123", "first_time_borrower": True, "stated_size": Size.SMALL}
    house = ((Collateral.REAL_ESTATE, 10_000 * WAN),)
    for amount, fits in ((990 * WAN, True), (1000 * WAN, True), (1001 * WAN, False)):
        pair = asking(firm, amount_fen=amount, collateral=house)
        assert explained("suichang-first-loan", pair).eligible is fits, amount


ROWS: dict[str, Callable[[], None]] = {
    name.removeprefix("row_").upper(): row
    for name, row in dict(globals()).items()
    if name.startswith("row_")
}


@pytest.mark.parametrize("row", ROWS, ids=lambda name: name)
def test_the_row_comes_out(row: str) -> None:
    """The scenario of the row has the figures that the document, or our arithmetic, gives."""
    ROWS[row]()
