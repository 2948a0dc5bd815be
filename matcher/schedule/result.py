"""Result: a timetable, what each level of the objective came to, and what is proved of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from matcher.domain.text import Text
from matcher.schedule.timetable import Timetable


class Status(StrEnum):
    """How a solve ended."""

    OPTIMAL = "optimal"
    """No timetable is better in any level from the first to the spread."""
    FEASIBLE = "feasible"
    """A timetable that keeps every rule; better ones may exist."""
    INFEASIBLE = "infeasible"
    """It is proved that no timetable exists."""
    UNKNOWN = "unknown"
    """Time was up before a timetable, or the proof that there is none, was found."""


class LevelName(StrEnum):
    """The levels of the objective; the last three are those of a change on the day."""

    VALUE = "value"
    BREAKS = "breaks"
    SPREAD = "spread"
    TABLE_CHANGES = "table_changes"
    MUSTS_LOST = "musts_lost"
    VALUE_LOST = "value_lost"
    MOVED = "moved"

    @property
    def text(self) -> Text:
        """The level in words."""
        return _WORDS[self]


_WORDS = {
    LevelName.VALUE: Text("安排的洽谈价值", "value of the meetings placed"),
    LevelName.BREAKS: Text("空档总数", "idle gaps"),
    LevelName.SPREAD: Text("空档最多与最少之差", "most gaps minus fewest"),
    LevelName.TABLE_CHANGES: Text("换桌次数", "table changes"),
    LevelName.MUSTS_LOST: Text("取消的必办洽谈数", "musts that are off"),
    LevelName.VALUE_LOST: Text("取消的洽谈价值", "value of the planned meetings that are off"),
    LevelName.MOVED: Text("改期或取消的洽谈数", "planned meetings moved or off"),
}


@dataclass(frozen=True, slots=True)
class Level:
    """One level of the objective.

    Parameters
    ----------
    value
        What the timetable comes to.
    bound
        What none comes to better than, among those that are no worse in the levels before; for
        the table changes, among those with the same slots. A greatest value for `VALUE`, a
        least one for the others.
    """

    name: LevelName
    value: int
    bound: int

    @property
    def proven(self) -> bool:
        """Whether the value is the best there is."""
        return self.value == self.bound


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that was asked for, in words; a set of them may leave no timetable.

    Parameters
    ----------
    kind
        ``must``, ``absence``, ``wish``, ``fixed_slot``, ``officers``, ``tables``, ``max_run``,
        ``precedence``, ``never_together`` or ``fairness``.
    subject
        Ids of whom or what it is about.
    """

    kind: str
    subject: tuple[str, ...]
    text: Text


@dataclass(frozen=True)
class Result:
    """The outcome of one solve.

    Parameters
    ----------
    timetable
        None unless the status is optimal or feasible.
    levels
        Value and bound of each level, in order; empty without a timetable.
    breaks
        (participant id, idle gaps) of every participant, in the problem's order.
    unplaced
        Ids of the meetings that do not take place.
    conflict
        Facts that leave no timetable together, where the status is infeasible.
    conflict_is_minimal
        Whether it is proved that without any one of these facts the others can be met.
    seconds
        Wall clock.
    reason
        Why the status is what it is.
    """

    status: Status
    timetable: Timetable | None
    levels: tuple[Level, ...]
    breaks: tuple[tuple[str, int], ...]
    unplaced: tuple[str, ...]
    conflict: tuple[Fact, ...]
    conflict_is_minimal: bool
    seconds: float
    reason: Text

    def level(self, name: LevelName) -> Level | None:
        """Return one level, None without a timetable."""
        return next((level for level in self.levels if level.name is name), None)

    @property
    def objective(self) -> int | None:
        """The sum of idle gaps, the yardstick of the published instances; None without one."""
        level = self.level(LevelName.BREAKS)
        return None if level is None else level.value

    @property
    def bound(self) -> int | None:
        """The fewest idle gaps that any timetable of this value can have."""
        level = self.level(LevelName.BREAKS)
        return None if level is None else level.bound
