"""The kinds of changes, one frozen dataclass each, found by name."""

from matcher.whatif.changes.aims import (
    Ban,
    MoveDay,
    Pin,
    RestoreAims,
    SetFair,
    SetFloors,
    SetWeights,
)
from matcher.whatif.changes.base import Change
from matcher.whatif.changes.demand import CopyNeeds, MoveDeadlines, ScaleDemand
from matcher.whatif.changes.offers import ChangeCriteria, ShiftRates
from matcher.whatif.changes.records import (
    AddRecord,
    RemoveRecords,
    RestoreRecords,
    ScaleFields,
    SetFields,
)

_KINDS: tuple[type[Change], ...] = (
    SetFields, ScaleFields, RemoveRecords, AddRecord, ShiftRates, ChangeCriteria, MoveDeadlines,
    ScaleDemand, CopyNeeds, SetWeights, SetFloors, SetFair, Pin, Ban, MoveDay, RestoreRecords,
    RestoreAims,
)  # fmt: skip
CHANGES: dict[str, type[Change]] = {change.kind: change for change in _KINDS}
"""Every kind of change by its name in files."""

__all__ = [
    "CHANGES",
    "AddRecord",
    "Ban",
    "Change",
    "ChangeCriteria",
    "CopyNeeds",
    "MoveDay",
    "MoveDeadlines",
    "Pin",
    "RemoveRecords",
    "RestoreAims",
    "RestoreRecords",
    "ScaleDemand",
    "ScaleFields",
    "SetFair",
    "SetFields",
    "SetFloors",
    "SetWeights",
    "ShiftRates",
]
