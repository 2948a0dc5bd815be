"""A plan in the words of the round: matches, unmatched needs, pools, and the certificate."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np

from matcher.assign import Problem, Result
from matcher.domain.criteria import Verdict
from matcher.domain.enterprise import Enterprise, Need
from matcher.domain.institution import Institution, Pool, Product
from matcher.domain.ledger import Queued
from matcher.domain.policy import Policy
from matcher.domain.text import Text
from matcher.planning.bottlenecks import Bottleneck
from matcher.planning.encode import Encoded
from matcher.planning.fairness import FairLevels
from matcher.planning.floors import FloorReport
from matcher.planning.pools import PoolRow
from matcher.scoring.change import Change
from matcher.scoring.explain import Term
from matcher.scoring.graph import ScoringGraph
from matcher.scoring.pair import Part


@dataclass(frozen=True, slots=True)
class Claim:
    """A policy that a match counts on.

    Parameters
    ----------
    support_fen
        The most that it pays over the term, in fen; reserved where it draws on a budget.
    """

    policy: Policy
    support_fen: int


@dataclass(frozen=True, slots=True)
class Match:
    """One proposed meeting.

    Parameters
    ----------
    edge
        Index in the graph and the problem.
    companions
        The guarantee, insurance, … that goes with the product, each with its institution.
    claims
        The policies that the cost counts on.
    score
        Σ of the parts of ``terms``, rounded as the optimiser saw it.
    offered_fen
        What the product could give, in fen.
    all_in_low, all_in_high
        All-in yearly cost of the package after the claims, at the lowest and highest rate
        quoted; None if a part does not quote one.
    cash_date
        The day the money could be in the account, if applied for on the day of the round;
        None where the product does not say.
    slack_workdays
        Workdays to spare before the deadline; None where either is not known.
    missing
        What has to be shown before the match is unconditional.
    is_illustrative
        Whether anything that the match rests on is made up for the example.
    """

    edge: int
    need: Need
    enterprise: Enterprise
    product: Product
    institution: Institution
    companions: tuple[Part, ...]
    claims: tuple[Claim, ...]
    score: float
    offered_fen: int
    all_in_low: Decimal | None
    all_in_high: Decimal | None
    cash_date: date | None
    slack_workdays: int | None
    terms: tuple[Term, ...]
    missing: tuple[Text, ...]
    is_pinned: bool
    is_illustrative: bool

    @property
    def support_fen(self) -> int:
        """The most that all claimed policies pay together, in fen."""
        return sum(claim.support_fen for claim in self.claims)


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A need without a match, and why.

    Parameters
    ----------
    kind
        ``not_eligible``, ``outbid``, ``banned``, ``no_contacts`` or ``no_plan``.
    nearest
        The product that came nearest, for ``not_eligible``; its failing verdicts and the
        smallest change follow (None: cannot be mended).
    blocking
        The pools that stood in the way, for ``outbid``.
    queued
        The place in the queue for a fund whose money comes back, and the first day on which
        it could be had; None where no such fund stood in the way.
    fund
        The fund that it waits for.
    """

    need: Need
    enterprise: Enterprise
    kind: str
    reason: Text
    nearest: Product | None = None
    failing: tuple[Verdict, ...] = ()
    changes: tuple[Change, ...] | None = None
    blocking: tuple[PoolRow, ...] = ()
    queued: Queued | None = None
    fund: Pool | None = None


@dataclass(frozen=True, slots=True)
class PoolUse:
    """How much of a pool the plan uses, and what one more unit would be worth.

    ``multiplier`` is the price of one unit (one place, or one fen) in points of score.
    """

    row: PoolRow
    capacity: int
    used: int
    multiplier: float


@dataclass(frozen=True, eq=False, slots=True)
class Plan:
    """The outcome of planning a round.

    Parameters
    ----------
    matches
        By need, best first within a need.
    unmatched
        Every need that has no match, in the order of the needs.
    greedy_objective
        What the baseline's matches are worth, which knows no floors; None where it found no
        plan.
    bottlenecks
        Needs that share too little whatever the plan, found before solving, the greatest
        first; None where the round is too large to look.
    floors
        What became of each floor.
    score_without_floors
        What the matches would be worth if nothing had to be kept; None without floors.
    fair
        The levels of max-min, where it was asked for.
    """

    graph: ScoringGraph
    encoded: Encoded
    result: Result
    matches: tuple[Match, ...]
    unmatched: tuple[Unmatched, ...]
    pools: tuple[PoolUse, ...]
    greedy_objective: float | None
    bottlenecks: tuple[Bottleneck, ...] | None = None
    floors: tuple[FloorReport, ...] = ()
    score_without_floors: float | None = None
    fair: FairLevels | None = None

    @property
    def problem(self) -> Problem:
        """The problem that was solved."""
        return self.encoded.problem

    @property
    def score(self) -> float | None:
        """Σ of the scores of the matches: the objective and what floors lack; None without."""
        if self.result.objective is None:
            return None
        return math.fsum(self.problem.weight[self.result.chosen].astype(np.float64).tolist())

    @property
    def notes(self) -> tuple[Text, ...]:
        """What a reader of the plan has to know of how it was made."""
        if self.fair is None or self.fair.proved:
            return ()
        told = Text(
            "分组公平的水平未全部证明：也许还有更公平的方案（时间不够，或问题太大）",
            "not all levels of fairness are proved: there may be a fairer plan (too little time, "
            "or too large a problem)",
        )
        return (told,)

    @property
    def cost_of_floors(self) -> float | None:
        """How much score the floors cost, at least 0; None without floors or a plan."""
        if self.score_without_floors is None or self.score is None:
            return None
        return max(self.score_without_floors - self.score, 0.0)

    @property
    def gain_over_greedy(self) -> float | None:
        """How much more score than the baseline, as a fraction of it; None where not defined."""
        ours, theirs = self.score, self.greedy_objective
        return (ours - theirs) / theirs if ours is not None and theirs else None

    @property
    def num_pairs(self) -> int:
        """How many pairs of need and product are eligible, each counted once for all its offers."""
        edges = self.graph.edges
        return len(set(zip(edges.need.tolist(), edges.product.tolist(), strict=True)))

    @property
    def num_matched_needs(self) -> int:
        """How many needs have at least one match."""
        return len({m.need.need_id for m in self.matches})

    def of_need(self, need_id: str) -> list[Match]:
        """Return the matches of a need, best first."""
        return [m for m in self.matches if m.need.need_id == need_id]

    def of_institution(self, institution_id: str) -> list[Match]:
        """Return the leads of an institution, best first."""
        leads = [m for m in self.matches if m.institution.institution_id == institution_id]
        return sorted(leads, key=lambda m: (-m.score, m.need.need_id))
