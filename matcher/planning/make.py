"""Plan a round: score, solve, check, and put the answer into the words of the round."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from matcher.assign import Problem, Result, check, solve
from matcher.assign.method import Progress
from matcher.domain.criteria import State
from matcher.domain.text import Text
from matcher.market import Market
from matcher.planning.bottlenecks import bottlenecks
from matcher.planning.encode import Encoded, Fixings, encode
from matcher.planning.fairness import fair_floors
from matcher.planning.floors import FloorBook, GroupFloor
from matcher.planning.plan import Claim, Match, Plan, PoolUse
from matcher.planning.unmatched import UnmatchedReasons
from matcher.scoring.explain import terms_of
from matcher.scoring.graph import ScoringGraph
from matcher.scoring.mending import judge
from matcher.scoring.pair import Pair
from matcher.scoring.weights import Weights

SCORING = Text("筛选与评分", "scoring")
AUDITING = Text("查找瓶颈", "looking for bottlenecks")
SOLVING = Text("求解", "solving")
CHECKING = Text("独立校验", "checking")
EXPLAINING = Text("整理理由", "explaining")
STAGES = (SCORING, AUDITING, SOLVING, CHECKING, EXPLAINING)


def make_plan(
    market: Market,
    weights: Weights,
    *,
    fixings: Fixings | None = None,
    floors: Sequence[GroupFloor] = (),
    fair: str | None = None,
    method: str = "auto",
    gap: float = 1e-4,
    time_limit: float = 60.0,
    seed: int = 0,
    on_stage: Callable[[Text], None] = lambda _: None,
    progress: Progress | None = None,
) -> Plan:
    """Plan a round and check the plan before returning it.

    Parameters
    ----------
    fixings
        Pairs that must be in the plan, and that must not.
    floors
        How many of some groups shall be served; see `GroupFloor`.
    fair
        A name in `DIMENSIONS`, or ``institution``: raise the rate of the worst of these groups
        as far as can be, then that of the next, before score counts; see `fair_floors`.
    method, gap, time_limit, seed
        As for `matcher.assign.solve`.
    on_stage
        Told the name of each stage as it begins.
    progress
        Told now and then, while it solves, the worth of the best plan and the bound.

    Raises
    ------
    InputError
        If an option, a pin or a floor cannot be used.
    CheckError
        If the independent checker finds a fault with the optimiser's answer: a bug.
    """
    on_stage(SCORING)
    graph = ScoringGraph.build(market, weights)
    encoded = encode(graph, fixings, floors)
    on_stage(AUDITING)
    narrow = bottlenecks(graph, encoded)
    on_stage(SOLVING)
    levels = None if fair is None else fair_floors(market, encoded, fair, time_limit)
    if levels is not None:
        encoded = encode(graph, fixings, [*floors, *levels.floors])
    answer = partial(solve, method=method, gap=gap, time_limit=time_limit, seed=seed)
    result = answer(encoded.problem, progress=progress)
    on_stage(CHECKING)
    check(encoded.problem, result)
    on_stage(EXPLAINING)
    plan = replace(describe(graph, encoded, result), bottlenecks=narrow, fair=levels)
    if not encoded.floors:
        return plan
    free = answer(encoded.problem.replace(floors=()))
    return replace(plan, score_without_floors=free.objective)


def describe(graph: ScoringGraph, encoded: Encoded, result: Result) -> Plan:
    """Put a solved problem into the words of the round."""
    market, problem, rows = graph.market, encoded.problem, encoded.rows
    chosen = sorted(result.chosen.tolist(), key=lambda e: (problem.need[e], -problem.weight[e], e))
    matched = {int(problem.need[e]) for e in chosen}
    reasons = UnmatchedReasons(graph, encoded, result)
    used = problem.rows.used(result.chosen)
    return Plan(
        graph=graph,
        encoded=encoded,
        result=result,
        matches=tuple(_match(graph, problem, e) for e in chosen),
        unmatched=tuple(reasons.of(i) for i in range(market.num_needs) if i not in matched),
        pools=tuple(
            PoolUse(row, int(c), int(u), float(y))
            for row, c, u, y in zip(
                rows, problem.row_capacity, used, result.multipliers, strict=True
            )
        ),
        greedy_objective=solve(problem.replace(floors=()), method="greedy").objective,
        floors=FloorBook(problem, market, encoded.floors).report(
            result.chosen, result.floor_multipliers.tolist()
        ),
    )


def _match(graph: ScoringGraph, problem: Problem, edge: int) -> Match:
    market, edges = graph.market, graph.edges
    pair = Pair.of(market, int(edges.need[edge]), int(edges.product[edge]))
    claims = _claims(graph, edge)
    offer = pair.offer(tuple(c.policy for c in claims))
    days, left = pair.cash_workdays, pair.workdays_left
    unknown = [v.missing for v in judge(pair) if v.state is State.UNKNOWN]
    return Match(
        edge=edge,
        need=pair.need,
        enterprise=pair.enterprise,
        product=pair.product,
        institution=pair.institution,
        companions=pair.companions,
        claims=claims,
        score=float(problem.weight[edge]),
        offered_fen=int(edges.offered_fen[edge]),
        all_in_low=None if offer is None else offer.low,
        all_in_high=None if offer is None else offer.high,
        cash_date=None if days is None else market.calendar.after(market.as_of, days),
        slack_workdays=None if days is None or left is None else left - days,
        terms=terms_of(graph.features[edge].astype(float).tolist(), graph.weights),
        missing=tuple(unknown),
        is_pinned=bool(problem.fixed[edge] == 1),
        is_illustrative=_rests_on_illustration(pair, claims),
    )


def _claims(graph: ScoringGraph, edge: int) -> tuple[Claim, ...]:
    columns = (graph.edges.claims[edge].tolist(), graph.edges.support_fen[edge].tolist())
    policies = graph.market.policies
    return tuple(Claim(policies[k], fen) for k, fen in zip(*columns, strict=True) if k >= 0)


def _rests_on_illustration(pair: Pair, claims: tuple[Claim, ...]) -> bool:
    own = (pair.need, pair.enterprise, pair.product, pair.institution)
    parts = [record for part in pair.companions for record in (part.product, part.institution)]
    records = (*own, *parts, *(claim.policy for claim in claims))
    return any(r.provenance.illustrative or r.provenance.illustrative_fields for r in records)
