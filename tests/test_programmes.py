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
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

import seeds
from matcher.domain.case import Case, CaseAction, PartStatus, case_clock, split_for_next_round
from matcher.domain.case import Role as CaseRole
from matcher.domain.choices import Collateral, Instrument, Ownership, Size
from matcher.domain.clock import slack
from matcher.domain.enterprise import Enterprise, Need
from matcher.domain.errors import InputError
from matcher.domain.event import Event, EventKind
from matcher.domain.institution import Product
from matcher.domain.ledger import Grant as BudgetRequest
from matcher.domain.ledger import YearlyBudget, allocate_budget
from matcher.domain.lists import (
    Listing,
    ListStage,
    ListTest,
    decide,
    recommend,
    relist,
    uncontacted,
)
from matcher.domain.moments import CHINA, china_day
from matcher.domain.money import parse_money
from matcher.domain.workdays import chinese_calendar
from matcher.files import read_market
from matcher.files.event_toml import parse_event
from matcher.files.plan_json import PlanInputs, plan_bytes, plan_document
from matcher.finance.day_count import DayCount
from matcher.finance.flows import GUARANTEE_FEE, total_of
from matcher.finance.guarantee import guarantee_fee
from matcher.finance.premium import subsidised_premium
from matcher.finance.revolving import Use, revolving_flows
from matcher.finance.rollover import rollover_fee
from matcher.finance.savings import CheaperLoan, Savings, savings_of
from matcher.finance.subsidy import cut_rate, subsidised_interest
from matcher.finance.tranches import Grant, MilestoneEvent, Outcome
from matcher.market import Market
from matcher.planning.cases import open_case
from matcher.planning.convening import ConveningList
from matcher.planning.encode import Fixings
from matcher.planning.make import make_plan
from matcher.planning.plan import Match, Plan
from matcher.schedule import Status
from matcher.scoring.explain import Explanation, explain
from matcher.scoring.similar import similar
from matcher.scoring.weights import default_weights
from matcher.services.convening import convene_need
from matcher.services.intake import Urgency, take_in_answers
from matcher.services.people import Person, Role, assign_role, chosen_firms, parse_rules
from matcher.services.policies import policies_for
from matcher.services.reporting.records import BookedDeal
from matcher.services.reporting.report import Period, make_report
from matcher.services.reporting.tables import ReportTables, read_report_tables
from matcher.services.scheduling import leads_of, make_timetable, plan_task
from matcher.services.statistics import deal_report, ratio, yearly_growth
from matcher.verify.plan_file import verify_plan

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


@cache
def seed_round() -> tuple[Market, Plan]:
    """Return the market of the seeds and the plan of its round."""
    market = Market.from_records(seeds.load(), seeds.SEED_DATE)
    return market, make_plan(market, WEIGHTS)


def product_of(product_id: str) -> Product:
    """Return a product of the seeds."""
    market, _ = seed_round()
    return market.products[market.index("products", product_id)]


def market_of(*pairs: tuple[Enterprise, Need]) -> Market:
    """Return the seeds' products with these firms and needs instead of its own."""
    market, _ = seed_round()
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
    """1.5 m by 3 June: 4 banks and none late, who sits at the table, and the case replayed."""
    market, plan = seed_round()
    offers = plan.of_need("binjiang-a1-wages")
    assert {m.need.amount_fen for m in offers} == {150 * WAN}
    banks = [m for m in offers if m.institution.kind == "bank"]
    assert len({m.institution.institution_id for m in banks}) >= 4
    assert all(m.cash_date is not None and m.cash_date <= date(2022, 6, 3) for m in offers)
    table = convene_need(market, WEIGHTS, "binjiang-a1-wages").table
    assert table.num_banks == 4
    assert set(table.covered) == {"loan", "guarantee", "service"}
    assert all(p.cash_date and p.cash_date <= date(2022, 6, 3)
               for party in table.parties for p in party.parts)  # fmt: skip
    assert [p.institution.institution_id for p in table.parties] == best_table(table)
    # From 25 May: 26, 27, 30, 31 May, 1, 2 June are the six workdays; 3 June is a holiday.
    late = {s.product.product_id: s for s in table.too_slow}
    assert {"bank-a-tech", "bank-g-working"} <= set(late)
    for slow in late.values():
        by = (slow.product.cash_workdays or 0) - 6
        assert slow.sentence.en == f"too slow by {by} workdays"
    case = replayed(next(m for m in banks if m.cash_date == date(2022, 6, 1)))
    took = case_clock(case, date(2022, 6, 6), market.calendar).elapsed
    assert (took.calendar_days, took.workdays_both_ends) == (8, 7)
    paid = case.moment(CaseAction.DISBURSE)
    assert paid is not None
    assert slack(china_day(paid), date(2022, 6, 3), market.calendar).calendar_days == 2


def best_table(table: ConveningList) -> list[str]:
    """Find by trial of every set the fewest parties that cover all with 4 banks, best first."""
    everybody = [*table.parties, *table.reserves]
    for size in range(len(everybody) + 1):
        enough = [
            chosen
            for chosen in combinations(everybody, size)
            if {i for p in chosen for i in p.instruments} == set(table.covered)
            and sum(p.is_bank for p in chosen) >= 4
        ]
        if enough:
            best = max(enough, key=lambda chosen: sum(p.score for p in chosen))
            best_first = sorted(best, key=lambda p: -p.score)
            return [p.institution.institution_id for p in best_first]
    return []


def replayed(match: Match) -> Case:
    """Replay the case of the document from the call at night to the money."""
    may, june = (lambda d, h: datetime(2022, 5, d, h, tzinfo=CHINA)), datetime(2022, 6, 1, 15)
    case = open_case(match, "case-a1", proposed_at=may(25, 8), received_at=may(24, 22))
    steps = [("accept", may(25, 10)), ("contact", may(25, 13)), ("visit", may(25, 15)),
             ("investigate", may(26, 9)), ("approve", may(31, 10)), ("sign", may(31, 15)),
             ("disburse", june.replace(tzinfo=CHINA))]  # fmt: skip
    for action, at in steps:
        case = case.apply(CaseAction(action), at, CaseRole.INSTITUTION)
    return case


def row_a2() -> None:
    """28 rows in 8 categories are imported; every need is told what applies and what fails."""
    market, _ = seed_round()
    register = read_market(seeds.data_dir() / "binjiang_policies.toml", complete=False)
    issuers = Counter(p.issuer for p in register.records.policies)
    assert (issuers, issuers.total()) == ({"示例银行保险机构": 21, "示例区级部门": 7}, 28)
    assert len({p.category for p in register.records.policies}) == 8
    rows = {p.policy_id for p in register.records.policies}
    assert rows <= {p.policy_id for p in market.policies}
    for need in market.needs:
        report = policies_for(market, need.need_id)
        told = [*report.applies, *report.unknown, *report.fails]
        assert sorted(f.policy.policy_id for f in told) == sorted(
            p.policy_id for p in market.policies
        )
        assert all(finding.failing for finding in report.fails)
        assert not any(f.failing or f.missing for f in report.applies)
    assert rows & {f.policy.policy_id for f in policies_for(market, "binjiang-a1-wages").applies}


def row_a3() -> None:
    """A missing amount or date is flagged by its field; 10 days are urgent, 60 are not."""
    day = date(2022, 5, 25)
    firm = {"name": "示例企业", "enterprise_id": "E"}
    urgency = {}
    for days in (10, 11, 60):
        needed = {"amount_fen": WAN, "needed_by": (day + timedelta(days=days)).isoformat()}
        found = take_in_answers({"enterprise": firm, "need": needed}, day)
        urgency[days] = found.triage.urgency is Urgency.URGENT
    assert urgency == {10: True, 11: False, 60: False}
    with pytest.raises(InputError) as caught:
        take_in_answers({"enterprise": firm, "need": {}}, day)
    assert {f.field for f in caught.value.faults} == {"amount_fen", "needed_by"}


def row_a4() -> None:
    """The report prints 4 relief meetings, 1 park event and 3 adviser visits by 17 June."""
    printed = block_of(read_report_tables([seeds.report_dir()]), "events", date(2022, 6, 17))
    kinds = ("relief_meeting", "park_event", "adviser_visit")
    assert [printed[kind]["shown"]["en"] for kind in kinds] == ["4", "1", "3"]
    assert printed["num_events"]["value"] == 8


def block_of(tables: ReportTables, name: str, until: date | None = None, **more: Any) -> Any:
    """Return one block of a report as it is written."""
    return make_report(tables, Period(until=until), **more).to_document()[name]


def row_a5() -> None:
    """The planted look-alikes of the firm that called rank first, with what they share."""
    found = similar(seeds.load().enterprises, "binjiang-a1", limit=4)
    assert {n.enterprise.enterprise_id for n in found[:3]} == {f"binjiang-0{i}" for i in (1, 2, 3)}
    for neighbour in found[:3]:
        shared = {term.name for term in neighbour.shared}
        named = {"financing_rounds", "orders_growing", "receivables_late"}
        assert {f"indicator.{name}" for name in named} <= shared
        assert "high_tech" in (neighbour.enterprise.tags or ())
    assert found[2].similarity > found[3].similarity


def row_a6() -> None:
    """A need that no loan fits still gets the services that do, the centre's five among them."""
    pair = asking({"region": "330108"}, amount_fen=10**11, purpose=None, contacts=8,
                  instruments=frozenset({Instrument.LOAN, Instrument.SERVICE}))  # fmt: skip
    plan = make_plan(market_of(pair), WEIGHTS)
    assert plan.matches
    assert {m.product.instrument for m in plan.matches} == {Instrument.SERVICE}
    services = ("financing-docking", "project-promotion", "exchange-training", "policy-advice",
                "listing-cultivation")  # fmt: skip
    assert {f"binjiang-{name}" for name in services} <= {p.product_id for p in _of_edges(plan)}


def row_b1() -> None:
    """Three of 20 m on one day: two funded, the third waits; fees, caps and turns of the pool."""
    firm = {"region": "330903", "stated_size": Size.SMALL, "ownership": Ownership.PRIVATE}
    bridge = {"instruments": frozenset({Instrument.BRIDGE}), "term_months": None, "term_days": 10}
    pairs = [asking(firm, need_id=f"N{i}", amount_fen=2000 * WAN, **bridge) for i in range(3)]
    plan = make_plan(market_of(*pairs), WEIGHTS)
    assert len(plan.matches) == 2
    (item,) = plan.unmatched
    assert [r.identity for r in item.blocking] == ["zhoushan-bridge-pool"]
    assert item.queued is not None
    assert (item.queued.position, item.queued.left_fen) == (1, 1000 * WAN)
    assert {m.cash_date for m in plan.matches} == {date(2022, 5, 26)}  # cash within a workday
    assert item.queued.first_day == date(2022, 6, 5)  # ten days later the first two are back
    (pool,) = [u for u in plan.pools if u.row.identity == "zhoushan-bridge-pool"]
    assert (pool.used, pool.capacity - pool.used) == (4000 * WAN, 1000 * WAN)
    _caps_of_the_rollover_fund(firm, bridge)
    _fees_of_the_rollover_fund(firm, bridge)
    _year_of_the_rollover_fund()


def _caps_of_the_rollover_fund(firm: dict[str, Any], bridge: dict[str, Any]) -> None:
    """20.01 m is refused; 5.01 m fails under the old cap of 5 m and passes now."""
    new, old = product_of("zhoushan-zhouzhuanling"), 500 * WAN
    assert new.acceptance_workdays == 1
    for cap, amount, fits in (
        (new.amount_max_fen, 2001 * WAN, False),
        (new.amount_max_fen, 2000 * WAN, True),
        (new.amount_max_fen, 501 * WAN, True),
        (old, 501 * WAN, False),
        (old, 500 * WAN, True),
    ):
        market = market_of(asking(firm, amount_fen=amount, **bridge))
        capped = replace(new, amount_max_fen=cap)
        found = explain(market.replace(products=[capped]), WEIGHTS, 0, 0)
        assert [v.label.en for v in found.failing] == ([] if fits else ["amount"]), (cap, amount)


def _fees_of_the_rollover_fund(firm: dict[str, Any], bridge: dict[str, Any]) -> None:
    """20 m for 10 days: 40,000.00 at 6‰, 53,333.33 at 8‰ as before, 20,000.00 halved."""
    now, before = product_of("zhoushan-zhouzhuanling").fee_monthly_rate, Decimal("0.008")
    fees = [rollover_fee(2000 * WAN, 10, m, halved=h).fee_fen
            for m, h in ((now, False), (before, False), (now, True))]  # fmt: skip
    assert fees == [4_000_000, 5_333_333, 2_000_000]
    costs = {}
    for owner in (Ownership.PRIVATE, Ownership.SOLE_TRADER, Ownership.STATE):
        pair = asking({**firm, "ownership": owner}, amount_fen=2000 * WAN, **bridge)
        (match,) = make_plan(market_of(pair), WEIGHTS).matches
        costs[owner] = match.all_in_low
    halved, whole = 6 * now, 12 * now  # a year has twelve months of the fee
    assert costs == {"private": halved, "sole_trader": halved, "state": whole}


def _year_of_the_rollover_fund() -> None:
    """254 firms and 423 deals of 1.115 bn turn the pool 22.3 times; of 1,592 none went bad."""
    (pool,) = [p for p in seeds.load().pools if p.pool_id == "zhoushan-bridge-pool"]
    deals = [BookedDeal(deal_id=f"d{i}", enterprise_id=f"e{i % 254}", amount_fen=a)
             for i, a in enumerate(shared_out(111_500 * WAN, 423))]  # fmt: skip
    year = block_of(ReportTables(deals=tuple(deals)), "deals", pool_fen=pool.capacity)
    assert (year["num_firms"]["value"], year["num_deals"]["value"]) == (254, 423)
    assert round(Decimal(year["mean"]["value"]) / WAN, 1) == Decimal("263.6")
    assert year["turns"]["shown"]["en"] == "22.30"
    five_years = deal_report([replace(deals[0], deal_id=f"d{i}") for i in range(1592)])
    assert (five_years.num_deals, five_years.num_bad) == (1592, 0)
    growth = yearly_growth(Decimal("5.9"), Decimal("17.9"), 4)  # 2019 to 2023 is four steps
    assert growth is not None
    assert round(growth, 2) == Decimal("0.32")


def shared_out(total: int, count: int) -> list[int]:
    """Return whole amounts, as equal as they can be, that add up to a total."""
    return [total // count + (i < total % count) for i in range(count)]


def row_b2() -> None:
    """500,000 at 0.5 % by the day: 6.85 (6.94 by ACT/360), 1,246.58 for 182 days, not 2,500."""
    loan, cover = product_of("qujiang-huidan"), product_of("qujiang-guarantee")
    assert loan.rate is not None
    assert cover.rate is not None
    fee = guarantee_fee(50 * WAN, cover.rate, 182)
    assert (fee.daily_fen, fee.used_fen, fee.upfront_fen) == (685, 124_658, 250_000)
    assert guarantee_fee(50 * WAN, cover.rate, 182, DayCount.ACT_360).daily_fen == 694
    used = [Use(50 * WAN, date(2024, 1, 2), date(2024, 7, 2))]
    flows = revolving_flows(used, loan.rate, guarantee_rate=cover.rate)
    assert total_of(flows, GUARANTEE_FEE) == -124_658
    firm = {"region": "330803", "industry": "A017", "stated_size": Size.SMALL}
    half_a_year = asking(firm, amount_fen=50 * WAN, term_months=6)
    plain = explained(loan.product_id, half_a_year).pair.plain
    assert plain is not None
    assert plain.low == loan.rate + cover.rate  # the fee runs with the days, like the interest


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
    before, after = book.rate_before, book.rate_after
    assert before is not None
    assert after is not None
    assert (round(before, 4), round(after, 4)) == (Decimal("0.0600"), Decimal("0.0276"))
    # The other way round: 28 loans of a year, each from 6.00 % to 2.76 %.
    loans = [CheaperLoan(fen, before, after) for fen in shared_out(book.book_fen, 28)]
    assert abs(savings_of(loans).saved_fen - book.saved_fen) <= 28
    lent, saved = shared_out(book.book_fen, 28), shared_out(book.saved_fen, 28)
    deals = [
        BookedDeal(deal_id=f"d{i}", enterprise_id=f"e{i}", amount_fen=lent[i], saved_fen=saved[i])
        for i in range(28)
    ]
    printed = block_of(ReportTables(deals=tuple(deals)), "deals")
    assert printed["saved_share"]["shown"]["en"] == "3.24%"


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
        case = case.apply(CaseAction(action), at, CaseRole.INSTITUTION)
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
    """One need yields a loan, an insurance and an investment; 90 % or 60 % off its premium."""
    wanted = frozenset({Instrument.LOAN, Instrument.INSURANCE, Instrument.EQUITY})
    pays = {}
    for stage in ("startup_stage", "growth_stage"):
        firm = {"region": "330402", "tags": frozenset({"high_tech", stage})}
        # 2 % of 5 m is the premium of 100,000.
        pair = asking(firm, amount_fen=500 * WAN, instruments=wanted, contacts=6)
        plan = make_plan(market_of(pair), WEIGHTS)
        assert {m.product.instrument for m in plan.matches} == wanted
        offer = explained("nanhu-research-loss", pair).pair.best
        assert offer is not None
        ((policy, support),) = zip(offer.claims, offer.support_fen, strict=True)
        premium = subsidised_premium(10 * WAN, policy.rate or Decimal(0))
        assert support == premium.subsidy_fen
        pays[stage] = premium.pays_fen
    assert pays == {"startup_stage": 1 * WAN, "growth_stage": 4 * WAN}


def row_b6() -> None:
    """24 firms meet their banks in one morning: no clash, every bank within its officers."""
    _, plan = seed_round()
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
    """1,398 projects of nearly 35 bn yuan are matched in one plan, checked and certified."""
    seen = [n for n in seeds.load().needs if Instrument.EQUITY in n.instruments]
    firms = {e.enterprise_id: e for e in seeds.load().enterprises}
    asked = shared_out(3_500_000 * WAN, 1398)
    pairs = [
        (
            replace(firms[n.enterprise_id], enterprise_id=f"E{i:04}", credit_code=None),
            replace(n, need_id=f"N{i:04}", enterprise_id=f"E{i:04}", amount_fen=asked[i]),
        )
        for i, n in ((i, seen[i % len(seen)]) for i in range(1398))
    ]
    plan = make_plan(market_of(*pairs), WEIGHTS)  # raises if the checker finds a fault
    assert plan.graph.market.num_needs == 1398
    assert plan.result.status == "optimal"
    content = plan_bytes(plan_document(plan, PlanInputs((), "0" * 64)))
    assert verify_plan(content) == []  # by the code that imports nothing of the engine
    assert any(m.product.instrument is Instrument.EQUITY for m in plan.matches)
    assert len({m.need.need_id for m in plan.matches}) + len(plan.unmatched) == 1398


def row_b8() -> None:
    """Shares and valuation decide; 40/40/20 by milestones; a failed review; the yearly budget."""
    firm = {"region": "330302", "tags": frozenset[str](), "lead_is_largest": True,
            "indicators": (("last_valuation", Decimal(50_000_000)),
                           ("market_investment", Decimal(1)))}  # fmt: skip
    grant = {"amount_fen": 300 * WAN, "instruments": frozenset({Instrument.GRANT})}
    talent = frozenset({"national_talent"})
    for lead, team, more, fits in (
        ("0.299", "0.5", {}, False),
        ("0.3", "0.5", {}, True),
        ("0.299", "0.501", {}, True),
        ("0.299", "0.501", {"lead_is_largest": False}, False),
        ("0.3", "0.5", {"indicators": (("last_valuation", Decimal(49_990_000)),)}, False),
        ("0.3", "0.5", {"tags": talent}, True),
        ("0.3", "0.5", {"tags": talent, "indicators": ()}, True),
    ):
        shares = {"lead_share": Decimal(lead), "team_share": Decimal(team)}
        found = explained("lucheng-grant", asking({**firm, **shares, **more}, **grant))
        assert found.eligible is fits, (lead, team, more, [v.sentence.en for v in found.failing])
    product = product_of("lucheng-grant")
    money = Grant(300 * WAN, product.tranches)
    assert money.amounts_fen == (120 * WAN, 120 * WAN, 60 * WAN)
    started = money.after(MilestoneEvent("private_money"))
    ended = started.after(MilestoneEvent("review", Outcome.FAILED))
    assert (ended.paid_fen, ended.unpaid_fen, ended.awaits) == (120 * WAN, 180 * WAN, ())
    for second in ("review", "new_financing"):
        assert started.after(MilestoneEvent(second)).paid_fen == 240 * WAN
    _budget_of_the_grants(firm, grant)
    leverage = ratio(20_000 * WAN, 4200 * WAN)  # private money on public money
    assert leverage is not None
    assert round(leverage, 2) == Decimal("4.76")


def _budget_of_the_grants(firm: dict[str, Any], grant: dict[str, Any]) -> None:
    """40 m a year for 5 years: of 14 grants of 3 m, 13 fit the first year and one the next."""
    (pool,) = [p for p in seeds.load().pools if p.pool_id == "lucheng-grant-year"]
    budget = YearlyBudget(pool.years)
    assert (len(pool.years), budget.total_fen) == (5, 20_000 * WAN)
    asked = [BudgetRequest(f"g{i:02}", 300 * WAN, pool.years[0][0]) for i in range(14)]
    told = allocate_budget(budget, asked)
    (refused,) = told.refused
    assert (len(told.granted), refused.remaining_fen) == (13, 100 * WAN)
    assert refused.first_year == pool.years[1][0]
    holds = {**firm, "lead_share": Decimal("0.3"), "team_share": Decimal("0.5")}
    plan = make_plan(
        market_of(*[asking(holds, need_id=f"N{i:02}", **grant) for i in range(14)]), WEIGHTS
    )
    assert sum(m.offered_fen for m in plan.matches) == 13 * 300 * WAN
    assert [r.identity for u in plan.unmatched for r in u.blocking] == ["lucheng-grant-year"]


def row_b9() -> None:
    """530 m are left in the risk pool: proposals of 540 m cannot all be backed, at a price."""
    firm = {"region": "330102", "tags": frozenset({"high_tech"}), "founded": date(2015, 1, 1),
            "staff": 50, "revenue_fen": 10_000 * WAN}  # fmt: skip
    banks = [f"bank-{letter}" for letter in "abdg"]  # each firm lets one of the four see its need
    pairs = [
        asking(firm, need_id=f"N{i:02}", amount_fen=2000 * WAN, contacts=1, purpose=None,
               consent=frozenset({banks[i % 4]}))
        for i in range(27)
    ]  # fmt: skip
    market = market_of(*pairs)
    backed = [replace(p, leads=None, quota_fen=None) for p in market.products
              if "shangcheng-risk-pool" in p.pools]  # fmt: skip
    lenders = [replace(b, leads=None, quota_fen=None) for b in market.institutions]
    plan = make_plan(market.replace(products=backed, institutions=lenders), WEIGHTS)
    (pool,) = [u for u in plan.pools if u.row.identity == "shangcheng-risk-pool"]
    assert pool.capacity == parse_money("10亿") - parse_money("4.7亿") == 53_000 * WAN
    assert sum(n.amount_fen for _, n in pairs) == 54_000 * WAN
    assert (len(plan.matches), pool.used) == (26, 52_000 * WAN)
    assert {m.institution.institution_id for m in plan.matches} == set(banks)
    assert pool.multiplier > 0
    (item,) = plan.unmatched
    assert [r.identity for r in item.blocking] == ["shangcheng-risk-pool"]
    assert "530,000,000" in f"{pool.row.show(pool.capacity).en}"
    review = product_of("shangcheng-fund-registration").cash_workdays
    assert review is not None
    assert market.calendar.after(market.as_of, review) - market.as_of == timedelta(days=7)


def row_b10() -> None:
    """The first-loan mortgage, the advisers' rate authority, level visits and the lead bank."""
    firm = {"region": "331123", "first_time_borrower": True, "stated_size": Size.SMALL}
    house = ((Collateral.REAL_ESTATE, 10_000 * WAN),)
    for amount, fits in ((990 * WAN, True), (1000 * WAN, True), (1001 * WAN, False)):
        pair = asking(firm, amount_fen=amount, collateral=house)
        assert explained("suichang-first-loan", pair).eligible is fits, amount
    product = product_of("suichang-first-loan")
    assert product.rate is not None
    assert subsidised_interest(990 * WAN, product.rate, Fraction(1)).interest_fen == 26_235_000
    (authority,) = [p for p in seeds.load().policies if p.policy_id == "suichang-rate-authority"]
    assert authority.rate == Decimal("0.002")
    cut = cut_rate(Decimal("0.04"), Decimal("0.005"), authority=authority.rate)
    assert cut.rate == Decimal("0.038")
    known = asking({**firm, "first_time_borrower": False, "tags": frozenset({"high_tech"})})
    pair = explained("suichang-tech", known).pair
    assert pair.plain is not None
    assert pair.best is not None
    assert pair.plain.low - pair.best.low == authority.rate
    (team,) = [p for p in seeds.load().pools if p.pool_id == "suichang-advisers"]
    advisers = [Person(person_id=f"a{i:03}", name="顾问") for i in range(team.capacity)]
    visited = [Enterprise(enterprise_id=f"f{i:03}", name="示例") for i in range(226)]
    market, _ = seed_round()
    visits = assign_role(market.replace(enterprises=visited, needs=[]), WEIGHTS, Role.ADVISER,
                         advisers, visited).plan  # fmt: skip
    assert len(visits.load) == 203
    assert sorted(visits.load.values()) == [1] * 180 + [2] * 23
    firms = chosen_firms(market, parse_rules(["region in 331123"], "--where"))
    leads = assign_role(market, WEIGHTS, Role.LEAD_BANK, [], firms).plan
    led = [one.task_id for one in leads.assigned]
    assert len(set(led)) == len(led)
    alone = {one.task_id for one in leads.unassigned}
    assert {*led, *alone} == {f.enterprise_id for f in firms}
    assert not alone & set(led)
    assert led


def row_b11() -> None:
    """14 mentors are paired one to one with founders; the round gives out 14 places and no more."""
    (team,) = [p for p in seeds.load().pools if p.pool_id == "suichang-mentors"]
    founders = [asking({"region": "331123", "tags": frozenset({"startup_stage"})},
                       need_id=f"N{i:02}", instruments=frozenset({Instrument.SERVICE}),
                       amount_fen=1, contacts=8) for i in range(20)]  # fmt: skip
    market = market_of(*founders)
    mentors = [Person(person_id=f"m{i:02}", name="导师", role=Role.MENTOR)
               for i in range(team.capacity)]  # fmt: skip
    pairs = assign_role(market, WEIGHTS, Role.MENTOR, mentors, [f for f, _ in founders]).plan
    assert sorted(pairs.load.values()) == [1] * 14
    assert len({one.task_id for one in pairs.assigned}) == 14
    assert len(pairs.unassigned) == 6
    plan = make_plan(market, WEIGHTS)
    assert sum(m.product.product_id == "suichang-mentor" for m in plan.matches) == 14


def row_b12() -> None:
    """300 talks, 12,000 small firms and 259 problems solved are counted and printed."""
    held = [
        Event(event_id=f"t{i}", kind=EventKind.TALK, day=date(2023, 1, 1) + timedelta(days=i),
              num_enterprises=40, problems_solved=int(i < 259))
        for i in range(300)
    ]  # fmt: skip
    printed = block_of(ReportTables(events=tuple(held)), "events")
    told = [printed[key]["shown"]["en"] for key in ("talk", "attendance", "problems_solved")]
    assert told == ["300", "12,000", "259"]


def row_w1() -> None:
    """One failed test keeps a firm on the first list; day 31 puts it back, the confirmed stay."""
    calendar, day = chinese_calendar(2021, 2023), seeds.SEED_DATE
    five, failed = frozenset(ListTest), frozenset({ListTest.REAL_NEED})
    applied = [
        Listing(need_id="N0", passed=five, applied=day),
        Listing(need_id="N1", passed=five, applied=day),
        Listing(need_id="bad", passed=five - failed, failed=failed, applied=day),
    ]
    granted, waiting, bad = recommend(applied, day)
    assert (waiting.stage, bad.stage) == (ListStage.RECOMMENDED, ListStage.APPLIED)
    assert bad.held_back_by is not None
    assert ListTest.REAL_NEED.zh in bad.held_back_by.zh
    assert [one.need_id for one in uncontacted(applied)] == ["N0", "N1", "bad"]
    listed = [decide(granted, day + timedelta(days=20)), waiting, bad]
    assert relist(listed, day + timedelta(days=30), calendar).requeued == ()
    late = relist(listed, day + timedelta(days=31), calendar)
    assert [listing.need_id for listing, _ in late.requeued] == ["N1"]
    assert [listing.need_id for listing in late.kept] == ["N0", "bad"]
    _next_round_keeps_what_is_confirmed()


def _next_round_keeps_what_is_confirmed() -> None:
    """On day 31 the undecided need is matched again, and elsewhere; the approved match stays."""
    firm = {"region": "330108", "tags": frozenset({"high_tech"}), "stated_size": Size.SMALL}
    market = market_of(*[asking(firm, need_id=f"N{i}", contacts=1) for i in range(2)])
    first = make_plan(market, WEIGHTS)
    at = datetime(2022, 5, 25, 9, tzinfo=CHINA)
    cases = [open_case(match, match.need.need_id, at) for match in first.matches]
    for action in ("accept", "contact", "visit", "investigate", "approve"):
        cases[0] = cases[0].apply(CaseAction(action), at, CaseRole.INSTITUTION)
    cases[1] = cases[1].apply(CaseAction.ACCEPT, at, CaseRole.INSTITUTION)
    after = {n: split_for_next_round(cases, at.date() + timedelta(days=n), market.calendar)
             for n in (30, 31)}  # fmt: skip
    assert after[30].need_ids == ()
    assert after[31].need_ids == (cases[1].need_id,)
    kept = (cases[0].need_id, cases[0].product_id)
    assert after[31].pins == (kept,)
    tried = (cases[1].need_id, cases[1].product_id)
    fixings = Fixings(pins=frozenset(after[31].pins), bans=frozenset({tried}))
    second = {(m.need.need_id, m.product.product_id)
              for m in make_plan(market, WEIGHTS, fixings=fixings).matches}  # fmt: skip
    assert kept in second
    assert tried not in second
    assert {need for need, _ in second} == {"N0", "N1"}


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
