"""The register of events: meetings, park events, visits and talks, and what they add up to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from matcher.domain.choices import Choice
from matcher.domain.enterprise import require_id
from matcher.domain.errors import Faults
from matcher.domain.provenance import NO_SOURCE, Provenance
from matcher.domain.text import Text


class EventKind(Choice):
    """What sort of event it is."""

    MATCHMAKING = "matchmaking", "银企对接会"
    RELIEF_MEETING = "relief_meeting", "金融纾困专题沟通会"
    PARK_EVENT = "park_event", "金融服务进园区活动"
    ADVISER_VISIT = "adviser_visit", "金融顾问走访"
    TALK = "talk", "金融宣讲"

    @property
    def text(self) -> Text:
        """The kind in both languages."""
        return Text(self.zh, _ENGLISH[self.value])


_ENGLISH = {
    "matchmaking": "matchmaking meeting",
    "relief_meeting": "financial relief meeting",
    "park_event": "park event",
    "adviser_visit": "adviser visit",
    "talk": "talk",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event that was held, or is to be held.

    Parameters
    ----------
    place
        Where; None where not said.
    institutions
        Ids of the institutions that take part.
    enterprises
        Ids of the firms that take part, as far as they are known by name.
    num_enterprises
        How many firms take part, named or not; None: as many as are named.
    problems_solved
        How many questions of firms were settled at it.
    num_deals, promised_fen, disbursed_fen
        What came of it afterwards: deals signed, money promised and money paid out, in fen;
        None where nobody has followed it up.
    """

    event_id: str
    kind: EventKind
    day: date
    place: str | None = None
    institutions: frozenset[str] = frozenset()
    enterprises: frozenset[str] = frozenset()
    num_enterprises: int | None = None
    problems_solved: int = 0
    num_deals: int | None = None
    promised_fen: int | None = None
    disbursed_fen: int | None = None
    provenance: Provenance = NO_SOURCE

    def __post_init__(self) -> None:
        faults = Faults()
        require_id(faults, "event_id", self.event_id)
        place_holds = self.place is None or bool(self.place.strip())
        faults.require(place_holds, "place", self.place, Text("非空地点", "a place"))
        for field in ("institutions", "enterprises"):
            for identity in sorted(getattr(self, field)):
                require_id(faults, field, identity)
        named = len(self.enterprises)
        faults.require(
            self.num_enterprises is None or self.num_enterprises >= named,
            "num_enterprises",
            self.num_enterprises,
            Text(f"不小于 {named}", f"{named} or more"),
        )
        faults.not_negative(problems_solved=self.problems_solved, num_deals=self.num_deals)
        faults.amounts(promised_fen=self.promised_fen, disbursed_fen=self.disbursed_fen)
        faults.raise_if_any()

    @property
    def attendance(self) -> int | None:
        """How many firms take part; None where neither a number nor a name is known."""
        named = len(self.enterprises) or None
        return named if self.num_enterprises is None else self.num_enterprises

    @property
    def is_followed_up(self) -> bool:
        """Whether anything is known of what came of it."""
        return any(n is not None for n in (self.num_deals, self.promised_fen, self.disbursed_fen))


@dataclass(frozen=True, slots=True)
class EventCounts:
    """What a set of events adds up to.

    Parameters
    ----------
    by_kind
        (kind, number) for every kind, in the order of `EventKind`; 0 where there is none.
    known_attendance
        Firms summed over the events where they are known: one that comes twice counts twice.
    num_counted
        The number of these events.
    named_enterprises
        Different firms among those known by name.
    problems_solved
        Questions settled.
    num_followed
        The number of events of which it is known what came of them.
    num_deals, promised_fen, disbursed_fen
        Deals signed, and fen promised and paid out, over the events where each is known; None
        where there are events and of none it is known.
    """

    by_kind: tuple[tuple[EventKind, int], ...]
    known_attendance: int
    num_counted: int
    named_enterprises: int
    problems_solved: int
    num_followed: int
    num_deals: int | None
    promised_fen: int | None
    disbursed_fen: int | None

    @property
    def num_events(self) -> int:
        """The number of events of all kinds."""
        return sum(number for _, number in self.by_kind)

    @property
    def attendance(self) -> int | None:
        """Firms summed over events; None where of none of the events it is known how many came."""
        return self.known_attendance if self.num_counted or not self.num_events else None

    @property
    def per_event(self) -> Decimal | None:
        """Return the mean number of firms at an event where it is known; None without any."""
        return Decimal(self.known_attendance) / self.num_counted if self.num_counted else None

    def of(self, kind: EventKind) -> int:
        """Return the number of events of a kind."""
        return dict(self.by_kind)[kind]


def count_events(
    events: Iterable[Event], *, since: date | None = None, until: date | None = None
) -> EventCounts:
    """Count the events from ``since`` to ``until``, both days included.

    Raises
    ------
    InputError
        If an id is used twice, naming each, or ``since`` lies after ``until``.
    """
    register = tuple(events)
    _require_sound(register, since, until)
    held = [
        e
        for e in register
        if (since is None or e.day >= since) and (until is None or e.day <= until)
    ]
    return EventCounts(
        by_kind=tuple((kind, sum(e.kind is kind for e in held)) for kind in EventKind),
        known_attendance=sum(e.attendance or 0 for e in held),
        num_counted=sum(e.attendance is not None for e in held),
        named_enterprises=len({firm for e in held for firm in e.enterprises}),
        problems_solved=sum(e.problems_solved for e in held),
        num_followed=sum(e.is_followed_up for e in held),
        num_deals=_known_sum([e.num_deals for e in held]),
        promised_fen=_known_sum([e.promised_fen for e in held]),
        disbursed_fen=_known_sum([e.disbursed_fen for e in held]),
    )


def _known_sum(numbers: Sequence[int | None]) -> int | None:
    """Add up what is known; None where there is something and nothing of it is known."""
    known = [number for number in numbers if number is not None]
    return sum(known) if known or not numbers else None


def _require_sound(events: tuple[Event, ...], since: date | None, until: date | None) -> None:
    faults, seen = Faults(), set[str]()
    faults.ordered("since", since, "until", until)
    for event in events:
        new = Text("未用过的编号", "an id not used before")
        faults.require(event.event_id not in seen, "event_id", event.event_id, new)
        seen.add(event.event_id)
    faults.raise_if_any()
