"""A fair for the benchmark: firms that each meet some banks, in a hall that is nearly full."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from matcher.domain.moments import CHINA
from matcher.schedule import (
    Absence,
    Meeting,
    Participant,
    ParticipantKind,
    Pause,
    Problem,
    Session,
    Slot,
    Table,
)

_NINE = datetime(2027, 6, 18, 9, tzinfo=CHINA)
_HALF = timedelta(minutes=90)  # lunch


def fair(firms: int = 300, banks: int = 40, slots: int = 24, seed: int = 0) -> Problem:
    """Return a day of 15-minute slots, half before lunch.

    Each firm meets three to six banks, as many as the banks' officers (one or two, each with a
    table of its bank) have slots for; a tenth of the firms comes late, a fifth of the meetings
    is wished for one half of the day.
    """
    rng = Random(seed)
    day = _day(slots)
    officers = {f"b{n}": 1 + (n % 3 == 0) for n in range(banks)}
    room = {bank: int(0.95 * slots * count) for bank, count in officers.items()}
    meetings = []
    for firm in (f"f{n}" for n in range(firms)):
        left = sorted((bank for bank in room if room[bank]), key=lambda bank: -room[bank])
        for bank in rng.sample(left[:20], min(len(left[:20]), rng.randint(3, 6))):
            room[bank] -= 1
            wish = rng.choice([*Session]) if rng.random() < 0.2 else None
            value = rng.randint(100, 1000)
            meetings.append(Meeting(f"{firm}~{bank}", bank, firm, value=value, wish=wish))
    tables = {bank: tuple(f"{bank}.{k}" for k in range(n)) for bank, n in officers.items()}
    late = rng.sample(range(firms), firms // 10)
    return Problem(
        participants=(
            *(Participant(f"f{n}") for n in range(firms)),
            *(
                Participant(b, kind=ParticipantKind.INSTITUTION, officers=n, tables=tables[b])
                for b, n in officers.items()
            ),
        ),
        meetings=tuple(meetings),
        slots=day,
        tables=tuple(Table(table) for own in tables.values() for table in own),
        pauses=(Pause(day[slots // 2 - 1].end, day[slots // 2].start),),
        absences=tuple(Absence(f"f{n}", frozenset(s.slot_id for s in day[:4])) for n in late),
    )


def _day(slots: int) -> tuple[Slot, ...]:
    step = timedelta(minutes=15)
    starts = [_NINE + t * step + (_HALF if 2 * t >= slots else timedelta()) for t in range(slots)]
    return tuple(
        Slot(
            f"s{t + 1}",
            start,
            start + step,
            Session.MORNING if 2 * t < slots else Session.AFTERNOON,
        )
        for t, start in enumerate(starts)
    )
