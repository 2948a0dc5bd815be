"""The smallest change of a need that would make a product eligible for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from matcher.domain.attributes import Kind, Subject
from matcher.domain.choices import Collateral, Instrument
from matcher.domain.criteria import (
    AllOf,
    AnyOf,
    Criterion,
    Has,
    Not,
    OnAttribute,
    Range,
    State,
    Verdict,
)
from matcher.domain.enterprise import Need
from matcher.domain.errors import InputError
from matcher.domain.text import Text
from matcher.scoring.change import Change, apply_all
from matcher.scoring.conditions import CONDITIONS, PART_CONDITIONS, Condition
from matcher.scoring.pair import Pair

Changes = tuple[Change, ...]

_MAX_ROUNDS = 6


def is_eligible(pair: Pair) -> bool:
    """Tell whether no condition and no criterion fails."""
    return all(v.state is not State.FAIL for v in judge(pair))


def judge(pair: Pair) -> tuple[Verdict, ...]:
    """Return the verdicts of every condition and criterion, of each part of the package.

    Those of a part that goes with the leading product bear its name.
    """
    conditions = [condition.judge(pair) for condition in CONDITIONS]
    criteria = [rule.judge(pair.subject) for rule in pair.product.criteria]
    parts = [_of_part(v, part) for part in pair.alone for v in _judge_part(part)]
    return (*conditions, *criteria, *parts)


def _judge_part(part: Pair) -> Iterator[Verdict]:
    yield from (condition.judge(part) for condition in PART_CONDITIONS)
    yield from (rule.judge(part.subject) for rule in part.product.criteria)


def _of_part(verdict: Verdict, part: Pair) -> Verdict:
    label = Text("{p} · {l}", "{p} · {l}").format(p=part.product.text, l=verdict.label)
    return replace(verdict, label=label)


def smallest_change(pair: Pair) -> Changes | None:
    """Return the fewest changes of the need after which the pair is eligible.

    Every failing rule proposes the nearest value that it would accept; the proposals are
    applied together, the pair is judged anew, and proposals that turn out not to be needed are
    dropped again. What is returned has been tried: the changed pair is eligible.

    Returns
    -------
    tuple of Change, or None
        Empty if the pair is eligible as it is; None if the firm cannot mend it by asking for
        something else (its region, its age, a conflict of interest).
    """
    changes: dict[str, Change] = {}
    changed = pair
    for _ in range(_MAX_ROUNDS):
        if is_eligible(changed):
            return _without_idle(pair, tuple(changes.values()))
        proposals = _proposals(changed)
        if proposals is None:
            return None
        changes.update({c.field: c for c in proposals})
        try:
            changed = _after(pair, tuple(changes.values()))
        except InputError:
            return None
    return None


def _after(pair: Pair, changes: Changes) -> Pair:
    need = apply_all(pair.need, changes)
    return replace(pair, subject=replace(pair.subject, need=need))


def _without_idle(pair: Pair, changes: Changes) -> Changes:
    """Drop every change without which the pair is eligible all the same."""
    kept = changes
    for change in changes:
        fewer = tuple(c for c in kept if c is not change)
        try:
            if is_eligible(_after(pair, fewer)):
                kept = fewer
        except InputError:
            continue
    return kept


def _proposals(pair: Pair) -> Changes | None:
    """Return what each failing rule would have changed; None if one cannot be mended."""
    asked = [(CONDITIONS, pair), *((PART_CONDITIONS, part) for part in pair.alone)]
    found: list[Changes | None] = []
    for conditions, part in asked:
        found += [_mended(condition, part) for condition in conditions]
        found += [mend(rule, part.subject) for rule in part.product.criteria]
    return _all_of(found)


def _mended(condition: Condition, pair: Pair) -> Changes | None:
    if condition.judge(pair).state is not State.FAIL:
        return ()
    change = condition.mend(pair)
    return None if change is None else (change,)


def mend(rule: Criterion, subject: Subject, *, wanted: bool = True) -> Changes | None:
    """Return the fewest changes after which a rule no longer fails (or no longer passes)."""
    state = rule.judge(subject).state
    if state is not (State.FAIL if wanted else State.PASS):
        return ()
    if isinstance(rule, Not):
        return mend(rule.part, subject, wanted=not wanted)
    if isinstance(rule, AllOf | AnyOf):
        options = [mend(part, subject, wanted=wanted) for part in rule.parts]
        every = isinstance(rule, AllOf) is wanted
        return _all_of(options) if every else _cheapest(options)
    if isinstance(rule, OnAttribute) and rule.attribute.mendable:
        return _mend_attribute(rule, subject, wanted)
    return None


def _all_of(options: Sequence[Changes | None]) -> Changes | None:
    return None if any(o is None for o in options) else tuple(c for o in options for c in o or ())


def _cheapest(options: Sequence[Changes | None]) -> Changes | None:
    return min((o for o in options if o is not None), key=len, default=None)


def _mend_attribute(rule: OnAttribute, subject: Subject, wanted: bool) -> Changes | None:
    if isinstance(rule, Range):
        return _mend_range(rule, subject.need, wanted)
    if isinstance(rule, Has):
        return _mend_set(rule, subject.need, wanted)
    return None


def _mend_range(rule: Range, need: Need, wanted: bool) -> Changes | None:
    """Move the amount or the term to the nearest value inside (or just outside) the range."""
    field = rule.attribute.field
    current = getattr(need, field or "", None)
    if field is None or not isinstance(current, int):
        return None
    low, high = rule.low_ticks, rule.high_ticks
    if wanted:
        target = low if low is not None and current < low else high
    else:
        outside = [low - 1] if low is not None else []
        outside += [high + 1] if high is not None else []
        target = min((t for t in outside if t > 0), key=lambda t: abs(t - current), default=None)
    return None if not target else _set_number(rule, need, field, target)


def _set_number(rule: Range, need: Need, field: str, target: int) -> Changes:
    text = Text("{a}改为 {v}", "change the {a} to {v}").format(
        a=rule.attribute.text, v=rule.attribute.show(target)
    )
    changes = [Change(field, target, text)]
    least = need.amount_min_fen
    if rule.attribute.kind is Kind.MONEY and least is not None and least > target:
        changes.append(Change("amount_min_fen", target, text))
    return tuple(changes)


def _mend_set(rule: Has, need: Need, wanted: bool) -> Changes | None:
    """Offer the kinds of collateral asked for, each worth the amount; or accept instruments."""
    if not wanted:
        return None
    present = {str(kind) for kind, _ in need.collateral or ()}
    if rule.name == "instruments":
        present = {str(instrument) for instrument in need.instruments}
    missing = sorted(rule.values - present)[: None if rule.every else 1]
    words = Text.join([rule.attribute.word(word) for word in missing])
    text = Text("{a}增加 {w}", "add {w} to the {a}").format(a=rule.attribute.text, w=words)
    if rule.name == "instruments":
        accepted = need.instruments | {Instrument.parse(word) for word in missing}
        return (Change("instruments", accepted, text),)
    offered = dict(need.collateral or ())
    offered.update({Collateral.parse(word): need.amount_fen for word in missing})
    return (Change("collateral", tuple(sorted(offered.items())), text),)
