"""Leads for the pages of banks: as they were put into words, with the words of the statuses."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from matcher.domain.case import NEEDS_REASON, REASONS, CaseAction, CaseStatus, PartStatus
from matcher.domain.case.status import REVIEWING
from matcher.domain.text import Lang, Text

ALIVE = Text("进行中", "open")
_KINDS: Mapping[CaseStatus, str] = {
    CaseStatus.PROPOSED: "info",
    CaseStatus.DECLINED: "bad",
    CaseStatus.EXPIRED: "bad",
    CaseStatus.REJECTED: "bad",
    CaseStatus.WITHDRAWN: "warn",
    CaseStatus.CANCELLED: "warn",
    CaseStatus.DISBURSED: "good",
    CaseStatus.REPAID: "good",
    CaseStatus.CLOSED: "good",
}
_PART_KINDS = {
    PartStatus.PENDING: "info",
    PartStatus.APPROVED: "good",
    PartStatus.REJECTED: "bad",
}
BAND_KINDS = {"strong": "good", "good": "info", "fair": "plain"}


def read_lead(shown: str | bytes) -> dict[str, Any]:
    """Return a lead for a template, with the name and the colour of its status."""
    lead: dict[str, Any] = json.loads(shown)
    status = CaseStatus.parse(lead["status"])
    lead["status_text"] = status.text
    lead["status_kind"] = status_kind(status)
    lead["action_texts"] = [
        {"value": name, "text": CaseAction.parse(name).text, "asks": asks_why(name)}
        for name in lead["actions"]
    ]
    lead["parts"] = [_part(one, status) for one in lead["companions"]]
    is_approved = status is CaseStatus.APPROVED
    lead["waits_for_parts"] = is_approved and any(one["is_open"] for one in lead["parts"])
    return lead


def _part(companion: dict[str, Any], status: CaseStatus) -> dict[str, Any]:
    """Return a companion product, and whether its own review can be decided on now."""
    stands = PartStatus.parse(companion["status"])
    is_pending = stands is PartStatus.PENDING and not companion["approval_follows"]
    return companion | {
        "status_text": stands.text,
        "status_kind": _PART_KINDS[stands],
        "is_open": is_pending and status in REVIEWING,
    }


def status_kind(status: CaseStatus) -> str:
    """Return the colour of a status."""
    return _KINDS.get(status, "info")


def asks_why(action: str) -> bool:
    """Tell whether an action needs a reason."""
    return CaseAction.parse(action) in NEEDS_REASON


def status_menu(lang: Lang) -> list[tuple[str, str]]:
    """Return the statuses to choose from, those of which something can still come first."""
    return [("", ALIVE.of(lang)), *((s.value, s.text.of(lang)) for s in CaseStatus)]


def reason_menu(lang: Lang) -> list[tuple[str, str]]:
    """Return the usual reasons to choose from; those that can be mended say so."""
    mend = Text("（可改进）", " (can be mended)")
    return [
        (code, reason.text.of(lang) + (mend.of(lang) if reason.mendable else ""))
        for code, reason in REASONS.items()
    ]
