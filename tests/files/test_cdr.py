"""Published products of Australian banks: each is read, refused with a reason, or a fault."""

import copy
import json
import os
import random
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from matcher.domain.choices import Instrument, Repayment
from matcher.domain.criteria import OneOf, Prose, Range
from matcher.domain.errors import InputError
from matcher.domain.institution import Product
from matcher.files.cdr import Catalogue, read_cdr
from matcher.files.cdr import refusals as reasons
from matcher.files.cdr.conditions import SECURITY

DATA = Path(os.environ.get("YINQI_DATA", Path(__file__).parents[3] / "shared" / "data"))
REAL = DATA / "cdr" / "products_business.jsonl"

needs_data = pytest.mark.skipif(not REAL.is_file(), reason=f"{REAL} is not there (YINQI_DATA)")


@pytest.fixture(scope="module")
def real() -> Catalogue:
    """Return the catalogue of the real file."""
    return read_cdr(REAL)


@pytest.fixture(scope="module")
def real_lines() -> list[dict[str, Any]]:
    """Return the lines of the real file, decoded and otherwise untouched."""
    return [json.loads(line) for line in REAL.read_text("utf-8").splitlines()]


def product_of(catalogue: Catalogue, product_id: str) -> Product:
    """Find a product by its id."""
    return next(p for p in catalogue.records.products if p.product_id == product_id)


def prose_of(product: Product) -> list[str]:
    """Return the conditions in words."""
    return [c.words for c in product.criteria if isinstance(c, Prose)]


def notes_on(catalogue: Catalogue, product_id: str) -> list[str]:
    """Return the notes that name a product."""
    return [n.en for n in catalogue.notes if n.en.startswith(f"{product_id}: ")]


def line_of(holder: dict[str, Any] | None = None, **product: Any) -> dict[str, Any]:
    """Return a line that is right, with fields of the product and of the holder replaced."""
    base = {
        "productId": "P1",
        "name": "Term Loan",
        "productCategory": "BUSINESS_LOANS",
        "brand": "B",
    }
    frame = {"dataHolderBrandId": "b-1", "dataHolderBrandName": "First Bank", "abn": None}
    return frame | {"product": base | product} | (holder or {})


def read_lines(folder: Path, *lines: object, **options: Any) -> Catalogue:
    """Write lines (objects, or text as it stands) into a file and read it."""
    path = folder / "products.jsonl"
    written = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text("\n".join(written), "utf-8")
    return read_cdr(path, **options)


def read_one(folder: Path, **product: Any) -> Product:
    """Read a file of one right line with these fields of the product."""
    (found,) = read_lines(folder, line_of(**product)).records.products
    return found


# --- the real file


@needs_data
def test_every_published_product_is_read_or_refused(real, real_lines):
    """No line is lost, none counts twice, and each refusal stands on its own line."""
    assert len(real_lines) == 369
    assert len(real.records.products) + len(real.refused) == 369
    assert len({r.line for r in real.refused}) == len(real.refused)
    for refusal in real.refused:
        product = real_lines[refusal.line - 1]["product"]
        assert product["productId"] == refusal.product_id


@needs_data
def test_every_refusal_of_the_real_file_has_a_reason(real):
    """The refused are personal products, for two reasons."""
    counted = Counter(refusal.reason for refusal in real.refused)
    assert counted == {reasons.FOR_PERSONS: 25, reasons.NOT_FOR_FIRMS: 21}
    assert all(r.reason.zh and r.reason.en and r.institution and r.name for r in real.refused)


@needs_data
def test_what_names_businesses_is_never_refused_as_personal(real, real_lines):
    """Eligibility of a business is believed."""
    for refusal in real.refused:
        eligibility = real_lines[refusal.line - 1]["product"].get("eligibility", [])
        assert "BUSINESS" not in {e["eligibilityType"] for e in eligibility}


@needs_data
def test_the_records_of_the_real_file_are_sound(real):
    """Ids are unique and every product finds its institution."""
    real.records.require_sound()
    used = {p.institution_id for p in real.records.products}
    assert used == {i.institution_id for i in real.records.institutions}
    assert len(used) == 43
    assert all(p.provenance.source == REAL.name for p in real.records.products)
    assert not any(p.provenance.illustrative for p in real.records.products)


@needs_data
def test_the_figures_of_the_real_file_are_sane(real):
    """Rates are between 4 % and 20 %, limits between $1 and $20 million, fees are small."""
    for p in real.records.products:
        assert p.rate is None or Decimal("0.04") < p.rate < Decimal("0.2"), p.product_id
        assert p.rate_max is None or p.rate < p.rate_max < Decimal("0.2"), p.product_id
        for fen in (p.amount_min_fen, p.amount_max_fen):
            assert fen is None or 100 <= fen <= 2_000_000_000, p.product_id
        assert p.fee_fixed_fen <= 200_000
        assert max(p.fee_once_rate, p.fee_yearly_rate) < Decimal("0.02")
        assert p.term_min_months is p.term_max_months is p.cash_workdays is None
        assert p.collateral == ()
    assert sum(p.rate is None for p in real.records.products) == 90


@needs_data
def test_every_word_on_eligibility_is_kept_in_a_criterion(real, real_lines):
    """What is asked in words appears in a criterion of the very product, unchanged."""
    refused = {refusal.line for refusal in real.refused}
    lines = [line for row, line in enumerate(real_lines, 1) if row not in refused]
    num_kept = 0
    for line, product in zip(lines, real.records.products, strict=True):
        words = prose_of(product)
        for clause in line["product"].get("eligibility") or []:
            text = (clause.get("additionalInfo") or "").strip()
            assert not text or any(text in w for w in words), (product.product_id, text)
            num_kept += bool(text)
    assert num_kept > 600


@needs_data
def test_no_product_carries_a_criterion_twice(real):
    """Equal texts of one product are one criterion."""
    for product in real.records.products:
        assert len(set(product.criteria)) == len(product.criteria)


@needs_data
def test_the_real_file_reads_the_same_twice(real):
    """Reading is deterministic."""
    assert read_cdr(REAL) == real


@needs_data
def test_ids_and_products_do_not_depend_on_the_order_of_the_lines(real, tmp_path):
    """A shuffled file gives the same products under the same ids."""
    lines = REAL.read_text("utf-8").splitlines()
    random.Random(5).shuffle(lines)
    path = tmp_path / REAL.name
    path.write_text("\n".join(lines), "utf-8")
    assert set(read_cdr(path).records.products) == set(real.records.products)


@needs_data
def test_a_limit_with_a_thousands_comma_is_an_amount(real):
    """Rural Bank's equipment loan: "20,000" at least, no rate, documentation fee of 450."""
    loan = product_of(real, "rural-bank-1d6680a1-938e-4a49-b79a-e1bc5bae8f67")
    assert (loan.name, loan.instrument) == ("Equipment Loan", Instrument.LOAN)
    assert (loan.amount_min_fen, loan.amount_max_fen) == (2_000_000, None)
    assert (loan.rate, loan.rate_max, loan.fee_fixed_fen) == (None, None, 45_000)
    assert loan.criteria == (
        Prose("Must be a primary producer"),
        Prose("Equipment must be for farming business purposes"),
        SECURITY,
    )


@needs_data
def test_a_rate_of_zero_is_unknown(real):
    """PayPal publishes 0.0 where the price is a share of the sales."""
    loan = product_of(real, "paypal-australia-paypalworkingcapital")
    assert (loan.rate, loan.amount_min_fen, loan.amount_max_fen) == (None, None, None)
    assert notes_on(real, loan.product_id) == [
        "paypal-australia-paypalworkingcapital: published rate '0.0' taken as unknown"
    ]


@needs_data
def test_an_empty_rate_and_rates_for_overdrawing_leave_the_rate_unknown(real):
    """CommBank Stream prices each customer; 17.43 % is its charge for exceeding the limit."""
    loan = product_of(real, "commbank-38bca0f2a8c54e828ca954325c0aea17")
    assert (loan.name, loan.rate, loan.rate_max) == ("Stream Working Capital", None, None)
    assert (loan.amount_min_fen, loan.amount_max_fen) == (5_000_000, None)
    assert loan.repayment == {Repayment.REVOLVING}
    assert len(notes_on(real, loan.product_id)) == 1


@needs_data
def test_rates_of_other_currencies_are_no_offers(real):
    """HSBC lists its overdraft in 20 currencies; the dollar's is 11.2 %."""
    overdraft = product_of(real, "hsbc-bank-australia-limited-wholesale-banking-od")
    assert (overdraft.rate, overdraft.rate_max) == (Decimal("0.112"), None)


@needs_data
def test_of_several_upper_limits_the_widest_counts_and_the_others_are_conditions(real):
    """Suncorp's unsecured overdraft goes to 10,000, 25,000 or 50,000 by the firm's age."""
    overdraft = product_of(real, "suncorp-bank-sbuod")
    assert (overdraft.amount_min_fen, overdraft.amount_max_fen) == (None, 5_000_000)
    assert sum("Maximum limit of $" in words for words in prose_of(overdraft)) == 3
    assert len(overdraft.criteria) == 6
    assert (overdraft.rate, overdraft.fee_fixed_fen) == (Decimal("0.1574"), 25_000)
    assert overdraft.note == "Fees not in the cost: Quarterly Service Fee AUD 75.00 P3M."
    assert (overdraft.valid_from, overdraft.valid_to) == (date(2021, 6, 25), None)


@needs_data
def test_fixed_rates_by_period_make_a_range_and_turnover_a_rule(real):
    """Westpac's unsecured loan: 13.49 % to 14.04 %, 5,000 to 250,000, turnover of 75,000."""
    loan = product_of(real, "westpac-unsecuredbusinessloan")
    assert (loan.rate, loan.rate_max) == (Decimal("0.1349"), Decimal("0.1404"))
    assert (loan.amount_min_fen, loan.amount_max_fen) == (500_000, 25_000_000)
    assert (loan.fee_fixed_fen, loan.fee_once_rate, loan.note) == (25_000, 0, None)
    assert loan.criteria[0] == Range("revenue", low=7_500_000)
    assert "Registered for GST with a turnover over $75,000 per annum" in prose_of(loan)
    assert len(loan.criteria) == 17
    assert SECURITY not in loan.criteria


@needs_data
def test_published_validity_is_kept_on_the_australian_calendar(real):
    """Great Southern Bank: 2019-12-31T14:00Z to 2030-12-31T13:59:59Z are whole years there."""
    loan = product_of(real, "great-southern-bank-5300-3009")
    assert (loan.valid_from, loan.valid_to) == (date(2020, 1, 1), date(2030, 12, 31))
    assert (loan.rate, loan.fee_fixed_fen) == (Decimal("0.0775"), 75_000)
    assert (loan.amount_min_fen, loan.amount_max_fen) == (2_000_000, 100_000_000)
    assert Repayment.INSTALMENTS in loan.repayment
    assert SECURITY in loan.criteria


@needs_data
def test_a_line_fee_charged_monthly_is_a_rate_per_year(real):
    """NAB QuickBiz Overdraft: "1.75% per annum of the Overdraft limit is charged monthly"."""
    overdraft = product_of(real, "national-australia-bank-74a3b3bc-af32-441c-b4cd-c38c8717fd56")
    assert (overdraft.fee_yearly_rate, overdraft.fee_once_rate) == (Decimal("0.0175"), 0)
    assert (overdraft.rate, overdraft.amount_max_fen) == (Decimal("0.0887"), 5_000_000)
    assert overdraft.repayment == {Repayment.REVOLVING}
    assert "Minimum age: 18" in prose_of(overdraft)


@needs_data
def test_missing_limits_stay_unknown_and_tiers_count_as_offers(real):
    """Auswide's term loan: residential 7.04 % to commercial 8.53 %, 0.5 % on setting up."""
    loan = product_of(real, "auswide-bank-ltd-857c15d2-1d70-465f-ade0-b516853ed905")
    assert (loan.amount_min_fen, loan.amount_max_fen) == (None, None)
    assert (loan.rate, loan.rate_max) == (Decimal("0.0704"), Decimal("0.0853"))
    assert (loan.fee_once_rate, loan.fee_fixed_fen) == (Decimal("0.005"), 0)
    assert loan.criteria == (SECURITY,)


@needs_data
def test_a_lease_is_a_loan_for_equipment_and_its_penalty_no_rate(real):
    """CommBank's finance lease: 7.89 %, the 3 % are a default margin."""
    lease = product_of(real, "commbank-26742bc1e80f4dc9a5b6e9fde807fe64")
    assert (lease.instrument, lease.rate, lease.rate_max) == (
        Instrument.LOAN,
        Decimal("0.0789"),
        None,
    )
    assert lease.criteria[0] == OneOf("purpose", frozenset({"equipment"}))


@needs_data
def test_a_bank_guarantee_is_no_loan(real):
    """The four guarantees of the file hide among business loans and trade finance."""
    names = [p.name for p in real.records.products if p.instrument is Instrument.GUARANTEE]
    assert sorted(names) == [
        "Bank Guarantee for Businesses",
        "Business Bank Guarantee",
        "Credit Union Guarantee",
        "Judo Bank Guarantee",
    ]


@needs_data
def test_brands_that_publish_the_same_products_are_named(real):
    """Arab Bank stands twice in the file under two brand ids."""
    told = [n.en for n in real.notes if "may be one institution" in n.en]
    assert any("Arab Bank Australia and Arab Bank Australia Limited publish 5" in t for t in told)


# --- one line at a time


def test_a_bare_product_is_read_with_everything_unknown(tmp_path):
    """Nothing is invented where nothing is published."""
    product = read_one(tmp_path)
    assert product.product_id == "first-bank-p1"
    assert (product.institution_id, product.name) == ("first-bank", "Term Loan")
    assert (product.rate, product.amount_min_fen, product.amount_max_fen) == (None, None, None)
    assert (product.criteria, product.repayment, product.note) == ((), frozenset(), None)
    assert (product.valid_from, product.valid_to) == (None, None)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"productCategory": "CRED_AND_CHRG_CARDS"}, "category CRED_AND_CHRG_CARDS does not"),
        ({"productCategory": "PERS_LOANS"}, "category PERS_LOANS does not finance firms"),
        ({"productCategory": None}, "it states no category"),
        ({"eligibility": [{"eligibilityType": "NATURAL_PERSON"}]}, "for persons and not for"),
        (
            {"eligibility": [{"eligibilityType": "OTHER", "additionalInfo": "Personal use only"}]},
            "for persons and not for firms",
        ),
        ({"productCategory": "OVERDRAFTS"}, "an overdraft that nowhere says"),
        (
            {
                "constraints": [
                    {"constraintType": "MIN_LIMIT", "additionalValue": "20,000"},
                    {"constraintType": "MAX_LIMIT", "additionalValue": "10000.00"},
                ]
            },
            "lower limit is above its upper limit",
        ),
        (
            {
                "effectiveFrom": "2024-03-01T00:00:00+10:00",
                "effectiveTo": "2024-02-01T00:00:00+10:00",
            },
            "it ends before it begins",
        ),
    ],
)
def test_an_unusable_product_is_refused_with_its_reason(tmp_path, fields, reason):
    """A published product that no firm can use is no fault of the file."""
    catalogue = read_lines(tmp_path, line_of(), line_of(**({"productId": "P2"} | fields)))
    (refusal,) = catalogue.refused
    assert (refusal.product_id, refusal.institution, refusal.line) == ("P2", "First Bank", 2)
    assert refusal.name == "Term Loan"
    assert reason in refusal.reason.en
    assert refusal.reason.zh != refusal.reason.en
    assert len(catalogue.records.products) == 1


def test_a_product_for_persons_and_businesses_is_taken(tmp_path):
    """A sole trader is both."""
    both = [{"eligibilityType": "NATURAL_PERSON"}, {"eligibilityType": "BUSINESS"}]
    assert read_one(tmp_path, eligibility=both).criteria == ()


def test_an_overdraft_that_speaks_of_firms_is_taken(tmp_path):
    """The words stand in for the missing eligibility."""
    product = read_one(tmp_path, productCategory="OVERDRAFTS", description="For working capital.")
    assert product.repayment == {Repayment.REVOLVING}


def test_a_product_published_twice_is_refused_the_second_time(tmp_path):
    """The first stands; the same id of another brand is another product."""
    other = line_of({"dataHolderBrandId": "b-2", "dataHolderBrandName": "Second Bank"})
    catalogue = read_lines(tmp_path, line_of(), line_of(name="Again"), other)
    assert [p.product_id for p in catalogue.records.products] == [
        "first-bank-p1",
        "second-bank-p1",
    ]
    assert catalogue.refused[0].reason.en == "line 1 already has this id of the same brand"
    assert any("may be one institution" in n.en for n in catalogue.notes)


@pytest.mark.parametrize("rate", ["", "0.0", "0", "-0.05", "6.5", "on application", "9" * 60])
def test_a_rate_that_is_none_is_unknown_and_noted(tmp_path, rate):
    """A percentage is not guessed out of a number above 1."""
    rates = [{"lendingRateType": "VARIABLE", "rate": rate}]
    catalogue = read_lines(tmp_path, line_of(lendingRates=rates))
    assert catalogue.records.products[0].rate is None
    told = f"first-bank-p1: published rate '{rate}' taken as unknown"
    assert notes_on(catalogue, "first-bank-p1") == [told]


def test_only_offers_make_the_range_of_rates(tmp_path):
    """Penalties, discounts and introductory rates are no offers; a number is as good as text."""
    rates = [
        {"lendingRateType": "PENALTY", "rate": "0.03"},
        {"lendingRateType": "DISCOUNT", "rate": "0.02"},
        {"lendingRateType": "INTRODUCTORY", "rate": "0.01"},
        {"lendingRateType": "VARIABLE", "rate": "0.19", "additionalInfo": "Unarranged rate"},
        {"lendingRateType": "FIXED", "rate": 0.06, "additionalValue": "P1Y"},
        {
            "lendingRateType": "VARIABLE",
            "rate": "0.07",
            "repaymentType": "PRINCIPAL_AND_INTEREST",
        },
    ]
    product = read_one(tmp_path, lendingRates=rates)
    assert (product.rate, product.rate_max) == (Decimal("0.06"), Decimal("0.07"))
    assert (product.term_min_months, product.term_max_months) == (None, None)
    assert product.repayment == {Repayment.INSTALMENTS}


def test_a_margin_on_top_of_the_rate_is_noted(tmp_path):
    """The base rate is taken as published, and people are told."""
    rates = [{"lendingRateType": "VARIABLE", "rate": "0.07", "additionalInfo": "A margin is added"}]
    catalogue = read_lines(tmp_path, line_of(lendingRates=rates))
    assert "a margin may come on top" in notes_on(catalogue, "first-bank-p1")[0]


def test_the_largest_upfront_fee_of_setting_up_counts_and_the_rest_are_words(tmp_path):
    """Alternatives are not added up; fees of events and of other currencies stay out."""
    fees = [
        {"feeType": "UPFRONT", "name": "Establishment fee", "amount": "600.00"},
        {"feeType": "UPFRONT", "name": "Settlement fee", "amount": "180"},
        {"feeType": "UPFRONT", "name": "Application fee", "transactionRate": "0.005"},
        {"feeType": "UPFRONT", "name": "Application fee", "amount": "900", "currency": "USD"},
        {"feeType": "UPFRONT", "name": "Late payment fee", "amount": "5000"},
        {"feeType": "UPFRONT", "name": "Documentation", "amount": "0.00"},
        {"feeType": "EXIT", "name": "Discharge application", "amount": "7000"},
    ]
    product = read_one(tmp_path, fees=fees)
    assert (product.fee_fixed_fen, product.fee_once_rate) == (60_000, Decimal("0.005"))
    assert product.note == (
        "Fees not in the cost: Settlement fee 180; Application fee USD 900; Late payment fee 5000."
    )


def test_a_periodic_fee_is_a_yearly_rate_or_words(tmp_path):
    """A fixed monthly fee has no field; a share of another period is not guessed."""
    fees = [
        {
            "feeType": "PERIODIC",
            "name": "Line",
            "balanceRate": "0.012",
            "additionalValue": "P1M",
        },
        {
            "feeType": "PERIODIC",
            "name": "Half",
            "balanceRate": "0.015",
            "additionalValue": "P6M",
        },
        {"feeType": "PERIODIC", "name": "Account", "amount": "15.00", "additionalValue": "P1M"},
    ]
    product = read_one(tmp_path, fees=fees)
    assert product.fee_yearly_rate == Decimal("0.012")
    assert product.note == "Fees not in the cost: Half 0.015 P6M; Account 15.00 P1M."


@pytest.mark.parametrize("value", ["", "ask us", "-5", "9" * 39])
def test_a_limit_that_is_none_is_unknown_and_noted(tmp_path, value):
    """An upper limit that cannot be read does not become one."""
    limits = [{"constraintType": "MAX_LIMIT", "additionalValue": value}]
    catalogue = read_lines(tmp_path, line_of(constraints=limits))
    assert catalogue.records.products[0].amount_max_fen is None
    assert len(notes_on(catalogue, "first-bank-p1")) == 1


def test_balances_are_no_limits_and_an_upper_limit_of_zero_is_unknown(tmp_path):
    """MIN_BALANCE and MAX_BALANCE belong to the account."""
    limits = [
        {"constraintType": "MIN_BALANCE", "additionalValue": "500"},
        {"constraintType": "MAX_BALANCE", "additionalValue": "900"},
        {"constraintType": "MAX_LIMIT", "additionalValue": "0.00"},
    ]
    product = read_one(tmp_path, constraints=limits)
    assert (product.amount_min_fen, product.amount_max_fen) == (None, None)


def test_amounts_are_converted_at_the_given_rate(tmp_path):
    """Limits, fees and turnover share one rate; a fen is the finest unit."""
    line = line_of(
        constraints=[{"constraintType": "MIN_LIMIT", "additionalValue": "20,000"}],
        fees=[{"feeType": "UPFRONT", "name": "Application", "amount": "14.18"}],
        eligibility=[{"eligibilityType": "MIN_TURNOVER", "additionalValue": "75000.00"}],
    )
    catalogue = read_lines(tmp_path, line, exchange_rate=Decimal("4.735"))
    (product,) = catalogue.records.products
    assert (product.amount_min_fen, product.fee_fixed_fen) == (9_470_000, 6_714)
    assert product.criteria == (Range("revenue", low=35_512_500),)
    assert "at 4.735" in catalogue.notes[0].en
    assert "as they stand" in read_lines(tmp_path, line).notes[0].en


@pytest.mark.parametrize("rate", ["0", "-1", "NaN", "Infinity", "1e9"])
def test_an_exchange_rate_that_is_none_is_refused(tmp_path, rate):
    """It has to be a number above zero."""
    with pytest.raises(InputError) as caught:
        read_lines(tmp_path, line_of(), exchange_rate=Decimal(rate))
    assert caught.value.faults[0].field == "exchange_rate"


def test_words_of_eligibility_keep_their_type_and_are_not_repeated(tmp_path):
    """What has no words and no value asks nothing more than its name."""
    clauses = [
        {"eligibilityType": "MIN_AGE", "additionalValue": "18"},
        {"eligibilityType": "BUSINESS", "additionalInfo": ""},
        {
            "eligibilityType": "RESIDENCY_STATUS",
            "additionalValue": "Y",
            "additionalInfo": "Resident",
        },
        {"eligibilityType": "OTHER", "additionalValue": "Likely:", "additionalInfo": "No arrears"},
        {"eligibilityType": "OTHER", "additionalInfo": " An ABN "},
        {"eligibilityType": "OTHER", "additionalInfo": "An ABN"},
        {"eligibilityType": "MIN_TURNOVER", "additionalValue": "some"},
    ]
    assert prose_of(read_one(tmp_path, eligibility=clauses)) == [
        "Minimum age: 18",
        "Residency: Resident",
        "Likely: No arrears",
        "An ABN",
        "Minimum turnover: some",
    ]


@pytest.mark.parametrize(
    ("fields", "asks"),
    [
        ({"name": "Secured Business Loan"}, True),
        ({"name": "Unsecured Business Loan", "description": "No property needed"}, False),
        ({"name": "Secured or Unsecured Loan"}, True),
        ({"description": "A mortgage is taken."}, True),
        ({"constraints": [{"constraintType": "MAX_LIMIT", "additionalInfo": "LVR 75%"}]}, True),
        ({"name": "Quick Loan"}, False),
    ],
)
def test_security_in_words_makes_a_condition_in_words(tmp_path, fields, asks):
    """No field states collateral; a product is not silently called unsecured."""
    product = read_one(tmp_path, **fields)
    assert (SECURITY in product.criteria) is asks
    assert product.collateral == ()


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("9999-12-31T00:00:00Z", None),
        ("2999-12-30T13:00:00.000Z", None),
        ("2030-12-31T13:59:59.00000Z", date(2030, 12, 31)),
        ("2030-12-31", date(2030, 12, 31)),
        ("until further notice", None),
        ("0001-01-01T00:00:00+14:00", None),
    ],
)
def test_a_last_day_is_read_or_open(tmp_path, written, read):
    """Years far ahead mean that there is no last day."""
    catalogue = read_lines(tmp_path, line_of(effectiveTo=written))
    assert catalogue.records.products[0].valid_to == read
    is_noted = bool(notes_on(catalogue, "first-bank-p1"))
    assert is_noted is (read is None and written[0] not in "29")


def test_a_brand_without_a_name_takes_the_one_of_its_product(tmp_path):
    """And a note says so."""
    catalogue = read_lines(tmp_path, line_of({"dataHolderBrandName": None}, brandName="Own Name"))
    assert catalogue.records.institutions[0].name == "Own Name"
    assert any(n.en.startswith("Own Name: the holder gives no name") for n in catalogue.notes)


def test_ids_that_would_clash_or_run_too_long_end_in_a_hash(tmp_path):
    """Two brands of one name, two products whose ids differ by a sign, one very long id."""
    catalogue = read_lines(
        tmp_path,
        line_of(productId="A_1"),
        line_of(productId="A-1"),
        line_of(productId="X" * 200),
        line_of({"dataHolderBrandId": "b-2"}, productId="€"),
    )
    ids = [p.product_id for p in catalogue.records.products]
    assert len(set(ids)) == 4
    assert all(len(i) <= 64 and not any(c.isspace() for c in i) for i in ids)
    assert len({i.institution_id for i in catalogue.records.institutions}) == 2
    catalogue.records.require_sound()


# --- files that are broken


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("{not json", None),
        (json.dumps(line_of())[:40], None),
        ('"text"', None),
        ("[" * 100_000, None),
        ('{"product": NaN}', None),
        (json.dumps(line_of(name="half a character: \ud800")), None),
        (line_of({"product": None}), "product"),
        (line_of({"product": []}), "product"),
        (line_of({"dataHolderBrandId": None}), "dataHolderBrandId"),
        (line_of({"dataHolderBrandName": None}, brand=None), "dataHolderBrandName"),
        (line_of(productId=None), "product.productId"),
        (line_of(productId=17), "product.productId"),
        (line_of(name=" "), "product.name"),
        (line_of(productCategory=1), "product.productCategory"),
        (line_of(effectiveFrom=20240101), "product.effectiveFrom"),
        (line_of(eligibility="none"), "product.eligibility"),
        (line_of(fees=[1]), "product.fees[0]"),
        (line_of(fees=[{}, {"amount": [5]}]), "product.fees[1].amount"),
        (line_of(lendingRates=[{"rate": True}]), "product.lendingRates[0].rate"),
        (line_of(lendingRates=[{"tiers": [{"name": 5}]}]), "product.lendingRates[0].tiers[0].name"),
        (
            line_of(constraints=[{"additionalValue": {}}]),
            "product.constraints[0].additionalValue",
        ),
    ],
)
def test_a_malformed_line_is_one_fault_with_its_place(tmp_path, line, column):
    """File, line and field are named, with what stands there and what should."""
    with pytest.raises(InputError) as caught:
        read_lines(tmp_path, line_of(), line)
    (fault,) = caught.value.faults
    assert (fault.file, fault.row, fault.column) == ("products.jsonl", 2, column)
    assert fault.expected is not None


def test_every_fault_of_every_line_is_told_at_once(tmp_path):
    """Nothing is taken from a broken file."""
    bad = line_of(name=None, fees=7, eligibility=[{"additionalInfo": 3}])
    with pytest.raises(InputError) as caught:
        read_lines(tmp_path, bad, line_of(), "{", bad)
    places = [(fault.row, fault.column) for fault in caught.value.faults]
    columns = ["product.name", "product.eligibility[0].additionalInfo", "product.fees"]
    assert places == [(1, c) for c in columns] + [(3, None)] + [(4, c) for c in columns]


def test_a_missing_and_an_empty_file_are_input_errors(tmp_path):
    """An empty catalogue is a slip, not a market without products."""
    empty = tmp_path / "empty.jsonl"
    empty.write_text("\n \n", "utf-8")
    for path in (empty, tmp_path / "absent.jsonl", tmp_path):
        with pytest.raises(InputError):
            read_cdr(path)


def test_marks_and_blank_lines_of_editors_do_no_harm(tmp_path):
    """A byte order mark, blank lines and Windows line ends are read over; rows still count."""
    path = tmp_path / "products.jsonl"
    second = json.dumps(line_of(productId="P2", productCategory="LEASES"))
    path.write_bytes(b"\xef\xbb\xbf" + f"{json.dumps(line_of())}\r\n\r\n{second}\r\n".encode())
    assert len(read_cdr(path).records.products) == 2


# --- chance

ODD: list[Any] = [
    None, "", " ", "abc", "-1", "20,000", "1e99", "9" * 5000, "万" * 40, "三百五十万", "5%", "NaN",
    "\u0000", "\ud800", "2024-13-01", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z",
    0, -1, 10**30, 1e-300, 1.5e300, True, [], {}, [None], [[]], [{}], {"a": []},
    "BUSINESS", "OVERDRAFTS", "LEASES", "UPFRONT", "PERIODIC", "P1M", "MIN_LIMIT", "MAX_LIMIT",
]  # fmt: skip


def places_of(value: Any) -> list[tuple[Any, Any]]:
    """Return (container, key) of every place inside a JSON value."""
    keys = list(value) if isinstance(value, dict) else range(len(value))
    found = [(value, key) for key in keys]
    for container, key in list(found):
        if isinstance(container[key], dict | list):
            found += places_of(container[key])
    return found


def mutate(line: dict[str, Any], rng: random.Random) -> bytes:
    """Return the line with a few values, keys or bytes changed by chance."""
    line = copy.deepcopy(line)
    for _ in range(rng.randint(1, 3)):
        container, key = rng.choice(places_of(line))
        like = type(container[key]) if rng.random() < 0.8 else object
        if rng.random() < 0.2:
            del container[key]
        else:
            container[key] = copy.deepcopy(rng.choice([v for v in ODD if isinstance(v, like)]))
    written = bytearray(json.dumps(line).encode())
    for _ in range(rng.choice([0] * 9 + [1, 5])):
        written[rng.randrange(len(written))] = rng.randrange(256)
    return bytes(written[: rng.randrange(len(written))] if rng.random() < 0.05 else written)


FULL = line_of(
    effectiveFrom="2020-01-01T00:00:00Z",
    effectiveTo="2030-01-01T00:00:00Z",
    description="For firms",
    eligibility=[
        {"eligibilityType": "MIN_TURNOVER", "additionalValue": "75000"},
        {"eligibilityType": "BUSINESS", "additionalInfo": "An ABN"},
    ],
    constraints=[
        {"constraintType": "MIN_LIMIT", "additionalValue": "1000"},
        {"constraintType": "MAX_LIMIT", "additionalValue": "9000", "additionalInfo": "LVR 75%"},
    ],
    features=[{"featureType": "REDRAW"}],
    fees=[
        {"feeType": "UPFRONT", "name": "Application", "amount": "600", "currency": "AUD"},
        {"feeType": "PERIODIC", "name": "Line", "balanceRate": "0.01", "additionalValue": "P1M"},
    ],
    lendingRates=[
        {"lendingRateType": "VARIABLE", "rate": "0.08", "tiers": [{"name": "All"}]},
        {"lendingRateType": "FIXED", "rate": "0.07", "additionalInfo": "Margin"},
    ],
)


@pytest.mark.parametrize("seed", range(5))
def test_whatever_is_changed_a_line_is_read_refused_or_an_input_error(tmp_path, seed):
    """No other exception escapes, and what is read is sound and complete."""
    rng = random.Random(seed)
    path = tmp_path / "products.jsonl"
    outcomes: Counter[str] = Counter()
    for _ in range(300):
        path.write_bytes(mutate(FULL, rng))
        try:
            catalogue = read_cdr(path, Decimal("4.7"))
        except InputError as error:
            outcomes["error"] += 1
            outcomes["placeless"] += any(fault.file != path.name for fault in error.faults)
            continue
        outcomes["read" if catalogue.records.products else "refused"] += 1
        assert len(catalogue.records.products) + len(catalogue.refused) >= 1
    assert outcomes["placeless"] == 0
    assert min(outcomes["error"], outcomes["read"], outcomes["refused"]) > 0
