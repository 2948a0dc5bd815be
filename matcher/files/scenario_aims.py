"""Floors, and what puts a setting back as it was, in a scenario file."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from matcher.domain.errors import InputError
from matcher.domain.expression import unparse
from matcher.domain.text import Text
from matcher.files.scenario_changes import Reading, decimal_of
from matcher.files.scenario_values import read_record, write_record
from matcher.files.tables import table_named
from matcher.files.toml_table import MISSING, UNUSABLE, TomlTable
from matcher.planning.dimensions import DIMENSIONS
from matcher.planning.encode import Fixings
from matcher.planning.floors import DEFAULT_PENALTY, GroupFloor
from matcher.scoring.weights import Weights
from matcher.whatif.changes import Change, RestoreAims, RestoreRecords, SetFair, SetFloors


def read_floors(read: Reading) -> Change:
    """Read one floor from the fields of the change itself, or several from ``floors``."""
    label, only = read.label, read.given.flag("only")
    if not read.given.has("floors"):
        found = [_floor(read)]
    else:
        tables = read.given.rows("floors")
        found = [_floor(_under(read, table)) for table in tables]
        for table in tables:
            table.close()
    kept = tuple(floor for floor in found if floor is not None)
    return SetFloors(label=label, floors=kept, only=only)


def read_fair(read: Reading) -> Change | None:
    """Read by which groups the worst-off come first."""
    by = read.given.text("by", required=True)
    return SetFair(label=read.label, by=by) if by else None


def _under(read: Reading, table: TomlTable) -> Reading:
    table.section, table.row = read.given.section, read.given.row
    return Reading(table, read.draft)


def _floor(read: Reading) -> GroupFloor | None:
    given = read.given
    penalty = read.number("penalty") if given.has("penalty") else Decimal(str(DEFAULT_PENALTY))
    where = read.rule("where", "needs") if given.has("where") else None
    share = read.number("share") if given.has("share") else None
    least = given.optional_integer("least", 0, 10_000_000)
    group = _group(given)
    institution = given.text("institution") or None
    if (given.has("where") and where is None) or (given.has("group") and group is None):
        return None
    try:
        return GroupFloor(
            where=where,
            group=group,
            institution_id=institution,
            share=share,
            least=least,
            penalty=float(penalty),
        )
    except InputError as error:
        for fault in error.faults:
            given.refuse(fault.field, fault.message, fault.value, fault.expected)
    return None


def _group(given: TomlTable) -> tuple[str, str] | None:
    """Read a group of a way to divide needs, as in ``["size", "micro"]``."""
    found = given.raw("group")
    if found is None:
        return None
    if isinstance(found, list) and len(found) == 2 and found[0] in DIMENSIONS:
        return str(found[0]), str(found[1])
    ways = ", ".join(DIMENSIONS)
    expected = Text(f"[维度, 组]，维度为 {ways}", f"[way to divide, group], of {ways}")
    given.refuse("group", UNUSABLE, found, expected)
    return None


def floors_json(floors: tuple[GroupFloor, ...]) -> list[dict[str, Any]]:
    """Return floors so that `read_floors` reads them back."""
    rows = []
    for floor in floors:
        row: dict[str, Any] = {"penalty": str(Decimal(str(floor.penalty)))}
        if floor.where is not None:
            row["where"] = unparse(floor.where)
        if floor.group is not None:
            row["group"] = list(floor.group)
        if floor.institution_id is not None:
            row["institution"] = floor.institution_id
        if floor.share is not None:
            row["share"] = f"{floor.share:f}"
        if floor.least is not None:
            row["least"] = floor.least
        rows.append(row)
    return rows


# --- what puts things back --------------------------------------------------------------------


def read_restore(read: Reading) -> Change | None:
    """Read records that are put back, each with its table and its id."""
    entries = []
    if not read.given.has("entries"):
        read.given.refuse("entries", MISSING)
    for row in read.given.rows("entries"):
        row.section, row.row = read.given.section, read.given.row
        table = table_named(row.text("table", required=True))
        identity = row.text("id", required=True)
        if table is None:
            row.refuse("table", UNUSABLE, row.raw("table"))
            continue
        record = read_record(row, "record", table) if row.raw("record") is not None else None
        entries.append((table.name, identity, record))
        row.close()
    return RestoreRecords(label=read.label, entries=tuple(entries))


def restore_json(change: RestoreRecords) -> list[dict[str, Any]]:
    """Return entries so that `read_restore` reads them back."""
    return [
        {"table": table, "id": identity, "record": None if r is None else write_record(r)}
        for table, identity, r in change.entries
    ]


def read_restore_aims(read: Reading) -> Change:
    """Read day, weights, fixings and floors that are put back."""
    given, label = read.given, read.label
    pins, bans = given.pairs("pins"), given.pairs("bans")
    has_fixings = given.has("pins") or given.has("bans")
    floors = None
    if given.has("floors"):
        tables = given.rows("floors")
        floors = tuple(f for f in (_floor(_under(read, t)) for t in tables) if f is not None)
    return RestoreAims(
        label=label,
        as_of=given.day("as_of"),
        weights=_weights(given) if given.has("weights") else None,
        fixings=Fixings(frozenset(pins), frozenset(bans)) if has_fixings else None,
        floors=floors,
        fair=given.text("fair") or None,
    )


def restore_aims_json(change: RestoreAims) -> dict[str, Any]:
    """Return what is put back so that `read_restore_aims` reads it."""
    found: dict[str, Any] = {}
    if change.as_of is not None:
        found["as_of"] = change.as_of.isoformat()
    if change.weights is not None:
        found["weights"] = weights_json(change.weights)
    if change.fixings is not None:
        found["pins"] = sorted(map(list, change.fixings.pins))
        found["bans"] = sorted(map(list, change.fixings.bans))
    if change.floors is not None:
        found["floors"] = floors_json(change.floors)
    if change.fair is not None:
        found["fair"] = change.fair
    return found


def weights_json(weights: Weights) -> dict[str, Any]:
    """Return weights as JSON values."""
    return {
        "version": weights.version,
        "groups": dict(weights.groups),
        "features": dict(weights.features),
        "cost_ceiling": str(weights.cost_ceiling),
        "slow_workdays": weights.slow_workdays,
        "calm_workdays": weights.calm_workdays,
        "standing": dict(weights.standing),
        "sha256": weights.sha256,
    }


def _weights(given: TomlTable) -> Weights | None:
    found = given.raw("weights")
    try:
        if not isinstance(found, Mapping):
            raise TypeError("no table")
        return Weights(
            str(found["version"]),
            _numbers(found["groups"]),
            _numbers(found["features"]),
            Decimal(str(found["cost_ceiling"])),
            int(found["slow_workdays"]),
            int(found["calm_workdays"]),
            _numbers(found["standing"]),
            str(found["sha256"]),
        )
    except (KeyError, TypeError, ValueError, ArithmeticError, AttributeError) as error:
        expected = Text("写出的权重原样", "weights as they were written")
        given.refuse("weights", UNUSABLE, str(error), expected)
    return None


def _numbers(found: Mapping[str, object]) -> Mapping[str, float]:
    return MappingProxyType({name: float(decimal_of(value)) for name, value in found.items()})
