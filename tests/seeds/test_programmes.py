from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

import seeds
from matcher.domain.attributes import Subject
from matcher.domain.choices import Benefit, Instrument, Purpose, Repayment
from matcher.domain.criteria import State
from matcher.domain.enterprise import Enterprise, Need
from matcher.domain.institution import Pool, Product
from matcher.domain.money import parse_money
from matcher.domain.records import ID_FIELDS, Records

RECORDS = seeds.load()
WAN = 1_000_000


def by_id(table: str) -> Mapping[str, Any]:
    """Return the records of a table by id."""
    return {getattr(r, ID_FIELDS[table]): r for r in getattr(RECORDS, table)}


def product(identity: str) -> Product:
    """Return a product."""
    found: Product = by_id("products")[identity]
    return found


def subject(need: Need | None = None, **changes: Any) -> Subject:
    """Return a firm with a need, as rules read them."""
    firm = Enterprise(enterprise_id="e", name="示例", **changes)
    asked = need or Need(need_id="n", enterprise_id="e", amount_fen=100 * WAN)
    return Subject(asked, firm, seeds.SEED_DATE)


def admits(rules: Product, asked: Subject) -> bool:
    """Tell whether every criterion of a product passes."""
    return all(rule.judge(asked).state is State.PASS for rule in rules.criteria)


def test_the_records_are_sound():
    """No id is used twice and no reference leads nowhere."""
    RECORDS.require_sound()


def test_loading_twice_gives_equal_records():
    """The files are read in one order."""
    assert seeds.load() == RECORDS


def test_there_are_enough_example_firms_and_needs():
    """A round of realistic size can be planned from the seeds alone."""
    examples = [e for e in RECORDS.enterprises if e.provenance.illustrative]
    assert len(examples) >= 70
    assert len(RECORDS.needs) >= 80
    assert all(isinstance(getattr(RECORDS, table), tuple) for table in Records.__slots__)


def test_the_binjiang_firm_asks_for_its_wages():
    """Row A1: 1.5 m yuan by 3 June, asked for on 24 May."""
    need = by_id("needs")["binjiang-a1-wages"]
    firm = by_id("enterprises")["binjiang-a1"]
    assert (need.amount_fen, need.purpose) == (150 * WAN, Purpose.WAGES)
    assert (need.received, need.needed_by) == (date(2022, 5, 24), date(2022, 6, 3))
    assert firm.indicator("financing_rounds") == 5
    assert {"high_tech"} <= (firm.tags or frozenset())
    assert firm.region == "330108"


def test_the_centre_offers_its_five_services():
    """Row A6: what is not a loan is an offer too."""
    mine = [p for p in RECORDS.products if p.institution_id == "binjiang-tech-finance-centre"]
    names = {p.name for p in mine if p.instrument is Instrument.SERVICE}
    assert names >= {"融资对接", "项目推介", "交流培训", "政策咨询", "上市培育"}


def test_the_rollover_fund_has_its_figures():
    """Row B1: up to 20 m yuan, 6‰ a month, a day to the answer and a day to the cash."""
    found = product("zhoushan-zhouzhuanling")
    assert (found.name, found.instrument) == ("舟转灵", Instrument.BRIDGE)
    assert found.amount_max_fen == 2000 * WAN
    assert found.fee_monthly_rate == Decimal("0.006")
    assert (found.acceptance_workdays, found.cash_workdays) == (1, 1)
    halving = by_id("policies")["zhoushan-fee-halving"]
    assert (halving.benefit, halving.rate) == (Benefit.FEE_CUT, Decimal("0.5"))


@pytest.mark.parametrize(
    ("ownership", "state"),
    [("private", State.PASS), ("sole_trader", State.PASS), ("state", State.FAIL)],
)
def test_the_rollover_fee_is_halved_for_private_firms(ownership: str, state: State):
    """Row B1: private firms and sole traders pay half."""
    halving = by_id("policies")["zhoushan-fee-halving"]
    assert halving.judge(subject(region="330902", ownership=ownership)).state is state


@pytest.mark.parametrize(
    ("pool", "capacity"),
    [
        ("zhoushan-bridge-pool", "5000万"),
        ("qujiang-subsidy-budget", "100万"),
        ("nanhu-investment-fund-pool", "10亿"),
        ("lucheng-grant-year", "4000万"),
        ("wenzhou-angel-pool", "1亿"),
        ("shangcheng-risk-pool", "5.3亿"),
        ("shangcheng-equity-pool", "100亿"),
        ("shangcheng-preferential-credit", "200亿"),
        ("hangzhou-industry-mother-fund-pool", "5亿"),
    ],
)
def test_a_pool_of_money_holds_what_the_document_says(pool: str, capacity: str):
    """The stated sizes, and 530 m derived as 1 bn less 470 m."""
    found: Pool = by_id("pools")[pool]
    assert found.capacity == parse_money(capacity)


@pytest.mark.parametrize(("pool", "places"), [("suichang-advisers", 203), ("suichang-mentors", 14)])
def test_a_pool_of_people_holds_what_the_document_says(pool: str, places: int):
    """Rows B10 and B11: advisers and mentors are counted in places."""
    found: Pool = by_id("pools")[pool]
    assert (found.unit.value, found.capacity) == ("count", places)


def test_the_derived_capacity_is_marked_illustrative():
    """5.3 亿 stands in no document."""
    assert by_id("pools")["shangcheng-risk-pool"].provenance.is_illustrative("capacity")


QUJIANG = {"民营小微贷", "惠担贷", "农担贷", "衢担贷"}


@pytest.mark.parametrize(
    ("industry", "seen"), [("C153", QUJIANG), ("A017", QUJIANG), ("C131", QUJIANG), ("I651", set())]
)
def test_a_local_industry_sees_the_four_products_of_qujiang(industry: str, seen: set[str]):
    """Row B3: tea, herbs and grain are among the industries; software is not."""
    firm = subject(
        region="330803",
        industry=industry,
        stated_size="small",
        ownership="private",
        tags=frozenset({"farming"}),
    )
    offers = [p for p in RECORDS.products if p.name in QUJIANG]
    assert {p.name for p in offers} == QUJIANG
    assert {p.name for p in offers if admits(p, firm)} == seen


def test_the_huidan_loan_is_repaid_at_will_at_half_a_percent():
    """Row B2: the guarantee costs 0.5 % a year and the loan revolves."""
    found = product("qujiang-huidan")
    assert found.requires == {"qujiang-guarantee"}
    guarantee = product("qujiang-guarantee")
    assert guarantee.rate == Decimal("0.005")
    assert guarantee.approval_follows
    assert Repayment.REVOLVING in found.repayment


@pytest.mark.parametrize(("stage", "rate"), [("startup_stage", "0.9"), ("growth_stage", "0.6")])
def test_the_premium_is_subsidised_by_stage(stage: str, rate: str):
    """Row B5: 90 % for a start-up, 60 % for a firm in growth."""
    firm = subject(region="330402", tags=frozenset({stage}))
    applying = [
        p.rate
        for p in RECORDS.policies
        if p.instruments == {Instrument.INSURANCE} and p.judge(firm).state is State.PASS
    ]
    assert applying == [Decimal(rate)]


def test_nanhu_offers_loan_insurance_and_investment():
    """Row B5: one district, three instruments."""
    firm = subject(region="330402", tags=frozenset({"high_tech", "startup_stage"}))
    offered = {p.instrument for p in RECORDS.products if admits(p, firm)}
    assert offered >= {Instrument.LOAN, Instrument.INSURANCE, Instrument.EQUITY}


@pytest.mark.parametrize(
    ("lead", "team", "largest", "eligible"),
    [
        ("0.30", "0.40", False, True),
        ("0.299", "0.50", True, False),
        ("0.299", "0.501", True, True),
        ("0.299", "0.501", False, False),
    ],
)
def test_a_grant_goes_to_projects_that_their_people_own(
    lead: str, team: str, largest: bool, eligible: bool
):
    """Row B8: the lead holds 30 %, or the team more than half with the lead the largest."""
    project = subject(
        region="330302",
        lead_share=Decimal(lead),
        team_share=Decimal(team),
        lead_is_largest=largest,
        tags=frozenset(),
        indicators=(("last_valuation", Decimal(50_000_000)), ("market_investment", Decimal(1))),
    )
    assert admits(product("lucheng-grant"), project) is eligible


@pytest.mark.parametrize(
    ("tags", "valuation", "eligible"),
    [({"national_talent"}, 0, True), (set(), 50_000_000, True), (set(), 49_999_999, False)],
)
def test_a_grant_asks_for_a_valuation_or_a_national_talent(
    tags: set[str], valuation: int, eligible: bool
):
    """Row B8: 50 m yuan in the last round, unless a national talent leads."""
    project = subject(
        region="330302",
        lead_share=Decimal("0.3"),
        tags=frozenset(tags),
        indicators=(
            ("last_valuation", Decimal(valuation)),
            ("market_investment", Decimal(1)),
        ),
    )
    assert admits(product("lucheng-grant"), project) is eligible


def test_several_banks_draw_on_the_risk_pool_and_more_is_asked_than_it_holds():
    """Row B9: technology loans of 540 m yuan stand against 530 m."""
    drawing = [p for p in RECORDS.products if "shangcheng-risk-pool" in p.pools]
    assert len({p.institution_id for p in drawing}) >= 3
    firms = by_id("enterprises")
    asked = [
        n.amount_fen
        for n in RECORDS.needs
        if Instrument.LOAN in n.instruments
        and any(admits(p, Subject(n, firms[n.enterprise_id], seeds.SEED_DATE)) for p in drawing)
    ]
    assert sum(asked) == parse_money("5.4亿")


def test_a_first_loan_in_suichang_costs_two_point_six_five_percent():
    """Row B10: on a mortgage of up to 10 m yuan."""
    found = product("suichang-first-loan")
    assert (found.rate, found.amount_max_fen) == (Decimal("0.0265"), 1000 * WAN)
    names = {p.name for p in RECORDS.products}
    assert names >= {"遂亩保", "科创贷", "取水贷", "人才贷"}
