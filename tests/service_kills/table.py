"""What came of kills, as a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

READY_SECONDS = 5.0
"""How soon the service has to be ready again."""


@dataclass(frozen=True, slots=True)
class Kill:
    """One kill: where, how long until all was well again, and what was not."""

    database: str
    point: str
    seconds: float
    faults: tuple[str, ...] = ()


def lines(kills: Sequence[Kill]) -> Iterable[str]:
    """Yield the table: a line for each point of each database, and every fault."""
    yield _line("database", "killed at", "kills", "faults", "median s", "max s")
    for place in dict.fromkeys((kill.database, kill.point) for kill in kills):
        found = [kill for kill in kills if (kill.database, kill.point) == place]
        seconds = sorted(kill.seconds for kill in found)
        num_faults = sum(len(kill.faults) for kill in found)
        median, most = seconds[len(seconds) // 2], seconds[-1]
        database, point = place
        yield _line(database, point, len(found), num_faults, f"{median:.2f}", f"{most:.2f}")
    for kill in kills:
        for fault in kill.faults:
            yield f"{kill.database} {kill.point}: {fault}"


def _line(database: object, point: object, *figures: object) -> str:
    return f"{database:<11} {point:<24}" + "".join(f"{figure:>9}" for figure in figures)


def is_good(kills: Sequence[Kill], ready_seconds: float) -> bool:
    """Tell whether nothing was wrong, and all was well again soon enough."""
    return all(not kill.faults and kill.seconds <= ready_seconds for kill in kills)
