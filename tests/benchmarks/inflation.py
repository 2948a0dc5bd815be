"""What a bank gains by inflating what it says it likes.

    python -m tests.benchmarks.inflation
    python -m tests.benchmarks.inflation --json numbers.json

Banks state no number anywhere: a product has preferences, which are rules, and the feature
``appetite`` is the share of them that hold. Inflating is to state one that always holds, or one
that holds for most firms. Each institution with preferences in turn does that alone, the round
is solved again, and what it got is judged by its true preferences: the sum of its own group of
weights over its matches.

Two ways to score are compared: ``as stated``, as the engine scores, and ``normalised``, in which
the appetite of an institution is measured from its own mean over the firms that it could have
(appetite − mean + ½), so that liking everybody says nothing.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np
from numpy.typing import NDArray

import seeds
from matcher.assign import solve
from matcher.domain.expression import parse
from matcher.domain.records import Records
from matcher.market import Market
from matcher.planning.encode import SCORE_PLACES, encode
from matcher.scoring.features import FEATURE_NAMES
from matcher.scoring.graph import ScoringGraph
from matcher.scoring.weights import default_weights

GOAL = 0.01
CLAIMS = {"always": "amount >= 0", "most": "amount >= 10万"}
"""What an institution says it likes, by name."""

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True)
class Solved:
    """A round: which edges were chosen, by need and product."""

    graph: ScoringGraph
    chosen: tuple[int, ...]

    def pairs_of(self, institution: int) -> set[tuple[int, int]]:
        """Return the pairs of need and product that an institution got."""
        need, product = self.graph.edges.need, self.graph.edges.product
        owner = self.graph.market.institution_idx
        return {
            (int(need[e]), int(product[e])) for e in self.chosen if owner[product[e]] == institution
        }


def solved(records: Records, is_normalised: bool) -> Solved:
    """Score and solve a round."""
    graph = ScoringGraph.build(Market.from_records(records, seeds.SEED_DATE), default_weights())
    problem = encode(graph).problem
    weight = graph.score.astype(np.float64)
    if is_normalised:
        weight = weight - _shift(graph)
    problem = problem.replace(weight=np.round(np.maximum(weight, 0.0), SCORE_PLACES))
    return Solved(graph, tuple(solve(problem, gap=1e-6, time_limit=60).chosen.tolist()))


def _shift(graph: ScoringGraph) -> Array:
    """Return (E,) what normalising takes from each edge's score."""
    place = FEATURE_NAMES.index("appetite")
    owner = graph.market.institution_idx[graph.edges.product]
    appetite = graph.features[:, place].astype(np.float64)
    counts = np.maximum(np.bincount(owner, minlength=owner.max() + 1), 1)
    means = np.bincount(owner, weights=appetite) / counts
    return np.asarray(graph.weights.vector[place] * (means[owner] - 0.5), np.float64)


def worth(truth: ScoringGraph, pairs: Iterable[tuple[int, int]]) -> float:
    """Return what pairs are worth to their institution by what it truly likes."""
    score = truth.group_score("bank")
    best: dict[tuple[int, int], float] = {}
    for edge in range(truth.num_edges):
        pair = int(truth.edges.need[edge]), int(truth.edges.product[edge])
        best[pair] = max(best.get(pair, 0.0), float(score[edge]))
    return sum(best[pair] for pair in pairs)


def inflated(records: Records, institution_id: str, claim: str) -> Records:
    """Return the records in which an institution says that it likes what a claim says."""
    rule = parse(claim)
    products = tuple(
        replace(product, preferences=(rule,))
        if product.institution_id == institution_id
        else product
        for product in records.products
    )
    return replace(records, products=products)


def gains(claim: str, is_normalised: bool) -> list[dict[str, Any]]:
    """Return what each institution that states preferences gains by a claim."""
    records = seeds.load()
    honest = solved(records, is_normalised)
    market = honest.graph.market
    liars = sorted({p.institution_id for p in records.products if p.preferences})
    found = []
    for identity in liars:
        index = market.index("institutions", identity)
        before = worth(honest.graph, honest.pairs_of(index))
        lied = solved(inflated(records, identity, claim), is_normalised)
        after = worth(honest.graph, lied.pairs_of(index))
        gain = 0.0 if before == 0 and after == 0 else (after - before) / max(before, 1e-9)
        found.append({"institution": identity, "before": before, "after": after, "gain": gain})
    return found


def main() -> None:
    """Simulate, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    numbers = []
    print(f"{'scoring':<11} {'claims':<8} {'liars':>5} {'mean gain':>10} {'total':>8} {'most':>8}")
    for is_normalised in (False, True):
        scoring = "normalised" if is_normalised else "as stated"
        for name, claim in CLAIMS.items():
            found = gains(claim, is_normalised)
            average, most = mean(g["gain"] for g in found), max(g["gain"] for g in found)
            before = sum(g["before"] for g in found)
            total = sum(g["after"] for g in found) / before - 1
            figures = f"{average:>10.2%} {total:>8.2%} {most:>8.2%}"
            print(f"{scoring:<11} {name:<8} {len(found):>5} {figures}", flush=True)
            numbers.append({"scoring": scoring, "claim": name, "mean": average, "gains": found})
    worst = max(n["mean"] for n in numbers if n["scoring"] == "as stated")
    print(f"goal {GOAL:.0%}, as the engine scores: {'holds' if worst <= GOAL else 'does not hold'}")
    if args.json:
        args.json.write_text(json.dumps(numbers, indent=1))


if __name__ == "__main__":
    main()
