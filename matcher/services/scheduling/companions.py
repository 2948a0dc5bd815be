"""Guarantors and insurers of a package sit at the table of the bank that leads it.

The engine knows two sides of a meeting. That a third party is at no two tables at once is told
to it as "never at the same time": each of the party's officers is given the meetings that he
goes to, and no two of one officer's meetings share a slot.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from matcher.domain.text import Text
from matcher.schedule import NeverTogether
from matcher.services.scheduling.guests import GuestList
from matcher.services.scheduling.meetings import Meetings, Pair

_AWAY = Text(
    "{g} 不是全天在场，不安排随同 {f} 与 {b} 的洽谈",
    "{g} is not there all day and does not sit along with {f} and {b}",
)
_BUSY = Text(
    "{g} 人手不足，无法随同 {f} 与 {b} 的洽谈",
    "{g} has too few people to sit along with {f} and {b}",
)


@dataclass
class Companions:
    """Who sits along at which meeting, and what that asks of the timetable."""

    others: dict[Pair, list[str]] = field(default_factory=lambda: defaultdict(list))
    rules: list[NeverTogether] = field(default_factory=list)
    notes: list[Text] = field(default_factory=list)


def seat_companions(gathered: Meetings, guests: GuestList, num_slots: int) -> Companions:
    """Give every party that goes with packages its meetings, the most valuable ones first."""
    found = Companions()
    for who, pairs in _wanted(gathered, guests).items():
        _seat(who, pairs, gathered, guests, num_slots, found)
    return found


def _wanted(gathered: Meetings, guests: GuestList) -> dict[str, list[Pair]]:
    """Return for each third party that comes, the meetings where it belongs, best first."""
    wanted: dict[str, list[Pair]] = defaultdict(list)
    for pair, meeting in gathered.by_pair.items():
        parties = {p.party_id for lead in gathered.leads.get(pair, ()) for p in lead.companions}
        for who in sorted(parties - {meeting.first, meeting.second}):
            if who in guests.participants:
                wanted[who].append(pair)
    return {
        who: sorted(pairs, key=lambda pair: (-gathered.by_pair[pair].value, pair))
        for who, pairs in sorted(wanted.items())
    }


def _seat(
    who: str,
    pairs: list[Pair],
    gathered: Meetings,
    guests: GuestList,
    num_slots: int,
    found: Companions,
) -> None:
    officers = guests.participants[who].officers
    own = [m.meeting_id for m in gathered.by_pair.values() if who in m.pair]
    room = max(0, officers * num_slots - len(own))
    if guests.absences.get(who):
        found.notes += [_note(_AWAY, who, pair, guests) for pair in pairs]
        return
    found.notes += [_note(_BUSY, who, pair, guests) for pair in pairs[room:]]
    for pair in pairs[:room]:
        found.others[pair].append(who)
    along = [gathered.by_pair[pair].meeting_id for pair in pairs[:room]]
    everything = own + along
    for officer in range(officers):
        mine = frozenset(everything[officer::officers])
        if along and len(mine) > 1:
            found.rules.append(NeverTogether(meetings=mine))


def _note(told: Text, who: str, pair: Pair, guests: GuestList) -> Text:
    firm, bank = (guests.participants[p].text for p in pair)
    return told.format(g=guests.participants[who].text, f=firm, b=bank)
