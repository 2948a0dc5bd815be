"""The entries of a plan file: matches, unmatched needs, and pools."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Context, Decimal
from typing import Any

from matcher.domain.expression import unparse
from matcher.domain.institution import Pool
from matcher.domain.ledger import Queued
from matcher.domain.text import Text
from matcher.planning.bottlenecks import Bottleneck
from matcher.planning.floors import FloorReport
from matcher.planning.plan import Claim, Match, PoolUse, Unmatched
from matcher.planning.pools import PoolRow
from matcher.scoring.pair import Part

Json = dict[str, Any]

_RATE = Context(prec=12)


def match_entry(match: Match) -> Json:
    """Return one proposed meeting, with every term of its score."""
    return {
        "need": match.need.need_id,
        "enterprise": match.enterprise.enterprise_id,
        "enterprise_name": text_json(match.enterprise.text),
        "product": match.product.product_id,
        "product_name": text_json(match.product.text),
        "institution": match.institution.institution_id,
        "institution_name": text_json(match.institution.text),
        "companions": [companion_entry(part) for part in match.companions],
        "claims": [claim_entry(claim) for claim in match.claims],
        "score": match.score,
        "offered_fen": match.offered_fen,
        "all_in_low": rate_json(match.all_in_low),
        "all_in_high": rate_json(match.all_in_high),
        "cash_date": None if match.cash_date is None else match.cash_date.isoformat(),
        "slack_workdays": match.slack_workdays,
        "pinned": match.is_pinned,
        "illustrative": match.is_illustrative,
        "missing": texts_json(match.missing),
        "terms": [
            {"feature": t.feature, "value": t.value, "weight": t.weight, "part": t.part}
            for t in match.terms
        ],
        "edge": match.edge,
    }


def companion_entry(part: Part) -> Json:
    """Return a product that goes with the leading one."""
    return {
        "product": part.product.product_id,
        "product_name": text_json(part.product.text),
        "institution": part.institution.institution_id,
        "institution_name": text_json(part.institution.text),
        "approval_follows": part.product.approval_follows,
    }


def claim_entry(claim: Claim) -> Json:
    """Return a policy that the cost counts on, and the most that it pays over the term."""
    return {
        "policy": claim.policy.policy_id,
        "name": text_json(claim.policy.text),
        "benefit": claim.policy.benefit.value,
        "support_fen": claim.support_fen,
        "pool": claim.policy.pool_id,
    }


def unmatched_entry(item: Unmatched) -> Json:
    """Return a need without a match, why, and what would help."""
    changes = None
    if item.changes is not None:
        changes = [{"field": c.field, "text": text_json(c.text)} for c in item.changes]
    return {
        "need": item.need.need_id,
        "enterprise": item.enterprise.enterprise_id,
        "enterprise_name": text_json(item.enterprise.text),
        "kind": item.kind,
        "reason": text_json(item.reason),
        "nearest": None if item.nearest is None else item.nearest.product_id,
        "changes": changes,
        "blocking": [row_entry(row) for row in item.blocking],
        "queued": None if item.queued is None else _queued(item.fund, item.queued),
    }


def bottleneck_entries(found: Sequence[Bottleneck] | None) -> list[Json] | None:
    """Return who shares too few places and what would help; None where nobody looked."""
    if found is None:
        return None
    return [
        {
            "needs": [need.need_id for need in item.needs],
            "places": item.places,
            "rows": [row_entry(row) for row in item.rows],
            "helps": [{**row_entry(h.row), "more": h.more} for h in item.helps],
            "text": text_json(item.sentence),
        }
        for item in found
    ]


def row_entry(row: PoolRow) -> Json:
    """Return what names a capacity: its kind and owner, and the day if it is of one day."""
    day = None if row.day is None else row.day.isoformat()
    return {"kind": row.kind, "id": row.identity, "day": day}


def _queued(fund: Pool | None, place: Queued) -> Json:
    return {
        "pool": None if fund is None else fund.pool_id,
        "position": place.position,
        "first_day": place.first_day.isoformat(),
        "left_fen": place.left_fen,
    }


def pool_use_entry(use: PoolUse) -> Json:
    """Return one capacity, how much of it is used and its price."""
    return {
        **row_entry(use.row),
        "name": text_json(use.row.text),
        "unit": use.row.unit.value,
        "capacity": use.capacity,
        "used": use.used,
        "multiplier": use.multiplier,
    }


def floor_entries(reports: Sequence[FloorReport], num_own: int) -> list[Json]:
    """Return the floors of a plan; those after the first ``num_own`` are levels of max-min."""
    return [floor_entry(report, place >= num_own) for place, report in enumerate(reports)]


def floor_entry(report: FloorReport, is_fair: bool = False) -> Json:
    """Return what a floor asks for and of whom, what the plan gives, and what one more costs.

    Whom it counts is said as the floor itself has it, by a rule, a group or an institution (by
    none of them it counts all needs), so that it can be asked again of another market.
    """
    floor = report.floor
    return {
        "text": text_json(floor.text),
        "where": None if floor.where is None else unparse(floor.where),
        "group": None if floor.group is None else list(floor.group),
        "institution": floor.institution_id,
        "fair": is_fair,
        "share": None if floor.share is None else f"{floor.share:f}",
        "number": floor.least,
        "members": report.num_members,
        "asked": report.num_asked,
        "reachable": report.num_reachable,
        "matched": report.num_matched,
        "multiplier": report.price,
    }


# --- values -----------------------------------------------------------------------------------


def plain(text: str) -> str:
    """Return text that UTF-8 can hold: half a surrogate pair, as broken files bring, is '?'."""
    return text.encode(errors="replace").decode()


def text_json(text: Text) -> Json:
    """Return a sentence in both languages."""
    return {"zh": plain(text.zh), "en": plain(text.en)}


def texts_json(texts: Iterable[Text]) -> list[Json]:
    """Return sentences in both languages."""
    return [text_json(text) for text in texts]


def rate_json(rate: Decimal | None) -> str | None:
    """Return a rate as text with at most twelve digits that count, None where not known."""
    return None if rate is None else format(_RATE.plus(rate).normalize(_RATE), "f")
