import copy
import hashlib
import json
import random
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.files.plan_json import PlanInputs, plan_bytes, plan_document
from matcher.planning.encode import Fixings
from matcher.planning.make import make_plan
from matcher.scoring.weights import default_weights
from matcher.services.planning import market_bytes
from matcher.verify.plan_file import verify_plan
from tests.planning_examples import FIXINGS, INPUTS, example_market, example_plan
from tests.strategies import markets
from tests.verify.corruptions import JSON, corrupted, places, sealed

NUM_SEEDS = 200
BAD_BYTES = [
    b"",
    b"\xff\xfe",
    b"null",
    b"[]",
    b"[" * 100_000,
    b'{"format": "yinqi-plan/2", "format": "yinqi-plan/2"}',
    b'{"format": "yinqi-plan/2", "gap": NaN}',
    b'{"format": "yinqi-plan/2", "gap": 1e999}',
    b'{"format": "yinqi-plan/2", "gap": ' + b"9" * 5000 + b"}",
    b'{"format": "yinqi-plan/2", "gap": "\\ud800"}',
    b'{"format": "yinqi-plan/1"}',
    b'{"format": ["yinqi-plan/2"]}',
    b"\xef\xbb\xbf{}",
]


@cache
def example_bytes() -> bytes:
    """Return the plan file of the example."""
    return plan_bytes(plan_document(example_plan(), INPUTS))


def example() -> dict:
    """Return a fresh copy of the example's document."""
    return json.loads(example_bytes())


def codes(content: bytes) -> set[str]:
    """Return the codes of what is found."""
    return {finding.code for finding in verify_plan(content)}


# --- sound files ------------------------------------------------------------------------------


def test_a_plan_as_written_holds():
    """The example, with pins, bans, pools and every kind of unmatched need, has no finding."""
    document = example()
    assert verify_plan(example_bytes()) == []
    assert {u["kind"] for u in document["unmatched"]} == {
        "not_eligible",
        "no_contacts",
        "banned",
        "outbid",
    }
    assert any(match["pinned"] for match in document["matches"])


@pytest.mark.parametrize("method", ["greedy", "milp"])
def test_plans_of_every_method_hold(method):
    """Greedy's plans with their wide gap hold as well as proved ones."""
    plan = example_plan(method=method)
    inputs = PlanInputs((), "b" * 64, method=method)
    assert verify_plan(plan_bytes(plan_document(plan, inputs))) == []


def test_a_round_whose_pins_break_a_limit_holds():
    """A file may say that no plan exists, and then says so of every need that has offers."""
    pins = Fixings(pins=frozenset({("N1", "P1"), ("N1", "P3")}))
    document = plan_document(example_plan(fixings=pins), INPUTS)
    assert document["solver"]["status"] == "infeasible"
    assert verify_plan(plan_bytes(document)) == []


def test_a_file_is_read_from_its_path(tmp_path):
    """A path does as well as bytes; one that leads nowhere is a finding."""
    file = tmp_path / "plan.json"
    file.write_bytes(example_bytes())
    assert verify_plan(file) == []
    assert [f.code for f in verify_plan(tmp_path / "none.json")] == ["file"]
    assert [f.code for f in verify_plan(tmp_path)] == ["file"]
    assert [f.code for f in verify_plan("a\0b")] == ["file"]


# --- the market's files -----------------------------------------------------------------------


@pytest.fixture
def on_file(tmp_path):
    """Return a plan made from a file, and that file."""
    file = tmp_path / "market.xlsx"
    file.write_bytes(b"the market")
    document = example()
    digest = hashlib.sha256(b"the market").hexdigest()
    document["input"]["files"] = [{"name": "market.xlsx", "sha256": digest, "bytes": 10}]
    return sealed(document), file


def test_the_files_of_the_market_are_recognised(on_file):
    """The very files hold, named one by one or as the folder that holds them."""
    content, file = on_file
    (file.parent / "other.txt").write_text("not part of it")
    assert verify_plan(content, [file]) == []
    assert verify_plan(content, [file.parent]) == []


def test_another_file_under_the_same_name_is_refused(on_file):
    """One changed byte in the market's file is found."""
    content, file = on_file
    file.write_bytes(b"the markets"[:-1].upper())
    assert [f.code for f in verify_plan(content, [file])] == ["input_file", "input_file"]


def test_a_missing_or_an_extra_file_is_refused(on_file, tmp_path):
    """Every file must be given, and no other."""
    content, file = on_file
    extra = tmp_path / "extra.csv"
    extra.write_text("x")
    assert [f.code for f in verify_plan(content, [file, extra])] == ["input_file"]
    assert {f.code for f in verify_plan(content, [tmp_path / "none.xlsx"])} == {"input_file"}


def with_market(market, **changes) -> tuple[dict, bytes]:
    """Return a market's plan that records its hash, and the market in canonical form."""
    content = market_bytes(market)
    inputs = replace(INPUTS, market_sha256=hashlib.sha256(content).hexdigest())
    return plan_document(make_plan(market, default_weights(), **changes), inputs), content


@settings(max_examples=25, deadline=None, database=None)
@given(markets())
def test_every_plan_of_any_market_holds(market):
    """Whatever the market, the verifier accepts what the engine writes, also beside the records."""
    document, content = with_market(market)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "market.json"
        file.write_bytes(content)
        assert verify_plan(plan_bytes(document)) == verify_plan(plan_bytes(document), [file]) == []


@cache
def example_with_market() -> tuple[bytes, bytes]:
    """Return the example's plan, which records the hash of its market, and the market."""
    document, content = with_market(example_market(), fixings=FIXINGS)
    return sealed(document), content


MARKET_FORGERIES = {
    "need limit": lambda d: d["problem"]["needs"][3].update(limit=5),
    "owner": lambda d: d["unmatched"][0].update(enterprise="E9"),
    "name": lambda d: d["unmatched"][1]["enterprise_name"].update(zh="冒名"),
    "product name": lambda d: d["matches"][0]["product_name"].update(en="Gift"),
    "pool": lambda d: d["problem"]["pools"][1].update(products=[0, 1]),
    "cost": lambda d: d["matches"][0].update(all_in_low="0.03"),
    "no cost": lambda d: d["matches"][0].update(all_in_high=None),
    "deadline": lambda d: d["matches"][1].update(cash_date="2022-06-11"),
    "illustrative": lambda d: (
        d["matches"][0].update(illustrative=True),
        d["counts"].update(illustrative=d["counts"]["illustrative"] + 1),
    ),
    "offer": lambda d: d["problem"]["edges"]["amount_fen"].__setitem__(
        d["problem"]["edges"]["product"].index(2), 1
    ),
}


@pytest.mark.parametrize("name", MARKET_FORGERIES)
def test_a_plan_of_other_records_is_refused(name, tmp_path):
    """What a plan file cannot contradict by itself, the market does."""
    plan, content = example_with_market()
    document = json.loads(plan)
    file = tmp_path / "market.json"
    file.write_bytes(content)
    assert verify_plan(sealed(document), [file]) == []
    MARKET_FORGERIES[name](document)
    assert "market" in {f.code for f in verify_plan(sealed(document), [file])}


@settings(max_examples=100, deadline=None, database=None)
@given(st.data())
def test_no_market_makes_the_verifier_raise(data):
    """Even a market forged together with its hash is only ever answered with findings."""
    plan, content = example_with_market()
    document, market = json.loads(plan), json.loads(content)
    container, key = data.draw(st.sampled_from(places(market)))
    container[key] = data.draw(JSON | st.sampled_from(["1E-99", "999999999.9", 10**18, "N1"]))
    forged = json.dumps(market).encode()
    document["input"]["market_sha256"] = hashlib.sha256(forged).hexdigest()
    with TemporaryDirectory() as folder:
        file = Path(folder) / "market.json"
        file.write_bytes(forged)
        assert isinstance(verify_plan(sealed(document), [file]), list)


# --- broken files -----------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(NUM_SEEDS))
def test_a_corrupted_file_is_refused(seed):
    """Flipped bytes, lost ends, doubled lines, changed, lost and swapped values are all found."""
    assert verify_plan(corrupted(example_bytes(), random.Random(seed)))


@pytest.mark.parametrize("content", BAD_BYTES, ids=range(len(BAD_BYTES)))
def test_what_is_no_plan_is_told_so(content):
    """Every kind of rubbish gets a finding in two languages and no exception."""
    findings = verify_plan(content)
    assert findings
    assert all(f.zh and f.en for f in findings)


@settings(max_examples=150, deadline=None, database=None)
@given(st.binary() | st.text().map(lambda text: text.encode(errors="surrogatepass")))
def test_arbitrary_bytes_never_raise(content):
    """Any bytes are answered with findings."""
    assert verify_plan(content)


@settings(max_examples=150, deadline=None, database=None)
@given(st.data())
def test_arbitrary_json_never_raises(data):
    """Any JSON, alone or put anywhere into a plan, is answered with a list of findings."""
    document = example()
    container, key = data.draw(st.sampled_from(places(document)))
    container[key] = data.draw(JSON)
    assert isinstance(verify_plan(json.dumps(document).encode()), list)
    assert verify_plan(json.dumps(container[key]).encode())
    # With a digest that fits, the change gets as far as the checks of content.
    try:
        content = sealed(document)
    except (ValueError, RecursionError):
        return
    assert isinstance(verify_plan(content), list)


@settings(max_examples=150, deadline=None, database=None)
@given(st.data())
def test_extreme_numbers_never_raise(data):
    """Numbers of the right type but of any size reach the arithmetic and do not break it."""
    document = example()
    numbers = [p for p in places(document) if type(p[0][p[1]]) in (int, float)]
    for container, key in data.draw(st.lists(st.sampled_from(numbers), min_size=1, max_size=6)):
        whole = st.sampled_from([0, 1, 2**31, 2**63 - 2, 2**63 - 1, 2**63, 10**40])
        container[key] = data.draw(whole | st.floats(allow_nan=False, allow_infinity=False))
    assert isinstance(verify_plan(sealed(document)), list)


# --- forged files -----------------------------------------------------------------------------


def drop_a_match(d, rng):
    """Leave out a match."""
    d["matches"].pop(rng.randrange(len(d["matches"])))


def drop_a_match_and_say_so(d, rng):
    """Leave out a match and mend the counts, the sum and the gain, but not the pools."""
    match = d["matches"].pop(rng.randrange(len(d["matches"])))
    d["objective"] -= match["score"]
    d["counts"]["matches"] -= 1
    d["counts"]["offered_fen"] -= match["offered_fen"]


def double_a_match(d, rng):
    """Add a match that is there already."""
    d["matches"].append(copy.deepcopy(rng.choice(d["matches"])))


def redirect_a_match(d, rng):
    """Send a firm to another eligible product, with the score and amount of that pair."""
    edges, match = d["problem"]["edges"], rng.choice(d["matches"])
    named = {m["edge"] for m in d["matches"]}
    edge = rng.choice([e for e in range(len(edges["need"])) if e not in named])
    product = d["problem"]["products"][edges["product"][edge]]
    match.update(
        edge=edge,
        need=d["problem"]["needs"][edges["need"][edge]]["id"],
        product=product["id"],
        institution=product["institution"],
        score=edges["weight"][edge],
        offered_fen=edges["amount_fen"][edge],
    )


def rename_in_a_match(d, rng):
    """Put another id or another name into a match."""
    match = rng.choice(d["matches"])
    key = rng.choice(["need", "product", "institution", "enterprise", "enterprise_name"])
    if key == "enterprise_name":
        first, second = d["unmatched"][0], d["unmatched"][1]
        known = next(m for m in [*d["matches"], first, second] if m["enterprise"] == "E1")
        known["enterprise_name"] = {"zh": "冒名", "en": "an impostor"}
    elif key == "enterprise":
        match = next(m for m in d["matches"] if m["need"] == "N1")
        match["enterprise"] = "E4"
    else:
        table = {"need": "needs", "product": "products", "institution": "institutions"}[key]
        ids = [item["id"] for item in d["problem"][table] if item["id"] != match[key]]
        match[key] = rng.choice(ids)


def change_a_score(d, rng):
    """Raise a match's score, in the match, or in the match and the problem."""
    match, more = rng.choice(d["matches"]), rng.uniform(1e-5, 0.3)
    match["score"] += more
    if rng.random() < 0.5:
        d["problem"]["edges"]["weight"][match["edge"]] += more
        d["objective"] += more


def change_an_amount(d, rng):
    """Change what a match offers, by one fen or by a lot."""
    match, more = rng.choice(d["matches"]), rng.choice([1, -1, 10_000_000])
    match["offered_fen"] += more
    d["counts"]["offered_fen"] += more


def change_a_total(d, rng):
    """Change objective, bound, gap, baseline or gain."""
    keys = ["objective", "bound", "gap", "greedy_objective", "gain_over_greedy"]
    d[rng.choice(keys)] += rng.choice([1e-3, 0.5, -1e-3])


def lower_the_bound(d, rng):
    """Claim a tighter bound, with the gap that would follow."""
    d["bound"] = d["objective"] * (1 + rng.uniform(0, 0.01))
    d["gap"] = (d["bound"] - d["objective"]) / d["bound"]


def change_a_price(d, rng):
    """Change a multiplier without the bound."""
    use = rng.choice([u for u in d["pools_use"] if u["capacity"] > u["used"]])
    use["multiplier"] += 1e-3 if use["unit"] == "count" else 1e-7


def change_a_use(d, rng):
    """Change capacity, use, unit, kind or id of a pool's row, or swap, lose or double rows."""
    uses = d["pools_use"]
    spot = rng.randrange(len(uses))
    key = rng.choice(["capacity", "used", "unit", "kind", "id", "swap", "drop", "double"])
    if key in ("capacity", "used"):
        uses[spot][key] += 1
    elif key == "unit":
        uses[spot]["unit"] = "fen" if uses[spot]["unit"] == "count" else "count"
    elif key == "kind":
        uses[spot]["kind"] = "pool" if uses[spot]["kind"] != "pool" else "group_limit"
    elif key == "id":
        uses[spot]["id"] = "Z9"
    elif key == "swap":
        uses[spot - 1], uses[spot] = uses[spot], uses[spot - 1]
    elif key == "drop":
        uses.pop(spot)
    else:
        uses.append(copy.deepcopy(uses[spot]))


def capacity_below_use(d, rng):
    """Lower a capacity below its use, in the problem and among the pools alike."""
    use = rng.choice([u for u in d["pools_use"] if u["used"] > 0])
    table, key = {
        "option_limit": ("products", "limit"),
        "option_quota": ("products", "quota_fen"),
        "group_limit": ("institutions", "limit"),
        "group_quota": ("institutions", "quota_fen"),
        "pool": ("pools", "capacity"),
    }[use["kind"]]
    item = next(i for i in d["problem"][table] if i["id"] == use["id"])
    item[key] = use["capacity"] = use["used"] - 1


def need_limit_below_use(d, rng):
    """Lower the contacts that a matched need wants below what it gets."""
    need = rng.choice(d["matches"])["need"]
    count = sum(m["need"] == need for m in d["matches"])
    next(n for n in d["problem"]["needs"] if n["id"] == need)["limit"] = count - 1


def change_a_pin(d, rng):
    """Pin, unpin or ban a pair, or mark a match as pinned."""
    fixed = d["problem"]["edges"]["fixed"]
    chosen = {m["edge"] for m in d["matches"]}
    kind = rng.choice(["mark", "ban", "pin", "unpin"])
    if kind == "mark":
        match = rng.choice(d["matches"])
        match["pinned"] = not match["pinned"]
        d["counts"]["pinned"] += 1 if match["pinned"] else -1
    elif kind == "ban":
        fixed[rng.choice(sorted(chosen))] = 0
    elif kind == "pin":
        fixed[rng.choice([e for e in range(len(fixed)) if e not in chosen])] = 1
    else:
        fixed[fixed.index(1)] = -1


def change_the_unmatched(d, rng):
    """Lose, double, swap or reword the needs without a match."""
    unmatched = d["unmatched"]
    item = rng.choice(unmatched)
    kind = rng.choice(["drop", "double", "kind", "need", "nearest", "blocking", "changes", "swap"])
    if kind == "drop":
        unmatched.remove(item)
    elif kind == "double":
        unmatched.append(copy.deepcopy(item))
    elif kind == "kind":
        kinds = {"not_eligible", "no_contacts", "no_plan", "banned", "outbid"}
        item["kind"] = rng.choice(sorted(kinds - {item["kind"]}))
    elif kind == "need":
        item["need"] = "N1"
    elif kind == "nearest":
        item["nearest"] = "P1" if item["nearest"] is None else None
    elif kind == "blocking":
        item = next(u for u in unmatched if u["blocking"])
        item["blocking"].pop(rng.randrange(len(item["blocking"])))
    elif kind == "changes":
        item = next(u for u in unmatched if u["nearest"] is None)
        item["changes"] = [{"field": "amount_fen", "text": {"zh": "少借", "en": "ask for less"}}]
    else:
        unmatched[0], unmatched[-1] = unmatched[-1], unmatched[0]


def move_to_unmatched(d, rng):
    """Say of a matched need that it was outbid as well."""
    match = rng.choice(d["matches"])
    item = copy.deepcopy(next(u for u in d["unmatched"] if u["kind"] == "outbid"))
    names = {key: match[key] for key in ("need", "enterprise", "enterprise_name")}
    d["unmatched"].append({**item, **names})
    d["unmatched"].sort(key=lambda u: u["need"])
    d["counts"]["unmatched_needs"] += 1


def change_a_reason(d, rng):
    """Change a term of a score: its value, weight, part or name, or lose or swap terms."""
    terms = rng.choice(d["matches"])["terms"]
    spot = rng.randrange(len(terms))
    kind = rng.choice(["value", "weight", "part", "both", "feature", "drop", "swap"])
    term = terms[spot]
    if kind in ("value", "weight", "part"):
        term[kind] = term[kind] / 2 if term[kind] > 0.01 else term[kind] + 0.1
    elif kind == "both":
        term["value"] = 0.9 if term["value"] < 0.5 else 0.1
        term["part"] = term["value"] * term["weight"]
    elif kind == "feature":
        term["feature"] = "kinship"
    elif kind == "drop":
        terms.pop(spot)
    else:
        terms[spot], terms[spot - 1] = terms[spot - 1], terms[spot]


def change_the_weights(d, rng):
    """Change the weight of a feature in the section of weights."""
    vector = d["weights"]["vector"]
    vector[rng.choice(sorted(vector))] += 0.01


def change_the_status(d, rng):
    """Claim another status, or the same one on other grounds."""
    solver = d["solver"]
    kind = rng.choice(["infeasible", "unknown", "nothing", "unproved", "too low", "method"])
    if kind == "unproved":
        solver["solver_bound"] = rng.choice([None, d["bound"] * 1.5])
    elif kind == "too low":
        solver["solver_bound"] = d["objective"] * 0.9
    elif kind == "method":
        solver["method_asked"] = "stable"
    else:
        solver["status"] = kind


def change_a_count(d, rng):
    """Change one of the counts."""
    d["counts"][rng.choice(sorted(d["counts"]))] += 1


def change_a_day(d, rng):
    """Promise money before the round, time to spare without a day, or a cheaper highest rate."""
    match = next(m for m in d["matches"] if m["product"] == "P1" and m["need"] == "N1")
    kind = rng.choice(["before", "spare", "no day", "slack", "cost"])
    if kind == "before":
        match["cash_date"] = "2022-05-24"
    elif kind == "spare":
        match["slack_workdays"] = -1
    elif kind == "no day":
        match["cash_date"] = None
    elif kind == "slack":
        match["slack_workdays"] = 0
    else:
        match["all_in_low"] = "0.99"


def change_the_marks(d, rng):
    """Hide that a match is illustrative or conditional, without the counts."""
    match = next(m for m in d["matches"] if m["missing"])
    if rng.random() < 0.5:
        match["missing"] = []
    else:
        match["illustrative"] = not match["illustrative"]


def change_the_order(d, rng):
    """Sort ids, pairs or matches otherwise."""
    tables = [d["problem"][name] for name in ("needs", "products", "institutions", "pools")]
    rng.choice([*tables, d["matches"]]).reverse()


def change_who_owns_a_product(d, rng):
    """Give a product to another institution."""
    product = rng.choice([p for p in d["problem"]["products"] if p["id"] in ("P1", "P2")])
    product["institution"] = "B3"


def change_a_pool(d, rng):
    """Free a drawing product from a pool, or turn money into places."""
    pool = d["problem"]["pools"][0]
    if rng.random() < 0.5:
        pool["products"].remove(rng.choice(pool["products"]))
    else:
        pool["unit"] = "count"


FORGERIES = [
    drop_a_match,
    drop_a_match_and_say_so,
    double_a_match,
    redirect_a_match,
    rename_in_a_match,
    change_a_score,
    change_an_amount,
    change_a_total,
    lower_the_bound,
    change_a_price,
    change_a_use,
    capacity_below_use,
    need_limit_below_use,
    change_a_pin,
    change_the_unmatched,
    move_to_unmatched,
    change_a_reason,
    change_the_weights,
    change_the_status,
    change_a_count,
    change_a_day,
    change_the_marks,
    change_the_order,
    change_who_owns_a_product,
    change_a_pool,
]


@pytest.mark.parametrize("seed", range(NUM_SEEDS))
def test_a_forged_file_is_refused(seed):
    """A change of substance is found although the forger computed the digest anew."""
    rng = random.Random(seed)
    document = example()
    FORGERIES[seed % len(FORGERIES)](document, rng)
    assert document != example()
    found = codes(sealed(document))
    assert found
    assert "digest" not in found


def test_a_modest_status_that_the_certificate_disproves_is_refused():
    """A plan whose own gap is within what was asked is optimal, and must say so."""
    document = plan_document(example_plan(gap=0.2), PlanInputs((), "b" * 64, gap=0.2))
    assert codes(sealed(document)) == set()
    document["solver"]["status"] = "feasible"
    assert codes(sealed(document)) == {"solver"}


def test_a_worse_plan_that_admits_it_is_a_plan():
    """What nobody can tell from the file: honest numbers of a plan worse than the one found."""
    plan = example_plan(method="greedy")
    document = plan_document(plan, PlanInputs((), "b" * 64, method="greedy"))
    assert codes(sealed(document)) == set()


# --- independence -----------------------------------------------------------------------------


def test_verifying_loads_nothing_of_the_engine(tmp_path):
    """A process that verifies a plan has neither the engine nor scipy in memory."""
    file = tmp_path / "plan.json"
    file.write_bytes(example_bytes())
    script = (
        "import sys; from matcher.verify.plan_file import verify_plan; "
        "assert verify_plan(sys.argv[1]) == []; "
        "print([m for m in sys.modules if m.partition('.')[0] in ('matcher', 'scipy')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(file)], capture_output=True, text=True, check=True
    )
    loaded = json.loads(done.stdout.replace("'", '"'))
    assert all(m == "matcher" or m.startswith("matcher.verify") for m in loaded)


def test_the_module_runs_by_itself(tmp_path):
    """``python -m matcher.verify`` answers 0 for a plan that holds and 1 with its findings."""
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_bytes(example_bytes())
    bad.write_bytes(example_bytes().replace(b'"N1"', b'"N9"', 1))
    run = [sys.executable, "-m", "matcher.verify"]
    assert subprocess.run([*run, good], capture_output=True, check=False).returncode == 0
    done = subprocess.run([*run, bad], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "[digest]" in done.stdout
    assert subprocess.run(run, capture_output=True, check=False).returncode == 2
