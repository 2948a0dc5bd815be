"""A lead as its institution sees it, put into words once at each change and read many times.

What may identify a firm that wants to stay unknown until it is accepted is left out here, and
so are sums, weights and all that is another institution's. Ids that people gave (of needs and
firms) are never shown: they may be names.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from matcher.domain.actor import Role
from matcher.domain.case import Case, CasePart, CaseStatus
from matcher.domain.case.clocks import DECIDING
from matcher.scoring.explain import FEATURE_TEXTS
from matcher.services.leads.bands import Band
from matcher.services.leads.rights import ALLOWED
from matcher.store.tables import LeadRow


def refresh(lead: LeadRow, case: Case) -> None:
    """Let a lead's row say what its case has come to.

    Parameters
    ----------
    lead
        Its number in the record is set already.
    """
    lead.due_on = due_on(lead, case.status) or date.max
    shown = _shown(lead, case, json.loads(lead.document))
    text = json.dumps(shown, ensure_ascii=False, separators=(",", ":"))
    lead.shown = text.encode(errors="replace")


def due_on(lead: LeadRow, status: CaseStatus) -> date | None:
    """Return by when the institution owes its next answer, None if it owes none."""
    if status is CaseStatus.PROPOSED:
        return lead.respond_by
    return lead.decide_by if status in DECIDING else None


def is_unknown(lead: LeadRow, case: Case) -> bool:
    """Tell whether the firm is kept back: nobody has accepted, and it asked for that."""
    was_accepted = any(event.action.value == "accept" for event in case.history)
    return lead.is_anonymous and not was_accepted


def _shown(lead: LeadRow, case: Case, known: Mapping[str, Any]) -> dict[str, Any]:
    owed = due_on(lead, case.status)
    return {
        "id": str(lead.id),
        "round_id": str(lead.round_id),
        "version": lead.version,
        "record_number": lead.record_number,
        "status": case.status.value,
        "is_alive": not case.is_final,
        "actions": [a.value for a in case.allowed if a in ALLOWED[Role.BANK]],
        "proposed_at": lead.proposed_at.isoformat(),
        "updated_at": lead.updated_at.isoformat(),
        "respond_by": _day(lead.respond_by),
        "decide_by": _day(lead.decide_by),
        "due_on": _day(owed),
        "rank": lead.rank,
        "firm": _firm(known, is_unknown(lead, case)),
        "amount_fen": lead.amount_fen,
        "needed_by": _day(lead.needed_by),
        **known["asked"],
        "product": {
            "id": str(lead.product_id),
            "key": known["product"],
            "name": known["product_name"],
        },
        "companions": [
            _companion(companion, part)
            for companion, part in zip(known["companions"], case.parts, strict=True)
        ],
        "claims": [
            {
                "policy_id": claim["policy"],
                "name": claim["name"],
                "benefit": claim["benefit"],
                "support_fen": claim["support_fen"],
            }
            for claim in known["claims"]
        ],
        "offered_fen": lead.offered_fen,
        "all_in_low_rate": known["all_in_low"],
        "all_in_high_rate": known["all_in_high"],
        "cash_date": known["cash_date"],
        "slack_workdays": known["slack_workdays"],
        "band": known["band"],
        "reasons": [_reason(reason) for reason in known["reasons"]],
        "missing": known["missing"],
        "is_illustrative": known["illustrative"],
    }


def _firm(known: Mapping[str, Any], is_kept_back: bool) -> dict[str, Any]:
    firm = known["firm"]
    identifying = {
        "name": known["enterprise_name"],
        "credit_code": firm["credit_code"],
        "founded": firm["founded"],
    }
    return {
        "is_anonymous": is_kept_back,
        **(dict.fromkeys(identifying) if is_kept_back else identifying),
        "region": firm["region"],
        "industry": firm["industry"],
        "size": firm["size"],
    }


def _companion(companion: Mapping[str, Any], part: CasePart) -> dict[str, Any]:
    return {
        "id": companion["id"],
        "key": companion["product"],
        "name": companion["product_name"],
        "institution_name": companion["institution_name"],
        "approval_follows": companion["approval_follows"],
        "status": part.status.value,
    }


def _reason(reason: Mapping[str, str]) -> dict[str, Any]:
    text, band = FEATURE_TEXTS[reason["feature"]], Band(reason["band"])
    return {
        "feature": reason["feature"],
        "text": {"zh": text.zh, "en": text.en},
        "band": band.value,
        "band_text": {"zh": band.text.zh, "en": band.text.en},
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
