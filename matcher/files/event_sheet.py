"""What an event file says: the hall, the guests, and what is asked for, by ids not yet known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from matcher.domain.event import EventKind
from matcher.domain.text import Text
from matcher.schedule import ParticipantKind, Pause, Session, Slot, Table

NOWHERE = Text("", "")


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the file something stands, for faults that show only beside a plan."""

    section: str
    row: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EventHead:
    """What stands at the top of everything that people take home.

    Parameters
    ----------
    organiser, email
        Who holds it; empty where not said.
    revision
        How many timetables of this event were given out before; later ones replace earlier
        ones in people's calendars.
    """

    event_id: str
    title: Text
    kind: EventKind
    days: tuple[date, ...]
    place: Text = NOWHERE
    organiser: str = ""
    email: str = ""
    revision: int = 0

    @property
    def day(self) -> date:
        """The first day."""
        return self.days[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """A participant as the file has it.

    Parameters
    ----------
    name, name_en
        Empty: as the plan says.
    wish
        The half of the day in which all its meetings have to be.
    """

    guest_id: str
    kind: ParticipantKind
    place: Place
    name: str = ""
    name_en: str = ""
    officers: int = 1
    tables: tuple[str, ...] = ()
    max_run: int | None = None
    wish: Session | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A meeting that is asked for, or asked to be at a certain time.

    Parameters
    ----------
    value
        What it is worth if the plan does not have it, as a score; None: 1.
    must
        Whether a timetable without it is none.
    """

    pair: tuple[str, str]
    place: Place
    must: bool = False
    value: float | None = None
    session: Session | None = None
    slot: str | None = None


@dataclass(frozen=True, slots=True)
class Away:
    """A guest (id) is away in slots (ids)."""

    who: str
    slots: frozenset[str]
    place: Place


@dataclass(frozen=True, slots=True)
class Apart:
    """Guests (ids) or meetings (firm, institution) of which no two are at the same time."""

    guests: tuple[str, ...]
    meetings: tuple[tuple[str, str], ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Order:
    """One meeting (firm, institution) comes before another."""

    before: tuple[str, str]
    after: tuple[str, str]
    place: Place


@dataclass(frozen=True, kw_only=True)
class EventSheet:
    """An event file, read.

    Parameters
    ----------
    only_listed
        The kinds of participants of which only those come that the file lists; of the others
        everybody in the plan does.
    """

    file: str
    head: EventHead
    slots: tuple[Slot, ...]
    tables: tuple[Table, ...]
    pauses: tuple[Pause, ...] = ()
    guests: tuple[Guest, ...] = ()
    away: tuple[Away, ...] = ()
    asked: tuple[Asked, ...] = ()
    apart: tuple[Apart, ...] = ()
    orders: tuple[Order, ...] = ()
    max_run: int | None = None
    fairness: int | None = None
    only_listed: frozenset[ParticipantKind] = frozenset()
