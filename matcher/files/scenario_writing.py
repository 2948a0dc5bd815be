"""Each kind of change as JSON values, which its reader reads back as an equal change."""

from __future__ import annotations

from functools import singledispatch
from typing import Any

from matcher.domain.expression import unparse
from matcher.files.scenario_aims import floors_json, restore_aims_json, restore_json
from matcher.files.scenario_changes import selection_json
from matcher.files.scenario_values import write_record, write_values
from matcher.whatif.changes import (
    AddRecord,
    Ban,
    Change,
    ChangeCriteria,
    CopyNeeds,
    MoveDay,
    MoveDeadlines,
    Pin,
    RemoveRecords,
    RestoreAims,
    RestoreRecords,
    ScaleDemand,
    ScaleFields,
    SetFair,
    SetFields,
    SetFloors,
    SetWeights,
    ShiftRates,
)

Json = dict[str, Any]


def change_json(change: Change) -> Json:
    """Return a change as JSON values."""
    named = {"name": change.label} if change.label else {}
    return {"kind": change.kind, **named, **_content(change)}


@singledispatch
def _content(change: Change) -> Json:
    """Return what a change says, by its kind."""
    raise TypeError(f"no writer for {type(change).__name__}")


@_content.register
def _(change: SetFields) -> Json:
    written = write_values(change.table, change.values)
    chosen = {"table": change.table, **selection_json(change.records)}
    return {**chosen, "values": written, "clear": list(change.clear)}


@_content.register
def _(change: ScaleFields) -> Json:
    chosen = {"table": change.table, **selection_json(change.records)}
    return {**chosen, "fields": list(change.fields), "factor": f"{change.factor:f}"}


@_content.register
def _(change: RemoveRecords) -> Json:
    return {"table": change.table, **selection_json(change.records)}


@_content.register
def _(change: AddRecord) -> Json:
    return {"table": change.table, "record": write_record(change.record)}


@_content.register
def _(change: RestoreRecords) -> Json:
    return {"entries": restore_json(change)}


@_content.register
def _(change: ShiftRates) -> Json:
    return {**selection_json(change.records), "basis_points": change.basis_points}


@_content.register
def _(change: ChangeCriteria) -> Json:
    return {
        "table": change.table,
        **selection_json(change.records),
        "add": [unparse(rule) for rule in change.add],
        "drop": [unparse(rule) for rule in change.drop],
        "drop_all": change.drop_all,
    }


@_content.register
def _(change: MoveDeadlines) -> Json:
    moved: Json = {} if change.days is None else {"days": change.days}
    moved |= {} if change.to is None else {"to": change.to.isoformat()}
    return {**selection_json(change.records), **moved}


@_content.register
def _(change: ScaleDemand) -> Json:
    return {**selection_json(change.records), "factor": f"{change.factor:f}"}


@_content.register
def _(change: CopyNeeds) -> Json:
    return {**selection_json(change.records), "copies": change.copies}


@_content.register
def _(change: SetWeights) -> Json:
    return {"values": {name: f"{value:f}" for name, value in sorted(change.values)}}


@_content.register
def _(change: SetFloors) -> Json:
    return {"floors": floors_json(change.floors), "only": change.only}


@_content.register
def _(change: SetFair) -> Json:
    return {"by": change.by}


@_content.register
def _(change: Pin) -> Json:
    return {"need": change.need, "product": change.product}


@_content.register
def _(change: Ban) -> Json:
    needs = selection_json(change.needs, "need")
    return {**needs, **selection_json(change.products, "product")}


@_content.register
def _(change: MoveDay) -> Json:
    return {"to": change.to.isoformat()}


@_content.register
def _(change: RestoreAims) -> Json:
    return restore_aims_json(change)
