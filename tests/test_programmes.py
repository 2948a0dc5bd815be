"""The systems of the source documents, row by row, through the general engine.

Each row of ``SEED_ROWS.md`` is one function of its name; the programmes are data in ``seeds/``
and no code knows them. A row that is not here does not work yet.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import seeds
from matcher.domain.case import CaseAction, PartStatus, Role
from matcher.domain.choices import Collateral, Instrument, Ownership, Size
from matcher.domain.clock import elapsed, slack
from matcher.domain.enterprise import Enterprise, Need
from matcher.domain.errors import InputError
from matcher.domain.event import Event, EventKind, count_events
from matcher.domain.ledger import FundRequest, RevolvingPool, allocate, level_budget
from matcher.domain.lists import Listing, ListStage, ListTest, recommend, relist
from matcher.domain.moments import CHINA
from matcher.domain.workdays import chinese_calendar
from matcher.files import read_market
from matcher.files.event_toml import parse_event
from matcher.finance.day_count import DayCount
from matcher.finance.guarantee import guarantee_fee
from matcher.finance.premium import subsidised_premium
from matcher.finance.rollover import rollover_fee
from matcher.finance.savings import Savings
from matcher.finance.subsidy import cut_rate, subsidised_interest
from matcher.finance.tranches import Grant, MilestoneEvent, Outcome, Tranche
from matcher.market import Market
from matcher.planning.cases import open_case
from matcher.planning.convening import convene
from matcher.planning.make import make_plan
from matcher.planning.people import assign_people
from matcher.planning.plan import Plan
from matcher.schedule import Status
from matcher.scoring.explain import Explanation, explain
from matcher.scoring.graph import ScoringGraph
from matcher.scoring.similar import similar
from matcher.scoring.weights import default_weights
from matcher.services.intake import Urgency, take_in_answers
from matcher.services.policies import policies_for
from matcher.services.scheduling import leads_of, make_timetable, plan_task
from matcher.services.statistics import Deal, deal_report, ratio, yearly_growth

WAN = 1_000_000
WEIGHTS = default_weights()


MORNING = """
[event]
title = "银企对接会"
date = 2023-03-15
only_listed_firms = true
only_listed_institutions = true
[[slots]]
start = "08:30"
minutes = 15
number = 14
[[tables]]
number = 12
"""


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
    table = convene(ScoringGraph.build(market, WEIGHTS), need, least_banks=4)
    assert table.num_banks == 4
    assert set(table.covered) == set(market.needs[need].instruments)
    assert all(p.cash_date and p.cash_date <= date(2022, 6, 3)
               for party in table.parties for p in party.parts)  # fmt: skip
    took = elapsed(date(2022, 5, 24), date(2022, 6, 1), market.calendar)
    assert (took.calendar_days, took.workdays_both_ends) == (8, 7)
    assert slack(date(2022, 6, 1), date(2022, 6, 3), market.calendar).calendar_days == 2


def row_a2() -> None:
    """28 rows are imported; every need lists what applies and, for the rest, what fails."""
    market = Market.from_records(seeds.load(), seeds.SEED_DATE)
    register = read_market(seeds.data_dir() / "binjiang_policies.toml", complete=False)
    issuers = Counter(p.issuer for p in register.records.policies)
    assert (issuers, issuers.total()) == ({"示例银行保险机构": 21, "示例区级部门": 7}, 28)
    assert {p.policy_id for p in register.records.policies} <= {
        p.policy_id for p in market.policies
    }
    report = policies_for(market, "binjiang-a1-wages")
    told = [*report.applies, *report.unknown, *report.fails]
    assert len(told) == len(market.policies)
    assert report.applies
    assert all(finding.failing for finding in report.fails)


def row_a3() -> None:
    """A missing amount or date is flagged by its field; 10 days are urgent, 60 are not."""
    day = date(2022, 5, 25)
    firm = {"name": "示例企业", "enterprise_id": "E"}
    urgency = {}
    for days in (10, 60):
        needed = {"amount_fen": WAN, "needed_by": (day + timedelta(days=days)).isoformat()}
        found = take_in_answers({"enterprise": firm, "need": needed}, day)
        urgency[days] = found.triage.urgency
    assert urgency[10] is Urgency.URGENT
    assert urgency[60] is not Urgency.URGENT
    with pytest.raises(InputError) as caught:
        take_in_answers({"enterprise": firm, "need": {}}, day)
    assert {f.field for f in caught.value.faults} == {"amount_fen", "needed_by"}


def row_a4() -> None:
    """By 17 June: 4 relief meetings, 1 park event, 3 adviser visits."""
    kinds = [EventKind.RELIEF_MEETING] * 4 + [EventKind.PARK_EVENT] + [EventKind.ADVISER_VISIT] * 3
    held = [Event(event_id=f"e{n}", kind=k, day=date(2022, 6, 10 + n)) for n, k in enumerate(kinds)]
    late = Event(event_id="late", kind=EventKind.PARK_EVENT, day=date(2022, 6, 18))
    counts = count_events([*held, late], until=date(2022, 6, 17))
    assert [counts.of(k) for k in dict.fromkeys(kinds)] == [4, 1, 3]


def row_a5() -> None:
    """The planted look-alikes of the firm that called rank first, with what they share."""
    found = similar(seeds.load().enterprises, "binjiang-a1", limit=3)
    assert {n.enterprise.enterprise_id for n in found} == {f"binjiang-0{i}" for i in (1, 2, 3)}
    for neighbour in found:
        shared = {term.name for term in neighbour.shared}
        assert {"indicator.financing_rounds", "indicator.orders_growing"} <= shared


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
    bridge = {"instruments": frozenset({Instrument.BRIDGE}), "term_months": None, "term_days": 10}
    pairs = [asking(firm, need_id=f"N{i}", amount_fen=2000 * WAN, **bridge) for i in range(3)]
    plan = make_plan(market_of(*pairs), WEIGHTS)
    assert len(plan.matches) == 2
    (item,) = plan.unmatched
    assert [r.identity for r in item.blocking] == ["zhoushan-bridge-pool"]
    assert item.queued is not None
    assert (item.queued.position, item.queued.left_fen) == (1, 1000 * WAN)
    paid_out = {m.cash_date for m in plan.matches}
    assert paid_out == {date(2022, 5, 26)}
    assert item.queued.first_day == date(2022, 6, 5)  # ten days later the first two are back
    (pool,) = [u for u in plan.pools if u.row.identity == "zhoushan-bridge-pool"]
    assert (pool.used, pool.capacity - pool.used) == (4000 * WAN, 1000 * WAN)
    dear = explained("zhoushan-zhouzhuanling", asking(firm, amount_fen=2001 * WAN, **bridge))
    assert [v.label.en for v in dear.failing] == ["amount"]
    assert explained(
        "zhoushan-zhouzhuanling", asking(firm, amount_fen=501 * WAN, **bridge)
    ).eligible
    day = date(2024, 6, 3)
    requests = [FundRequest(f"r{i}", 2000 * WAN, day, num_days=10) for i in range(3)]
    told = allocate(RevolvingPool(5000 * WAN, single_cap_fen=2000 * WAN), requests)
    (waiting,) = told.queued
    assert len(told.funded) == 2
    assert (waiting.position, waiting.left_fen) == (1, 1000 * WAN)
    assert waiting.first_day == day + timedelta(days=10)
    fees = [("0.006", False), ("0.008", False), ("0.006", True)]
    paid = [rollover_fee(2000 * WAN, 10, Decimal(m), halved=h).fee_fen for m, h in fees]
    assert paid == [4_000_000, 5_333_333, 2_000_000]
    amounts = enumerate(shared_out(111_500 * WAN, 423))
    deals = [Deal(deal_id=f"d{i}", enterprise_id=f"e{i % 254}", amount_fen=a) for i, a in amounts]
    year = deal_report(deals, pool_fen=5000 * WAN)
    assert (year.num_firms, year.num_deals) == (254, 423)
    assert year.mean_fen is not None
    assert year.turns is not None
    assert round(year.mean_fen / WAN, 1) == Decimal("263.6")
    assert round(year.turns, 1) == Decimal("22.3")
    growth = yearly_growth(Decimal("5.9"), Decimal("17.9"), 4)  # 2019 to 2023 is four steps
    assert growth is not None
    assert round(growth, 2) == Decimal("0.32")


def shared_out(total: int, count: int) -> list[int]:
    """Return whole amounts, as equal as they can be, that add up to a total."""
    return [total // count + (i < total % count) for i in range(count)]


def row_b2() -> None:
    """500,000 at 0.5 % by the day: 6.85 (6.94 by ACT/360), 1,246.58 for 182 days, not 2,500."""
    fee = guarantee_fee(50 * WAN, Decimal("0.005"), 182)
    assert (fee.daily_fen, fee.used_fen, fee.upfront_fen) == (685, 124_658, 250_000)
    assert guarantee_fee(50 * WAN, Decimal("0.005"), 182, DayCount.ACT_360).daily_fen == 694


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
    book = Savings(num_loans=28, book_fen=28_245_000_00, saved_fen=915_000_00, fall=Decimal("0.54"))
    assert round(book.share_of_book, 4) == Decimal("0.0324")
    assert book.rate_before is not None
    assert book.rate_after is not None
    assert round(book.rate_before, 4) == Decimal("0.0600")
    assert round(book.rate_after, 4) == Decimal("0.0276")


def row_b4() -> None:
    """The guarantee follows the bank's approval; no claim takes the subsidies past 1 m."""
    firm = {"region": "330803", "industry": "A017", "stated_size": Size.SMALL}
    market = market_of(*[asking(firm, need_id=f"N{i:02}", amount_fen=800 * WAN, term_months=36,
                                contacts=1) for i in range(17)])  # fmt: skip
    plan = make_plan(without_other_limits(market, "qujiang-subsidy-budget"), WEIGHTS)
    guaranteed = [m for m in plan.matches if m.product.product_id == "qujiang-qudan"]
    assert len(guaranteed) == 17
    assert {p.product.product_id for m in guaranteed for p in m.companions} == {"qujiang-guarantee"}
    # 8 m for three years at 0.5 % is 120,000 yuan of fees; half of that, sixteen times, is 960,000.
    claims = [c.support_fen for m in guaranteed for c in m.claims]
    assert claims == [6 * WAN] * 16
    (budget,) = [u for u in plan.pools if u.row.identity == "qujiang-subsidy-budget"]
    assert (budget.used, budget.capacity) == (96 * WAN, 100 * WAN)
    costs = {bool(m.claims): m.all_in_low for m in guaranteed}
    assert costs == {True: Decimal("0.0435"), False: Decimal("0.0460")}
    at = datetime(2024, 6, 3, 9, tzinfo=CHINA)
    case = open_case(guaranteed[0], "case-1", at)
    for action in ("accept", "contact", "visit", "investigate", "approve"):
        case = case.apply(CaseAction(action), at, Role.INSTITUTION)
    assert [(part.product_id, part.status) for part in case.parts] == [
        ("qujiang-guarantee", PartStatus.APPROVED)
    ]


def without_other_limits(market: Market, *kept: str) -> Market:
    """Return a market in which only these pools are scarce."""
    return market.replace(
        institutions=[replace(i, leads=None, quota_fen=None) for i in market.institutions],
        products=[replace(p, leads=None, quota_fen=None) for p in market.products],
        pools=[p if p.pool_id in kept else replace(p, capacity=10**15) for p in market.pools],
    )


def row_b5() -> None:
    """One need of a technology firm of Nanhu yields a loan, an insurance and an investment."""
    firm = {"region": "330402", "tags": frozenset({"high_tech", "growth_stage"})}
    wanted = frozenset({Instrument.LOAN, Instrument.INSURANCE, Instrument.EQUITY})
    pair = asking(firm, amount_fen=1000 * WAN, instruments=wanted, contacts=6)
    plan = make_plan(market_of(pair), WEIGHTS)
    assert {m.product.instrument for m in plan.matches} == wanted
    paid = [subsidised_premium(10 * WAN, Decimal(share)).pays_fen for share in ("0.9", "0.6")]
    assert paid == [1 * WAN, 4 * WAN]


def row_b6() -> None:
    """24 firms meet their banks in one morning: no clash, every bank within its officers."""
    plan = make_plan(Market.from_records(seeds.load(), seeds.SEED_DATE), WEIGHTS)
    firms = sorted({m.enterprise.enterprise_id for m in plan.matches})[:24]
    banks = [b for b in plan.graph.market.institutions if b.kind == "bank"]
    officers = {b.institution_id: 1 + n % 2 for n, b in enumerate(banks)}
    listed = [f'[[firms]]\nid = "{firm}"' for firm in firms]
    listed += [f'[[institutions]]\nid = "{b}"\nofficers = {n}' for b, n in officers.items()]
    event = parse_event(MORNING + "\n".join(listed))
    found = make_timetable(plan_task(leads_of(plan.matches), event))  # the checker has passed it
    assert found.result.status is Status.OPTIMAL
    assert found.agenda is not None
    agendas = found.agenda.entries
    assert sum(bool(agendas[firm]) for firm in firms) >= 20
    assert not found.agenda.unplaced
    for who, entries in agendas.items():
        at_once = Counter(entry.slot.slot_id for entry in entries)
        assert max(at_once.values(), default=0) <= officers.get(who, 1), who
    tables = Counter((p.slot_id, p.table_id) for p in found.agenda.timetable.placements)
    assert set(tables.values()) == {1}


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
    gates = (("0.4", "private money"), ("0.4", "review"), ("0.2", "acceptance"))
    tranches = tuple(Tranche(Decimal(share), name) for share, name in gates)
    money = Grant(300 * WAN, tranches)
    assert money.amounts_fen == (120 * WAN, 120 * WAN, 60 * WAN)
    review = MilestoneEvent("review", Outcome.FAILED)
    ended = money.after_all([MilestoneEvent("private money"), review])
    assert (ended.paid_fen, ended.unpaid_fen) == (120 * WAN, 180 * WAN)
    budget = level_budget(2023, 5, 4000 * WAN)
    assert (budget.total_fen, budget.remaining_fen(2027)) == (20_000 * WAN, 4000 * WAN)
    leverage = ratio(20_000 * WAN, 4200 * WAN)  # private money on public money
    assert leverage is not None
    assert round(leverage, 2) == Decimal("4.76")


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
    assert subsidised_interest(990 * WAN, Decimal("0.0265"), Fraction(1)).interest_fen == 26_235_000
    cut = cut_rate(Decimal("0.04"), Decimal("0.005"), authority=Decimal("0.002"))
    assert cut.rate == Decimal("0.038")
    visits, advisers = [f"v{i:03}" for i in range(226)], [f"a{i:03}" for i in range(203)]
    assert set(assign_people(visits, advisers).load.values()) == {1, 2}
    firms, banks = [f"f{i}" for i in range(10)], [f"b{i}" for i in range(3)]
    leads = assign_people(firms, banks)
    assert [one.task_id for one in leads.assigned] == firms


def row_b11() -> None:
    """14 mentors are paired one to one with founders."""
    plan = assign_people([f"f{i:02}" for i in range(20)], [f"m{i:02}" for i in range(14)], limit=1)
    assert set(plan.load.values()) == {1}
    assert len(plan.unassigned) == 6


def row_b12() -> None:
    """300 talks, 12,000 small firms and 259 problems solved are counted."""
    days = [date(2023, 1, 1) + timedelta(days=i) for i in range(300)]
    talk = {"kind": EventKind.TALK, "num_enterprises": 40}
    held = [
        Event(event_id=f"t{i}", day=day, problems_solved=int(i < 259), **talk)
        for i, day in enumerate(days)
    ]
    counts = count_events(held)
    assert (counts.of(EventKind.TALK), counts.attendance) == (300, 12_000)
    assert counts.problems_solved == 259


def row_w1() -> None:
    """One failed test keeps a firm on the first list; day 31 puts it back, the confirmed stay."""
    calendar, day = chinese_calendar(2024, 2025), date(2024, 11, 8)
    five, four = frozenset(ListTest), frozenset(ListTest) - {ListTest.REAL_NEED}
    failed = frozenset({ListTest.REAL_NEED})
    applied = [
        Listing(need_id="ok", passed=five, applied=day),
        Listing(need_id="bad", passed=four, failed=failed, applied=day),
    ]
    ok, bad = recommend(applied, day)
    assert (ok.stage, bad.stage) == (ListStage.RECOMMENDED, ListStage.APPLIED)
    assert bad.held_back_by is not None
    assert ListTest.REAL_NEED.zh in bad.held_back_by.zh
    assert relist([ok, bad], day + timedelta(days=30), calendar).requeued == ()
    late = relist([ok, bad], day + timedelta(days=31), calendar)
    assert [listing.need_id for listing, _ in late.requeued] == ["ok"]
    assert late.kept == (bad,)


ROWS: dict[str, Callable[[], None]] = {
    name.removeprefix("row_").upper(): row
    for name, row in dict(globals()).items()
    if name.startswith("row_")
}


@pytest.mark.parametrize("row", ROWS, ids=lambda name: name)
def test_the_row_comes_out(row: str) -> None:
    """The scenario of the row has the figures that the document, or our arithmetic, gives."""
    ROWS[row]()


def test_the_readme_says_which_rows_come_out() -> None:
    """Its table has every row of the documents, and says yes of those that are tested here."""
    text = (Path(__file__).parent.parent / "README.md").read_text()
    told = dict(re.findall(r"^\| ([ABW]\d+) \|.*\| (yes|not yet)", text, re.MULTILINE))
    assert {row for row, state in told.items() if state == "yes"} == set(ROWS)
    every = {f"A{n}" for n in range(1, 7)} | {f"B{n}" for n in range(1, 13)} | {"W1"}
    assert set(told) == every
