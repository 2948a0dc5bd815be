"""Rounds, plans of rounds and leads for cells of the matrix."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from sqlalchemy import delete, update
from sqlmodel import func, select

from matcher.domain.case import CaseAction, CaseStatus
from matcher.domain.run import REPLAY
from matcher.services.leads.cases import KIND, PROPOSE, act, make_case
from matcher.services.leads.showing import refresh
from matcher.services.plans.rounds import RoundAsked, open_round
from matcher.services.plans.viewing import keep_view
from matcher.services.record import Happening, append
from matcher.services.work.replay import OF_PLAN
from matcher.store import blobs
from matcher.store.tables import (
    ChainHeadRow,
    ConflictRow,
    LeadRow,
    NeedRow,
    PlanRow,
    ProductRow,
    RunRow,
    WebhookRow,
)
from tests.service import NOW

if TYPE_CHECKING:
    from tests.api.matrix.arranging import Asked, Making

PART_ID = uuid4()
"""The companion product of every lead here; the one that is asked about is on its way no more."""


_STATES = {
    "propose_round_plan": "checked",
    "retract_round_plan": "proposed",
    "publish_round_plan": "proposed",
    "undo_round_plan": "published",
}
"""What a plan has to be for an operation; a draft for all others."""


def make_round(making: Making) -> UUID:
    """Open a round."""
    run = making.session.get_one(RunRow, making.stage.done["plan"])
    day = json.loads(run.summary or "{}")["as_of"]
    organiser = making.stage.world.people.organiser.actor
    asked = RoundAsked(name=f"round {making.stage.number()}", as_of=date.fromisoformat(day))
    found = open_round(making.session, organiser, asked, NOW).id
    making.stage.last["round"] = found
    return found


def make_round_plan(making: Making) -> UUID:
    """Make a plan of the round that was opened last, as the operation needs it."""
    state = _STATES.get(making.operation, "draft")
    found = make_plan(making, making.stage.last["round"], state)
    making.stage.last["plan"] = found
    return found


def make_replay(making: Making) -> UUID:
    """Make a run that makes the plan again that was made last."""
    from tests.api.matrix.arranging import run_of

    found = run_of(REPLAY, making.stage.done["plan"])(making)
    row = making.session.get_one(RunRow, found)
    plan_id = str(making.stage.last["plan"])
    row.request = json.dumps({OF_PLAN: {"plan_id": plan_id, "sha256": "0" * 64}})
    told = {"plan_id": plan_id, "is_equal": False, "sha256": "0" * 64}
    row.summary = json.dumps(json.loads(row.summary or "{}") | told)
    making.session.flush()
    return found


def make_conflict(making: Making) -> UUID:
    """Declare a conflict of the owner's institution, or any."""
    firm = making.enterprise_id
    query = select(ConflictRow).where(
        ConflictRow.institution_id == making.institution_id, ConflictRow.enterprise_id == firm
    )
    row = making.session.scalars(query).one_or_none() or ConflictRow(
        institution_id=making.institution_id,
        enterprise_id=firm,
        reason="r",
        declared_by=making.stage.world.people.organiser.actor.account_id,
        declared_at=NOW,
        withdrawn_at=NOW,
    )
    making.session.add(row)
    making.session.flush()
    return row.id


def conflict_asked(asked: Asked) -> dict[str, Any]:
    """Return a conflict that can be declared: none stands."""
    stage, person = asked.stage, asked.person
    with stage.world.database.writing() as session:
        session.execute(update(ConflictRow).values(withdrawn_at=NOW))
        making = stage.making(session, person)
        if person.actor.institution_id is not None:
            return {"lead_id": str(make_lead(making)), "reason": "r"}
        parties = {"institution_id": making.institution_id, "enterprise_id": making.enterprise_id}
        return {name: str(found) for name, found in parties.items()} | {"reason": "r"}


def make_webhook(making: Making) -> UUID:
    """Make a webhook of the owner's institution, or any."""
    row = WebhookRow(
        institution_id=making.institution_id,
        account_id=making.owner.actor.account_id,
        url="https://bank.example.com/",
        secret="s",
        created_at=NOW,
    )
    making.session.add(row)
    making.session.flush()
    return row.id


def webhook_asked(asked: Asked) -> dict[str, Any]:
    """Return a webhook that can be made: the institution has none yet."""
    with asked.stage.world.database.writing() as session:
        session.execute(delete(WebhookRow))
    return {"url": "https://bank.example.com/yinqi"}


def make_day(making: Making) -> Any:
    """Sign the head of a day."""
    if making.session.get(ChainHeadRow, NOW.date()) is None:
        making.session.add(
            ChainHeadRow(
                day=NOW.date(),
                number=1,
                sha256="0" * 64,
                signature="s",
                public_key="k",
                created_at=NOW,
            )
        )
        making.session.flush()
    return NOW.date()


def make_plan(making: Making, round_id: UUID, state: str = "draft") -> UUID:
    """Draft the plan of the run that is done."""
    session = making.session
    run = session.get_one(RunRow, making.stage.done["plan"])
    last = session.scalars(
        select(func.max(PlanRow.number)).where(PlanRow.round_id == round_id)
    ).one()
    assert run.outcome_sha256 is not None
    assert run.input_sha256 is not None
    row = PlanRow(
        round_id=round_id,
        number=(last or 0) + 1,
        state=state,
        run_id=run.id,
        plan_sha256=run.outcome_sha256,
        market_sha256=run.input_sha256,
        digest=json.loads(run.summary or "{}")["digest"],
        summary=run.summary or "{}",
        overrides='{"cost": null, "items": []}',
        view=keep_view(session, json.loads(blobs.fetch(session, run.outcome_sha256)), NOW),
        created_by=making.stage.world.people.organiser.actor.account_id,
        created_at=NOW,
        proposed_by=making.stage.world.people.organiser.actor.account_id,
    )
    session.add(row)
    session.flush()
    return row.id


def make_lead(making: Making) -> UUID:
    """Propose a need of the owner's firm, or any, to the owner's institution, or any."""
    from tests.api.matrix.arranging import TARGETS

    session = making.session
    round_id = make_round(making)
    need = session.get_one(NeedRow, TARGETS["need_id"](making))
    need.consents_to_all = True
    product = session.get_one(ProductRow, TARGETS["product_id"](making))
    lead = LeadRow(
        round_id=round_id,
        plan_id=make_plan(making, round_id),
        need_id=need.id,
        enterprise_id=need.enterprise_id,
        product_id=product.id,
        institution_id=product.institution_id,
        status=CaseStatus.PROPOSED,
        rank=1,
        score=0.5,
        amount_fen=need.amount_fen,
        offered_fen=need.amount_fen,
        respond_by=NOW.date(),
        decide_by=NOW.date(),
        draws="{}",
        document=json.dumps(document_of(need, product)),
        proposed_at=NOW,
        updated_at=NOW,
    )
    told = Happening(
        kind=KIND,
        action=PROPOSE,
        subject_id=lead.id,
        at=NOW,
        account_id=None,
        institution_id=lead.institution_id,
        enterprise_id=lead.enterprise_id,
        details={"plan_id": lead.plan_id.hex},
    )
    (lead.record_number,) = append(session, told)
    refresh(lead, make_case(lead, []))
    session.add(lead)
    session.flush()
    if making.operation in ("report_stage", "decide_part"):
        act(session, lead, CaseAction.ACCEPT, None, NOW)
    return lead.id


def document_of(need: NeedRow, product: ProductRow) -> dict[str, Any]:
    """Return what a lead knows of its match."""
    return {
        "need": need.key,
        "enterprise": "e",
        "enterprise_name": {"zh": "企业", "en": "firm"},
        "product": product.key,
        "product_name": {"zh": product.name, "en": product.name},
        "companions": [
            {
                "id": str(PART_ID),
                "product": "guarantee",
                "product_name": {"zh": "担保", "en": "guarantee"},
                "institution": "guarantor",
                "institution_name": {"zh": "担保公司", "en": "guarantor"},
                "approval_follows": False,
            }
        ],
        "claims": [],
        "all_in_low": "0.04",
        "all_in_high": None,
        "cash_date": None,
        "slack_workdays": None,
        "missing": [],
        "illustrative": True,
        "firm": dict.fromkeys(("credit_code", "region", "industry", "founded", "size")),
        "asked": dict.fromkeys(
            ("term_months", "term_days", "purpose", "instruments", "collateral_fen", "repayment")
        ),
        "band": "good",
        "reasons": [],
    }
