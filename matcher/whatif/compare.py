"""Two plans side by side: who gains, who loses, why, and what each scarce thing is worth."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from matcher.domain.text import Text
from matcher.planning.dimensions import DIMENSIONS
from matcher.planning.plan import Match
from matcher.planning.pools import PoolRow
from matcher.whatif.levels import Fairness, fairness
from matcher.whatif.reasons import Reason, Reasons
from matcher.whatif.side import PairKey, Side
from matcher.whatif.solving import Solved
from matcher.whatif.tallies import (
    INSTITUTION,
    Tally,
    group_tallies,
    institution_tallies,
    total,
    worst,
)


class Fate(StrEnum):
    """What became of a match."""

    KEPT = "kept"
    GAINED = "gained"
    LOST = "lost"
    MOVED = "moved"


FATE_TEXTS = {
    Fate.KEPT: Text("保留", "kept"),
    Fate.GAINED: Text("新增", "gained"),
    Fate.LOST: Text("失去", "lost"),
    Fate.MOVED: Text("改换", "moved"),
}


@dataclass(frozen=True, slots=True)
class MatchChange:
    """A match before and after: gained without the one, lost without the other.

    A need that loses one match and gains another has moved. Kept matches that cost, give or
    come otherwise than before are told too, with what is otherwise.
    """

    fate: Fate
    before: Match | None
    after: Match | None
    reasons: tuple[Reason, ...] = ()

    @property
    def need_id(self) -> str:
        """The id of the need."""
        match = self.after or self.before
        assert match is not None
        return match.need.need_id


@dataclass(frozen=True, slots=True)
class GroupChange:
    """What a group gets before and after; None where there is no such group."""

    key: str
    text: Text
    before: Tally | None
    after: Tally | None


@dataclass(frozen=True, slots=True)
class Worst:
    """The group of the least share: its key and its share."""

    key: str
    text: Text
    share: Decimal


@dataclass(frozen=True, slots=True)
class DimensionChange:
    """All groups of one way to divide, with the worst-off one before and after."""

    name: str
    text: Text
    groups: tuple[GroupChange, ...]
    worst_before: Worst | None = None
    worst_after: Worst | None = None


@dataclass(frozen=True, slots=True)
class PoolChange:
    """A capacity before and after; None where there is no such limit."""

    row: PoolRow
    capacity: tuple[int | None, int | None]
    used: tuple[int | None, int | None]
    multiplier: tuple[float | None, float | None]


@dataclass(frozen=True, slots=True)
class Quality:
    """How good a plan is, and what is proved about it."""

    objective: float | None
    bound: float | None
    gap: float | None
    status: str
    method: str


@dataclass(frozen=True, eq=False, slots=True)
class Comparison:
    """Two plans side by side.

    Parameters
    ----------
    changes
        Gained, lost and moved matches, and kept ones that are not what they were, by need.
    num_kept
        How many matches are in both plans.
    needs_gained, needs_lost
        Ids of needs that have a match in one plan only.
    groups
        By institution, size, sector, region and priority.
    pools
        Every capacity that either plan uses, prices or has otherwise than the other.
    fairness
        The levels of max-min, where a plan was made so.
    """

    before: Solved
    after: Solved
    quality: tuple[Quality, Quality]
    totals: tuple[Tally, Tally]
    changes: tuple[MatchChange, ...]
    num_kept: int
    needs_gained: tuple[str, ...]
    needs_lost: tuple[str, ...]
    groups: tuple[DimensionChange, ...]
    pools: tuple[PoolChange, ...]
    fairness: tuple[Fairness, ...] = ()

    def of(self, fate: Fate) -> list[MatchChange]:
        """Return the changes of one kind."""
        return [change for change in self.changes if change.fate is fate]


def compare(before: Solved, after: Solved) -> Comparison:
    """Compare two plans of nearly the same round."""
    old, new = Side(before), Side(after)
    kept = [pair for pair in old.matches if pair in new.matches]
    return Comparison(
        before=before,
        after=after,
        quality=(_quality(before), _quality(after)),
        totals=(total(before.plan), total(after.plan)),
        changes=tuple(_changes(old, new, kept)),
        num_kept=len(kept),
        needs_gained=tuple(sorted(after.matched - before.matched)),
        needs_lost=tuple(sorted(before.matched - after.matched)),
        groups=(_institutions(old, new), *(_dimension(old, new, name) for name in DIMENSIONS)),
        pools=tuple(_pools(old, new)),
        fairness=fairness(before, after),
    )


def _quality(solved: Solved) -> Quality:
    result = solved.result
    return Quality(result.objective, result.bound, result.gap, result.status.value, result.method)


def _changes(old: Side, new: Side, kept: Iterable[PairKey]) -> list[MatchChange]:
    reasons = Reasons(old, new)
    lost = [pair for pair in old.matches if pair not in new.matches]
    gained = [pair for pair in new.matches if pair not in old.matches]
    found = [
        MatchChange(Fate.KEPT, old.matches[pair], new.matches[pair], reasons.kept(pair))
        for pair in kept
        if _differs(old.matches[pair], new.matches[pair])
    ]
    for need in sorted({pair[0] for pair in (*lost, *gained)}):
        gone = [pair for pair in lost if pair[0] == need]
        come = [pair for pair in gained if pair[0] == need]
        moved = min(len(gone), len(come))
        found += [
            MatchChange(
                Fate.MOVED,
                old.matches[a],
                new.matches[b],
                _once((*reasons.lost(a), *reasons.gained(b))),
            )
            for a, b in zip(gone[:moved], come[:moved], strict=True)
        ]
        found += [
            MatchChange(Fate.LOST, old.matches[a], None, reasons.lost(a)) for a in gone[moved:]
        ]
        found += [
            MatchChange(Fate.GAINED, None, new.matches[b], reasons.gained(b)) for b in come[moved:]
        ]
    return sorted(found, key=lambda change: change.need_id)


def _once(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """Return reasons without repetition; what says nothing goes where something else does."""
    found = tuple(dict.fromkeys(reasons))
    telling = tuple(r for r in found if r.kind not in ("elsewhere", "tie"))
    return telling or found[:1]


def _differs(one: Match, other: Match) -> bool:
    fields = ("offered_fen", "all_in_low", "all_in_high", "cash_date", "support_fen")
    return any(getattr(one, name) != getattr(other, name) for name in fields)


def _institutions(old: Side, new: Side) -> DimensionChange:
    names = {i.institution_id: i.text for side in (old, new) for i in side.market.institutions}
    tallies = institution_tallies(old.solved.plan), institution_tallies(new.solved.plan)
    return DimensionChange("institution", INSTITUTION, _groups(tallies, names.__getitem__))


def _dimension(old: Side, new: Side, name: str) -> DimensionChange:
    dimension = DIMENSIONS[name]
    tallies = (
        group_tallies(old.solved.plan, dimension),
        group_tallies(new.solved.plan, dimension),
    )
    groups = _groups(tallies, dimension.label)
    worst_of = [_worst(t, dimension.label) for t in tallies]
    return DimensionChange(name, dimension.text, groups, *worst_of)


def _worst(tallies: dict[str, Tally], label: Callable[[str], Text]) -> Worst | None:
    found = worst(tallies)
    return None if found is None else Worst(found[0], label(found[0]), found[1])


def _groups(
    tallies: tuple[dict[str, Tally], dict[str, Tally]], label: Callable[[str], Text]
) -> tuple[GroupChange, ...]:
    old, new = tallies
    return tuple(
        GroupChange(key, label(key), old.get(key), new.get(key))
        for key in sorted(old.keys() | new.keys())
    )


def _pools(old: Side, new: Side) -> Iterable[PoolChange]:
    for key, row in {**old.rows, **new.rows}.items():
        capacities = (old.capacity(key), new.capacity(key))
        sides = [(side, side.row_idx.get(key)) for side in (old, new)]
        used = [None if i is None else side.used[i] for side, i in sides]
        prices = [None if i is None else side.price(key) for side, i in sides]
        if any(used) or any(prices) or capacities[0] != capacities[1]:
            yield PoolChange(row, capacities, (used[0], used[1]), (prices[0], prices[1]))
