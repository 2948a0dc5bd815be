"""The changes that would help most: predicted from the prices, verified by solving again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from matcher.planning.effort import Effort
from matcher.planning.encode import Encoded
from matcher.scoring.graph import ScoringGraph
from matcher.whatif.candidates import Candidate, candidates
from matcher.whatif.capacity import rows_of, with_more
from matcher.whatif.facts import Facts
from matcher.whatif.lanes import cut, solve_lanes
from matcher.whatif.predict import Prediction, predict
from matcher.whatif.scenario import Scenario
from matcher.whatif.solving import Solved, encode_setting
from matcher.whatif.watch import UNWATCHED, Watch

BATCH = 6
NUM_BATCH_LANES = 2
MAX_VERIFIED = 36
_TELLING = 1e-6


@dataclass(frozen=True, slots=True)
class Advice:
    """One change, what was predicted of it, and what solving again shows.

    Parameters
    ----------
    real
        How much more the plan is worth.
    noise
        What the gaps of both plans leave open of ``real``, by the certificates or an exact
        solver's word: the best plans differ by a value within this of it.
    gained, lost
        Ids of needs that have a match only with it, or only without.
    """

    candidate: Candidate
    prediction: Prediction
    real: float
    noise: float
    gained: tuple[str, ...]
    lost: tuple[str, ...]

    @property
    def is_within(self) -> bool:
        """Whether the real gain is within the stated error of the predicted one."""
        return abs(self.real - self.prediction.gain) <= self.prediction.error + _TELLING

    @property
    def is_marginal(self) -> bool:
        """Whether the price holds for all of the change: predicted and real agree up to gaps."""
        return abs(self.real - self.prediction.by_price) <= self.noise + _TELLING


@dataclass(frozen=True, slots=True)
class Advices:
    """The best changes found, the most helpful first.

    Parameters
    ----------
    num_candidates, num_verified
        How many were looked at, and how many of them solved.
    is_complete
        Whether every candidate left out is ruled out: none can gain more than the last one
        here, by the certificate.
    together
        The gain of all of them at once; None where they cannot be made at once.
    """

    items: tuple[Advice, ...]
    num_candidates: int
    num_verified: int
    is_complete: bool
    together: float | None

    @property
    def is_additive(self) -> bool:
        """Whether the gains add up: together they are worth what they are worth one by one."""
        alone = sum(item.real for item in self.items)
        return self.together is not None and abs(self.together - alone) <= max(
            (item.noise for item in self.items), default=0.0
        )


def advise(
    baseline: Solved,
    effort: Effort,
    most: int = 10,
    workers: int | None = None,
    watch: Watch = UNWATCHED,
) -> Advices:
    """Find the changes that help most.

    1. Candidates: more of each capacity that has a price or causes a bottleneck, and the
       smallest change of each need that nothing fits.
    2. Each gets a prediction from the baseline's multipliers, with an upper bound that holds.
    3. They are solved in the order of those bounds, some at a time, until the bound of the next
       is not above the ``most``-th best real gain: no other candidate can be better.

    Under max-min the levels are held where the baseline has them.
    """
    baseline = replace(baseline, setting=baseline.held, levels=None)
    found = sorted(
        ((predicted(baseline, c), c) for c in candidates(baseline)),
        key=lambda pair: -pair[0].high,
    )
    verified: list[Advice] = []
    waiting = list(found)
    total = min(len(found), MAX_VERIFIED)
    while waiting and len(verified) < MAX_VERIFIED:
        if _settled(verified, most, waiting[0][0]):
            break
        batch, waiting = waiting[:BATCH], waiting[BATCH:]
        verified += _verified(baseline, batch, effort, workers, watch)
        watch.step(len(verified), total)
    best = sorted(verified, key=lambda a: (-a.real, str(a.candidate.text)))[:most]
    helpful = tuple(a for a in best if a.real > _TELLING)
    complete = not waiting or _settled(verified, most, waiting[0][0])
    joint = _together(baseline, helpful, effort, watch) if len(helpful) > 1 else None
    return Advices(helpful, len(found), len(verified), complete, joint)


def predicted(baseline: Solved, candidate: Candidate) -> Prediction:
    """Predict what a candidate gains, without solving."""
    lever, extra = candidate.lever, candidate.extra or 0
    rows: list[int] = []
    if lever is not None and lever.row_kind is not None:
        rows = rows_of(baseline.encoded, lever.row_kind, lever.identity)
    changed = _problem(baseline, candidate)
    return predict(baseline, *changed, rows=rows, extra=extra, need_id=candidate.need_id)


def _problem(baseline: Solved, candidate: Candidate) -> tuple[ScoringGraph, Encoded]:
    """Return the changed problem: of a capacity without scoring again."""
    lever, extra = candidate.lever, candidate.extra
    if lever is not None and lever.row_kind is not None and extra is not None:
        rows = rows_of(baseline.encoded, lever.row_kind, lever.identity)
        problem = with_more(baseline.problem, rows, extra)
        return baseline.graph, Encoded(problem, baseline.encoded.rows, baseline.encoded.shared)
    after = _scenario([candidate]).apply(baseline.setting).after
    return encode_setting(after, baseline.graph)


def _scenario(chosen: Sequence[Candidate]) -> Scenario:
    return Scenario("advice", tuple(candidate.change for candidate in chosen))


def _settled(verified: Sequence[Advice], most: int, following: Prediction) -> bool:
    """Tell whether no candidate with such a bound can still be among the best."""
    best = sorted((a.real for a in verified), reverse=True)
    return len(best) >= most and following.high <= best[most - 1] + _TELLING


def _verified(
    baseline: Solved,
    batch: Sequence[tuple[Prediction, Candidate]],
    effort: Effort,
    workers: int | None,
    watch: Watch,
) -> list[Advice]:
    scenarios = [_scenario([candidate]) for _, candidate in batch]
    found = solve_lanes(
        baseline.setting,
        cut(scenarios, NUM_BATCH_LANES),
        effort,
        baseline.earlier,
        is_chain=False,
        like=baseline.graph,
        workers=workers,
        watch=replace(watch, on_step=lambda done, total: None),
    )
    return [_advice(baseline, p, c, f) for (p, c), f in zip(batch, found, strict=True)]


def _advice(baseline: Solved, prediction: Prediction, candidate: Candidate, facts: Facts) -> Advice:
    before, after = baseline.matched, frozenset(facts.matched)
    return Advice(
        candidate=candidate,
        prediction=prediction,
        real=facts.objective - baseline.objective,
        noise=max(baseline.doubt, facts.doubt),
        gained=tuple(sorted(after - before)),
        lost=tuple(sorted(before - after)),
    )


def _together(baseline: Solved, items: Sequence[Advice], effort: Effort, watch: Watch) -> float:
    scenario = _scenario([item.candidate for item in items])
    lanes = [(scenario,)]
    found = solve_lanes(
        baseline.setting,
        lanes,
        effort,
        baseline.earlier,
        like=baseline.graph,
        workers=1,
        watch=replace(watch, on_step=lambda done, total: None),
    )
    return found[0].objective - baseline.objective
