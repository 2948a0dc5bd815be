"""From a plan that goes out to leads: what is new, what stays, what is taken back.

A lead that its institution has accepted stays whatever the new plan says; one that nobody has
answered stays if the plan still has the pair and is cancelled if not. Nobody is asked twice
about the same pair at once.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from matcher.domain.actor import Actor
from matcher.domain.case import CaseAction, CaseStatus, Reason
from matcher.domain.text import Text
from matcher.domain.workdays import WorkCalendar, calendar_around
from matcher.services.leads.bands import band
from matcher.services.leads.cases import KIND, PROPOSE, act, is_taken, make_case
from matcher.services.leads.showing import refresh
from matcher.services.plans.draws import NEED, Capacity, Drawn, drawn
from matcher.services.plans.rounds import rules_of
from matcher.services.record import Happening, append
from matcher.services.record.append import head_of
from matcher.services.records.loading import given_keys
from matcher.store.tables import (
    CapacityRow,
    ConflictRow,
    EnterpriseRow,
    InstitutionRow,
    LeadRow,
    NeedRow,
    PlanRow,
    ProductRow,
    RoundRow,
)

_ASKED = ("term_months", "term_days", "purpose", "instruments", "collateral_fen", "repayment")
"""What a need says beside its amount that an institution is told."""

_Leads = dict[tuple[UUID, UUID], LeadRow]

SUPERSEDED = Reason("superseded", Text("新方案不再推荐", "a newer plan proposes it no more"), True)


@dataclass(frozen=True, slots=True)
class Issued:
    """What became of the leads: how many are new, stay, were taken back, or were left out.

    Parameters
    ----------
    left_out
        Matches of records that are gone by now, of firms that took their consent back, or
        between which a conflict was declared since the plan was made.
    """

    new: int
    kept: int
    cancelled: int
    left_out: int


@dataclass(frozen=True, slots=True)
class _Match:
    """A match of the plan with its rows."""

    entry: Mapping[str, Any]
    need: NeedRow
    firm: EnterpriseRow
    product_id: UUID
    institution_id: UUID
    rank: int
    parts: Mapping[str, UUID]

    @property
    def pair(self) -> tuple[UUID, UUID]:
        return self.need.id, self.product_id


def issue(
    session: Session,
    plan: PlanRow,
    chosen: RoundRow,
    document: dict[str, Any],
    actor: Actor,
    now: datetime,
) -> Issued:
    """Make the leads of a round those of a plan."""
    matches, left_out = _matches(session, document)
    draws = drawn(document, chosen.is_open)
    living, elsewhere = _living(session, chosen.id)
    wanted = {match.pair for match in matches}
    held = _held_elsewhere(matches, draws, elsewhere)
    num_matches = len(matches)
    # What another round has under way with the same institution is not asked for again.
    matches = [match for match in matches if match.pair not in elsewhere]
    gone = [
        lead
        for pair, lead in living.items()
        if lead.status == CaseStatus.PROPOSED and pair not in wanted
    ]
    for lead in gone:
        act(session, lead, CaseAction.CANCEL, actor, now, SUPERSEDED)
    calendar = calendar_around(now.date())
    fresh, filled = list[LeadRow](), list[LeadRow]()
    for match in matches:
        known = living.get(match.pair)
        lead = known or _new_lead(match, chosen, calendar, now)
        fresh += [] if known else [lead]
        if not is_taken(lead.status) and _fill(lead, match, plan, draws):
            filled.append(lead)
    numbers = append(session, *(_proposal(lead, plan, actor, now) for lead in fresh))
    for lead, number in zip(fresh, numbers, strict=True):
        lead.record_number = number
    _show(session, filled, now)
    _set_capacities(session, chosen.id, draws.capacities, held)
    session.flush()
    return Issued(len(fresh), num_matches - len(fresh), len(gone), left_out)


def _matches(session: Session, document: Mapping[str, Any]) -> tuple[list[_Match], int]:
    needs = {row.key: row for row in session.scalars(select(NeedRow))}
    firms = {row.id: row for row in session.scalars(select(EnterpriseRow))}
    products = {key: i for key, i in session.execute(select(ProductRow.key, ProductRow.id))}
    banks = select(InstitutionRow.key, InstitutionRow.id)
    institutions = {key: i for key, i in session.execute(banks)}
    barred = _barred(session)
    consents = given_keys(session)
    ranks: dict[str, int] = {}
    found, left_out = list[_Match](), 0
    for entry in sorted(document["matches"], key=lambda m: (-m["score"], m["need"], m["product"])):
        need = needs.get(entry["need"])
        product, bank = products.get(entry["product"]), institutions.get(entry["institution"])
        parts = {part["product"]: products.get(part["product"]) for part in entry["companions"]}
        if need is None or product is None or bank is None or None in parts.values():
            left_out += 1
            continue
        may_see = consents.get(need.key)
        if (need.enterprise_id, bank) in barred or not _may(may_see, entry["institution"]):
            left_out += 1
            continue
        rank = ranks[entry["institution"]] = ranks.get(entry["institution"], 0) + 1
        ids = {key: identity for key, identity in parts.items() if identity is not None}
        found.append(_Match(entry, need, firms[need.enterprise_id], product, bank, rank, ids))
    return found, left_out


def _may(consent: frozenset[str] | None, institution: str) -> bool:
    return consent is None or institution in consent


def _barred(session: Session) -> set[tuple[UUID, UUID]]:
    query = select(ConflictRow.enterprise_id, ConflictRow.institution_id).where(
        col(ConflictRow.withdrawn_at).is_(None)
    )
    return {(firm, bank) for firm, bank in session.execute(query)}


def _living(session: Session, round_id: UUID) -> tuple[_Leads, _Leads]:
    """Return the leads that something can come of: those of a round, and those of the others."""
    query = select(LeadRow).where(col(LeadRow.is_alive)).order_by(col(LeadRow.id))
    own, others = _Leads(), _Leads()
    for row in session.scalars(query.with_for_update()):
        (own if row.round_id == round_id else others)[row.need_id, row.product_id] = row
    return own, others


def _held_elsewhere(
    matches: Iterable[_Match], draws: Drawn, elsewhere: Mapping[tuple[UUID, UUID], LeadRow]
) -> Counter[str]:
    """Return what leads of other rounds hold of this one's capacities.

    One that the plan has (the round before keeps what is confirmed) holds all that its match
    draws; any other that was accepted is still one of the contacts that its firm wants.
    """
    held = Counter[str]()
    matched = {match.pair: match for match in matches}
    for pair, lead in elsewhere.items():
        match = matched.get(pair)
        if match is not None:
            held.update(draws.by_edge[match.entry["edge"]])
        elif is_taken(lead.status):
            held[f"{NEED}:{json.loads(lead.document)['need']}"] += 1
    return held


def _new_lead(match: _Match, chosen: RoundRow, calendar: WorkCalendar, now: datetime) -> LeadRow:
    rules = rules_of(chosen)
    received = calendar.received(now, rules.cut_off)
    return LeadRow(
        round_id=chosen.id,
        plan_id=chosen.id,  # _fill says which
        need_id=match.need.id,
        enterprise_id=match.firm.id,
        product_id=match.product_id,
        institution_id=match.institution_id,
        status=CaseStatus.PROPOSED,
        rank=match.rank,
        score=match.entry["score"],
        amount_fen=match.need.amount_fen,
        offered_fen=match.entry["offered_fen"],
        region=match.firm.region,
        needed_by=match.need.needed_by,
        is_anonymous=match.need.is_anonymous,
        respond_by=rules.response.deadline(received, calendar).due,
        decide_by=rules.decision.deadline(now.date(), calendar).due,
        draws="{}",
        document="{}",
        proposed_at=now,
        updated_at=now,
    )


def _fill(lead: LeadRow, match: _Match, plan: PlanRow, draws: Drawn) -> bool:
    """Let a lead that nobody has accepted say what the plan says; tell whether it says more."""
    entry = match.entry
    before = (lead.rank, lead.document)
    lead.plan_id = plan.id
    lead.rank = match.rank
    lead.score = entry["score"]
    lead.offered_fen = entry["offered_fen"]
    lead.draws = json.dumps(draws.by_edge[entry["edge"]], sort_keys=True)
    lead.document = json.dumps(_known(match), ensure_ascii=False, sort_keys=True)
    return (lead.rank, lead.document) != before


def _show(session: Session, leads: Iterable[LeadRow], now: datetime) -> None:
    """Put leads into words; those that said something else before have another version."""
    head = head_of(session)
    for lead in leads:
        if lead in session:
            lead.version += 1
            lead.updated_at = now
            lead.record_number = 0 if head is None else head.number
        refresh(lead, make_case(lead, []))
        session.add(lead)


def _known(match: _Match) -> dict[str, Any]:
    """Return what is kept of a match: bands and no sums; `showing` says who is told what."""
    entry = match.entry
    kept = (
        "need", "enterprise", "enterprise_name", "product", "product_name",
        "claims", "all_in_low", "all_in_high", "cash_date", "slack_workdays",
        "missing", "illustrative",
    )  # fmt: skip
    firm, asked = json.loads(match.firm.document), json.loads(match.need.document)
    terms = sorted(entry["terms"], key=lambda term: (-term["part"], term["feature"]))
    reasons = [{"feature": t["feature"], "band": band(t["value"])} for t in terms if t["weight"]]
    return {
        **{name: entry[name] for name in kept},
        "firm": {name: firm.get(name) for name in ("credit_code", "region", "industry", "founded")}
        | {"size": match.firm.size},
        "asked": {name: asked.get(name) for name in _ASKED},
        "companions": [
            {**part, "id": str(match.parts[part["product"]])} for part in entry["companions"]
        ],
        "band": band(entry["score"]),
        "reasons": reasons,
    }


def _set_capacities(
    session: Session, round_id: UUID, capacities: Iterable[Capacity], held: Mapping[str, int]
) -> None:
    """Set what there is, with what accepted leads of the round, and others, hold of it."""
    used = dict(held)
    taken = select(LeadRow).where(LeadRow.round_id == round_id)
    for lead in session.scalars(taken):
        if is_taken(lead.status):
            for name, quantity in json.loads(lead.draws).items():
                used[name] = used.get(name, 0) + quantity
    rows = {
        row.name: row
        for row in session.scalars(
            select(CapacityRow).where(CapacityRow.round_id == round_id).with_for_update()
        )
    }
    for one in capacities:
        row = rows.pop(one.name, None) or CapacityRow(
            round_id=round_id, name=one.name, unit=one.unit, capacity=0, used=0
        )
        row.used = used.get(one.name, 0)
        # What was confirmed stays, also where the new plan has less to give.
        row.capacity = max(one.capacity, row.used)
        session.add(row)
    for name, row in rows.items():
        row.used = used.get(name, 0)
        row.capacity = row.used
        session.add(row)


def _proposal(lead: LeadRow, plan: PlanRow, actor: Actor, now: datetime) -> Happening:
    return Happening(
        kind=KIND,
        action=PROPOSE,
        subject_id=lead.id,
        at=now,
        account_id=actor.account_id,
        institution_id=lead.institution_id,
        enterprise_id=lead.enterprise_id,
        details={"plan_id": plan.id.hex, "digest": plan.digest},
    )
