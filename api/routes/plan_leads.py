"""Leads of a plan: the matches of one institution, as the office looks at them.

What a bank itself sees are the leads of plans that were published, at a place of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.auth import Analyst
from api.database import ReadSession
from api.deps import IdPath
from api.openapi import problems
from api.routing import Route
from api.schemas.base import TextPublic
from api.schemas.plan_leads import (
    ClaimPublic,
    PlanCompanionPublic,
    PlanLeadPublic,
    PlanLeadsPublic,
    PlanReasonPublic,
)
from matcher.domain.run import PLAN
from matcher.domain.text import Text
from matcher.scoring.explain import FEATURE_TEXTS, GROUP_OF
from matcher.services.runs import running
from matcher.services.runs.leads import leads_of

router = APIRouter(prefix="/plans", tags=["leads"], route_class=Route)

MAX_RANK = 1_000_000


@router.get(
    "/{plan_id}/leads",
    operation_id="list_plan_leads",
    summary="方案中的机构线索 / Leads of an institution in a plan",
    responses=problems(404, 409),
)
def list_plan_leads(
    plan_id: IdPath,
    actor: Analyst,
    session: ReadSession,
    institution: Annotated[
        str,
        Query(
            description="Id of the institution in the market.",
            min_length=1,
            max_length=64,
            examples=["bank-a"],
        ),
    ],
    limit: Annotated[int, Query(description="Leads of a page.", ge=1, le=100)] = 50,
    after: Annotated[
        int, Query(description="Rank of the last lead of the page before.", ge=0, le=MAX_RANK)
    ] = 0,
) -> PlanLeadsPublic:
    """Return the leads of one institution, best first, each with its reasons.

    Nothing of other institutions is told but what goes with the institution's own products:
    neither their products nor the prices of pools.
    """
    row = running.find_run(session, actor, PLAN, plan_id)
    document = running.outcome_of(session, row)
    found = leads_of(document, running.input_of(session, row), institution)
    ranked = list(enumerate(found.leads, start=1))
    page = ranked[after : after + limit]
    return PlanLeadsPublic(
        plan_id=plan_id,
        as_of=found.as_of,
        institution_id=institution,
        institution_name=TextPublic.of(found.institution),
        total=len(ranked),
        items=[_lead(rank, match, need) for rank, (match, need) in page],
        next=page[-1][0] if after + limit < len(ranked) else None,
    )


def _lead(rank: int, match: Mapping[str, Any], need: Mapping[str, Any]) -> PlanLeadPublic:
    """Describe a match; its figures are printed as they stand in the plan."""
    terms = sorted(match["terms"], key=lambda term: -term["part"])
    return PlanLeadPublic(
        rank=rank,
        need_id=match["need"],
        enterprise_name=_text(match["enterprise_name"]),
        amount_fen=need["amount_fen"],
        term_months=need.get("term_months"),
        term_days=need.get("term_days"),
        needed_by=need.get("needed_by"),
        product_id=match["product"],
        product_name=_text(match["product_name"]),
        companions=[_companion(part) for part in match["companions"]],
        claims=[_claim(claim) for claim in match["claims"]],
        score=match["score"],
        offered_fen=match["offered_fen"],
        all_in_low_rate=match["all_in_low"],
        all_in_high_rate=match["all_in_high"],
        cash_date=match["cash_date"],
        slack_workdays=match["slack_workdays"],
        reasons=[_reason(term) for term in terms],
        missing=[_text(text) for text in match["missing"]],
        pinned=match["pinned"],
        illustrative=match["illustrative"],
    )


def _companion(part: Mapping[str, Any]) -> PlanCompanionPublic:
    return PlanCompanionPublic(
        product_id=part["product"],
        product_name=_text(part["product_name"]),
        institution_id=part["institution"],
        institution_name=_text(part["institution_name"]),
        approval_follows=part["approval_follows"],
    )


def _claim(claim: Mapping[str, Any]) -> ClaimPublic:
    return ClaimPublic(
        policy_id=claim["policy"],
        name=_text(claim["name"]),
        benefit=claim["benefit"],
        support_fen=claim["support_fen"],
    )


def _reason(term: Mapping[str, Any]) -> PlanReasonPublic:
    return PlanReasonPublic(
        feature=term["feature"],
        group=GROUP_OF[term["feature"]],
        text=TextPublic.of(FEATURE_TEXTS[term["feature"]]),
        value=term["value"],
        weight=term["weight"],
        part=term["part"],
    )


def _text(text: Mapping[str, str]) -> TextPublic:
    return TextPublic.of(Text(text["zh"], text["en"]))
