"""Which products of a market with one need are worth scoring.

The columns of scoring are made for thousands of needs and cost nearly as much for one. Kept are,
for each instrument, the products that fail the fewest rules, all that are eligible among them,
and those that fail on time alone. The cost takes longest to judge and is left to scoring; only
where it rules out every product that fails the fewest others can one that fails one rule more come
as near, and those are kept then as well.
"""

from __future__ import annotations

from collections.abc import Iterator

from matcher.domain.attributes import Subject
from matcher.domain.choices import Instrument
from matcher.domain.criteria import Criterion, OnAttribute, State
from matcher.market import Market
from matcher.scoring.conditions import CONDITIONS, PART_CONDITIONS, Condition
from matcher.scoring.conditions.terms import CostAccepted, InTime
from matcher.scoring.pair import Pair

_COST = CostAccepted()


def products_of_one(market: Market) -> frozenset[str]:
    """Return the ids of the products that are worth scoring for the first need of a market."""
    pairs = [Pair.of(market, 0, j) for j in range(market.num_products)]
    failing = [_failing(pair) for pair in pairs]
    most = _most_failing(pairs, [count for count, _ in failing])
    kept: set[str] = set()
    for j, (count, late) in enumerate(failing):
        if count <= most[market.products[j].instrument] or (late and count == 1):
            kept |= {market.products[part].product_id for part in market.parts[j]}
    return frozenset(kept)


def _most_failing(pairs: list[Pair], counts: list[int]) -> dict[Instrument, int]:
    """Return how many rules a product of each instrument may fail and still be worth scoring."""
    fewest: dict[Instrument, int] = {}
    for pair, count in zip(pairs, counts, strict=True):
        instrument = pair.product.instrument
        fewest[instrument] = min(count, fewest.get(instrument, count))
    nearest: dict[Instrument, list[Pair]] = {instrument: [] for instrument in fewest}
    for pair, count in zip(pairs, counts, strict=True):
        if count == fewest[pair.product.instrument]:
            nearest[pair.product.instrument].append(pair)
    return {
        instrument: fewest[instrument] + (not any(map(_is_cheap, some)))
        for instrument, some in nearest.items()
    }


def _is_cheap(pair: Pair) -> bool:
    return _COST.judge(pair).state is not State.FAIL


def _failing(pair: Pair) -> tuple[int, bool]:
    """Return how many rules fail, the cost left out, and whether the time to cash is one."""
    found = list(_failures(pair, CONDITIONS))
    for part in pair.alone:
        found += _failures(part, PART_CONDITIONS)
    return len(found), any(found)


def _failures(pair: Pair, conditions: tuple[Condition, ...]) -> Iterator[bool]:
    """Yield for each rule that fails whether it is the time to cash."""
    for condition in conditions:
        if not isinstance(condition, CostAccepted) and condition.judge(pair).state is State.FAIL:
            yield isinstance(condition, InTime)
    for rule in pair.product.criteria:
        if _fails(rule, pair.subject):
            yield False


def _fails(rule: Criterion, subject: Subject) -> bool:
    """Tell what the verdict on a rule would say, without its words, which take longest."""
    if isinstance(rule, OnAttribute):
        value = rule.attribute.get(subject)
        return value is not None and not rule.holds(value)
    return rule.judge(subject).state is State.FAIL
