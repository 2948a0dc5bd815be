"""Answers of what-if as JSON values: money in whole fen, rates as text, days as ISO dates."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from matcher.domain.choices import PoolUnit
from matcher.domain.institution import Pool
from matcher.domain.text import Text
from matcher.files.plan_json_parts import Json, rate_json, row_entry, text_json
from matcher.files.scenario_writing import change_json
from matcher.planning.plan import Match
from matcher.whatif.advice import Advice, Advices
from matcher.whatif.compare import Comparison, DimensionChange, MatchChange, PoolChange, Worst
from matcher.whatif.facts import Facts
from matcher.whatif.front import Front, FrontPoint
from matcher.whatif.least import PROOF_TEXTS, Least
from matcher.whatif.levels import Fairness, Level
from matcher.whatif.setting import Setting
from matcher.whatif.sweep import Curve
from matcher.whatif.tallies import Tally

FORMAT = "yinqi-whatif/1"


def comparison_json(comparison: Comparison) -> Json:
    """Return a comparison: figures, matches with reasons, groups and pools, before and after."""
    return {
        "quality": _both(comparison.quality, _quality),
        "score": {"before": comparison.before.score, "after": comparison.after.score},
        "totals": _both(comparison.totals, tally_json),
        "num_kept": comparison.num_kept,
        "needs_gained": list(comparison.needs_gained),
        "needs_lost": list(comparison.needs_lost),
        "changes": [_change(change) for change in comparison.changes],
        "groups": [_dimension(dimension) for dimension in comparison.groups],
        "pools": [_pool(pool) for pool in comparison.pools],
        "floors": [
            {
                "text": text_json(report.floor.text),
                "members": report.num_members,
                "asked": report.num_asked,
                "reachable": report.num_reachable,
                "matched": report.num_matched,
                "kept": report.is_kept,
                "price": report.price,
            }
            for report in comparison.after.floors
        ],
        "fair": [_fairness(found) for found in comparison.fairness],
    }


def _fairness(found: Fairness) -> Json:
    return {
        "by": found.by,
        "name": text_json(found.text),
        "proved": {"before": found.proved[0], "after": found.proved[1]},
        "groups": [
            {
                "key": group.key,
                "name": text_json(group.text),
                **_both((group.before, group.after), _level),
            }
            for group in found.groups
        ],
    }


def _level(level: Level | None) -> Json | None:
    if level is None:
        return None
    return {
        "asked": level.num_asked,
        "matched": level.num_matched,
        "reachable": level.num_reachable,
    }


def _both(pair: tuple[Any, Any], write: Callable[[Any], Json | None]) -> Json:
    return {"before": write(pair[0]), "after": write(pair[1])}


def _quality(quality: Any) -> Json:
    names = ("objective", "bound", "gap", "status", "method")
    return {name: getattr(quality, name) for name in names}


def tally_json(tally: Tally | None) -> Json | None:
    """Return what a group gets; None where there is no such group."""
    if tally is None:
        return None
    return {
        "needs": tally.num_needs,
        "matched": tally.num_matched,
        "matches": tally.num_matches,
        "amount_fen": tally.amount_fen,
        "mean_cost": rate_json(tally.mean_cost),
        "mean_days": rate_json(tally.mean_days),
        "share": rate_json(tally.share),
    }


def _change(change: MatchChange) -> Json:
    return {
        "fate": change.fate.value,
        "need": change.need_id,
        "before": _match(change.before),
        "after": _match(change.after),
        "reasons": [
            {"kind": r.kind, "row": list(r.row) if r.row else None, "text": text_json(r.text)}
            for r in change.reasons
        ],
    }


def _match(match: Match | None) -> Json | None:
    if match is None:
        return None
    return {
        "product": match.product.product_id,
        "institution": match.institution.institution_id,
        "enterprise": match.enterprise.enterprise_id,
        "claims": [claim.policy.policy_id for claim in match.claims],
        "score": match.score,
        "offered_fen": match.offered_fen,
        "all_in_low": rate_json(match.all_in_low),
        "cash_date": None if match.cash_date is None else match.cash_date.isoformat(),
    }


def _dimension(dimension: DimensionChange) -> Json:
    return {
        "by": dimension.name,
        "name": text_json(dimension.text),
        "worst": _both((dimension.worst_before, dimension.worst_after), _worst),
        "groups": [
            {
                "key": group.key,
                "name": text_json(group.text),
                **_both((group.before, group.after), tally_json),
            }
            for group in dimension.groups
        ],
    }


def _worst(worst: Worst | None) -> Json | None:
    return None if worst is None else {"key": worst.key, "share": rate_json(worst.share)}


def _pool(pool: PoolChange) -> Json:
    def pair(values: tuple[Any, Any]) -> Json:
        return {"before": values[0], "after": values[1]}

    return {
        **row_entry(pool.row),
        "name": text_json(pool.row.text),
        "unit": pool.row.unit.value,
        "capacity": pair(pool.capacity),
        "used": pair(pool.used),
        "multiplier": pair(pool.multiplier),
    }


# --- other answers ----------------------------------------------------------------------------


def curve_json(curve: Curve, setting: Setting) -> Json:
    """Return a curve, each point with its certified gap."""
    lever = curve.lever
    return {
        "lever": {"table": lever.table, "id": lever.identity, "field": lever.field},
        "name": text_json(lever.text(setting)),
        "points": [
            {
                "value": point.value if isinstance(point.value, int) else f"{point.value:f}",
                "shown": text_json(lever.show(setting, point.value)),
                "price": point.price,
                **facts_json(point.facts),
            }
            for point in curve.points
        ],
    }


def facts_json(facts: Facts) -> Json:
    """Return the figures of one plan."""
    return {
        "status": facts.status,
        "objective": facts.objective,
        "score": facts.score,
        "bound": facts.bound,
        "gap": facts.gap,
        "matched_needs": len(facts.matched),
        "matches": facts.num_matches,
        "amount_fen": facts.amount_fen,
        "mean_cost": facts.mean_cost,
    }


def front_json(front: Front) -> Json:
    """Return a front, each plan with the rates of all groups."""
    return {
        "by": front.dimension,
        "left_out": list(front.left_out),
        "dominated": front.num_dominated,
        "points": [_front_point(point) for point in front.points],
    }


def _front_point(point: FrontPoint) -> Json:
    return {
        "worst": rate_json(Decimal(point.worst.numerator) / point.worst.denominator),
        "rates": [
            {"group": r.key, "matched": r.num_matched, "reachable": r.num_reachable}
            for r in point.rates
        ],
        **facts_json(point.facts),
    }


def least_json(found: Least, setting: Setting) -> Json:
    """Return the least capacity with how well it is known."""
    lever = found.lever
    now = lever.value(setting)
    return {
        "lever": {"table": lever.table, "id": lever.identity, "field": lever.field},
        "name": text_json(lever.text(setting)),
        "capacity": None if now is None else int(now),
        "extra": found.extra,
        "unit": _unit(found, setting).value,
        "shown": {
            "capacity": text_json(_shown(found, setting, now)),
            "extra": text_json(_shown(found, setting, found.extra)),
        },
        "does_not_do": found.below,
        "proof": found.proof.value,
        "text": text_json(PROOF_TEXTS[found.proof]),
        "asked": found.num_asked,
        "members": found.num_members,
        "reachable": found.num_reachable,
        "plan": [list(pair) for pair in found.plan],
        "new": [list(pair) for pair in found.new],
        "binding": [row_entry(row) for row in found.binding],
    }


def _unit(found: Least, setting: Setting) -> PoolUnit:
    record = found.lever.record(setting)
    if isinstance(record, Pool):
        return record.unit
    return PoolUnit.COUNT if found.lever.field == "leads" else PoolUnit.FEN


def _shown(found: Least, setting: Setting, value: Any) -> Text:
    return Text.same("–") if value is None else found.lever.show(setting, value)


def advice_json(advices: Advices) -> Json:
    """Return advice, each predicted and real."""
    return {
        "candidates": advices.num_candidates,
        "verified": advices.num_verified,
        "complete": advices.is_complete,
        "together": advices.together,
        "additive": advices.is_additive,
        "advice": [_advice(item) for item in advices.items],
    }


def _advice(item: Advice) -> Json:
    prediction = item.prediction
    return {
        "change": change_json(item.candidate.change),
        "text": text_json(item.candidate.text),
        "source": item.candidate.source,
        "predicted": prediction.gain,
        "by_price": prediction.by_price,
        "low": prediction.low,
        "high": prediction.high,
        "error": prediction.error,
        "certified": prediction.is_certified,
        "real": item.real,
        "within": item.is_within,
        "price_holds": item.is_marginal,
        "gained": list(item.gained),
        "lost": list(item.lost),
    }
