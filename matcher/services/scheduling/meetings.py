"""Which meetings are to be placed: those of the plan, and those the event file asks for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from matcher.domain.errors import Fault
from matcher.domain.text import Text
from matcher.files.event_sheet import Asked, EventSheet, Place
from matcher.schedule import Meeting, Session, points
from matcher.services.scheduling.guests import NOBODY, GuestList, fault_at
from matcher.services.scheduling.leads import Lead

Pair = tuple[str, str]
"""Ids of a firm and an institution."""

_STAYS_AWAY = Text("{f} 与 {b}：{who} 不参会", "{f} and {b}: {who} does not come")
_AGAINST = Text(
    "{f} 与 {b}：一方只在上午，另一方只在下午",
    "{f} and {b}: one comes in the morning only, the other in the afternoon only",
)
_MORE = Text("另有 {n} 对未列入", "{n} more pairs are left out")
MOST_NAMED = 200
"""So many pairs are left out by name: an event for a few firms is not about the others."""


@dataclass
class Meetings:
    """What was gathered: meetings by pair, the leads behind them, and what is left out."""

    by_pair: dict[Pair, Meeting] = field(default_factory=dict)
    leads: dict[Pair, list[Lead]] = field(default_factory=dict)
    left_out: list[Text] = field(default_factory=list)

    def ids(self, pairs: Sequence[Pair], place: Place, key: str, faults: list[Fault]) -> list[str]:
        """Return the ids of the meetings of pairs; a pair that does not meet is a fault."""
        found = []
        for pair in pairs:
            meeting = self.by_pair.get(pair)
            if meeting is None:
                told = Text("没有这场洽谈", "there is no such meeting")
                faults.append(fault_at(place, key, told, list(pair)))
            else:
                found.append(meeting.meeting_id)
        return found


def meeting_id(pair: Pair) -> str:
    """Return the id of the meeting of a pair, the same in every timetable of an event."""
    return "~".join(pair)


def gather_meetings(
    leads: Sequence[Lead], sheet: EventSheet, guests: GuestList, faults: list[Fault]
) -> Meetings:
    """Make one meeting of all leads of a pair, then do what the file asks."""
    gathered = Meetings()
    for lead in leads:
        gathered.leads.setdefault((lead.firm.party_id, lead.institution.party_id), []).append(lead)
    asked = {item.pair: item for item in sheet.asked}
    for pair, own in gathered.leads.items():
        reason = _why_not(own[0], pair, guests, asked.get(pair))
        if reason is None:
            score = sum((lead.score for lead in own), Decimal(0))
            gathered.by_pair[pair] = _meeting(pair, points(max(score, Decimal(0))), guests)
        else:
            gathered.left_out.append(reason)
    gathered.left_out = _named(gathered.left_out)
    faults += _ask(gathered, sheet.asked, guests)
    return gathered


def _named(reasons: list[Text]) -> list[Text]:
    """Return the first of what is left out, and how many more there are."""
    num_more = len(reasons) - MOST_NAMED
    return [*reasons[:MOST_NAMED], *([_MORE.format(n=num_more)] if num_more > 0 else [])]


def _meeting(pair: Pair, value: int, guests: GuestList) -> Meeting:
    firm, institution = pair
    wishes = [guests.wishes[who] for who in pair if who in guests.wishes]
    wish = wishes[0] if wishes else None
    return Meeting(meeting_id(pair), institution, firm, value=value, wish=wish)


def _why_not(lead: Lead, pair: Pair, guests: GuestList, asked: Asked | None) -> Text | None:
    """Say why a pair of the plan does not meet, None if it does."""
    names = {"f": lead.firm.name, "b": lead.institution.name}
    for party in (lead.firm, lead.institution):
        if party.party_id not in guests.participants:
            return _STAYS_AWAY.format(**names, who=party.name)
    settled = asked is not None and (asked.session is not None or asked.slot is not None)
    return None if settled or _agree(pair, guests) else _AGAINST.format(**names)


def _agree(pair: Pair, guests: GuestList) -> bool:
    return len({guests.wishes[who] for who in pair if who in guests.wishes}) < 2


def _ask(gathered: Meetings, asked: Sequence[Asked], guests: GuestList) -> Iterator[Fault]:
    seen: set[Pair] = set()
    for item in asked:
        faults = [*_unknown(item, guests)]
        if item.pair in seen:
            told = Text("同一对参会方写了两次", "this pair is there twice")
            faults.append(fault_at(item.place, "firm", told, list(item.pair)))
        seen.add(item.pair)
        yield from faults
        if not faults:
            gathered.by_pair[item.pair] = _as_asked(gathered, item, guests)


def _unknown(item: Asked, guests: GuestList) -> Iterator[Fault]:
    for key, who in zip(("firm", "institution"), item.pair, strict=True):
        there = guests.participants.get(who)
        if there is None:
            stays = Text("不参会", "does not come")
            yield fault_at(item.place, key, stays if who in guests.known else NOBODY, who)
        elif there.kind.value != key:
            told = Text("此编号属于另一类参会方", "this id is of the other kind of participant")
            yield fault_at(item.place, key, told, who)


def _as_asked(gathered: Meetings, item: Asked, guests: GuestList) -> Meeting:
    base = gathered.by_pair.get(item.pair) or _meeting(item.pair, points(1), guests)
    settled: Session | None = item.session or (None if item.slot is not None else base.wish)
    return replace(
        base,
        must=item.must,
        wish=settled,
        slot=item.slot,
        value=base.value if item.value is None else points(item.value),
    )
