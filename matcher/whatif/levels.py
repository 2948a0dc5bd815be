"""Max-min before and after: what it asks for each group, and what each group has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from matcher.domain.text import Text
from matcher.market import Market
from matcher.planning.dimensions import DIMENSIONS
from matcher.planning.fairness import INSTITUTION
from matcher.planning.floors import FloorBook, FloorReport, GroupFloor
from matcher.whatif.changes.aims import fair_text
from matcher.whatif.solving import Solved


@dataclass(frozen=True, slots=True)
class Level:
    """What a group has in one plan.

    Parameters
    ----------
    num_asked
        Its level by max-min; None where that plan was not made so.
    num_matched, num_reachable
        How many have a match of those that could: needs, or leads of an institution.
    """

    num_asked: int | None
    num_matched: int
    num_reachable: int


@dataclass(frozen=True, slots=True)
class LevelChange:
    """The level of a group before and after; None where there is no such group."""

    key: str
    text: Text
    before: Level | None
    after: Level | None


@dataclass(frozen=True, slots=True)
class Fairness:
    """All groups of a way to divide that one of two plans, or both, is fair by.

    Parameters
    ----------
    proved
        Whether all levels are proved, before and after; None where the plan was not made so.
    """

    by: str
    text: Text
    proved: tuple[bool | None, bool | None]
    groups: tuple[LevelChange, ...]


def fairness(before: Solved, after: Solved) -> tuple[Fairness, ...]:
    """Return the levels by each way to divide that either plan is fair by; none if neither is."""
    ways = [solved.levels.by for solved in (before, after) if solved.levels is not None]
    return tuple(_fairness(by, before, after) for by in dict.fromkeys(ways))


def _fairness(by: str, before: Solved, after: Solved) -> Fairness:
    old, new = _levels(before, by), _levels(after, by)
    labels = {**_labels(before.setting.market, by), **_labels(after.setting.market, by)}
    groups = tuple(
        LevelChange(key, labels[key], old.get(key), new.get(key))
        for key in sorted(old.keys() | new.keys())
    )
    return Fairness(by, fair_text(by), (_proved(before, by), _proved(after, by)), groups)


def _proved(solved: Solved, by: str) -> bool | None:
    return solved.levels.proved if solved.levels is not None and solved.levels.by == by else None


def _levels(solved: Solved, by: str) -> dict[str, Level]:
    fair = solved.levels is not None and solved.levels.by == by
    floors = solved.levels.floors if solved.levels is not None and fair else ()
    if not fair:
        floors = tuple(_groups(solved.setting.market, by))
    book = FloorBook(solved.problem, solved.setting.market, floors)
    reports = book.report(solved.result.chosen, [0.0] * len(floors))
    return {_key(report.floor): _level(report, fair) for report in reports}


def _level(report: FloorReport, fair: bool) -> Level:
    asked = report.floor.least if fair else None
    return Level(asked, report.num_matched, report.num_reachable)


def _key(floor: GroupFloor) -> str:
    return floor.group[1] if floor.group is not None else floor.institution_id or ""


def _groups(market: Market, by: str) -> Iterator[GroupFloor]:
    """Yield a floor that asks nothing for each group, to count it."""
    nothing = GroupFloor(least=0)
    for key in sorted(_labels(market, by)):
        if by == INSTITUTION:
            yield replace(nothing, institution_id=key)
        else:
            yield replace(nothing, group=(by, key))


def _labels(market: Market, by: str) -> dict[str, Text]:
    if by == INSTITUTION:
        return {i.institution_id: i.text for i in market.institutions}
    dimension = DIMENSIONS[by]
    pairs = zip(market.needs, market.enterprise_of, strict=True)
    return {key: dimension.label(key) for key in {dimension.key(n, f) for n, f in pairs}}
