"""Who has to be at the table of an event: the convening lists of its needs, put together.

A relief meeting is called for a few firms. For each of their needs the fewest institutions are
found that bring all that it accepts in time, as for an urgent case; whoever is on any of those
lists is asked to come. Each need takes what an urgent case takes, so somebody who waits asks again
and again, and what was found before is kept.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from threading import Lock
from uuid import UUID

from sqlmodel import Session, col

from matcher.domain.actor import Actor
from matcher.domain.institution import Institution
from matcher.domain.moments import china_day
from matcher.planning.convening import Part, Party
from matcher.schedule.people import ParticipantKind
from matcher.scoring.graph import ScoringGraph
from matcher.scoring.weights import Weights
from matcher.services.convening import invite_in
from matcher.services.meetings.describing import sheet_of
from matcher.services.meetings.register import asked_of
from matcher.services.record.append import head_of
from matcher.services.records.filters import NeedFilter, NeedSort
from matcher.services.records.lists import ListedNeed, list_needs
from matcher.services.records.state import market_revision
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
    num_waiting
        Needs that have not been looked at yet.
    """

    about: EventNeeds
    invited: tuple[Invited, ...]
    helpless: tuple[ListedNeed, ...]
    num_waiting: int = 0


class KeptParties:
    """Who can help the needs of one database, as found last; all anew once anything has changed."""

    def __init__(self) -> None:
        self._state: tuple[object, ...] = ()
        self._found: dict[UUID, tuple[Party, ...]] = {}
        self._lock = Lock()

    def known(self, state: tuple[object, ...]) -> dict[UUID, tuple[Party, ...]]:
        """Return what is known in a state of the database, by need."""
        with self._lock:
            return dict(self._found) if state == self._state else {}

    def keep(self, state: tuple[object, ...], found: dict[UUID, tuple[Party, ...]]) -> None:
        """Remember what was found in a state, and forget what belongs to any other."""
        with self._lock:
            if state != self._state:
                self._state, self._found = state, {}
            self._found |= found


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
    session: Session,
    actor: Actor,
    event: EventRow,
    weights: Weights,
    now: datetime,
    kept: KeptParties | None = None,
    most: int = MOST_NEEDS,
) -> Convocation:
    """Return who should be asked to come to an event, as things stand now.

    Parameters
    ----------
    kept
        What was found before with these weights; None for nothing.
    most
        So many needs at the most are looked at that nothing is known of; the others wait.
    """
    today, head = china_day(now), head_of(session)
    # Read before all else: what is found may be newer than it says, and never older.
    state = (market_revision(session), 0 if head is None else head.number, today)
    about = needs_of_event(session, actor, event, today)
    known = {} if kept is None else kept.known(state)
    new = [one for one in about.needs if one.need.id not in known][:most]
    found = {one.need.id: _parties(session, one, weights, today) for one in new}
    if kept is not None:
        kept.keep(state, found)
    return _together(about, known | found)


def _parties(
    session: Session, listed: ListedNeed, weights: Weights, today: date
) -> tuple[Party, ...]:
    graph = ScoringGraph.build(market_of(session, listed, today), weights)
    return invite_in(graph, 0)


def _together(about: EventNeeds, found: dict[UUID, tuple[Party, ...]]) -> Convocation:
    """Return the parties by institution, first who is wanted for most needs."""
    asked: dict[str, list[Reason]] = {}
    banks: dict[str, Institution] = {}
    looked_at = [one for one in about.needs if one.need.id in found]
    for listed in looked_at:
        for party in found[listed.need.id]:
            key = party.institution.institution_id
            banks[key] = party.institution
            asked.setdefault(key, []).append(Reason(listed, party.parts))
    invited = [Invited(banks[key], tuple(reasons)) for key, reasons in asked.items()]
    invited.sort(key=lambda one: (-len(one.reasons), one.institution.institution_id))
    helpless = tuple(one for one in looked_at if not found[one.need.id])
    return Convocation(about, tuple(invited), helpless, len(about.needs) - len(looked_at))


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
