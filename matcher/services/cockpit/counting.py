"""The figures of a choice of needs, counted by the database: groups come back and no rows.

Six questions, each over the columns that it needs; what a choice leaves open joins no table.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, case, func, literal_column, or_
from sqlmodel import Session, col, select

from matcher.services.cockpit.choosing import Chosen
from matcher.services.cockpit.sums import LeadSums, Sums
from matcher.store.sql_functions import china_day, not_by_index, whole_seconds
from matcher.store.tables import EnterpriseRow, InstitutionRow, LeadRow, NeedRow

Group = tuple[str | None, str | None, str | None]
"""Size, sector and region of a firm; None where it has not said."""


@dataclass(frozen=True, slots=True)
class ByMonth:
    """What happened in each month, by its first day."""

    received: Counter[date] = field(default_factory=Counter)
    asked_fen: Counter[date] = field(default_factory=Counter)
    matched: Counter[date] = field(default_factory=Counter)
    paid: Counter[date] = field(default_factory=Counter)
    paid_fen: Counter[date] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Counted:
    """All that is counted of a choice of needs.

    Parameters
    ----------
    groups
        Every need is in one.
    institutions
        What became of the leads of each institution, by its key, with its name.
    """

    groups: Mapping[Group, Sums]
    months: ByMonth
    institutions: Mapping[str, tuple[str, LeadSums]]


def count_chosen(session: Session, chosen: Chosen) -> Counted:
    """Count the needs that are chosen, and their leads."""
    return Counted(_groups(session, chosen), _months(session, chosen), _banks(session, chosen))


# --- groups -----------------------------------------------------------------------------------


def _groups(session: Session, chosen: Chosen) -> dict[Group, Sums]:
    leads = _outcomes(chosen)
    columns: Any = (
        func.count(),
        func.sum(NeedRow.amount_fen),
        func.count(leads.c.need_id),
        func.count(leads.c.first_paid),
        func.coalesce(func.sum(leads.c.paid_fen), 0),
    )
    query: Any = select(*_kinds(), *columns).select_from(NeedRow)
    query = query.join(EnterpriseRow, col(EnterpriseRow.id) == col(NeedRow.enterprise_id))
    query = query.join(leads, leads.c.need_id == NeedRow.id, isouter=chosen.institution is None)
    query = query.where(*chosen.of_needs(), *chosen.of_firms()).group_by(*_kinds())
    found = {tuple(row[:3]): _sums(*row[3:]) for row in session.execute(query)}
    for size, sector, region, received, day, number in session.execute(_waits(chosen)):
        found[size, sector, region].waits[(day - received).days] += number
    return found


def _sums(needs: Any, asked_fen: Any, matched: Any, paid: Any, paid_fen: Any) -> Sums:
    # PostgreSQL adds integers up to a Decimal.
    return Sums(needs, int(asked_fen), matched, paid, int(paid_fen))


def _waits(chosen: Chosen) -> Any:
    """Return the question of how many needs of each group came in and had money on which day."""
    leads = _outcomes(chosen, only_paid=True)
    key: list[Any] = [*_kinds(), col(NeedRow.received), china_day(leads.c.first_paid)]
    columns: Any = (*key, func.count())
    query: Any = select(*columns).select_from(NeedRow)
    query = query.join(EnterpriseRow, col(EnterpriseRow.id) == col(NeedRow.enterprise_id))
    query = query.join(leads, leads.c.need_id == NeedRow.id)
    return query.where(
        col(NeedRow.received).is_not(None), *chosen.of_needs(), *chosen.of_firms()
    ).group_by(*key)


def _kinds() -> tuple[Any, Any, Any]:
    one: Any = literal_column("1")  # no parameter: the same wherever the expression stands
    nothing: Any = literal_column("''")
    sector = func.nullif(func.substr(EnterpriseRow.industry, one, one), nothing)
    return col(EnterpriseRow.size), sector, col(EnterpriseRow.region)


def _outcomes(chosen: Chosen, only_paid: bool = False) -> Any:
    """Return the question of what became of each need with leads that count."""
    paid = col(LeadRow.disbursed_at).is_not(None)
    columns: Any = (
        LeadRow.need_id,
        func.min(LeadRow.proposed_at).label("first_matched"),
        func.min(LeadRow.disbursed_at).label("first_paid"),
        func.sum(case((paid, LeadRow.offered_fen), else_=0)).label("paid_fen"),
    )
    query: Any = select(*columns).where(*chosen.of_leads(), *([paid] if only_paid else []))
    return query.group_by(LeadRow.need_id).subquery()


# --- months -----------------------------------------------------------------------------------


def _months(session: Session, chosen: Chosen) -> ByMonth:
    found = ByMonth()
    for day, number, asked_fen in session.execute(_received(chosen)):
        found.received[_month(day)] += number
        found.asked_fen[_month(day)] += int(asked_fen)
    for day, number in session.execute(_matched(chosen)):
        found.matched[_month(day)] += number
    for day, number, paid_fen in session.execute(_paid(chosen)):
        found.paid[_month(day)] += number
        found.paid_fen[_month(day)] += int(paid_fen)
    return found


def _received(chosen: Chosen) -> Any:
    """Return the question of how many came in on each day, and how much they ask for."""
    day = col(NeedRow.received)
    query: Any = select(day, func.count(), func.sum(NeedRow.amount_fen)).select_from(NeedRow)
    query = _of_firms(query, chosen).where(day.is_not(None), *chosen.of_needs())
    if chosen.institution is not None:
        query = query.where(col(NeedRow.id).in_(select(LeadRow.need_id).where(*chosen.of_leads())))
    return query.group_by(day)


def _matched(chosen: Chosen) -> Any:
    """Return the question of how many needs were matched for the first time on each day."""
    leads = _outcomes(chosen)
    day = china_day(leads.c.first_matched)
    query: Any = select(day, func.count()).select_from(leads)
    return _of_needs(query, chosen, leads.c.need_id).group_by(day)


def _paid(chosen: Chosen) -> Any:
    """Return the question of how many payments there were on each day, and how much it was."""
    day = china_day(LeadRow.disbursed_at)
    query: Any = select(day, func.count(), func.sum(LeadRow.offered_fen)).select_from(LeadRow)
    query = query.where(col(LeadRow.disbursed_at).is_not(None), *chosen.of_leads())
    return _of_needs(query, chosen, col(LeadRow.need_id)).group_by(day)


def _of_needs(query: Any, chosen: Chosen, need_id: Any) -> Any:
    """Return a question of leads, of the needs that are chosen alone.

    Those are found first, and not looked up for each lead.
    """
    if not (chosen.of_needs() or chosen.of_firms()):
        return query
    needs = _of_firms(select(NeedRow.id), chosen).where(*chosen.of_needs())
    return query.where(need_id.in_(needs))


def _of_firms(query: Any, chosen: Chosen) -> Any:
    """Return a question of needs, of the firms that are chosen alone."""
    if not chosen.of_firms():
        return query
    joined = query.join(EnterpriseRow, col(EnterpriseRow.id) == col(NeedRow.enterprise_id))
    return joined.where(*chosen.of_firms())


def _month(day: date) -> date:
    return day.replace(day=1)


# --- institutions -----------------------------------------------------------------------------


def _banks(session: Session, chosen: Chosen) -> dict[str, tuple[str, LeadSums]]:
    leads = _of_banks(chosen, func.count()).group_by(LeadRow.institution_id)
    numbers = dict(session.execute(leads).all())
    answers = {identity: rest for identity, *rest in session.execute(_answers(chosen))}
    names = select(InstitutionRow.id, InstitutionRow.key, InstitutionRow.name)
    return {
        key: (name, LeadSums(numbers[identity], *map(int, answers.get(identity, ()))))
        for identity, key, name in session.execute(names)
        if identity in numbers
    }


def _of_banks(chosen: Chosen, *columns: Any) -> Any:
    """Return a question of the leads of each institution."""
    query: Any = select(LeadRow.institution_id, *columns).select_from(LeadRow)
    query = query.where(*chosen.of_leads())
    return _of_needs(query, chosen, col(LeadRow.need_id))


def _answers(chosen: Chosen) -> Any:
    """Return the question of what was done to leads; most have not been answered yet."""
    lead = LeadRow
    steps: list[Any] = [lead.accepted_at, lead.declined_at, lead.approved_at, lead.disbursed_at]
    paid = col(lead.disbursed_at).is_not(None)
    seconds = [
        func.coalesce(func.sum(_seconds(moment)), 0)
        for moment in (_earlier(lead.accepted_at, lead.declined_at), lead.disbursed_at)
    ]
    paid_fen = func.sum(case((paid, lead.offered_fen), else_=0))
    query = _of_banks(chosen, *map(func.count, steps), paid_fen, *seconds)
    query = query.where(or_(*(step.is_not(None) for step in steps)))
    return query.group_by(not_by_index(lead.institution_id))


def _earlier(one: Any, other: Any) -> ColumnElement[Any]:
    """Return the earlier of two moments, the one that is there, or NULL."""
    return case(
        (col(one).is_(None), other), (col(other).is_(None), one), (one < other, one), else_=other
    )


def _seconds(moment: Any) -> ColumnElement[Any]:
    """Return the whole seconds from the proposal of a lead to a moment; NULL without one."""
    return case((moment.is_not(None), whole_seconds(LeadRow.proposed_at, moment)))
