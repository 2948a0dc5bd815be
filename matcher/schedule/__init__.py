"""The meeting timetable: a problem, its solver, and a checker that shares nothing with it."""

from matcher.schedule.changes import (
    Cancelled,
    Change,
    Late,
    Leaves,
    StaysAway,
    TableBroken,
    has_begun,
)
from matcher.schedule.check import check, find_faults
from matcher.schedule.dzn import parse_dzn, read_dzn
from matcher.schedule.hall import Pause, Session, Slot, Table
from matcher.schedule.moves import Move, moves_between
from matcher.schedule.people import Meeting, Participant, ParticipantKind, points
from matcher.schedule.problem import Problem
from matcher.schedule.replan import Replan, replan
from matcher.schedule.result import Fact, Level, LevelName, Result, Status
from matcher.schedule.rules import Absence, NeverTogether, Precedence
from matcher.schedule.solve import solve
from matcher.schedule.timetable import Placement, Timetable

__all__ = [
    "Absence",
    "Cancelled",
    "Change",
    "Fact",
    "Late",
    "Leaves",
    "Level",
    "LevelName",
    "Meeting",
    "Move",
    "NeverTogether",
    "Participant",
    "ParticipantKind",
    "Pause",
    "Placement",
    "Precedence",
    "Problem",
    "Replan",
    "Result",
    "Session",
    "Slot",
    "Status",
    "StaysAway",
    "Table",
    "TableBroken",
    "Timetable",
    "check",
    "find_faults",
    "has_begun",
    "moves_between",
    "parse_dzn",
    "points",
    "read_dzn",
    "replan",
    "solve",
]
