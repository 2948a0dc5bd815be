"""Leads: the matches of one institution, and nothing of any other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request

from api.deps import RunDep
from api.errors import NotDoneError
from api.openapi import problems
from api.routes.plans import path_of
from api.runs import Outcome, Run
from api.schemas.base import TextPublic
from api.schemas.leads import (
    ClaimPublic,
    CompanionPublic,
    LeadPublic,
    LeadsPublic,
    PageLinks,
    ReasonPublic,
)
from matcher.domain.text import Text
from matcher.planning.plan import Claim, Match
from matcher.scoring.explain import GROUP_OF, Term
from matcher.scoring.pair import Part

router = APIRouter(prefix="/plans", tags=["leads"])

MAX_OFFSET = 1_000_000


@router.get(
    "/{plan_id}/leads",
    operation_id="list_leads",
    summary="机构线索 / Leads of an institution",
    responses=problems(404, 409, 422),
)
def list_leads(
    request: Request,
    run: RunDep,
    institution: Annotated[
        str,
        Query(description="Id of the institution.", min_length=1, max_length=64),
    ],
    limit: Annotated[int, Query(description="Leads on a page.", ge=1, le=200)] = 50,
    offset: Annotated[int, Query(description="Leads to skip.", ge=0, le=MAX_OFFSET)] = 0,
) -> LeadsPublic:
    """Return the leads of one institution, best first, each with its reasons.

    Nothing of other institutions is told but what goes with the institution's own products:
    neither their products nor the prices of pools.
    """
    outcome = _outcome(run)
    plan = outcome.planned.plan
    market = plan.graph.market
    found = market.institutions[market.index("institutions", institution)]
    leads = plan.of_institution(institution)
    entries = {entry["edge"]: entry for entry in outcome.document["matches"]}
    page = list(enumerate(leads, start=1))[offset : offset + limit]
    return LeadsPublic(
        plan_id=run.run_id,
        as_of=market.as_of,
        institution_id=institution,
        institution_name=TextPublic.of(found.text),
        total=len(leads),
        limit=limit,
        offset=offset,
        items=[_lead(rank, match, entries[match.edge]) for rank, match in page],
        links=_links(f"{path_of(request, run)}/leads", institution, limit, offset, len(leads)),
    )


def _outcome(run: Run) -> Outcome:
    if run.outcome is None:
        told = Text("方案尚未完成，现为 {s}", "the plan is not done: it is {s}")
        raise NotDoneError(told.format(s=run.state.value))
    return run.outcome


def _lead(rank: int, match: Match, entry: Mapping[str, Any]) -> LeadPublic:
    """Describe a match; figures that stand in the plan are printed as they stand there."""
    terms = sorted(match.terms, key=lambda term: -term.part)
    return LeadPublic(
        rank=rank,
        need_id=match.need.need_id,
        enterprise_name=TextPublic.of(match.enterprise.text),
        amount_fen=match.need.amount_fen,
        term_months=match.need.term_months,
        term_days=match.need.term_days,
        needed_by=match.need.needed_by,
        product_id=match.product.product_id,
        product_name=TextPublic.of(match.product.text),
        companions=[_companion(part) for part in match.companions],
        claims=[_claim(claim) for claim in match.claims],
        score=match.score,
        offered_fen=match.offered_fen,
        all_in_low_rate=entry["all_in_low"],
        all_in_high_rate=entry["all_in_high"],
        cash_date=match.cash_date,
        slack_workdays=match.slack_workdays,
        reasons=[_reason(term) for term in terms],
        missing=[TextPublic.of(text) for text in match.missing],
        pinned=match.is_pinned,
        illustrative=match.is_illustrative,
    )


def _companion(part: Part) -> CompanionPublic:
    return CompanionPublic(
        product_id=part.product.product_id,
        product_name=TextPublic.of(part.product.text),
        institution_id=part.institution.institution_id,
        institution_name=TextPublic.of(part.institution.text),
        approval_follows=part.product.approval_follows,
    )


def _claim(claim: Claim) -> ClaimPublic:
    return ClaimPublic(
        policy_id=claim.policy.policy_id,
        name=TextPublic.of(claim.policy.text),
        benefit=claim.policy.benefit.value,
        support_fen=claim.support_fen,
    )


def _reason(term: Term) -> ReasonPublic:
    return ReasonPublic(
        feature=term.feature,
        group=GROUP_OF[term.feature],
        text=TextPublic.of(term.text),
        value=term.value,
        weight=term.weight,
        part=term.part,
    )


def _links(path: str, institution: str, limit: int, offset: int, total: int) -> PageLinks:
    def page(start: int) -> str:
        asked = {"institution": institution, "limit": limit, "offset": start}
        return f"{path}?{urlencode(asked)}"

    return PageLinks(
        self=page(offset),
        next=page(offset + limit) if offset + limit < total else None,
        previous=page(max(0, offset - limit)) if offset else None,
    )
