"""Plans of packages, supports from budgets and funds whose money comes back, whole and forged."""

import copy
import hashlib
import json
import random
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.files.plan_json import plan_bytes, plan_document
from matcher.services.planning import market_bytes
from matcher.verify.plan_file import verify_plan
from tests.package_examples import package_market, package_plan
from tests.planning_examples import INPUTS
from tests.verify.corruptions import JSON, corrupted, places, sealed

NUM_SEEDS = 100


@cache
def package_bytes() -> bytes:
    """Return the plan file of the example, which records the hash of its market."""
    content = market_bytes(package_market())
    inputs = replace(INPUTS, market_sha256=hashlib.sha256(content).hexdigest())
    return plan_bytes(plan_document(package_plan(), inputs))


def example() -> dict:
    """Return a fresh copy of the example's document."""
    return json.loads(package_bytes())


def codes(document: dict, *, with_market: bool = True) -> set[str]:
    """Return the codes of what is found beside the market, or in the file alone."""
    content = sealed(document)
    if not with_market:
        return {finding.code for finding in verify_plan(content)}
    with TemporaryDirectory() as folder:
        file = Path(folder) / "market.json"
        file.write_bytes(market_bytes(package_market()))
        return {finding.code for finding in verify_plan(content, [file])}


def edge_of(document: dict, need: str, product: str, *claims: str) -> int:
    """Return the offer of a pair that claims exactly these policies."""
    problem = document["problem"]
    policies = [p["id"] for p in problem["policies"]]
    table = problem["claims"]
    for edge in range(len(problem["edges"]["need"])):
        mine = [
            policies[k] for e, k in zip(table["edge"], table["policy"], strict=True) if e == edge
        ]
        pair = [
            problem[name][problem["edges"][key][edge]]["id"]
            for name, key in (("needs", "need"), ("products", "product"))
        ]
        if pair == [need, product] and sorted(mine) == sorted(claims):
            return edge
    raise LookupError((need, product, claims))


def row_of(document: dict, identity: str, day: str | None = None) -> dict:
    """Return a pool of the problem."""
    return next(p for p in document["problem"]["pools"] if (p["id"], p["day"]) == (identity, day))


# --- sound files ------------------------------------------------------------------------------


def test_a_plan_of_packages_holds_alone_and_beside_its_market():
    """It has companions, claims, offers side by side, pools by day and queues."""
    document = example()
    assert codes(document, with_market=False) == codes(document) == set()
    assert [len(m["companions"]) for m in document["matches"]] == [1, 1, 2, 0, 0]
    assert [len(m["claims"]) for m in document["matches"]] == [3, 2, 1, 0, 0]
    assert document["counts"]["offers"] > document["counts"]["eligible_pairs"]
    assert {p["day"] for p in document["problem"]["pools"]} > {None}
    assert [u["queued"] and u["queued"]["position"] for u in document["unmatched"]] == [1, 2, None]


@pytest.mark.parametrize("method", ["greedy", "milp"])
def test_plans_of_every_method_hold(method):
    """The baseline too leaves the dearer offer of a pair, and draws what it claims."""
    document = plan_document(package_plan(method=method), replace(INPUTS, method=method))
    assert codes(document, with_market=False) == set()


def test_a_market_without_lpr_has_a_product_whose_cost_is_not_known():
    """It may be matched all the same, and nothing is claimed where no cost is known."""
    document = example()
    lpr = {e["id"]: i for i, e in enumerate(document["problem"]["products"])}["P3"]
    assert lpr in document["problem"]["edges"]["product"]
    assert all(m["all_in_low"] is not None for m in document["matches"])


# --- every value matters ----------------------------------------------------------------------


def new_places(document: dict) -> list[tuple]:
    """Return every leaf of what packages, policies and pools in time brought into the file."""
    problem = document["problem"]
    parts = [
        *(match[key] for match in document["matches"] for key in ("companions", "claims")),
        *(item[key] for item in document["unmatched"] for key in ("queued", "blocking")),
        *(product["parts"] for product in problem["products"]),
        problem["policies"],
        problem["pools"],
        problem["claims"],
    ]
    found = [place for part in parts if part for place in places(part)]
    found += [(use, "day") for use in document["pools_use"]]
    return [(c, k) for c, k in found if not isinstance(c[k], dict | list)]


def others(value: object) -> list[object]:
    """Return values that might stand in the place of one, of its own type and none."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1, value - 1, value * 2 + 3]
    if isinstance(value, str):
        ids = [x for x in ("P1", "P2", "G1", "F1", "F3", "S1", "S3", "2022-06-03") if x != value]
        return [*ids, value + "x", None]
    return ["F1", "2022-06-02", 7]


@pytest.mark.parametrize("step", range(8))
def test_no_value_of_packages_claims_and_pools_can_be_another(step):
    """Each leaf, one after the other, changed in several ways under a digest that fits."""
    document = example()
    leaves = new_places(document)
    assert len(leaves) > 200
    for container, key in leaves[step::8]:
        kept = container[key]
        for value in others(kept):
            container[key] = value
            assert codes(document), (container, key, kept, value)
        container[key] = kept
    assert codes(document) == set()


@pytest.mark.parametrize("seed", range(NUM_SEEDS))
def test_a_corrupted_file_is_refused(seed):
    """Flipped bytes, lost ends, doubled lines, changed, lost and swapped values are all found."""
    assert verify_plan(corrupted(package_bytes(), random.Random(seed)))


# --- forgeries that agree with themselves -----------------------------------------------------


def support_raised(d):
    """Let a policy pay more than it does, in the offer, the match, the pool and the sums."""
    edge = d["matches"][0]["edge"]
    table = d["problem"]["claims"]
    spot = max(i for i, e in enumerate(table["edge"]) if e == edge)
    table["support_fen"][spot] += 1000
    d["matches"][0]["claims"][-1]["support_fen"] += 1000
    d["counts"]["support_fen"] += 1000
    draw = row_of(d, "F1")["draw"]
    draw["quantity"][draw["edge"].index(edge)] += 1000
    next(u for u in d["pools_use"] if u["id"] == "F1")["used"] += 1000


def expired_policy(d):
    """Claim a policy that has ended in the place of one in force."""
    ended = next(i for i, p in enumerate(d["problem"]["policies"]) if p["id"] == "S3")
    alive = next(i for i, p in enumerate(d["problem"]["policies"]) if p["id"] == "S4")
    table = d["problem"]["claims"]
    table["policy"] = [ended if k == alive else k for k in table["policy"]]
    for match in d["matches"]:
        for claim in (c for c in match["claims"] if c["policy"] == "S4"):
            claim.update(policy="S3", name={"zh": "已到期的降息", "en": "已到期的降息"})


def part_left_out(d):
    """Say that the insurance goes without the guarantee."""
    d["problem"]["products"][3]["parts"] = []
    d["problem"]["products"][2]["parts"] = ["P4"]
    for pool in (p for p in d["problem"]["pools"] if p["id"] in ("P2", "G1")):
        pool["products"] = [0, 1]
    for match in (m for m in d["matches"] if m["product"] == "P3"):
        match["companions"].pop(0)
        for use in (u for u in d["pools_use"] if u["id"] in ("P2", "G1")):
            use["used"] -= 1 if use["unit"] == "count" else match["offered_fen"]


def cheaper(d):
    """Promise a lower cost at both ends."""
    d["matches"][0].update(all_in_low="0.0336183033", all_in_high="0.038")


def as_if_simple(d):
    """Give the plain sum of rates and fees as the cost."""
    match = next(m for m in d["matches"] if m["need"] == "N3")
    match.update(all_in_low="0.0571666666667", all_in_high="0.0606666666667")


def budget_raised(d):
    """Let the budget hold more than the year has left."""
    row_of(d, "F1")["capacity"] += 1
    next(u for u in d["pools_use"] if u["id"] == "F1")["capacity"] += 1


def day_moved(d):
    """Let a day of the fund be the next one, wherever it is named."""
    for item in (*d["problem"]["pools"], *d["pools_use"]):
        if item["day"] == "2022-06-02":
            item["day"] = "2022-06-03"
    for item in d["unmatched"]:
        for row in (r for r in item["blocking"] if r["day"]):
            row["day"] = "2022-06-03"


def day_dropped(d):
    """Leave out the first day of the fund."""
    d["problem"]["pools"].remove(row_of(d, "F3", "2022-05-26"))
    d["pools_use"] = [u for u in d["pools_use"] if u["day"] != "2022-05-26"]


def back_too_soon(d):
    """Have money back before the term is over."""
    draw = row_of(d, "F3", "2022-06-02")["draw"]
    draw["edge"].remove(edge_of(d, "R1", "P5"))


def fund_not_drawn(d):
    """Let an offer draw nothing on its fund on any day."""
    edge = edge_of(d, "R4", "P5")
    for draw in (p["draw"] for p in d["problem"]["pools"] if p["id"] == "F3"):
        draw["edge"].remove(edge)


def one_part_free(d):
    """Let every package with two parts on the risk pool draw for one of them."""
    pool = row_of(d, "F2")
    pool["draw"] = None
    use = next(u for u in d["pools_use"] if u["id"] == "F2")
    use["used"] = sum(m["offered_fen"] for m in d["matches"] if m["product"] in ("P1", "P3"))


def queue_jumped(d):
    """Let the second in the queue be the first."""
    first, second = (u["queued"] for u in d["unmatched"][:2])
    first["position"], second["position"] = 2, 1


def queue_shortened(d):
    """Promise an earlier day."""
    d["unmatched"][0]["queued"]["first_day"] = "2022-06-09"


def queue_left(d):
    """Leave a place in the queue unsaid."""
    d["unmatched"][1]["queued"] = None


def limit_back_home(d):
    """Let the guarantor's quota be that of its own products alone."""
    d["problem"]["institutions"][3]["quota_fen"] = 500_000_000


def more_than_the_smallest_part(d):
    """Offer more than the guarantee gives."""
    edges = d["problem"]["edges"]
    for edge, amount in enumerate(edges["amount_fen"]):
        if edges["need"][edge] == 2:
            edges["amount_fen"][edge] = amount + 1


FORGERIES = [
    support_raised,
    expired_policy,
    part_left_out,
    cheaper,
    as_if_simple,
    budget_raised,
    day_moved,
    day_dropped,
    back_too_soon,
    fund_not_drawn,
    one_part_free,
    queue_jumped,
    queue_shortened,
    queue_left,
    limit_back_home,
    more_than_the_smallest_part,
]


@pytest.mark.parametrize("forge", FORGERIES, ids=lambda f: f.__name__)
def test_what_the_records_contradict_is_refused(forge):
    """Beside the market no forgery stands, however well the file agrees with itself."""
    document = example()
    forge(document)
    assert document != example()
    assert codes(document) & {"market", "queue", "packages"}


def test_one_offer_of_a_pair_at_most_is_chosen():
    """A firm cannot have a loan with the subsidy and without it."""
    document = example()
    document["problem"]["needs"][0]["limit"] = 2
    twin = copy.deepcopy(document["matches"][0])
    twin["edge"] = edge_of(document, "N1", "P1", "S4", "S2")
    document["matches"].insert(1, twin)
    assert {"offers", "one_per_group"} <= codes(document, with_market=False)


def test_two_offers_that_claim_the_same_are_one_too_many():
    """Offers of a pair differ in what they claim."""
    document = example()
    table = document["problem"]["claims"]
    spot = max(i for i, e in enumerate(table["edge"]) if e == 1)
    for column in table.values():
        column.pop(spot)
    draw = row_of(document, "F1")["draw"]
    spot = draw["edge"].index(1)
    draw["edge"].pop(spot)
    draw["quantity"].pop(spot)
    assert "offers" in codes(document, with_market=False)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda d: d["problem"]["products"][2].update(parts=["P4"]), "packages"),
        (lambda d: d["problem"]["products"][1].update(limit=9), "packages"),
        (lambda d: d["problem"]["policies"][1].update(benefit="fee_subsidy"), "claims"),
        (lambda d: row_of(d, "F1")["draw"]["quantity"].__setitem__(0, 7), "draws"),
        (lambda d: row_of(d, "F2")["draw"]["quantity"].__setitem__(0, 500_000_000), "draws"),
        (lambda d: row_of(d, "F1").update(day="2022-05-25"), "pools_use"),
        (lambda d: row_of(d, "F3", "2022-06-02").update(day=None), "order"),
        (lambda d: d["problem"]["claims"]["policy"].__setitem__(0, 9), "reference"),
        (lambda d: d["problem"]["claims"]["edge"].reverse(), "order"),
        (lambda d: d["problem"]["claims"]["edge"].pop(), "reference"),
        (lambda d: d["matches"][0]["companions"].clear(), "match"),
        (lambda d: d["matches"][0]["claims"].pop(), "match"),
        (lambda d: d["matches"][2]["companions"].reverse(), "match"),
        (lambda d: d["matches"][1]["companions"][0].update(approval_follows=False), "agreement"),
        (lambda d: d["unmatched"][0]["queued"].update(position=2), "queue"),
        (lambda d: d["unmatched"][2].update(queued=d["unmatched"][0]["queued"]), "queue"),
        (lambda d: d["counts"].update(support_fen=0), "counts"),
    ],
)
def test_what_the_file_itself_contradicts_needs_no_market(change, code):
    """Packages that are not closed, draws that nothing explains, places that two hold."""
    document = example()
    change(document)
    assert code in codes(document, with_market=False)


# --- whatever stands in the files -------------------------------------------------------------


@settings(max_examples=150, deadline=None, database=None)
@given(st.data())
def test_no_market_makes_the_verifier_raise(data):
    """Rates of nearly nothing, terms without end and days that are none get findings at most."""
    document, market = example(), json.loads(market_bytes(package_market()))
    odd = st.sampled_from(["1E-99", "999999999.9", "0", 10**18, 600, "9999-12-31", "0001-01-01"])
    spots = st.lists(st.sampled_from(places(market)), min_size=1, max_size=4)
    for container, key in data.draw(spots):
        container[key] = data.draw(JSON | odd)
    forged = json.dumps(market).encode()
    document["input"]["market_sha256"] = hashlib.sha256(forged).hexdigest()
    with TemporaryDirectory() as folder:
        file = Path(folder) / "market.json"
        file.write_bytes(forged)
        assert isinstance(verify_plan(sealed(document), [file]), list)


@settings(max_examples=150, deadline=None, database=None)
@given(st.data())
def test_no_plan_makes_the_verifier_raise(data):
    """Numbers and days of any size reach the arithmetic of pools, supports and queues."""
    document = example()
    leaves = [p for p in places(document) if type(p[0][p[1]]) in (int, float, str)]
    odd = st.sampled_from([0, 1, 2**63 - 1, 2**63, "9999-12-31", "0001-01-01", "9" * 30, None])
    for container, key in data.draw(st.lists(st.sampled_from(leaves), min_size=1, max_size=6)):
        container[key] = data.draw(odd)
    assert isinstance(codes(document), set)
