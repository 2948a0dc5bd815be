"""Max-min over the groups of a round: floors that serve the worst group as well as can be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matcher.assign import Floor
from matcher.assign.fairness import max_min
from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Text
from matcher.market import Market
from matcher.planning.dimensions import DIMENSIONS
from matcher.planning.encode import Encoded
from matcher.planning.floors import GroupFloor, usable

INSTITUTION = "institution"
FAIR_PENALTY = 100.0
"""What one that lacks costs: more than any regrouping of matches worth 1 at most can gain."""


@dataclass(frozen=True, slots=True)
class FairLevels:
    """What max-min asks of each group.

    Parameters
    ----------
    by
        How needs, or leads, were divided.
    floors
        One for each group.
    proved
        Whether it is proved of every group that it can be served no better without serving one
        that is no better off less; not where time was up.
    """

    by: str
    floors: tuple[GroupFloor, ...]
    proved: bool


def fair_floors(market: Market, encoded: Encoded, by: str, time_limit: float = 60.0) -> FairLevels:
    """Find a floor for each group at its max-min level; see `max_min`.

    The rate of a group of needs is the share that is matched of those that can be matched at
    all. The rate of an institution is the share of the leads that it takes; where it names no
    limit, of the needs that its products fit.

    Raises
    ------
    InputError
        If there is no such way to divide.
    """
    check_fair(by)
    if by == INSTITUTION:
        named = [i.institution_id for i in market.institutions]
        asked = [GroupFloor(institution_id=name, least=0) for name in named]
        groups, sizes = _institutions(market, encoded)
    else:
        key = DIMENSIONS[by].key
        pairs = zip(market.needs, market.enterprise_of, strict=True)
        keys = [key(need, firm) for need, firm in pairs]
        asked = [GroupFloor(group=(by, one), least=0) for one in sorted(set(keys))]
        groups, sizes = _needs(encoded, np.array(keys, dtype=object))
    levels = max_min(encoded.problem, groups, sizes, time_limit)
    found = tuple(
        GroupFloor(
            group=floor.group,
            institution_id=floor.institution_id,
            least=int(least),
            penalty=FAIR_PENALTY,
        )
        for floor, least in zip(asked, levels.least, strict=True)
    )
    return FairLevels(by, found, all(levels.proved))


def check_fair(by: str | None, field: str = "fair") -> None:
    """Refuse what is no way to divide needs or leads; None asks for none.

    Raises
    ------
    InputError
        Naming the ways that there are.
    """
    if by is not None and by != INSTITUTION and by not in DIMENSIONS:
        names = Text.join([Text.same(name) for name in (*DIMENSIONS, INSTITUTION)])
        message = Text("不能按此分组", "is no way to divide needs")
        raise InputError([Fault(message, field=field, value=by, expected=names)])


def _needs(encoded: Encoded, keys: np.typing.NDArray[np.object_]) -> tuple[list[Floor], list[int]]:
    problem = encoded.problem
    is_open = np.zeros(problem.num_needs, dtype=bool)
    is_open[problem.need[usable(problem)]] = True
    members = [np.flatnonzero((keys == key) & is_open) for key in sorted(set(keys))]
    return [Floor(needs=rows) for rows in members], [len(rows) for rows in members]


def _institutions(market: Market, encoded: Encoded) -> tuple[list[Floor], list[int]]:
    problem, is_open = encoded.problem, usable(encoded.problem)
    groups, sizes = [], []
    for index, institution in enumerate(market.institutions):
        options = np.flatnonzero(market.institution_idx == index)
        theirs = is_open & np.isin(problem.option, options)
        num_open = len(np.unique(problem.need[theirs]))
        leads = institution.leads
        groups.append(Floor(options=options))
        sizes.append(num_open if leads is None else min(num_open, leads))
    return groups, sizes
