"""What a plan file says, held against its own problem section, point by point.

Every function yields what does not hold. The document has the right shape and its references
lead somewhere; what the auditor computes (limits, objective, bound, gap, pins) is not repeated.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

from matcher.verify.claim import Finding
from matcher.verify.plan_bottlenecks import bottleneck_findings
from matcher.verify.plan_floors import floor_findings
from matcher.verify.plan_packages import package_findings
from matcher.verify.plan_queue import place_findings
from matcher.verify.plan_rows import Case, greedy_objective

TERM_TOLERANCE = 1e-6
"""Scores are rounded to six decimals from single precision; a sum of terms is not."""

EXACT = 1e-12
"""Relative error allowed where a number is computed from others by a step or two."""

SOLVER_TOLERANCE = 1e-6
"""Error allowed in what the solver itself claims."""

Json = dict[str, Any]


def content_findings(case: Case) -> Iterator[Finding]:
    """Yield everything that contradicts itself."""
    for check in _CHECKS:
        yield from check(case)


def differs(claimed: float | None, value: float | None) -> bool:
    """Tell whether two numbers, or absences of one, are not the same but for rounding."""
    if claimed is None or value is None:
        return claimed is not value
    return not math.isclose(claimed, value, rel_tol=EXACT, abs_tol=EXACT)


# --- matches ----------------------------------------------------------------------------------


def _match_findings(case: Case) -> Iterator[Finding]:
    for index, match in enumerate(case.document["matches"]):
        if match["edge"] < case.num_edges:
            yield from _against_edge(case, match, f"matches[{index}]")
        yield from _terms(case, match, f"matches[{index}].terms")
        yield from _costs_and_days(case, match, f"matches[{index}]")


def _against_edge(case: Case, match: Json, path: str) -> Iterator[Finding]:
    """Hold a match against the pair that it names."""
    edge = match["edge"]
    product = case.product[edge]
    for key, value in (
        ("need", case.needs[case.need[edge]]),
        ("product", case.products[product]),
        ("institution", case.institutions[case.institution[product]]),
        ("companions", [case.products[part] for part in case.parts[product]]),
        ("claims", _claims(case, edge)),
        ("score", case.weight[edge]),
        ("offered_fen", case.amount[edge]),
        ("pinned", case.fixed[edge] == 1),
    ):
        said = _SHORT[key](match[key]) if key in _SHORT else match[key]
        if said != value:
            yield _unequal("match", f"{path}.{key}", said, value)
    for part in match["companions"]:
        owner = case.institutions[case.institution[case.products.index(part["product"])]]
        if part["institution"] != owner:
            place = f"{path}.companions {part['product']}"
            yield _unequal("match", place, part["institution"], owner)


_CLAIM_KEYS = ("policy", "support_fen", "benefit", "pool")
_SHORT: dict[str, Callable[[list[Json]], object]] = {
    "companions": lambda parts: [part["product"] for part in parts],
    "claims": lambda claims: [[claim[key] for key in _CLAIM_KEYS] for claim in claims],
}
"""What is compared of entries that stand in a match as lists."""


def _claims(case: Case, edge: int) -> list[list[object]]:
    policies = case.problem["policies"]
    return [
        [policies[k]["id"], fen, policies[k]["benefit"], policies[k]["pool"]]
        for k, fen in case.claims[edge]
    ]


def _terms(case: Case, match: Json, path: str) -> Iterator[Finding]:
    """Hold the reasons against the weights, and their sum against the score."""
    vector, terms = case.document["weights"]["vector"], match["terms"]
    if [t["feature"] for t in terms] != list(vector):
        yield Finding("terms", f"{path} 的特征不符", f"{path}: not the features of the weights")
        return
    for term in terms:
        place = f"{path}.{term['feature']}"
        if term["weight"] != vector[term["feature"]]:
            yield _unequal("terms", f"{place}.weight", term["weight"], vector[term["feature"]])
        if differs(term["part"], term["weight"] * term["value"]):
            yield _unequal("terms", f"{place}.part", term["part"], term["weight"] * term["value"])
    total = math.fsum(term["part"] for term in terms)
    if abs(total - match["score"]) > TERM_TOLERANCE:
        yield _unequal("terms", f"Σ {path}.part", total, match["score"])


def _costs_and_days(case: Case, match: Json, path: str) -> Iterator[Finding]:
    low, high = match["all_in_low"], match["all_in_high"]
    if low is not None and high is not None and float(low) > float(high):
        yield _unequal("cost", f"{path}.all_in_low", low, f"≤ {high}")
    day, slack = match["cash_date"], match["slack_workdays"]
    if day is not None and day < case.document["input"]["as_of"]:
        yield _unequal("dates", f"{path}.cash_date", day, f"≥ {case.document['input']['as_of']}")
    if day is None and slack is not None:
        yield _unequal("dates", f"{path}.slack_workdays", slack, None)


def _order_findings(case: Case) -> Iterator[Finding]:
    matches = [m for m in case.document["matches"] if m["edge"] < case.num_edges]
    keys = [(case.need[m["edge"]], -m["score"], m["edge"]) for m in matches]
    if keys != sorted(keys):
        zh, en = "matches 未按需求和得分排序", "matches are not by need, best first"
        yield Finding("order", zh, en)
    unmatched = [item["need"] for item in case.document["unmatched"]]
    if unmatched != sorted(unmatched):
        yield Finding("order", "unmatched 未按需求排序", "unmatched are not by need")


def _agreement_findings(case: Case) -> Iterator[Finding]:
    """Yield where two entries say different things of the same firm, product or institution."""
    said: dict[tuple[str, str, str], object] = {}
    for index, (section, item, known) in enumerate(_said(case.document)):
        for (kind, identity, what), value in known.items():
            first = said.setdefault((kind, identity, what), value)
            if value != first:
                place = f"{section}[{index}] {item['need']}: {kind} {identity} {what}"
                yield _unequal("agreement", place, value, first)


def _said(document: Json) -> Iterator[tuple[str, Json, dict[tuple[str, str, str], object]]]:
    for section in ("matches", "unmatched"):
        for item in document[section]:
            firm = item["enterprise"]
            known: dict[tuple[str, str, str], object] = {
                ("need", item["need"], "enterprise"): firm,
                ("enterprise", firm, "name"): item["enterprise_name"],
            }
            if section == "matches":
                known["product", item["product"], "cash_date"] = item["cash_date"]
                known |= _said_of_parts(item)
            yield section, item, known


def _said_of_parts(match: Json) -> dict[tuple[str, str, str], object]:
    known: dict[tuple[str, str, str], object] = {}
    for part in (match, *match["companions"]):
        known["product", part["product"], "name"] = part["product_name"]
        known["institution", part["institution"], "name"] = part["institution_name"]
    for part in match["companions"]:
        known["product", part["product"], "approval_follows"] = part["approval_follows"]
    for claim in match["claims"]:
        known["policy", claim["policy"], "name"] = claim["name"]
    return known


def _slack_findings(case: Case) -> Iterator[Finding]:
    """Yield where offers to one need disagree on its deadline: cash later, yet more to spare."""
    by_need: dict[str, list[Json]] = {}
    for match in case.document["matches"]:
        if match["cash_date"] is not None:
            by_need.setdefault(match["need"], []).append(match)
    for need, matches in by_need.items():
        found = sorted((m["cash_date"], m["slack_workdays"]) for m in matches if _has_slack(m))
        falls = all(
            (a[0] == b[0] and a[1] == b[1]) or (a[0] < b[0] and a[1] > b[1])
            for a, b in pairwise(found)
        )
        if (found and len(found) < len(matches)) or not falls:
            fact = f"{need}: {found}"
            yield Finding("dates", f"余量与到账日不符 {fact}", f"slack and cash dates: {fact}")


def _has_slack(match: Json) -> bool:
    return match["slack_workdays"] is not None


# --- unmatched --------------------------------------------------------------------------------


def _coverage_findings(case: Case) -> Iterator[Finding]:
    """Yield needs that are neither matched nor unmatched, or are both, or stand there twice."""
    matched = {match["need"] for match in case.document["matches"]}
    entries = Counter(item["need"] for item in case.document["unmatched"])
    entries.update(matched)
    for need in (n for n in case.needs if entries[n] != 1):
        zh = f"需求 {need} 出现 {entries[need]} 次"
        yield Finding("coverage", zh, f"need {need} is accounted for {entries[need]} times")


def _unmatched_findings(case: Case) -> Iterator[Finding]:
    place = {need: i for i, need in enumerate(case.needs)}
    for index, item in enumerate(case.document["unmatched"]):
        need = place[item["need"]]
        path, kind = f"unmatched[{index}]", _kind(case, need)
        if item["kind"] != kind:
            yield _unequal("unmatched", f"{path}.kind", item["kind"], kind)
        yield from _nearest(case, item, path)
        rows = case.blocking(need) if kind == "outbid" else []
        blocking = [row.entry for row in rows]
        if item["blocking"] != blocking:
            yield _unequal("unmatched", f"{path}.blocking", item["blocking"], blocking)


def _kind(case: Case, need: int) -> str:
    """Return why a need without a match can have none."""
    edges = case.edges_of_need[need]
    if not edges:
        return "not_eligible"
    if case.need_limit[need] == 0:
        return "no_contacts"
    if case.document["solver"]["status"] in ("infeasible", "unknown"):
        return "no_plan"
    return "banned" if all(case.fixed[e] == 0 for e in edges) else "outbid"


def _nearest(case: Case, item: Json, path: str) -> Iterator[Finding]:
    """Ask for a nearest product where none is eligible, and for none elsewhere."""
    expected = item["kind"] == "not_eligible" and bool(case.products)
    if (item["nearest"] is not None) != expected:
        wanted = "a product" if expected else None
        yield _unequal("unmatched", f"{path}.nearest", item["nearest"], wanted)
    if item["changes"] is not None and not expected:
        yield _unequal("unmatched", f"{path}.changes", "[…]", None)


# --- pools, counts, solver --------------------------------------------------------------------


def _pool_findings(case: Case) -> Iterator[Finding]:
    uses, rows = case.document["pools_use"], case.rows
    if len(uses) != len(rows):
        yield _unequal("pools_use", "len(pools_use)", len(uses), len(rows))
    used = case.used(case.chosen)
    for index, (use, row, taken) in enumerate(zip(uses, rows, used, strict=False)):
        for key, value in (
            ("kind", row.kind),
            ("id", row.identity),
            ("day", row.day),
            ("unit", row.unit),
            ("capacity", row.capacity),
            ("used", taken),
        ):
            if use[key] != value:
                yield _unequal("pools_use", f"pools_use[{index}].{key}", use[key], value)


def _count_findings(case: Case) -> Iterator[Finding]:
    document = case.document
    matches = document["matches"]
    value = {
        "needs": len(case.needs),
        "matched_needs": len({match["need"] for match in matches}),
        "unmatched_needs": len(document["unmatched"]),
        "institutions": len(case.institutions),
        "products": len(case.products),
        "eligible_pairs": len(set(zip(case.need, case.product, strict=True))),
        "offers": case.num_edges,
        "matches": len(matches),
        "pinned": sum(match["pinned"] for match in matches),
        "conditional": sum(bool(match["missing"]) for match in matches),
        "illustrative": sum(match["illustrative"] for match in matches),
        "packages": sum(bool(match["companions"]) for match in matches),
        "offered_fen": sum(match["offered_fen"] for match in matches),
        "support_fen": sum(c["support_fen"] for match in matches for c in match["claims"]),
    }
    for key, claimed in document["counts"].items():
        if claimed != value[key]:
            yield _unequal("counts", f"counts.{key}", claimed, value[key])


def _baseline_findings(case: Case) -> Iterator[Finding]:
    """Yield if the baseline, or the gain over it, is not what it is said to be."""
    document, greedy = case.document, greedy_objective(case)
    if differs(document["greedy_objective"], greedy):
        yield _unequal("baseline", "greedy_objective", document["greedy_objective"], greedy)
    ours, gain = document["score"], None
    if ours is not None and greedy:
        gain = (ours - greedy) / greedy
    if differs(document["gain_over_greedy"], gain):
        yield _unequal("baseline", "gain_over_greedy", document["gain_over_greedy"], gain)


def _solver_findings(case: Case) -> Iterator[Finding]:
    """Yield if the status promises more, or less, than the numbers show."""
    solver = case.document["solver"]
    asked, used = solver["method_asked"], solver["method_used"]
    if asked not in ("auto", used):
        yield _unequal("solver", "solver.method_used", used, asked)
    objective, gap = case.document["objective"], case.document["gap"]
    if objective is None or gap is None:
        return
    proved = gap <= solver["gap_asked"] + EXACT
    claim = solver["solver_bound"]
    if claim is not None and claim < objective - SOLVER_TOLERANCE * abs(objective):
        yield _unequal("solver", "solver.solver_bound", claim, f"≥ {objective}")
    if solver["status"] == "feasible" and gap < solver["gap_asked"] - EXACT:
        yield _unequal("solver", "solver.status", "feasible", "optimal")
    if solver["status"] == "optimal" and not proved and not _solver_proves(solver, objective):
        yield _unequal("solver", "solver.status", "optimal", "feasible")


def _solver_proves(solver: Json, objective: float) -> bool:
    """Tell whether the solver's own bound, which nobody can check, is within the gap asked."""
    claim = solver["solver_bound"]
    if claim is None:
        return False
    room = solver["gap_asked"] + SOLVER_TOLERANCE
    return bool(claim - objective <= room * max(abs(claim), abs(objective)))


def _weight_findings(case: Case) -> Iterator[Finding]:
    total = math.fsum(case.document["weights"]["vector"].values())
    if differs(total, 1.0):
        yield _unequal("weights", "Σ weights.vector", total, 1)


def _unequal(code: str, path: str, claimed: object, value: object) -> Finding:
    fact = f"{path}: {claimed} ≠ {value}"
    return Finding(code, f"不符 {fact}", f"does not hold: {fact}")


_CHECKS: tuple[Callable[[Case], Iterator[Finding]], ...] = (
    _weight_findings,
    package_findings,
    _match_findings,
    _order_findings,
    _agreement_findings,
    _slack_findings,
    _coverage_findings,
    _unmatched_findings,
    place_findings,
    bottleneck_findings,
    _pool_findings,
    _count_findings,
    floor_findings,
    _baseline_findings,
    _solver_findings,
)
