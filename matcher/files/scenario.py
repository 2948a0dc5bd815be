"""Scenarios as TOML or JSON: read with every fault, written in one canonical form, hashed.

::

    name = "资金池扩容"

    [[changes]]
    kind = "set"                      # one of `matcher.whatif.changes.CHANGES`
    name = "增至一亿"                  # what faults and tables call it; may be left out
    table = "pools"
    id = "pool-1"                     # an id, a name, a list; or where, or all = true
    values = { capacity = "1亿" }     # as in the files of a market
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from importlib.resources import files
from itertools import takewhile
from pathlib import Path
from typing import Any

from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Text
from matcher.files.atomic import write_whole
from matcher.files.pretty_json import pretty_json
from matcher.files.scenario_aims import read_fair, read_floors, read_restore, read_restore_aims
from matcher.files.scenario_changes import READERS, Reading
from matcher.files.scenario_writing import change_json
from matcher.files.toml_table import MISSING, UNUSABLE, TomlTable
from matcher.whatif.changes import CHANGES, Change, RestoreAims, RestoreRecords, SetFair, SetFloors
from matcher.whatif.draft import Draft
from matcher.whatif.scenario import Scenario, make_all
from matcher.whatif.setting import Setting

Json = dict[str, Any]
_READERS: dict[str, Callable[[Reading], Change | None]] = {
    **READERS,
    SetFloors.kind: read_floors,
    SetFair.kind: read_fair,
    RestoreRecords.kind: read_restore,
    RestoreAims.kind: read_restore_aims,
}


def read_scenario(path: Path, setting: Setting) -> Scenario:
    """Read a scenario file, ``*.toml`` or ``*.json``.

    Parameters
    ----------
    setting
        What it is about: the unit in which a capacity is written is that of its pool.

    Raises
    ------
    InputError
        With every fault of the file, each naming the change by its number and name.
    """
    try:
        content = path.read_bytes()
        text = content.decode("utf-8-sig")
    except (OSError, ValueError) as error:
        message = Text("无法读取情景文件", "cannot read the scenario")
        raise InputError([Fault(message, file=path.name, value=str(error))]) from None
    is_json = path.suffix.lower() == ".json"
    try:
        data = (
            json.loads(text, parse_float=Decimal)
            if is_json
            else tomllib.loads(text, parse_float=Decimal)
        )
    except (ValueError, RecursionError, ArithmeticError) as error:
        name = "JSON" if is_json else "TOML"
        message = Text("不是有效的 {n}：{e}", "is not {n}: {e}").format(n=name, e=str(error))
        raise InputError([Fault(message, file=path.name)]) from None
    return scenario_from(data, setting, path.name)


def scenario_from(data: object, setting: Setting, file: str | None = None) -> Scenario:
    """Read a parsed scenario; see `read_scenario`."""
    faults: list[Fault] = []
    if not isinstance(data, Mapping):
        faults.append(Fault(UNUSABLE, value=type(data).__name__, expected=_AN_OBJECT))
        raise InputError(f.at(file=file) for f in faults)
    top = TomlTable(data, faults)
    name = top.text("name")
    top.raw("sha256")  # written for people; it is computed anew
    draft = Draft.of(setting)
    if not top.has("changes"):
        top.refuse("changes", MISSING, expected=_CHANGES)
    changes = [_change(table, draft) for table in top.rows("changes")]
    top.close()
    if faults:
        # What follows a change that cannot be read may rest on it, and is not judged.
        sound = takewhile(lambda change: change is not None, changes)
        faults[:0] = make_all((c for c in sound if c is not None), Draft.of(setting))
        raise InputError(f.at(file=file) for f in faults)
    return Scenario(name or (file or ""), tuple(c for c in changes if c is not None))


_AN_OBJECT = Text("一个对象，键为 name 与 changes", "an object with the keys name and changes")
_CHANGES = Text("[[changes]] 列表", "a list of tables [[changes]]")


def _change(table: TomlTable, draft: Draft) -> Change | None:
    number = table.row
    kind = table.text("kind", required=True)
    table.section = table.text("name") or kind or "changes"
    if not kind:
        return None
    if kind not in _READERS:
        table.refuse("kind", UNUSABLE, kind, Text.same(", ".join(CHANGES)))
        return None
    assert number is not None
    change = _READERS[kind](Reading(table, draft))
    if change is not None:  # else not every field was asked for
        table.close()
    return change


# --- writing ----------------------------------------------------------------------------------


def scenario_document(scenario: Scenario) -> Json:
    """Return a scenario as JSON values that `scenario_from` reads back as an equal one."""
    return {
        "name": scenario.name,
        "sha256": scenario_sha256(scenario),
        "changes": [change_json(change) for change in scenario.changes],
    }


def scenario_sha256(scenario: Scenario) -> str:
    """Return the hash of what a scenario does, whatever it and its changes are called."""
    changes = [change_json(replace(change, label="")) for change in scenario.changes]
    canonical = json.dumps(
        changes, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def write_scenario(path: Path, scenario: Scenario) -> None:
    """Write a scenario as JSON, whole or not at all.

    Raises
    ------
    InputError
        If the place cannot be written to.
    """
    write_whole(path, (pretty_json(scenario_document(scenario)) + "\n").encode())


def write_scenario_example(path: Path) -> None:
    """Write a commented example with a change of every kind, in TOML.

    Raises
    ------
    InputError
        If the place cannot be written to.
    """
    write_whole(path, files("matcher.files").joinpath("scenario_example.toml").read_bytes())
