"""Packages, policies, pools in time and queues in the plan file and in the workbook."""

import io
from datetime import datetime
from functools import cache

import pytest
from openpyxl import load_workbook

from matcher.domain.text import Lang
from matcher.files.plan_excel import workbook_bytes
from matcher.files.plan_json import plan_bytes, plan_document
from tests.package_examples import WAN, match_of, package_plan
from tests.planning_examples import INPUTS, example_plan


@cache
def document() -> dict:
    """Return the example's plan as JSON values."""
    return plan_document(package_plan(), INPUTS)


@cache
def book(lang=Lang.ZH):
    """Return the example's workbook, read back."""
    return load_workbook(io.BytesIO(workbook_bytes(package_plan(), INPUTS, lang)))


def rows(sheet):
    """Return a sheet's rows as dicts by header."""
    header, *body = sheet.iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in body]


# --- plan.json --------------------------------------------------------------------------------


def test_a_match_names_what_goes_with_it_and_the_policies_it_counts_on():
    """The guarantee with its institution; each policy with the most that it pays and its budget."""
    first = document()["matches"][0]
    (part,) = first["companions"]
    assert (part["product"], part["institution"]) == ("P2", "G1")
    assert part["institution_name"] == {"zh": "示例担保", "en": "Example Guarantor"}
    assert part["approval_follows"] is True
    claims = [(c["policy"], c["benefit"], c["support_fen"], c["pool"]) for c in first["claims"]]
    assert claims == [
        ("S4", "rate_cut", 200_000, None),
        ("S2", "interest_subsidy", 700_000, None),
        ("S1", "fee_subsidy", 600_000, "F1"),
    ]


def test_the_budget_supports_one_need_of_two():
    """The subsidy of 6,000 yuan fits once into 9,000; the other firm pays the whole fee."""
    matches = {m["need"]: m for m in document()["matches"]}
    claimed = [n for n in ("N1", "N2") if any(c["pool"] for c in matches[n]["claims"])]
    assert len(claimed) == 1
    (use,) = [u for u in document()["pools_use"] if u["id"] == "F1"]
    assert (use["capacity"], use["used"]) == (900_000, 600_000)
    dear, cheap = sorted((matches["N1"], matches["N2"]), key=lambda m: float(m["all_in_low"]))[::-1]
    assert float(dear["all_in_low"]) - float(cheap["all_in_low"]) == pytest.approx(0.006, rel=0.01)


def test_who_waits_for_a_fund_is_told_place_and_day():
    """Fifty million and five that come back serve two requests of twenty; two wait in order."""
    places = {u["need"]: u["queued"] for u in document()["unmatched"]}
    assert [places[n]["position"] for n in ("R3", "R4")] == [1, 2]
    assert places["R3"]["pool"] == "F3"
    assert places["R3"]["left_fen"] == 1500 * WAN
    assert places["R3"]["first_day"] < places["R4"]["first_day"]
    assert places["R9"] is None


def test_a_fund_has_a_row_for_each_day_on_which_money_goes_out():
    """Its capacity grows by what has come back."""
    found = [(u["day"], u["capacity"]) for u in document()["pools_use"] if u["id"] == "F3"]
    assert found == [("2022-05-26", 5000 * WAN), ("2022-06-02", 5500 * WAN)]
    assert [r["day"] for r in document()["unmatched"][0]["blocking"]] == ["2022-06-02"]


def test_draws_are_spelt_out_only_where_they_have_to_be():
    """A budget pays its supports, two parts draw twice, and a fund lends the amounts offered."""
    pools = {(p["id"], p["day"]): p["draw"] for p in document()["problem"]["pools"]}
    assert pools["F1", None]["quantity"] == [600_000] * 4 + [1_201_551]
    assert set(pools["F2", None]["quantity"]) == {100 * WAN, 200 * WAN}
    assert pools["F3", "2022-05-26"]["quantity"] is None
    assert len(pools["F3", "2022-05-26"]["edge"]) < len(pools["F3", "2022-06-02"]["edge"])


def test_limits_that_packages_share_stand_among_the_pools():
    """The guarantor's quota is drawn on by the banks' loans and is no limit of its own products."""
    problem = document()["problem"]
    assert [i["quota_fen"] for i in problem["institutions"] if i["id"] == "G1"] == [None]
    shared = {(p["kind"], p["id"]): p for p in problem["pools"]}
    assert shared["group_quota", "G1"]["capacity"] == 500 * WAN
    assert shared["group_quota", "G1"]["products"] == [0, 1, 2, 3]
    assert shared["group_quota", "G1"]["draw"] is None
    assert [p["parts"] for p in problem["products"]][:3] == [["P2"], [], ["P2", "P4"]]


def test_pairs_are_counted_once_and_offers_each():
    """A pair with the subsidy and without it is one pair and two offers."""
    counts = document()["counts"]
    edges = document()["problem"]["edges"]
    pairs = set(zip(edges["need"], edges["product"], strict=True))
    assert (counts["eligible_pairs"], counts["offers"]) == (len(pairs), len(edges["need"]))
    assert len(pairs) < len(edges["need"])
    assert counts["packages"] == 3
    assert counts["support_fen"] == sum(m.support_fen for m in package_plan().matches)


def test_a_market_without_packages_says_little_of_them():
    """Empty lists and nulls, no column of zeros."""
    plain = plan_document(example_plan(), INPUTS)
    assert plain["problem"]["claims"] == {"edge": [], "policy": [], "support_fen": []}
    assert plain["problem"]["policies"] == []
    assert all(p["draw"] is None and p["day"] is None for p in plain["problem"]["pools"])
    assert all(m["companions"] == m["claims"] == [] for m in plain["matches"])


def test_the_same_plan_gives_the_same_bytes():
    """Planning packages twice gives one file, and one workbook."""
    assert plan_bytes(plan_document(package_plan(), INPUTS)) == plan_bytes(document())
    assert workbook_bytes(package_plan(), INPUTS) == workbook_bytes(package_plan(), INPUTS)


# --- plan.xlsx --------------------------------------------------------------------------------


def test_matches_show_what_goes_with_a_product_and_what_policies_pay():
    """Each part with its institution, each policy with its amount, the sum in 万元 or yuan."""
    first = rows(book()["匹配"])[0]
    assert first["组合"] == "示例担保 · 见贷即保（随主产品获批）"
    assert first["政策支持"] == "利率优惠 2,000元\n贷款贴息 7,000元\n担保费补贴 6,000元"
    assert first["政策支持合计（万元）"] == 1.5
    assert rows(book()["匹配"])[3]["政策支持合计（万元）"] is None
    english = rows(book(Lang.EN)["Matches"])
    assert english[2]["Goes with"].split("\n")[1] == "Example Insurer, Credit insurance"
    assert english[0]["Support in all (yuan)"] == 15_000


def test_a_bank_sees_the_parts_and_policies_of_its_own_leads():
    """The guarantor whom it has to ask is named on its sheet, other banks are not."""
    sheet = rows(book()["示例银行"])
    assert sheet[0]["组合"].startswith("示例担保")
    assert sheet[0]["政策支持"].startswith("利率优惠")
    words = "\n".join(str(v) for row in sheet for v in row.values())
    assert "第二银行" not in words


def test_the_unmatched_see_their_place_and_day():
    """The fund by its name, the place as a number, the day as a date."""
    found = {row["需求编号"]: row for row in rows(book()["未匹配"])}
    place = package_plan().unmatched[0].queued
    assert place is not None
    assert found["R3"]["排队的资金池"] == "转贷基金"
    assert found["R3"]["排队位次"] == 1
    assert found["R3"]["最早可放款日"] == datetime.combine(place.first_day, datetime.min.time())
    assert found["R9"]["排队位次"] is None


def test_pools_have_a_day_where_they_are_scarce_by_the_day():
    """Others have none."""
    found = [(row["编号"], row["日期"]) for row in rows(book()["资源池"])]
    assert ("F3", datetime(2022, 5, 26)) in found
    assert ("F1", None) in found


def test_the_overview_sums_up_packages_and_policies():
    """And says nothing of them where there are none."""
    told = dict(book()["概览"].iter_rows(values_only=True, min_row=2))
    assert told["组合"].startswith("3 条匹配含担保")
    assert "3 条匹配的成本已计入政策支持" in told["政策支持"]
    plain = load_workbook(io.BytesIO(workbook_bytes(example_plan(), INPUTS)))["概览"]
    assert "组合" not in dict(plain.iter_rows(values_only=True))


@pytest.mark.parametrize("lang", Lang)
def test_no_cell_of_a_package_is_cut_off(lang):
    """Rows are as high as their lines, columns as wide as their numbers."""
    for sheet in book(lang).worksheets[1:]:
        for cells in sheet.iter_rows(min_row=2):
            lines = max(str(cell.value or "").count("\n") + 1 for cell in cells)
            assert sheet.row_dimensions[cells[0].row].height >= 15 * lines


def test_the_costs_in_both_are_those_after_the_claims():
    """The workbook shows the very cost of the plan."""
    match = match_of(package_plan(), "N1")
    assert rows(book()["匹配"])[0]["综合年成本（最低）"] == pytest.approx(float(match.all_in_low))
    assert document()["matches"][0]["all_in_low"] == "0.0336183033102"
