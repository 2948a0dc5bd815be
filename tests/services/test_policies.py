"""Which policies a need may claim, on the register of row A2 and on small examples."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import seeds
from matcher.domain.choices import Instrument, PoolUnit
from matcher.domain.criteria import State
from matcher.domain.errors import InputError, UnknownIdError
from matcher.domain.expression import parse
from matcher.domain.institution import Pool
from matcher.domain.policy import Policy
from matcher.domain.text import Lang, Text
from matcher.files import read_market
from matcher.market import Market
from matcher.services.policies import (
    count_register,
    import_policies,
    judge_policy,
    policies_for,
)
from tests.domain.subjects import AS_OF, subject

REGISTER = seeds.data_dir() / "binjiang_policies.toml"


@pytest.fixture(scope="module")
def market() -> Market:
    """Return the seeded round."""
    return Market.from_records(seeds.load(), seeds.SEED_DATE)


def policy(*criteria: str, **stated: Any) -> Policy:
    """Return a policy with these rules."""
    rules = tuple(parse(rule) for rule in criteria)
    return Policy(**{"policy_id": "G", "name": "示例政策", "criteria": rules, **stated})


# The register of row A2.


def test_21_policies_of_banks_and_insurers_and_7_of_the_district_are_imported() -> None:
    """Row A2: 28 rows in 8 categories, each an example."""
    policies = read_market(REGISTER, complete=False).records.policies
    counts = count_register(policies)
    assert counts.num_policies == 28
    issuers = {name.zh: (name.en, n) for name, n in counts.by_issuer if name}
    assert issuers == {
        "示例银行保险机构": ("Example banks and insurers", 21),
        "示例区级部门": ("Example district office", 7),
    }
    assert len(counts.by_category) == 8
    assert sum(number for _, number in counts.by_category) == 28
    assert None not in dict(counts.by_category)
    assert all(p.provenance.illustrative and p.criteria for p in policies)


def test_every_need_lists_what_applies_and_for_the_rest_why_not(market: Market) -> None:
    """Row A2: no policy is missing from a report, and each refusal has its failing rule."""
    for need in market.needs:
        report = policies_for(market, need.need_id)
        findings = [*report.applies, *report.unknown, *report.fails]
        assert sorted(f.policy.policy_id for f in findings) == [
            p.policy_id for p in market.policies
        ]
        assert all(f.failing and f.sentence.zh.count("不符合") for f in report.fails)
        assert all(f.missing and not f.failing for f in report.unknown)
        assert not any(f.failing or f.missing for f in report.applies)


def test_every_policy_of_the_register_serves_somebody_or_says_why_nobody(market: Market) -> None:
    """The example rules divide the needs: some pass, some fail, some wait for a paper."""
    reports = [policies_for(market, need.need_id) for need in market.needs]
    assert sum(len(r.applies) for r in reports) > 50
    assert sum(len(r.unknown) for r in reports) > 0
    assert sum(len(r.fails) for r in reports) > 500


def test_the_firm_that_called_for_help_sees_what_it_may_claim(market: Market) -> None:
    """Row A1's firm: wages and late receivables open the relief loan, exports do not concern it."""
    report = policies_for(market, "binjiang-a1-wages")
    applies = {f.policy.policy_id for f in report.applies}
    assert "example-binjiang-bank-08-wages-loan" in applies
    assert "example-binjiang-district-3-relief-adviser" in applies
    fails = {f.policy.policy_id: f for f in report.fails}
    export = fails["example-binjiang-bank-21-insurance-export"]
    assert [v.label.en for v in export.failing] == ["instruments", "tags"]
    assert not export.mendable


def test_a_policy_that_begins_in_june_says_so_in_may(market: Market) -> None:
    """The relief loan of 1 June does not apply on 25 May, and does a week later."""
    identity = "example-binjiang-district-1-relief-loan"
    before = policies_for(market, "binjiang-a1-wages")
    (finding,) = [f for f in before.fails if f.policy.policy_id == identity]
    assert finding.sentence.zh == (
        "“示例纾困专项贷款政策”不适用：申请日期：2022年5月25日，"
        "要求自 2022年6月1日至 2022年12月31日，不符合"
    )
    later = policies_for(market.replace(as_of=date(2022, 6, 1)), "binjiang-a1-wages")
    assert identity in {f.policy.policy_id for f in later.applies}


# Policies in general.


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2022, 5, 24), State.FAIL),
        (date(2022, 5, 25), State.PASS),
        (date(2022, 5, 26), State.PASS),
        (date(2022, 5, 27), State.FAIL),
    ],
)
def test_the_first_and_the_last_day_of_validity_count(day: date, state: State) -> None:
    """Neighbouring days fail."""
    two_days = policy(valid_from=date(2022, 5, 25), valid_to=date(2022, 5, 26))
    assert judge_policy(two_days, subject(as_of=day)).state is state


def test_a_policy_goes_with_the_instruments_that_it_names() -> None:
    """One accepted is enough; no instruments named means all; the firm can mend it."""
    insurance = policy(instruments=frozenset({Instrument.INSURANCE, Instrument.GUARANTEE}))
    loan = judge_policy(insurance, subject(instruments=frozenset({Instrument.LOAN})))
    assert loan.state is State.FAIL
    assert loan.mendable
    both = frozenset({Instrument.LOAN, Instrument.GUARANTEE})
    assert judge_policy(insurance, subject(instruments=both)).state is State.PASS
    assert judge_policy(policy(), subject()).state is State.PASS


def test_a_budget_that_is_used_up_helps_nobody() -> None:
    """One fen left is not nothing; a place is not a fen."""
    empty = Pool(pool_id="P", name="预算", capacity=0)
    finding = judge_policy(policy(), subject(), empty)
    assert (
        finding.sentence.en == "'示例政策' does not apply: budget left: 0 yuan; asked: > 0; fails"
    )
    assert judge_policy(policy(), subject(), replace(empty, capacity=1)).state is State.PASS
    places = replace(empty, unit=PoolUnit.COUNT)
    assert judge_policy(policy(), subject(), places).failing[0].found.en == "0"  # type: ignore[union-attr]


def test_what_is_not_known_names_the_paper() -> None:
    """Unknown is not fail; a failing rule beside it decides."""
    asked = policy("revenue >= 500万", "staff >= 10")
    finding = judge_policy(asked, subject(staff=12))
    assert finding.state is State.UNKNOWN
    assert finding.sentence.zh == "“示例政策”待核实，需提供：营业收入（≥ 500万元）"
    assert finding.sentence.en == (
        "'示例政策' is open until this is shown: revenue (≥ 5,000,000 yuan)"
    )
    assert not finding.mendable
    refused = judge_policy(asked, subject(staff=9))
    assert refused.state is State.FAIL
    assert [v.label.en for v in refused.failing] == ["staff"]


def test_every_failing_rule_is_told() -> None:
    """Both reasons stand in both sentences."""
    asked = policy("revenue >= 500万", "staff >= 10")
    finding = judge_policy(asked, subject(staff=9, revenue_fen=100))
    assert finding.sentence.of(Lang.ZH).count("不符合") == 2
    assert finding.sentence.of(Lang.EN).count("fails") == 2


def test_the_judgement_is_that_of_the_policy_itself() -> None:
    """Without validity, instruments and budget the finding has the state of `Policy.judge`."""
    asked = policy("staff >= 10 or revenue >= 500万", "not ownership in state")
    for stated in ({}, {"staff": 9}, {"staff": 10}, {"staff": 9, "revenue_fen": 1}):
        about = subject(as_of=AS_OF, **stated)
        assert judge_policy(asked, about).state is asked.judge(about).state


def test_a_report_is_json(market: Market) -> None:
    """The document has every policy once, with sentences in both languages."""
    document = policies_for(market, "binjiang-a1-wages").to_document()
    assert json.loads(json.dumps(document, ensure_ascii=False)) == document
    entries = [e for key in ("applies", "unknown", "fails") for e in document[key]]
    assert len(entries) == len(market.policies)
    assert all(e["sentence"]["zh"] != e["sentence"]["en"] for e in entries)
    numbers = [len(document[key]) for key in ("applies", "unknown", "fails")]
    assert document["summary"]["en"] == "{} policies apply, {} are open, {} do not apply".format(
        *numbers
    )


def test_an_unknown_need_is_an_error(market: Market) -> None:
    """It is named."""
    with pytest.raises(UnknownIdError):
        policies_for(market, "no-such-need")


def test_a_register_is_imported_with_its_budgets(market: Market, tmp_path: Path) -> None:
    """Policies and pools are added; what else the file has is left; twice is refused."""
    rows = {
        "pools": [{"pool_id": "new-budget", "name": "预算", "capacity": "10万"}],
        "policies": [{"policy_id": "new", "name": "政策", "pool_id": "new-budget"}],
        "enterprises": [{"enterprise_id": "new-firm", "name": "企业"}],
    }
    path = tmp_path / "register.json"
    path.write_text(json.dumps(rows))
    larger = import_policies(market, path)
    assert len(larger.policies) == len(market.policies) + 1
    assert len(larger.pools) == len(market.pools) + 1
    assert len(larger.records.enterprises) == len(market.records.enterprises)
    with pytest.raises(InputError):
        import_policies(larger, path)


def test_a_register_counts_what_it_does_not_state() -> None:
    """None stands last."""
    counts = count_register(
        [policy(issuer="乙"), policy(), policy(issuer="乙"), policy(issuer="丁")]
    )
    assert counts.by_issuer == ((Text.same("丁"), 1), (Text.same("乙"), 2), (None, 1))
