"""Take down a call: five answers make a need of the live market."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import Session, col, select

from matcher.domain.actor import Actor
from matcher.domain.choices import Instrument, Purpose
from matcher.domain.text import Text
from matcher.files.pretty_json import pretty_json
from matcher.services.intake_online import hand_in
from matcher.services.intake_online.envelope import read_envelope
from matcher.services.intake_online.firms import learn
from matcher.store.tables import EnterpriseRow, NeedRow

HIGHEST_PRIORITY = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What a firm says on the telephone.

    Parameters
    ----------
    firm
        Its name, its credit code or its id in the market.
    instruments
        What it accepts.
    agrees
        Whether it lets every institution that can help see its need; otherwise nobody sees it
        until it does.
    firm_facts, need_facts
        What else it says of itself and of the need, by the fields of the questionnaire and as
        people write it: ``{"region": "330106"}``.
    """

    firm: str
    amount_fen: int
    needed_by: date
    purpose: Purpose
    instruments: frozenset[Instrument]
    agrees: bool
    firm_facts: Mapping[str, str] = field(default_factory=dict)
    need_facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Taken:
    """A call that was taken down.

    Parameters
    ----------
    is_new
        Whether it made a need. A call that says what one of today said is that one, and what it
        tells of the firm besides is learnt.
    notes
        What of the firm was known otherwise, and stays.
    """

    need_id: UUID
    is_new: bool
    notes: tuple[Text, ...] = ()


def take_call(session: Session, actor: Actor, call: Call, now: datetime) -> Taken:
    """Make a need of a call, with the firm where the market does not have it.

    Raises
    ------
    InputError
        With every fault of what was said.
    """
    known = _known_firm(session, call.firm)
    data = _questionnaire(session, known, call, now.date())
    same = None if known is None else _same_call(session, known, call, now.date())
    if known is not None and same is not None:
        told = read_envelope(data, now.date()).answers.enterprise
        return Taken(same, is_new=False, notes=learn(session, known, told, now))
    found = hand_in(session, actor, data, pretty_json(data), now)
    return Taken(found.need.id, is_new=True, notes=found.notes)


def _questionnaire(
    session: Session, known: EnterpriseRow | None, call: Call, today: date
) -> dict[str, Any]:
    """Return a call as the questionnaire that it answers."""
    return {
        "enterprise": {**call.firm_facts, **_firm_data(session, known, call.firm, today)},
        "need": {
            **call.need_facts,
            "amount_fen": call.amount_fen,
            "needed_by": call.needed_by.isoformat(),
            "purpose": call.purpose.value,
            "instruments": sorted(i.value for i in call.instruments),
            "priority": HIGHEST_PRIORITY,
            "received": today.isoformat(),
        },
        "consent": "all" if call.agrees else "none",
    }


def _known_firm(session: Session, named: str) -> EnterpriseRow | None:
    """Return the one firm that is called so, by id, credit code or name."""
    row = EnterpriseRow
    is_meant = or_(row.key == named, row.credit_code == named, row.name == named)  # type: ignore[arg-type]
    found = session.scalars(select(row).where(is_meant).order_by(col(row.position)).limit(2)).all()
    return found[0] if len(found) == 1 else None


def _same_call(session: Session, firm: EnterpriseRow, call: Call, today: date) -> UUID | None:
    query = select(NeedRow.id).where(
        NeedRow.enterprise_id == firm.id,
        NeedRow.received == today,
        NeedRow.amount_fen == call.amount_fen,
        NeedRow.needed_by == call.needed_by,
    )
    return session.scalars(query.order_by(col(NeedRow.position))).first()


def _firm_data(
    session: Session, known: EnterpriseRow | None, named: str, today: date
) -> dict[str, str]:
    if known is not None:
        return {"enterprise_id": known.key, "name": known.name}
    return {"enterprise_id": _free_key(session, today), "name": named}


def _free_key(session: Session, today: date) -> str:
    """Return an id for a firm that nobody knows yet: the day of its call, and which of that day."""
    begins = f"CALL-{today:%Y%m%d}-"
    row = EnterpriseRow
    taken = set(session.scalars(select(row.key).where(col(row.key).startswith(begins))))
    number = len(taken) + 1
    while f"{begins}{number}" in taken:
        number += 1
    return f"{begins}{number}"
