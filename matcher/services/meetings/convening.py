"""Who has to be at the table of an event: the convening lists of its needs, put together.

A relief meeting is called for a few firms. For each of their needs the fewest institutions are
found that bring all that it accepts in time, as for an urgent case; whoever is on any of those
lists is asked to come.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session, col

from matcher.domain.actor import Actor
from matcher.domain.institution import Institution
from matcher.domain.moments import china_day
from matcher.planning.convening import Part
from matcher.schedule.people import ParticipantKind
from matcher.scoring.graph import ScoringGraph
from matcher.scoring.weights import Weights
from matcher.services.convening import convene_in
from matcher.services.meetings.describing import sheet_of
from matcher.services.meetings.register import asked_of
from matcher.services.records.filters import NeedFilter, NeedSort
from matcher.services.records.lists import ListedNeed, list_needs
from matcher.services.urgent_case.one_need import market_of
from matcher.store.paging import MAX_LIMIT, Page
from matcher.store.repositories.market import Enterprises
from matcher.store.tables import EnterpriseRow, EventRow

MOST_NEEDS = 8
"""How many needs are looked at, those due first: each costs about what an urgent case costs."""

SOON = timedelta(days=10)


@dataclass(frozen=True, slots=True)
class EventNeeds:
    """The needs that an event is about, those due first.

    Parameters
    ----------
    by_firms
        Whether the event names firms; if not, they are what is due soonest in the market.
    num_more
        How many of the named firms' needs are not looked at.
    """

    needs: tuple[ListedNeed, ...]
    by_firms: bool
    num_more: int


@dataclass(frozen=True, slots=True)
class Reason:
    """What an institution brings to one need."""

    listed: ListedNeed
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Invited:
    """An institution that should come, and for which needs."""

    institution: Institution
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Convocation:
    """Who should come to an event.

    Parameters
    ----------
    invited
        First who is wanted for most needs.
    helpless
        Needs that nobody in the catalogue can help in time.
    """

    about: EventNeeds
    invited: tuple[Invited, ...]
    helpless: tuple[ListedNeed, ...]


def firms_of(event: EventRow) -> frozenset[str]:
    """Return the ids of the firms that an event names: in its hall, or as having taken part.

    Raises
    ------
    InputError
        If its description can no longer be read.
    """
    sheet = sheet_of(event)
    listed = () if sheet is None else sheet.guests
    named = {guest.guest_id for guest in listed if guest.kind is ParticipantKind.FIRM}
    return frozenset(named | set(asked_of(event).outcome.enterprises))


def needs_of_event(session: Session, actor: Actor, event: EventRow, today: date) -> EventNeeds:
    """Return the needs of the firms of an event whose day has not passed.

    An event that names no firm is about what is due within ten days.
    """
    keys = firms_of(event)
    if not keys:
        which = NeedFilter(due_from=today, due_to=today + SOON)
        found = list_needs(session, actor, Page(MOST_NEEDS), which, NeedSort.DEADLINE)
        return EventNeeds(found.rows, by_firms=False, num_more=0)
    rows = _open_needs(session, actor, keys, today)
    return EventNeeds(tuple(rows[:MOST_NEEDS]), True, max(len(rows) - MOST_NEEDS, 0))


def convene_event(
    session: Session, actor: Actor, event: EventRow, weights: Weights, now: datetime
) -> Convocation:
    """Return who should be asked to come to an event, as things stand now."""
    today = china_day(now)
    about = needs_of_event(session, actor, event, today)
    asked: dict[str, list[Reason]] = {}
    banks: dict[str, Institution] = {}
    helpless: list[ListedNeed] = []
    for listed in about.needs:
        graph = ScoringGraph.build(market_of(session, listed, today), weights)
        parties = convene_in(graph, 0).table.parties
        for party in parties:
            key = party.institution.institution_id
            banks[key] = party.institution
            asked.setdefault(key, []).append(Reason(listed, party.parts))
        if not parties:
            helpless.append(listed)
    invited = [Invited(banks[key], tuple(reasons)) for key, reasons in asked.items()]
    invited.sort(key=lambda one: (-len(one.reasons), one.institution.institution_id))
    return Convocation(about, tuple(invited), tuple(helpless))


def _open_needs(
    session: Session, actor: Actor, keys: Collection[str], today: date
) -> list[ListedNeed]:
    """Return the needs of firms that are not past, those due first, those without a day last."""
    query = Enterprises(session, actor).query().where(col(EnterpriseRow.key).in_(keys))
    found: list[ListedNeed] = []
    for firm in session.scalars(query):
        which = NeedFilter(enterprise_id=firm.id)
        found += list_needs(session, actor, Page(MAX_LIMIT), which, NeedSort.DEADLINE).rows
    known = [one for one in found if one.need.needed_by is None or one.need.needed_by >= today]
    return sorted(known, key=lambda one: (one.need.deadline_order, one.need.key))
