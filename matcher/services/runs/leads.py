"""The leads of one institution out of the document of a plan, best first."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from matcher.domain.errors import UnknownIdError
from matcher.domain.text import Text

Json = Mapping[str, Any]


@dataclass(frozen=True, eq=False, slots=True)
class PlanLeads:
    """The leads of an institution in a plan.

    Parameters
    ----------
    leads
        Entries of ``matches`` of the plan's document, best first, each with its need's record.
    """

    as_of: date
    institution: Text
    leads: Sequence[tuple[Json, Json]]


def leads_of(document: bytes, market: bytes, institution_id: str) -> PlanLeads:
    """Return the leads of one institution.

    Parameters
    ----------
    document, market
        plan.json, and the market that it is of.
    institution_id
        Its id in the market.

    Raises
    ------
    UnknownIdError
        If the market has no such institution.
    """
    records, plan = json.loads(market), json.loads(document)
    found = [i for i in records.get("institutions", ()) if i["institution_id"] == institution_id]
    if not found:
        raise UnknownIdError(Text("没有这个机构", "there is no such institution"))
    needs = {need["need_id"]: need for need in records.get("needs", ())}
    own = [match for match in plan["matches"] if match["institution"] == institution_id]
    own.sort(key=lambda match: (-match["score"], match["need"]))
    name = found[0]["name"]
    return PlanLeads(
        as_of=date.fromisoformat(records["as_of"]),
        institution=Text(name, found[0].get("name_en") or name),
        leads=[(match, needs[match["need"]]) for match in own],
    )
